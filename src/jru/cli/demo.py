"""`jru demo`: a simulated night with two control rooms and their joint crews."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import threading
import webbrowser
from contextlib import ExitStack
from datetime import date, time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from jru.config import Settings
from jru.errors import InvalidInput

from .options import CONFIG, settings_of

if TYPE_CHECKING:
    from jru.demo.show import Programme, Show
    from jru.services.past_records import PastRecord

DEFAULT_DATE = "2019-08-16"
LIVE_SPEED = 30.0
BUSY_AT = "22:30"

DAY = Annotated[str, typer.Option("--date", help="The day on which the night begins, such as 2019-08-16.")]
SPEED = Annotated[
    float | None,
    typer.Option(
        "--speed",
        min=0,
        max=600,
        help="Seconds of the night per second; 0: as fast as it goes. 30, or 0 with --headless, when absent.",
    ),
]
SEED = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same night.")]
HEADLESS = Annotated[
    bool, typer.Option("--headless", help="No server and no browser; print the summary as JSON.")
]
FROM = Annotated[str, typer.Option("--from", help="When the first calls come, local time.")]
UNTIL = Annotated[str, typer.Option("--until", help="When the last calls come, local time.")]
START_AT = Annotated[
    str | None,
    typer.Option(
        "--start-at", help=f"Pass quickly to this local time; {BUSY_AT} when absent, but not with --headless."
    ),
]
FROM_RECORDS = Annotated[
    bool,
    typer.Option("--from-records", help="Draw places and types from records that `jru import` has taken."),
]
DATA = Annotated[
    Path | None,
    typer.Option("--data", help="A fresh directory to keep the night in; a temporary one when absent."),
]
PORT = Annotated[
    int | None, typer.Option("--port", min=0, max=65535, help="Port of the server; 8080 when absent.")
]
HOST = Annotated[str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 when absent.")]
NO_OPEN = Annotated[bool, typer.Option("--no-open", help="Open no browser.")]


def demo(
    day: DAY = DEFAULT_DATE,
    speed: SPEED = None,
    seed: SEED = 1,
    headless: HEADLESS = False,
    begins: FROM = "18:00",
    until: UNTIL = "02:00",
    start_at: START_AT = None,
    from_records: FROM_RECORDS = False,
    data: DATA = None,
    host: HOST = None,
    port: PORT = None,
    no_open: NO_OPEN = False,
    config: CONFIG = None,
) -> None:
    """Play a synthetic night: two control rooms and joint crews, all through the public interface."""
    from jru.demo.show import Programme, Show

    if speed is None:
        speed = 0.0 if headless else LIVE_SPEED
    if start_at is None and not headless and speed:
        start_at = BUSY_AT
    programme = Programme(
        day=_day(day),
        seed=seed,
        begins=_clock(begins, "--from"),
        ends=_clock(until, "--until"),
        speed=speed,
        start_at=_clock(start_at, "--start-at") if start_at else None,
    )
    settings = settings_of(config, host=host, port=port)
    with ExitStack() as stack:
        directory = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jru-demo-")))
        records = _records(settings, directory) if from_records else None
        show = Show(programme, Settings(data=directory, host=settings.host, port=settings.port), records)
        stack.callback(show.close)
        if headless:
            typer.echo(json.dumps(show.play(), indent=2, ensure_ascii=False))
        elif speed == 0:
            _tell(show)
        else:
            _perform(show, programme, settings, browser=not no_open)


def _tell(show: Show) -> None:
    from jru.demo.summary import in_words

    typer.echo(in_words(show.play()))


def _perform(show: Show, programme: Programme, settings: Settings, *, browser: bool) -> None:
    from jru.demo.summary import in_words

    if show.live_from > show.plan.start:
        typer.echo(f"Passing quickly to {programme.start_at:%H:%M} ...")
        show.run_up()
    stop = threading.Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}

    def ready(url: str) -> None:
        typer.echo(
            f"SYNTHETIC night of {programme.day:%A %d %B %Y}, {programme.speed:g} times as fast: {url}"
        )
        typer.echo("Choose a role there; what you do first takes it over. Ctrl-C ends the night.")
        if browser and _has_screen():
            webbrowser.open(url)

    def over() -> None:
        typer.echo("The last job is done. The server stays up until Ctrl-C.")

    try:
        show.perform(settings.host, settings.port, ready, over, stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    typer.echo(in_words(show.summary()))


def _has_screen() -> bool:
    """Tell whether a browser window can appear; without one a text browser would take the terminal."""
    windowed = (
        sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return bool(windowed)


def _records(settings: Settings, directory: Path) -> list[PastRecord]:
    """Return the imported records: those in the demonstration's own directory, else those of the settings."""
    from jru.bootstrap import DATABASE_FILE, PAYLOAD_STORES, database_url
    from jru.store.opening import open_for_reading
    from jru.store.past_records import PastRecordsReader

    for place in (Settings(data=directory), settings):
        if not place.database_url and not (place.data / DATABASE_FILE).exists():
            continue
        store = open_for_reading(database_url(place), place.data, PAYLOAD_STORES)
        try:
            found = list(PastRecordsReader(store.engine).records())
        finally:
            store.close()
        if found:
            return found
    raise InvalidInput(
        "demo.no_records",
        f"There are no imported records in {settings.data}.",
        "Import some first: jru import police-uk FILE...",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("demo.date", f"{text!r} is no date.", "Write it like 2019-08-16.") from None


def _clock(text: str, flag: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            "demo.time", f"{flag} {text!r} is no time of day.", "Write it like 22:30."
        ) from None
    if found.tzinfo is not None:
        raise InvalidInput("demo.time", f"{flag} {text!r} has a time zone.", "Write local time, like 22:30.")
    return found

"""`jru exercise`: a place of its own in which rooms and crews practise scripted incidents."""

from __future__ import annotations

import json
import logging
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import CONFIG, settings_of

if TYPE_CHECKING:
    from jru.config import Settings

DATA = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Directory for exercises alone, new or empty at first; jru-exercises when absent."
    ),
]
PORT = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port; 8080 when absent.")]
HOST = Annotated[str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 when absent.")]
LISTED = Annotated[bool, typer.Option("--list", help="Print the scripts of the scheme and start nothing.")]
PLAY = Annotated[
    str | None,
    typer.Option(
        "--play",
        metavar="SCRIPT",
        help="Let the machine play every part of one script as fast as it goes; print the debrief as JSON.",
    ),
]
SEED = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same exercise.")]
DEFAULT_DATA = Path("jru-exercises")


def exercise(
    data: DATA = None,
    host: HOST = None,
    port: PORT = None,
    listed: LISTED = False,
    play: PLAY = None,
    seed: SEED = 1,
    config: CONFIG = None,
) -> None:
    """Practise scripted incidents apart from all live records, and look afterwards at who saw what when."""
    if listed:
        _list()
    elif play is not None:
        _play(data, play, seed)
    else:
        _serve(settings_of(config, data=data or DEFAULT_DATA, host=host, port=port), seed)


def _list() -> None:
    from jru.blueprints import embedded_blueprint
    from jru.domain.blueprint_parsing import parse_blueprint

    for script in parse_blueprint(embedded_blueprint()).exercises.values():
        typer.echo(f"{script.exercise_id:<20} {script.minutes:>3} min  {script.title}")


def _play(data: Path | None, exercise_id: str, seed: int) -> None:
    from jru.demo.exercise.rehearsal import rehearse

    with tempfile.TemporaryDirectory(prefix="jru-exercise-") as spare:
        found = rehearse(data or Path(spare) / "exercise", exercise_id, seed)
    typer.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _serve(settings: Settings, seed: int) -> None:
    from jru.clock import SystemRandom
    from jru.demo.exercise.space import Space
    from jru.web.hall import create_hall
    from jru.web.server import run_server

    random = SystemRandom()
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the machine's own requests are no news
    # Exercises keep their logs in their own directory, whatever database live data has.
    space = Space(replace(settings, database_url=""), seed, random)

    def ready(url: str) -> None:
        space.address = url
        typer.echo(f"SYNTHETIC EXERCISE: {url}/exercise")
        typer.echo("Choose a script and who plays there. Ctrl-C ends the space; debriefs are kept.")

    try:
        hall = create_hall(space, space.indoors, settings, random)
        run_server(hall, settings.host, settings.port, ready=ready)
    finally:
        space.close()

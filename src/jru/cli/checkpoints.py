"""`jru log checkpoint` and `jru log witness`: two services look at each other's logs without seeing their content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jru.clock import SystemClock, SystemRandom
from jru.domain.codec import to_us
from jru.errors import InvalidInput

from .log import open_for_reading
from .options import CONFIG, DATA, settings_of

if TYPE_CHECKING:
    from jru.store.witnessing import Checkpoint

_OUT = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to this file; else print.")]


def checkpoint(
    data: DATA = None,
    since: Annotated[
        Path | None,
        typer.Option("--since", metavar="FILE", help="The checkpoint that the other service witnessed last."),
    ] = None,
    out: _OUT = None,
    config: CONFIG = None,
) -> None:
    """Sign where both chains end, for the other service to witness; the server may be running."""
    from jru.store.checkpoints import signing_key
    from jru.store.witnessing import as_text, take_checkpoint

    settings = settings_of(config, data=data)
    store = open_for_reading(settings)
    try:
        key = signing_key(settings.data, SystemRandom())
        before = _read(since) if since else None
        taken = take_checkpoint(store, key, to_us(SystemClock().now()), before)
    finally:
        store.close()
    _give(as_text(taken), out)
    typer.echo(_sentence("signed", taken), err=True)


def witness(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A checkpoint of the other service's log.")],
    data: DATA = None,
    out: _OUT = None,
    config: CONFIG = None,
) -> None:
    """Check that a checkpoint goes on from the last one seen here, keep it and sign it; exit with 1 if it does not."""
    from jru.store.checkpoints import signing_key
    from jru.store.witnessing import as_text
    from jru.store.witnessing import witness as look

    settings = settings_of(config, data=data)
    key = signing_key(settings.data, SystemRandom())
    witnessed = look(settings.data, key, _read(file), to_us(SystemClock().now()))
    _give(as_text(witnessed), out)
    typer.echo(_sentence("witnessed", witnessed), err=True)


def _read(path: Path) -> Checkpoint:
    from jru.store.witnessing import MOST_BYTES, parse

    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInput("checkpoint.too_large", f"{path} is larger than any checkpoint.")
        return parse(path.read_bytes())
    except OSError as error:
        raise InvalidInput("checkpoint.unreadable", f"{path} cannot be read: {error.strerror}.") from error


def _give(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text + "\n")
    except OSError as error:
        raise InvalidInput("checkpoint.out", f"{out} cannot be written: {error.strerror}.") from error


def _sentence(done: str, taken: Checkpoint) -> str:
    from jru.store.witnessing import key_names

    (events, _), (accesses, _) = taken.ends
    return f"{done}: {taken.origin} ends at event {events} and access {accesses} (keys {', '.join(key_names(taken))})"

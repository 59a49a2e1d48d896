"""`jru log`, `jru rebuild` and `jru db`: the event log, checked, shown and made anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from jru.clock import SystemClock, SystemRandom
from jru.domain.codec import from_us
from jru.domain.event_types import EVENT_TYPES
from jru.domain.events import read_event

from .options import CONFIG, DATA, settings_of

if TYPE_CHECKING:
    from jru.config import Settings
    from jru.services.ports import StoredEvent
    from jru.store.opening import ReadStore
    from jru.store.verify import Verification

app = typer.Typer(no_args_is_help=True, help="Check and show the event log.")
db_app = typer.Typer(no_args_is_help=True, help="Look after the database.")

_PAGE = 500
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")]


@app.callback()
def group() -> None:
    """Check and show the event log."""


@db_app.callback()
def db_group() -> None:
    """Look after the database."""


@app.command()
def verify(data: DATA = None, as_json: _JSON = False, config: CONFIG = None) -> None:
    """Check every event, access, link, payload and signed head; exit with 1 when anything is not as it was written."""
    from jru.store.verify import verify as check

    store = open_for_reading(settings_of(config, data=data))
    try:
        result = check(store)
    finally:
        store.close()
    if as_json:
        typer.echo(json.dumps(_as_fields(result)))
    else:
        for line in _report(result):
            typer.echo(line)
    if not result.intact:
        raise typer.Exit(1)


@app.command()
def show(
    data: DATA = None,
    stream: Annotated[str | None, typer.Option(help="Only this stream, such as unt_...")] = None,
    after: Annotated[int, typer.Option(min=0, help="Only events with a greater number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="At most so many events.")] = 100,
    config: CONFIG = None,
) -> None:
    """Print events as sentences; personal content is never shown."""
    store = open_for_reading(settings_of(config, data=data))
    try:
        zone = _zone(store)
        for event in _events(store, stream, after, limit):
            typer.echo(_line(event, zone))
    finally:
        store.close()


def rebuild(
    data: DATA = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only compare; exit with 1 when they differ.")
    ] = False,
    config: CONFIG = None,
) -> None:
    """Make the read tables anew from the log; the server must not be running on the data."""
    from jru.bootstrap import PAYLOAD_STORES, database_url
    from jru.services.projection import LogProjector
    from jru.store.opening import open_store
    from jru.store.rebuild import read_tables, replay
    from jru.store.rebuild import rebuild as rebuild_tables

    settings = settings_of(config, data=data)
    open_for_reading(settings).close()
    store = open_store(database_url(settings), settings.data, SystemClock(), SystemRandom(), PAYLOAD_STORES)
    try:
        if check:
            differences = replay(store.log, LogProjector()).differences(read_tables(store))
        else:
            differences = rebuild_tables(store, LogProjector())
        seq = store.log.head().seq
    finally:
        store.close()
    for difference in differences:
        typer.echo(difference)
    typer.echo(
        f"read tables {'compared with' if check else 'made from'} {seq} events: {len(differences)} rows differed"
    )
    if check and differences:
        raise typer.Exit(1)


@db_app.command()
def upgrade(data: DATA = None, config: CONFIG = None) -> None:
    """Bring the database to the schema of this version; make a backup first."""
    from jru.bootstrap import PAYLOAD_STORES, database_url
    from jru.store.opening import open_store
    from jru.store.upgrade import SCHEMA, found_schema

    settings = settings_of(config, data=data)
    url = database_url(settings)
    found = found_schema(url)
    open_store(url, settings.data, SystemClock(), SystemRandom(), PAYLOAD_STORES, auto_upgrade=True).close()
    if found == SCHEMA:
        typer.echo(f"schema {SCHEMA} is up to date")
    else:
        typer.echo(f"schema {SCHEMA} set up" if not found else f"schema {found} upgraded to {SCHEMA}")


def open_for_reading(settings: Settings) -> ReadStore:
    """Return the store of the settings, opened without the right to write."""
    from jru.bootstrap import PAYLOAD_STORES, database_url
    from jru.store.opening import open_for_reading as opened

    return opened(database_url(settings), settings.data, PAYLOAD_STORES)


def _events(store: ReadStore, stream: str | None, after: int, limit: int) -> Iterator[StoredEvent]:
    if stream is not None:
        yield from [event for event in store.log.stream(stream) if event.seq > after][:limit]
        return
    while limit > 0 and (page := store.log.read(after, min(limit, _PAGE))):
        yield from page
        after = page[-1].seq
        limit -= len(page)


def _zone(store: ReadStore) -> tzinfo:
    """Return the time zone of the scheme last adopted; UTC before the first, or when its text is gone."""
    from jru.domain.blueprint_parsing import parse_blueprint
    from jru.services.ports import EVERYTHING
    from jru.services.reading import part_content
    from jru.services.scheme import STREAM

    for event in reversed(store.log.stream(STREAM)):
        if event.kind == "BlueprintAdopted":
            said = part_content(dict(store.payloads), event, 0, EVERYTHING)
            return ZoneInfo(parse_blueprint(str(said["text"])).time_zone) if said else UTC
    return UTC


def _line(event: StoredEvent, zone: tzinfo) -> str:
    moment = from_us(event.at_us)
    return f"{event.seq:>7}  {moment:%Y-%m-%d %H:%M:%S}Z  {event.stream}  {_sentence(event, zone)}  [{event.actor}]"


def _sentence(event: StoredEvent, zone: tzinfo) -> str:
    """Return an event as a sentence of its codes; its parts are only counted."""
    known = EVENT_TYPES.get(event.kind)
    try:
        happened = read_event(event.kind, event.schema_version, event.data)
    except (KeyError, ValueError, TypeError):
        known = None
    sentence = event.kind
    if known:
        words = {f.name: _word(getattr(happened, f.name), zone) for f in fields(known.cls)}  # type: ignore[arg-type]
        sentence = known.sentence.format(**words)
    return f"{sentence} (+{len(event.parts)} kept apart)" if event.parts else sentence


def _word(value: object, zone: tzinfo) -> str:
    if isinstance(value, tuple):
        return ", ".join(_word(item, zone) for item in value) or "none"
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
    return "unknown" if value is None else str(value).replace("_", " ")


def _report(result: Verification) -> Iterator[str]:
    for finding in result.findings:
        yield f"{finding.chain} {finding.seq}: {finding.what}" if finding.seq else finding.what
    if result.more_findings:
        yield f"and {result.more_findings} more"
    yield f"{result.events} events, head {result.head.seq} {result.head.hash.hex()}"
    yield f"{result.accesses} accesses, head {result.access_head.seq} {result.access_head.hash.hex()}"
    yield f"payload parts: {result.parts_held} held and as written, {result.parts_erased} erased"
    if result.torn_records:
        yield f"{result.torn_records} unfinished lines in the head records (a process died while writing)"
    if result.signed is not None:
        moment = from_us(result.signed.at_us)
        yield (
            f"a cut end is excluded up to event {result.secured_seq} and access {result.secured_access_seq} "
            f"(signed {moment:%Y-%m-%d %H:%M:%S} UTC)"
        )
    else:
        yield "no signed head yet: a cut end cannot be excluded"
    yield (
        "chain: verified"
        if result.intact
        else "chain: BROKEN - keep this directory as evidence, restore a backup"
    )


def _as_fields(result: Verification) -> dict[str, object]:
    return {
        "chain": "verified" if result.intact else "broken",
        "events": result.events,
        "head_seq": result.head.seq,
        "head_hash": result.head.hash.hex(),
        "accesses": result.accesses,
        "access_head_seq": result.access_head.seq,
        "access_head_hash": result.access_head.hash.hex(),
        "secured_access_seq": result.secured_access_seq,
        "parts_held": result.parts_held,
        "parts_erased": result.parts_erased,
        "secured_seq": result.secured_seq,
        "torn_records": result.torn_records,
        "findings": [
            {"chain": finding.chain, "seq": finding.seq, "what": finding.what} for finding in result.findings
        ],
        "more_findings": result.more_findings,
    }

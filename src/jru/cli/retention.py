"""`jru retention`: what is due for erasure, and its erasure, while no server runs on the data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jru.clock import SystemClock
from jru.errors import InvalidInput

from .options import CONFIG, DATA, settings_of

if TYPE_CHECKING:
    from jru.config import Settings
    from jru.services.retention_ports import Erased
    from jru.services.retention_survey import Finding

app = typer.Typer(no_args_is_help=True, help="Erase what has been kept long enough.")

_STATES = {
    "due": "due",
    "erased": "erased",
    "held": "held by a legal hold",
    "to_review": "waits for a review",
    "queued": "asked for, waits until the incident is closed",
}


@app.callback()
def group() -> None:
    """Erase what has been kept long enough."""


@app.command()
def run(
    data: DATA = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what is due; nothing changes, a server may run.")
    ] = False,
    at: Annotated[
        datetime | None,
        typer.Option("--at", help="With --dry-run: what will be due then (UTC).", formats=["%Y-%m-%d"]),
    ] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="After a restore: erase again what the register names.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")] = False,
    config: CONFIG = None,
) -> None:
    """Erase what is due by the clauses of the blueprint and say what went and why; the server must not be running."""
    settings = settings_of(config, data=data)
    if at is not None and not dry_run:
        raise InvalidInput("retention.at", "only a dry run looks ahead", "add --dry-run, or leave --at out")
    if dry_run and replay:
        raise InvalidInput("retention.replay", "a replay has no dry run", "choose one of the two")
    if replay:
        lines = _replayed(settings)
        _tell(as_json, {"replayed": [_as_fields(line) for line in lines]}, _replay_report(lines))
        return
    moment = at.replace(tzinfo=UTC) if at else None
    rows, copies_gone = (_looked(settings, moment), True) if dry_run else _erased(settings)
    told = {"dry_run": dry_run, "findings": rows, "totals": _totals(rows), "copies_gone": copies_gone}
    _tell(as_json, told, _report(rows, copies_gone=copies_gone))


def _looked(settings: Settings, moment: datetime | None) -> list[dict[str, Any]]:
    from jru.bootstrap import PAYLOAD_STORES, database_url, opened_board
    from jru.services.retention import finding_row
    from jru.services.retention_survey import Survey
    from jru.store.opening import open_for_reading

    store = open_for_reading(database_url(settings), settings.data, PAYLOAD_STORES)
    try:
        now = moment or SystemClock().now()
        scheme = opened_board(store, SystemClock().now()).scheme
        clauses = scheme.at(now).retention if scheme.adopted else ()
        return [finding_row(one) for one in Survey(store.log, store.holdings, clauses, now).findings()]
    finally:
        store.close()


def _erased(settings: Settings) -> tuple[list[dict[str, Any]], bool]:
    """Erase what is due; return every finding as a row, and whether no copy is left in the files."""
    from jru.bootstrap import build
    from jru.services.retention import finding_row
    from jru.store.erasure import leave_no_copy

    _check_there(settings)
    system = build(settings)
    try:
        found = system.services.retention.survey(system.clock.now()).findings()
        gone: list[Finding] = system.services.eraser.erase(found)
        rows = [{**finding_row(one), "state": "erased"} if one in gone else finding_row(one) for one in found]
        return rows, leave_no_copy(system.store)
    finally:
        system.close()


def _replayed(settings: Settings) -> Sequence[Erased]:
    from jru.bootstrap import build
    from jru.store.erasure import leave_no_copy

    _check_there(settings)
    system = build(settings)
    try:
        lines = system.services.eraser.replay()
        leave_no_copy(system.store)
        return lines
    finally:
        system.close()


def _check_there(settings: Settings) -> None:
    """Raise NotFound rather than make a new database."""
    from jru.bootstrap import PAYLOAD_STORES, database_url
    from jru.store.opening import open_for_reading

    open_for_reading(database_url(settings), settings.data, PAYLOAD_STORES).close()


def _tell(as_json: bool, told: dict[str, Any], lines: Iterator[str]) -> None:
    if as_json:
        typer.echo(json.dumps(told))
        return
    for line in lines:
        typer.echo(line)


def _report(rows: Sequence[dict[str, Any]], *, copies_gone: bool) -> Iterator[str]:
    for row in rows:
        since = f", due {row['due_at'][:10]}" if row["due_at"] else ""
        yield (
            f"{_STATES[row['state']]}: {row['agency']} {row['matter']} {row['number'] or row['record_id']}: "
            f"{_what(row)} under {row['clause']}{since}. {row['words']}"
        )
    totals = _totals(rows)
    yield "; ".join(f"{_STATES[state]}: {count} parts" for state, count in totals["parts"].items()) or (
        "nothing is due and nothing waits"
    )
    if not copies_gone:
        yield "a reader keeps the write-ahead log: what was erased leaves it when that reader ends"


def _what(row: dict[str, Any]) -> str:
    labels = ", ".join(f"{count} {label}" for label, count in row["labels"].items())
    pieces = [f"{row['parts']} parts ({labels})"] if row["parts"] else []
    pieces += ["1 track of positions"] if row["tracks"] else []
    pieces += [f"{row['messages']} messages"] if row["messages"] else []
    return ", ".join(pieces)


def _totals(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, int]]:
    totals: dict[str, Counter[str]] = {"parts": Counter(), "tracks": Counter(), "messages": Counter()}
    for row in rows:
        for kind, counter in totals.items():
            counter[row["state"]] += row[kind]
    return {kind: dict(sorted(counter.items())) for kind, counter in totals.items()}


def _replay_report(lines: Sequence[Erased]) -> Iterator[str]:
    for line in lines:
        yield f"erased again: {line.agency}: {len(line.parts)} parts under {line.clause}. {line.words}"
    yield f"{sum(len(line.parts) for line in lines)} parts of {len(lines)} erasures erased again"


def _as_fields(line: Erased) -> dict[str, Any]:
    return {
        "erasure_id": line.erasure_id,
        "agency": line.agency,
        "clause": line.clause,
        "words": line.words,
        "parts": len(line.parts),
        "tracks": len(line.tracks),
        "messages": len(line.messages),
    }

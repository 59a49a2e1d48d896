"""`jru access`: who may see what, and why."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from jru.clock import SystemClock
from jru.domain.agency import Agency, Role
from jru.errors import InvalidInput

from .options import CONFIG, DATA, settings_of

if TYPE_CHECKING:
    from jru.services.access import Relation, Viewer
    from jru.services.board import Board

app = typer.Typer(no_args_is_help=True, help="Who may see what, and why.")
_JSON = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.callback()
def group() -> None:
    """Who may see what, and why."""


@app.command()
def matrix(as_json: _JSON = False) -> None:
    """Print the table of roles and labels, as the program applies it."""
    from jru.services.explaining import matrix as rows_of

    head, *rows = rows_of()
    if as_json:
        typer.echo(json.dumps([dict(zip(head, row, strict=True)) for row in rows], indent=2))
        return
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    for row in (head, *rows):
        line = "  ".join((cell or "-").ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo(line.rstrip())


@app.command()
def explain(
    user: Annotated[
        str, typer.Argument(help="ROLE or ROLE@SERVICE; for a crew role, ROLE/CALLSIGN of its unit on duty.")
    ],
    record: Annotated[str, typer.Argument(help="The id of an incident (inc_...) or a unit (unt_...).")],
    data: DATA = None,
    config: CONFIG = None,
    as_json: _JSON = False,
) -> None:
    """Say for one person and one record which rule allows or denies it, field by field. Shows no content."""
    from jru.bootstrap import PAYLOAD_STORES, database_url, opened_board
    from jru.services.explaining import explain as reasons_of
    from jru.services.records import default_gate
    from jru.store.opening import open_for_reading

    settings = settings_of(config, data=data)
    store = open_for_reading(database_url(settings), settings.data, PAYLOAD_STORES)
    try:
        board = opened_board(store, SystemClock().now())
        viewer = _viewer(user, board)
        reasons = reasons_of(default_gate(), viewer, *_record(record, board))
    finally:
        store.close()
    if as_json:
        typer.echo(json.dumps([asdict(reason) for reason in reasons], indent=2))
    else:
        for reason in reasons:
            what = f"{reason.field} ({reason.label})" if reason.field else record
            typer.echo(f"{'yes' if reason.allowed else 'no ':3}  {what}: {reason.rule}")
    if not reasons[0].allowed:
        raise typer.Exit(1)


def _viewer(user: str, board: Board) -> Viewer:
    from jru.services.access import Viewer
    from jru.services.grants import RIGHTS, role_words

    before, _, call_sign = user.partition("/")
    name, _, service = before.partition("@")
    if name not in RIGHTS:
        raise InvalidInput("user", f"there is no role {name!r}", f"choose one of {', '.join(RIGHTS)}")
    role = Role(name)
    of = RIGHTS[role].agency
    if of is None and service not in {a.value for a in Agency}:
        raise InvalidInput("user", f"both services have a {role_words(role).lower()}", f"say {name}@police")
    if of is not None and service not in ("", of.value):
        raise InvalidInput("user", f"the role {name} belongs to the {of} service")
    aboard = [u.state.unit_id for u in board.open_units() if u.state.call_sign == call_sign]
    if call_sign and not aboard:
        raise InvalidInput("user", f"no unit is on duty as {call_sign}")
    return Viewer(
        f"role:{name}", role_words(role), of or Agency(service), role, aboard[0] if aboard else None
    )


def _record(record: str, board: Board) -> tuple[type, Relation]:
    from jru.errors import NotFound
    from jru.services.access import Relation
    from jru.services.records import IncidentRecord, UnitRecord

    if record.startswith("unt_"):
        aboard = board.fetch_unit(record)
        if aboard is not None:
            return UnitRecord, Relation.of_unit(record, is_open=aboard.state.open)
    joint = board.joint(record)
    if joint is None:
        raise NotFound("record", f"there is no record {record}", "give the id of an incident or a unit")
    return IncidentRecord, board.relation(joint)

"""`jru access`: who may see what, and why."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from jru.clock import SystemClock
from jru.domain.agency import Agency, Role
from jru.errors import InvalidInput, NotFound

from .options import CONFIG, DATA, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jru.services.access import Viewer
    from jru.services.board import Board
    from jru.services.explaining import Reason
    from jru.services.ports import EventLog
    from jru.store.accounts import KnownAccounts

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
        str,
        typer.Argument(
            help="The name of an account, or ROLE or ROLE@SERVICE; for a crew, /CALLSIGN of its unit on duty."
        ),
    ],
    record: Annotated[
        str,
        typer.Argument(
            help="The id of an incident (inc_...), a record of one (rec_...) or a unit (unt_...)."
        ),
    ],
    data: DATA = None,
    config: CONFIG = None,
    as_json: _JSON = False,
) -> None:
    """Say for one person and one record which rule allows or denies it, field by field. Shows no content."""
    from jru.bootstrap import PAYLOAD_STORES, database_url, opened_board
    from jru.store.accounts import KnownAccounts
    from jru.store.opening import open_for_reading

    settings = settings_of(config, data=data)
    store = open_for_reading(database_url(settings), settings.data, PAYLOAD_STORES)
    try:
        board = opened_board(store, SystemClock().now())
        reasons_for = _asked(record, board, store.log)
        reasons = [
            (viewer, reason)
            for viewer in _viewers(user, board, KnownAccounts(store.engine))
            for reason in reasons_for(viewer)
        ]
    finally:
        store.close()
    if as_json:
        rows = [{"role": v.role, "agency": v.agency, **asdict(reason)} for v, reason in reasons]
        typer.echo(json.dumps(rows, indent=2))
    else:
        for viewer, reason in reasons:
            what = f"{reason.field} ({reason.label})" if reason.field else f"{record} as {viewer.role}"
            typer.echo(f"{'yes' if reason.allowed else 'no ':3}  {what}: {reason.rule}")
    if not any(reason.allowed for _, reason in reasons):
        raise typer.Exit(1)


def _viewers(user: str, board: Board, accounts: KnownAccounts) -> list[Viewer]:
    """Return the person in each of the jobs that they may sign in for, or somebody in a role."""
    from jru.services.access import Viewer
    from jru.services.grants import RIGHTS

    before, _, call_sign = user.partition("/")
    unit_id = _on_duty(call_sign, board) if call_sign else None
    account = accounts.named(before)
    if account is None:
        return [_somebody(before, unit_id)]
    if account.disabled_at is not None:
        raise InvalidInput("user", f"the account {account.name} is disabled: it may see nothing")
    jobs = [job for job in account.employments if job.role in RIGHTS]
    return [
        Viewer(
            account.account_id, account.full_name, job.agency, job.role, unit_id if job.role.is_crew else None
        )
        for job in jobs
    ]


def _on_duty(call_sign: str, board: Board) -> str:
    for aboard in board.open_units():
        if aboard.state.call_sign == call_sign:
            return aboard.state.unit_id
    raise InvalidInput("user", f"no unit is on duty as {call_sign}")


def _somebody(user: str, unit_id: str | None) -> Viewer:
    from jru.services.access import Viewer
    from jru.services.grants import RIGHTS, role_words

    name, _, service = user.partition("@")
    if name not in RIGHTS:
        known = ", ".join(RIGHTS)
        raise InvalidInput("user", f"there is no account and no role {name!r}", f"the roles are {known}")
    role = Role(name)
    of = role.agency
    if of is None and service not in {a.value for a in Agency}:
        raise InvalidInput("user", f"both services have a {role_words(role).lower()}", f"say {name}@police")
    if of is not None and service not in ("", of.value):
        raise InvalidInput("user", f"the role {name} belongs to the {of} service")
    return Viewer(f"role:{name}", role_words(role), of or Agency(service), role, unit_id)


def _asked(record: str, board: Board, log: EventLog) -> Callable[[Viewer], list[Reason]]:
    """Return what tells a viewer's reasons for what an id names; raises NotFound."""
    from jru.services.access import Relation
    from jru.services.explaining import explain as reasons_of
    from jru.services.explaining import explain_kept, find_record
    from jru.services.record_view import relation_of
    from jru.services.records import IncidentRecord, UnitRecord, default_gate

    gate = default_gate()
    if record.startswith("unt_") and (aboard := board.fetch_unit(record)) is not None:
        relation = Relation.of_unit(record, is_open=aboard.state.open)
        return lambda viewer: reasons_of(gate, viewer, UnitRecord, relation)
    kept = find_record(log, record) if record.startswith("rec_") else None
    joint = board.joint(kept.incident_id if kept else record)
    if joint is None:
        raise NotFound(
            "record", f"there is no record {record}", "give the id of an incident, a record or a unit"
        )
    relation = board.relation(joint)
    if kept is not None:
        of_records = relation_of(relation, joint)
        return lambda viewer: explain_kept(gate, viewer, kept, of_records)
    return lambda viewer: reasons_of(gate, viewer, IncidentRecord, relation)

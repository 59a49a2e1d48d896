"""`jru audit`: who saw and did what with personal content, for one service."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from jru.domain.agency import Agency
from jru.services.audit_ports import AccessKind

from .log import open_for_reading
from .options import CONFIG, DATA, settings_of

app = typer.Typer(no_args_is_help=True, help="Who saw and did what with personal content.")
_DAY = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]


@app.callback()
def group() -> None:
    """Who saw and did what with personal content."""


@app.command("list")
def list_accesses(
    agency: Annotated[
        Agency, typer.Argument(help="Whose content: rows and labels of the other service are left out.")
    ],
    data: DATA = None,
    incident: Annotated[str | None, typer.Option(help="Only about this record.")] = None,
    person: Annotated[str | None, typer.Option(help="Only what this person did or was shown.")] = None,
    kind: Annotated[AccessKind | None, typer.Option(help="Only this kind of act.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=_DAY, help="From then on (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, help="Before then (UTC).")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many rows, the newest.")] = 50,
    after: Annotated[str | None, typer.Option(help="The cursor that the page before ended with.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")] = False,
    config: CONFIG = None,
) -> None:
    """Print accesses to one service's content, newest first; no content is shown. The server may be running."""
    from jru.services.audit_trail import Asked, page

    store = open_for_reading(settings_of(config, data=data))
    try:
        asked = Asked(incident, person, kind, _utc(since), _utc(until), after, limit)
        rows, cursor = page(store.access_log.find, agency, asked)
    finally:
        store.close()
    if as_json:
        typer.echo(json.dumps({"entries": rows, "next": cursor}))
        return
    for row in rows:
        typer.echo(_line(row))
    if cursor:
        typer.echo(f"more: --after {cursor}")


def _line(row: dict[str, object]) -> str:
    records, labels = (" ".join(map(str, _listed(row[name]))) for name in ("records", "labels"))
    to = ", ".join(map(str, _listed(row["recipients"])))
    who = f"{row['by']} ({row['role']}, {row['agency']})"
    line = f"{row['at']}  {row['kind']:<12}  {who}  {records}  [{labels}]  {row['justification']}"
    return f"{line}  to {to}" if to else line


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None

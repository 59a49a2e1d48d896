"""`jru token`: give a program or a person access in one role."""

from __future__ import annotations

from typing import Annotated

import typer

from jru.domain.agency import Agency, Role

from .options import CONFIG, DATA, settings_of

app = typer.Typer(no_args_is_help=True, help="Give access in one role.")


@app.callback()
def group() -> None:
    """Give access in one role."""


@app.command()
def new(
    role: Annotated[Role, typer.Argument(help="What the holder may do.")],
    agency: Annotated[Agency, typer.Argument(help="The service the holder works for.")],
    unit: Annotated[str | None, typer.Option(help="For crew roles: the call sign of their unit.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is good for.")] = 30,
    data: DATA = None,
    config: CONFIG = None,
) -> None:
    """Print a new bearer token, once; only its hash is kept. The server must not be running on the data."""
    from jru.bootstrap import build

    system = build(settings_of(config, data=data))
    try:
        typer.echo(system.services.issue_token(role, agency, unit, days))
    finally:
        system.close()

"""`jru accounts`: the first administrator, and accounts while the server is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jru.domain.agency import Agency, Employment, Role

from .options import CONFIG, DATA, settings_of

if TYPE_CHECKING:
    from jru.services.accounts import AccountBook, Invited

app = typer.Typer(
    no_args_is_help=True, help="People who may sign in. The server must not be running on the data."
)
NAME = Annotated[str, typer.Argument(help="The name that is typed to sign in.")]
FULL_NAME = Annotated[str, typer.Option("--full-name", help="The name that others see.")]


@app.command("create-admin")
def create_admin(
    agency: Annotated[Agency, typer.Argument(help="The service whose accounts the administrator keeps.")],
    name: NAME,
    full_name: FULL_NAME,
    data: DATA = None,
    config: CONFIG = None,
) -> None:
    """Make an administrator and print the one-time secret for the first sign-in; there is no default password."""
    with _accounts(data, config) as book:
        _tell(book.create(None, name, full_name, [Employment(agency, Role.SYSTEM_ADMINISTRATOR)]))


@app.command()
def create(
    name: NAME,
    full_name: FULL_NAME,
    job: Annotated[list[str], typer.Option(help="AGENCY:ROLE, such as police:constable; may be repeated.")],
    data: DATA = None,
    config: CONFIG = None,
) -> None:
    """Make an account and print its one-time set-up secret."""
    jobs = [_job(text) for text in job]
    with _accounts(data, config) as book:
        _tell(book.create(None, name, full_name, jobs))


@app.command("list")
def list_accounts(data: DATA = None, config: CONFIG = None) -> None:
    """List the accounts, one a line: name, state, jobs, ways to sign in."""
    with _accounts(data, config) as book:
        for row in book.listed(None):
            jobs = ",".join(f"{one['agency']}:{one['role']}" for one in row["employments"])
            state = "disabled" if row["disabled_at"] else "enabled"
            typer.echo(f"{row['name']}\t{state}\t{jobs}\t{','.join(row['proofs'])}\t{row['full_name']}")


@app.command()
def disable(name: NAME, data: DATA = None, config: CONFIG = None) -> None:
    """Shut somebody out."""
    with _accounts(data, config) as book:
        book.disable(None, book.named(name).account_id)
        typer.echo(f"{name} is disabled")


@app.command()
def enable(name: NAME, data: DATA = None, config: CONFIG = None) -> None:
    """Let somebody in again."""
    with _accounts(data, config) as book:
        book.enable(None, book.named(name).account_id)
        typer.echo(f"{name} is enabled")


@app.command()
def reset(name: NAME, data: DATA = None, config: CONFIG = None) -> None:
    """Take every password, app and passkey of somebody away and print a new set-up secret."""
    with _accounts(data, config) as book:
        _tell(book.reset(None, book.named(name).account_id))


@contextmanager
def _accounts(data: Path | None, config: Path | None) -> Iterator[AccountBook]:
    from jru.bootstrap import build
    from jru.web.journal import configure_logging

    configure_logging("warning")
    system = build(settings_of(config, data=data))
    try:
        yield system.services.identity.accounts
    finally:
        system.close()


def _job(text: str) -> Employment:
    agency, _, role = text.partition(":")
    try:
        return Employment(Agency(agency), Role(role))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not AGENCY:ROLE, such as police:constable") from error


def _tell(invited: Invited) -> None:
    typer.echo(f"account: {invited.account.name}")
    typer.echo(f"set-up secret: {invited.setup_secret}")
    typer.echo("It works once, within 72 hours: open the sign-in page and choose First set-up.")

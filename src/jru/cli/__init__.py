"""The `jru` command: one module for each group of verbs."""

from __future__ import annotations

import sys

import typer

from jru.errors import JruError

from . import (
    access,
    accounts,
    audit,
    blueprint,
    checkpoints,
    demo,
    exercise,
    imports,
    log,
    retention,
    rights,
    serve,
)

app = typer.Typer(
    name="jru",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Run, prove and plan a joint police and ambulance response unit.",
)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("exercise")(exercise.exercise)
app.command("rebuild")(log.rebuild)
app.add_typer(blueprint.app, name="blueprint")
app.add_typer(imports.app, name="import")
log.app.command("checkpoint")(checkpoints.checkpoint)
log.app.command("witness")(checkpoints.witness)
app.add_typer(log.app, name="log")
app.add_typer(log.db_app, name="db")
app.add_typer(audit.app, name="audit")
app.add_typer(access.app, name="token")
app.add_typer(accounts.app, name="accounts")
app.add_typer(rights.app, name="access")
app.add_typer(retention.app, name="retention")


def main() -> None:
    """Run the command; an error of the product is one clear message and exit code 1."""
    try:
        app()
    except JruError as error:
        sys.stderr.write(f"jru: {error}\n")
        raise SystemExit(1) from error

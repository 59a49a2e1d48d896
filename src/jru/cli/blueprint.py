"""`jru blueprint`: check the file that describes a scheme, or start one from another."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from jru.blueprints import embedded_blueprint
from jru.domain.blueprint import Blueprint
from jru.domain.blueprint_copying import start_scheme
from jru.domain.blueprint_parsing import MAX_BYTES, BlueprintErrors, blueprint_hash, parse_blueprint
from jru.domain.blueprint_problems import problem

from .options import CONFIG, DATA, settings_of

app = typer.Typer(
    no_args_is_help=True, help="Check the file that describes a scheme, or start one from another."
)

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FILE = Annotated[Path, typer.Argument(metavar="FILE", help="A blueprint in TOML.")]
_ASSUMED = Annotated[bool, typer.Option("--assumed", help="List the values that no public source states.")]
_FROM = Annotated[
    Path | None, typer.Option("--from", help="The blueprint to start from; north Kent when absent.")
]
_OUT = Annotated[Path, typer.Option("--out", help="The directory in which NAME/blueprint.toml is written.")]
_TITLE = Annotated[str, typer.Option("--title", help="The scheme's title; the name in words when absent.")]


@app.command()
def check(file: _FILE, assumed: _ASSUMED = False) -> None:
    """Report every error of a blueprint as FILE:LINE: path: message (hint), and exit with 1 if there is one."""
    try:
        text = _read(file)
        blueprint = parse_blueprint(text)
    except BlueprintErrors as errors:
        _refuse(file, errors)
    typer.echo(f"{file}: {_summary(blueprint)}, sha256 {blueprint_hash(text)[:16]}")
    if assumed:
        for assumption in blueprint.assumptions:
            typer.echo(f"assumed: {assumption.path}: {assumption.reason}")
        for cost in blueprint.costs:
            if cost.value_gbp is None:
                typer.echo(f"to be entered: cost[{cost.cost_id}].value_gbp: {cost.item}; see {cost.source}")


@app.command()
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The new scheme's name: small letters, digits, _.")
    ],
    source: _FROM = None,
    out: _OUT = Path(),
    title: _TITLE = "",
) -> None:
    """Start a blueprint from another one: no approvals yet, every district in its baseline."""
    if not _NAME.fullmatch(name):
        _stop(f"{name!r} is not a name: small letters, digits and underscores, a letter first")
    if any(not sign.isprintable() for sign in title) or len(title) > 120:
        _stop("the title must be one plain line of at most 120 characters")
    target = out / name / "blueprint.toml"
    if target.exists():
        _stop(f"{target} exists already; choose another name or directory")
    words = title.strip() or f"{name.replace('_', ' ').capitalize()} joint response unit"
    try:
        text = start_scheme(_read(source) if source else embedded_blueprint(), name, words)
    except BlueprintErrors as errors:
        _refuse(source or Path("north_kent/blueprint.toml"), errors)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        _stop(f"cannot write {target}: {error.strerror}")
    typer.echo(
        f"Wrote {target}. Next: adapt it, have both partners approve it, then `jru blueprint check {target}`."
    )


def _read(file: Path) -> str:
    """Return the text of a file; raises `BlueprintErrors` when it is too large or not UTF-8."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        _stop(f"cannot read {file}: {error.strerror}")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(content) > MAX_BYTES:
            return " " * len(content)
        line = content.count(b"\n", 0, error.start) + 1
        raise BlueprintErrors([problem("file", line, "not UTF-8 text", "save the file as UTF-8")]) from error


def _summary(blueprint: Blueprint) -> str:
    counts = [
        (len(blueprint.partners), "partners"),
        (len(blueprint.districts), "districts"),
        (len(blueprint.vehicles), "vehicles"),
        (len(blueprint.types), "incident types"),
        (len(blueprint.candidate_rules), "candidate rules"),
        (len(blueprint.costs), "unit costs"),
        (len(blueprint.retention), "retention clauses"),
        (len(blueprint.assumptions), "assumed values"),
    ]
    words = ", ".join(f"{count} {what}" for count, what in counts)
    return f"{blueprint.name} version {blueprint.version} is clean: {words}"


def _refuse(file: Path, errors: BlueprintErrors) -> NoReturn:
    for one in errors.problems:
        typer.echo(f"{file}:{one}")
    raise typer.Exit(1)


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


@app.command()
def adopt(
    file: _FILE,
    data: DATA = None,
    config: CONFIG = None,
) -> None:
    """Put an approved version into force from its effective time: an event in the log, nothing in hand changes."""
    from jru.bootstrap import adopt_into, build

    try:
        text = _read(file)
        parse_blueprint(text)
    except BlueprintErrors as errors:
        _refuse(file, errors)
    system = build(settings_of(config, data=data))
    try:
        typer.echo(adopt_into(system, text))
    finally:
        system.close()

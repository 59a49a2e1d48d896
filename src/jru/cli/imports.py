"""`jru import`: take in records that others publish."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jru.errors import InvalidInput

from .options import CONFIG, DATA, settings_of

if TYPE_CHECKING:
    from jru.exchange.police_uk.model import StreetFile
    from jru.services.past_records import Added

app = typer.Typer(no_args_is_help=True, help="Take in records that others publish.")

SHOWN = 20

FILES = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Monthly street-level files of data.police.uk, .csv or .csv.gz."),
]
REPORT = Annotated[
    Path | None,
    typer.Option("--report", help="Write a CSV file with one line for every row: taken, or why not."),
]


@app.callback()
def imports() -> None:
    """Take in records that others publish."""


@app.command("police-uk")
def police_uk(files: FILES, data: DATA = None, report: REPORT = None, config: CONFIG = None) -> None:
    """Take monthly street-level crime files, and say row by row what was not taken and why.

    The files name a month and a snapped point only. Taking the same file again adds nothing.
    """
    from jru.bootstrap import PAYLOAD_STORES, database_url
    from jru.clock import SystemClock, SystemRandom
    from jru.demo.areas import small_areas
    from jru.exchange.police_uk.model import ATTRIBUTION
    from jru.exchange.police_uk.read import read_street_file
    from jru.services.past_records import import_records
    from jru.store.opening import open_store
    from jru.store.past_records import SqlPastRecords

    settings = settings_of(config, data=data)
    if settings.data.exists() and not settings.data.is_dir():
        raise InvalidInput(
            "import.data", f"{settings.data} is a file.", "Name a directory with --data or JRU_DATA."
        )
    areas = small_areas()
    read = [read_street_file(path, areas) for path in files]
    store = open_store(database_url(settings), settings.data, SystemClock(), SystemRandom(), PAYLOAD_STORES)
    try:
        records = SqlPastRecords(store.engine, store.writer)
        for file in read:
            _tell_file(file, import_records(records, file.taken))
    finally:
        store.close()
    _tell_sum(read)
    typer.echo(ATTRIBUTION)
    if report is not None:
        _write_report(report, read)
    if any(file.problem for file in read):
        raise typer.Exit(1)


def _tell_file(file: StreetFile, added: Added) -> None:
    if file.problem is not None:
        typer.echo(f"{file.name}: nothing taken: {file.problem.reason}. {file.problem.remedy}")
        return
    typer.echo(
        f"{file.name}: {file.rows:,} rows, {len(file.taken):,} taken, {len(file.not_taken):,} not taken"
    )
    if added.known:
        again = "the same file again" if not added.new else "in part the same file"
        typer.echo(f"  {again}: {added.new:,} new, {added.known:,} were there already")
    for code, count in sorted(file.reasons().items()):
        typer.echo(f"  not taken, {code}: {count:,}")
    for row in file.faulty[:SHOWN]:
        typer.echo(f"  line {row.line}: {row.reason}. {row.remedy}")
    if len(file.faulty) > SHOWN:
        typer.echo(f"  and {len(file.faulty) - SHOWN:,} more; --report FILE lists every row")


def _tell_sum(read: Sequence[StreetFile]) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for file in read:
        counts += file.counts()
    if not counts:
        return
    typer.echo(f"{sum(counts.values()):,} records by district and type:")
    for (district, group), count in sorted(counts.items()):
        typer.echo(f"  {district:<12} {group:<22} {count:>7,}")


def _write_report(path: Path, read: Sequence[StreetFile]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(("file", "line", "taken", "code", "reason", "remedy"))
        for file in read:
            if file.problem is not None:
                problem = file.problem
                writer.writerow((file.name, problem.line, "no", problem.code, problem.reason, problem.remedy))
            rows = [(record.line, "yes", "", "", "") for record in file.taken]
            rows += [(row.line, "no", row.code, row.reason, row.remedy) for row in file.not_taken]
            writer.writerows((file.name, *row) for row in sorted(rows))
    typer.echo(f"Every row: {path}")

"""`jru retention run`, as a person or a timer runs it on the data of a server that is stopped."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from jru.bootstrap import DATABASE_FILE, build
from jru.cli import app
from jru.config import Settings
from jru.errors import Conflict, InvalidInput, NotFound
from jru.store.erasure_register import FILE
from tests.store.kept_job import DAYS, SECRETS, Job
from tests.store.rigs import SqlRig

LONG = {name: 36_500 if name.startswith(("ambulance", "clinical")) else days for name, days in DAYS.items()}
"""Clauses of the police are over since long, those of the ambulance service not for a lifetime."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a job of 2019, as the product leaves it."""
    directory = tmp_path_factory.mktemp("filled")
    rig = SqlRig(f"sqlite:///{directory / DATABASE_FILE}", directory)
    Job(rig, days=LONG)
    rig.close()
    return directory


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return shutil.copytree(filled, tmp_path, dirs_exist_ok=True)


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["retention", "run", *arguments, "--data", str(data)])


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def left(data: Path) -> set[str]:
    """Return the secrets of which a byte is left anywhere in the directory."""
    raw = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    return {name for name, words in SECRETS.items() if words.encode() in raw}


def test_a_dry_run_says_what_is_due_and_changes_no_byte(data: Path) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*.db")}
    dry = told(run(data, "--dry-run", "--json"))
    assert dry["dry_run"]
    assert {row["agency"] for row in dry["findings"]} == {"police"}
    assert {row["state"] for row in dry["findings"]} == {"due"}
    assert {path: path.read_bytes() for path in data.rglob("*.db")} == before
    assert not (data / FILE).exists()
    said = run(data, "--dry-run")
    assert "due: police incident" in said.output
    assert "Police incident log: six years after the incident is closed." in said.output
    assert not any(words in said.output for words in SECRETS.values())


def test_a_dry_run_looks_ahead(data: Path) -> None:
    early = told(run(data, "--dry-run", "--json", "--at", "2019-08-18"))
    assert early["findings"] == []
    assert "nothing is due and nothing waits" in run(data, "--dry-run", "--at", "2019-08-18").output
    late = told(run(data, "--dry-run", "--json", "--at", "2150-01-01"))
    assert {row["agency"] for row in late["findings"]} == {"police", "ambulance"}
    assert isinstance(run(data, "--at", "2150-01-01").exception, InvalidInput)


def test_a_run_erases_what_is_due_and_no_byte_of_it_is_left(data: Path) -> None:
    assert left(data) == set(SECRETS)
    gone = told(run(data, "--json"))
    assert {row["state"] for row in gone["findings"]} == {"erased"}
    assert gone["totals"]["parts"]["erased"] == sum(row["parts"] for row in gone["findings"]) > 0
    assert gone["totals"]["tracks"]["erased"] == 1
    assert left(data) == {"findings"}
    assert CliRunner().invoke(app, ["log", "verify", "--data", str(data)]).exit_code == 0
    assert CliRunner().invoke(app, ["rebuild", "--check", "--data", str(data)]).exit_code == 0
    assert "nothing is due and nothing waits" in run(data).output


def test_the_report_is_readable_and_names_the_clause(data: Path) -> None:
    said = run(data).output
    assert "erased: police incident" in said
    assert "under police_evidence, due 2019-08-" in said
    assert "1 track of positions" in said


def test_a_replay_after_a_restore_erases_again(data: Path) -> None:
    backup = (data / DATABASE_FILE).read_bytes()
    run(data)
    (data / DATABASE_FILE).write_bytes(backup)
    (data / "heads").rename(data / "heads-before")
    assert left(data) == set(SECRETS)
    said = run(data, "--replay")
    assert said.exit_code == 0, said.output
    assert "erased again: police" in said.output
    assert left(data) == {"findings"}
    assert told(run(data, "--replay", "--json"))["replayed"] == []
    assert isinstance(run(data, "--replay", "--dry-run").exception, InvalidInput)


def test_a_running_server_is_not_erased_under_its_feet_but_may_be_looked_at(data: Path) -> None:
    system = build(Settings(data=data))
    try:
        assert run(data, "--dry-run").exit_code == 0
        assert isinstance(run(data).exception, Conflict)
    finally:
        system.close()


def test_without_a_log_the_command_says_so_and_makes_none(tmp_path: Path) -> None:
    for arguments in ((), ("--dry-run",), ("--replay",)):
        assert isinstance(run(tmp_path, *arguments).exception, NotFound)
    assert list(tmp_path.iterdir()) == []

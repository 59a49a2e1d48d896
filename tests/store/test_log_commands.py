"""`jru log`, `jru rebuild` and `jru db`, as a person runs them."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from jru.bootstrap import DATABASE_FILE, build
from jru.cli import app
from jru.config import Settings
from jru.domain.agency import Agency, Role
from jru.errors import Conflict, NotFound
from jru.store.upgrade import SCHEMA
from tests.store.rigs import make_older


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as the product leaves it, with a blueprint in force."""
    directory = tmp_path_factory.mktemp("filled")
    system = build(Settings(data=directory))
    system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE)
    system.close()
    return directory


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return shutil.copytree(filled, tmp_path, dirs_exist_ok=True)


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--data", str(data)])


def spoil(data: Path, *statements: str) -> None:
    connection = sqlite3.connect(data / DATABASE_FILE)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_good_log_is_verified(data: Path) -> None:
    said = run(data, "log", "verify")
    assert said.exit_code == 0
    assert "a cut end is excluded up to event 1 and access 0 (signed " in said.output
    assert said.output.endswith("chain: verified\n")
    told = json.loads(run(data, "log", "verify", "--json").output)
    assert (told["chain"], told["events"], told["secured_seq"], told["findings"]) == ("verified", 1, 1, [])


def test_a_changed_log_gives_exit_code_1_and_says_where(data: Path) -> None:
    spoil(data, "DROP TRIGGER event_no_update", "UPDATE event SET actor = 'somebody'")
    said = run(data, "log", "verify")
    assert said.exit_code == 1
    assert "event 1: its columns do not give its hash" in said.output
    assert "chain: BROKEN" in said.output
    told = json.loads(run(data, "log", "verify", "--json").output)
    assert (told["chain"], told["findings"][0]["seq"]) == ("broken", 1)


def test_events_are_shown_as_sentences_without_content(data: Path) -> None:
    said = run(data, "log", "show")
    assert said.exit_code == 0
    assert "Blueprint version 1 in force" in said.output
    assert "kept apart" in said.output
    assert run(data, "log", "show", "--after", "1").output == ""
    assert run(data, "log", "show", "--stream", "scheme").output == said.output
    assert run(data, "log", "show", "--stream", "unt_none").output == ""


def test_read_tables_are_compared_and_made_anew(data: Path) -> None:
    assert "0 rows differed" in run(data, "rebuild", "--check").output
    spoil(data, "INSERT INTO claim VALUES ('number', 'forged', 'inc_1')")
    said = run(data, "rebuild", "--check")
    assert said.exit_code == 1
    assert "claim number forged differs" in said.output
    assert "1 rows differed" in run(data, "rebuild").output
    assert run(data, "rebuild", "--check").exit_code == 0


def test_an_older_database_is_upgraded_by_command_only(data: Path) -> None:
    assert run(data, "db", "upgrade").output == f"schema {SCHEMA} is up to date\n"
    (data / DATABASE_FILE).unlink()
    make_older(f"sqlite:///{data / DATABASE_FILE}", "0001")
    with pytest.raises(Conflict, match=r"schema 0001.*jru db upgrade"):
        build(Settings(data=data))
    shutil.rmtree(data / "heads")
    assert run(data, "db", "upgrade").output == f"schema 0001 upgraded to {SCHEMA}\n"
    build(Settings(data=data)).close()


def test_without_a_log_the_commands_say_so_and_make_none(tmp_path: Path) -> None:
    for arguments in (("log", "verify"), ("log", "show"), ("rebuild",)):
        assert isinstance(run(tmp_path, *arguments).exception, NotFound)
    assert list(tmp_path.iterdir()) == []


def test_a_running_server_is_not_rebuilt_under_its_feet(data: Path) -> None:
    system = build(Settings(data=data))
    try:
        assert run(data, "log", "verify").exit_code == 0
        assert isinstance(run(data, "rebuild").exception, Conflict)
    finally:
        system.close()


def test_a_time_within_a_sentence_is_local_time_with_its_zone(data: Path) -> None:
    said = run(data, "log", "show").output
    assert "Blueprint version 1 in force from 2018-02-01 00:00:00 GMT" in said

"""`--config FILE`: every verb that reads settings takes them from the file."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from jru.bootstrap import DATABASE_FILE, build
from jru.cli import app
from jru.config import Settings


def run(*words: str) -> Result:
    """Run a verb as a person would."""
    return CliRunner().invoke(app, list(words))


def verbs(group: typer.Typer = app, *before: str) -> dict[tuple[str, ...], set[str]]:
    """Return each verb with the names of its parameters."""
    found = {}
    for command in group.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        found[(*before, name)] = set(inspect.signature(command.callback).parameters)
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        found |= verbs(inner.typer_instance, *before, str(inner.name))
    return found


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A settings file that names a data directory with a log."""
    build(Settings(data=tmp_path / "data")).close()
    file = tmp_path / "jru.toml"
    file.write_text(f'data = "{tmp_path / "data"}"\n', encoding="utf-8")
    return file


def test_every_verb_with_a_data_directory_takes_the_file() -> None:
    found = verbs()
    assert {("serve",), ("demo",), ("log", "show"), ("db", "upgrade"), ("token", "new")} <= found.keys()
    assert [verb for verb, names in found.items() if ("data" in names) != ("config" in names)] == []


@pytest.mark.parametrize(
    "words", [("log", "verify"), ("log", "show"), ("rebuild",), ("db", "upgrade")], ids=" ".join
)
def test_the_data_directory_of_the_file_is_used(settings: Path, words: tuple[str, ...]) -> None:
    said = run(*words, "--config", str(settings))
    assert said.exit_code == 0, said.output
    assert any(word in said.output for word in ("1 events", "Blueprint version", "up to date"))


def test_a_token_is_written_where_the_file_says(settings: Path) -> None:
    said = run("token", "new", "duty_supervisor", "police", "--config", str(settings))
    assert said.exit_code == 0, said.output
    assert len(said.output.strip()) > 20


def test_a_flag_weighs_more_than_the_file(settings: Path, tmp_path: Path) -> None:
    said = run("db", "upgrade", "--config", str(settings), "--data", str(tmp_path / "other"))
    assert said.exit_code == 0
    assert (tmp_path / "other" / DATABASE_FILE).exists()


@pytest.mark.parametrize("words", [("serve",), ("demo", "--headless"), ("log", "show")], ids=" ".join)
def test_a_file_that_cannot_be_used_stops_the_start(tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "jru.toml"
    file.write_text('prot = 80\nlog_level = "loud"\n', encoding="utf-8")
    said = run(*words, "--config", str(file))
    assert said.exit_code == 1
    assert f"{file}:1" in str(said.exception)
    assert f"{file}:2" in str(said.exception)

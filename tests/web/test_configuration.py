"""Settings come from one documented list; what cannot be used stops the start."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from jru.config import SETTINGS, Settings, load_settings
from jru.errors import InvalidInput

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "configuration.md"


def test_every_setting_is_documented_as_it_is() -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(rows) == len(SETTINGS)
    for setting, row in zip(SETTINGS, rows, strict=True):
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        default = cells[2].strip("`")
        assert cells[:2] == [f"`{setting.name}`", f"`{setting.variable}`"]
        assert (default, cells[3]) == (setting.default, setting.text)


def test_the_list_and_the_settings_are_the_same() -> None:
    assert [setting.name for setting in SETTINGS] == [item.name for item in fields(Settings)]


def test_nothing_needs_to_be_set() -> None:
    assert load_settings({}) == Settings()


def test_flags_weigh_more_than_the_environment_and_that_more_than_the_file(tmp_path: Path) -> None:
    file = tmp_path / "jru.toml"
    file.write_text('host = "0.0.0.0"\nport = 1\nlog_level = "debug"\norigins = ["https://a.example/"]\n')
    environment = {"JRU_CONFIG": str(file), "JRU_PORT": "2", "JRU_DATA": "/srv/jru", "JRU_HOST": "::1"}
    settings = load_settings(environment, flags={"host": "127.0.0.1", "port": None})
    assert load_settings(environment, flags={"data": Path("/srv/other")}).data == Path("/srv/other")
    assert settings == Settings(
        data=Path("/srv/jru"), host="127.0.0.1", port=2, log_level="debug", origins=("https://a.example",)
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('host = "x"\nprot = 1\n', ":2", "did you mean port?"),
        ("\n\nport = 70000\n", ":3", "from 0 to 65535"),
        ("port = true\n", ":1", "whole number"),
        ('log_level = "loud"\n', ":1", "must be one of"),
        ('database_url = "mysql://x"\n', ":1", "sqlite: or postgresql:"),
        ('origins = ["jru.example"]\n', ":1", "is no origin"),
        ('push_hosts = ["https://push.example"]\n', ":1", "is no host name"),
        ('push_contact = "it@jru.example"\n', ":1", "must be such as mailto:"),
        ("host = \n", "", "cannot be read"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, text: str, line: str, words: str) -> None:
    file = tmp_path / "jru.toml"
    file.write_text(text)
    with pytest.raises(InvalidInput) as refused:
        load_settings({}, file)
    (problem,) = refused.value.problems
    assert problem.where == f"{file}{line}"
    assert words in str(problem)


def test_a_misspelt_variable_is_refused_and_a_foreign_one_is_not() -> None:
    assert load_settings({"JRU_CHROMIUM": "/usr/bin/chromium"}) == Settings()
    with pytest.raises(InvalidInput, match="did you mean database_url"):
        load_settings({"JRU_DATABSE_URL": "postgresql://x"})


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        load_settings({"JRU_PORT": "x", "JRU_DATA": " "}, flags={"host": ""})
    assert [problem.where for problem in refused.value.problems] == ["JRU_PORT", "JRU_DATA", "--host"]

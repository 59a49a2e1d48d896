"""`jru blueprint check` and `jru blueprint new`, as a person types them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from jru.cli.blueprint import app
from jru.domain.blueprint_parsing import parse_blueprint
from tests.unit.blueprint.test_copying import APPROVED
from tests.unit.blueprint.texts import embedded, line_of


def jru_blueprint(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def north_kent(tmp_path: Path) -> Path:
    """A copy of the embedded blueprint."""
    path = tmp_path / "blueprint.toml"
    path.write_text(embedded(), encoding="utf-8")
    return path


def test_a_clean_blueprint_is_one_line_of_counts(north_kent: Path) -> None:
    result = jru_blueprint("check", str(north_kent))
    assert result.exit_code == 0
    [line] = result.output.splitlines()
    assert "north_kent version 1 is clean: 2 partners, 4 districts, 2 vehicles" in line


def test_assumed_values_are_printed_as_such(north_kent: Path) -> None:
    lines = jru_blueprint("check", str(north_kent), "--assumed").output.splitlines()
    assumptions = parse_blueprint(embedded()).assumptions
    assert [line for line in lines if line.startswith("assumed: ")] == [
        f"assumed: {assumption.path}: {assumption.reason}" for assumption in assumptions
    ]
    assert any(line.startswith("to be entered: cost[police_constable_hour]") for line in lines)


def test_each_error_is_a_line_with_file_line_path_message_and_hint(north_kent: Path) -> None:
    text = embedded().replace('id = "darent_valley"', 'id = "darent_valley"\nbeds = 4 # here', 1)
    text = text.replace("offer_timeout_s = 90", "offer_timeout_s = -1", 1)
    north_kent.write_text(text, encoding="utf-8")
    result = jru_blueprint("check", str(north_kent))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{north_kent}:{line_of(text, '# here')}: site[darent_valley].beds: unknown key 'beds' "
        "(known: assumed, district, id, kind, lat, lon, name, source)",
        f"{north_kent}:{line_of(text, 'offer_timeout_s = -1')}: timers.offer_timeout_s: "
        "the whole number -1 is out of bounds (between 10 and 3600)",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"# ok\n# \xff\n", ":2: file: not UTF-8 text (save the file as UTF-8)"),
        (b"#" * 1_000_001, ":1: file: the file is larger than 1 MB"),
        (b"\xff" * 1_000_001, ":1: file: the file is larger than 1 MB"),
        (b"", ":1: file: scheme is missing"),
    ],
)
def test_a_file_that_is_no_blueprint_is_refused_in_words(north_kent: Path, content: bytes, says: str) -> None:
    north_kent.write_bytes(content)
    result = jru_blueprint("check", str(north_kent))
    assert result.exit_code == 1
    assert says in result.output


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    result = jru_blueprint("check", str(tmp_path / "none.toml"))
    assert result.exit_code == 1
    assert "cannot read" in result.output
    assert jru_blueprint("check", str(tmp_path)).exit_code == 1


def test_a_new_scheme_waits_for_its_approvals(tmp_path: Path) -> None:
    made = jru_blueprint("new", "east_kent", "--out", str(tmp_path))
    assert made.exit_code == 0, made.output
    path = tmp_path / "east_kent" / "blueprint.toml"
    checked = jru_blueprint("check", str(path))
    assert checked.exit_code == 1
    assert [line.split(": ", 2)[2] for line in checked.output.splitlines()] == [
        f"version 1 is not approved by the {agency} partner "
        f'(add an [[approval]] with agency = "{agency}", by, at, version and source)'
        for agency in ("police", "ambulance")
    ]
    path.write_text(path.read_text(encoding="utf-8") + APPROVED, encoding="utf-8")
    assert jru_blueprint("check", str(path)).exit_code == 0
    assert parse_blueprint(path.read_text(encoding="utf-8")).title == "East kent joint response unit"


def test_a_new_scheme_starts_from_any_file(tmp_path: Path, north_kent: Path) -> None:
    words = ["new", "thanet", "--from", str(north_kent), "--out", str(tmp_path), "--title", "Thanet unit"]
    assert jru_blueprint(*words).exit_code == 0
    assert 'title = "Thanet unit"' in (tmp_path / "thanet" / "blueprint.toml").read_text(encoding="utf-8")
    again = jru_blueprint(*words)
    assert again.exit_code == 1
    assert "exists already" in again.output
    north_kent.write_text("[scheme]\n", encoding="utf-8")
    broken = jru_blueprint("new", "other", "--from", str(north_kent), "--out", str(tmp_path))
    assert broken.exit_code == 1
    assert f"{north_kent}:1: scheme: name is missing" in broken.output
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("name", ["East Kent", "../x", "", "1st", "x" * 41])
def test_a_name_is_an_id(tmp_path: Path, name: str) -> None:
    result = jru_blueprint("new", name, "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "is not a name" in result.output
    assert list(tmp_path.iterdir()) == []

"""Every script is played by the machine to its end, and what its debrief says is what the log holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jru.blueprints import embedded_blueprint
from jru.bootstrap import build
from jru.cli import app
from jru.config import Settings
from jru.demo.exercise.course import COURSE_FILE, Course
from jru.demo.exercise.debrief import debrief
from jru.demo.exercise.page import page_of
from jru.demo.exercise.rehearsal import FINISHED, rehearse, reopened
from jru.demo.exercise.stepping import DONE, HELD
from jru.domain.blueprint_parsing import parse_blueprint
from jru.domain.exercise import Part
from jru.errors import Forbidden, InvalidInput

SCRIPTS = parse_blueprint(embedded_blueprint()).exercises
GOLDEN = Path(__file__).parent / "golden"
TOLD_EXACTLY = ("knife_at_rvp", "duplicate_report")
REFUSED = {"two_claims": {"claim"}}
"""Steps of which it is the point that the server refuses them."""


def written(found: dict[str, Any]) -> str:
    """Return a debrief as lines: verdicts, then what happened and since when it stood on whose screen."""
    lines = [f"{one['verdict']:<7} {one['sentence']}" for one in found["expectations"]]
    for row in found["timeline"]:
        seen = [row["seen"][part.value] or "-" for part in Part]
        who = "script" if row["from"] == "script" else " ".join(f"{one:>6}" for one in seen)
        lines.append(f"{row['offset']:>6} {who:<20} {row['what']}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("exercise_id", SCRIPTS)
def test_a_script_is_played_to_its_end(exercise_id: str, tmp_path: Path) -> None:
    script = SCRIPTS[exercise_id]
    directory = tmp_path / "exercise"
    found = rehearse(directory, exercise_id, 1)
    assert found["ended"] == FINISHED
    assert found["lasted_s"] == script.minutes * 60
    steps = Course(directory).steps()
    assert set(steps) == {step.step_id for step in script.steps}
    refused = {step for step, line in steps.items() if line["outcome"] not in (DONE, HELD)}
    assert refused == REFUSED.get(exercise_id, set())
    assert [one["verdict"] for one in found["expectations"]] == ["met"] * len(script.expectations)
    if exercise_id in TOLD_EXACTLY:
        assert written(found) == (GOLDEN / f"{exercise_id}.txt").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_debrief_and_a_later_reading_of_the_log_too(tmp_path: Path) -> None:
    first = rehearse(tmp_path / "one", "link_down", 5)
    again = rehearse(tmp_path / "two", "link_down", 5)
    assert {**again, "run": ""} == {**first, "run": ""}
    assert reopened(tmp_path / "one") == first


def test_what_a_dead_server_left_is_told_up_to_there(tmp_path: Path) -> None:
    rehearse(tmp_path / "one", "knife_at_rvp", 1)
    course = tmp_path / "one" / COURSE_FILE
    whole = course.read_text(encoding="utf-8").splitlines(keepends=True)
    course.write_text(
        "".join(line for line in whole if '"ended"' not in line) + '{"kind": "st', encoding="utf-8"
    )
    found = reopened(tmp_path / "one")
    assert "stopped in the middle" in found["ended"]
    assert len(found["timeline"]) > 20


def test_a_debrief_is_a_page_without_scripts_that_says_what_it_is(tmp_path: Path) -> None:
    found = rehearse(tmp_path / "one", "two_claims", 1)
    found["title"] = "<script>alert(1)</script>"
    page = page_of(found)
    assert "SYNTHETIC EXERCISE" in page
    assert "<script" not in page
    assert "not shown" in page
    assert "refused: JR02 is taken" in page


def test_live_data_and_exercises_refuse_each_other(tmp_path: Path) -> None:
    live, exercise = tmp_path / "live", tmp_path / "exercise"
    build(Settings(data=live)).close()
    with pytest.raises(InvalidInput, match="holds something that is no exercise"):
        rehearse(live, "two_claims", 1)
    rehearse(exercise, "two_claims", 1)
    for inside in (exercise, exercise / "deeper"):
        with pytest.raises(InvalidInput, match="belongs to exercises"):
            build(Settings(data=inside))
        with pytest.raises(InvalidInput, match="belongs to exercises"):
            build(Settings(data=inside), demo=True)
    with pytest.raises(InvalidInput, match="not marked as an exercise"):
        build(Settings(data=live), exercise=True)
    with pytest.raises(InvalidInput, match="holds an exercise already"):
        rehearse(exercise, "two_claims", 1)


def test_live_records_are_never_debriefed(tmp_path: Path) -> None:
    system = build(Settings(data=tmp_path / "live"))
    try:
        with pytest.raises(Forbidden, match="real records stay behind the gate"):
            debrief(system, SCRIPTS["two_claims"], Course(tmp_path), {})
    finally:
        system.close()


def test_the_command_lists_scripts_and_names_one_that_is_not_there() -> None:
    listed = CliRunner().invoke(app, ["exercise", "--list"])
    assert [line.split()[0] for line in listed.stdout.splitlines()] == list(SCRIPTS)
    wrong = CliRunner().invoke(app, ["exercise", "--play", "knife"])
    assert isinstance(wrong.exception, InvalidInput)
    assert "no exercise 'knife'" in str(wrong.exception)


def test_the_command_plays_a_script_and_prints_its_debrief() -> None:
    played = CliRunner().invoke(app, ["exercise", "--play", "crew_emergency"])
    assert played.exit_code == 0
    assert json.loads(played.stdout)["marking"] == "SYNTHETIC EXERCISE"

"""The assurance files claim nothing that is not there: every named test and setting exists, every id has its row."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from scripts import evidence
from scripts.evidence import Control, Hazard, Requirement
from tests.architecture.tree import ROOT

STANDARD = ROOT / ".." / "shared" / "data" / "security" / "asvs-5.0.0.json"
OPEN = "needs signature of a clinical safety officer"
PROVED = ("design", "configuration")
BY_PEOPLE = ("training", "procedure")
HAZARDS = evidence.hazards()
REQUIREMENTS = evidence.mapping().requirements
ALL_LEVELS = ("V8", "V16")


def evidence_of(rows: tuple[Control | Requirement, ...]) -> tuple[set[str], set[str]]:
    """Return the tests and the settings that rows name."""
    return {t for row in rows for t in row.tests}, {s for row in rows for s in row.settings}


CONTROLS = tuple(control for hazard in HAZARDS for control in hazard.controls)


@pytest.mark.parametrize("rows", [CONTROLS, REQUIREMENTS], ids=["hazard log", "asvs"])
def test_every_test_and_setting_that_is_named_is_there(rows: tuple[Control | Requirement, ...]) -> None:
    tests, settings = evidence_of(rows)
    assert sorted(test for test in tests if not evidence.is_test(test)) == []
    assert sorted(setting for setting in settings if not evidence.is_setting(setting)) == []
    assert len(tests) > 50


def test_what_is_not_there_is_found_missing() -> None:
    here = "tests/architecture/test_assurance.py"
    assert evidence.is_test(f"{here}::test_what_is_not_there_is_found_missing")
    assert not evidence.is_test(f"{here}::test_that_nobody_wrote")
    assert not evidence.is_test(f"{here}::evidence_of")
    assert not evidence.is_test("tests/architecture/test_none.py::test_x")
    assert not evidence.is_test(
        "tests/web/test_two_worlds.py::test_what_is_hidden_changes_no_byte_in_many_nights"
    )
    assert evidence.is_test("tests/unit/geo/test_travel.py::TestWithoutAMap::test_it_keeps_the_limit")
    assert not evidence.is_test("tests/unit/geo/test_travel.py::test_it_keeps_the_limit")
    assert evidence.is_setting("pyproject.toml :: strict = true")
    assert not evidence.is_setting("pyproject.toml :: strict = false")
    assert not evidence.is_setting("pyproject.toml")


# The hazard log


def test_hazards_are_numbered_without_gaps() -> None:
    assert [hazard.id for hazard in HAZARDS] == [f"H{number:02}" for number in range(1, len(HAZARDS) + 1)]
    assert len({hazard.title for hazard in HAZARDS}) == len(HAZARDS) >= 25


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.id)
def test_a_hazard_is_judged_by_the_matrix_and_no_control_is_a_bare_claim(hazard: Hazard) -> None:
    assert hazard.residual.rating <= hazard.initial.rating
    assert hazard.residual.rating < 4, "a risk of 4 or 5 may not stay"
    assert bool(hazard.accepted_because) == (hazard.residual.rating == 3)
    assert all(hazard.causes)
    assert hazard.effect
    assert hazard.owner
    assert hazard.adopter
    assert any(control.tests for control in hazard.controls), "no test proves any control"
    for control in hazard.controls:
        assert control.kind in (*PROVED, *BY_PEOPLE)
        assert bool(control.tests or control.settings) == (control.kind in PROVED), control.what


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.id)
def test_a_signature_has_a_name_and_a_date(hazard: Hazard) -> None:
    signed = bool(hazard.signed_by)
    assert (hazard.status == OPEN) != signed
    assert bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(hazard.signed_on))) == signed


# The security mapping


def standard() -> dict[str, int]:
    """Return the ids to be mapped with their levels; skips where the standard's file is not beside the checkout."""
    if not STANDARD.is_file():
        pytest.skip("the standard's own file is not here")
    raw = STANDARD.read_bytes()
    assert hashlib.sha256(raw).hexdigest() == evidence.mapping().sha256
    rows = json.loads(raw)["requirements"]
    return {
        row["req_id"]: int(row["L"]) for row in rows if row["L"] in "12" or row["chapter_id"] in ALL_LEVELS
    }


def test_every_requirement_has_one_row_and_there_is_no_other() -> None:
    assert {row.id: row.level for row in REQUIREMENTS} == standard()


def test_rows_are_in_order_and_single() -> None:
    places = [row.place for row in REQUIREMENTS]
    assert places == sorted(set(places))
    assert Counter(row.level for row in REQUIREMENTS) == {1: 70, 2: 183, 3: 7}


def test_no_words_of_the_standard_are_copied() -> None:
    ours = " ".join(Path(evidence.ASSURANCE / "asvs.yaml").read_text(encoding="utf-8").lower().split())
    standard()
    rows = json.loads(STANDARD.read_bytes())["requirements"]
    words = {row["req_id"]: row["req_description"].lower().split() for row in rows}
    runs = {key: {" ".join(text[i : i + 9]) for i in range(len(text) - 8)} for key, text in words.items()}
    assert {key: run for key, found in runs.items() for run in found if run in ours} == {}


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row.id)
def test_a_row_says_by_what_or_why(row: Requirement) -> None:
    named = bool(row.tests or row.settings)
    assert row.status in ("met", "not_applicable", "not_met")
    assert named or row.status != "met", "met needs a test or a setting"
    assert row.why or row.status == "met", "a reason is needed"
    assert row.waits_for in (("product", "adopter") if row.status == "not_met" else ("",))

"""Scripts of exercises: whatever cannot be played from end to end is named with its line."""

import pytest

from jru.domain.agency import Agency
from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_parsing import parse_blueprint
from jru.domain.exercise import NEEDS, Doing, Part
from jru.domain.exercise_deeds import DEEDS
from tests.unit.blueprint.texts import embedded, embedded_lines, problems_of, with_value, without


def place(exercise_id: str, kind: str = "", key: str | int = "") -> Path:
    """Return the path of a script of the embedded scheme, or of one of its steps, incidents or expectations."""
    scripts = parse_blueprint(embedded()).exercises
    here: Path = ("exercise", list(scripts).index(exercise_id))
    if kind == "step":
        return (*here, kind, [step.step_id for step in scripts[exercise_id].steps].index(str(key)))
    return (*here, kind, int(key)) if kind else here


KNIFE = ("knife_at_rvp", "step", "knife")
WRONG: dict[str, tuple[Path, str, str, str]] = {
    "no such vehicle": ((*place("knife_at_rvp"), "unit"), '"JR09"', "there is no vehicle", "JR0"),
    "no time at all": ((*place("knife_at_rvp"), "minutes"), "0", "out of bounds", "between 1 and 120"),
    "no such deed of a step": ((*place(*KNIFE), "do"), '"updat"', "unknown word", "update?"),
    "no such part": ((*place(*KNIFE), "by"), '"police"', "unknown word", "police_room"),
    "a part that cannot": (
        (*place("crew_emergency", "step", "pressed"), "by"),
        '"police_room"',
        "not for",
        "crew",
    ),
    "a step after the end": ((*place(*KNIFE), "at_s"), "901", "after the end", "15 minutes"),
    "a step long before": ((*place(*KNIFE), "at_s"), "-1501", "out of bounds", ""),
    "an update before the report": ((*place(*KNIFE), "at_s"), "-5", "has not reported", "earlier step"),
    "no such incident": ((*place(*KNIFE), "incident"), '"asault"', "no incident 'asault'", "assault?"),
    "no such hazard": ((*place(*KNIFE), "hazards"), '["knif"]', "there is no hazard", ""),
    "no sentence": ((*place(*KNIFE), "told"), '"a knife"', "is not a sentence", ""),
    "a grade of the other service": (
        (*place("knife_at_rvp", "step", "call"), "grade"),
        '"C2"',
        "the police service has no grade 'C2'",
        "",
    ),
    "no such seat": (
        (*place("paramedic_alone", "step", "first_leaves"), "seat"),
        '"driver"',
        "no crew rule",
        "",
    ),
    "back before it was silent": (
        (*place("link_down", "step", "up"), "at_s"),
        "-1300",
        "not silent",
        "turns",
    ),
    "an expectation of nobody": ((*place("knife_at_rvp", "expect", 0), "who"), "[]", "at least 1", ""),
    "no such deed": ((*place("knife_at_rvp", "expect", 0), "does"), '"offer"', "unknown word", "offers?"),
    "after no step": ((*place("knife_at_rvp", "expect", 0), "after"), '"cal"', "no step 'cal'", "call?"),
    "an incident that is not the script's": (
        (*place("knife_at_rvp", "expect", 0), "incident"),
        '"bridge"',
        "no incident 'bridge'",
        "",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_named_with_its_line(name: str) -> None:
    path, written, message, hint = WRONG[name]
    line = embedded_lines().line_of(path)
    found = problems_of(with_value(path, written))
    on_line = [problem for problem in found if problem.line == line]
    assert any(message in problem.message and hint in problem.hint for problem in on_line), found


def test_a_room_reports_only_what_it_has_a_code_for() -> None:
    found = problems_of(with_value((*place("two_claims", "incident", 1), "type"), '"public_order"'))
    assert [problem.message for problem in found] == ["the ambulance service has no code for public_order"]
    assert found[0].line == embedded_lines().line_of((*place("two_claims", "step", "second"), "by"))


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ((*place(*KNIFE), "words"), "words is missing for update"),
        ((*place("knife_at_rvp", "step", "call"), "grade"), "grade is missing for report"),
        (
            (*place("knife_at_rvp", "expect", 0), "within_s"),
            "needs exactly one of within_s, not_before and never",
        ),
        ((*place("knife_at_rvp", "expect", 0), "after"), "after and within_s belong together"),
        (place("knife_at_rvp", "step", "call"), "nobody has reported 'assault' by then"),
        ((*place("knife_at_rvp"), "aim"), "aim is missing"),
    ],
)
def test_what_is_missing_is_named(path: Path, message: str) -> None:
    found = problems_of(without(path))
    assert any(message in problem.message for problem in found), found


def test_a_step_takes_only_the_keys_of_its_kind() -> None:
    text = embedded().replace('do = "silent"\n', 'do = "silent"\nseat = "paramedic"\n', 1)
    found = problems_of(text)
    assert [problem.message for problem in found] == ["silent has no seat"]
    assert text.split("\n")[found[0].line - 1] == 'seat = "paramedic"'


def test_ten_scripts_come_with_the_scheme_and_their_people_are_invented() -> None:
    scripts = parse_blueprint(embedded()).exercises
    assert list(scripts) == [
        "knife_at_rvp",
        "section_136",
        "two_claims",
        "link_down",
        "patient_in_custody",
        "paramedic_alone",
        "crisis_at_home",
        "duplicate_report",
        "drunk_then_c1",
        "crew_emergency",
    ]
    for script in scripts.values():
        assert set(script.aims) == set(Part)
        assert script.expectations


def test_every_kind_of_step_has_its_needs_and_every_deed_its_words() -> None:
    assert set(NEEDS) == set(Doing)
    assert all(deed.words for deed in DEEDS.values())
    assert {part.agency for part in Part} == {*Agency, None}

"""A new scheme starts from another one: nothing is approved yet and nothing is offered."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from jru.domain.blueprint import DistrictStatus
from jru.domain.blueprint_copying import start_scheme
from jru.domain.blueprint_parsing import parse_blueprint
from tests.unit.blueprint.texts import embedded, problems_of

APPROVED = """
[[approval]]
agency = "police"
by = "Superintendent Example Two"
at = 2018-01-01T00:00:00Z
version = 1
source = "minutes"

[[approval]]
agency = "ambulance"
by = "Director Example"
at = 2018-01-01T00:00:00Z
version = 1
source = "minutes"
"""


def test_only_the_approvals_are_missing() -> None:
    text = start_scheme(embedded(), "essex", "Essex joint response unit")
    assert [(problem.path, "is not approved by" in problem.message) for problem in problems_of(text)] == [
        ("scheme.version", True),
        ("scheme.version", True),
    ]


def test_once_approved_it_is_the_old_scheme_under_a_new_name_with_every_district_in_its_baseline() -> None:
    old = parse_blueprint(embedded())
    new = parse_blueprint(start_scheme(embedded(), "essex", 'The "Essex" unit') + APPROVED)
    assert (new.name, new.title, new.version) == ("essex", 'The "Essex" unit', 1)
    assert [(state.district, state.status) for state in new.states] == [
        (district, DistrictStatus.BASELINE) for district in old.districts
    ]
    assert (new.types, new.statuses, new.tasking, new.districts) == (
        old.types,
        old.statuses,
        old.tasking,
        old.districts,
    )


def test_comments_stay() -> None:
    text = start_scheme(embedded(), "essex", "Essex")
    assert [
        line for line in embedded().split("\n") if line.startswith("#") and line not in text.split("\n")
    ] == []


def test_states_and_approvals_written_as_plain_arrays_go_too() -> None:
    text = embedded()
    while "[[approval]]" in text:
        start = text.index("[[approval]]")
        text = text[:start] + text[text.index("\n\n", start) + 2 :]
    signed = [
        f'{{ agency = "{agency}", by = "Example", at = 2018-01-01T00:00:00Z, version = 3, source = "minutes" }}'
        for agency in ("police", "ambulance")
    ]
    text = "approval = [" + ",\n  ".join(signed) + "\n]\n" + text.replace("version = 1", "version = 3", 1)
    parse_blueprint(text)
    new = parse_blueprint(start_scheme(text, "essex", "Essex") + APPROVED)
    assert new.version == 1


@settings(max_examples=10, deadline=None)
@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_any_plain_title_survives(title: str) -> None:
    assert parse_blueprint(start_scheme(embedded(), "x", title) + APPROVED).title == title, json.dumps(title)

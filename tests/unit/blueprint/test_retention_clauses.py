"""Retention clauses: every kind of content under one general clause of its service, and errors with their line."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jru.domain.agency import Agency, Label
from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_parsing import parse_blueprint
from jru.domain.retention_policy import Clause, Matter, Period, clauses_for, labels_kept, period_of
from tests.unit.blueprint.texts import embedded, embedded_lines, problems_of, with_value, without


def place(clause_id: str) -> Path:
    """Return the path of a clause of the embedded scheme."""
    ids = [clause.clause_id for clause in parse_blueprint(embedded()).retention]
    return ("retention", ids.index(clause_id))


WRONG: dict[str, tuple[str, str, str, str, str]] = {
    "no such service": ("clinical", "agency", '"fire"', "unknown word", "known: ambulance, police"),
    "no such matter": ("clinical", "matter", '"incidents"', "unknown word", "incident?"),
    "no such label": ("clinical", "labels", '["clinial"]', "unknown word", "clinical?"),
    "the label of the other service": ("clinical", "labels", '["police_intel"]', "keeps no police_intel", ""),
    "statistics are never erased": ("police_log", "labels", '["statistics"]', "keeps no statistics", ""),
    "no such outcome": ("police_custody", "outcomes", '["custdy"]', "unknown word", "custody?"),
    "no such trigger": ("clinical", "trigger", '"closed"', "unknown word", "incident_closed?"),
    "a clock that does not fit": (
        "police_positions",
        "trigger",
        '"incident_closed"',
        "does not start with incident_closed",
        "known: duty_ended",
    ),
    "a number for a period": ("clinical", "keep", "8", "expected a period", "7 years"),
    "weeks": ("clinical", "keep", '"8 weeks"', "is not a period", "7 years"),
    "no time at all": ("clinical", "keep", '"0 days"', "is not a period", ""),
    "forever": ("clinical", "keep", '"101 years"', "is not a period", "at most 100 years"),
    "a word for a switch": ("police_evidence", "review", '"yes"', "expected true or false", ""),
    "no sentence": ("clinical", "clause", '"eight years"', "is not a sentence", ""),
    "a name used twice": ("clinical", "id", '"police_log"', "", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_named_with_its_line(name: str) -> None:
    clause_id, key, written, message, hint = WRONG[name]
    path = (*place(clause_id), key)
    line = embedded_lines().values[path].line
    on_line = [problem for problem in problems_of(with_value(path, written)) if problem.line == line]
    assert any(message in problem.message and hint in problem.hint for problem in on_line), on_line


def added(clause: str) -> tuple[str, int]:
    """Return the embedded blueprint with another clause, and the line of its header."""
    text = embedded().replace("# Words.\n", f"[[retention]]\n{clause}\n# Words.\n", 1)
    return text, embedded()[: embedded().index("# Words.\n")].count("\n") + 1


COMMON = 'id = "more"\nkeep = "1 year"\nclause = "More."\nassumed = "a test"\n'


@pytest.mark.parametrize(
    ("clause", "message"),
    [
        (
            'agency = "police"\nmatter = "incident"\nlabels = ["safety"]\ntrigger = "outcome"\n',
            "police safety incident is under the clause on line",
        ),
        (
            'agency = "police"\nmatter = "positions"\nlabels = ["staff"]\ntrigger = "duty_ended"\n',
            "positions has no labels",
        ),
        ('agency = "police"\nmatter = "duty"\ntrigger = "duty_ended"\n', "labels is missing"),
        (
            'agency = "police"\nmatter = "duty"\nlabels = ["staff"]\noutcomes = ["custody"]\ntrigger = "duty_ended"\n',
            "duty has no outcomes",
        ),
        (
            'agency = "police"\nmatter = "positions"\nreview = true\ntrigger = "duty_ended"\n',
            "positions is not reviewed",
        ),
    ],
)
def test_a_clause_that_does_not_fit_is_named_with_its_line(clause: str, message: str) -> None:
    text, line = added(COMMON + clause)
    assert any(p.line in range(line, line + 10) and message in p.message for p in problems_of(text))


def test_what_no_clause_covers_is_named() -> None:
    problems = problems_of(without(place("clinical")))
    assert [p.message for p in problems] == [
        "no clause says how long ambulance identity incident is kept",
        "no clause says how long ambulance clinical incident is kept",
    ]


def test_a_period_that_ends_before_the_screens_forget_is_refused() -> None:
    text = with_value((*place("police_positions"), "keep"), '"1 day"')
    assert problems_of(text) == []
    longer = text.replace("closed_visible_s = 7200", "closed_visible_s = 86400")
    assert problems_of(longer) == []
    timers = embedded().replace("closed_visible_s = 7200", "closed_visible_s = 86401")
    assert any("out of bounds" in p.message for p in problems_of(timers))


def test_a_scheme_without_clauses_is_read_and_erases_nothing() -> None:
    start, end = embedded().index("# How long what is kept"), embedded().index("# Words.\n")
    assert parse_blueprint(embedded()[:start] + embedded()[end:]).retention == ()


def test_the_embedded_scheme_covers_everything_and_marks_what_is_assumed() -> None:
    scheme = parse_blueprint(embedded())
    for agency in Agency:
        for matter in Matter:
            for label in labels_kept(agency, matter) or (None,):
                assert clauses_for(scheme.retention, agency, matter, label, frozenset())
    assumed = {assumption.path.partition("]")[0] for assumption in scheme.assumptions}
    assert all(f"retention[{clause.clause_id}" in assumed for clause in scheme.retention)


def test_the_clause_of_an_outcome_goes_before_the_general_one() -> None:
    clauses = parse_blueprint(embedded()).retention

    def named(agency: Agency, label: Label, *outcomes: str) -> list[str]:
        found = clauses_for(clauses, agency, Matter.INCIDENT, label, frozenset(outcomes))
        return [clause.clause_id for clause in found]

    assert named(Agency.POLICE, Label.POLICE_EVIDENCE) == ["police_evidence"]
    assert named(Agency.POLICE, Label.POLICE_EVIDENCE, "custody", "referred") == ["police_custody"]
    assert named(Agency.AMBULANCE, Label.CLINICAL, "custody") == ["clinical"]
    assert named(Agency.AMBULANCE, Label.CLINICAL, "s136") == ["clinical_mental_health"]
    assert named(Agency.AMBULANCE, Label.POLICE_EVIDENCE) == []


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
PERIODS = st.builds(Period, st.integers(1, 99), st.sampled_from(["day", "month", "year"]))


@given(MOMENTS, PERIODS)
def test_a_period_is_read_as_it_is_written_and_ends_later_than_its_least(
    moment: datetime, period: Period
) -> None:
    assert period_of(str(period)) == period
    assert period.after(moment) - moment >= period.least
    assert period.after(moment) > moment


@given(MOMENTS, MOMENTS, PERIODS)
def test_of_two_clocks_the_earlier_one_never_ends_later(
    one: datetime, other: datetime, period: Period
) -> None:
    first, last = sorted((one, other))
    assert period.after(first).date() <= period.after(last).date()


def test_a_year_from_a_leap_day_ends_on_the_last_day_of_february() -> None:
    leap = datetime(2020, 2, 29, 12, tzinfo=UTC)
    assert Period(1, "year").after(leap) == datetime(2021, 2, 28, 12, tzinfo=UTC)
    assert Period(4, "year").after(leap) == datetime(2024, 2, 29, 12, tzinfo=UTC)
    assert Period(1, "month").after(datetime(2020, 1, 31, tzinfo=UTC)) == datetime(2020, 2, 29, tzinfo=UTC)


def test_a_clause_is_about_its_own_service_only() -> None:
    clause: Clause = parse_blueprint(embedded()).retention[0]
    assert clause.covers(Agency.POLICE, Matter.INCIDENT, Label.SAFETY)
    assert not clause.covers(Agency.AMBULANCE, Matter.INCIDENT, Label.SAFETY)

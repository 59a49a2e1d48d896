"""Which content is due: two clocks on one incident, holds, requests and reviews."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jru.domain.agency import Agency, Label
from jru.domain.retention import Content, Course, Docket, Hold, State, Wish, standing
from jru.domain.retention_policy import Clause, Matter, Period, Trigger

START = datetime(2019, 8, 16, 20, tzinfo=UTC)
INC = "inc_1"
LABELS = {Agency.POLICE: Label.POLICE_EVIDENCE, Agency.AMBULANCE: Label.CLINICAL}

moments = st.integers(0, 4000).map(lambda days: START + timedelta(days=days))
periods = st.builds(Period, st.integers(1, 20), st.sampled_from(["day", "month", "year"]))
agencies = st.sampled_from(list(Agency))
persons = st.sampled_from([None, 1, 2])


def clauses_of(agency: Agency) -> st.SearchStrategy[tuple[Clause, ...]]:
    """Return a general clause of a service and sometimes one for an outcome."""

    def clause(outcomes: frozenset[str]) -> st.SearchStrategy[Clause]:
        return st.builds(
            Clause,
            st.just(f"{agency.value}_{'_'.join(outcomes)}"),
            st.just(agency),
            st.just(Matter.INCIDENT),
            st.just(frozenset({LABELS[agency]})),
            st.just(outcomes),
            st.sampled_from([Trigger.INCIDENT_CLOSED, Trigger.OUTCOME]),
            periods,
            st.booleans(),
            st.just("Words."),
        )

    general = clause(frozenset()).map(lambda one: (one,))
    return st.one_of(general, st.tuples(clause(frozenset()), clause(frozenset({"custody"}))))


courses = st.builds(
    Course,
    st.one_of(st.none(), moments),
    st.one_of(st.none(), moments),
    st.sampled_from([frozenset(), frozenset({"custody"})]),
    st.just(frozenset({INC})),
)
ended = courses.filter(lambda course: course.ended_at is not None)
holds = st.builds(
    Hold,
    st.uuids().map(str),
    st.just(frozenset({INC})),
    persons,
    st.just("officer"),
    moments,
    st.one_of(st.none(), moments),
)
wishes = st.builds(Wish, st.just(frozenset({INC})), persons, moments)
reviews = st.builds(Wish, st.just(frozenset({INC})), persons, moments, st.sampled_from(["erase", "keep"]))
dockets = st.builds(
    Docket,
    st.lists(holds, max_size=2).map(lambda found: {hold.hold_id: hold for hold in found}),
    st.lists(wishes, max_size=2).map(tuple),
    st.lists(reviews, max_size=2).map(tuple),
)


def content(agency: Agency, person: int | None = None) -> Content:
    return Content(agency, Matter.INCIDENT, LABELS[agency], person)


@given(st.data(), agencies, courses, dockets, moments, persons)
def test_the_clause_of_one_service_never_moves_the_clock_of_the_other(
    data: st.DataObject,
    agency: Agency,
    course: Course,
    docket: Docket,
    now: datetime,
    person: int | None,
) -> None:
    own, other = data.draw(clauses_of(agency)), data.draw(clauses_of(agency.other))
    mine = content(agency, person)
    assert standing(mine, course, own, docket, now) == standing(mine, course, (*other, *own), docket, now)


@given(st.data(), agencies, courses, dockets, moments, moments, persons)
def test_what_is_due_stays_due_while_nothing_happens(
    data: st.DataObject,
    agency: Agency,
    course: Course,
    docket: Docket,
    one: datetime,
    two: datetime,
    person: int | None,
) -> None:
    first, last = sorted((one, two))
    clauses = data.draw(clauses_of(agency))
    if standing(content(agency, person), course, clauses, docket, first).state is State.DUE:
        assert standing(content(agency, person), course, clauses, docket, last).state is State.DUE


@given(st.data(), agencies, courses, dockets, moments)
def test_nothing_of_what_is_still_going_on_is_due(
    data: st.DataObject, agency: Agency, course: Course, docket: Docket, now: datetime
) -> None:
    live = Course(None, course.outcome_at, course.outcomes, course.incidents)
    found = standing(content(agency), live, data.draw(clauses_of(agency)), docket, now)
    assert found.state in (State.LIVE, State.QUEUED)


@given(st.data(), agencies, ended, dockets, moments, persons)
def test_a_hold_keeps_everything_and_its_release_changes_nothing_else(
    data: st.DataObject,
    agency: Agency,
    course: Course,
    docket: Docket,
    now: datetime,
    person: int | None,
) -> None:
    clauses = data.draw(clauses_of(agency))
    mine = content(agency, person)
    bare = standing(mine, course, clauses, docket, now)
    hold = Hold("hold", frozenset({INC}), None, "officer", START)
    held = Docket({**docket.holds, "hold": hold}, docket.asked, docket.reviews)
    assert standing(mine, course, clauses, held, now).state in (State.HELD, State.KEPT)
    over = Hold("hold", frozenset({INC}), None, "officer", START, now)
    released = Docket({**docket.holds, "hold": over}, docket.asked, docket.reviews)
    assert standing(mine, course, clauses, released, now) == bare


@given(st.data(), agencies, ended, moments, persons, persons)
def test_a_hold_on_a_person_keeps_what_is_or_may_be_about_them(
    data: st.DataObject,
    agency: Agency,
    course: Course,
    now: datetime,
    held_person: int | None,
    person: int | None,
) -> None:
    hold = Hold("hold", frozenset({INC}), held_person, "officer", START)
    clauses = data.draw(clauses_of(agency))
    found = standing(content(agency, person), course, clauses, Docket({"hold": hold}), now)
    if held_person is None or person in (None, held_person):
        assert found.state is not State.DUE
    else:
        assert found == standing(content(agency, person), course, clauses, Docket(), now)


@given(agencies, ended, periods, periods, moments)
def test_a_longer_period_never_ends_earlier(
    agency: Agency, course: Course, one: Period, other: Period, now: datetime
) -> None:
    def by(period: Period) -> datetime:
        clause = Clause(
            "general",
            agency,
            Matter.INCIDENT,
            frozenset({LABELS[agency]}),
            frozenset(),
            Trigger.INCIDENT_CLOSED,
            period,
            review=False,
            words="Words.",
        )
        due_at = standing(content(agency), course, [clause], Docket(), now).due_at
        assert due_at is not None
        return due_at

    if one.unit == other.unit:
        short, long = sorted((one, other), key=lambda period: period.count)
        assert by(short) <= by(long)


GENERAL = Clause(
    "police_evidence",
    Agency.POLICE,
    Matter.INCIDENT,
    frozenset({Label.POLICE_EVIDENCE}),
    frozenset(),
    Trigger.INCIDENT_CLOSED,
    Period(6, "year"),
    review=True,
    words="Six years.",
)
CLOSED = Course(START, incidents=frozenset({INC}))
MINE = content(Agency.POLICE, 1)


def later(years: int) -> datetime:
    return START.replace(year=START.year + years)


def test_what_nobody_reviewed_waits_and_goes_after_a_review_that_came_later() -> None:
    early = Docket(reviews=(Wish(frozenset({INC}), None, later(5), "erase"),))
    assert standing(MINE, CLOSED, [GENERAL], early, later(5)).state is State.KEPT
    assert standing(MINE, CLOSED, [GENERAL], early, later(7)).state is State.TO_REVIEW
    late = Docket(reviews=(Wish(frozenset({INC}), None, later(6), "erase"),))
    assert standing(MINE, CLOSED, [GENERAL], late, later(7)).state is State.DUE


def test_a_request_waits_while_the_incident_goes_on_and_then_for_a_review() -> None:
    asked = Wish(frozenset({INC}), 1, START - timedelta(hours=1))
    live = Course(None, incidents=frozenset({INC}))
    assert standing(MINE, live, [GENERAL], Docket(asked=(asked,)), START).state is State.QUEUED
    assert standing(MINE, CLOSED, [GENERAL], Docket(asked=(asked,)), START).state is State.TO_REVIEW
    before = Wish(frozenset({INC}), 1, START - timedelta(minutes=1), "erase")
    early = Docket(asked=(asked,), reviews=(before,))
    assert standing(MINE, CLOSED, [GENERAL], early, later(1)).state is State.TO_REVIEW
    after = Wish(frozenset({INC}), 1, START + timedelta(days=1), "erase")
    found = standing(MINE, CLOSED, [GENERAL], Docket(asked=(asked,), reviews=(after,)), later(1))
    assert (found.state, found.asked) == (State.DUE, True)


def test_a_request_for_a_person_leaves_what_is_about_others_or_nobody_in_particular() -> None:
    asked = Wish(frozenset({INC}), 1, START)
    reviewed = Wish(frozenset({INC}), 1, later(1), "erase")
    docket = Docket(asked=(asked,), reviews=(reviewed,))
    for person in (None, 2):
        other = content(Agency.POLICE, person)
        assert standing(other, CLOSED, [GENERAL], docket, later(2)).state is State.KEPT


def test_a_refused_request_is_as_if_it_had_not_been_made_until_it_comes_again() -> None:
    asked = Wish(frozenset({INC}), None, START)
    refused = Wish(frozenset({INC}), None, later(1), "keep")
    docket = Docket(asked=(asked,), reviews=(refused,))
    assert standing(MINE, CLOSED, [GENERAL], docket, later(2)).state is State.KEPT
    again = Docket(asked=(asked, Wish(frozenset({INC}), None, later(2))), reviews=(refused,))
    assert standing(MINE, CLOSED, [GENERAL], again, later(3)).state is State.TO_REVIEW


def test_content_without_a_clause_is_kept() -> None:
    found = standing(content(Agency.AMBULANCE), CLOSED, [GENERAL], Docket(), later(90))
    assert (found.state, found.clause, found.due_at) == (State.KEPT, None, None)


def test_an_incident_that_was_opened_again_runs_from_its_last_closing() -> None:
    again = Course(later(2), incidents=frozenset({INC}))
    assert standing(MINE, again, [GENERAL], Docket(), later(7)).state is State.KEPT

"""What was asked and answered between the rooms is the same whichever was recorded first, and nothing replaces it."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from jru.domain import incident_events as ev
from jru.domain.agency import Agency
from jru.domain.asked import Answer
from jru.domain.event_types import Event
from jru.domain.incident import Incident, evolve
from tests.unit.domain.examples import AT

P, A = Agency.POLICE, Agency.AMBULANCE
answers = st.lists(
    st.tuples(st.integers(1, 600), st.sampled_from(["yes", "no", "later"])),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one[0],
)


def told(answer: str, minute: int) -> tuple[list[Event], int]:
    """Return one answer to the question and to the request."""
    eta = AT + timedelta(minutes=minute + 10) if answer == "yes" else None
    question = ev.QuestionAnswered("qst_1", A, "eta", answer, eta)
    return [question, ev.OtherServiceAnswered(A, answer, eta)], minute


def after(*said: tuple[list[Event], int]) -> Incident:
    """Return an incident with a request, a question, and answers in the order in which they were recorded."""
    state = evolve(None, "inc_1", ev.IncidentOpened("1", P, stub=False), AT)
    state = evolve(state, "inc_1", ev.OtherServiceRequested(A, P, "clinician"), AT)
    state = evolve(state, "inc_1", ev.QuestionAsked("qst_1", A, P, "eta"), AT)
    for events, minute in said:
        for one in events:
            state = evolve(state, "inc_1", one, AT + timedelta(minutes=minute))
    return state


def words(given_: tuple[Answer, ...]) -> list[tuple[object, ...]]:
    return [(one.at, one.answer, one.eta_at) for one in given_]


@given(answers, st.randoms(use_true_random=False))
def test_answers_stand_in_the_order_of_their_times_and_none_is_lost(given_, chance) -> None:  # type: ignore[no-untyped-def]
    said = [told(answer, minute) for minute, answer in given_]
    shuffled = list(said)
    chance.shuffle(shuffled)
    one, other = after(*said), after(*shuffled)
    in_time = sorted(given_)
    for state in (one, other):
        (question,), (wait,) = state.questions, state.waits
        assert words(question.answers) == words(wait.answers)
        assert [answer.answer for answer in question.answers] == [answer for _, answer in in_time]
        assert wait.answered_at == AT + timedelta(minutes=in_time[0][0])
        assert wait.answer == in_time[-1][1]
        assert sorted(answer.number for answer in question.answers) == list(range(len(given_)))


@given(st.permutations(["eta", "release", "call"]), st.sampled_from(["arrived", "released", "scene"]))
def test_what_has_happened_settles_its_own_question_alone(asked: list[str], how: str) -> None:
    happened = {
        "arrived": ev.OtherServiceArrived(A, "reported"),
        "released": ev.OtherServiceReleased(A, P),
        "scene": ev.ResourceReported(A, "A1", "dca", "scene", None),
    }[how]
    state = after()
    for number, about in enumerate(asked):
        state = evolve(state, "inc_1", ev.QuestionAsked(f"qst_{number + 2}", A, P, about), AT)
    state = evolve(state, "inc_1", happened, AT + timedelta(minutes=1))
    settled = {q.about for q in state.questions if not q.open}
    assert settled == ({"eta", "release"} if how == "released" else {"eta"})
    assert len(state.questions) == 4

"""What became of an expectation is told with its times, and nothing more than the log shows."""

from datetime import UTC, datetime, timedelta

import pytest

from jru.domain.agency import Agency
from jru.domain.event_types import Event
from jru.domain.exercise import Expectation, Part
from jru.domain.exercise_judging import Happened, Verdict, clock, judge
from jru.domain.incident_events import OtherServiceRequested, SceneDeclaredSafe
from jru.domain.unit_events import StatusSet

BEGIN = datetime(2019, 8, 16, 18, 30, tzinfo=UTC)
END = BEGIN + timedelta(minutes=10)
STEPS = {"call": BEGIN}
ASKED = OtherServiceRequested(Agency.POLICE, Agency.AMBULANCE, "police")
SAFE = SceneDeclaredSafe("constable")
THERE = StatusSet("scene", "6", "at scene", "inc_1", None, (), False)


def at(seconds: int, event: Event, who: Part = Part.AMBULANCE_ROOM, incident: str | None = "one") -> Happened:
    return Happened(BEGIN + timedelta(seconds=seconds), who, event, incident)


ASKS = Expectation((Part.AMBULANCE_ROOM,), "asks", "Why.", "one", "call", 60)
ARRIVES = Expectation((Part.CREW,), "arrives", "Why.", "one", not_before="says_safe")
NEVER = Expectation((Part.CREW,), "arrives", "Why.", "one", never=True)


@pytest.mark.parametrize(
    ("happened", "over_s", "verdict", "words"),
    [
        (
            [at(42, ASKED)],
            600,
            Verdict.MET,
            "Ambulance room asks the other room after 0:42; expected within 1:00.",
        ),
        ([at(60, ASKED)], 600, Verdict.MET, "after 1:00"),
        ([at(61, ASKED)], 600, Verdict.LATE, "after 1:01; expected within 1:00."),
        ([], 600, Verdict.MISSED, "Nobody of the ambulance room asks the other room before the end"),
        ([at(42, ASKED, Part.POLICE_ROOM)], 600, Verdict.MISSED, "Nobody of the ambulance room"),
        ([at(42, ASKED, incident="other")], 600, Verdict.MISSED, "Nobody of the ambulance room"),
        ([at(-5, ASKED)], 600, Verdict.MISSED, "Nobody of the ambulance room"),
        (
            [],
            30,
            Verdict.OPEN,
            "Nobody of the ambulance room asks the other room before the exercise ended; 1:00",
        ),
    ],
)
def test_what_should_be_done_in_time(
    happened: list[Happened], over_s: int, verdict: Verdict, words: str
) -> None:
    found = judge(ASKS, happened, STEPS, BEGIN + timedelta(seconds=over_s))
    assert found.verdict is verdict
    assert words in found.sentence


def test_a_step_that_never_came_leaves_it_open() -> None:
    assert judge(ASKS, [at(5, ASKED)], {}, END).verdict is Verdict.OPEN


@pytest.mark.parametrize(
    ("happened", "verdict"),
    [
        ([at(10, SAFE, Part.POLICE_ROOM), at(20, THERE, Part.CREW)], Verdict.MET),
        ([at(10, THERE, Part.CREW), at(20, SAFE, Part.POLICE_ROOM)], Verdict.MISSED),
        ([at(10, THERE, Part.CREW)], Verdict.MISSED),
        ([], Verdict.MET),
    ],
)
def test_what_must_wait_for_something_else(happened: list[Happened], verdict: Verdict) -> None:
    assert judge(ARRIVES, happened, STEPS, END).verdict is verdict


def test_what_must_never_be_done() -> None:
    assert judge(NEVER, [], STEPS, END).verdict is Verdict.MET
    assert (
        judge(NEVER, [at(10, THERE, Part.CREW)], STEPS, END).sentence == "Crew taps on scene; nobody should."
    )


def test_times_are_written_in_minutes_and_seconds() -> None:
    assert [clock(s) for s in (0, 61, 600, -75)] == ["0:00", "1:01", "10:00", "-1:15"]

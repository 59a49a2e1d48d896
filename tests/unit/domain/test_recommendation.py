"""Which unit: ranked, each with its reasons and everything that speaks against it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jru.domain import incident_events as iev
from jru.domain import unit_events as uev
from jru.domain.agency import Agency
from jru.domain.dispatch import Candidate, Ranked, otherwise, recommend
from jru.domain.event_types import Event
from jru.domain.unit import Unit
from tests.unit.domain.scenes import NOW, A, P, crewed, joint, scheme

OFFERED = uev.UnitOffered("off_1", "inc_9", P, 2, NOW + timedelta(seconds=90), "scene", "r", None, 60, "road")
ASSIGNED = uev.UnitAssigned("inc_9", "police", P, 1)


def tapped(status: str) -> uev.StatusSet:
    return uev.StatusSet(status, "", "", None, None, (), against_hold=False)


def ranked(
    *units: Unit, eta_s: float | None = 240.0, age_s: float | None = 10.0, at: float = 60
) -> list[Ranked]:
    candidates = [Candidate(u, eta_s, 2600.0, "road", age_s) for u in units]
    return recommend(candidates, joint(), scheme(), NOW + timedelta(seconds=at))


def codes(unit: Unit, **known: float | None) -> dict[str, bool]:
    (found,) = ranked(unit, **known)  # type: ignore[arg-type]
    assert all(s.words in found.sentence for s in found.shortfalls)
    return {s.code: s.blocks for s in found.shortfalls}


def test_a_full_and_free_crew_has_nothing_against_it() -> None:
    (found,) = ranked(crewed())
    assert found.can_offer
    assert found.joint_complete
    assert found.shortfalls == ()
    assert found.sentence == "4 min: joint complete, 2.6 km"


@pytest.mark.parametrize(
    ("more", "code", "blocks"),
    [
        ((uev.UnitBookedOff(),), "off_duty", True),
        ((ASSIGNED,), "committed", True),
        ((OFFERED,), "offered", True),
        ((tapped("meal"),), "not_ready", True),
        ((uev.SeatLeft("paramedic", "hospital"),), "seat_missing", False),
    ],
)
def test_what_speaks_against_a_unit(more: tuple[Event, ...], code: str, blocks: bool) -> None:
    assert codes(crewed(*more))[code] is blocks
    assert ranked(crewed(*more))[0].can_offer is not blocks


def test_a_vehicle_with_nobody_aboard_is_not_offered() -> None:
    empty = crewed(*(uev.SeatLeft(s, "custody") for s in ("paramedic", "police_driver", "police_second")))
    assert codes(empty)["seat_missing"] is True


def test_a_unit_of_other_districts_is_named_so() -> None:
    assert codes(crewed(call_sign="JR02", district="gravesham")) == {"out_of_area": False}


@pytest.mark.parametrize(("age_s", "words"), [(None, "no position"), (600.0, "position 10 min old")])
def test_an_old_or_missing_position_is_told(age_s: float | None, words: str) -> None:
    (found,) = ranked(crewed(), age_s=age_s)
    assert [s.code for s in found.shortfalls] == ["stale_position"]
    assert words in found.sentence


def test_a_way_beyond_the_limit_is_told() -> None:
    assert codes(crewed(), eta_s=None) == {"beyond_limit": False}


def test_the_time_left_of_the_duty_is_held_against_the_expected_job() -> None:
    (found,) = ranked(crewed(hours=1))
    assert [s.code for s in found.shortfalls] == ["duty_end"]
    assert "59 min of duty left, the job takes about 74" in found.sentence
    assert not found.shortfalls[0].blocks
    assert codes(crewed(hours=1), at=3601)["duty_end"] is True


def test_a_break_that_is_due_or_overdue_is_told_until_it_was_taken() -> None:
    due_s = scheme().timers.break_due_after_s + 1
    assert codes(crewed(hours=10), at=due_s) == {"break_due": False}
    (late,) = ranked(crewed(hours=10), at=due_s + 600)
    assert "break 10 min overdue" in late.sentence
    rested = crewed(tapped("meal"), tapped("available"), hours=10)
    assert codes(rested, at=due_s) == {}


def test_ranks_free_before_taken_complete_before_not_and_near_before_far() -> None:
    near, far = crewed(call_sign="JR01"), crewed(call_sign="JR02")
    lame = crewed(uev.SeatLeft("paramedic", "hospital"), call_sign="JR03")
    taken = crewed(ASSIGNED, call_sign="JR04")
    etas = {"JR01": 300.0, "JR02": 600.0, "JR03": 60.0, "JR04": 30.0}
    candidates = [Candidate(u, etas[u.call_sign], 1.0, "road", 1.0) for u in (taken, lame, far, near)]
    found = recommend(candidates, joint(), scheme(), NOW)
    assert [r.call_sign for r in found] == ["JR01", "JR02", "JR03", "JR04"]
    assert [r.rank for r in found] == [1, 2, 3, 4]
    assert found[3].divert_from == "inc_9"


@given(
    st.lists(st.tuples(st.sampled_from(["JR01", "JR02", "JR03"]), st.none() | st.floats(0, 4000)), max_size=6)
)
def test_nobody_is_left_out_and_blocked_units_come_last(given_units: list[tuple[str, float | None]]) -> None:
    units = [
        Candidate(crewed(*((ASSIGNED,) if n % 3 == 0 else ()), call_sign=c), eta, None, "road", 1.0)
        for n, (c, eta) in enumerate(given_units)
    ]
    found = recommend(units, joint(), scheme(), NOW)
    assert sorted(r.call_sign for r in found) == sorted(c for c, _ in given_units)
    assert [r.can_offer for r in found] == sorted((r.can_offer for r in found), reverse=True)


def other(agency: Agency, *more: Event) -> str:
    return otherwise(joint(P, "assault_injury", "2", "medway", (), *more), agency, scheme(), NOW)


def test_what_each_service_would_send_otherwise() -> None:
    assert other(P) == "nothing sent yet; standard for 2 is 60 min"
    slow = joint(P, "assault_injury", "3", "medway", ())
    assert otherwise(slow, P, scheme(), NOW) == "nothing sent yet; standard for 3 is 48 h"
    assert other(A) == "no call of its own here; nothing sent"
    asked = iev.OtherServiceRequested(A, P, "clinician")
    assert other(A, asked) == "asked for; nothing sent yet"
    assert other(A, asked, iev.OtherServiceAnswered(A, "no", None)) == "asked for, answered no"
    coming = iev.OtherServiceAnswered(A, "yes", NOW + timedelta(minutes=9))
    assert other(A, asked, coming) == "asked for, 9 min"
    coming = iev.ResourceReported(P, "P1", "patrol", "mobile", NOW + timedelta(minutes=7))
    assert other(P, coming) == "P1, 7 min"
    there = iev.ResourceReported(P, "P2", "patrol", "scene", None)
    assert other(P, coming, there) == "P2 is at scene"
    gone = iev.ResourceReported(P, "P1", "patrol", "stood_down", None)
    assert other(P, coming, gone) == "nothing sent yet; standard for 2 is 60 min"
    assert other(P, iev.ResourceReported(P, "P3", "patrol", "assigned", None)) == (
        "P3 assigned, no arrival time given"
    )

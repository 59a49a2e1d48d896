"""A crew's break: planned by a room or the crew, seen by both rooms, and told where a job would cost it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jru.domain import commands as cmd
from jru.errors import Refused
from jru.services import wording
from tests.services.world import AMBULANCE, POLICE, World, north_kent, officer

HALF_HOUR = timedelta(minutes=30)
KENT = ZoneInfo("Europe/London")


def plan(world: World, unit: str, later: timedelta = HALF_HOUR, **more: object) -> datetime:
    starts_at = world.clock.now() + later
    world.do(POLICE, cmd.PlanBreak(unit_id=unit, starts_at=starts_at, **more))  # type: ignore[arg-type]
    return starts_at


def sentence(world: World, incident: str) -> str:
    """Return what the recommendation says of the first unit."""
    found = world.services.recommendation(AMBULANCE, incident)
    return str(found["units"][0]["sentence"])


def test_a_plan_is_seen_by_both_rooms_with_its_place_and_length() -> None:
    world = World()
    unit = world.ready()
    at = plan(world, unit)
    minutes = north_kent().timers.break_length_s // 60
    for room in (POLICE, AMBULANCE):
        assert world.unit(unit, room)["breaks"]["planned"] == {
            "at": wording.iso(at),
            "ends_at": wording.iso(at + timedelta(minutes=minutes)),
            "minutes": minutes,
            "place": "Medway base",
        }


def test_a_new_plan_takes_the_place_of_the_old_one_and_either_room_or_the_crew_takes_it_back() -> None:
    world = World()
    unit = world.ready()
    plan(world, unit)
    at = plan(world, unit, timedelta(hours=1), minutes=20)
    assert world.unit(unit)["breaks"]["planned"]["at"] == wording.iso(at)
    world.do(officer(unit), cmd.CancelBreak(unit_id=unit))
    assert world.unit(unit, AMBULANCE)["breaks"]["planned"] is None
    with pytest.raises(Refused, match="no break of JR01 is planned"):
        world.do(AMBULANCE, cmd.CancelBreak(unit_id=unit))


def test_a_break_that_began_is_no_plan_any_more_and_stands_as_taken() -> None:
    world = World()
    unit = world.ready()
    plan(world, unit)
    world.clock.advance(1800)
    world.tap(unit, "meal")
    began = world.unit(unit)["breaks"]
    assert (began["planned"], began["ended_at"]) == (None, None)
    with pytest.raises(Refused, match="has its break now"):
        plan(world, unit)
    world.clock.advance(1800)
    world.tap(unit, "available")
    taken = world.unit(unit)["breaks"]
    assert began["began_at"] == taken["began_at"] < taken["ended_at"]
    assert world.unit(unit)["break_due_at"] is None


@pytest.mark.parametrize(("spare_s", "due"), [(-60, False), (0, False), (60, True)])
def test_a_break_that_falls_due_when_the_duty_is_over_is_not_announced(spare_s: int, due: bool) -> None:
    world = World()
    unit = world.book_on(duty=timedelta(seconds=north_kent().timers.break_due_after_s + spare_s))
    assert (world.unit(unit)["break_due_at"] is not None) is due


@pytest.mark.parametrize("later", [timedelta(minutes=-6), timedelta(hours=15)])
def test_a_break_lies_within_what_is_left_of_the_duty(later: timedelta) -> None:
    world = World()
    unit = world.ready()
    with pytest.raises(Refused, match="a break of JR01 begins from now until"):
        plan(world, unit, later)


def test_a_place_that_the_scheme_does_not_have_is_refused() -> None:
    world = World()
    unit = world.ready()
    with pytest.raises(Refused, match="no site 'nowhere'"):
        plan(world, unit, site="nowhere")


def test_the_recommendation_says_which_break_a_job_would_cost() -> None:
    world = World()
    unit, job = world.ready(), world.call(AMBULANCE, kind="fall")
    assert "break" not in sentence(world, job)
    at = plan(world, unit, timedelta(minutes=15))
    local = f"{at.astimezone(KENT):%H:%M}"
    assert f"break of {local} would be lost" in sentence(world, job)
    world.clock.advance(2 * 3600)
    assert f"break of {local} missed" in sentence(world, job)
    world.do(POLICE, cmd.CancelBreak(unit_id=unit))
    world.clock.advance(north_kent().timers.break_due_after_s - 2 * 3600 - 600)
    assert "before the job ends" in sentence(world, job)

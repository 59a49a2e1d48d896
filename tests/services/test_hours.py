"""However an incident ends, the hours that joint units gave to it are on it, by service."""

from __future__ import annotations

from typing import Any

from jru.domain import commands as cmd
from tests.services.world import AMBULANCE, GILLINGHAM, POLICE, World, officer

PLACE = cmd.PlaceGiven("High Street", *GILLINGHAM)


def attended(world: World) -> tuple[str, str]:
    """Return unit and incident, opened by a report, with a joint unit at the scene for an hour."""
    unit = world.ready()
    incident = str(world.report(POLICE, "P1", 1, "create", place=PLACE, grade="2").outcome["incident_id"])
    world.send(POLICE, unit, incident)
    world.tap(unit, "mobile", "scene")
    world.clock.advance(3600)
    return unit, incident


def hours(world: World, incident: str) -> dict[str, Any]:
    """Return the hours of an incident that has ended."""
    row = world.row(POLICE, incident)
    assert row["phase"] == "closed"
    return dict(row["hours"])


def given(found: dict[str, Any]) -> bool:
    """Tell whether two officers and a paramedic gave a little more than an hour each."""
    return 7200 < found["police_s"] < 7400 and 3600 < found["ambulance_s"] < 3700


def test_hours_at_a_rooms_close_report_after_the_work() -> None:
    world = World()
    unit, incident = attended(world)
    world.tap(unit, "available")
    world.code(unit, incident)
    world.report(POLICE, "P1", 2, "close")
    assert given(hours(world, incident))


def test_hours_at_a_rooms_close_report_before_the_outcome() -> None:
    world = World()
    unit, incident = attended(world)
    world.tap(unit, "available")
    world.report(POLICE, "P1", 2, "close")
    world.code(unit, incident)
    assert given(hours(world, incident))


def test_hours_at_a_close_report_while_the_unit_is_there() -> None:
    world = World()
    unit, incident = attended(world)
    world.report(POLICE, "P1", 2, "close")
    world.code(unit, incident)
    world.tap(unit, "available")
    assert given(hours(world, incident))


def test_hours_when_the_unit_is_stood_down_after_a_close_report() -> None:
    world = World()
    unit, incident = attended(world)
    world.report(POLICE, "P1", 2, "close")
    world.do(POLICE, cmd.StandDownUnit(unit_id=unit, reason="done"))
    assert given(hours(world, incident))


def test_hours_when_the_unit_is_diverted_after_a_close_report() -> None:
    world = World()
    unit = world.ready()
    incident = str(world.report(POLICE, "P1", 1, "create", place=PLACE, grade="2").outcome["incident_id"])
    world.send(POLICE, unit, incident)
    world.tap(unit, "mobile")
    world.clock.advance(3600)
    world.report(POLICE, "P1", 2, "close")
    other = world.call(POLICE, grade="1")
    world.do(POLICE, cmd.DivertUnit(unit_id=unit, incident_id=other, reason="nearest"))
    assert given(hours(world, incident))


def test_hours_when_both_rooms_report_the_end_of_a_joined_incident() -> None:
    world = World()
    unit, incident = attended(world)
    told = world.report(AMBULANCE, "A1", 1, "create", place=PLACE, grade="C2", flags=("risk_to_life",))
    other = str(told.outcome["incident_id"])
    world.do(AMBULANCE, cmd.ShareIncident(incident_id=other))
    world.do(POLICE, cmd.DecideMatch(incident_id=incident, other_id=other, same=True))
    world.tap(unit, "available")
    world.code(unit, incident)
    world.report(AMBULANCE, "A1", 2, "close")
    world.report(POLICE, "P1", 2, "close")
    assert given(hours(world, incident))


def test_hours_after_the_crew_has_gone_home_and_another_day_has_begun() -> None:
    world = World()
    unit, incident = attended(world)
    world.tap(unit, "available")
    world.code(unit, incident)
    world.do(officer(unit), cmd.BookOff(unit_id=unit))
    world.wait(4 * 3600)
    world.again().report(POLICE, "P1", 2, "close")
    assert given(hours(world.again(), incident))


def test_hours_stay_when_it_is_opened_again_and_closed() -> None:
    world = World()
    unit, incident = attended(world)
    world.tap(unit, "available")
    world.code(unit, incident)
    world.report(POLICE, "P1", 2, "close")
    world.do(POLICE, cmd.ReopenIncident(incident_id=incident, reason="rang again"))
    world.report(POLICE, "P1", 3, "close")
    assert given(hours(world, incident))


def test_a_vehicle_that_was_told_of_before_a_joining_is_there_once_and_as_it_was_last_told() -> None:
    world = World()
    own, other = world.call(AMBULANCE), world.call(POLICE)
    world.do(POLICE, seen(other, "assigned"))
    world.do(POLICE, cmd.DecideMatch(incident_id=own, other_id=other, same=True))
    for status in ("scene", "left"):
        world.clock.advance(60)
        world.do(POLICE, seen(own, status))
    row = world.row(POLICE, own)
    assert [(r["call_sign"], r["status"]) for r in row["resources"]] == [("P212", "left")]
    assert row["phase"] == "waiting"


def seen(incident: str, status: str) -> cmd.ReportResource:
    """Return what a room tells of a patrol."""
    return cmd.ReportResource(incident_id=incident, call_sign="P212", kind="patrol", status=status)

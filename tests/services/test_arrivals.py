"""When a unit on its way is expected: by road from its newest position, with the time of that position."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from jru.domain import commands as cmd
from tests.services.snapshots import Client, differences, rows_of
from tests.services.world import AMBULANCE, GILLINGHAM, POLICE, World, officer

NEAR = (GILLINGHAM[0] + 0.01, GILLINGHAM[1])


def coming(world: World, incident: str) -> dict[str, Any]:
    """Return the unit on an incident as its row shows it."""
    (unit,) = world.row(POLICE, incident)["units"]
    return dict(unit)


def moment(text: str) -> datetime:
    """Return a time of a row."""
    return datetime.fromisoformat(text)


def place(world: World, unit: str, at: tuple[float, float]) -> None:
    """Let the crew's device say where it is."""
    world.clock.advance(5)
    world.do(officer(unit), cmd.ReportPosition(unit_id=unit, lon=at[0], lat=at[1]))


def test_a_unit_without_a_position_is_expected_from_its_base_since_it_was_assigned() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    world.send(POLICE, unit, incident)
    found = coming(world, incident)
    assert moment(found["eta_from"]) == world.clock.now()
    assert moment(found["eta_at"]) > world.clock.now()


def test_a_position_from_before_the_assignment_does_not_make_the_unit_set_off_earlier() -> None:
    world = World()
    unit = world.ready()
    place(world, unit, NEAR)
    seen_at = world.clock.now()
    incident = world.call(POLICE)
    world.clock.advance(60)
    world.send(POLICE, unit, incident)
    found = coming(world, incident)
    assert moment(found["eta_from"]) == seen_at
    assert moment(found["eta_at"]) > world.clock.now() + timedelta(seconds=25)


def test_the_newest_position_counts_and_its_age_is_shown() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    world.send(POLICE, unit, incident)
    client, base = Client(world.services, AMBULANCE), moment(coming(world, incident)["eta_at"])
    world.tap(unit, "mobile")
    place(world, unit, NEAR)
    found = coming(world, incident)
    assert moment(found["eta_from"]) == world.clock.now()
    assert timedelta(seconds=25) < moment(found["eta_at"]) - world.clock.now() < timedelta(seconds=45)
    assert moment(found["eta_at"]) != base
    client.catch_up(world.services)
    assert client.rows[incident]["units"][0]["eta_at"] == found["eta_at"]
    world.wait(60)
    assert coming(world, incident)["eta_from"] == found["eta_from"]
    for fresh in (world.services, world.again().services):
        assert differences(client.rows, rows_of(fresh.board(AMBULANCE))) == []


def test_whoever_has_arrived_is_expected_no_more() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    world.send(POLICE, unit, incident)
    world.tap(unit, "mobile", "scene")
    assert (coming(world, incident)["eta_at"], coming(world, incident)["eta_from"]) == (None, None)


def test_a_hold_leads_to_the_rendezvous_point() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    world.send(POLICE, unit, incident)
    place(world, unit, GILLINGHAM)
    free = coming(world, incident)["eta_at"]
    world.do(POLICE, cmd.ReportHazard(incident_id=incident, code="weapon"))
    assert moment(coming(world, incident)["eta_at"]) > moment(free)


def test_an_incident_without_a_place_expects_nobody() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    world.send(POLICE, unit, incident)
    world.do(POLICE, cmd.UpdateIncident(incident_id=incident, place=cmd.PlaceGiven("somewhere else")))
    assert coming(world, incident)["eta_at"] is None

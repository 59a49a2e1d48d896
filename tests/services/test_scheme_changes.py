"""Versions of the scheme and states of its districts: dated, approved, and never in the middle of an assignment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jru.domain import commands as cmd
from jru.domain.blueprint import DistrictStatus
from jru.errors import Forbidden, Refused
from jru.services.governing import adopt_blueprint
from tests.services.world import AMBULANCE, POLICE, START, SUPERVISOR, World, embedded, officer, scheme_of

TOMORROW = START + timedelta(days=1)


def second_version(effective: str = "2019-08-16T22:00:00Z") -> str:
    """Return the embedded scheme as version 2."""
    text = embedded().replace("version = 1\n", "version = 2\n")
    return text.replace("effective_at = 2018-02-01T00:00:00Z", f"effective_at = {effective}")


def adopt(world: World, text: str) -> None:
    adopt_blueprint(world.ground, text, scheme_of, world.clock.now())


def shorter_offers(effective: str = "2019-08-16T22:00:00Z") -> str:
    return second_version(effective).replace("offer_timeout_s = 90", "offer_timeout_s = 30")


def test_a_version_holds_from_its_effective_time() -> None:
    world = World()
    adopt(world, shorter_offers())
    assert world.services.scheme(POLICE)["timers"]["offer_timeout_s"] == 90
    world.clock.set(START + timedelta(hours=2))
    assert world.services.scheme(POLICE)["timers"]["offer_timeout_s"] == 30
    assert world.services.scheme(POLICE)["version"] == 2


def test_adoption_is_an_event_with_both_approvals() -> None:
    world = World()
    adopt(world, shorter_offers())
    event = world.log.stream("scheme")[-1]
    assert event.kind == "BlueprintAdopted"
    assert b"police:2018-01-29" in event.data
    assert b"ambulance:2018-01-29" in event.data


def test_a_version_that_one_partner_has_not_approved_is_refused() -> None:
    world = World()
    first = scheme_of(embedded())
    unapproved = replace(first, version=2, approvals=first.approvals[:1])
    with pytest.raises(Refused, match="not approved by: ambulance"):
        adopt_blueprint(world.ground, "version 2", lambda _: unapproved, world.clock.now())


def test_a_version_number_is_used_once() -> None:
    world = World()
    adopt(world, shorter_offers())
    with pytest.raises(Refused, match="version 2"):
        adopt(world, shorter_offers().replace("offer_timeout_s = 30", "offer_timeout_s = 45"))


def test_the_same_version_again_does_nothing() -> None:
    world = World()
    adopt(world, shorter_offers())
    before = world.log.head().seq
    adopt(world, shorter_offers())
    assert world.log.head().seq == before


def test_a_running_assignment_keeps_the_version_it_began_under() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    adopt(world, second_version().replace('ambulance_word = "at patient"', 'ambulance_word = "with patient"'))
    world.send(POLICE, unit, incident)
    world.clock.set(START + timedelta(hours=2))
    world.tap(unit, "scene", "patient")
    assert b"at patient" in world.log.stream(unit)[-1].data
    world.tap(unit, "available")
    second = world.call(POLICE)
    world.send(POLICE, unit, second)
    world.tap(unit, "scene", "patient")
    assert b"with patient" in world.log.stream(unit)[-1].data


def test_a_supervisor_pauses_a_district_with_a_reason_and_everybody_sees_by_whom_and_why() -> None:
    world = World()
    pause = cmd.SetDistrictState(
        district="medway", status=DistrictStatus.PAUSED, reason="no paramedic tonight"
    )
    world.do(SUPERVISOR, pause)
    (medway,) = [d for d in world.services.scheme(AMBULANCE)["districts"] if d["id"] == "medway"]
    assert (medway["status"], medway["reason"], medway["by"]) == (
        "paused",
        "no paramedic tonight",
        "desk:duty",
    )
    with pytest.raises(Refused, match="paused already"):
        world.do(SUPERVISOR, pause)
    with pytest.raises(Refused, match="no district"):
        world.do(SUPERVISOR, cmd.SetDistrictState(district="x", status=DistrictStatus.LIVE, reason="x"))


def test_nobody_else_moves_a_district() -> None:
    world = World()
    unit = world.ready()
    for viewer in (POLICE, AMBULANCE, officer(unit)):
        with pytest.raises(Forbidden):
            world.do(viewer, cmd.SetDistrictState(district="medway", status=DistrictStatus.ENDED, reason="x"))


def test_a_state_holds_from_its_time_on() -> None:
    world = World()
    pause = cmd.SetDistrictState(
        district="medway", status=DistrictStatus.PAUSED, reason="x", at=START - timedelta(hours=1)
    )
    world.do(SUPERVISOR, pause)
    assert world.board.scheme.status_of("medway", START - timedelta(hours=2)) is DistrictStatus.LIVE
    assert world.board.scheme.status_of("medway", TOMORROW) is DistrictStatus.PAUSED


def test_a_change_of_state_reaches_the_rows_that_stand_on_it() -> None:
    world = World()
    world.ready()
    incident = world.call(POLICE)
    before = world.services.board(POLICE)["seq"]
    world.do(SUPERVISOR, cmd.SetDistrictState(district="medway", status=DistrictStatus.PAUSED, reason="x"))
    (row,) = world.services.change(POLICE, before)["incidents"]
    assert row["id"] == incident
    assert row["suitability"]["verdict"] == "consider"

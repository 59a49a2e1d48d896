"""A clinician left alone: both rooms see it and ask, and neither room, nor the crew, sends them to violence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.errors import Refused
from jru.services import wording
from tests.services.world import AMBULANCE, POLICE, World, north_kent, officer, paramedic

RULE = north_kent().lone_worker
assert RULE is not None
EVERY = timedelta(seconds=RULE.check_every_s)


def police_leave(world: World, unit: str) -> None:
    for seat in ("police_driver", "police_second"):
        world.do(paramedic(unit), cmd.ChangeSeat(unit_id=unit, seat=seat, present=False, reason="custody"))


def due(row: dict[str, Any]) -> str:
    return str(row["alone"]["due"]["red_at"])


def iso(world: World, later: timedelta = timedelta()) -> str:
    return wording.iso(world.clock.now() + later)


def test_both_rooms_see_who_is_alone_since_when_and_when_the_check_is_due() -> None:
    world = World()
    unit = world.ready()
    assert world.unit(unit)["alone"] is None
    police_leave(world, unit)
    for room in (POLICE, AMBULANCE):
        alone = world.unit(unit, room)["alone"]
        assert (alone["role"], alone["agency"], alone["since"]) == ("paramedic", "ambulance", iso(world))
        assert alone["due"]["red_at"] == iso(world, EVERY)
        assert alone["due"]["amber_at"] < alone["due"]["red_at"]
    world.do(paramedic(unit), cmd.ChangeSeat(unit_id=unit, seat="police_driver", present=True))
    assert world.unit(unit)["alone"] is None


def test_a_tap_or_a_rooms_word_puts_the_check_off_and_the_log_says_which() -> None:
    world = World()
    unit = world.ready()
    police_leave(world, unit)
    world.clock.advance(600)
    world.do(paramedic(unit), cmd.CheckIn(unit_id=unit))
    assert due(world.unit(unit, POLICE)) == iso(world, EVERY)
    world.clock.advance(600)
    world.do(POLICE, cmd.CheckIn(unit_id=unit))
    assert due(world.unit(unit, AMBULANCE)) == iso(world, EVERY)
    said = [e.data for e in world.log.stream(unit) if e.kind == "CheckedIn"]
    assert said == [b'{"how":"tap"}', b'{"how":"voice"}']


def test_a_tap_that_waited_counts_from_when_it_was_made_and_one_from_the_future_from_now() -> None:
    world = World()
    unit = world.ready()
    police_leave(world, unit)
    world.clock.advance(1200)
    ago = timedelta(seconds=300)
    world.do(paramedic(unit), cmd.CheckIn(unit_id=unit, at=world.clock.now() - ago))
    assert due(world.unit(unit)) == iso(world, EVERY - ago)
    world.do(paramedic(unit), cmd.CheckIn(unit_id=unit, at=world.clock.now() + timedelta(seconds=30)))
    assert due(world.unit(unit)) == iso(world, EVERY)


def test_no_way_leads_a_lone_clinician_to_violence() -> None:
    world = World()
    unit = world.ready()
    calm, fight = world.call(AMBULANCE, kind="fall"), world.call(POLICE, kind="fight")
    world.do(POLICE, cmd.ShareIncident(incident_id=fight))
    police_leave(world, unit)
    for room in (POLICE, AMBULANCE):
        with pytest.raises(Refused, match="the paramedic is alone, and the incident says fight"):
            world.do(room, cmd.OfferUnit(unit_id=unit, incident_id=fight))
    with pytest.raises(Refused, match="is alone"):
        world.do(paramedic(unit), cmd.SelfAssign(unit_id=unit, incident_id=fight))
    world.send(AMBULANCE, unit, calm)
    with pytest.raises(Refused, match="is alone"):
        world.do(AMBULANCE, cmd.DivertUnit(unit_id=unit, incident_id=fight, reason="nearest"))


def test_an_offer_that_stood_when_the_others_left_cannot_be_accepted() -> None:
    world = World()
    unit, fight = world.ready(), world.call(POLICE, kind="fight")
    offer_id = world.offer(POLICE, unit, fight)
    police_leave(world, unit)
    with pytest.raises(Refused, match="is alone"):
        world.do(paramedic(unit), cmd.AnswerOffer(unit_id=unit, offer_id=offer_id, accept=True))
    world.do(officer(unit), cmd.ChangeSeat(unit_id=unit, seat="police_driver", present=True))
    world.do(officer(unit), cmd.AnswerOffer(unit_id=unit, offer_id=offer_id, accept=True))
    assert world.unit(unit)["incident_id"] == fight


def test_left_alone_on_a_job_with_violence_the_row_says_so_also_when_it_is_told_later() -> None:
    world = World()
    unit, job = world.ready(), world.call(AMBULANCE, kind="fall")
    world.send(AMBULANCE, unit, job)
    police_leave(world, unit)
    assert world.unit(unit)["alone"]["against"] is None
    world.do(POLICE, cmd.ReportHazard(incident_id=job, code="violence_marker"))
    assert world.unit(unit)["alone"]["against"] == "violence marker on person or address"

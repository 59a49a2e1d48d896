"""What people read is made of words: no code of the log, no id of the scheme, and nothing said twice."""

from __future__ import annotations

import re

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Agency
from jru.domain.incident_decisions import RESOURCE_STATUSES
from jru.domain.words import RESOURCE_STATUS
from jru.errors import Refused
from tests.services.world import AMBULANCE, GRAVESEND, POLICE, World, crew_of, north_kent, officer, outcome

CODE = re.compile(r"\b[a-z0-9]+(_[a-z0-9]+)+\b")


def sentences(world: World, incident: str) -> list[str]:
    """Return the log of an incident as the police room reads it."""
    return [line["sentence"] for line in world.row(POLICE, incident)["log"]]


def a_whole_job(world: World) -> str:
    """Return an incident with most of what a log may say."""
    unit = world.ready()
    incident = world.call(POLICE, "assault_injury", grade="2", flags=("injury",))
    other = world.call(AMBULANCE, "assault_injury", at=GRAVESEND)
    world.do(POLICE, cmd.RequestOther(incident_id=incident, need="clinician"))
    world.do(AMBULANCE, cmd.AnswerRequest(incident_id=incident, answer="later", eta_min=20))
    for about in ("eta", "call"):
        world.do(POLICE, cmd.AskQuestion(incident_id=incident, about=about))
        world.do(AMBULANCE, cmd.AnswerQuestion(incident_id=incident, about=about, answer="later"))
    for status in ("mobile", "scene", "left"):
        seen = cmd.ReportResource(incident_id=incident, call_sign="A118", kind="ambulance", status=status)
        world.do(AMBULANCE, seen)
    back = world.offer(POLICE, unit, incident)
    world.do(POLICE, cmd.WithdrawOffer(unit_id=unit, offer_id=back, reason="sent too soon"))
    offer = world.offer(POLICE, unit, incident)
    declined = cmd.AnswerOffer(unit_id=unit, offer_id=offer, accept=False, reason="not_ready")
    world.do(officer(unit), declined)
    world.offer(AMBULANCE, unit, other)
    world.do(officer(unit), cmd.SelfAssign(unit_id=unit, incident_id=incident))
    world.tap(unit, "mobile", "scene", "available")
    coded = outcome(incident, contexts=(cmd.ContextSeen("mental_health", "seen"),))
    world.do(officer(unit), coded)
    world.do(officer(unit), cmd.RecordPerson(incident_id=incident, person=1, disposal="see_and_treat"))
    world.close(POLICE, incident, "other_unit_dealt")
    return incident


def test_a_log_is_made_of_words() -> None:
    world = World()
    said = sentences(world, a_whole_job(world))
    assert [line for line in said if CODE.search(line)] == []
    told = "\n".join(said)
    for words in (
        "Police asked for Ambulance: clinician\n",
        "Ambulance A118 (ambulance): Left scene",
        "the crew took it",
        "Outcome: both services were needed, attended, risk tense then calm",
        "Person 1: Treated and left there",
        "Closed: Other units dealt with it",
        "Joint? YES",
    ):
        assert words in told


def test_a_request_says_once_what_is_needed() -> None:
    world = World()
    incident = world.call(POLICE)
    world.do(POLICE, cmd.RequestOther(incident_id=incident, need="ambulance to convey"))
    assert sentences(world, incident)[-1] == "Police asked for Ambulance: ambulance to convey"


def test_every_status_of_a_resource_has_its_words() -> None:
    assert set(RESOURCE_STATUS) == RESOURCE_STATUSES | {"stood_down"}


def test_a_unit_of_another_area_and_one_on_a_job_are_told_in_words() -> None:
    world = World()
    far, busy = world.ready(), world.ready("JR02", "gravesham")
    incident = world.call(POLICE, at=GRAVESEND)
    world.send(POLICE, busy, world.call(POLICE, at=GRAVESEND))
    units = {u["unit_id"]: u["sentence"] for u in world.services.recommendation(POLICE, incident)["units"]}
    assert "belongs to Medway" in units[far]
    assert f"on another incident ({north_kent().statuses['assigned'].word.lower()})" in units[busy]


def test_a_seat_is_refused_in_words() -> None:
    world = World()
    driver, second, medic = crew_of("medway")
    empty = cmd.SeatFilled(medic.seat, medic.agency, medic.role, medic.name, ())
    booking = {
        "call_sign": "JR01",
        "vehicle_id": "JR01",
        "district": "medway",
        "duty_start": world.clock.now(),
        "duty_end": world.clock.now().replace(hour=23),
    }
    wrong = cmd.SeatFilled(driver.seat, Agency.AMBULANCE, medic.role, medic.name, medic.qualifications)
    for seats in ((wrong, second, medic), (driver, second, empty)):
        with pytest.raises(Refused) as refused:
            world.do(POLICE, cmd.BookOn(seats=seats, **booking))  # type: ignore[arg-type]
        assert not CODE.search(str(refused.value))


def test_otherwise_tells_a_room_of_a_call_that_is_not_its_own() -> None:
    world = World()
    world.ready()
    incident = world.call(POLICE)
    found = world.services.recommendation(AMBULANCE, incident)["otherwise"]
    assert found["ambulance"] == "no call of its own here; nothing sent"

"""What one service waits for the other: asked, answered, arrived, released."""

import pytest

from jru.domain import commands as cmd
from jru.errors import Refused
from jru.services.access import Viewer
from tests.services.world import AMBULANCE, POLICE, World, officer, paramedic


def ask(world: World, viewer: Viewer, incident: str, need: str = "clinician") -> None:
    world.clock.advance(60)
    world.do(viewer, cmd.RequestOther(incident_id=incident, need=need))


def waits(world: World, incident: str, viewer: Viewer = POLICE) -> list[dict[str, object]]:
    found: list[dict[str, object]] = world.row(viewer, incident)["waits"]
    return found


def test_a_request_makes_the_incident_visible_and_starts_the_wait() -> None:
    world = World()
    incident = world.call(POLICE, kind="public_order")
    assert incident not in world.listed(AMBULANCE)
    ask(world, POLICE, incident, "somebody to look at a cut hand")
    assert incident in world.listed(AMBULANCE)
    (wait,) = waits(world, incident, AMBULANCE)
    assert (wait["asked"], wait["by"]) == ("ambulance", "police")
    assert wait["need"] == "somebody to look at a cut hand"
    assert wait["requested_at"]
    assert wait["arrived_at"] is None


def test_all_four_times_of_a_wait() -> None:
    world = World()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    world.clock.advance(60)
    world.do(AMBULANCE, cmd.AnswerRequest(incident_id=incident, answer="yes", eta_min=12))
    world.clock.advance(600)
    world.do(AMBULANCE, cmd.RecordArrival(incident_id=incident))
    world.clock.advance(600)
    world.do(POLICE, cmd.RecordRelease(incident_id=incident))
    (wait,) = waits(world, incident)
    assert wait["answer"] == "yes"
    times = [wait[name] for name in ("requested_at", "answered_at", "arrived_at", "released_at")]
    assert times == sorted(str(t) for t in times)
    assert wait["eta_at"] == "2019-08-16T20:14:05.000000Z"


def test_the_joint_unit_ends_the_wait_by_arriving() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    world.send(POLICE, unit, incident)
    world.tap(unit, "mobile", "scene")
    (wait,) = waits(world, incident)
    assert wait["arrived_at"] is not None


def test_a_joint_unit_without_a_clinician_does_not_end_the_wait_for_one() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    world.send(POLICE, unit, incident)
    world.do(officer(unit), cmd.ChangeSeat(unit_id=unit, seat="paramedic", present=False))
    world.tap(unit, "mobile", "scene")
    assert waits(world, incident)[0]["arrived_at"] is None


def test_a_resource_of_the_asked_service_ends_the_wait_by_arriving() -> None:
    world = World()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    for status in ("mobile", "scene"):
        world.do(
            AMBULANCE, cmd.ReportResource(incident_id=incident, call_sign="A12", kind="dca", status=status)
        )
    assert waits(world, incident)[0]["arrived_at"] is not None


def test_both_services_may_wait_for_each_other_at_once() -> None:
    world = World()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    ask(world, AMBULANCE, incident, "police")
    world.do(POLICE, cmd.AnswerRequest(incident_id=incident, answer="later", eta_min=30))
    world.do(AMBULANCE, cmd.AnswerRequest(incident_id=incident, answer="yes", eta_min=5))
    answers = {wait["asked"]: wait["answer"] for wait in waits(world, incident)}
    assert answers == {"police": "later", "ambulance": "yes"}
    world.do(POLICE, cmd.RecordArrival(incident_id=incident))
    arrived = {wait["asked"]: wait["arrived_at"] is not None for wait in waits(world, incident)}
    assert arrived == {"police": True, "ambulance": False}


def test_a_unit_with_both_services_aboard_ends_both_waits() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    ask(world, AMBULANCE, incident, "police")
    world.send(POLICE, unit, incident)
    world.tap(unit, "mobile", "scene")
    assert all(wait["arrived_at"] for wait in waits(world, incident))


def test_a_second_request_waits_for_the_first_to_end() -> None:
    world = World()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    with pytest.raises(Refused, match="asked already"):
        ask(world, POLICE, incident)
    world.do(AMBULANCE, cmd.RecordArrival(incident_id=incident))
    ask(world, POLICE, incident)
    first, second = waits(world, incident)
    assert first["arrived_at"]
    assert second["arrived_at"] is None


@pytest.mark.parametrize(
    "command",
    [
        lambda i: cmd.AnswerRequest(incident_id=i, answer="yes"),
        lambda i: cmd.RecordArrival(incident_id=i),
        lambda i: cmd.RecordRelease(incident_id=i),
    ],
)
def test_nothing_is_answered_that_was_not_asked(command) -> None:  # type: ignore[no-untyped-def]
    world = World()
    incident = world.call(POLICE)
    with pytest.raises(Refused, match=r"nobody has asked|no request"):
        world.do(AMBULANCE, command(incident))


def test_answers_and_resource_statuses_are_codes() -> None:
    world = World()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    with pytest.raises(Refused, match="yes, no or later"):
        world.do(AMBULANCE, cmd.AnswerRequest(incident_id=incident, answer="perhaps"))
    with pytest.raises(Refused, match="assigned, mobile, scene or left"):
        world.do(
            AMBULANCE, cmd.ReportResource(incident_id=incident, call_sign="A1", kind="dca", status="lost")
        )


def test_an_arrival_told_by_the_crew_names_the_vehicle_never_the_person() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    world.send(POLICE, unit, incident)
    world.do(paramedic(unit), cmd.RecordArrival(incident_id=incident))
    sentence = world.row(POLICE, incident)["log"][-1]["sentence"]
    assert "JR01" in sentence
    assert b"Example" not in b"".join(event.data for event in world.log.read(0, 1000))

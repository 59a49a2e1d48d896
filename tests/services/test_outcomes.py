"""Outcomes, hours, and the end of an incident."""

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Label
from jru.domain.blueprint import DistrictStatus
from jru.errors import Refused
from tests.services.world import AMBULANCE, GILLINGHAM, POLICE, SUPERVISOR, World, officer, outcome, paramedic

PLACE = cmd.PlaceGiven("High Street", *GILLINGHAM)


def attended(world: World) -> tuple[str, str]:
    """Return a unit and the incident that it attended and cleared."""
    unit, incident = world.ready(), world.call(POLICE)
    world.send(POLICE, unit, incident)
    world.tap(unit, "mobile", "scene")
    world.clock.advance(1800)
    world.tap(unit, "available")
    return unit, incident


def test_an_incident_that_a_unit_attended_ends_only_with_its_outcome() -> None:
    world = World()
    unit, incident = attended(world)
    with pytest.raises(Refused, match="outcome comes first"):
        world.close(POLICE, incident)
    world.code(unit, incident)
    world.close(POLICE, incident)
    assert world.row(AMBULANCE, incident)["phase"] == "closed"


def test_the_hours_of_each_service_stand_on_the_closed_incident() -> None:
    world = World()
    unit, incident = attended(world)
    world.code(unit, incident)
    world.close(POLICE, incident)
    hours = world.row(POLICE, incident)["hours"]
    assert hours["police_s"] == 2 * hours["ambulance_s"]
    assert 1800 <= hours["ambulance_s"] <= 1900


def test_a_room_system_cannot_end_an_attended_incident_before_its_outcome() -> None:
    world = World()
    unit = world.ready()
    first = world.report(POLICE, "P1", 1, "create", type_code="VP-ASLT", place=PLACE)
    incident = str(first.outcome["incident_id"])
    world.send(POLICE, unit, incident)
    world.tap(unit, "mobile", "scene")
    world.report(POLICE, "P1", 2, "close")
    world.clock.advance(600)
    world.tap(unit, "available")
    assert world.row(POLICE, incident)["phase"] == "waiting"
    world.code(unit, incident)
    row = world.row(POLICE, incident)
    assert row["phase"] == "closed"
    assert row["hours"]["ambulance_s"] > 600


def test_an_incident_with_a_unit_on_it_is_not_closed() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.send(POLICE, unit, incident)
    with pytest.raises(Refused, match="JR01 is still on it"):
        world.close(POLICE, incident)


def test_a_unit_that_was_stood_down_leaves_no_outcome_to_wait_for() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.send(POLICE, unit, incident)
    world.do(POLICE, cmd.StandDownUnit(unit_id=unit, reason="patrol is there"))
    world.close(POLICE, incident)
    assert world.row(POLICE, incident)["phase"] == "closed"


def test_a_joint_incident_ends_when_both_logs_are_closed() -> None:
    world = World()
    one, two = world.call(POLICE), world.call(AMBULANCE)
    world.do(POLICE, cmd.DecideMatch(incident_id=one, other_id=two, same=True))
    world.close(POLICE, one)
    row = world.row(POLICE, one)
    assert row["phase"] == "waiting"
    assert {ref["agency"]: ref["closed_by_sender"] for ref in row["refs"]} == {
        "police": True,
        "ambulance": False,
    }
    with pytest.raises(Refused, match="no open log"):
        world.close(POLICE, one)
    world.close(AMBULANCE, one)
    assert world.row(POLICE, one)["phase"] == "closed"


def test_a_service_without_a_log_here_closes_nothing() -> None:
    world = World()
    incident = world.call(POLICE)
    with pytest.raises(Refused, match="ambulance service has no open log"):
        world.close(AMBULANCE, incident)


def test_a_job_that_is_done_and_coded_waits_for_nobody() -> None:
    world = World()
    unit, incident = attended(world)
    world.code(unit, incident)
    row = world.row(POLICE, incident)
    assert (row["phase"], row["units"]) == ("active", [])
    assert row["due"] == {"amber_at": None, "red_at": None}


def test_opened_again_it_can_be_worked_and_closed_again() -> None:
    world = World()
    unit, incident = attended(world)
    world.code(unit, incident)
    world.close(POLICE, incident)
    with pytest.raises(Refused, match="closed"):
        world.do(POLICE, cmd.ReportHazard(incident_id=incident, code="dog"))
    world.do(POLICE, cmd.ReopenIncident(incident_id=incident, reason="caller rang again"))
    row = world.row(POLICE, incident)
    assert row["phase"] == "waiting"
    assert not row["refs"][0]["closed_by_sender"]
    with pytest.raises(Refused, match="is open"):
        world.do(POLICE, cmd.ReopenIncident(incident_id=incident, reason="again"))
    world.send(POLICE, unit, incident)
    world.tap(unit, "scene", "available")
    world.close(POLICE, incident)
    assert world.row(POLICE, incident)["phase"] == "closed"


def test_the_end_needs_a_reason_of_the_scheme() -> None:
    world = World()
    incident = world.call(POLICE)
    with pytest.raises(Refused, match="no closing reason"):
        world.close(POLICE, incident, "bored")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"need": "some"}, "no need"),
        ({"ended": "somehow"}, "no ended"),
        ({"risk_arrival": "wild"}, "no risk"),
        ({"risk_leaving": "wild"}, "no risk"),
        ({"contexts": (cmd.ContextSeen("rain", "seen"),)}, "no context"),
        ({"contexts": (cmd.ContextSeen("alcohol", "the neighbour: J Example"),)}, "seen, said or record"),
    ],
)
def test_an_outcome_is_coded_by_the_scheme(changes: dict[str, object], words: str) -> None:
    world = World()
    unit, incident = attended(world)
    with pytest.raises(Refused, match=words):
        world.do(officer(unit), outcome(incident, **changes))


def test_the_outcome_is_shown_with_its_contexts_and_their_sources() -> None:
    world = World()
    unit, incident = attended(world)
    contexts = (cmd.ContextSeen("alcohol", "seen"), cmd.ContextSeen("child", "said"))
    world.do(paramedic(unit), outcome(incident, need="police_only", contexts=contexts))
    shown = world.row(AMBULANCE, incident)["outcome"]
    assert shown["need"] == "police_only"
    assert shown["contexts"] == [{"code": "alcohol", "source": "seen"}, {"code": "child", "source": "said"}]


def test_no_outcome_without_a_joint_unit() -> None:
    world = World()
    incident = world.call(POLICE)
    with pytest.raises(Refused, match="no joint unit was on"):
        world.do(POLICE, outcome(incident))


def test_persons_are_recorded_in_order_and_corrected() -> None:
    world = World()
    unit, incident = attended(world)

    def person(number: int, disposal: str, **more: object) -> None:
        command = cmd.RecordPerson(incident_id=incident, person=number, disposal=disposal, **more)  # type: ignore[arg-type]
        world.do(officer(unit), command)

    for wrong in (0, -1):
        with pytest.raises(Refused, match="counted from 1"):
            person(wrong, "custody")
    with pytest.raises(Refused, match="person 1 first"):
        person(2, "custody")
    person(1, "conveyed_ed", conveyed_by="joint_unit", destination="Example Hospital")
    person(2, "custody", custody=True)
    person(1, "s136", s136=True)
    shown = world.row(AMBULANCE, incident)["persons"]
    assert [(p["person"], p["disposal"], p["s136"]) for p in shown] == [
        (1, "s136", True),
        (2, "custody", False),
    ]
    with pytest.raises(Refused, match="no disposal"):
        person(3, "vanished")
    with pytest.raises(Refused, match="nobody conveys by"):
        person(3, "conveyed_ed", conveyed_by="bicycle")


def assessments(world: World, incident: str) -> list[str]:
    return [e.data.decode() for e in world.log.stream(f"{incident}/op") if e.kind == "SuitabilityAssessed"]


def test_the_verdict_is_recorded_when_no_unit_was_sent() -> None:
    world = World()
    incident = world.call(POLICE)
    world.close(POLICE, incident, "no_attendance_needed")
    assert '"occasion":"not_sent"' in assessments(world, incident)[-1]


def test_a_note_after_the_end_assesses_nothing_again() -> None:
    world = World()
    incident = world.call(POLICE)
    world.close(POLICE, incident, "no_attendance_needed")
    before = len(assessments(world, incident))
    world.do(POLICE, cmd.RecordNote(incident_id=incident, text="rang again", label=Label.OPERATIONAL))
    assert len(assessments(world, incident)) == before


@pytest.mark.parametrize("status", [DistrictStatus.BASELINE, DistrictStatus.PAUSED, DistrictStatus.ENDED])
def test_a_district_that_is_not_live_offers_nothing_and_still_records(status: DistrictStatus) -> None:
    world = World()
    unit = world.ready()
    world.do(SUPERVISOR, cmd.SetDistrictState(district="medway", status=status, reason="a reason"))
    incident = world.call(POLICE)
    with pytest.raises(Refused, match=f"the district is {status.value}"):
        world.offer(POLICE, unit, incident)
    assert len(assessments(world, incident)) == 1
    recommendation = world.services.recommendation(POLICE, incident)
    assert recommendation["refusal"] == f"nothing is offered here: the district is {status.value}"
    assert not any(row["can_offer"] for row in recommendation["units"])
    world.do(POLICE, cmd.RequestOther(incident_id=incident, need="clinician"))
    assert world.row(AMBULANCE, incident)["waits"]

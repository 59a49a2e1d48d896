"""Two incidents joined by mistake and parted again: nobody keeps what was the other's, nobody loses theirs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.domain import record_commands as rc
from jru.domain.agency import Agency, Label
from jru.errors import NotFound
from jru.services.access import Viewer
from tests.services.world import AMBULANCE, GILLINGHAM, POLICE, World, officer, paramedic

OURS = ("fight", "police remark 11", "Police Caller", "police place")
THEIRS = ("fall", "ambulance remark 22", "Ambulance Caller", "ambulance place")
NEAR = (GILLINGHAM[0] + 0.0005, GILLINGHAM[1])


def joined() -> tuple[World, str, str]:
    """Return two incidents, each hidden from the other service, that a person joined by mistake."""
    world = World()
    ids = []
    for room, (kind, remarks, name, text), at in ((POLICE, OURS, GILLINGHAM), (AMBULANCE, THEIRS, NEAR)):
        caller = cmd.CallerGiven(name, "01632 960000")
        ids.append(world.call(room, kind=kind, at=at, text=text, remarks=remarks, caller=caller))
    world.do(POLICE, cmd.DecideMatch(incident_id=ids[0], other_id=ids[1], same=True))
    return world, ids[0], ids[1]


def part(world: World, whole: str, leg: str) -> None:
    world.clock.advance(5)
    world.do(POLICE, cmd.Unmerge(incident_id=whole, other_id=leg, reason="two happenings"))


def told(world: World, viewer: Viewer, *incidents: str) -> str:
    """Return everything that a viewer can read, but what a match suggestion shows by design."""
    answers: list[Any] = list(world.services.board(viewer)["incidents"])
    for one in incidents:
        try:
            answers.append(world.row(viewer, one))
        except NotFound:
            continue
    answers = [{k: v for k, v in row.items() if k != "matches"} for row in answers]
    return json.dumps(answers, ensure_ascii=False)


def test_after_parting_neither_service_reads_anything_of_the_other() -> None:
    world, police, ambulance = joined()
    assert "police place" in told(world, AMBULANCE, police, ambulance)
    part(world, police, ambulance)
    for viewer, mine, others in ((POLICE, police, THEIRS), (AMBULANCE, ambulance, OURS)):
        text = told(world, viewer, police, ambulance)
        assert [word for word in others if word in text] == []
        assert mine in world.listed(viewer)
    for viewer, foreign in ((POLICE, ambulance), (AMBULANCE, police)):
        with pytest.raises(NotFound):
            world.row(viewer, foreign)


def test_the_other_leg_leaves_the_screens_at_once() -> None:
    world, police, ambulance = joined()
    place = world.services.place(AMBULANCE)
    assert world.listed(AMBULANCE) == {police}
    part(world, police, ambulance)
    change = world.services.change(AMBULANCE, place)
    assert change["gone"] == [police]
    assert [row["id"] for row in change["incidents"]] == [ambulance]


def test_who_looked_meanwhile_stays_on_record() -> None:
    world, police, ambulance = joined()
    before = world.access_log.head().seq
    world.row(AMBULANCE, police)
    looked = [row.accessed for row in world.access_log.read(before, 10)]
    assert looked
    part(world, police, ambulance)
    kept = [row.accessed for row in world.access_log.read(before, 100)]
    assert kept[: len(looked)] == looked


def test_what_each_service_wrote_about_its_own_while_joined_stays_its_own() -> None:
    world, police, ambulance = joined()
    world.do(AMBULANCE, cmd.RecordNote(incident_id=police, text="patient is diabetic", label=Label.IDENTITY))
    world.do(AMBULANCE, cmd.RecordNote(incident_id=police, text="key safe 1234", label=Label.OPERATIONAL))
    world.do(AMBULANCE, cmd.ReportHazard(incident_id=police, code="dog", note="in the kitchen"))
    world.do(AMBULANCE, cmd.ReportResource(incident_id=police, call_sign="A77", kind="car", status="mobile"))
    world.do(POLICE, cmd.RecordNote(incident_id=police, text="name of the suspect", label=Label.IDENTITY))
    part(world, police, ambulance)
    assert "patient is diabetic" in told(world, AMBULANCE, ambulance)
    for viewer, leg in ((POLICE, police), (AMBULANCE, ambulance)):
        assert [h["note"] for h in world.row(viewer, leg)["hazards"]] == ["in the kitchen"]
    for words in ("key safe 1234", "A77"):
        assert words in told(world, AMBULANCE, ambulance)
        assert words not in told(world, POLICE, police, ambulance)
    assert "patient is diabetic" not in told(world, POLICE, police, ambulance)
    assert "name of the suspect" in told(world, POLICE, police)
    assert "name of the suspect" not in told(world, AMBULANCE, police, ambulance)


def test_records_kept_while_joined_stay_with_the_leg_of_their_service() -> None:
    world, police, ambulance = joined()
    unit = world.ready()
    world.send(AMBULANCE, unit, police)
    world.do(paramedic(unit), rc.RecordCare(incident_id=police, person=1, findings="bruised hip"))
    world.do(officer(unit), rc.RecordArrest(incident_id=police, person=1, offence="affray"))
    world.clock.advance(5)
    world.do(POLICE, cmd.StandDownUnit(unit_id=unit, reason="two happenings"))
    part(world, police, ambulance)
    kept = world.services.record_part(AMBULANCE, Agency.AMBULANCE, ambulance)
    assert [row["said"]["findings"] for row in kept["care"]] == ["bruised hip"]
    mine = world.services.record_part(POLICE, Agency.POLICE, police)
    assert [row["said"]["offence"] for row in mine["arrests"]] == ["affray"]

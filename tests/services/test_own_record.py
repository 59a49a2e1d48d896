"""A person's own record: hours, jobs, what they recorded, their debriefs; theirs alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.domain import record_commands as rc
from jru.domain import shift_commands as sc
from jru.domain.agency import Agency, Label, Role
from jru.errors import Forbidden, NotFound, Refused
from jru.services.access import Viewer
from jru.services.audit_ports import AccessQuery
from tests.services.world import AMBULANCE, POLICE, START, World, officer, paramedic

UNTIL = START + timedelta(days=2)
MEDIC_HELD = ("conflict_resolution", "jru_course", "paramedic_registration")


def duties(world: World, viewer: Viewer) -> list[dict[str, Any]]:
    """Return the viewer's own duties."""
    found: list[dict[str, Any]] = world.services.own_records.record(viewer, START, UNTIL)["duties"]
    return found


def at_home(viewer: Viewer) -> Viewer:
    """Return somebody whose duty is over."""
    return replace(viewer, unit_id=None)


def a_shift(world: World) -> str:
    """Play a shift of one job: the officer references footage, the paramedic records nothing."""
    unit = world.ready()
    incident = world.call(POLICE)
    world.send(POLICE, unit, incident)
    world.tap(unit, "mobile", "scene")
    world.do(
        officer(unit), rc.ReferenceFootage(incident_id=incident, reference="BWV-2019-1", seat="police_driver")
    )
    world.code(unit, incident)
    world.tap(unit, "clearing", "available")
    world.clock.advance(3600)
    return unit


def test_each_member_reads_hours_jobs_by_kind_and_what_they_recorded_themselves() -> None:
    world = World()
    unit = a_shift(world)
    world.do(paramedic(unit), sc.ConfirmBriefing(unit_id=unit, version=1))
    world.do(officer(unit), cmd.BookOff(unit_id=unit))
    (mine,) = duties(world, at_home(officer(unit)))
    assert mine["jobs"] == [{"kind": "Assault with injury", "count": 1}]
    assert mine["recorded"] == [{"kind": "Footage referenced", "count": 1}]
    assert 60 <= mine["minutes"] <= 65
    (theirs,) = duties(world, at_home(paramedic(unit)))
    assert (theirs["jobs"], theirs["recorded"]) == (mine["jobs"], [])


def test_who_did_not_ride_reads_nothing_and_no_room_or_supervisor_may_ask() -> None:
    world = World()
    a_shift(world)
    stranger = Viewer("acc_2", "Constable Example One", Agency.POLICE, Role.SPECIAL_CONSTABLE)
    assert duties(world, stranger) == []
    for role in (Role.POLICE_DISPATCHER, Role.DUTY_SUPERVISOR, Role.PRIVACY_OFFICER):
        with pytest.raises(Forbidden, match="only members of a crew"):
            duties(world, Viewer("somebody", "Somebody", Agency.POLICE, role))


def test_a_debrief_is_the_members_own_also_after_the_duty_and_changes_no_screen() -> None:
    world = World()
    unit = a_shift(world)
    world.do(paramedic(unit), sc.ConfirmBriefing(unit_id=unit, version=1))
    world.do(officer(unit), cmd.BookOff(unit_id=unit))
    before = world.services.head_seq
    told = sc.RecordDebrief(unit_id=unit, happened=("assault",), hindered="no second torch")
    world.do(at_home(paramedic(unit)), told)
    (mine,) = duties(world, at_home(paramedic(unit)))
    assert (mine["debrief"]["happened"], mine["debrief"]["hindered"]) == (["assault"], "no second torch")
    (colleagues,) = duties(world, at_home(officer(unit)))
    assert colleagues["debrief"] is None
    assert world.services.head_seq == before
    for room in (POLICE, AMBULANCE):
        assert "second torch" not in str(world.services.board(room))


def test_a_debrief_of_a_duty_that_somebody_did_not_ride_is_of_nothing_there() -> None:
    world = World()
    unit = a_shift(world)
    stranger = Viewer("acc_2", "Somebody Else", Agency.POLICE, Role.CONSTABLE)
    with pytest.raises(NotFound):
        world.do(stranger, sc.RecordDebrief(unit_id=unit, helped="all"))
    with pytest.raises(Refused, match="say something"):
        world.do(officer(unit), sc.RecordDebrief(unit_id=unit, kit="  "))


def test_a_look_and_a_debrief_stand_in_the_access_log_of_the_own_service_only() -> None:
    world = World()
    unit = a_shift(world)
    world.do(officer(unit), sc.RecordDebrief(unit_id=unit, helped="one press for both rooms"))
    duties(world, officer(unit))
    rows = [row.accessed for row in world.access_log.find(AccessQuery(owners=("police",), limit=100))]
    mine = [row for row in rows if row.justification == "about the person's own duty"]
    assert {row.kind.value for row in mine} == {"collection", "consultation"}
    assert all(row.records == (unit,) and row.labels == (Label.STAFF,) for row in mine)
    others = world.access_log.find(AccessQuery(owners=("ambulance",), limit=100))
    assert not [row for row in others if row.accessed.justification == "about the person's own duty"]


def test_a_relief_counts_from_when_they_took_the_seat_and_the_relieved_until_then() -> None:
    world = World()
    unit = world.ready()
    first = replace(paramedic(unit), name="Example paramedic")
    second = Viewer("acc_9", "Paramedic Example Nine", Agency.AMBULANCE, Role.PARAMEDIC, unit)
    world.do(first, sc.ConfirmBriefing(unit_id=unit, version=1))
    world.clock.advance(3600)
    seat = cmd.SeatFilled("paramedic", Agency.AMBULANCE, Role.PARAMEDIC, second.name, MEDIC_HELD)
    world.do(AMBULANCE, sc.FillSeat(unit_id=unit, filled=seat))
    world.clock.advance(1800)
    world.do(officer(unit), cmd.BookOff(unit_id=unit))
    (one,) = duties(world, at_home(first))
    (two,) = duties(world, second)
    assert (one["minutes"], two["minutes"]) == (60, 30)
    assert two["qualifications"] == sorted(MEDIC_HELD)


def test_a_debrief_is_erased_under_the_clause_of_the_duty() -> None:
    world = World()
    unit = a_shift(world)
    world.do(officer(unit), sc.RecordDebrief(unit_id=unit, helped="one press for both rooms"))
    world.do(officer(unit), cmd.BookOff(unit_id=unit))
    world.clock.advance(timedelta(days=740).total_seconds())
    found = world.services.retention.due(Viewer("po", "Officer Example", Agency.POLICE, Role.PRIVACY_OFFICER))
    assert any(one["record_id"] == unit and one["clause"] == "police_duties" for one in found["findings"])

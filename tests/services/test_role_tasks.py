"""Each role of the label table walks through one task of its day; a role that can do nothing fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from jru.domain import commands as cmd
from jru.domain import record_commands as rc
from jru.domain.agency import Agency, Label, Role
from jru.domain.blueprint import DistrictStatus
from jru.domain.glass_commands import BreakGlass, ReviewGlass
from jru.services.access import Viewer
from jru.services.grants import RIGHTS
from tests.services.table import agencies_of
from tests.services.world import AMBULANCE, POLICE, START, World, officer, outcome, paramedic

DAY = timedelta(days=1)
Task = Callable[["Night", Viewer], None]
TASKS: dict[Role, Task] = {}


@dataclass
class Night:
    """A joint job in progress: an incident, the unit on it, and what both have written down."""

    world: World
    unit: str
    incident: str


@pytest.fixture
def night() -> Night:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE, remarks="Police remark")
    world.send(POLICE, unit, incident)
    world.do(officer(unit), cmd.SetStatus(unit_id=unit, status="scene"))
    world.do(paramedic(unit), rc.RecordCare(incident_id=incident, person=1, treatment="wound dressed"))
    world.do(
        officer(unit), rc.ReferenceFootage(incident_id=incident, seat="police_driver", reference="BWV-77")
    )
    return Night(world, unit, incident)


def task(*roles: Role) -> Callable[[Task], Task]:
    def keep(walk: Task) -> Task:
        TASKS.update(dict.fromkeys(roles, walk))
        return walk

    return keep


@task(Role.PARAMEDIC)
def _treats_and_closes_the_clinical_part(night: Night, viewer: Viewer) -> None:
    night.world.do(
        viewer,
        rc.ConcludeCare(incident_id=night.incident, person=1, disposal="see_and_treat", epcr_ref="EPCR-1"),
    )
    part = night.world.services.record_part(viewer, Agency.AMBULANCE, night.incident)
    assert part["concluded"]


@task(Role.SPECIAL_CONSTABLE, Role.CONSTABLE)
def _records_use_of_force(night: Night, viewer: Viewer) -> None:
    force = rc.RecordForce(
        incident_id=night.incident, person=1, seat="police_driver", tactics=("handcuffs_compliant",)
    )
    night.world.do(viewer, force)
    assert night.world.services.record_part(viewer, Agency.POLICE, night.incident)["force"]


@task(Role.POLICE_DISPATCHER, Role.AMBULANCE_DISPATCHER)
def _takes_a_call_and_tells_the_crew(night: Night, viewer: Viewer) -> None:
    incident = night.world.call(viewer)
    night.world.do(viewer, cmd.ReportHazard(incident_id=incident, code="weapon"))
    assert [h["code"] for h in night.world.row(viewer, incident)["hazards"]] == ["weapon"]


@task(Role.CLINICAL_DESK)
def _reads_what_was_done_and_advises(night: Night, viewer: Viewer) -> None:
    assert "wound dressed" in json.dumps(
        night.world.services.record_part(viewer, Agency.AMBULANCE, night.incident)
    )
    note = cmd.RecordNote(incident_id=night.incident, text="may be seen at home", label=Label.CLINICAL)
    night.world.do(viewer, note)


@task(Role.DUTY_SUPERVISOR)
def _sees_the_board_and_ends_an_emergency(night: Night, viewer: Viewer) -> None:
    night.world.do(officer(night.unit), cmd.RaiseEmergency(unit_id=night.unit))
    night.world.do(viewer, cmd.CancelEmergency(unit_id=night.unit, voice_contact=True))
    assert night.world.services.board(viewer)["units"]


@task(Role.CLINICAL_LEAD)
def _reviews_the_clinical_part_after_the_end(night: Night, viewer: Viewer) -> None:
    _end(night)
    assert "wound dressed" in json.dumps(
        night.world.services.record_part(viewer, Agency.AMBULANCE, night.incident)
    )


@task(Role.POLICE_REVIEWER)
def _reviews_the_police_part_after_the_end(night: Night, viewer: Viewer) -> None:
    _end(night)
    assert "BWV-77" in json.dumps(night.world.services.record_part(viewer, Agency.POLICE, night.incident))


@task(Role.PRIVACY_OFFICER)
def _reviews_an_opening_of_restricted_fields(night: Night, viewer: Viewer) -> None:
    opened = night.world.do(
        POLICE,
        BreakGlass(incident_id=night.incident, labels=(Label.CLINICAL,), reason="allergies needed at once"),
    )
    glass_id = str(opened.outcome["glass_id"])
    night.world.do(viewer, ReviewGlass(glass_id=glass_id, finding="justified"))
    (row,) = night.world.services.glass.queue(viewer)
    assert viewer.agency.value not in row["to_review"]


@task(Role.SCHEME_LEAD)
def _pauses_a_district(night: Night, viewer: Viewer) -> None:
    pause = cmd.SetDistrictState(district="swale", status=DistrictStatus.PAUSED, reason="no crew tonight")
    night.world.do(viewer, pause)


@task(Role.DUTY_PLANNER, Role.SPECIALS_COORDINATOR)
def _sees_who_was_on_duty(night: Night, viewer: Viewer) -> None:
    (duty,) = night.world.services.oversight.duties(viewer)
    assert duty["names"]


@task(Role.FLEET_LEAD, Role.MEDICINES_LEAD)
def _sees_vehicles_and_what_must_be_aboard(night: Night, viewer: Viewer) -> None:
    vehicles = night.world.services.oversight.vehicles(viewer)
    assert any(row["on_duty"] and row["kit"] for row in vehicles)


@task(Role.PERFORMANCE_ANALYST)
def _draws_rows_of_the_own_service(night: Night, viewer: Viewer) -> None:
    night.world.call(AMBULANCE)
    told = night.world.services.oversight.coded_incidents(viewer, START - DAY, START + DAY)
    assert (len(told["incidents"]), told["left_out"]) == (1, 0)


@task(Role.INSPECTOR)
def _reads_the_figures(night: Night, viewer: Viewer) -> None:
    assert night.world.services.oversight.figures(viewer, START - DAY, START + DAY)["measures"]


@task(Role.SYSTEM_ADMINISTRATOR)
def _reads_who_may_see_what_and_no_record(night: Night, viewer: Viewer) -> None:
    assert night.world.services.oversight.access_table(viewer)["roles"]
    assert night.world.services.board(viewer)["incidents"] == []


def _end(night: Night) -> None:
    night.world.do(officer(night.unit), cmd.SetStatus(unit_id=night.unit, status="available"))
    night.world.do(paramedic(night.unit), outcome(night.incident))
    night.world.close(POLICE, night.incident)


EVERYBODY = [(role, agency) for role in sorted(RIGHTS) for agency in agencies_of(role)]


@pytest.mark.parametrize(("role", "agency"), EVERYBODY)
def test_each_role_does_its_task(night: Night, role: Role, agency: Agency) -> None:
    unit_id = night.unit if role.is_crew else None
    TASKS[role](night, Viewer(f"{role}@{agency}", "Somebody Example", agency, role, unit_id))


def test_no_task_is_left_over() -> None:
    assert set(TASKS) == set(RIGHTS)

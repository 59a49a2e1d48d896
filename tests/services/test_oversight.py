"""Each role that does not work the incident can do its task, and sees no more than it needs for it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Agency, Role
from jru.domain.blueprint import DistrictStatus
from jru.errors import Forbidden, InvalidInput, NotFound
from jru.services import oversight
from jru.services.access import Viewer
from jru.services.figures import SMALL, told
from jru.services.records import Row
from tests.services.table import viewers
from tests.services.world import AMBULANCE, POLICE, START, World, officer, outcome, paramedic

DAY = timedelta(days=1)


def somebody(role: Role, agency: Agency = Agency.POLICE) -> Viewer:
    return Viewer(f"{role}@{agency}", "Somebody Example", agency, role)


def coded(world: World, viewer: Viewer) -> list[Row]:
    told = world.services.oversight.coded_incidents(viewer, START - DAY, START + DAY)
    assert told["left_out"] == 0
    rows: list[Row] = told["incidents"]
    return rows


def worked() -> tuple[World, str, str]:
    """Return a world in which a unit has done one joint job."""
    world = World()
    unit = world.ready()
    incident = world.call(POLICE, remarks="Police remark", text="High Street, Gillingham")
    world.send(POLICE, unit, incident)
    world.do(officer(unit), cmd.SetStatus(unit_id=unit, status="scene"))
    world.do(paramedic(unit), outcome(incident))
    world.do(officer(unit), cmd.SetStatus(unit_id=unit, status="available"))
    return world, unit, incident


@pytest.mark.parametrize("role", [Role.DUTY_PLANNER, Role.SPECIALS_COORDINATOR, Role.SCHEME_LEAD])
def test_who_plans_sees_seats_and_skills_of_both_and_names_of_the_own_service(role: Role) -> None:
    world, unit, incident = worked()
    viewer = somebody(role)
    (duty,) = world.services.oversight.duties(viewer)
    assert duty["call_sign"] == "JR01"
    assert {seat["agency"] for seat in duty["seats"]} == {"police", "ambulance"}
    assert all(seat["qualifications"] for seat in duty["seats"])
    assert [set(names) for names in duty["names"]] == [{"police_driver", "police_second"}]
    assert world.services.board(viewer)["incidents"] == []
    for look in (
        lambda: world.services.incident(viewer, incident),
        lambda: world.services.unit(viewer, unit),
    ):
        with pytest.raises(NotFound):
            look()


def test_a_planner_of_the_ambulance_service_sees_the_paramedic_by_name_only() -> None:
    world, _, _ = worked()
    (duty,) = world.services.oversight.duties(somebody(Role.DUTY_PLANNER, Agency.AMBULANCE))
    assert duty["names"] == [{"paramedic": "Example paramedic"}]


@pytest.mark.parametrize("role", [Role.FLEET_LEAD, Role.SCHEME_LEAD, Role.DUTY_SUPERVISOR])
def test_the_fleet_lead_sees_vehicles_their_kit_and_which_is_out(role: Role) -> None:
    world, _, _ = worked()
    vehicles = {row["id"]: row for row in world.services.oversight.vehicles(somebody(role))}
    assert vehicles["JR01"]["on_duty"]["call_sign"] == "JR01"
    assert any(not row["on_duty"] for row in vehicles.values())
    assert all(kit["items"] for row in vehicles.values() for kit in row["kit"])


def test_the_scheme_lead_may_set_the_state_of_a_district() -> None:
    world = World()
    world.do(
        somebody(Role.SCHEME_LEAD),
        cmd.SetDistrictState(
            district="medway", status=DistrictStatus.PAUSED, reason="vehicle in the workshop"
        ),
    )
    with pytest.raises(Forbidden):
        world.do(
            somebody(Role.FLEET_LEAD),
            cmd.SetDistrictState(district="medway", status=DistrictStatus.LIVE, reason="x"),
        )


def test_an_analyst_sees_rows_of_the_own_service_without_place_name_or_number() -> None:
    world, _, incident = worked()
    world.call(AMBULANCE)
    analyst = somebody(Role.PERFORMANCE_ANALYST)
    (row,) = coded(world, analyst)
    assert row["district"] == "medway"
    assert row["need"] == "dual"
    assert row["joint_units"] == 1
    text = json.dumps(row)
    for secret in (incident, "High Street", "Police remark", "51.39", world.row(POLICE, incident)["number"]):
        assert secret not in text
    assert coded(world, analyst) == [row]
    other = somebody(Role.PERFORMANCE_ANALYST, Agency.AMBULANCE)
    (theirs,) = coded(world, other)
    assert theirs["pseudonym"] != row["pseudonym"]


def test_rows_that_are_too_many_are_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oversight, "MOST_ROWS", 2)
    world, analyst = World(), somebody(Role.PERFORMANCE_ANALYST)
    for made in range(4):
        world.call(POLICE)
        world.call(AMBULANCE)
        told = world.services.oversight.coded_incidents(analyst, START - DAY, START + DAY)
        assert (len(told["incidents"]), told["left_out"]) == (min(made + 1, 2), max(made - 1, 0))


def test_an_inspector_sees_counts_and_no_small_ones() -> None:
    world, _, _ = worked()
    for _ in range(SMALL + 1):
        world.call(POLICE)
    world.clock.advance(DAY.total_seconds())
    answer = world.services.oversight.figures(somebody(Role.INSPECTOR), START - DAY, START + DAY)
    measures = {m["measure"]: m for m in answer["measures"]}
    assert measures["incidents"]["total"] == SMALL + 2
    assert measures["attendances"]["total"] is None
    medway = {d["district"]: d for d in measures["attendances"]["districts"]}["medway"]
    assert (medway["count"], medway["held_back"]) == (None, True)


def test_figures_are_of_whole_days_that_have_ended() -> None:
    world = World()
    inspector = somebody(Role.INSPECTOR)
    for _ in range(2 * SMALL):
        world.call(POLICE)
    tonight = world.services.oversight.figures(inspector, START - DAY, START + DAY)
    assert [m["total"] for m in tonight["measures"]] == [0, 0, 0, 0]
    world.clock.advance(DAY.total_seconds())
    whole = world.services.oversight.figures(inspector, START - DAY, START + DAY)
    for moments in (1, 30, 3600):
        later = timedelta(seconds=moments)
        assert world.services.oversight.figures(inspector, START - DAY + later, START + DAY) == whole
        assert world.services.oversight.figures(inspector, START - DAY, START + DAY - later) == whole
    assert (whole["since"][:10], whole["until"][:10]) == ("2019-08-14", "2019-08-16")
    assert whole["measures"][0]["total"] == 2 * SMALL


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ({"a": 7, "b": 9}, {"a": 7, "b": 9}, 16),
        ({"a": 0, "b": 9}, {"a": 0, "b": 9}, 9),
        ({"a": 3, "b": 9, "c": 12}, {"a": None, "b": None, "c": 12}, 24),
        ({"a": 3, "b": 0}, {"a": None, "b": 0}, None),
        ({"a": 1, "b": 1, "c": 20}, {"a": None, "b": None, "c": None}, 22),
        ({"a": 1, "b": 1}, {"a": None, "b": None}, None),
    ],
)
def test_a_small_count_cannot_be_worked_out_from_the_rest(
    counts: dict[str, int], cells: dict[str, int | None], total: int | None
) -> None:
    found, whole = told(counts)
    assert {name: cell.count for name, cell in found.items()} == cells
    assert whole.count == total


@pytest.mark.parametrize(
    ("since", "until"), [(START, START), (START, START - DAY), (START, START + 400 * DAY)]
)
def test_a_period_that_is_none_is_refused(since: object, until: object) -> None:
    world = World()
    with pytest.raises(InvalidInput, match="period"):
        world.services.oversight.figures(somebody(Role.INSPECTOR), since, until)  # type: ignore[arg-type]


def test_everybody_may_read_who_can_see_what() -> None:
    world = World()
    for viewer in viewers("unt_1"):
        table = world.services.oversight.access_table(viewer)
        assert [row["role"] for row in table["roles"] if row["own"]] == [viewer.role.value]


def test_who_has_no_business_with_a_list_is_told_so() -> None:
    world = World()
    seen = world.services.oversight
    looks = {
        "duties": seen.duties,
        "vehicles": seen.vehicles,
        "figures": lambda v: seen.figures(v, START, START + DAY),
        "rows": lambda v: seen.coded_incidents(v, START, START + DAY),
    }
    for look in looks.values():
        for viewer in (POLICE, somebody(Role.SYSTEM_ADMINISTRATOR)):
            with pytest.raises(Forbidden, match="does not look at this"):
                look(viewer)

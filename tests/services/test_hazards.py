"""A knife keeps every clinician at the rendezvous point until police say that the scene is safe."""

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Agency, Role
from jru.errors import Forbidden, Refused
from jru.services.access import Viewer
from tests.services.world import AMBULANCE, GILLINGHAM, POLICE, World, officer, paramedic

HELD = ("weapon", "firearm", "cbrn", "hostage")
NEAR = (GILLINGHAM[0] + 0.0005, GILLINGHAM[1])


def knife(world: World, incident_id: str, viewer: Viewer = AMBULANCE, **more: object) -> None:
    world.clock.advance(5)
    world.do(viewer, cmd.ReportHazard(incident_id=incident_id, code="weapon", note="knife seen", **more))


def safe(world: World, incident_id: str, viewer: Viewer = POLICE, **more: object) -> None:
    world.clock.advance(5)
    world.do(viewer, cmd.DeclareSceneSafe(incident_id=incident_id, **more))


def verdict(world: World, incident_id: str) -> str:
    return str(world.row(POLICE, incident_id)["suitability"]["verdict"])


@pytest.mark.parametrize("code", HELD)
def test_each_holding_hazard_turns_the_verdict_into_hold_at_rvp(code: str) -> None:
    world = World()
    world.ready()
    incident = world.call(POLICE)
    assert verdict(world, incident) == "yes"
    world.do(AMBULANCE, cmd.ReportHazard(incident_id=incident, code=code))
    row = world.row(POLICE, incident)["suitability"]
    assert row["verdict"] == "hold"
    assert row["sentence"].startswith("hold at RVP")
    assert 'police record "scene safe"' in row["nearest_miss"]
    assert world.services.recommendation(AMBULANCE, incident)["target"] == "rvp"


@pytest.mark.parametrize("kind", ["weapons", "firearms", "cbrn", "hostage", "major_incident"])
def test_a_type_that_holds_is_a_hazard_from_the_first_word(kind: str) -> None:
    world = World()
    incident = world.call(AMBULANCE, kind=kind)
    assert verdict(world, incident) == "hold"
    assert world.row(POLICE, incident)["hazards"][0]["holds"]


def test_another_hazard_warns_and_holds_nobody() -> None:
    world = World()
    world.ready()
    incident = world.call(POLICE)
    world.do(AMBULANCE, cmd.ReportHazard(incident_id=incident, code="dog"))
    assert verdict(world, incident) == "yes"
    assert world.row(AMBULANCE, incident)["hazards"][0]["name"] == "Dangerous dog"


def test_police_with_the_right_to_do_so_end_the_hold_and_are_named() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    knife(world, incident)
    world.send(POLICE, unit, incident)
    safe(world, incident, officer(unit), words="knife secured")
    row = world.row(AMBULANCE, incident)
    assert verdict(world, incident) == "yes"
    assert row["scene_safe"]["by"] == "Constable Example One"
    assert row["scene_safe"]["words"] == "knife secured"
    assert "SceneDeclaredSafe" in world.kinds(f"{incident}/op")


def test_nobody_else_ends_the_hold() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    knife(world, incident)
    world.send(POLICE, unit, incident)
    for viewer in (AMBULANCE, paramedic(unit)):
        with pytest.raises(Forbidden):
            safe(world, incident, viewer)
        with pytest.raises(Refused, match="only police"):
            world.do(viewer, cmd.ClearHazard(incident_id=incident, code="weapon", reason="gone"))
    assert verdict(world, incident) == "hold"


def test_the_declaration_needs_something_to_end() -> None:
    world = World()
    incident = world.call(POLICE)
    with pytest.raises(Refused, match="no hazard"):
        safe(world, incident)


def test_a_hold_never_lapses_by_the_clock() -> None:
    world = World()
    incident = world.call(POLICE)
    knife(world, incident)
    world.wait(7 * 24 * 3600)
    assert verdict(world, incident) == "hold"
    assert world.row(AMBULANCE, incident)["hazards"][0]["holds"]


def test_a_new_knife_after_the_declaration_holds_again() -> None:
    world = World()
    incident = world.call(POLICE)
    knife(world, incident)
    safe(world, incident)
    knife(world, incident)
    assert verdict(world, incident) == "hold"


def test_a_declaration_made_before_the_knife_was_seen_does_not_end_the_hold() -> None:
    world = World()
    incident = world.call(POLICE)
    knife(world, incident)
    early = world.clock.now()
    world.clock.advance(60)
    knife(world, incident)
    safe(world, incident, at=early)
    assert verdict(world, incident) == "hold"


def test_a_knife_that_was_told_late_holds_although_the_scene_was_declared_safe_meanwhile() -> None:
    world = World()
    one, two = world.call(POLICE), world.call(AMBULANCE, at=NEAR)
    world.do(POLICE, cmd.DecideMatch(incident_id=one, other_id=two, same=True))
    knife(world, one)
    seen_at = world.clock.now()
    world.clock.advance(60)
    safe(world, one)
    knife(world, one, at=seen_at)
    assert verdict(world, one) == "hold"


def test_a_knife_on_the_other_leg_holds_after_the_join_until_police_speak_again() -> None:
    world = World()
    one, two = world.call(POLICE), world.call(AMBULANCE, at=NEAR)
    knife(world, two)
    world.do(POLICE, cmd.ReportHazard(incident_id=one, code="firearm"))
    safe(world, one)
    world.do(POLICE, cmd.DecideMatch(incident_id=one, other_id=two, same=True))
    assert verdict(world, one) == "hold"
    safe(world, one)
    assert verdict(world, one) != "hold"


def test_a_hazard_taken_back_is_taken_back_on_every_leg() -> None:
    world = World()
    one, two = world.call(POLICE), world.call(AMBULANCE, at=NEAR)
    knife(world, one)
    knife(world, two)
    world.do(POLICE, cmd.DecideMatch(incident_id=one, other_id=two, same=True))
    world.do(POLICE, cmd.ClearHazard(incident_id=one, code="weapon", reason="a toy"))
    assert verdict(world, one) != "hold"
    assert all(hazard["cleared_at"] for hazard in world.row(AMBULANCE, one)["hazards"])


def test_arriving_while_the_scene_is_not_safe_is_recorded_and_marked() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    knife(world, incident)
    world.send(POLICE, unit, incident)
    world.tap(unit, "mobile")
    assert world.unit(unit)["next"][0] == "rvp"
    world.tap(unit, "scene")
    assert world.unit(unit, AMBULANCE)["against_hold"]


def test_police_alone_in_the_vehicle_are_not_held() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    knife(world, incident)
    world.send(POLICE, unit, incident)
    world.do(officer(unit), cmd.ChangeSeat(unit_id=unit, seat="paramedic", present=False, reason="hospital"))
    world.tap(unit, "mobile", "scene")
    assert not world.unit(unit)["against_hold"]


def test_an_unknown_hazard_of_a_report_is_kept_and_shown_as_it_came() -> None:
    world = World()
    done = world.report(
        POLICE,
        "P1",
        1,
        "create",
        type_code="VP-ASLT",
        place=cmd.PlaceGiven("High Street", *GILLINGHAM),
        hazards=(cmd.HazardGiven("lava"),),
    )
    incident = str(done.outcome["incident_id"])
    assert world.row(AMBULANCE, incident)["hazards"][0]["name"] == "unknown hazard lava"


def test_an_unknown_hazard_of_a_person_is_refused() -> None:
    world = World()
    incident = world.call(POLICE)
    with pytest.raises(Refused, match="no hazard 'lava'"):
        world.do(POLICE, cmd.ReportHazard(incident_id=incident, code="lava"))


def test_a_supervisor_only_reads() -> None:
    world = World()
    incident = world.call(POLICE)
    knife(world, incident)
    reader = Viewer("desk:duty", "Inspector Example", Agency.POLICE, Role.DUTY_SUPERVISOR)
    with pytest.raises(Forbidden):
        safe(world, incident, reader)
    assert world.row(reader, incident)["hazards"]


def test_a_knife_told_after_the_unit_has_left_holds_and_is_over_when_police_say_so() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.send(POLICE, unit, incident)
    world.do(POLICE, cmd.StandDownUnit(unit_id=unit, reason="patrol is there"))
    knife(world, incident)
    assert verdict(world, incident) == "hold"
    safe(world, incident)
    assert verdict(world, incident) != "hold"
    world.close(POLICE, incident)
    assert verdict(world, incident) != "hold"


def test_a_knife_nobody_cleared_still_shows_after_the_end() -> None:
    world = World()
    incident = world.call(POLICE)
    knife(world, incident)
    world.close(POLICE, incident, "not_found")
    assert verdict(world, incident) == "hold"

"""A knife is reported: nobody with a clinician goes in until police record the scene safe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from jru.domain.agency import Agency, Role
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, CrewMember, Dispatcher, sit_in, take_desk
from tests.browser.stage import Program, Stage

RVP = "Gillingham rendezvous"


@pytest.fixture
def number(stage: Stage) -> str:
    """A fight with somebody hurt, seen by both rooms, with JR01 ready nearby."""
    stage.put_on_duty("JR01")
    reported = stage.report(
        Agency.POLICE, "1-0816-4412", grade="1", type_code="VP-FGHT", flags=["injury"], remarks="two males"
    )
    found: str = reported["number"]
    return found


def report_knife(police: Dispatcher, number: str) -> None:
    """Record the knife by keyboard, on an incident that was suitable for the joint unit before."""
    police.go_to(number)
    expect(police.verdict).to_have_attribute("data-verdict", "yes")
    police.press("h")
    expect(police.pane.get_by_label("Hazard, shown to both services")).to_be_focused()
    police.type("Knife")
    police.press("Tab")
    police.type("knife seen")
    police.press("Enter")
    expect(police.pane.locator("[data-hazards]")).to_contain_text("knife seen")


def drive_to_rvp(police: Dispatcher, crew: CrewMember, number: str) -> None:
    """Offer, accept, and go as far as the crew may."""
    police.offer("JR01", number)
    expect(crew.page.locator("[data-hold]")).to_contain_text(RVP)
    crew.accept(number)
    crew.step("mobile", "On our way")
    crew.step("rvp", "Arrived at RVP")
    expect(crew.page.locator("[data-next=scene]")).to_have_count(0)


def test_a_knife_holds_the_unit_until_the_police_room_records_the_scene_safe(
    stage: Stage, new_context: NewContext, number: str
) -> None:
    police = take_desk(new_context(), stage.url, "police_dispatcher")
    ambulance = take_desk(new_context(), stage.url, "ambulance_dispatcher")
    crew = sit_in(new_context(**CREW_SCREEN), stage.url, "paramedic", "JR01")

    report_knife(police, number)
    ambulance.go_to(number)
    for room in (police, ambulance):
        expect(room.verdict).to_have_attribute("data-verdict", "hold")
        expect(room.pane).to_contain_text("would be YES", ignore_case=True)
        expect(room.row(number, "WAITING")).to_contain_text("hold")
    expect(police.pane.locator("[data-recommended=JR01]")).to_contain_text("RVP")
    drive_to_rvp(police, crew, number)
    expect(crew.page.locator("[data-scene-safe]")).to_have_count(0)

    expect(ambulance.pane.get_by_text("Record scene safe")).to_have_count(0)
    ambulance.press("w")
    expect(ambulance.refused).to_contain_text("Only police")
    ambulance.press("Enter")
    ambulance.command(f"safe {number}")
    expect(ambulance.refused).to_be_visible()
    ambulance.press("Escape")
    expect(ambulance.verdict).to_have_attribute("data-verdict", "hold")
    expect(crew.page.locator("[data-hold]")).to_be_visible()

    police.press("w")
    expect(police.page.locator("[data-armed]")).to_contain_text("in your name")
    police.press("Enter")
    for room in (police, ambulance):
        expect(room.verdict).to_have_attribute("data-verdict", "yes")
        expect(room.log).to_contain_text("Scene declared safe by police: Police dispatcher")
    expect(crew.page.locator("[data-hold]")).to_have_count(0)
    crew.step("scene", "Arrived on scene")
    expect(police.row(number, "ACTIVE")).to_contain_text("At scene")


def test_the_constable_of_the_crew_records_the_scene_safe_with_two_taps(
    stage: Stage, new_context: NewContext, number: str
) -> None:
    police = take_desk(new_context(), stage.url, "police_dispatcher")
    crew = sit_in(new_context(**CREW_SCREEN), stage.url, "constable", "JR01")
    report_knife(police, number)
    drive_to_rvp(police, crew, number)
    safe = crew.page.locator("[data-scene-safe]")
    safe.tap()
    expect(safe).to_contain_text("Tap again")
    expect(police.verdict).to_have_attribute("data-verdict", "hold")
    safe.tap()
    expect(crew.page.locator("[data-hold]")).to_have_count(0)
    expect(police.verdict).to_have_attribute("data-verdict", "yes")
    expect(police.log).to_contain_text("Scene declared safe by police: Example 1")
    crew.step("scene", "Arrived on scene")


@pytest.mark.parametrize("role", ["ambulance_dispatcher", "paramedic"])
def test_nobody_of_the_ambulance_service_can_record_the_scene_safe(
    stage: Stage, number: str, role: str
) -> None:
    crew = Role(role).is_crew
    token = stage.system.issue_token(Role(role), Agency.AMBULANCE, stage.units["JR01"] if crew else None)
    program = Program(stage.url, token)
    incident = next(row for row in program.get("/board")["incidents"] if row["number"] == number)
    program.do(f"/incidents/{incident['id']}/hazards", {"code": "weapon", "note": "knife seen"})
    answer = program.post(f"/incidents/{incident['id']}/scene-safe", {})
    assert answer.status_code == 403
    full = program.get(f"/incidents/{incident['id']}")
    assert full["scene_safe"] is None
    assert full["suitability"]["verdict"] == "hold"
    program.close()

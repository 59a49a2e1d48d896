"""A joining of two rooms' incidents is taken apart again, from the pane and from the command bar."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import Dispatcher, take_desk
from tests.browser.stage import Stage

NEAR = {"text": "High St, Gillingham", "lon": 0.5483, "lat": 51.3856}


@pytest.fixture
def numbers(stage: Stage) -> list[str]:
    """Two reports of one assault, the police one first, joined by the police room."""
    police = stage.report(Agency.POLICE, "1-0816-4412", grade="1", type_code="VP-ASLT", flags=["injury"])
    ambulance = stage.report(Agency.AMBULANCE, "77120", grade="C2", type_code="TR-ASLT", place=NEAR)
    path = f"/incidents/{police['incident_id']}/match"
    body = {"other_id": ambulance["incident_id"], "decision": "same"}
    stage.programs[Agency.POLICE].do(path, body)
    return [police["number"], ambulance["number"]]


@pytest.fixture
def desk(stage: Stage, new_context: NewContext, numbers: list[str]) -> Dispatcher:
    """The ambulance desk with the joined incident in hand."""
    taken = take_desk(new_context(), stage.url, "ambulance_dispatcher")
    expect(taken.row(numbers[1])).to_have_count(0)
    taken.go_to(numbers[0])
    return taken


def expect_both_again(desk: Dispatcher, numbers: list[str]) -> None:
    """Both incidents stand in the lists, each with its own reference; neither names the other as joined."""
    for number in numbers:
        expect(desk.row(number, "WAITING")).to_be_visible()
    expect(desk.pane.locator("[data-joined]")).to_have_count(0)
    expect(desk.pane.locator("[data-reference=ambulance]")).to_contain_text("no reference yet")
    expect(desk.log).to_contain_text(f"Parted again: {numbers[1]} from {numbers[0]}")
    desk.go_to(numbers[1])
    expect(desk.pane.locator("[data-reference=ambulance]")).to_contain_text("77120")


def test_from_the_pane(desk: Dispatcher, numbers: list[str]) -> None:
    joined = desk.pane.locator(f"[data-joined='{numbers[1]}']")
    expect(joined).to_contain_text("confirmed by the police room at 23:4")
    joined.get_by_role("button", name="Take apart").press("Enter")
    bar = desk.page.locator("[data-command]")
    expect(bar).to_have_value(f"/part {numbers[1]} ")
    desk.press("Enter")
    expect(desk.refused).to_contain_text("Say why they are two")
    expect(joined).to_be_visible()
    bar.press("End")
    desk.type("two addresses")
    desk.press("Enter")
    expect(joined).to_have_count(0)
    expect_both_again(desk, numbers)


def test_by_a_command(desk: Dispatcher, numbers: list[str]) -> None:
    expect(desk.pane.locator("[data-joined]")).to_be_visible()
    desk.command(f"m {numbers[0]} {numbers[1]} different")
    expect(desk.refused).to_contain_text(f"/part {numbers[1]}")
    desk.press("Escape", "Escape")
    desk.command(f"part {numbers[0]} {numbers[1]} two addresses")
    expect_both_again(desk, numbers)


def test_what_both_reports_name_alike_does_not_break_the_pane(stage: Stage, new_context: NewContext) -> None:
    fight = {"type_code": "VP-FGHT", "grade": "2"}
    elsewhere = stage.report(Agency.POLICE, "1-0816-4499", **fight)["number"]
    one = stage.report(Agency.POLICE, "1-0816-4412", grade="1", type_code="VP-ASLT", flags=["injury"])
    two = stage.report(Agency.AMBULANCE, "77120", grade="C2", type_code="TR-ASLT", place=NEAR)
    police = stage.programs[Agency.POLICE]
    for report in (one, two):
        path = f"/incidents/{report['incident_id']}"
        patrol = {"call_sign": "P204", "kind": "patrol", "status": "mobile"}
        police.do(f"{path}/resources", patrol)
        police.do(f"{path}/hazards", {"code": "dog"})
    body = {"other_id": two["incident_id"], "decision": "same"}
    police.do(f"/incidents/{one['incident_id']}/match", body)
    desk = take_desk(new_context(), stage.url, "police_dispatcher")
    desk.go_to(elsewhere)
    desk.go_to(one["number"])
    resources = desk.pane.get_by_role("region", name="Resources")
    expect(resources.get_by_text("P204")).to_have_count(1)
    desk.press("h")
    expect(desk.pane.get_by_label("No longer there").locator("option")).to_have_count(2)

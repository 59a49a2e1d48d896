"""The strip beside a room's own CAD: 420 pixels, by keyboard alone, also in a large zoom."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import Dispatcher, take_desk
from tests.browser.stage import Stage
from tests.browser.test_accessibility import COLOURS_ONLY, assert_sound

STRIP = {"viewport": {"width": 420, "height": 1000}}


def take_strip(new_context: NewContext, stage: Stage, role: str) -> Dispatcher:
    """Sit beside a room's own system with the strip alone."""
    desk = take_desk(new_context(**STRIP), stage.url, role)
    desk.page.goto(f"{stage.url}/strip")
    expect(desk.page.locator(".strip[data-ready]")).to_be_visible()
    return desk


def assert_not_sideways(page: Page, where: str) -> None:
    """The page fits its width, as it is and at a zoom of 200 %."""
    for width, height in ((420, 1000), (210, 500)):
        page.set_viewport_size({"width": width, "height": height})
        found = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert found == [width, width], f"{where} at {width}"
    page.set_viewport_size({"width": 420, "height": 1000})


@pytest.fixture
def number(stage: Stage) -> str:
    """A police assault, and JR01 ready."""
    stage.put_on_duty("JR01")
    told = stage.report(
        Agency.POLICE, "1-0816-4412", grade="1", type_code="VP-ASLT", flags=["injury"], remarks="secret-7f"
    )
    return str(told["number"])


def test_two_rooms_work_beside_their_own_systems(stage: Stage, new_context: NewContext, number: str) -> None:
    police = take_strip(new_context, stage, "police_dispatcher")
    ambulance = take_strip(new_context, stage, "ambulance_dispatcher")

    police.press("j", "Enter")
    expect(police.pane.get_by_role("heading", level=2)).to_have_text(number)
    expect(police.pane.locator("[data-reference=police]")).to_contain_text("1-0816-4412")
    police.command("r clinician")
    waits = ambulance.page.locator("[data-list=WAITS] tr").filter(has_text="Police waiting for clinician")
    expect(waits).to_contain_text("not answered")
    relief = police.page.locator(f"[data-list=WAITS] [data-relief='{number}']")
    expect(relief).to_contain_text("JR01 could come")
    police.offer("JR01", number)
    expect(ambulance.page.locator("[data-list=OFFERS] [data-unit=JR01]")).to_contain_text("1:")
    ambulance.go_to(number)
    ambulance.command("y yes 12")
    expect(relief).to_contain_text("the ambulance service is coming", ignore_case=True)

    for strip in (police, ambulance):
        assert_not_sideways(strip.page, "an incident in hand")
    assert_sound(police.page, "strip, dark")
    police.press("t")
    assert_sound(police.page, "strip, light", COLOURS_ONLY)


PASTED = """CAD Ref: 1-0816-4490
Created: 23:38
Grade: 2
Type: VP-FGHT
Location: 12 Canterbury Street, Gillingham ME7 1AB
Caller: Ann Example 07700 900123
no knife seen, dangerous dog in the garden"""


def clipboard(page: Page) -> str:
    """Return what the next paste would bring."""
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_what_goes_over_to_the_own_system_and_comes_from_it(
    stage: Stage, new_context: NewContext, number: str
) -> None:
    strip = take_strip(new_context, stage, "police_dispatcher")
    page = strip.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    strip.go_to(number)
    strip.command("card")
    expect(strip.told).to_contain_text(f"Card of {number} copied")
    card = clipboard(page)
    assert card.startswith("SYNTHETIC")
    assert f"JRU {number}: own ref 1-0816-4412 grade 1, ambulance ref none yet" in card
    assert "secret-7f" not in card

    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    strip.press("C")
    by_hand = page.locator("[data-card]")
    expect(by_hand).to_be_focused()
    expect(strip.refused).to_contain_text("Ctrl+C copies it")
    assert f"JRU {number}" in str(page.evaluate("getSelection().toString()"))
    strip.press("Escape", "l")
    spoken = page.locator("[data-script]")
    expect(spoken).to_contain_text("Police control, joint unit request")
    assert_sound(page, "line to read out")
    strip.press("Escape")

    page.evaluate(
        "text => Object.getPrototypeOf(navigator.clipboard).writeText.call(navigator.clipboard, text)", PASTED
    )
    strip.press("Control+v")
    draft = page.locator("[data-draft]")
    expect(draft.locator("#draft-ref")).to_have_value("1-0816-4490")
    expect(draft.locator("#draft-type")).to_have_value("fight")
    expect(draft.locator("#draft-remarks")).to_have_value("no knife seen, dangerous dog in the garden")
    expect(draft.locator("[data-pasted]")).to_have_count(8)
    note = draft.locator("#draft-place-note")
    expect(note).to_contain_text("Enter takes the first")
    draft.locator("#draft-place").press("Enter")
    expect(note).to_have_text("on the map at Canterbury Street, Gillingham, not at the exact address")
    expect(draft.locator("#draft-place")).to_have_value("12 Canterbury Street, Gillingham ME7 1AB")
    expect(draft.locator("[data-pasted]")).to_have_count(7)
    assert_not_sideways(page, "draft from a paste")
    assert_sound(page, "draft from a paste")
    page.get_by_role("button", name="Save incident").press("Enter")
    expect(strip.pane.locator("[data-reference=police]")).to_contain_text("1-0816-4490")
    expect(strip.pane.locator("[data-hazards]")).to_contain_text("Dangerous dog")


def test_the_strip_opens_beside_the_console_and_comes_back_after_signing_in(
    stage: Stage, new_context: NewContext, number: str
) -> None:
    desk = take_desk(new_context(), stage.url, "police_dispatcher")
    with desk.page.context.expect_page() as opened:
        desk.press("S")
    strip = opened.value
    expect(strip.locator("[data-list=WAITING] [data-incident]")).to_have_attribute("data-incident", number)
    strip.get_by_role("button", name="Leave").press("Enter")
    strip.locator("[data-role=ambulance_dispatcher]").press("Enter")
    expect(strip.locator(".strip[data-ready]")).to_be_visible()
    expect(strip.get_by_role("heading", level=1)).to_contain_text("Ambulance room")

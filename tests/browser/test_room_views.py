"""What a room has beside its lists: settings of a person, the wall board, the handover sheet."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.busy import fill
from tests.browser.conftest import NewContext
from tests.browser.jobs import hold_emergency
from tests.browser.people import CREW_SCREEN, Dispatcher, sit_in, take_desk
from tests.browser.stage import Stage
from tests.browser.test_accessibility import assert_fits, assert_sound

WALL = {"width": 1920, "height": 1080}


def settings_of(desk: Dispatcher) -> None:
    desk.press(",")
    expect(desk.page.locator("[data-settings]")).to_be_visible()


def test_settings_belong_to_a_person(stage: Stage, new_context: NewContext) -> None:
    fill(stage)
    context = new_context(viewport=WALL)
    desk = take_desk(context, stage.url, "police_dispatcher")
    page = desk.page
    settings_of(desk)
    page.get_by_label("Kept apart for colour blindness").check()
    page.get_by_label("Large", exact=True).check()
    page.get_by_label("Something is overdue").uncheck()
    assert_fits(page, "settings")
    assert_sound(page, "settings, colours kept apart")
    page.get_by_label("Light", exact=True).check()
    assert_sound(page, "settings, colours kept apart, light")
    page.locator("[data-letter=m]").fill("n")
    page.locator("[data-letter=m]").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“n” is taken")
    expect(page.locator("[data-letter=m]")).to_have_value("m")
    page.locator("[data-letter=n]").fill("q")
    page.locator("[data-letter=n]").press("Enter")
    desk.press("Escape", "Escape")
    expect(page.locator("[data-settings]")).to_have_count(0)
    desk.press("n")
    expect(page.locator("[data-draft]")).to_have_count(0)
    desk.press("q")
    expect(page.locator("[data-draft]")).to_be_visible()

    page.reload()
    page.locator(".console[data-ready]").wait_for()
    expect(page.locator("html")).to_have_attribute("data-colours", "apart")
    desk.press("?")
    expect(page.locator("[data-sheet] dt").filter(has_text=re.compile("^q$"))).to_have_count(1)

    other = take_desk(context, stage.url, "ambulance_dispatcher")
    expect(other.page.locator("html")).to_have_attribute("data-colours", "usual")
    other.press("n")
    expect(other.page.locator("[data-draft]")).to_be_visible()


def test_letters_that_are_off_do_nothing_and_are_not_shown(stage: Stage, new_context: NewContext) -> None:
    fill(stage)
    desk = take_desk(new_context(viewport=WALL), stage.url, "police_dispatcher")
    settings_of(desk)
    desk.page.get_by_label("Single letters act", exact=False).uncheck()
    expect(desk.page.locator("[data-letter]")).to_have_count(0)
    desk.press("Escape", "n")
    expect(desk.page.locator("[data-draft]")).to_have_count(0)
    expect(desk.page.locator("kbd").filter(has_text=re.compile("^[a-zA-Z]$"))).to_have_count(0)


def test_the_browser_is_silent_until_somebody_acts_and_that_is_said(
    stage: Stage, new_context: NewContext
) -> None:
    context = new_context(viewport=WALL)
    take_desk(context, stage.url, "police_dispatcher").page.close()
    page = context.new_page()
    page.goto(f"{stage.url}/console")
    page.locator(".console[data-ready]").wait_for()
    expect(page.locator("[data-muted]")).to_contain_text("No sound until")
    page.keyboard.press("Escape")
    expect(page.locator("[data-muted]")).to_have_count(0)


def test_the_wall_shows_what_presses(stage: Stage, new_context: NewContext) -> None:
    busy = fill(stage)
    context = new_context(viewport=WALL)
    desk = take_desk(context, stage.url, "police_dispatcher")
    with context.expect_page() as opened:
        desk.command("wall")
    wall = opened.value
    wall.locator("[data-wall]").wait_for()
    wall.set_viewport_size(WALL)
    expect(wall.locator(f"[data-wall-incident='{busy.numbers['1-0816-4402']}']")).to_contain_text("hold")
    expect(wall.locator(f"[data-wall-wait='{busy.numbers['1-0816-4401']}']")).to_contain_text("clinician")
    expect(wall.locator("[data-wall-unit=JR02]")).to_contain_text("offered")
    assert_fits(wall, "wall")
    assert_sound(wall, "wall, dark")
    wall.evaluate("document.documentElement.dataset.theme = 'light'")
    assert_sound(wall, "wall, light")
    hold_emergency(sit_in(new_context(**CREW_SCREEN), stage.url, "paramedic", "JR01").page)
    expect(wall.get_by_role("alert")).to_contain_text("EMERGENCY JR01")


def test_the_handover_sheet_holds_what_is_open(stage: Stage, new_context: NewContext) -> None:
    busy = fill(stage)
    desk = take_desk(new_context(viewport=WALL), stage.url, "police_dispatcher")
    desk.command("handover")
    sheet = desk.page.locator("[data-handover-sheet]")
    expect(sheet.get_by_role("status")).to_contain_text("stand as read")
    held = sheet.locator(f"[data-handover='{busy.numbers['1-0816-4402']}']")
    expect(held).to_contain_text("knife seen")
    expect(held).to_contain_text("Scene not declared safe")
    waiting = sheet.locator(f"[data-handover='{busy.numbers['1-0816-4401']}']")
    expect(waiting).to_contain_text("Police waiting for clinician")
    expect(waiting).to_contain_text("not decided")
    assert_sound(desk.page, "handover")
    sheet.get_by_label("To the next dispatcher", exact=False).fill("Ring Invented Hospital at six.")
    desk.page.emulate_media(media="print")
    paper = printed(desk.page)
    assert "Ring Invented Hospital at six." in paper
    assert "SYNTHETIC" in paper
    assert busy.numbers["1-0816-4402"] in paper


def printed(page: Page) -> str:
    """Return the words that stand on paper."""
    expect(page.locator(".console")).to_be_hidden()
    return page.locator("body").inner_text()


def test_the_second_monitor_is_all_map(stage: Stage, new_context: NewContext) -> None:
    stage.put_on_duty("JR01")
    context = new_context(viewport=WALL)
    take_desk(context, stage.url, "police_dispatcher")
    page = context.new_page()
    page.goto(f"{stage.url}/console#map")
    expect(page.locator("[data-map][data-drawn]")).to_be_visible()
    expect(page.locator("[data-map] .mappin.unit")).to_contain_text("JR01")
    box = page.locator("[data-map]").bounding_box()
    assert box
    assert (box["width"], box["height"] > 900) == (WALL["width"], True)

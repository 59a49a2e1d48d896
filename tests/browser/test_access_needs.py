"""The screens for those who need them otherwise: twice as large, without motion, in the colours of their own system."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from jru.domain.agency import Agency
from tests.browser.busy import Busy, fill
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, sit_in, take_desk
from tests.browser.stage import Stage, open_stage

# Twice as large: half the room of the two screens that a console is made for.
LARGE = [(960, 540), (640, 400)]
CUT_OFF = """
() => [...document.querySelectorAll('body *')]
  .filter((one) => {
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    return box.width > 0 && box.right > innerWidth + 1 && !one.closest('.unseen') && style.position !== 'fixed';
  })
  .filter((one) => {
    for (let at = one.parentElement; at; at = at.parentElement) {
      if (['auto', 'scroll'].includes(getComputedStyle(at).overflowX)) return false;
    }
    return true;
  })
  .slice(0, 5)
  .map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`)
"""
MOVING = """
() => [...document.querySelectorAll('*')]
  .filter((one) => {
    const style = getComputedStyle(one);
    const long = (times) => times.split(',').some((time) => parseFloat(time) > 0.001);
    return (style.animationName !== 'none' && long(style.animationDuration)) || long(style.transitionDuration);
  })
  .map((one) => `${one.tagName} ${one.className}`)
"""
LOOK = """(one) => { const style = getComputedStyle(one); return [style.color, style.backgroundColor] }"""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """One busy evening for the tests that only look."""
    with open_stage(tmp_path_factory.mktemp("busy")) as stage:
        yield fill(stage)


def assert_nothing_cut_off(page: Page, where: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
    assert page.evaluate(CUT_OFF) == [], where


def test_a_console_twice_as_large_loses_nothing_at_its_side(busy: Busy, new_context: NewContext) -> None:
    desk = take_desk(new_context(), busy.stage.url, "police_dispatcher")
    page = desk.page

    def check(where: str) -> None:
        for width, height in LARGE:
            page.set_viewport_size({"width": width, "height": height})
            assert_nothing_cut_off(page, f"{where} at {width} x {height}")

    check("lists")
    desk.go_to(busy.numbers["1-0816-4402"])
    expect(page.locator("[data-recommendation]")).to_be_visible()
    check("incident in hand")
    for key, shown in (
        ("?", "[data-sheet]"),
        (",", "[data-settings]"),
        ("n", "[data-draft]"),
        ("B", "[data-booking]"),
    ):
        desk.press(key)
        expect(page.locator(shown)).to_be_visible()
        check(shown)
        desk.press("Escape")


def test_a_crew_screen_twice_as_large_keeps_its_emergency_button(busy: Busy, new_context: NewContext) -> None:
    for width in (320, 195):
        screen = {**CREW_SCREEN, "viewport": {"width": width, "height": 422}}
        page = sit_in(new_context(**screen), busy.stage.url, "constable", "JR02").page
        expect(page.locator("[data-accept]")).to_be_visible()
        assert_nothing_cut_off(page, f"offer at {width}")
        button = page.locator("[data-emergency-button]").bounding_box()
        assert button is not None
        assert button["x"] + button["width"] <= width
        assert button["width"] >= 48
        assert button["height"] >= 48


def test_nothing_moves_for_who_asked_for_rest(stage: Stage, new_context: NewContext) -> None:
    desk = take_desk(new_context(reduced_motion="reduce"), stage.url, "police_dispatcher")
    fresh = stage.report(Agency.POLICE, "1-0816-4401", grade="1", type_code="VP-ASLT")["number"]
    expect(desk.row(fresh)).to_be_visible()
    desk.go_to(fresh)
    assert desk.page.evaluate(MOVING) == []
    stage.put_on_duty("JR01")
    crew = sit_in(new_context(**CREW_SCREEN, reduced_motion="reduce"), stage.url, "paramedic", "JR01")
    assert crew.page.evaluate(MOVING) == []


def test_meaning_outlives_the_colours_of_another_system(busy: Busy, new_context: NewContext) -> None:
    desk = take_desk(new_context(forced_colors="active"), busy.stage.url, "police_dispatcher")
    desk.go_to(busy.numbers["1-0816-4402"])
    plain = desk.page.locator("body").evaluate(LOOK)
    hazard = desk.pane.get_by_text("HAZARD", exact=True).first
    assert hazard.evaluate(LOOK) == plain[::-1], "a filled colour becomes a reversal"
    tag = desk.row(busy.numbers["1-0816-4402"]).page.locator("[data-list=UNITS] .tag").first
    assert tag.evaluate(LOOK) == plain[::-1]
    chip = desk.page.locator("[data-list=WAITING] .hold .checks i").first
    assert chip.evaluate(LOOK)[1] == plain[0], "the mark of the joint unit can be seen"
    picked = desk.page.locator("[data-list=WAITING] tr.picked")
    assert "inset" in picked.evaluate("(one) => getComputedStyle(one).boxShadow")
    desk.press("j")
    assert desk.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"

"""The console and the crew's screen at their sizes: nothing scrolls sideways, axe finds nothing serious."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, Dispatcher, sit_in, take_desk
from tests.browser.stage import Stage

SLOW_MS = 60_000
"""The map is drawn in software on a machine without a graphics card."""

FORMS = {"h": "hazard", "i": "note", "e": "resource", "r": "ask", "x": "line", "o": "outcome", "c": "close"}
AT_1280 = {"viewport": {"width": 1280, "height": 800}}
ZOOM_200 = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}


@pytest.fixture
def number(stage: Stage) -> str:
    """A fight with a knife, seen by both rooms, with JR01 ready nearby."""
    stage.put_on_duty("JR01")
    found: str = stage.report(
        Agency.POLICE,
        "1-0816-4412",
        grade="1",
        type_code="VP-FGHT",
        flags=["injury"],
        hazards=[{"code": "weapon", "note": "knife seen"}],
    )["number"]
    stage.report(Agency.AMBULANCE, "77120", grade="C2", type_code="TR-ASLT", flags=["injury"])
    return found


def show_map(desk: Dispatcher) -> None:
    """Show the map by key, where the desk was taken without it, and wait until it is drawn."""
    if desk.page.locator("[data-map]").count() == 0:
        desk.press("v")
    expect(desk.page.locator("[data-map][data-drawn]")).to_be_visible(timeout=SLOW_MS)


def serious(page: Page) -> list[str]:
    """Return what axe finds serious or critical on the page, one line each."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return width


def downwards(page: Page) -> int:
    """Return by how many pixels the page is taller than its window."""
    height: int = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    return height


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_serious_on_the_console(
    stage: Stage, new_context: NewContext, number: str, theme: str
) -> None:
    desk = take_desk(new_context(), stage.url, "police_dispatcher")
    desk.go_to(number)
    if theme == "light":
        desk.press("t")
    expect(desk.page.locator("html")).to_have_attribute("data-theme", theme)
    expect(desk.pane.locator("[data-recommendation]")).to_be_visible()
    show_map(desk)
    assert serious(desk.page) == []
    for key, form in FORMS.items():
        desk.press(key)
        expect(desk.page.locator(f"[data-form={form}]")).to_be_visible()
        assert serious(desk.page) == [], form
        desk.press("Escape")
    desk.press("?")
    expect(desk.page.locator("[data-sheet]")).to_be_visible()
    assert serious(desk.page) == []


def test_axe_finds_nothing_serious_on_the_crew_screen(
    stage: Stage, new_context: NewContext, number: str
) -> None:
    police = take_desk(new_context(), stage.url, "police_dispatcher")
    crew = sit_in(new_context(**CREW_SCREEN), stage.url, "constable", "JR01")
    assert serious(crew.page) == []
    police.go_to(number)
    police.offer("JR01", number)
    expect(crew.offer).to_be_visible()
    assert serious(crew.page) == []
    crew.accept(number)
    assert serious(crew.page) == []
    crew.page.locator("[data-more]").tap()
    assert serious(crew.page) == []
    assert sideways(crew.page) <= 0


def test_the_landing_page_has_nothing_serious(stage: Stage, page: Page) -> None:
    page.goto(stage.url)
    expect(page.locator("[data-role=police_dispatcher]")).to_be_visible()
    assert serious(page) == []


@pytest.mark.parametrize("size", [{}, AT_1280, ZOOM_200], ids=["1920x1080", "1280x800", "200% zoom"])
def test_the_console_never_scrolls_sideways(
    stage: Stage, new_context: NewContext, number: str, size: dict[str, object]
) -> None:
    desk = take_desk(new_context(**size), stage.url, "police_dispatcher")
    desk.go_to(number)
    expect(desk.pane.locator("[data-recommendation]")).to_be_visible()
    assert sideways(desk.page) <= 0
    for key in ("h", "o", "n"):
        desk.press(key)
        assert sideways(desk.page) <= 0, key
        desk.press("Escape")
    if size is not ZOOM_200:
        assert downwards(desk.page) <= 0


def test_the_map_is_drawn_from_the_server_alone(stage: Stage, new_context: NewContext, number: str) -> None:
    asked: list[str] = []
    context = new_context()
    context.on("request", lambda request: asked.append(request.url))
    desk: Dispatcher = take_desk(context, stage.url, "police_dispatcher")
    show_map(desk)
    expect(desk.page.locator("[data-map] .mappin.unit")).to_have_count(1)
    outside = [url for url in asked if not url.startswith((stage.url, f"blob:{stage.url}", "data:"))]
    assert outside == []

"""The screens for everybody: by keyboard alone, at both sizes, in dark and light, and when the link is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jru.domain.agency import Agency
from tests.browser.busy import NO_DECISION_YET, Busy, fill
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, sit_in, take_desk
from tests.browser.stage import Stage, open_stage

COLOURS_ONLY = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
SIZES = [(1920, 1080), (1280, 800)]
WIDER_THAN_ITS_PLACE = """
() => [...document.querySelectorAll('body, main, header, section, article, form, .scroll, .body, .forms')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.tagName} ${one.className} ${one.ariaLabel ?? ''} ${one.scrollWidth} > ${one.clientWidth}`)
"""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """One busy evening for the tests that only look."""
    with open_stage(tmp_path_factory.mktemp("busy")) as stage:
        yield fill(stage)


def assert_sound(page: Page, where: str, options: dict[str, object] | None = None) -> None:
    """Run axe; nothing serious or critical may be found."""
    found = Axe().run(page, options=options).response["violations"]
    grave = [
        f"{where}: {one['id']} ({one['impact']}): {node['target']} {node.get('failureSummary', '')}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]
    assert grave == [], "\n".join(grave)


def assert_fits(page: Page, where: str) -> None:
    """Nothing is wider than its place, and the page itself does not scroll."""
    assert page.evaluate(WIDER_THAN_ITS_PLACE) == [], where
    assert page.evaluate(
        "[document.documentElement.scrollWidth <= innerWidth, document.documentElement.scrollHeight <= innerHeight]"
    ) == [True, True], where


def test_the_landing_page_is_sound(busy: Busy, page: Page) -> None:
    page.goto(busy.stage.url)
    expect(page.locator("[data-role=police_dispatcher]")).to_be_visible()
    assert_sound(page, "landing")


def test_every_state_of_the_console_is_sound_and_fits(busy: Busy, new_context: NewContext) -> None:
    desk = take_desk(new_context(), busy.stage.url, "police_dispatcher")
    page = desk.page

    def check(where: str) -> None:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert_fits(page, f"{where} at {width} x {height}")
        assert_sound(page, f"{where}, dark")
        page.locator("body").evaluate("() => document.documentElement.dataset.theme = 'light'")
        assert_sound(page, f"{where}, light", COLOURS_ONLY)
        page.locator("body").evaluate("() => document.documentElement.dataset.theme = 'dark'")

    first = busy.numbers[NO_DECISION_YET[0]]
    expect(desk.row(first)).to_be_visible()
    check("lists")
    desk.go_to(first)
    expect(desk.log).to_contain_text(first)
    check("incident in hand")
    desk.press("m")
    expect(page.locator("[data-match-review]")).to_be_visible()
    check("match review")
    desk.press("Escape")
    desk.go_to(busy.numbers["1-0816-4402"])
    expect(desk.pane.locator("[data-hazards]")).to_contain_text("knife seen")
    check("hazard")
    desk.press("n")
    expect(page.locator("[data-draft]")).to_be_visible()
    check("draft")
    desk.press("Escape", "?")
    expect(page.locator("[data-sheet]")).to_be_visible()
    check("keys")


def test_the_other_room_with_its_map_is_sound_and_fits(busy: Busy, new_context: NewContext) -> None:
    desk = take_desk(new_context(color_scheme="light"), busy.stage.url, "ambulance_dispatcher", with_map=True)
    expect(desk.page.locator("[data-drawn]")).to_be_visible()
    desk.go_to(busy.numbers["77103"])
    expect(desk.log).to_contain_text("Assigned to")
    assert_fits(desk.page, "ambulance room")
    assert_sound(desk.page, "ambulance room")


def test_the_crew_screens_are_sound(stage: Stage, new_context: NewContext) -> None:
    busy = fill(stage)
    crew = sit_in(new_context(**CREW_SCREEN), stage.url, "constable", "JR02")
    expect(crew.offer).to_be_visible()
    assert_sound(crew.page, "offer")
    crew.accept(busy.numbers["1-0816-4403"])
    for where in ("job in the theme of the hour", "job in the other"):
        assert_sound(crew.page, where)
        assert crew.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
        crew.page.evaluate(
            "() => { const of = document.documentElement.dataset; of.theme = of.theme === 'dark' ? 'light' : 'dark' }"
        )
    crew.page.locator("[data-outcome-button]").tap()
    expect(crew.page.locator("[data-answer]").first).to_be_visible()
    assert_sound(crew.page, "outcome")
    crew.page.locator("[data-back]").tap()
    crew.page.locator("[data-more]").tap()
    expect(crew.page.locator("[data-panel=more]")).to_be_visible()
    assert_sound(crew.page, "all statuses")


def test_the_keyboard_reaches_every_row_and_the_pane(busy: Busy, new_context: NewContext) -> None:
    desk = take_desk(new_context(), busy.stage.url, "police_dispatcher")
    rows = desk.page.locator("[data-row]")
    expect(desk.row(busy.numbers["1-0816-4404"])).to_be_visible()
    names = rows.evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert len(names) >= 9
    walked = []
    for _ in names:
        desk.press("j")
        walked.append(desk.page.evaluate("document.activeElement.ariaLabel"))
        assert desk.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert walked == names
    desk.press(*["k"] * len(names), "Enter")
    first = rows.first.get_attribute("aria-label") or ""
    opened = desk.number_in_hand()
    assert opened in first
    for _ in range(12):
        desk.press("Tab")
        if desk.page.evaluate("document.activeElement.closest('[data-pane=incident]') !== null"):
            break
    else:
        pytest.fail("twelve tabs from a row do not reach the pane")


def test_single_letters_are_dead_while_text_is_typed(busy: Busy, new_context: NewContext) -> None:
    desk = take_desk(new_context(), busy.stage.url, "police_dispatcher")
    desk.go_to(busy.numbers[NO_DECISION_YET[0]])
    every_key = "jknmxyrhwieocsdbfvVtpug123.?"
    desk.press("i")
    note = desk.pane.get_by_label("Note", exact=False).first
    field = desk.page.locator("[data-form=note] :is(input:not([type=checkbox]), textarea)").first
    expect(note).to_be_visible()
    field.focus()
    desk.type(every_key)
    expect(field).to_have_value(every_key)
    desk.press("Escape", "/")
    bar = desk.page.locator("[data-command]")
    expect(bar).to_be_focused()
    desk.type(every_key)
    expect(bar).to_have_value(f"/{every_key}")
    for other in ("[data-draft]", "[data-armed]", "[data-sheet]", "[data-match-review]", "[data-map]"):
        expect(desk.page.locator(other)).to_have_count(0)
    desk.press("Escape")
    desk.press("n")
    expect(desk.page.locator("[data-draft]")).to_be_visible()


def test_a_lost_link_is_said_and_nothing_is_missed(stage: Stage, new_context: NewContext) -> None:
    context = new_context()
    context.clock.install()
    desk = take_desk(context, stage.url, "police_dispatcher")
    before = stage.report(Agency.POLICE, "1-0816-4401", grade="1", type_code="VP-ASLT")["number"]
    expect(desk.row(before)).to_be_visible()
    context.set_offline(True)
    context.clock.run_for(20_000)
    lost = desk.page.locator("[data-link=lost]")
    expect(lost).to_contain_text("No link to the server")
    expect(lost).to_contain_text("stand as at 23:4")
    missed = stage.report(Agency.AMBULANCE, "77101", grade="C2", type_code="TR-ASLT")["number"]
    expect(desk.row(missed)).to_have_count(0)
    context.set_offline(False)
    context.clock.run_for(15_000)
    expect(desk.row(missed)).to_be_visible()
    expect(lost).to_have_count(0)

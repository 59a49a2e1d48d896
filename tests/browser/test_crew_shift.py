"""One crew's whole shift on two devices of two employers, from book-on to the end of duty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from jru.domain.agency import Agency, Role
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, Dispatcher, sign_in
from tests.browser.stage import GILLINGHAM, Stage, open_stage

TARGET_PX = 48


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Stage]:
    """A server as `jru serve` starts it: tokens, and nobody on duty."""
    with open_stage(tmp_path, demo=False) as opened:
        yield opened


def sit(context: BrowserContext, stage: Stage, role: Role, agency: Agency) -> Page:
    """Sign in as a member of JR01's crew, who is on no duty yet."""
    page = context.new_page()
    page.goto(stage.url)
    page.get_by_text("Access token", exact=True).first.click()
    page.get_by_label("Access token").fill(stage.system.issue_token(role, agency, "JR01"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/crew")
    expect(page.locator("[data-off-duty]")).to_be_visible()
    return page


def looks_right(page: Page) -> None:
    """Find no fault by axe, and every button large enough for a glove."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    small = page.evaluate(
        """(least) => [...document.querySelectorAll('button, select, input, summary, a')]
          .filter((one) => one.offsetParent && one.type !== 'checkbox')
          .map((one) => [one.textContent.trim() || one.id, one.getBoundingClientRect()])
          .filter(([, box]) => box.height < least - 0.5)
          .map(([words, box]) => `${words}: ${box.height}`)""",
        TARGET_PX,
    )
    assert small == []


def fill_in(form: Locator, seats: dict[str, str]) -> None:
    """Name some seats and tick all that their holders have."""
    for seat, name in seats.items():
        form.get_by_label(f"Name, {seat}").fill(name)
    for held in form.get_by_role("checkbox").all():
        held.check()


def test_a_crew_plays_its_shift_on_two_devices(plain: Stage, new_context: NewContext) -> None:
    officer = sit(new_context(**CREW_SCREEN), plain, Role.SPECIAL_CONSTABLE, Agency.POLICE)
    medic = sit(new_context(**CREW_SCREEN), plain, Role.PARAMEDIC, Agency.AMBULANCE)
    desk = sign_in(new_context(), plain.url, plain.system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE))
    books_on(officer)
    expect(medic.locator("[data-ready-check]")).to_be_visible()
    is_ready(officer, medic)
    is_relieved(medic, officer)
    waits_where_asked(desk, officer, medic)
    comes_upon_something(plain, officer, medic, desk)
    finishes_the_job(officer)
    ends_the_duty(officer, medic, desk)


def books_on(officer: Page) -> None:
    """Book on, told by the server that a seat's rule is not met, and then with what was missing."""
    form = officer.locator("[data-book-on]")
    officer.get_by_label("Vehicle").select_option("JR01")
    fill_in(form, {"police driver": "Constable Example", "paramedic": "Paramedic Example"})
    form.get_by_label("Response driver").uncheck()
    looks_right(officer)
    form.get_by_role("button", name="Book on JR01").tap()
    expect(form.locator("[data-booking-refused]")).to_contain_text("police driver needs")
    form.get_by_label("Response driver").check()
    form.get_by_role("button", name="Book on JR01").tap()
    expect(officer.locator("[data-ready-check]")).to_be_visible()


def is_ready(officer: Page, medic: Page) -> None:
    """Say that vehicle and kit are checked: the unit is available on both screens."""
    for page in (officer, medic):
        page.locator("[data-open-briefing]").tap()
        expect(page.get_by_role("region", name="Information", exact=True)).to_contain_text("Medway")
        page.locator("[data-briefing-confirm]").tap()
        expect(page.locator("[data-briefing-read]")).to_be_visible()
    expect(officer.locator("[data-briefed]")).to_contain_text("1 police and 1 ambulance")
    looks_right(officer)
    for page in (officer, medic):
        page.locator("[data-back]").tap()
    looks_right(officer)
    officer.locator("[data-ready-tap]").tap()
    for page in (officer, medic):
        expect(page.get_by_role("heading", level=1)).to_contain_text("Available")


def is_relieved(medic: Page, officer: Page) -> None:
    """Let another paramedic take the seat, named to the own service alone; the empty one is filled as well."""
    medic.get_by_role("button", name="Crew", exact=True).tap()
    medic.locator("[data-fill=paramedic]").tap()
    fill_in(medic.locator("[data-seat=paramedic]"), {"paramedic": "Paramedic Sample"})
    looks_right(medic)
    medic.get_by_role("button", name="Take the seat paramedic").tap()
    expect(medic.locator("[data-seat=paramedic]")).to_contain_text("Paramedic Sample")
    medic.locator("[data-back]").tap()
    officer.get_by_role("button", name="Crew", exact=True).tap()
    expect(officer.locator("[data-seat=paramedic]")).not_to_contain_text("Sample")
    officer.locator("[data-fill=police_second]").tap()
    fill_in(officer.locator("[data-seat=police_second]"), {"police second": "Constable Sample"})
    officer.get_by_role("button", name="Take the seat police second").tap()
    expect(officer.locator("[data-seat=police_second]")).to_contain_text("Constable Sample")
    officer.locator("[data-back]").tap()


def waits_where_asked(desk: Dispatcher, officer: Page, medic: Page) -> None:
    """Ask from the room's command bar; the crew's answer stands on all screens."""
    desk.command("wait JR01 Chatham; covers both towns")
    expect(desk.told).to_contain_text("asked to wait there")
    asked = officer.locator("[data-wait]")
    expect(asked).to_contain_text("Wait here: Chatham")
    expect(asked).to_contain_text("covers both towns")
    looks_right(officer)
    asked.get_by_role("button", name="Going there").tap()
    expect(medic.locator("[data-wait]")).to_contain_text("Waiting at Chatham")
    expect(desk.page.locator("[data-list=UNITS] [data-unit=JR01]")).to_contain_text("waits at Chatham")


def comes_upon_something(stage: Stage, officer: Page, medic: Page, desk: Dispatcher) -> None:
    """Come upon something without a link: the tap waits, and both rooms know as soon as it is back."""
    at = {"lon": GILLINGHAM["lon"], "lat": GILLINGHAM["lat"], "at": stage.clock.now().isoformat()}
    (unit,) = stage.programs[Agency.POLICE].get("/board")["units"]
    stage.programs[Agency.POLICE].do(f"/units/{unit['id']}/position", at)
    officer.locator("[data-on-view]").tap()
    expect(officer.locator("#onview-where")).to_contain_text("position of the vehicle goes with it")
    looks_right(officer)
    officer.route("**/on-view", lambda route: route.abort())
    officer.locator("[data-engage=assault_injury]").tap()
    expect(officer.get_by_text("On view: Assault")).to_be_visible()
    officer.unroute("**/on-view")
    expect(medic.locator("[data-job]")).to_be_visible()
    number = str(medic.locator("[data-job]").get_attribute("data-job"))
    expect(officer.locator("[data-job]")).to_have_attribute("data-job", number)
    expect(desk.row(number)).to_be_visible()
    (row,) = stage.programs[Agency.AMBULANCE].get("/board")["incidents"]
    assert (row["number"], row["owner"], row["units"][0]["status"]) == (number, "police", "scene")


def finishes_the_job(officer: Page) -> None:
    """Code the job in four taps and clear it."""
    officer.locator("[data-outcome-button]").tap()
    for answer in ("attended", "police_only", "tense", "calm"):
        officer.locator(f"[data-answer={answer}]").tap()
    expect(officer.locator("[data-outcome-done]")).to_be_visible()
    officer.locator("[data-back]").tap()
    for status in ("clearing", "available"):
        officer.locator("[data-more]").tap()
        officer.locator(f"[data-status={status}]").tap()
        expect(officer.locator("[data-panel]")).to_have_count(0)
    expect(officer.locator("[data-job]")).to_have_count(0)


def ends_the_duty(officer: Page, medic: Page, desk: Dispatcher) -> None:
    """Debrief, book off, debrief on the other device afterwards; each reads an own record of what was theirs."""
    officer.get_by_role("button", name="Crew", exact=True).tap()
    officer.locator("[data-end-of-duty]").tap()
    officer.locator("[data-happened=assault]").tap()
    expect(officer.locator("[data-due=assault]")).to_contain_text("Assault on an officer report")
    expect(officer.locator("[data-welfare]")).to_contain_text("01632 960110")
    officer.get_by_label("What hindered").fill("one torch for three")
    looks_right(officer)
    officer.get_by_role("button", name="Keep my debrief").tap()
    expect(officer.locator("[data-debriefed]")).to_contain_text("kept")
    officer.locator("[data-book-off]").tap()
    for page in (officer, medic):
        expect(page.locator("[data-off-duty]")).to_be_visible()
    expect(desk.page.locator("[data-list=UNITS] [data-unit=JR01]")).to_have_count(0)
    medic.get_by_label("What helped").fill("one tap told both rooms")
    medic.get_by_role("button", name="Keep my debrief").tap()
    expect(medic.locator("[data-debriefed]")).to_contain_text("kept")
    for page, mine, others in ((officer, "one torch", "one tap"), (medic, "one tap", "one torch")):
        page.locator("[data-open-record]").tap()
        duty = page.locator("[data-own-duty=JR01]")
        expect(duty).to_contain_text(mine)
        expect(duty).to_contain_text("Assault with injury 1")
        expect(page.locator("[data-off-duty]")).not_to_contain_text(others)
    looks_right(officer)
    with officer.expect_download() as saved:
        officer.get_by_role("button", name="Save as CSV").tap()
    assert "one torch for three" in saved.value.path().read_text(encoding="utf-8")

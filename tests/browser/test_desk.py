"""The desk: break-glass reaches both privacy officers and is reviewed by them; its pages are for everybody to use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jru.domain.agency import Agency, Role
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, sit_in, take_desk
from tests.browser.stage import Stage, open_stage
from tests.browser.test_accessibility import COLOURS_ONLY, assert_sound

SECONDS = 5_000
REASON = "crew asks for allergies, patient cannot speak"
FINDING = "allergic to penicillin"
AT_1280 = {"viewport": {"width": 1280, "height": 800}}
TELEPHONE = {"width": 390, "height": 844}
SIDEWAYS = """
() => [document.documentElement, ...document.querySelectorAll('main, header, nav, section, table, form, .table')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).position !== 'absolute')
  .map((one) => `${one.tagName} ${one.className} ${one.scrollWidth} > ${one.clientWidth}`)
"""


def look_in(context: BrowserContext, url: str, role: Role, agency: Agency) -> Page:
    """Take a role behind the scenes on the landing page and wait for its desk."""
    page = context.new_page()
    page.goto(url)
    page.locator(f"[data-role={role.value}][data-agency={agency.value}]").press("Enter")
    page.wait_for_url("**/desk")
    expect(page.locator(".desk[data-ready]")).to_be_visible()
    return page


def sit_down(context: BrowserContext, stage: Stage, role: Role, agency: Agency = Agency.POLICE) -> Page:
    """Open the desk for a role that the landing page does not offer."""
    token = stage.system.issue_token(role, agency)
    answer = context.request.post(
        f"{stage.url}/api/v1/session", data={"token": token}, headers={"X-Requested-With": "jru"}
    )
    assert answer.ok
    page = context.new_page()
    page.goto(f"{stage.url}/desk")
    expect(page.locator(".desk[data-ready]")).to_be_visible()
    return page


@pytest.fixture
def job(stage: Stage) -> tuple[Stage, str]:
    """A joint job on which the ambulance room has written down a clinical finding; its number."""
    stage.put_on_duty("JR01")
    made = stage.report(Agency.POLICE, "1-0816-4412", grade="1", type_code="VP-ASLT", flags=["injury"])
    held = stage.report(Agency.AMBULANCE, "77120", grade="C2", type_code="TR-ASLT", flags=["injury"])
    joined = {"other_id": held["incident_id"], "decision": "same"}
    stage.programs[Agency.POLICE].do(f"/incidents/{made['incident_id']}/match", joined)
    desk = stage.system.issue_token(Role.CLINICAL_DESK, Agency.AMBULANCE)
    answer = stage.programs[Agency.AMBULANCE]
    answer.do(
        f"/incidents/{made['incident_id']}/notes", {"text": "Ambulance is told", "label": "operational"}
    )
    note = {"text": FINDING, "label": "clinical"}
    clinical = type(answer)(stage.url, desk)
    clinical.do(f"/incidents/{made['incident_id']}/notes", note)
    clinical.close()
    return stage, made["number"]


def test_break_glass_alerts_both_privacy_officers_who_review_it_and_the_actor_cannot(
    job: tuple[Stage, str], new_context: NewContext
) -> None:
    stage, number = job
    officers = {
        agency: look_in(new_context(**AT_1280), stage.url, Role.PRIVACY_OFFICER, agency) for agency in Agency
    }
    for page in officers.values():
        expect(page.locator("[data-waiting='0']")).to_be_visible()
    context = new_context()
    desk = take_desk(context, stage.url, "police_dispatcher")
    desk.go_to(number)
    expect(desk.log).to_contain_text("Ambulance is told")
    assert FINDING not in desk.page.content()

    desk.page.locator("[data-open-glass]").press("Enter")
    form = desk.page.locator("[data-form=glass]")
    expect(form).to_contain_text("privacy officers of both services are told at once")
    expect(form.get_by_role("checkbox").first).to_be_focused()
    desk.press("Space")
    form.get_by_label("Why you need them now").fill("because")
    desk.press("Enter")
    expect(desk.refused).to_contain_text("at least 10 characters")
    form.get_by_label("Why you need them now").fill(REASON)
    desk.press("Enter")

    banner = desk.pane.locator("[data-glass]")
    expect(banner).to_contain_text("clinical fields, for 30 min more")
    expect(desk.log).to_contain_text(FINDING)
    expect(desk.pane.locator("[data-part=clinical]")).to_contain_text("opened by break-glass")
    for agency, page in officers.items():
        expect(page.locator("[data-alerts='1']")).to_be_visible(timeout=SECONDS)
        opening = page.locator("[data-opening]")
        expect(opening).to_contain_text(REASON)
        actor = re.compile("demo:police_dispatcher")
        (expect(opening).to_contain_text if agency is Agency.POLICE else expect(opening).not_to_contain_text)(
            actor
        )

    desk.command("glass close")
    expect(banner).to_have_count(0)
    expect(desk.log).not_to_contain_text(FINDING)

    own = context.new_page()
    own.goto(f"{stage.url}/desk")
    expect(own.locator("[data-page=access]")).to_be_visible()
    expect(own.locator("[data-page=review]")).to_have_count(0)
    for agency, page in officers.items():
        review(page, "Justified" if agency is Agency.POLICE else "Something has to follow")
    police = officers[Agency.POLICE]
    police.reload()
    expect(police.locator("[data-opening]")).to_contain_text("ask the room first")


def review(page: Page, finding: str) -> None:
    """Review the opening by keyboard; a finding that is not "justified" needs words."""
    form = page.get_by_role("form", name=re.compile("^Review of incident"))
    form.get_by_role("radio", name=finding, exact=True).focus()
    page.keyboard.press("Space")
    form.get_by_role("textbox").focus()
    if finding != "Justified":
        page.keyboard.press("Enter")
        expect(form.locator("[data-refused]")).to_contain_text("what has to follow")
        page.keyboard.type("ask the room first")
    page.keyboard.press("Enter")
    expect(page.locator("[data-waiting='0']")).to_be_visible()
    expect(page.locator("[data-alerts]")).to_have_count(0)


def test_the_crew_opens_and_closes_restricted_fields(job: tuple[Stage, str], new_context: NewContext) -> None:
    stage, number = job
    incident_id = next(
        row["id"]
        for row in stage.programs[Agency.POLICE].get("/board")["incidents"]
        if row["number"] == number
    )
    stage.programs[Agency.POLICE].do(f"/units/{stage.units['JR01']}/offers", {"incident_id": incident_id})
    crew = sit_in(new_context(**CREW_SCREEN), stage.url, "constable", "JR01")
    crew.accept(number)
    crew.page.locator("[data-more]").wait_for()
    stage.programs[Agency.POLICE].do(f"/units/{stage.units['JR01']}/status", {"status": "scene"})
    crew.page.locator("[data-open-glass]").tap()
    panel = crew.page.locator("[data-panel=glass]")
    panel.get_by_role("checkbox").first.tap()
    panel.get_by_label("Why you need them now").fill(REASON)
    panel.get_by_role("button", name="Open for 30 minutes").tap()
    expect(panel.locator("[data-glass]")).to_contain_text("30 min")
    assert_sound(crew.page, "restricted fields in the vehicle")
    assert crew.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    crew.page.locator("[data-back]").tap()
    expect(crew.job.locator("[data-glass]")).to_be_visible()
    crew.job.locator("[data-glass-close]").tap()
    expect(crew.job.locator("[data-glass]")).to_have_count(0)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """An evening with one crossing of two kinds, for the tests that only look."""
    with open_stage(tmp_path_factory.mktemp("evening")) as stage:
        stage.put_on_duty("JR01")
        police = stage.programs[Agency.POLICE]
        made = stage.report(Agency.POLICE, "1-0816-4412", grade="1", type_code="VP-ASLT", flags=["injury"])
        police.do(f"/incidents/{made['incident_id']}/lines", {"text": "Dog in the garden"})
        police.do(f"/incidents/{made['incident_id']}/glass", {"labels": ["clinical"], "reason": REASON})
        yield stage


DESKS = {
    Role.PRIVACY_OFFICER: ("review", "log", "crossed", "retention", "figures", "access"),
    Role.SCHEME_LEAD: ("duties", "vehicles", "figures", "access"),
    Role.PERFORMANCE_ANALYST: ("figures", "coded", "access"),
    Role.SYSTEM_ADMINISTRATOR: ("accounts", "tablets", "access"),
    Role.DUTY_SUPERVISOR: ("duties", "vehicles", "figures", "tablets", "access"),
}


@pytest.mark.parametrize("role", list(DESKS))
def test_each_page_is_reached_by_keyboard_and_sound_at_both_sizes_dark_and_light(
    evening: Stage, new_context: NewContext, role: Role
) -> None:
    page = sit_down(new_context(**AT_1280), evening, role)
    links = page.get_by_role("navigation", name="Pages").get_by_role("link")
    assert [link.get_attribute("data-page") for link in links.all()] == list(DESKS[role])
    for name in DESKS[role]:
        page.locator(f"[data-page={name}]").focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"[data-desk={name}]")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        expect(page.locator(".synthetic")).to_have_text("SYNTHETIC")
        expect(page.locator("[data-desk] [role=alert]:not(:empty)")).to_have_count(0)
        assert page.evaluate(SIDEWAYS) == [], name
        assert_sound(page, f"{role}: {name}, dark")
        page.evaluate("() => { document.documentElement.dataset.theme = 'light' }")
        assert_sound(page, f"{role}: {name}, light", COLOURS_ONLY)
        page.set_viewport_size(TELEPHONE)
        assert page.evaluate(SIDEWAYS) == [], f"{name} on a telephone"
        assert_sound(page, f"{role}: {name} on a telephone")
        page.set_viewport_size(AT_1280["viewport"])
        page.evaluate("() => { document.documentElement.dataset.theme = 'dark' }")


def test_what_crossed_is_counted_listed_and_saved_as_a_file(
    evening: Stage, new_context: NewContext, tmp_path: Path
) -> None:
    page = sit_down(new_context(**AT_1280), evening, Role.PRIVACY_OFFICER, Agency.AMBULANCE)
    page.goto(f"{evening.url}/desk#crossed")
    page.reload()
    expect(page.locator("[data-total='2']")).to_be_visible()
    listed = page.locator("[data-table^='Crossings']")
    expect(listed).to_contain_text("A line shown to the other room")
    expect(listed).to_contain_text("Police dispatcher, police")
    assert "token:" not in listed.inner_text()
    with page.expect_download() as saved:
        listed.get_by_role("button", name="Download CSV").press("Enter")
    assert saved.value.suggested_filename == "SYNTHETIC-crossed-2019-08.csv"
    saved.value.save_as(tmp_path / "crossed.csv")
    lines = (tmp_path / "crossed.csv").read_text().splitlines()
    assert len(lines) == 3
    assert all(line.endswith("SYNTHETIC") for line in lines[1:])


def test_a_small_count_is_never_told_as_nought(tmp_path: Path, new_context: NewContext) -> None:
    with open_stage(tmp_path) as stage:
        stage.report(Agency.POLICE, "1-0816-4413", grade="1", type_code="VP-ASLT", flags=["injury"])
        stage.clock.advance(3600)
        _small_counts_are_held_back(new_context(**AT_1280), stage)


def _small_counts_are_held_back(context: BrowserContext, stage: Stage) -> None:
    page = look_in(context, stage.url, Role.PERFORMANCE_ANALYST, Agency.POLICE)
    opened = page.locator("[data-table=Figures] tbody tr").first
    expect(opened.locator("[data-name=Medway]")).to_have_text("fewer than 5 or held back")
    expect(opened.locator("[data-name=Together]")).to_have_text("fewer than 5 or held back")


def test_a_table_is_sorted_by_its_heads(evening: Stage, new_context: NewContext) -> None:
    page = sit_down(new_context(**AT_1280), evening, Role.FLEET_LEAD)
    head = page.get_by_role("columnheader", name="Vehicle")
    first = page.locator("tbody th").first
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(first).to_have_text("JR01")
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(first).not_to_have_text("JR01")

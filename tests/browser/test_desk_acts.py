"""What the desk does and shows: a secret is not lost, what cannot be undone is asked, an answer is of its question."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from jru.domain.agency import Agency, Role
from tests.browser.conftest import NewContext
from tests.browser.held import Held
from tests.browser.stage import Stage
from tests.browser.test_accessibility import assert_sound
from tests.browser.test_desk import AT_1280, SIDEWAYS, TELEPHONE, sit_down

SECRETS = "[data-once]"


def make_account(page: Page, name: str) -> None:
    """Make an account with the page's own form."""
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Full name").fill("Example One")
    page.get_by_label("Works as").select_option("police_dispatcher")
    page.get_by_role("button", name="Make account").press("Enter")
    expect(page.locator(f"[data-account='{name}']")).to_be_visible()


def test_a_double_click_never_loses_a_set_up_secret(stage: Stage, new_context: NewContext) -> None:
    page = sit_down(new_context(**AT_1280), stage, Role.SYSTEM_ADMINISTRATOR)
    make_account(page, "example.one")
    expect(page.locator(SECRETS)).to_have_count(1)
    page.locator(SECRETS).get_by_role("button", name="I have passed it on").click()
    expect(page.locator(SECRETS)).to_have_count(0)

    row = page.locator("[data-account='example.one']")
    row.get_by_role("button", name="Start set-up anew").dblclick()
    expect(page.locator(SECRETS)).to_have_count(0)
    row.get_by_role("button", name="Start set-up anew").click()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/reset") else None)
    row.get_by_role("button", name="Yes, start anew").dblclick()
    secret = page.locator(SECRETS)
    expect(secret).to_have_count(1)
    assert len(asked) == 1
    first = secret.inner_text()
    make_account(page, "example.two")
    expect(secret).to_have_count(2)
    assert first in [text.strip() for text in secret.all_inner_texts()]
    assert_sound(page, "secrets shown once")
    passed_on = secret.get_by_role("button", name="I have passed it on")
    passed_on.first.press("Enter")
    expect(passed_on).to_have_count(1)
    expect(passed_on).to_be_focused()
    passed_on.press("Enter")
    expect(page.locator(".once")).to_be_focused()


def test_shutting_somebody_out_and_ending_a_tablet_are_asked_for_twice(
    stage: Stage, new_context: NewContext
) -> None:
    page = sit_down(new_context(**AT_1280), stage, Role.SYSTEM_ADMINISTRATOR)
    make_account(page, "example.one")
    row = page.locator("[data-account='example.one']")
    row.get_by_role("button", name="Shut out").press("Enter")
    expect(row).to_contain_text("Sessions end at once")
    row.get_by_role("button", name="No, leave it").press("Enter")
    expect(row.get_by_role("button", name="Shut out")).to_be_focused()
    expect(row).not_to_contain_text("shut out")
    row.get_by_role("button", name="Start set-up anew").press("Enter")
    row.get_by_role("button", name="Yes, start anew").press("Enter")
    expect(page.locator(SECRETS)).to_have_count(2)
    expect(row.get_by_role("button", name="Start set-up anew")).to_be_focused()
    row.get_by_role("button", name="Shut out").press("Enter")
    row.get_by_role("button", name="Yes, shut out").press("Enter")
    expect(row).to_contain_text("shut out")


def test_a_duty_supervisor_pairs_a_tablet_at_the_desk(stage: Stage, new_context: NewContext) -> None:
    page = sit_down(new_context(**AT_1280), stage, Role.DUTY_SUPERVISOR)
    expect(page.locator("[data-page=accounts]")).to_have_count(0)
    page.locator("[data-page=tablets]").press("Enter")
    page.get_by_label("Vehicle").select_option("JR01")
    page.get_by_label("Name of the tablet").fill("Dashboard")
    page.get_by_role("button", name="Make pairing code").press("Enter")
    code = page.locator(SECRETS)
    expect(code).to_contain_text("Pairing code of Dashboard")
    expect(page.locator("[data-tablet=Dashboard]")).to_contain_text("waits for its code")
    assert_sound(page, "tablets")
    page.set_viewport_size(TELEPHONE)
    assert page.evaluate(SIDEWAYS) == []


def test_a_late_answer_never_stands_under_a_newer_question(stage: Stage, new_context: NewContext) -> None:
    made = stage.report(Agency.POLICE, "P-1", grade="2", type_code="VP-ASLT", flags=["injury"])
    stage.programs[Agency.POLICE].get(f"/incidents/{made['incident_id']}")
    page = sit_down(new_context(**AT_1280), stage, Role.PRIVACY_OFFICER)
    page.locator("[data-page=log]").press("Enter")
    table = page.locator("[data-table='Who looked']")
    expect(table.locator("tbody tr").first).to_be_visible()
    expect(page.locator("[data-shown]")).to_have_text("Shown: everything")
    slow = re.compile(r"/audit\?.*person=nobody")
    held = Held(page, slow)
    page.get_by_label("Who looked or was told").fill("nobody")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    page.get_by_label("Who looked or was told").fill("")
    page.get_by_label("Incident, unit or its id").fill(str(made["number"]))
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    expect(page.locator("[data-shown]")).to_have_text(f"Shown: of {made['number']}")
    expect(table.locator("tbody tr").first).to_be_visible()
    rows = table.locator("tbody tr").count()
    with page.expect_response(slow):
        held.let_go()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(page.locator("[data-shown]")).to_have_text(f"Shown: of {made['number']}")
    assert table.locator("tbody tr").count() == rows


def test_figures_are_of_days_that_have_ended_and_say_which(stage: Stage, new_context: NewContext) -> None:
    page = sit_down(new_context(**AT_1280), stage, Role.PERFORMANCE_ANALYST)
    yesterday = (stage.clock.now() - timedelta(days=1)).date().isoformat()
    expect(page.get_by_label("To", exact=True)).to_have_value(yesterday)
    expect(page.locator("[data-period]")).to_contain_text("to Thu 15 Aug 2019")
    page.get_by_label("To", exact=True).fill("2019-08-16")
    expect(page.locator("[data-period]")).to_contain_text("to Thu 15 Aug 2019")


def test_the_first_page_says_that_it_is_not_for_operational_use(
    stage: Stage, new_context: NewContext
) -> None:
    page = new_context(**AT_1280).new_page()
    page.goto(stage.url)
    lead = page.get_by_role("main")
    expect(lead).to_contain_text("Not for operational use yet")

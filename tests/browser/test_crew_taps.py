"""Taps of a crew reach the server although a record cannot; each is shown for what it is."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import NewContext
from tests.browser.jobs import at_a_job, hold_emergency, open_records
from tests.browser.stage import Stage


def test_a_fact_that_cannot_be_recorded_holds_up_neither_a_status_nor_an_emergency(
    stage: Stage, new_context: NewContext
) -> None:
    page = at_a_job(stage, new_context, "paramedic")
    page.route("**/facts", lambda route: route.fulfill(status=503, json={"title": "Not recorded now"}))
    open_records(page, "share")
    page.locator("[data-field=text]").fill("Head injury")
    page.locator("[data-choices=basis] [data-choice=vital_interests]").tap()
    page.locator("[data-send]").tap()
    expect(page.locator("[data-late]")).to_contain_text("Shared with the police is not sent yet")
    expect(page.locator("[data-offline]")).to_have_count(0)
    page.locator("[data-back]").tap()
    page.locator("[data-next=patient]").tap()
    expect(page.locator("[data-next=patient]")).to_have_count(0)
    hold_emergency(page)
    expect(page.locator("[data-emergency-button=sent]")).to_be_visible()


def test_an_emergency_is_not_called_sent_before_the_server_has_answered(
    stage: Stage, new_context: NewContext
) -> None:
    page = at_a_job(stage, new_context, "constable")
    page.route("**/emergency", lambda route: route.abort())
    hold_emergency(page)
    button = page.locator("[data-emergency-button]")
    expect(button).to_have_attribute("aria-label", "Emergency is being sent; say it by radio too")
    page.unroute("**/emergency")
    hold_emergency(page)
    expect(page.locator("[data-emergency-button=sent]")).to_be_visible()
    expect(button).to_have_attribute(
        "aria-label", "Emergency is with both rooms; a room cancels it after speaking to you"
    )

"""Taps that could not be sent survive the page, belong to who tapped, and reach the server once."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.jobs import hold_emergency, ride, send_to_a_job
from tests.browser.outbox import LINK, NO_LINK, kept, wait_until_kept
from tests.browser.people import CREW_SCREEN, sit_in
from tests.browser.stage import Stage


def tap_at_patient(stage: Stage, context: BrowserContext) -> Page:
    """Tap the next status without a link, and return the page when the tap waits on the device."""
    page = ride(context, stage, "paramedic", send_to_a_job(stage)).page
    page.evaluate(NO_LINK, "/status")
    page.locator("[data-next=patient]").tap()
    expect(page.locator("[data-offline]")).to_contain_text("1 tap waiting")
    wait_until_kept(page, 1)
    return page


def status_of(stage: Stage) -> str:
    found: str = stage.programs[Agency.POLICE].get(f"/units/{stage.units['JR01']}")["status"]
    return found


def test_a_tap_survives_the_page_and_is_sent_when_it_is_opened_again(
    stage: Stage, new_context: NewContext
) -> None:
    context = new_context(**CREW_SCREEN)
    page = tap_at_patient(stage, context)
    (sealed,) = kept(page)
    assert "patient" not in sealed
    page.close()
    assert status_of(stage) == "scene"
    again = context.new_page()
    again.goto(f"{stage.url}/crew")
    expect(again.locator("[data-next=patient]")).to_have_count(0)
    expect(again.locator("[data-next=clearing]")).to_be_visible()
    assert status_of(stage) == "patient"
    wait_until_kept(again, 0)


def test_an_emergency_of_just_now_is_raised_when_the_page_is_opened_again(
    stage: Stage, new_context: NewContext
) -> None:
    context = new_context(**CREW_SCREEN)
    page = ride(context, stage, "paramedic", send_to_a_job(stage)).page
    page.evaluate(NO_LINK, "/emergency")
    hold_emergency(page)
    wait_until_kept(page, 1)
    page.close()
    again = context.new_page()
    again.goto(f"{stage.url}/crew")
    expect(again.locator("[data-emergency-button=sent]")).to_be_visible()


def test_an_outbox_that_could_not_be_opened_is_told_and_tried_again(
    stage: Stage, new_context: NewContext
) -> None:
    context = new_context(**CREW_SCREEN)
    tap_at_patient(stage, context).close()
    again = context.new_page()
    again.route("**/outbox-key", lambda route: route.abort())
    again.goto(f"{stage.url}/crew")
    expect(again.locator("[data-unopened]")).to_contain_text("could not be opened, and is tried again")
    assert status_of(stage) == "scene"
    again.unroute("**/outbox-key")
    expect(again.locator("[data-next=clearing]")).to_be_visible(timeout=40_000)
    expect(again.locator("[data-unopened]")).to_have_count(0)


def test_what_one_waits_to_send_is_not_sent_by_who_signs_in_next(
    stage: Stage, new_context: NewContext
) -> None:
    context = new_context(**CREW_SCREEN)
    page = tap_at_patient(stage, context)
    other = sit_in(context, stage.url, "constable", "JR01").page
    expect(other.locator("[data-others]")).to_contain_text("1 tap of somebody else")
    expect(other.locator("[data-offline]")).to_have_count(0)
    assert status_of(stage) == "scene"
    page.evaluate(LINK)
    expect(page.locator("[data-late]")).to_contain_text("Somebody else is signed in here now")
    assert status_of(stage) == "scene"
    page.close()
    other.close()
    first = sit_in(context, stage.url, "paramedic", "JR01").page
    expect(first.locator("[data-next=clearing]")).to_be_visible()
    assert status_of(stage) == "patient"

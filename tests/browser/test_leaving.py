"""Who is signed out sees nothing any more: by the own hand, from elsewhere, with and without a link."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, sit_in, take_desk
from tests.browser.stage import Stage

STREET = "High Street"


def end_on_the_server(stage: Stage, context: BrowserContext) -> None:
    """End the session of a browser, as an administrator or its time would."""
    secret = next(str(one["value"]) for one in context.cookies() if str(one["name"]).endswith("jru_session"))
    stage.system.services.end_session(secret)


def expect_nothing_shown(page: Page, number: str) -> None:
    """Expect neither the incident nor its place on the screen."""
    expect(page.locator("body")).not_to_contain_text(number)
    expect(page.locator("body")).not_to_contain_text(STREET)


@pytest.fixture
def number(stage: Stage) -> str:
    """A police call that concerns both rooms; the joint unit is on duty."""
    stage.put_on_duty("JR01")
    return str(stage.report(Agency.POLICE, "1-0816-4402", grade="1", type_code="VP-ASLT")["number"])


def test_a_session_that_ends_elsewhere_takes_the_board_off_the_screen(
    stage: Stage, new_context: NewContext, number: str
) -> None:
    context = new_context()
    desk = take_desk(context, stage.url, "police_dispatcher")
    expect(desk.row(number)).to_be_visible()
    end_on_the_server(stage, context)
    expect(desk.page.locator("[data-ended]")).to_contain_text("You are signed out")
    expect_nothing_shown(desk.page, number)


def test_a_crew_keeps_only_what_it_has_yet_to_tell(
    stage: Stage, new_context: NewContext, number: str
) -> None:
    context = new_context(**CREW_SCREEN)
    crew = sit_in(context, stage.url, "constable", "JR01")
    expect(crew.page.locator(f"[data-candidate='{number}']")).to_be_visible()
    context.set_offline(True)
    crew.page.locator(f"[data-candidate='{number}'] [data-going]").tap()
    end_on_the_server(stage, context)
    context.set_offline(False)
    ended = crew.page.locator("[data-ended]")
    expect(ended).to_contain_text(f"We're going: {number}", timeout=40_000)
    expect(crew.page.locator("body")).not_to_contain_text(STREET)


def test_leaving_empties_the_screen_although_the_server_does_not_answer(
    stage: Stage, new_context: NewContext, number: str
) -> None:
    context = new_context()
    desk = take_desk(context, stage.url, "police_dispatcher")
    expect(desk.row(number)).to_be_visible()
    desk.page.route("**/api/**", lambda route: route.abort())
    desk.page.get_by_role("button", name="Leave").click()
    expect(desk.row(number)).to_have_count(0)


def test_going_back_after_leaving_shows_nothing(stage: Stage, new_context: NewContext, number: str) -> None:
    context = new_context()
    desk = take_desk(context, stage.url, "police_dispatcher")
    expect(desk.row(number)).to_be_visible()
    desk.page.get_by_role("button", name="Leave").click()
    expect(desk.page.locator("[data-role=police_dispatcher]")).to_be_visible()
    desk.page.go_back()
    expect(desk.row(number)).to_have_count(0)

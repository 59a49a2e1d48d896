"""The console by keyboard alone: rows, arming, pins, the command bar, and lists that stay put."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.held import Held
from tests.browser.jobs import send_to_a_job
from tests.browser.people import Dispatcher, take_desk
from tests.browser.stage import Stage


@pytest.fixture
def numbers(stage: Stage) -> list[str]:
    """Three police calls of falling urgency, and JR01 ready."""
    stage.put_on_duty("JR01")
    return [
        stage.report(Agency.POLICE, f"1-0816-44{grade}", grade=grade, type_code="VP-FGHT", flags=["injury"])[
            "number"
        ]
        for grade in ("1", "2", "3")
    ]


@pytest.fixture
def desk(stage: Stage, new_context: NewContext, numbers: list[str]) -> Dispatcher:
    """The police desk, with all three calls waiting."""
    taken = take_desk(new_context(), stage.url, "police_dispatcher")
    expect(taken.page.locator("[data-list=WAITING] tr[data-incident]")).to_have_count(len(numbers))
    return taken


def heading(desk: Dispatcher, number: str) -> None:
    """Expect this incident in hand."""
    expect(desk.pane.get_by_role("heading", level=2)).to_have_text(number)


def shown_order(desk: Dispatcher) -> list[str]:
    """Return the numbers in WAITING from the top."""
    rows = desk.page.locator("[data-list=WAITING] tbody tr")
    return [re.sub(r"\D", "", row.locator("[data-row]").inner_text()) for row in rows.all()]


def test_rows_move_open_and_pin_by_key(desk: Dispatcher, numbers: list[str]) -> None:
    desk.press("j", "Enter")
    heading(desk, numbers[0])
    desk.press(".", "j", "Enter")
    heading(desk, numbers[1])
    desk.press("k", "Enter")
    heading(desk, numbers[0])
    desk.press("j", "j", "Enter")
    heading(desk, numbers[2])
    desk.press("Alt+1")
    heading(desk, numbers[0])


def test_escape_disarms_and_nothing_was_sent(desk: Dispatcher, numbers: list[str], stage: Stage) -> None:
    desk.go_to(numbers[0])
    expect(desk.pane.locator("[data-recommended=JR01]")).to_be_visible()
    desk.press("1")
    expect(desk.page.locator("[data-armed]")).to_contain_text(f"offers JR01 to {numbers[0]}")
    desk.press("Escape", "Enter")
    expect(desk.page.locator("[data-armed]")).to_have_count(0)
    expect(desk.page.locator("[data-list=OFFERS]")).to_have_count(0)
    unit = next(u for u in stage.programs[Agency.POLICE].get("/board")["units"] if u["call_sign"] == "JR01")
    assert unit["offer"] is None


def test_letters_are_dead_while_a_field_has_the_focus(desk: Dispatcher, numbers: list[str]) -> None:
    desk.go_to(numbers[0])
    desk.press("i")
    field = desk.pane.get_by_label("Note", exact=True)
    expect(field).to_be_focused()
    desk.type("nvt? 1 jk")
    expect(field).to_have_value("nvt? 1 jk")
    expect(desk.page.locator("[data-draft]")).to_have_count(0)
    expect(desk.page.locator("[data-sheet]")).to_have_count(0)
    desk.press("Enter")
    expect(desk.log).to_contain_text("nvt? 1 jk")


def test_a_wrong_command_is_said_and_kept(desk: Dispatcher, numbers: list[str]) -> None:
    desk.command("s JR99 scene")
    expect(desk.refused).to_contain_text("No unit is called JR99")
    expect(desk.page.locator("[data-command]")).to_have_value("/s JR99 scene")
    desk.press("Escape", "Escape")
    desk.press("/")
    desk.type("g")
    desk.press("Tab")
    expect(desk.page.locator("[data-command]")).to_have_value("/g ")


def test_rows_stay_put_under_the_hand_and_new_ones_enter_below(
    desk: Dispatcher, numbers: list[str], stage: Stage
) -> None:
    desk.row(numbers[1]).hover()
    before = shown_order(desk)
    assert before == numbers
    urgent = stage.report(Agency.POLICE, "1-0816-4499", grade="1", type_code="VP-FGHT", flags=["injury"])[
        "number"
    ]
    expect(desk.row(urgent)).to_be_visible()
    assert shown_order(desk) == [*numbers, urgent]
    desk.page.mouse.move(1500, 20)
    expect(desk.page.locator("[data-list=WAITING] tbody tr").nth(1)).to_have_attribute(
        "data-incident", urgent, timeout=10_000
    )


def test_losing_the_link_is_said_and_mended(
    stage: Stage, new_context: NewContext, numbers: list[str]
) -> None:
    page = new_context().new_page()
    page.goto(stage.url)
    page.route("**/api/v1/stream", lambda route: route.abort())
    page.locator("[data-role=police_dispatcher]").press("Enter")
    desk = Dispatcher(page)
    bar = page.locator("[data-link]")
    expect(bar).to_contain_text("Live stream down")
    expect(desk.row(numbers[0])).to_be_visible()
    page.route("**/api/v1/**", lambda route: route.abort())
    expect(bar).to_contain_text("No link to the server", timeout=40_000)
    desk.command("n")
    expect(page.locator("[data-draft]")).to_be_visible()
    desk.press("Escape")
    desk.command(f"share {numbers[0]}")
    expect(desk.refused).to_contain_text("did not answer")
    expect(page.locator("[data-command]")).to_have_value(f"/share {numbers[0]}")
    page.unroute_all()
    expect(bar).to_have_count(0, timeout=40_000)


def test_a_person_that_was_recorded_and_is_not_read_yet_keeps_the_number(
    stage: Stage, new_context: NewContext
) -> None:
    job = send_to_a_job(stage)
    desk = take_desk(new_context(), stage.url, "police_dispatcher")
    desk.go_to(job.number)
    expect(desk.log).to_contain_text(job.number)
    held = Held(desk.page, f"**/incidents/{job.id}")
    desk.press("o")
    for number in ("1", "2"):
        desk.pane.get_by_label(f"Person {number}").select_option("see_and_treat")
        desk.pane.get_by_role("button", name="Record person").click()
    expect(desk.pane.get_by_label("Person 3")).to_be_visible()
    held.let_go()
    persons = stage.programs[Agency.POLICE].get(f"/incidents/{job.id}")["persons"]
    assert [one["person"] for one in persons] == [1, 2]

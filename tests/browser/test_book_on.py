"""A dispatcher books a crew on and off at the console of a server without a demo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from jru.domain.agency import Agency, Role
from tests.browser.conftest import NewContext
from tests.browser.people import Dispatcher, sign_in
from tests.browser.stage import Stage, open_stage

SEATS = {
    "police driver": "Constable Example",
    "police second": "Constable Sample",
    "paramedic": "Paramedic Example",
}


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Stage]:
    """A server as `jru serve` starts it: tokens, and nobody on duty."""
    with open_stage(tmp_path, demo=False) as opened:
        yield opened


@pytest.fixture
def desk(plain: Stage, new_context: NewContext) -> Dispatcher:
    """The police desk, signed in with a token."""
    token = plain.system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE)
    return sign_in(new_context(), plain.url, token)


def open_form(desk: Dispatcher) -> Locator:
    """Open the form by key and choose the vehicle; the rest follows from it."""
    desk.press("B")
    form = desk.page.locator("[data-booking]")
    expect(form.get_by_label("Vehicle")).to_be_focused()
    desk.type("JR01")
    expect(form.get_by_label("Call sign")).to_have_value("JR01")
    expect(form.get_by_label("District")).to_have_value("medway")
    expect(form.locator("#book-duty")).to_contain_text("Fri 16 Aug 18:00 to Sat 17 Aug 02:00, 8 h 00")
    return form


def take_seats(form: Locator, *, but: str = "") -> None:
    """Name everybody and tick what they hold, except what is named."""
    for seat, name in SEATS.items():
        form.get_by_label(f"Name, {seat}").fill(name)
    for held in form.get_by_role("checkbox").all():
        held.check()
    if but:
        form.get_by_label(but).uncheck()


def test_a_crew_is_booked_on_made_available_and_booked_off(desk: Dispatcher) -> None:
    form = open_form(desk)
    assert Axe().run(desk.page).violations_count == 0
    take_seats(form)
    form.get_by_role("button", name="Book on JR01").press("Enter")
    expect(desk.told).to_contain_text("JR01 booked on")
    unit = desk.page.locator("[data-list=UNITS] [data-unit=JR01]")
    expect(unit).to_contain_text("Readying")
    expect(unit).to_contain_text("joint complete")
    desk.command("s JR01 available")
    expect(unit).to_contain_text("Available")
    desk.press("B")
    aboard = desk.page.locator("[data-on-duty]")
    expect(aboard).to_contain_text("Constable Sample")
    aboard.get_by_role("button", name="Book off JR01").press("Enter")
    expect(desk.page.locator("[data-command]")).to_have_value("/off JR01")
    desk.press("Enter")
    expect(unit).to_have_count(0)
    expect(aboard).to_contain_text("No joint unit is on duty")


def test_a_refusal_is_shown_and_nothing_typed_is_lost(desk: Dispatcher) -> None:
    form = open_form(desk)
    take_seats(form, but="Response driver")
    form.get_by_role("button", name="Book on JR01").press("Enter")
    reason = re.compile("police.driver needs.*response.driver", re.IGNORECASE)
    expect(form.locator("[data-booking-refused]")).to_have_text(reason)
    expect(desk.page.locator("[data-list=UNITS] [data-unit]")).to_have_count(0)
    desk.press("Escape")
    expect(form).to_have_count(0)
    desk.press("B")
    expect(form.get_by_label("Name, paramedic")).to_have_value("Paramedic Example")
    form.get_by_label("Response driver").check()
    form.get_by_role("button", name="Book on JR01").press("Enter")
    expect(desk.page.locator("[data-list=UNITS] [data-unit=JR01]")).to_be_visible()


def test_a_vehicle_that_is_out_is_named_and_refused(desk: Dispatcher, plain: Stage) -> None:
    plain.put_on_duty("JR01")
    form = open_form(desk)
    expect(form.get_by_label("Vehicle").locator("option[value=JR01]")).to_have_text("JR01, out as JR01")
    take_seats(form)
    form.get_by_role("button", name="Book on JR01").press("Enter")
    expect(form.locator("[data-booking-refused]")).to_contain_text("book it off first")

"""Screens that the simulated night does not come to: a crew's duty from book-on to debrief, and an exercise.

Part of `make screens`. Each has a server of its own; the crew signs in as crews do, by token.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Locator, Page

from jru.bootstrap import System, build
from jru.clock import SeededRandom, VirtualClock
from jru.config import Settings
from jru.demo.exercise.space import Space
from jru.domain.agency import Agency, Role
from jru.web.hall import PAGE, create_hall
from jru.web.server import serving
from scripts.studio import HAND, SMALL, Studio

EVENING = datetime(2019, 8, 16, 17, 5, tzinfo=UTC)
AT_BASE = {"latitude": 51.3966, "longitude": 0.5477}
SEATS = {
    "police driver": "Constable Example",
    "police second": "Constable Sample",
    "paramedic": "Medic Example",
}
SET_UP_MS = 120_000


@contextmanager
def _plain(directory: Path) -> Iterator[tuple[System, str]]:
    system = build(Settings(data=directory), clock=VirtualClock(EVENING, 1.0), random=SeededRandom("screens"))
    try:
        with serving(system.app) as url:
            yield system, url
    finally:
        system.close()


def take_duty(studio: Studio) -> None:
    """Book a crew on, go through its evening, and book it off."""
    with tempfile.TemporaryDirectory(prefix="jru-screens-") as folder, _plain(Path(folder)) as (system, url):
        page = _crew_page(studio, url, system.issue_token(Role.CONSTABLE, Agency.POLICE, "JR01"))
        page.get_by_label("Vehicle").select_option("JR01")
        _fill(page.locator("[data-book-on]"))
        studio.by_day_and_night(page, "crew-book-on")
        page.get_by_role("button", name="Book on JR01").click()
        page.locator("[data-open-briefing]").wait_for()
        studio.by_day_and_night(page, "crew-ready-check")
        page.locator("[data-open-briefing]").click()
        page.locator("[data-briefing-confirm]").wait_for()
        studio.by_day_and_night(page, "crew-briefing")
        page.locator("[data-briefing-confirm]").click()
        page.locator("[data-briefing-read]").wait_for()
        page.locator("[data-back]").click()
        page.locator("[data-ready-tap]").click()
        page.locator("[data-on-view]").wait_for()
        studio.by_day_and_night(page, "crew-available")
        page.locator("[data-on-view]").click()
        page.locator("[data-engage]").first.wait_for()
        studio.by_day_and_night(page, "crew-on-view")
        page.locator("[data-back]").click()
        page.get_by_role("button", name="Crew", exact=True).click()
        studio.by_day_and_night(page, "crew-seats")
        page.locator("[data-end-of-duty]").click()
        page.locator("[data-happened=assault]").click()
        studio.by_day_and_night(page, "crew-debrief")
        page.get_by_role("button", name="Keep my debrief").click()
        page.locator("[data-debriefed]").wait_for()
        page.locator("[data-book-off]").click()
        page.locator("[data-open-record]").click()
        page.locator("[data-own-duty]").first.wait_for()
        studio.by_day_and_night(page, "crew-own-record")
        page.context.close()


def _crew_page(studio: Studio, url: str, token: str) -> Page:
    context = studio.browser.new_context(
        viewport=HAND,
        device_scale_factor=2,
        locale="en-GB",
        timezone_id="Europe/London",
        geolocation=AT_BASE,
        permissions=["geolocation"],
    )
    page = context.new_page()
    page.goto(url)
    page.get_by_text("Access token", exact=True).first.click()
    page.get_by_label("Access token").fill(token)
    page.keyboard.press("Enter")
    page.locator("[data-book-on]").wait_for()
    return page


def _fill(form: Locator) -> None:
    for seat, name in SEATS.items():
        form.get_by_label(f"Name, {seat}").fill(name)
    for held in form.get_by_role("checkbox").all():
        held.check()


def take_exercise(studio: Studio) -> None:
    """Choose a script, play a room in it, and end it."""
    with tempfile.TemporaryDirectory(prefix="jru-screens-") as folder:
        settings = Settings(data=Path(folder))
        space = Space(settings, 1, SeededRandom("exercise"))
        try:
            with serving(create_hall(space, space.indoors, settings, SeededRandom("hall"))) as url:
                space.address = url
                _play(studio, url)
        finally:
            space.close()


def _play(studio: Studio, url: str) -> None:
    context = studio.browser.new_context(viewport=SMALL, locale="en-GB", timezone_id="Europe/London")
    lead = context.new_page()
    lead.goto(url + PAGE)
    lead.get_by_label("Knife seen: hold at the rendezvous point").check()
    studio.by_day_and_night(lead, "exercise-scripts")
    lead.get_by_role("button", name="Start Knife seen").click()
    lead.locator("[data-phase=running]").wait_for(timeout=SET_UP_MS)
    studio.by_day_and_night(lead, "exercise-running")
    room = studio.browser.new_context(viewport=SMALL, locale="en-GB", timezone_id="Europe/London").new_page()
    room.goto(f"{url}{PAGE}#join/{lead.locator('.code').inner_text()}")
    room.locator(".console[data-ready]").wait_for()
    room.locator("[data-drawn]").wait_for()
    studio.by_day_and_night(room, "exercise-room")
    lead.get_by_role("button", name="End it now").click()
    lead.get_by_role("button", name="End and debrief").click()
    lead.locator("[data-to-debrief]").click()
    lead.locator("[data-debrief]").wait_for()
    studio.by_day_and_night(lead, "exercise-debrief")
    room.context.close()
    context.close()

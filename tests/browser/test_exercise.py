"""One person plays an exercise from the choice of the script to its debrief."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from jru.clock import SeededRandom
from jru.config import Settings
from jru.demo.exercise.keeping import DEBRIEF_FILE, PAGE_FILE
from jru.demo.exercise.space import RUNS, Space
from jru.web.hall import PAGE, create_hall
from jru.web.pages import PAGES
from jru.web.server import serving
from tests.browser.conftest import NewContext
from tests.browser.test_accessibility import assert_sound

API = "/api/v1/exercise"
START = {"exercise": "knife_at_rvp", "people": ["police_room"], "pace": 1}
SET_UP_MS = 60_000
"""How long setting up may take: the crew's half an hour before the exercise is played as fast as it goes."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Serve an exercise space; its address and its directory."""
    settings = Settings(data=tmp_path)
    space = Space(settings, 1, SeededRandom("exercise"))
    try:
        with serving(create_hall(space, space.indoors, settings, SeededRandom("hall"))) as url:
            space.address = url
            yield url, tmp_path
    finally:
        space.close()


def begin(page: Page, url: str) -> str:
    """Choose and start a script on the page; return the code of the police room."""
    page.goto(url + PAGE)
    page.get_by_label("Knife seen: hold at the rendezvous point").check()
    expect(page.get_by_label("Police room")).to_be_checked()
    assert_sound(page, "scripts")
    page.get_by_role("button", name="Start Knife seen").click()
    page.locator("[data-phase=running]").wait_for(timeout=SET_UP_MS)
    return page.locator(".code").inner_text()


def test_one_person_plays_an_exercise_and_every_page_says_that_it_is_one(
    place: tuple[str, Path], new_context: NewContext
) -> None:
    url, directory = place
    lead = new_context(viewport={"width": 1280, "height": 900}).new_page()
    lead.goto(url + "/console")
    expect(lead).to_have_url(url + PAGE)  # nobody is in yet
    code = begin(lead, url)
    assert_sound(lead, "running")
    again = httpx.post(f"{url}{API}/start", json=START)
    assert (again.status_code, again.json()["detail"]) == (409, "An exercise is running.")

    own = new_context()
    room = own.new_page()
    room.goto(f"{url}{PAGE}#join/{code}")
    expect(room).to_have_url(url + "/console")
    expect(room.locator("header .synthetic")).to_have_text("SYNTHETIC EXERCISE")
    expect(room.get_by_text("Assault with injury").first).to_be_visible()
    assert_sound(room, "console")
    for path in (*PAGES, "/console#wall", "/console#map"):
        other = own.new_page()
        other.goto(url + path)
        expect(other.locator(".synthetic").first).to_have_text("SYNTHETIC EXERCISE")
        other.close()
    expect(lead.locator("[data-phase]")).to_contain_text("somebody sat down")

    lead.get_by_role("button", name="Pause").click()
    expect(lead.locator("[data-phase=paused]")).to_be_visible()
    lead.get_by_role("button", name="Go on").click()
    expect(lead.locator("[data-phase=running]")).to_be_visible()
    lead.get_by_role("button", name="End it now").click()
    lead.get_by_role("button", name="End and debrief").click()
    lead.locator("[data-to-debrief]").click()
    expect(lead.locator("[data-debrief]")).to_contain_text("It was ended before its time.")
    expect(lead.locator("[data-verdict]")).to_have_count(5)
    expect(lead.get_by_text("not shown").first).to_be_visible()
    expect(lead.locator("header .synthetic")).to_have_text("SYNTHETIC EXERCISE")
    assert_sound(lead, "debrief")
    run = directory / RUNS / "001-knife_at_rvp"
    assert {DEBRIEF_FILE, PAGE_FILE} <= {path.name for path in run.iterdir()}
    saved = httpx.get(f"{url}{API}/debriefs/{run.name}/page")
    assert "SYNTHETIC-EXERCISE-001" in saved.headers["content-disposition"]
    lead.get_by_role("link", name="Back to the exercises").click()
    expect(lead.locator(f"[data-run='{run.name}']")).to_be_visible()

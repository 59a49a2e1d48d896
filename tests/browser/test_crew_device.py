"""What a crew chooses for its device: whether it tells where the vehicle is, and how bright it is."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.jobs import ride, send_to_a_job
from tests.browser.people import CREW_SCREEN
from tests.browser.stage import Stage
from tests.browser.test_accessibility import assert_sound

RAINHAM = {"longitude": 0.6078, "latitude": 51.3644, "accuracy": 12.0}
A_VOICE = """
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(words) { this.words = words; } };
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => [{ lang: 'en-GB', localService: true }],
  addEventListener: () => undefined, removeEventListener: () => undefined, cancel: () => undefined,
  speak: (saying) => window.said.push(saying.words),
} });
"""
"""The browser under test has no voice."""
SEEN = (RAINHAM["longitude"], RAINHAM["latitude"])


def device_page(stage: Stage, new_context: NewContext, **more: object) -> Page:
    """Open the page about the crew and its device during a job."""
    page = ride(new_context(**CREW_SCREEN, **more), stage, "paramedic", send_to_a_job(stage)).page
    page.get_by_role("button", name="Crew", exact=True).tap()
    return page


def test_both_rooms_see_where_the_vehicle_is_once_its_crew_says_so(
    stage: Stage, new_context: NewContext
) -> None:
    page = device_page(stage, new_context, geolocation=RAINHAM, permissions=["geolocation"])
    said = page.locator("[data-whereabouts]")
    expect(said).to_contain_text("Not told by this device")
    assert {here(stage, room) for room in Agency} != {SEEN}
    page.locator("[data-tell-position]").tap()
    expect(said).to_contain_text("to 12 m")
    assert {here(stage, room) for room in Agency} == {SEEN}
    page.locator("[data-tell-position]").tap()
    expect(said).to_contain_text("Not told by this device")


def test_a_device_that_keeps_its_place_to_itself_says_so(stage: Stage, new_context: NewContext) -> None:
    page = device_page(stage, new_context, permissions=[])
    page.locator("[data-tell-position]").tap()
    expect(page.locator("[data-whereabouts]")).to_contain_text("Allow it in the browser")


def test_the_screen_follows_the_sun_until_somebody_chooses(stage: Stage, new_context: NewContext) -> None:
    page = device_page(stage, new_context)
    expect(page.locator("[data-light=sun]")).to_have_attribute("aria-pressed", "true")
    for light, theme in (("light", "light"), ("dark", "dark")):
        page.locator(f"[data-light={light}]").tap()
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        assert_sound(page, f"crew and device, {theme}")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_hazards_what_and_where_are_read_aloud_by_the_devices_own_voice(
    stage: Stage, new_context: NewContext
) -> None:
    context = new_context(**CREW_SCREEN)
    context.add_init_script(A_VOICE)
    job = send_to_a_job(stage)
    stage.programs[Agency.POLICE].do(f"/incidents/{job.id}/hazards", {"code": "weapon", "note": "knife seen"})
    page = ride(context, stage, "paramedic", job).page
    expect(page.locator("[data-hazards]")).to_contain_text("knife seen")
    page.locator("[data-read-aloud]").tap()
    said = page.evaluate("window.said.join(' ')")
    assert said.index("Hold at") < said.index("knife seen") < said.index("High Street")
    assert_sound(page, "a job that can be read aloud")


def here(stage: Stage, room: Agency) -> tuple[float, float]:
    """Return where a room sees the vehicle."""
    position = stage.programs[room].get(f"/units/{stage.units['JR01']}")["position"]
    return position["lon"], position["lat"]

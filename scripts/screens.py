"""Every screen, by day and by night, in the size it is made for: to be looked at, screen by screen.

Part of `make screens`. The pictures lie in `build/screens`; none of them is kept in the repository.
"""

from __future__ import annotations

from playwright.sync_api import Page

from jru.domain.agency import Agency
from scripts.duty_screens import take_duty, take_exercise
from scripts.studio import SMALL, WALL, Room, Studio, go_to

ROOMS = {Agency.POLICE: "police_dispatcher", Agency.AMBULANCE: "ambulance_dispatcher"}
STRIP = {"width": 420, "height": 1000}
IN_PANE = (
    ("keys", "?", "[data-sheet]"),
    ("settings", ",", "[data-settings]"),
    ("draft", "n", "[data-draft]"),
    ("book-on", "B", "[data-booking]"),
    ("outcome", "o", "[data-form=outcome]"),
    ("hazard", "h", "[data-form=hazard]"),
    ("ask", "r", "[data-form]"),
)
CREW_PANELS = (
    ("crew-all-statuses", "[data-more]", "[data-panel=more]"),
    ("crew-records", "[data-records-button]", "[data-records]"),
    ("crew-outcome", "[data-outcome-button]", "[data-panel=outcome]"),
)


def walk(studio: Studio, police: Room, number: str, call_sign: str) -> None:
    """Take every screen while the board stands: an incident in hand by its number, a unit on a job by its call sign."""
    studio.by_day_and_night(studio.open("dark", SMALL), "landing")
    for agency, role in ROOMS.items():
        _room(studio, role, f"{agency}-room", number)
    _views(studio)
    unit = next(row["id"] for row in police.read("/board")["units"] if row["call_sign"] == call_sign)
    police.do(f"/units/{unit}/status", {"status": "scene"})
    _crew(studio, call_sign)
    _desks(studio)
    take_duty(studio)
    take_exercise(studio)


def _room(studio: Studio, role: str, name: str, number: str) -> None:
    page = studio.desk(role, "dark", WALL)
    go_to(page, number)
    studio.by_day_and_night(page, name)
    for part, key, shown in IN_PANE:
        page.keyboard.press(key)
        page.locator(shown).first.wait_for()
        studio.by_day_and_night(page, f"{name}-{part}")
        page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("handover")
    page.keyboard.press("Enter")
    page.get_by_text("stand as read").wait_for()
    studio.by_day_and_night(page, f"{name}-handover")
    page.keyboard.press("Escape")
    page.set_viewport_size(SMALL)
    studio.by_day_and_night(page, f"{name}-small")


def wall(studio: Studio) -> Page:
    """Open the wall board."""
    return _view(studio, "/console#wall", "[data-wall]", WALL)


def _views(studio: Studio) -> None:
    studio.by_day_and_night(wall(studio), "wall")
    studio.by_day_and_night(_view(studio, "/strip", "[data-strip][data-ready]", STRIP), "strip")


def _view(studio: Studio, address: str, shown: str, size: dict[str, int]) -> Page:
    page = studio.desk("police_dispatcher", "dark", WALL)
    page.set_viewport_size(size)
    page.goto(studio.url + address)
    page.reload()
    page.locator(shown).first.wait_for()
    return page


def _crew(studio: Studio, call_sign: str) -> None:
    for role in ("constable", "paramedic"):
        page = studio.seat(role, call_sign, "dark")
        page.locator("[data-next]").first.wait_for()
        studio.by_day_and_night(page, f"crew-job-{role}")
        for name, button, shown in CREW_PANELS:
            page.locator(button).first.click()
            page.locator(shown).first.wait_for()
            studio.by_day_and_night(page, f"{name}-{role}")
            page.locator("[data-back]").first.click()


def _desks(studio: Studio) -> None:
    for agency in Agency:
        page = studio.officer(agency, "dark")
        for one in [link.get_attribute("data-page") for link in page.locator("[data-page]").all()]:
            page.locator(f"[data-page={one}]").click()
            page.locator(f"[data-desk={one}]").wait_for()
            studio.by_day_and_night(page, f"desk-{agency}-{one}")

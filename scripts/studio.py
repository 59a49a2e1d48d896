"""A running night seen through a browser: rooms that command it, and pages whose pictures are taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect

from jru.demo.show import Show
from jru.domain.agency import Agency, Role
from scripts.small_png import save_small

WALL = {"width": 1920, "height": 1080}
SMALL = {"width": 1280, "height": 800}
HAND = {"width": 390, "height": 844}
PATIENCE_MS = 60_000
THEMES = ("dark", "light")
SET_THEME = "(theme) => { document.documentElement.dataset.theme = theme }"

Row = dict[str, Any]


class Room:
    """One room's view of the board through the public interface."""

    def __init__(self, show: Show, url: str, agency: Agency) -> None:
        token = show.system.issue_token(Role(f"{agency}_dispatcher"), agency)
        self._http = httpx.Client(
            base_url=f"{url}/api/v1", headers={"authorization": f"Bearer {token}"}, timeout=30
        )
        self._keys = 0
        self._agency = agency

    def read(self, path: str) -> Row:
        """Return what stands under a path."""
        found: Row = self._http.get(path).raise_for_status().json()
        return found

    def rows(self, phase: str) -> list[Row]:
        """Return the incidents of one phase."""
        return [row for row in self.read("/board")["incidents"] if row["phase"] == phase]

    def now(self) -> str:
        """Return the time of the board."""
        now: str = self.read("/board")["now"]
        return now

    def do(self, path: str, body: Row) -> Row:
        """Send a command; raises when it is refused."""
        self._keys += 1
        answer = self._http.post(path, json=body, headers={"idempotency-key": f"{self._agency}-{self._keys}"})
        outcome: Row = answer.raise_for_status().json()["outcome"]
        return outcome

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()


@dataclass(frozen=True)
class Studio:
    """Where pictures are taken."""

    browser: Browser
    plain: Page
    url: str
    out: Path

    def open(self, theme: str, viewport: dict[str, int], scale: float = 1) -> Page:
        """Open the landing page in a browser of its own that prefers this theme on every screen."""
        context: BrowserContext = self.browser.new_context(
            viewport=viewport,
            device_scale_factor=scale,
            color_scheme=theme,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(PATIENCE_MS)
        choice = f"JSON.stringify({{theme: '{theme}'}})"
        context.add_init_script(
            "for (const place of ['console', 'crew', 'desk', 'landing']) "
            f"localStorage.setItem(`jru.${{place}}`, {choice})"
        )
        page = context.new_page()
        page.goto(self.url)
        page.locator("[data-role]").first.wait_for()
        return page

    def desk(self, role: str, theme: str, viewport: dict[str, int]) -> Page:
        """Take a desk and wait until its map is drawn."""
        page = self.open(theme, viewport)
        page.locator(f"[data-role={role}]").click()
        page.locator(".console[data-ready]").wait_for()
        page.locator("[data-drawn]").wait_for()
        return page

    def seat(self, role: str, call_sign: str, theme: str) -> Page:
        """Sit in a vehicle."""
        page = self.open(theme, HAND, scale=2)
        page.get_by_role("listitem").filter(has_text=call_sign).locator(f"[data-role={role}]").click()
        page.locator(".crew[data-ready]").wait_for()
        return page

    def officer(self, agency: Agency, theme: str) -> Page:
        """Look over a privacy officer's shoulder."""
        page = self.open(theme, SMALL)
        page.locator(f"[data-role=privacy_officer][data-agency={agency.value}]").click()
        page.locator(".desk[data-ready]").wait_for()
        return page

    def by_day_and_night(self, page: Page, name: str) -> None:
        """Take one picture in each theme."""
        for theme in THEMES:
            page.evaluate(SET_THEME, theme)
            self.take(page, f"{name}-{theme}")

    def take(self, page: Page, name: str) -> None:
        """Take one picture."""
        path = self.out / f"{name}.png"
        page.mouse.move(0, 0)
        save_small(self.plain, page.screenshot(animations="disabled", caret="hide"), path)
        print(f"{path.name:32} {path.stat().st_size / 1000:4.0f} kB")


def go_to(page: Page, number: str) -> None:
    """Take an incident in hand at a console."""
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type(f"g {number}")
    page.keyboard.press("Enter")
    expect(page.locator("[data-pane=incident] h2").first).to_have_text(number)
    page.locator("[data-log] li").first.wait_for()
    page.locator("[data-recommendation]").wait_for()
    page.locator("[data-drawn]").wait_for()

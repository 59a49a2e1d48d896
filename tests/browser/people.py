"""A dispatcher who works by keyboard alone, and a crew that taps."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

WITHOUT_MAP = """localStorage.setItem("jru.console", JSON.stringify({map: false}))"""
CREW_SCREEN = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


class Dispatcher:
    """One person at a console; every act is a key press."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def pane(self) -> Locator:
        """The incident in hand."""
        return self.page.locator("[data-pane=incident]")

    @property
    def verdict(self) -> Locator:
        """What is said about sending the joint unit to the incident in hand."""
        return self.pane.locator("[data-verdict]")

    @property
    def log(self) -> Locator:
        """The log of the incident in hand, in sentences."""
        return self.pane.locator("[data-log]")

    @property
    def told(self) -> Locator:
        """What the last command was answered with."""
        return self.page.locator("[data-said=told]")

    @property
    def refused(self) -> Locator:
        """Why the last command was refused."""
        return self.page.locator("[data-said=refused]")

    def row(self, number: str, section: str | None = None) -> Locator:
        """Return the row of an incident, in one list or wherever it stands."""
        place = f"[data-list='{section}'] " if section else ""
        return self.page.locator(f"{place}[data-incident='{number}']")

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.page.keyboard.type(text)

    def command(self, line: str) -> None:
        """Give a command in the command bar."""
        self.press("/")
        expect(self.page.locator("[data-command]")).to_be_focused()
        self.type(line)
        self.press("Enter")

    def go_to(self, number: str) -> None:
        """Take an incident in hand."""
        self.command(f"g {number}")
        expect(self.pane.get_by_role("heading", level=2)).to_have_text(number)

    def number_in_hand(self) -> str:
        """Return the number of the incident in hand."""
        heading = self.pane.get_by_role("heading", level=2)
        expect(heading).to_have_text(re.compile(r"^\d{3,6}$"))
        return heading.inner_text()

    def take_call(self, kind: str, place: str, grade: str = "", remarks: str = "") -> str:
        """Take a call down, choose the first place found, save; return the new incident's number."""
        self.press("n")
        form = self.page.locator("[data-draft]")
        expect(form.get_by_label("Type")).to_be_focused()
        self.type(kind)
        self.press("Tab")
        expect(form.get_by_label("Place")).to_be_focused()
        self.type(place)
        self.press("Enter")
        expect(form.locator("#draft-place-note")).to_have_text(re.compile("^on the map", re.IGNORECASE))
        self.press("Tab")
        self.type(grade)
        if remarks:
            self.press("Tab")
            self.type(remarks)
            self.press("Shift+Tab")
        self.press("Shift+Tab", "Enter")
        expect(form).to_have_count(0)
        return self.number_in_hand()

    def offer(self, call_sign: str, number: str) -> None:
        """Offer the first recommended unit, which must be this one."""
        first = self.pane.locator("[data-recommended]").first
        expect(first).to_have_attribute("data-recommended", call_sign)
        expect(first.get_by_role("button", name=f"Offer {call_sign}")).to_be_visible()
        self.press("1")
        armed = self.page.locator("[data-armed]")
        expect(armed).to_contain_text(f"offers {call_sign} to {number}")
        self.press("Enter")
        expect(armed).to_have_count(0)
        expect(self.told).to_contain_text(f"{call_sign} offered {number}")

    def close(self, reason: str) -> None:
        """Close the incident in hand for this room."""
        self.press("c")
        chosen = self.pane.get_by_label("Reason to close")
        expect(chosen).to_be_focused()
        self.type(reason)
        self.press("Tab", "Enter")
        expect(self.told).to_contain_text("closed", ignore_case=True)


class CrewMember:
    """Somebody in the vehicle, with a screen of 390 x 844."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def offer(self) -> Locator:
        """The offer that fills the screen."""
        return self.page.locator("[data-offer]")

    @property
    def job(self) -> Locator:
        """The job that fills the screen."""
        return self.page.locator("[data-job]")

    @property
    def next_step(self) -> Locator:
        """The one big button."""
        return self.page.locator("[data-next]")

    def accept(self, number: str) -> None:
        """Accept the offer that is shown."""
        expect(self.offer).to_have_attribute("data-offer", number)
        self.page.locator("[data-accept]").tap()
        expect(self.job).to_have_attribute("data-job", number)

    def step(self, status: str, words: str) -> None:
        """Tap the big button, which must lead to this status."""
        expect(self.next_step).to_have_attribute("data-next", status)
        expect(self.next_step).to_have_text(words)
        self.next_step.tap()
        expect(self.page.locator(f"[data-next={status}]")).to_have_count(0)

    def code_outcome(self, *answers: str) -> None:
        """Code how it went: one tap for each answer."""
        self.page.locator("[data-outcome-button]").tap()
        for answer in answers:
            self.page.locator(f"[data-answer={answer}]").tap()
        expect(self.page.locator("[data-outcome-done]")).to_be_visible()
        self.page.locator("[data-back]").tap()


def take_desk(context: BrowserContext, url: str, role: str, *, with_map: bool = False) -> Dispatcher:
    """Choose a room's desk on the landing page and wait for the board; drawing a map takes seconds here."""
    page = context.new_page()
    if not with_map:
        page.add_init_script(WITHOUT_MAP)
    page.goto(url)
    page.locator(f"[data-role={role}]").press("Enter")
    page.wait_for_url("**/console")
    expect(page.locator(".console[data-ready]")).to_be_visible()
    return Dispatcher(page)


def sign_in(context: BrowserContext, url: str, token: str) -> Dispatcher:
    """Sign in to a room's desk with a token, as on a server that plays no demo."""
    page = context.new_page()
    page.add_init_script(WITHOUT_MAP)
    page.goto(url)
    page.get_by_text("Access token", exact=True).first.click()
    page.get_by_label("Access token").fill(token)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console")
    expect(page.locator(".console[data-ready]")).to_be_visible()
    return Dispatcher(page)


def sit_in(context: BrowserContext, url: str, role: str, call_sign: str) -> CrewMember:
    """Choose a seat of a vehicle on the landing page and wait for its screen."""
    page = context.new_page()
    page.goto(url)
    page.get_by_role("listitem").filter(has_text=call_sign).locator(f"[data-role={role}]").tap()
    page.wait_for_url("**/crew")
    expect(page.locator(".crew[data-ready]")).to_be_visible()
    return CrewMember(page)

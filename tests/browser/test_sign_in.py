"""The sign-in page in a real browser: first set-up, password and code, passkey, tablet, my sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jru.clock import VirtualClock
from jru.domain.agency import Agency, Role
from jru.web.server import serving
from tests.browser.conftest import NewContext
from tests.browser.stage import open_stage
from tests.identity.authenticator import code_now
from tests.identity.place import PASSWORD, START, Place, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOM = (Agency.POLICE, Role.POLICE_DISPATCHER)


@dataclass
class Door:
    """The product outside demo mode, under the name that passkeys hold for."""

    place: Place
    url: str


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    clock = VirtualClock(START, rate=1.0)
    system = opened(tmp_path, clock)
    with serving(system.app) as url:
        place = Place(system, url, clock)
        yield Door(place, url.replace("127.0.0.1", "localhost"))
        place.close()
    system.close()


def with_authenticator(page: Page) -> None:
    """Give the browser a device that makes passkeys and checks its user."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def begin_setup(
    page: Page, door: Door, name: str, roles: tuple[Role, ...] = ROOM[1:], secret: str = ""
) -> None:
    """Begin the first set-up of somebody new, with the secret of the invitation unless another one is given."""
    _, invited = door.place.invite(name, Agency.POLICE, *roles)
    page.goto(door.url)
    page.get_by_role("button", name="First set-up").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Set-up secret").fill(secret or invited)
    page.get_by_role("button", name="Go on").click()
    if not secret:
        expect(page.get_by_text(f"Welcome, {name} Example")).to_be_visible()


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in ("serious", "critical")]


def test_a_passkey_is_made_at_the_first_set_up_and_signs_in(door: Door, new_context: NewContext) -> None:
    page = new_context().new_page()
    with_authenticator(page)
    begin_setup(page, door, "example.one")
    assert serious(page) == []
    page.get_by_label("What you call it").fill("Desk key")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/console")
    page.goto(f"{door.url}/account")
    expect(page.get_by_role("button", name="Remove Desk key")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/console")


def test_a_password_and_a_code_are_set_up_and_sign_in_by_keyboard(
    door: Door, new_context: NewContext
) -> None:
    page = new_context().new_page()
    begin_setup(page, door, "example.two")
    page.get_by_label("Password").fill("password1234")
    page.get_by_label("The same again").fill("password1234")
    page.get_by_role("button", name="Go on to the app").click()
    expect(page.get_by_role("alert")).to_contain_text("easily guessed")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Go on to the app").click()
    secret = page.locator("#app-secret").inner_text().replace(" ", "")
    page.get_by_label("The code that the app shows now").fill(code_now(secret, door.place.clock))
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/console")
    page.goto(f"{door.url}/account")
    page.get_by_role("button", name="Sign out").click()
    door.place.clock.advance(60)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert serious(page) == []
    page.get_by_label("Name").focus()
    page.keyboard.type("example.two")
    page.keyboard.press("Tab")
    page.keyboard.type("not this one at all")
    page.keyboard.press("Tab")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("did not sign you in")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill(code_now(secret, door.place.clock))
    page.keyboard.press("Enter")
    page.wait_for_url("**/console")


def test_somebody_ends_the_own_session_elsewhere(door: Door, new_context: NewContext) -> None:
    here, there = (new_context().new_page() for _ in range(2))
    with_authenticator(here)
    begin_setup(here, door, "example.one")
    here.get_by_role("button", name="Make a passkey").click()
    here.wait_for_url("**/console")
    account = door.place.system.services.identity.accounts.named("example.one")
    identity = door.place.system.services.identity
    secret = identity.sessions.open(account, account.employments[0], "passkey", "Another browser")
    there.context.add_cookies([{"name": "jru_session", "value": secret, "url": door.url}])
    there.goto(f"{door.url}/console")
    here.goto(f"{door.url}/account")
    assert serious(here) == []
    row = here.get_by_role("row", name=re.compile("Another browser"))
    row.get_by_role("button", name="End").click()
    expect(here.get_by_role("status")).to_contain_text("has ended")
    expect(row).to_have_count(0)
    there.goto(f"{door.url}/account")
    there.wait_for_url(f"{door.url}/")


def test_a_tablet_is_paired_and_unlocked_with_a_pin(door: Door, new_context: NewContext) -> None:
    place = door.place
    lead = place.sign_in(place.with_passkey("duty.lead", Agency.POLICE, Role.DUTY_SUPERVISOR))
    code = lead.did("/tablets", {"vehicle_id": "JR01", "label": "Dashboard"})["code"]
    person = place.with_passkey(
        "special.one", Agency.POLICE, Role.SPECIAL_CONSTABLE, full_name="Special Example One"
    )
    unit_id = place.put_on_duty("Special Example One", "Special Example Two", "Paramedic Example Three")
    page = new_context(viewport={"width": 820, "height": 1180}).new_page()
    page.goto(door.url)
    page.get_by_text("Pair this tablet").click()
    page.get_by_label("Pairing code").fill(code.lower())
    page.get_by_role("button", name="Pair", exact=True).click()
    expect(page.get_by_role("heading", name="Tablet of JR01")).to_be_visible()
    identity = place.system.services.identity
    account = identity.accounts.named("special.one")
    tablet = next(one for one in place.system.store.devices.all() if one.paired_at)
    secret = identity.sessions.open(account, account.employments[0], "passkey", "Tablet", tablet)
    page.context.add_cookies([{"name": "jru_session", "value": secret, "url": door.url}])
    page.goto(f"{door.url}/account")
    page.get_by_label("Six digits").fill("271829")
    page.get_by_role("button", name="Set the PIN").click()
    expect(page.get_by_role("status")).to_contain_text("until the duty ends")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Special Example One, Special constable")).to_be_checked()
    assert serious(page) == []
    page.get_by_label("PIN of this duty").fill("271829")
    page.get_by_role("button", name="Unlock").click()
    page.wait_for_url("**/crew")
    assert person.passkey is not None

    page.locator("[data-ready-tap]").wait_for()
    page.context.set_offline(True)
    page.locator("[data-ready-tap]").click()
    place.seat(unit_id, "Special Example Nine")
    page.context.set_offline(False)
    expect(page.locator("[data-relieved=JR01]")).to_contain_text(
        "Somebody else has your seat", timeout=40_000
    )
    expect(page.get_by_role("alert")).to_contain_text("Vehicle and kit checked: ready")
    expect(page.get_by_role("alert")).to_contain_text("was not taken")
    expect(page.locator("[data-ready-tap]")).to_have_count(0)
    assert serious(page) == []


def test_the_page_does_not_wait_for_what_it_looks_up(door: Door, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.route("**/session/tablet", lambda _route: None)
    page.goto(door.url)
    page.locator("summary", has_text="Access token").click()
    page.get_by_label("Access token").fill(door.place.system.issue_token(ROOM[1], ROOM[0]))
    page.keyboard.press("Enter")
    page.wait_for_url("**/console")


TWO_JOBS = (Role.POLICE_DISPATCHER, Role.DUTY_SUPERVISOR)


def test_somebody_with_two_jobs_chooses_one_at_the_end_of_the_first_set_up(
    door: Door, new_context: NewContext
) -> None:
    page = new_context().new_page()
    with_authenticator(page)
    begin_setup(page, door, "example.both", TWO_JOBS)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Which job is this for?")).to_be_focused()
    assert serious(page) == []
    page.get_by_role("button", name="Back to signing in").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_focused()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Duty supervisor").click()
    page.wait_for_url("**/console")


def test_what_goes_wrong_at_the_first_set_up_is_said_in_its_own_words(
    door: Door, new_context: NewContext
) -> None:
    page = new_context().new_page()
    with_authenticator(page)
    begin_setup(page, door, "example.one", secret="ABCD-EFGH")
    expect(page.get_by_role("alert")).to_contain_text("set-up secret do not fit")
    begin_setup(page, door, "example.two")
    page.route(
        "**/session/setup/passkey",
        lambda route: route.fulfill(
            status=422, json={"status": 422, "code": "passkey.refused", "detail": "Refused."}
        ),
    )
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("choose a password")
    expect(page.get_by_role("alert")).to_be_focused()


def test_a_code_may_be_typed_as_the_app_shows_it(door: Door, new_context: NewContext) -> None:
    person = door.place.with_password("example.one", *ROOM)
    page = new_context().new_page()
    page.goto(door.url)
    page.get_by_label("Name").fill("example.one")
    page.get_by_label("Password").fill(PASSWORD)
    code = code_now(person.app_secret, door.place.clock)
    page.get_by_label("Code", exact=True).press_sequentially(f"{code[:3]} {code[3:]}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console")


def test_the_landing_page_can_be_used_again_after_the_way_back(
    tmp_path: Path, new_context: NewContext
) -> None:
    with open_stage(tmp_path) as stage:
        page = new_context().new_page()
        page.route("**/console", lambda route: route.fulfill(status=204), times=1)
        page.goto(stage.url)
        room = page.locator("[data-role=police_dispatcher]")
        with page.expect_request("**/console"):
            room.click()
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
        room.click()
        page.wait_for_url("**/console")

"""There and back again in a real browser: a partner's directory on another site, a tablet that stays one."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jru.bootstrap import build
from jru.clock import SeededRandom, SystemClock, VirtualClock
from jru.config import Settings
from jru.domain.agency import Agency, Role
from jru.services.access import Viewer
from jru.web.server import serving
from tests.browser.conftest import NewContext
from tests.identity.directory import directory
from tests.identity.place import Place
from tests.identity.schemes import scheme_with

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PEOPLE = {
    "dispatcher": {"name": "Dispatcher Example", "groups": ["JRU-Dispatch"]},
    "stranger": {"name": "Stranger Example", "groups": ["Everybody"]},
}
ADMIN = Viewer("somebody", "Somebody", Agency.POLICE, Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """The product as localhost, the directory as 127.0.0.1: for a browser two sites."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    client = {
        "client_id": "jru",
        "redirect_uris": [f"{url}/api/v1/session/directory/police/back"],
        "token_endpoint_auth_method": "none",
    }
    clock = VirtualClock(SystemClock().now(), rate=1.0)
    with directory(client, PEOPLE) as issuer:
        system = build(
            Settings(data=tmp_path),
            clock=clock,
            random=SeededRandom("there and back"),
            blueprint_text=scheme_with(issuer),
        )
        with serving(system.app, port=port):
            place = Place(system, url, clock)
            yield place
            place.close()
        system.close()


def go_there(page: Page, person: str) -> None:
    """Choose the partner, sign in at its directory and agree."""
    page.route("https://fonts.googleapis.com/**", lambda route: route.abort())  # that directory's pages ask
    page.get_by_role("button", name="Sign in with Kent Police").click()
    page.locator("input[name=login]").fill(person)
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.locator("button[type=submit]", has_text="Continue").click()


def test_a_tablet_goes_to_another_site_and_comes_back_a_tablet(place: Place, new_context: NewContext) -> None:
    identity = place.system.services.identity
    device, code = identity.tablets.offer(ADMIN, "JR01", "Front")
    page = new_context().new_page()
    page.goto(place.url)
    page.get_by_text("Pair this tablet").click()
    page.get_by_label("Pairing code").fill(code)
    page.get_by_role("button", name="Pair", exact=True).click()
    expect(page.get_by_role("heading", name="Tablet of JR01")).to_be_visible()
    go_there(page, "dispatcher")
    page.wait_for_url("**/console")
    kept = {one["name"]: one for one in page.context.cookies(place.url)}
    assert kept.keys() == {"jru_session", "jru_tablet"}
    assert {one["sameSite"] for one in kept.values()} == {"Strict"}
    here = identity.sessions.find(kept["jru_session"]["value"])
    assert here is not None
    assert here.device_id == device.device_id


def test_whom_the_directory_gives_no_role_is_told_so(place: Place, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(place.url)
    go_there(page, "stranger")
    expect(page.get_by_role("alert")).to_contain_text("directory did not sign you in")
    expect(page.get_by_role("button", name="Sign in with Kent Police")).to_be_enabled()

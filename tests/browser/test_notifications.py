"""A device is told by notification: switched on by the crew, sealed on the way, shown by the browser itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, sit_in, take_desk
from tests.browser.stage import Stage
from tests.browser.test_accessibility import assert_sound
from tests.browser.waiting import wait_until
from tests.push.service import Device, Message, PushServer, push_server

SUBSCRIBED = """(() => {
  const held = %s;
  const made = { options: {}, toJSON: () => held, unsubscribe: async () => true };
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async () => made;
})()"""
"""A browser under test may speak to no push service: this one has a service on loopback."""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.getRegistration('/crew');
  return (await worker.getNotifications()).map(({ title, silent }) => [title, silent]);
}"""

OTHERS = {
    "emergency": "EMERGENCY JR01",
    "lapsed": "JR01 has not answered",
    "ending": "This device is soon told no more",
    "of a newer server": "Something is new",
}


@pytest.fixture
def service() -> Iterator[PushServer]:
    """A push service."""
    with push_server() as held:
        yield held


def bound_to(service: PushServer, context: BrowserContext, name: str) -> Device:
    """Let a browser be reached through a push service."""
    device = Device(name)
    told: dict[str, Any] = device.subscription(service.url)
    held = {"endpoint": told.pop("endpoint"), "keys": told}
    context.add_init_script(SUBSCRIBED % json.dumps(held))
    return device


class Pushed:
    """The way from a push service into a browser."""

    def __init__(self, page: Page, device: Device) -> None:
        self._page, self._device = page, device
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._ids: list[str] = []
        self._cdp.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self._cdp.send("ServiceWorker.enable")
        wait_until(page, "async () => (await navigator.serviceWorker.getRegistration('/crew'))?.active")
        assert self._ids, "the browser names no worker of the page"

    def _note(self, told: dict[str, Any]) -> None:
        self._ids += [one["registrationId"] for one in told["registrations"]]

    def deliver(self, message: Message, title: str, *, silent: bool) -> None:
        """Hand the browser what it alone can open, and wait until it shows it."""
        self.hand_in(self._device.opened(message).decode(), title, silent=silent)

    def hand_in(self, words: str, title: str, *, silent: bool) -> None:
        """Hand in what was opened, and wait until it is shown."""
        origin = self._page.evaluate("location.origin")
        self._cdp.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": origin,
                "registrationId": self._ids[-1],
                "data": words,
            },
        )
        wanted = json.dumps([title, silent], separators=(",", ":"))
        wait_until(
            self._page, f"async () => (await ({SHOWN})()).some((one) => JSON.stringify(one) === '{wanted}')"
        )


def test_a_crew_switches_notifications_on_tries_them_and_is_told_of_an_offer(
    stage: Stage, new_context: NewContext, service: PushServer
) -> None:
    unit = stage.put_on_duty("JR01")
    context = new_context(**CREW_SCREEN, service_workers="allow", permissions=["notifications"])
    device = bound_to(service, context, "phone")
    page = sit_in(context, stage.url, "paramedic", "JR01").page
    page.get_by_role("button", name="Crew", exact=True).tap()
    state = page.locator("[data-notices-state]")
    expect(state).to_contain_text("Not told by this device")
    page.locator("[data-notices]").tap()
    expect(state).to_contain_text("Told of offers, until you book off")
    assert_sound(page, "notifications on the crew's device")
    page.locator("[data-notices-trial]").tap()
    expect(page.locator("[data-notices-trial-state]")).to_contain_text("A trial is on its way")
    pushed = Pushed(page, device)
    pushed.deliver(service.next(), "This device is told", silent=True)
    page.goto(f"{stage.url}/account")
    told = stage.report(Agency.POLICE, "P-1", grade="2", type_code="VP-ASLT", flags=["injury"])
    police = stage.programs[Agency.POLICE]
    offer = police.do(f"/units/{unit}/offers", {"incident_id": told["incident_id"]})["offer_id"]
    pushed.deliver(service.next(), "Offer for JR01", silent=False)
    for kind, title in OTHERS.items():
        pushed.hand_in(json.dumps({"kind": kind, "call_sign": "JR01", "silent": True}), title, silent=True)
    pushed.hand_in("no words of ours", "Something is new", silent=False)
    page.goto(f"{stage.url}/crew")
    wait_until(page, f"async () => (await ({SHOWN})()).length === 0")
    police.do(f"/units/{unit}/offers/{offer}/answer", {"answer": "accept", "by_voice": True})
    page.get_by_role("button", name="Crew", exact=True).tap()
    expect(state).to_contain_text("Told of offers")
    page.locator("[data-notices]").tap()
    expect(state).to_contain_text("Not told by this device")
    assert stage.system.services.metrics()["push_subscriptions"] == 0


def test_a_room_whose_browser_blocks_notifications_reads_what_to_do(
    stage: Stage, new_context: NewContext
) -> None:
    desk = take_desk(new_context(service_workers="allow", permissions=[]), stage.url, "police_dispatcher")
    desk.press(",")
    desk.page.locator("[data-notices]").click()
    expect(desk.page.locator("[data-notices-state]")).to_contain_text("Allow them in its settings")
    assert_sound(desk.page, "notifications that are blocked")

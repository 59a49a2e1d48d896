"""A device whose sign-in ends is told so while there is time; one that was taken away is told nothing."""

from __future__ import annotations

import pytest

from jru.domain.agency import Agency, Role
from tests.identity.place import Browser, Person, Place
from tests.identity.test_tablets import paired
from tests.push.people import CREW, offered, page, ready, room, told_devices
from tests.push.service import Device, PushServer

MINUTE_S = 60


@pytest.fixture
def lead(place: Place) -> Browser:
    """A duty supervisor, signed in."""
    return place.sign_in(place.with_passkey("duty.lead", Agency.POLICE, Role.DUTY_SUPERVISOR))


@pytest.fixture
def driver(place: Place) -> Person:
    """Who drives."""
    return place.with_passkey("driver", Agency.POLICE, Role.SPECIAL_CONSTABLE, full_name=CREW[0])


def told(browser: Browser, service: PushServer, name: str) -> Device:
    device = Device(name)
    assert browser.did("/notifications", device.subscription(service.url))["on"] is True
    return device


def test_a_tablet_that_nobody_touches_says_before_its_end_that_it_is_soon_told_no_more(
    place: Place, service: PushServer, lead: Browser, driver: Person
) -> None:
    unit_id = ready(place)
    tablet, _ = paired(place, lead)
    place.sign_in(driver, tablet)
    device = told(tablet, service, "tablet")
    place.clock.advance(24 * MINUTE_S)
    assert place.system.services.push.due() == []
    place.clock.advance(2 * MINUTE_S)
    offered(room(place), unit_id)
    assert {device.read(service.next())["kind"] for _ in range(2)} == {"ending", "offer"}
    assert tablet.get("/notifications").json()["on"] is True, "whoever touches the page is there"
    place.clock.advance(5 * MINUTE_S)
    unattended = tablet.headers() | {"x-jru-unattended": "1"}
    assert tablet.client.get("/notifications", headers=unattended).json()["on"] is True
    place.clock.advance(26 * MINUTE_S)
    assert tablet.get("/notifications").status_code == 401
    assert place.system.services.push.due() == []
    assert told_devices(place) == 0
    assert service.rest() == []


def test_a_tablet_that_was_taken_away_and_a_person_who_was_shut_out_are_told_nothing(
    place: Place, service: PushServer, lead: Browser, driver: Person
) -> None:
    unit_id = ready(place)
    tablet, device_id = paired(place, lead)
    place.sign_in(driver, tablet)
    told(tablet, service, "tablet")
    medic = place.with_passkey("medic", Agency.AMBULANCE, Role.PARAMEDIC, full_name=CREW[2])
    told(place.sign_in(medic), service, "phone")
    page(place, Role.CONSTABLE, unit_id).told(service, "second")
    lead.did(f"/tablets/{device_id}/end", {"reason": "stolen"})
    place.system.services.identity.accounts.disable(None, medic.account_id)
    offered(room(place), unit_id)
    assert service.next().path == "/to/second"
    assert told_devices(place) == 1
    assert service.rest() == []

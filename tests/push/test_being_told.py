"""Who is told by notification, of what, until when, and that nobody on the way can read or tell it apart."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jru.clock import SystemRandom
from jru.domain.agency import Agency, Role
from jru.exchange.webpush.service import new_key
from jru.services.alerts import MESSAGE_BYTES
from tests.identity.place import Place
from tests.push.conftest import pushing_place
from tests.push.people import CREW, offered, page, ready, room, told_devices
from tests.push.service import Device, PushServer, until


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A product for tests that change nothing."""
    with pushing_place(tmp_path_factory.mktemp("lasting")) as place:
        yield place


def test_an_offer_reaches_the_crew_sealed_signed_and_without_anything_about_the_job(
    place: Place, service: PushServer
) -> None:
    unit_id = ready(place)
    driver = page(place, Role.SPECIAL_CONSTABLE, unit_id)
    device = driver.told(service, "driver")
    key = driver.get("/notifications").json()["key"]
    offered(room(place), unit_id)
    message = service.next()
    assert device.read(message) == {"kind": "offer", "call_sign": "JR01", "silent": False}
    (offer,) = [unit["offer"] for unit in driver.get("/board").json()["units"]]
    life_s = (datetime.fromisoformat(offer["expires_at"]) - place.clock.now()).total_seconds()
    assert message.headers["urgency"] == "high"
    assert 0 < int(message.headers["ttl"]) <= life_s
    claims = message.claims(key)
    assert claims["aud"] == service.url
    assert claims["sub"] == "https://localhost"
    assert 0 < claims["exp"] - datetime.now(UTC).timestamp() < 24 * 3600


def test_every_message_is_as_long_as_any_other(place: Place, service: PushServer) -> None:
    unit_id = ready(place)
    driver, police = page(place, Role.PARAMEDIC, unit_id), room(place)
    of_crew, of_room = driver.told(service, "driver"), police.told(service, "police", silent=True)
    offered(police, unit_id)
    first = service.next()
    driver.did(f"/units/{unit_id}/emergency", {})
    second = service.next()
    assert len(of_crew.opened(first)) == len(of_room.opened(second)) == MESSAGE_BYTES
    assert len(first.body) == len(second.body)


def test_nobody_is_told_after_sign_out_book_off_or_once_it_is_switched_off(
    place: Place, service: PushServer
) -> None:
    unit_id = ready(place)
    person = place.with_passkey("driver", Agency.POLICE, Role.SPECIAL_CONSTABLE, full_name=CREW[0])
    driver = place.sign_in(person)
    paramedic, police = page(place, Role.PARAMEDIC, unit_id), room(place)
    driver.did("/notifications", Device("driver").subscription(service.url))
    paramedic.told(service, "paramedic")
    police.told(service, "police")
    assert told_devices(place) == 3
    assert police.post("/notifications/end", {}).json() == {"ended": 1}
    assert police.get("/notifications").json()["on"] is False
    assert driver.client.delete("/session", headers=driver.headers()).status_code == 200
    until(lambda: told_devices(place) == 1)
    offered(police, unit_id)
    assert service.next().path == "/to/paramedic"
    police.did(f"/units/{unit_id}/book-off", {})
    until(lambda: told_devices(place) == 0)
    assert service.rest() == []


def test_a_device_that_its_push_service_knows_no_more_is_forgotten(place: Place, service: PushServer) -> None:
    unit_id = ready(place)
    driver = page(place, Role.PARAMEDIC, unit_id)
    driver.told(service, "driver")
    service.answers = [(410, {})]
    offered(room(place), unit_id)
    service.next()
    until(lambda: told_devices(place) == 0)
    assert driver.get("/notifications").json()["on"] is False
    assert place.system.store.subscriptions.all() == []


def test_a_push_service_that_is_busy_is_asked_again_and_one_that_redirects_is_not_followed(
    place: Place, service: PushServer
) -> None:
    unit_id = ready(place)
    driver = page(place, Role.PARAMEDIC, unit_id)
    device = driver.told(service, "driver")
    service.answers = [(503, {}), (201, {}), (307, {"location": f"{service.url}/elsewhere"})]
    offered(room(place), unit_id)
    first, again = service.next(), service.next()
    assert device.read(first) == device.read(again)
    assert first.path == again.path
    assert driver.post("/notifications/trial", {}).json() == {"on_its_way": True}
    assert service.next().path == "/to/driver"
    until(lambda: place.system.services.metrics()["push_refused"] == 1)
    assert service.rest() == []


def test_a_dead_push_service_holds_up_no_command_and_is_said_in_the_figures(
    place: Place, service: PushServer
) -> None:
    unit_id = ready(place)
    police = room(place)
    paramedic, constable = page(place, Role.PARAMEDIC, unit_id), page(place, Role.CONSTABLE, unit_id)
    paramedic.told(service, "paramedic")
    service.answers = [(500, {})] * 100
    offered(police, unit_id)
    until(lambda: place.system.services.metrics()["push_failing"] == 1)
    assert paramedic.get("/notifications").json()["working"] is False
    assert constable.get("/notifications").json()["working"] is True
    assert [unit["offer"] is not None for unit in police.get("/board").json()["units"]] == [True]


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "https://127.0.0.1.example/to/a"},
        {"endpoint": "https://user@127.0.0.1/to/a"},
        {"endpoint": "http://10.0.0.1/to/a"},
        {"endpoint": "https://fcm.googleapis.com/fcm/send/a"},
        {"endpoint": "https://127.0.0.1:99999/to/a"},
        {"endpoint": "https://[::1/to/a"},
        {"endpoint": "https://127.0.0.1"},
        {"p256dh": "B" + "A" * 86},
    ],
)
def test_an_address_that_is_no_push_service_is_refused(
    lasting: Place, service: PushServer, changed: dict[str, str]
) -> None:
    body = Device("a").subscription(service.url) | changed
    answer = room(lasting).post("/notifications", body)
    assert answer.status_code == 422
    assert answer.json()["code"].startswith("push.")
    assert told_devices(lasting) == 0


def test_one_person_keeps_five_devices_and_one_browser_counts_once(place: Place, service: PushServer) -> None:
    police = room(place)
    for number in range(6):
        place.clock.advance(1)
        for _again in range(2):
            police.told(service, f"device-{number}")
    kept = [one.address.endpoint for one in place.system.store.subscriptions.all()]
    assert kept == [f"{service.url}/to/device-{number}" for number in range(1, 6)]


def test_who_cannot_be_told_hears_why(lasting: Place, service: PushServer) -> None:
    body = Device("a").subscription(service.url)
    off = page(lasting, Role.PARAMEDIC).post("/notifications", body)
    assert (off.status_code, "book on first" in off.text) == (409, True)
    assert page(lasting, Role.PRIVACY_OFFICER).post("/notifications", body).status_code == 403
    unasked = room(lasting).post("/notifications/trial", {})
    assert (unasked.status_code, "not told" in unasked.text) == (409, True)


def test_trials_come_ten_seconds_apart(place: Place, service: PushServer) -> None:
    police = room(place)
    device = police.told(service, "police")
    assert police.post("/notifications/trial", {}).status_code == 200
    assert device.read(service.next())["kind"] == "trial"
    assert police.post("/notifications/trial", {}).status_code == 429
    place.clock.advance(10)
    assert police.post("/notifications/trial", {}).status_code == 200
    assert service.next().path == "/to/police"


def test_devices_are_told_after_a_restart_and_a_new_key_ends_them(
    tmp_path: Path, service: PushServer
) -> None:
    key = tmp_path / "keys" / "push.pem"
    with pushing_place(tmp_path) as place:
        unit_id = ready(place)
        driver, police = page(place, Role.PARAMEDIC, unit_id), room(place)
        driver.told(service, "driver")
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pushing_place(tmp_path) as place:
        before = driver.at(place).get("/notifications").json()
        assert before["on"] is True
        offered(police.at(place), unit_id)
        assert service.next().path == "/to/driver"
    key.write_bytes(new_key(SystemRandom()))
    with pushing_place(tmp_path) as place:
        until(lambda: told_devices(place) == 0)
        after = driver.at(place).get("/notifications").json()
        assert (after["on"], after["key"] != before["key"]) == (False, True)

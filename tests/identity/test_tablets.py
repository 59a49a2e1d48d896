"""A vehicle's tablet: paired once, unlocked by its crew, and worth nothing once it is gone."""

from __future__ import annotations

from time import perf_counter

import httpx
import pytest

from jru.domain.agency import Agency, Role
from tests.identity.place import Browser, Person, Place
from tests.web.listening import Stream, listening

CREW = ("Special Example One", "Special Example Two", "Paramedic Example Three")
PIN = "271829"


@pytest.fixture
def lead(place: Place) -> Browser:
    """A duty supervisor, signed in."""
    return place.sign_in(place.with_passkey("duty.lead", Agency.POLICE, Role.DUTY_SUPERVISOR))


@pytest.fixture
def special(place: Place) -> Person:
    """A special constable of the crew."""
    return place.with_passkey("special.one", Agency.POLICE, Role.SPECIAL_CONSTABLE, full_name=CREW[0])


def paired(place: Place, lead: Browser, vehicle: str = "JR01") -> tuple[Browser, str]:
    """Return a tablet that was paired with a vehicle, and its id."""
    offered = lead.did("/tablets", {"vehicle_id": vehicle, "label": "Dashboard"})
    tablet = place.browser()
    tablet.did("/session/tablet", {"code": offered["code"]})
    return tablet, offered["id"]


def unlocked(place: Place, lead: Browser, special: Person) -> tuple[Browser, str]:
    """Return a tablet on duty with a PIN of the special constable, locked."""
    place.put_on_duty(*CREW)
    tablet, device_id = paired(place, lead)
    place.sign_in(special, tablet)
    tablet.did("/account/pin", {"pin": PIN})
    tablet.client.delete("/session", headers=tablet.headers())
    return tablet, device_id


def test_a_tablet_is_paired_once_with_a_code_of_ten_minutes(place: Place, lead: Browser) -> None:
    offered, late = (lead.did("/tablets", {"vehicle_id": "JR01", "label": "Dash"}) for _ in range(2))
    tablet = place.browser()
    assert tablet.get("/session/tablet").json() == {"tablet": None}
    told = tablet.did("/session/tablet", {"code": offered["code"].lower()})
    assert told["tablet"]["vehicle_id"] == "JR01"
    cookie = next(one for one in tablet.client.cookies.jar if one.name == "jru_tablet")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert place.browser().post("/session/tablet", {"code": offered["code"]}).status_code == 401
    place.clock.advance(601)
    assert place.browser().post("/session/tablet", {"code": late["code"]}).status_code == 401
    assert lead.post("/tablets", {"vehicle_id": "ZZ99", "label": "Dash"}).status_code == 422
    assert tablet.me() is None


def test_tablets_are_for_supervisors_and_administrators(place: Place, special: Person) -> None:
    browser = place.sign_in(special)
    assert browser.get("/tablets").status_code == 403
    assert browser.post("/tablets", {"vehicle_id": "JR01", "label": "Dash"}).status_code == 403
    assert browser.post("/tablets/dev_x/end", {"reason": "stolen"}).status_code == 403


def test_who_signs_in_on_a_tablet_rides_on_its_vehicle(place: Place, lead: Browser, special: Person) -> None:
    tablet, _ = paired(place, lead)
    place.sign_in(special, tablet)
    viewer = tablet.me()
    assert viewer is not None
    assert viewer["unit_id"] is None
    unit_id = place.put_on_duty(*CREW)
    viewer = tablet.me()
    assert viewer is not None
    assert (viewer["unit_id"], viewer["call_sign"]) == (unit_id, "JR01")


def test_a_crew_member_unlocks_with_a_pin_until_the_duty_ends(
    place: Place, lead: Browser, special: Person
) -> None:
    tablet, _ = unlocked(place, lead, special)
    crew = tablet.get("/session/tablet").json()["tablet"]["crew"]
    assert [(one["name"], one["role"]) for one in crew] == [(CREW[0], "special_constable")]
    person = crew[0]["person"]
    tablet.did("/session/pin", {"person": person, "pin": PIN})
    viewer = tablet.me()
    assert viewer is not None
    assert viewer["name"] == CREW[0]
    assert tablet.get("/account").json()["fresh"] is False
    assert tablet.post("/account/passkeys/options", {}).status_code == 403
    assert tablet.post("/account/pin", {"pin": "314159"}).status_code == 403
    place.clock.advance(31 * 60)
    assert tablet.me() is None
    tablet.did("/session/pin", {"person": person, "pin": PIN})
    place.clock.advance(4 * 3600)
    assert tablet.post("/session/pin", {"person": person, "pin": PIN}).status_code == 401
    assert tablet.get("/session/tablet").json()["tablet"]["crew"] == []


def test_a_pin_holds_on_its_tablet_only(place: Place, lead: Browser, special: Person) -> None:
    unlocked(place, lead, special)
    other, _ = paired(place, lead, "JR02")
    for browser in (other, place.browser()):
        answer = browser.post("/session/pin", {"person": special.account_id, "pin": PIN})
        assert answer.status_code == 401
    assert other.get("/session/tablet").json()["tablet"]["crew"] == []


def test_five_wrong_pins_take_the_pin_away(place: Place, lead: Browser, special: Person) -> None:
    tablet, _ = unlocked(place, lead, special)
    for _ in range(4):
        assert tablet.post("/session/pin", {"person": special.account_id, "pin": "000000"}).status_code == 401
    tablet.did("/session/pin", {"person": special.account_id, "pin": PIN})
    tablet.client.delete("/session", headers=tablet.headers())
    answers = [tablet.post("/session/pin", {"person": special.account_id, "pin": "000000"}) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {401}
    right = tablet.post("/session/pin", {"person": special.account_id, "pin": PIN})
    assert (right.status_code, right.content) == (401, answers[0].content)
    assert place.sign_in(special, tablet).me() is not None


@pytest.mark.parametrize("pin", ["111111", "123456", "654321", "121212"])
def test_an_easy_pin_is_refused(place: Place, lead: Browser, special: Person, pin: str) -> None:
    place.put_on_duty(*CREW)
    tablet, _ = paired(place, lead)
    place.sign_in(special, tablet)
    assert tablet.post("/account/pin", {"pin": pin}).status_code == 422


def test_a_pin_is_for_the_crew_of_the_duty(place: Place, lead: Browser, special: Person) -> None:
    tablet, _ = paired(place, lead)
    place.sign_in(special, tablet)
    off = tablet.post("/account/pin", {"pin": PIN})
    assert (off.status_code, off.json()["reason_code"]) == (409, "pin.off_duty")
    place.put_on_duty("Somebody Else", *CREW[1:])
    assert tablet.post("/account/pin", {"pin": PIN}).status_code == 409
    own = place.sign_in(special)
    assert own.post("/account/pin", {"pin": PIN}).status_code == 403


def test_who_is_relieved_rides_no_more_and_is_told(place: Place, lead: Browser, special: Person) -> None:
    tablet, _ = unlocked(place, lead, special)
    tablet.did("/session/pin", {"person": special.account_id, "pin": PIN})
    viewer = tablet.me()
    assert viewer is not None
    unit_id = viewer["unit_id"]
    assert (unit_id is None, viewer["relieved"]) == (False, None)
    with listening(place.url, tablet.secret) as stream:
        stream.next()
        place.seat(unit_id, "Special Example Nine")
        assert stream.rest()[-1].content == {"reason": "revoked"}
    viewer = tablet.me()
    assert viewer is not None
    assert viewer["unit_id"] is None
    assert viewer["relieved"]["call_sign"] == "JR01"
    late = tablet.post(f"/units/{unit_id}/status", {"status": "readying"})
    assert late.status_code == 403
    assert tablet.get("/session/tablet").json()["tablet"]["crew"] == []
    place.seat(unit_id, CREW[0])
    viewer = tablet.me()
    assert viewer is not None
    assert (viewer["unit_id"], viewer["relieved"]) == (unit_id, None)


def test_a_stolen_tablet_is_refused_at_once(place: Place, lead: Browser, special: Person) -> None:
    tablet, device_id = unlocked(place, lead, special)
    tablet.did("/session/pin", {"person": special.account_id, "pin": PIN})
    with (
        httpx.Client(base_url=place.url, timeout=5) as client,
        client.stream(
            "GET", "/api/v1/stream", headers={"authorization": f"Bearer {tablet.secret}"}
        ) as response,
    ):
        stream = Stream(response)
        stream.next()
        begun = perf_counter()
        ended = lead.did(f"/tablets/{device_id}/end", {"reason": "stolen"})
        assert stream.rest()[-1].event == "bye"
        assert perf_counter() - begun < 1
    assert ended["ended_why"] == "stolen"
    assert tablet.get("/board").status_code == 401
    assert tablet.post("/session/pin", {"person": special.account_id, "pin": PIN}).status_code == 401
    assert tablet.get("/session/tablet").json() == {"tablet": None}


def test_what_a_stolen_tablet_queued_is_taken_after_pairing_anew_and_once(
    place: Place, lead: Browser, special: Person
) -> None:
    tablet, device_id = unlocked(place, lead, special)
    tablet.did("/session/pin", {"person": special.account_id, "pin": PIN})
    viewer = tablet.me()
    assert viewer is not None
    path, queued = f"/units/{viewer['unit_id']}/status", {"status": "available"}
    key = {"idempotency-key": "queued-on-the-tablet"}
    lead.did(f"/tablets/{device_id}/end", {"reason": "stolen"})
    assert tablet.post(path, queued, **key).status_code == 401
    place.sign_in(special, tablet)
    away = tablet.me()
    assert away is not None
    tablet.client.delete("/session", headers=tablet.headers())
    offered = lead.did("/tablets", {"vehicle_id": "JR01", "label": "Found again"})
    tablet.did("/session/tablet", {"code": offered["code"]})
    assert tablet.post(path, queued, **key).status_code == 401
    place.sign_in(special, tablet)
    first, again = (tablet.post(path, queued, **key) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["outcome"] == again.json()["outcome"]


def test_a_disabled_person_has_no_pin(place: Place, lead: Browser, special: Person) -> None:
    tablet, _ = unlocked(place, lead, special)
    identity = place.system.services.identity
    identity.accounts.disable(None, special.account_id)
    assert tablet.get("/session/tablet").json()["tablet"]["crew"] == []
    identity.accounts.enable(None, special.account_id)
    assert tablet.post("/session/pin", {"person": special.account_id, "pin": PIN}).status_code == 401

"""Who signed in, how, and who did not: in the server's log, without a name, a password or a code."""

from __future__ import annotations

from structlog.testing import capture_logs

from jru.domain.agency import Agency, Role
from tests.identity.place import PASSWORD, Place

ROOM = (Agency.POLICE, Role.POLICE_DISPATCHER)


def test_every_sign_in_is_logged_whether_or_not_it_succeeds(place: Place) -> None:
    with capture_logs() as lines:
        person = place.with_password("example.one", *ROOM)
        place.sign_in(person)
        passkeyed = place.with_passkey("example.two", *ROOM)
        place.sign_in(passkeyed)
        place.try_password(place.browser(), "example.one", PASSWORD, "000000")
        for _ in range(11):
            place.browser().post("/session/password", {"name": "example.lost", "password": PASSWORD})
    opened = [(line["account"], line["method"]) for line in lines if line["event"] == "session opened"]
    assert (person.account_id, "password and code") in opened
    assert (passkeyed.account_id, "passkey") in opened
    denied = {(line["code"], line["route"]) for line in lines if line["event"] == "denied"}
    assert ("sign_in.refused", "/api/v1/session/code") in denied
    assert ("tries.too_many", "/api/v1/session/password") in denied
    said = str([line for line in lines if line["event"] in ("denied", "session opened")])
    assert not [word for word in (PASSWORD, "example.one", "example.lost", "000000") if word in said]

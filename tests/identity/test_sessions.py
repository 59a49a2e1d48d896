"""Sessions: their end, their list, and what only a fresh one may do."""

from __future__ import annotations

import pytest

from jru.clock import VirtualClock
from jru.domain.agency import Agency, Role
from jru.services.secrets import hashed
from jru.services.session_book import MOST_PER_ACCOUNT
from tests.identity.authenticator import Authenticator, code_now
from tests.identity.place import PASSWORD, START, Place, opened

ROOM = (Agency.POLICE, Role.POLICE_DISPATCHER)
HOUR_S = 3600


def test_a_session_ends_when_nobody_uses_it(place: Place) -> None:
    person = place.with_passkey("example.one", *ROOM)
    idle, used = place.sign_in(person), place.sign_in(person)
    for _ in range(3):
        place.clock.advance(50 * 60)
        assert used.get("/board").status_code == 200
    assert idle.get("/board").status_code == 401
    assert used.get("/board").status_code == 200


def test_what_a_device_sends_by_itself_keeps_no_session_open(place: Place) -> None:
    browser = place.sign_in(place.with_passkey("example.one", *ROOM))
    by_the_screen = {**browser.headers(), "X-Jru-Unattended": "1"}
    for _ in range(3):
        place.clock.advance(50 * 60)
        answer = browser.client.get("/incidents/inc_nothing", headers=by_the_screen)
    assert answer.status_code == 401


def test_what_only_devices_ask_for_keeps_no_session_open_whatever_it_says(place: Place) -> None:
    browser = place.sign_in(place.with_passkey("example.one", *ROOM))
    for _ in range(3):
        place.clock.advance(50 * 60)
        answer = browser.get("/changes?after=x")
    assert answer.status_code == 401


def test_a_session_ends_after_a_duty_however_busy(place: Place) -> None:
    browser = place.sign_in(place.with_passkey("example.one", *ROOM))
    statuses = []
    for _ in range(14):
        place.clock.advance(HOUR_S)
        statuses.append(browser.get("/board").status_code)
    assert statuses == [200] * 12 + [401] * 2


def test_signing_out_ends_the_session_on_the_server(place: Place) -> None:
    browser = place.sign_in(place.with_passkey("example.one", *ROOM))
    secret = browser.secret
    assert browser.client.delete("/session", headers=browser.headers()).status_code == 200
    assert place.system.services.viewer_for(secret) is None


def test_somebody_sees_and_ends_the_own_sessions_and_no_others(place: Place) -> None:
    person = place.with_passkey("example.one", *ROOM)
    stranger = place.sign_in(place.with_passkey("example.two", *ROOM))
    here, there, third = (place.sign_in(person) for _ in range(3))
    listed = here.get("/account").json()["sessions"]
    assert [one["here"] for one in listed].count(True) == 1
    assert {one["method"] for one in listed} == {"passkey", "first set-up"}
    other = next(one["id"] for one in there.get("/account").json()["sessions"] if one["here"])
    assert stranger.post(f"/account/sessions/{other}/end", {}).status_code == 404
    assert there.me() is not None
    here.did(f"/account/sessions/{other}/end", {})
    assert there.me() is None
    here.did("/account/sessions/end-others", {})
    assert third.me() is None
    assert here.me() is not None
    assert stranger.me() is not None


def test_a_session_outlives_a_restart_and_its_end_does_too(place: Place, tmp_path) -> None:  # type: ignore[no-untyped-def]
    person = place.with_passkey("example.one", *ROOM)
    kept, ended = place.sign_in(person).secret, place.sign_in(person).secret
    place.system.services.end_session(ended)
    place.system.store.close()
    again = opened(tmp_path, VirtualClock(START))
    try:
        viewer = again.services.viewer_for(kept)
        assert viewer is not None
        assert viewer.subject == person.account_id
        assert again.services.viewer_for(ended) is None
    finally:
        again.close()


def test_sessions_of_one_person_do_not_pile_up(place: Place) -> None:
    person = place.with_passkey("example.one", *ROOM)
    secrets = []
    for _ in range(MOST_PER_ACCOUNT + 1):
        secrets.append(place.sign_in(person).secret)
        place.clock.advance(1)
    assert place.system.services.viewer_for(secrets[0]) is None
    assert place.system.services.viewer_for(secrets[-1]) is not None


def test_the_database_holds_no_secret(place: Place) -> None:
    person = place.with_password("example.one", *ROOM)
    browser = place.sign_in(person)
    store = place.system.store
    held = store.accounts.credentials(person.account_id)
    kept = b"".join(one.secret for one in held)
    assert PASSWORD.encode() not in kept
    assert b"m=19456,t=2,p=1" in kept
    app = place.system.services.identity.signing_in
    assert all(
        app.vault.unlock(f"totp:{one.account_id}", one.secret) not in kept
        for one in held
        if one.kind == "totp"
    )
    session = store.login_sessions.get(hashed(browser.secret))
    assert session is not None
    assert browser.secret.encode() not in repr(session).encode()


def test_a_changed_password_ends_the_other_sessions_and_renews_this_one(place: Place) -> None:
    person = place.with_password("example.one", *ROOM)
    here, there = place.sign_in(person), place.sign_in(person)
    before = here.secret
    new = "seven grey geese over water"
    wrong = here.post("/account/password", {"present": "not this one at all", "wanted": new})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "password.present")
    weak = here.post("/account/password", {"present": PASSWORD, "wanted": "password1234"})
    assert (weak.status_code, weak.json()["code"]) == (422, "password.common")
    here.did("/account/password", {"present": PASSWORD, "wanted": new})
    assert here.secret != before
    assert here.me() is not None
    assert there.me() is None
    assert place.system.services.viewer_for(before) is None
    for password, status in ((PASSWORD, 401), (new, 200)):
        place.clock.advance(60)
        code = code_now(person.app_secret, place.clock)
        assert place.try_password(place.browser(), "example.one", password, code).status_code == status


def test_a_stolen_session_cannot_guess_the_password(place: Place) -> None:
    browser = place.sign_in(place.with_password("example.one", *ROOM))
    place.clock.advance(600)
    browser.get("/board")
    codes = [
        browser.post("/account/password", {"present": f"wrong guess {n}", "wanted": "x" * 12}).status_code
        for n in range(12)
    ]
    assert codes == [422] * 10 + [429] * 2


def test_what_proves_somebody_is_changed_by_a_fresh_sign_in_only(place: Place) -> None:
    person = place.with_passkey("example.one", *ROOM)
    browser = place.sign_in(person)
    place.clock.advance(11 * 60)
    assert browser.get("/account").json()["fresh"] is False
    stale = browser.post("/account/passkeys/options", {})
    assert (stale.status_code, stale.json()["reason_code"]) == (403, "stale_sign_in")
    place.sign_in(person, browser)
    asked = browser.did("/account/passkeys/options", {})
    second = Authenticator(origin=browser.origin, key_id=b"a second one")
    body = {"ticket": asked["ticket"], "label": "Spare key", "credential": second.make(asked["options"])}
    kept = browser.did("/account/passkeys", body)
    proofs = browser.get("/account").json()["proofs"]
    assert [one["label"] for one in proofs] == ["Phone", "Spare key"]
    first = proofs[0]["id"]
    browser.did(f"/account/passkeys/{first}/remove", {})
    last = browser.post(f"/account/passkeys/{kept['id']}/remove", {})
    assert (last.status_code, last.json()["reason_code"]) == (409, "passkey.last")
    assert (
        place.sign_in(place.with_passkey("example.two", *ROOM))
        .post(f"/account/passkeys/{kept['id']}/remove", {})
        .status_code
        == 404
    )


def test_one_passkey_belongs_to_one_account(place: Place) -> None:
    one = place.with_passkey("example.one", *ROOM)
    other = place.sign_in(place.with_passkey("example.two", *ROOM))
    asked = other.did("/account/passkeys/options", {})
    assert one.passkey is not None
    body = {"ticket": asked["ticket"], "label": "Mine now", "credential": one.passkey.make(asked["options"])}
    answer = other.post("/account/passkeys", body)
    assert (answer.status_code, answer.json()["reason_code"]) == (409, "passkey.known")


def test_a_token_has_no_account(place: Place) -> None:
    token = place.system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE)
    browser = place.browser()
    browser.client.headers["authorization"] = f"Bearer {token}"
    assert browser.get("/account").status_code == 403
    assert browser.post("/account/sessions/end-others", {}).status_code == 403


@pytest.mark.parametrize("secret", ["jrs_", "jrs_unknown", "jrs_" + "x" * 500])
def test_a_made_up_secret_is_nobodys(place: Place, secret: str) -> None:
    assert place.system.services.viewer_for(secret) is None

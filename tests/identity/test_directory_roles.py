"""What a directory gives and takes away holds here: jobs, sessions, other ways in; what it does not speak of stays."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from jru.domain.agency import Agency, Employment, Role
from jru.services.access import Viewer
from jru.services.account_records import Account
from tests.identity.authenticator import Authenticator
from tests.identity.directory import begin
from tests.identity.false_directory import FalseDirectory
from tests.identity.place import Browser, Person, Place

Misled = tuple[Place, FalseDirectory]
DISPATCHER = Employment(Agency.POLICE, Role.POLICE_DISPATCHER)
PARAMEDIC = Employment(Agency.AMBULANCE, Role.PARAMEDIC)


def account_of(place: Place, name: str = "police.somebody") -> Account:
    return place.system.services.identity.accounts.named(name)


def signed_in(place: Place, directory: FalseDirectory) -> Browser:
    browser = place.browser()
    assert directory.sign_in(browser) == "/#in"
    return browser


def with_added_passkey(place: Place, browser: Browser) -> Person:
    """Return somebody of a directory who added a passkey."""
    asked = browser.did("/account/passkeys/options", {})
    passkey = Authenticator(origin=browser.origin, key_id=b"added")
    body = {"ticket": asked["ticket"], "label": "Phone", "credential": passkey.make(asked["options"])}
    browser.did("/account/passkeys", body)
    return Person("police.somebody", account_of(place).account_id, passkey=passkey)


def with_passkey_status(place: Place, person: Person) -> int:
    assert person.passkey is not None
    browser = place.browser()
    asked = browser.did("/session/passkey/options", {})
    credential = person.passkey.use(asked["options"])
    body = {"ticket": asked["ticket"], "credential": credential}
    return browser.post("/session/passkey", body).status_code


def test_somebody_without_a_role_any_more_is_out_everywhere(misled: Misled) -> None:
    place, directory = misled
    elsewhere = signed_in(place, directory)
    person = with_added_passkey(place, elsewhere)
    assert with_passkey_status(place, person) == 200
    for none in ({"groups": ["Everybody"]}, {"groups": ...}):
        assert directory.sign_in(place.browser(), **none) == "/#refused"
        assert elsewhere.me() is None
        assert account_of(place).employments == ()
        assert with_passkey_status(place, person) == 401
        elsewhere = signed_in(place, directory)
        assert with_passkey_status(place, person) == 200


def test_what_the_other_service_gave_is_its_own(misled: Misled) -> None:
    place, directory = misled
    signed_in(place, directory)
    identity = place.system.services.identity
    account_id = account_of(place).account_id
    identity.accounts.employ(None, account_id, [DISPATCHER, PARAMEDIC])
    assert directory.sign_in(place.browser(), groups=[]) == "/#refused"
    assert account_of(place).employments == (PARAMEDIC,)


def test_a_claim_that_cannot_be_read_takes_nothing_away(misled: Misled) -> None:
    place, directory = misled
    browser = signed_in(place, directory)
    assert directory.sign_in(place.browser(), groups=None) == "/#refused"
    assert browser.me() is not None


def test_qualifications_outlast_a_sign_in_that_says_nothing_of_them(misled: Misled) -> None:
    place, directory = misled
    browser = signed_in(place, directory)
    qualified = replace(DISPATCHER, qualifications=frozenset({"jru_course"}))
    place.system.services.identity.accounts.employ(None, account_of(place).account_id, [qualified])
    signed_in(place, directory)
    assert account_of(place).employments == (qualified,)
    assert browser.me() is not None


def test_a_reset_account_is_still_the_one_that_the_directory_names(misled: Misled) -> None:
    """Else somebody shut out here would come back as somebody new."""
    place, directory = misled
    browser = signed_in(place, directory)
    person = with_added_passkey(place, browser)
    identity = place.system.services.identity
    identity.accounts.reset(None, person.account_id)
    assert browser.me() is None
    assert with_passkey_status(place, person) == 401
    signed_in(place, directory)
    identity.accounts.disable(None, person.account_id)
    identity.accounts.reset(None, person.account_id)
    assert directory.sign_in(place.browser()) == "/#refused"
    assert [one["id"] for one in identity.accounts.listed(None)] == [person.account_id]


def prompts(browser: Browser) -> list[str]:
    return parse_qs(urlsplit(begin(browser)).query).get("prompt", [])


def test_a_directory_asks_anew_where_it_may_know_the_one_before(misled: Misled) -> None:
    place, directory = misled
    browser = signed_in(place, directory)
    assert prompts(place.browser()) == []
    assert prompts(browser) == ["login"]
    admin = Viewer("somebody", "Somebody", Agency.POLICE, Role.SYSTEM_ADMINISTRATOR)
    _, code = place.system.services.identity.tablets.offer(admin, "JR01", "Front")
    tablet = place.browser()
    tablet.did("/session/tablet", {"code": code})
    assert prompts(tablet) == ["login"]
    long_ago = int(place.clock.now().timestamp()) - 600
    assert directory.sign_in(tablet, auth_time=long_ago) == "/#refused"
    assert directory.sign_in(place.browser(), auth_time=long_ago) == "/#in"
    assert directory.sign_in(tablet) == "/#in"


def test_who_was_let_in_without_being_asked_changes_no_proof(misled: Misled) -> None:
    place, directory = misled
    browser = place.browser()
    long_ago = int(place.clock.now().timestamp()) - 3600
    assert directory.sign_in(browser, auth_time=long_ago) == "/#in"
    assert browser.get("/account").json()["fresh"] is False
    assert browser.post("/account/passkeys/options", {}).status_code == 403
    assert directory.sign_in(browser) == "/#in"
    assert browser.get("/account").json()["fresh"] is True


def test_that_holds_after_the_choice_of_a_job(misled: Misled) -> None:
    place, directory = misled
    browser = place.browser()
    long_ago = int(place.clock.now().timestamp()) - 3600
    both = ["JRU-Dispatch", "JRU-Specials"]
    mark = parse_qs(directory.sign_in(browser, auth_time=long_ago, groups=both).partition("#")[2])
    body = {"ticket": mark["job"][0], "agency": "police", "role": "police_dispatcher"}
    browser.did("/session/job", body)
    assert browser.get("/account").json()["fresh"] is False

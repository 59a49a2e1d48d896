"""Sign-in at a partner's own directory, against a real provider."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from jru.bootstrap import build
from jru.clock import SeededRandom, SystemClock, VirtualClock
from jru.config import Settings
from jru.domain.agency import Agency, Employment, Role
from jru.domain.blueprint import SignInAt
from jru.domain.blueprint_parsing import BlueprintErrors, parse_blueprint
from jru.exchange.oidc.client import OidcDirectory
from jru.services.access import Viewer
from jru.services.federation import Asked, IdentityRefused
from jru.web.server import serving
from tests.identity.directory import ask, back, begin, directory, there
from tests.identity.place import START, Browser, Place
from tests.identity.schemes import scheme_with

PEOPLE = {
    "dispatcher": {"name": "Dispatcher Example", "groups": ["JRU-Dispatch", "Everybody"]},
    "special": {"name": "Special Example", "groups": ["JRU-Specials", "JRU-Dispatch"]},
    "stranger": {"name": "Stranger Example", "groups": ["Everybody"]},
    "nobody": {"name": "Nobody Example"},
}
SECRET = "a-secret-of-the-client-with-enough-length"


@dataclass
class Joined:
    """The product and the directory that its police partner names."""

    place: Place
    issuer: str


def put_secret(folder: Path) -> None:
    secret = folder / "oidc-127.0.0.1.secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET + "\n")


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joined]:
    tmp_path = tmp_path_factory.mktemp("directory")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    callback = f"http://127.0.0.1:{port}/api/v1/session/directory/police/back"
    client = {
        "client_id": "jru",
        "client_secret": SECRET,
        "redirect_uris": [callback],
        "token_endpoint_auth_method": "client_secret_basic",
    }
    with directory(client, PEOPLE) as issuer:
        (tmp_path / "keys").mkdir()
        put_secret(tmp_path / "keys")
        clock = VirtualClock(START)
        system = build(
            Settings(data=tmp_path),
            clock=clock,
            random=SeededRandom("directory"),
            blueprint_text=scheme_with(issuer),
        )
        with serving(system.app, port=port) as url:
            place = Place(system, url, clock)
            yield Joined(place, issuer)
            place.close()
        system.close()


def test_somebody_signs_in_with_their_own_service(joined: Joined) -> None:
    browser = joined.place.browser()
    assert browser.get("/session").json()["directories"] == [{"agency": "police", "name": "Kent Police"}]
    address = begin(browser)
    sent = parse_qs(urlsplit(address).query)
    assert address.startswith(joined.issuer)
    assert sent["code_challenge_method"] == ["S256"]
    assert sent.keys() >= {"state", "nonce", "code_challenge", "client_id", "redirect_uri"}
    assert back(browser, there(address, "dispatcher")) == "/#in"
    viewer = browser.me()
    assert viewer is not None
    assert (viewer["name"], viewer["role"], viewer["agency"]) == (
        "Dispatcher Example",
        "police_dispatcher",
        "police",
    )
    again = joined.place.browser()
    back(again, there(begin(again), "dispatcher"))
    accounts = joined.place.system.services.identity.accounts.listed(None)
    assert [one["name"] for one in accounts].count("police.dispatcher") == 1


def test_somebody_with_two_mapped_groups_chooses(joined: Joined) -> None:
    browser = joined.place.browser()
    home = back(browser, there(begin(browser), "special"))
    assert browser.me() is None
    mark = parse_qs(home.partition("#")[2])
    assert mark["jobs"] == ["police:police_dispatcher,police:special_constable"]
    body = {"ticket": mark["job"][0], "agency": "police", "role": "special_constable"}
    browser.did("/session/job", body)
    assert browser.me() is not None


@pytest.mark.parametrize("person", ["stranger", "nobody"])
def test_whoever_has_no_mapped_group_is_refused(joined: Joined, person: str) -> None:
    browser = joined.place.browser()
    assert back(browser, there(begin(browser), person)) == "/#refused"
    assert browser.me() is None


def changed(address: str, **more: str) -> str:
    """Return an address with some values of its query replaced."""
    parts = urlsplit(address)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()} | more
    return parts._replace(query=urlencode(query)).geturl()


def test_what_comes_back_must_be_what_was_sent(joined: Joined) -> None:
    for more in ({"state": "another"}, {"code": "another"}):
        browser = joined.place.browser()
        assert back(browser, changed(there(begin(browser), "dispatcher"), **more)) == "/#refused"
        assert browser.me() is None


def test_an_answer_works_in_the_browser_that_asked_and_once(joined: Joined) -> None:
    """An attacker's own answer, planted in somebody's browser, signs nobody in."""
    attacker, victim = joined.place.browser(), joined.place.browser()
    planted = there(begin(attacker), "dispatcher")
    assert back(victim, planted) == "/#refused"
    begin(victim)
    assert back(victim, planted) == "/#refused"
    assert victim.me() is None
    assert back(attacker, planted) == "/#in"
    assert back(attacker, planted) == "/#refused"


def test_only_a_page_of_our_own_sends_somebody_to_a_directory(joined: Joined) -> None:
    """Else another site's page signs somebody in whom the directory does not ask."""
    browser = joined.place.browser()
    assert browser.client.get("/session/directory/police").status_code == 405
    for foreign in ({"origin": "https://example.org"}, {"sec-fetch-site": "cross-site"}):
        assert ask(browser, **foreign).status_code == 403
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert ask(browser, **form).status_code == 415
    assert "jru_directory" not in browser.client.cookies


def test_the_browsers_earlier_session_ends_although_it_is_not_shown(joined: Joined) -> None:
    browser = joined.place.browser()
    back(browser, there(begin(browser), "dispatcher"))
    before = browser.secret
    assert back(browser, there(begin(browser), "dispatcher")) == "/#in"
    assert browser.secret != before
    assert joined.place.system.services.viewer_for(before) is None


def test_a_tablet_stays_a_tablet_on_the_way_back(joined: Joined) -> None:
    identity = joined.place.system.services.identity
    admin = Viewer("somebody", "Somebody", Agency.POLICE, Role.SYSTEM_ADMINISTRATOR)
    device, code = identity.tablets.offer(admin, "JR01", "Front")
    browser = joined.place.browser()
    browser.did("/session/tablet", {"code": code})
    assert back(browser, there(begin(browser), "dispatcher")) == "/#in"
    here = identity.sessions.find(browser.secret)
    assert here is not None
    assert here.device_id == device.device_id
    identity.tablets.end(admin, device.device_id, "stolen")
    assert browser.me() is None


def test_an_answer_that_comes_late_is_refused(joined: Joined) -> None:
    browser = joined.place.browser()
    address = there(begin(browser), "dispatcher")
    joined.place.clock.advance(301)
    assert back(browser, address) == "/#refused"


def test_a_role_that_the_directory_takes_away_ends(joined: Joined) -> None:
    browser = joined.place.browser()
    back(browser, there(begin(browser), "dispatcher"))
    identity = joined.place.system.services.identity
    account = identity.accounts.named("police.dispatcher")
    identity.accounts.employ(None, account.account_id, [Employment(Agency.POLICE, Role.DUTY_SUPERVISOR)])
    assert browser.me() is None
    back(browser, there(begin(browser), "dispatcher"))
    viewer = browser.me()
    assert viewer is not None
    assert viewer["role"] == "police_dispatcher"


def test_a_disabled_account_is_not_opened_by_its_directory(joined: Joined) -> None:
    browser = joined.place.browser()
    back(browser, there(begin(browser), "dispatcher"))
    identity = joined.place.system.services.identity
    account = identity.accounts.named("police.dispatcher")
    identity.accounts.disable(None, account.account_id)
    try:
        assert back(browser, there(begin(browser), "dispatcher")) == "/#refused"
    finally:
        identity.accounts.enable(None, account.account_id)


def test_a_partner_without_a_directory_has_none(joined: Joined) -> None:
    assert ask(joined.place.browser(), "ambulance").status_code == 404
    assert ask(joined.place.browser(), "fire").status_code == 422


def coming_back(joined: Joined, secrets: Path) -> tuple[OidcDirectory, SignInAt, Asked, str]:
    """Return a client, the police directory, what was asked of it, and the code that it gave."""
    at = joined.place.system.services.ground.board.scheme.at(START).partners
    police = next(one.sign_in for one in at.values() if one.sign_in)
    assert police is not None
    put_secret(secrets)
    client = OidcDirectory(SystemClock(), secrets)
    callback = f"{joined.place.url}/api/v1/session/directory/police/back"
    asked = Asked(callback, "state", "the right nonce", "v" * 50)
    code = parse_qs(urlsplit(there(client.address(police, asked), "dispatcher")).query)["code"][0]
    return client, police, asked, code


def test_an_id_token_for_another_sign_in_is_refused(joined: Joined, tmp_path: Path) -> None:
    client, police, asked, code = coming_back(joined, tmp_path)
    with pytest.raises(IdentityRefused, match="does not hold"):
        client.claims(police, replace(asked, nonce="another nonce"), code)


def test_a_code_without_its_verifier_is_worth_nothing(joined: Joined, tmp_path: Path) -> None:
    client, police, asked, code = coming_back(joined, tmp_path)
    with pytest.raises(IdentityRefused, match="answered 400"):
        client.claims(police, replace(asked, verifier="w" * 50), code)


def test_a_directory_that_is_down_signs_nobody_in(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        issuer = f"http://127.0.0.1:{free.getsockname()[1]}"
    system = build(
        Settings(data=tmp_path),
        clock=VirtualClock(START),
        random=SeededRandom(1),
        blueprint_text=scheme_with(issuer),
    )
    with serving(system.app) as url:
        browser = Browser(url)
        refused = ask(browser)
        assert (refused.status_code, refused.json()["code"]) == (401, "sign_in.directory")
        browser.client.close()
    system.close()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("issuer", '"http://login.example.police.uk"', "is not an issuer"),
        ("issuer", '"login.example"', "is not an issuer"),
        ("client_id", '"two words"', "is not a client id"),
        ("claim", '""', "is empty"),
        ("roles", '{ "JRU-Dispatch" = "king" }', "king"),
        ("roles", '{ "JRU-Medics" = "paramedic" }', "does not belong to police"),
        ("roles", '{ "JRU-Room" = "ambulance_dispatcher" }', "does not belong to police"),
        ("roles", '{ "JRU-Lead" = "clinical_lead" }', "does not belong to police"),
        ("roles", '{ "JRU-Drugs" = "medicines_lead" }', "does not belong to police"),
        ("roles", '{ "JRU-All" = "system" }', "system"),
        ("roles", "{}", "gives nobody a role"),
        ("scopes", '["profile"]', "openid is missing"),
        ("secret", '"in the open"', "unknown key"),
    ],
)
def test_a_wrong_directory_is_named_with_its_line(key: str, value: str, words: str) -> None:
    text = scheme_with("https://login.example.police.uk", **{key: value})
    with pytest.raises(BlueprintErrors) as refused:
        parse_blueprint(text)
    written = next(
        number
        for number, line in enumerate(text.splitlines(), 1)
        if re.match(rf"{key} = ", line) and value in line
    )
    found = [problem for problem in refused.value.problems if words in problem.message]
    assert [problem.line for problem in found] == [written]

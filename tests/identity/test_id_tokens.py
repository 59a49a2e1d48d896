"""What a directory says is believed only if it is signed, for here, for this sign-in and now; and of the right form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from jru.clock import SystemClock
from jru.exchange.oidc.client import ANEW_LEEWAY_S
from tests.identity.conftest import misled_place
from tests.identity.directory import begin
from tests.identity.false_directory import FalseDirectory, assembled, encoded
from tests.identity.place import Place

Misled = tuple[Place, FalseDirectory]
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "own"})
HOUR_S = 3600


def now_s() -> int:
    return int(SystemClock().now().timestamp())


def test_a_token_that_holds_signs_in(lasting_misled: Misled) -> None:
    place, directory = lasting_misled
    browser = place.browser()
    assert directory.sign_in(browser) == "/#in"
    viewer = browser.me()
    assert viewer is not None
    assert viewer["name"] == "Somebody Example"


@pytest.mark.parametrize(
    "more",
    [
        {"iss": "https://login.example.org"},
        {"iss": ...},
        {"iss": ["https://login.example.org"]},
        {"aud": "somebody else"},
        {"aud": ["somebody else"]},
        {"aud": ["jru", "somebody else"]},
        {"aud": ["jru", "somebody else"], "azp": "somebody else"},
        {"aud": ...},
        {"aud": None},
        {"azp": "somebody else"},
        {"nonce": "another"},
        {"nonce": ...},
        {"nonce": None},
        {"exp": 0},
        {"exp": "tomorrow"},
        {"exp": ...},
        {"iat": 2**40},
        {"iat": ...},
        {"nbf": 2**40},
        {"sub": ...},
        {"sub": ""},
        {"sub": "x" * 256},
    ],
    ids=str,
)
def test_a_token_for_elsewhere_or_another_time_is_refused(
    lasting_misled: Misled, more: dict[str, Any]
) -> None:
    place, directory = lasting_misled
    browser = place.browser()
    assert directory.sign_in(browser, **more) == "/#refused"
    assert browser.me() is None


def test_a_token_that_has_just_run_out_is_refused(lasting_misled: Misled) -> None:
    place, directory = lasting_misled
    late = {"iat": now_s() - HOUR_S, "exp": now_s() - 120}
    assert directory.sign_in(place.browser(), **late) == "/#refused"
    early = {"iat": now_s() + 120, "exp": now_s() + HOUR_S}
    assert directory.sign_in(place.browser(), **early) == "/#refused"


def by_another_key(directory: FalseDirectory, nonce: str) -> str:
    return directory.signed(directory.claims(nonce), OTHER_KEY)


def by_a_key_of_another_name(directory: FalseDirectory, nonce: str) -> str:
    return directory.signed(directory.claims(nonce), OTHER_KEY, kid="another")


def by_nobody(directory: FalseDirectory, nonce: str) -> str:
    return assembled({"alg": "none"}, directory.claims(nonce), None)


def by_the_public_key_as_a_secret(directory: FalseDirectory, nonce: str) -> str:
    public = directory.key.as_pem(private=False)
    return assembled({"alg": "HS256", "kid": "own"}, directory.claims(nonce), public)


def with_a_key_of_its_own(directory: FalseDirectory, nonce: str) -> str:
    header = {"alg": "RS256", "kid": "own", "jwk": OTHER_KEY.as_dict(private=False)}
    honest = directory.signed(directory.claims(nonce), OTHER_KEY).split(".")
    return ".".join([assembled(header, {}, None).split(".")[0], *honest[1:]])


def with_a_changed_word(directory: FalseDirectory, nonce: str) -> str:
    header, _, signature = directory.signed(directory.claims(nonce)).split(".")
    other = assembled({}, directory.claims(nonce, sub="somebody else"), None).split(".")[1]
    return f"{header}.{other}.{signature}"


def cut(directory: FalseDirectory, nonce: str) -> str:
    return directory.signed(directory.claims(nonce))[:-20]


def nested(directory: FalseDirectory, nonce: str) -> str:
    deep = encoded(b'{"alg":' + b"[" * 100_000)
    return f"{deep}.{deep}.{deep}"


def nothing(directory: FalseDirectory, nonce: str) -> str:
    return ""


@pytest.mark.parametrize(
    "forge",
    [
        by_another_key,
        by_a_key_of_another_name,
        by_nobody,
        by_the_public_key_as_a_secret,
        with_a_key_of_its_own,
        with_a_changed_word,
        cut,
        nested,
        nothing,
    ],
)
def test_a_forged_token_is_refused_and_the_next_good_one_taken(
    lasting_misled: Misled, forge: Callable[[FalseDirectory, str], str]
) -> None:
    place, directory = lasting_misled
    browser = place.browser()
    assert directory.come_back(browser, lambda nonce: forge(directory, nonce)) == "/#refused"
    assert browser.me() is None
    assert directory.sign_in(browser) == "/#in"


ODD = [None, 7, 1.5, True, {}, {"JRU-Dispatch": 1}, [7], [None], [["JRU-Dispatch"]], ["JRU-Dispatch", 7]]


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("claim", ["sub", "groups", "name", "preferred_username"])
def test_a_claim_of_another_form_is_refused(lasting_misled: Misled, claim: str, odd: object) -> None:
    place, directory = lasting_misled
    browser = place.browser()
    more = {"sub": f"odd {claim} {odd}", claim: odd}
    assert directory.sign_in(browser, **more) == "/#refused"
    assert browser.me() is None


def test_an_answer_that_is_nested_without_end_is_refused(lasting_misled: Misled) -> None:
    place, directory = lasting_misled
    browser = place.browser()
    directory.raw = b'{"id_token":' + b"[" * 200_000
    try:
        assert directory.sign_in(browser) == "/#refused"
    finally:
        directory.raw = None
    assert directory.sign_in(browser) == "/#in"


@pytest.mark.parametrize("word", ["\ud800", "\0", "some\x1bbody"], ids=ascii)
@pytest.mark.parametrize("claim", ["sub", "name", "preferred_username"])
def test_a_claim_that_no_table_holds_is_refused(lasting_misled: Misled, claim: str, word: str) -> None:
    place, directory = lasting_misled
    more = {"sub": f"unheld {claim} {word!a}", claim: word}
    assert directory.sign_in(place.browser(), **more) == "/#refused"


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(now_s() - 14 * HOUR_S, id="too long ago"),
        pytest.param(now_s() + HOUR_S, id="yet to come"),
        *(..., None, "now", True, 0),
        *(float("nan"), float("-inf"), float("inf"), 10**400, -(10**400), "1" * 400, [], {}),
    ],
    ids=lambda told: str(told)[:20],
)
def test_a_proof_of_long_ago_or_of_nobody_knows_when_is_refused(lasting_misled: Misled, told: object) -> None:
    place, directory = lasting_misled
    assert directory.sign_in(place.browser(), auth_time=told) == "/#refused"
    assert directory.sign_in(place.browser(), auth_time=now_s() - 12 * HOUR_S) == "/#in"


def test_the_directory_is_told_how_old_a_proof_may_be(lasting_misled: Misled) -> None:
    place, _ = lasting_misled
    assert parse_qs(urlsplit(begin(place.browser())).query)["max_age"] == [str(13 * HOUR_S)]


@pytest.mark.parametrize(("limit_s", "old", "young"), [("0", "/#in", "/#in"), ("600", "/#refused", "/#in")])
def test_the_blueprint_says_how_old_a_proof_may_be(
    tmp_path: Path, limit_s: str, old: str, young: str
) -> None:
    with misled_place(tmp_path, max_age_s=limit_s) as (place, directory):
        sent = parse_qs(urlsplit(begin(place.browser())).query)
        assert sent.get("max_age", ["0"]) == [limit_s]
        assert directory.sign_in(place.browser(), auth_time=now_s() - HOUR_S) == old
        assert directory.sign_in(place.browser(), auth_time=now_s() - 300) == young
        assert directory.sign_in(place.browser(), auth_time=...) == old
        assert directory.sign_in(place.browser(), auth_time=10**400) == "/#refused"


@pytest.mark.parametrize("limit_s", ["0", "46800"])
def test_who_is_asked_anew_has_to_prove_it_after_the_asking(tmp_path: Path, limit_s: str) -> None:
    with misled_place(tmp_path, max_age_s=limit_s) as (place, directory):
        browser = place.browser()
        assert directory.sign_in(browser, auth_time=now_s()) == "/#in"
        began_s = int(place.clock.now().timestamp())
        sent = parse_qs(urlsplit(begin(browser)).query)
        assert (sent["prompt"], sent["max_age"]) == (["login"], ["0"])
        for told in (..., 1, began_s - 30, began_s - ANEW_LEEWAY_S - 1, "now", 10**400):
            assert directory.sign_in(browser, auth_time=told) == "/#refused"
        assert directory.sign_in(browser, auth_time=began_s) == "/#in"

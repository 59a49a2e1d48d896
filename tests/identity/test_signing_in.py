"""Ways in, and what attackers try."""

from __future__ import annotations

import statistics
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import perf_counter

import httpx
import pytest

from jru.domain.agency import Agency, Role
from jru.services.one_time_codes import STEP_S
from tests.identity.authenticator import Authenticator, code_now
from tests.identity.place import PASSWORD, Place
from tests.web.listening import Stream

ROOM = (Agency.POLICE, Role.POLICE_DISPATCHER)


def test_somebody_signs_in_with_password_and_code(place: Place) -> None:
    person = place.with_password("example.one", *ROOM)
    browser = place.sign_in(person)
    viewer = browser.me()
    assert viewer is not None
    assert (viewer["name"], viewer["role"]) == ("example.one Example", "police_dispatcher")
    assert browser.get("/board").status_code == 200


def test_somebody_signs_in_with_a_passkey_alone(place: Place) -> None:
    person = place.with_passkey("example.two", *ROOM)
    assert place.sign_in(person).get("/board").status_code == 200


def test_a_password_alone_signs_nobody_in(place: Place) -> None:
    place.with_password("example.one", *ROOM)
    browser = place.browser()
    told = browser.did("/session/password", {"name": "example.one", "password": PASSWORD})
    assert told.keys() == {"ticket"}
    assert browser.me() is None
    assert browser.secret == ""


def test_every_wrong_try_gets_the_same_answers(place: Place) -> None:
    """Unknown name, wrong password, wrong code, disabled account, passkey-only account: nothing tells them apart."""
    person = place.with_password("example.one", *ROOM)
    place.with_passkey("example.two", *ROOM)
    shut = place.with_password("example.shut", *ROOM)
    place.system.services.identity.accounts.disable(None, shut.account_id)
    place.clock.advance(60)
    right, gone = (code_now(p.app_secret, place.clock) for p in (person, shut))
    tries = [
        ("nobody.known", PASSWORD, right),
        ("example.one", "another one of four words", right),
        ("example.one", PASSWORD, f"{(int(right) + 1) % 1_000_000:06d}"),
        ("example.shut", PASSWORD, gone),
        ("example.two", PASSWORD, right),
    ]
    answers = [place.try_password(place.browser(), *one) for one in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_a_name_that_exists_takes_no_other_time(place: Place) -> None:
    place.with_password("example.one", *ROOM)

    def seconds(name: str) -> float:
        begun = perf_counter()
        answer = place.browser().post("/session/password", {"name": name, "password": "wrong four words x"})
        assert answer.status_code == 200
        place.clock.advance(301)
        return perf_counter() - begun

    seconds("warm.up")

    def alike() -> bool:
        pairs = [(seconds("example.one"), seconds("nobody.known")) for _ in range(30)]
        typical = statistics.median(unknown for _, unknown in pairs)
        return abs(statistics.median(known - unknown for known, unknown in pairs)) <= max(
            0.1 * typical, 0.004
        )

    # What tells a name does so each time; what else the machine does, seldom twice.
    assert any(alike() for _ in range(3))


def test_a_code_works_once_and_for_a_short_while(place: Place) -> None:
    person = place.with_password("example.one", *ROOM)
    place.clock.advance(60)
    code = code_now(person.app_secret, place.clock)
    assert place.try_password(place.browser(), "example.one", PASSWORD, code).status_code == 200
    assert place.try_password(place.browser(), "example.one", PASSWORD, code).status_code == 401
    early = code_now(person.app_secret, place.clock, ahead=1)
    place.clock.advance(3 * STEP_S)
    assert place.try_password(place.browser(), "example.one", PASSWORD, early).status_code == 401


def test_a_ticket_takes_few_codes_and_dies_of_age(place: Place) -> None:
    person = place.with_password("example.one", *ROOM)
    browser = place.browser()
    ticket = browser.did("/session/password", {"name": "example.one", "password": PASSWORD})["ticket"]
    for _ in range(5):
        assert browser.post("/session/code", {"ticket": ticket, "code": "000000"}).status_code == 401
    place.clock.advance(60)
    code = code_now(person.app_secret, place.clock)
    assert browser.post("/session/code", {"ticket": ticket, "code": code}).status_code == 401
    place.clock.advance(600)
    ticket = browser.did("/session/password", {"name": "example.one", "password": PASSWORD})["ticket"]
    place.clock.advance(301)
    code = code_now(person.app_secret, place.clock)
    assert browser.post("/session/code", {"ticket": ticket, "code": code}).status_code == 401


def test_guessing_is_held_back_but_never_a_passkey(place: Place) -> None:
    person = place.with_password("example.one", *ROOM)
    both = place.sign_in(person)
    asked = both.did("/account/passkeys/options", {})
    passkey = Authenticator(origin=both.origin)
    both.did(
        "/account/passkeys",
        {"ticket": asked["ticket"], "label": "Key", "credential": passkey.make(asked["options"])},
    )
    place.clock.advance(600)
    answers = [
        place.browser(f"192.0.2.{n}").post(
            "/session/password", {"name": "Example.One ", "password": f"wrong four words {n}"}
        )
        for n in range(12)
    ]
    assert [a.status_code for a in answers] == [200] * 10 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) >= 29
    code = code_now(person.app_secret, place.clock)
    assert place.try_password(place.browser(), "example.one", PASSWORD, code).status_code == 429
    assert place.sign_in(replace(person, passkey=passkey)).me() is not None
    place.clock.advance(16 * 60)
    assert place.sign_in(person).me() is not None


def test_a_wait_is_the_same_for_a_name_that_nobody_has(place: Place) -> None:
    place.with_password("example.one", *ROOM)
    place.clock.advance(600)

    def last_of(name: str) -> httpx.Response:
        for n in range(11):
            body = {"name": name, "password": f"wrong four words {n}"}
            answer = place.browser(f"198.51.100.{n}").post("/session/password", body)
        return answer

    known, unknown = last_of("example.one"), last_of("nobody.known")
    assert (
        (known.status_code, known.content) == (unknown.status_code, unknown.content) == (429, known.content)
    )
    assert known.headers["retry-after"] == unknown.headers["retry-after"]


def test_waits_grow_and_one_address_cannot_try_every_name(place: Place) -> None:
    waits = []
    for _ in range(4):
        for _ in range(20):
            answer = place.browser("192.0.2.1").post("/session/code", {"ticket": "x", "code": "000000"})
            answer = place.browser("192.0.2.1").post(
                "/session/password", {"name": "one.name", "password": "wrong four words"}
            )
            if answer.status_code == 429:
                break
        waits.append(int(answer.headers["retry-after"]))
        place.clock.advance(waits[-1])
    assert waits == sorted(waits)
    assert waits[-1] >= 4 * waits[0]
    codes = [
        place.browser("192.0.2.2")
        .post("/session/setup", {"name": f"name.{n}", "secret": "guess"})
        .status_code
        for n in range(105)
    ]
    assert set(codes[:95]) == {401}
    assert codes[-1] == 429


@pytest.mark.parametrize(
    "password",
    [
        "short words",
        "password1234",
        "Passw0rd!Passw0rd!",
        "qwertyuiopasdfgh",
        "123456789012345",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "KentPolice2019!",
        "gillingham-2026",
        "medwayambulance",
        "example.setup.9",
        "1qaz2wsx3edc4rfv",
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(lasting: Place, password: str) -> None:
    name = lasting.new_name("example.setup")
    _, secret = lasting.invite(name, *ROOM)
    browser = lasting.browser()
    ticket = browser.did("/session/setup", {"name": name, "secret": secret})["ticket"]
    answer = browser.post("/session/setup/password", {"ticket": ticket, "password": password})
    assert answer.status_code == 422
    assert answer.json()["code"].startswith("password.")


@pytest.mark.parametrize(
    "password",
    [
        "copper teapot marches slowly",
        "lïchen-ñandú-Øresund-žába",
        "🚓🚑🧑‍⚕️🗝️🌧️🪿🧭🫖🥖🛶🧵🪁",
        "密码很长但是记得住的一句话吧",
        "a long line of words, " * 180,
    ],
    ids=["words", "accents", "signs", "chinese", "3,960 characters"],
)
def test_any_long_password_is_taken_whole(lasting: Place, password: str) -> None:
    name = lasting.new_name("example.long")
    _, secret = lasting.invite(name, *ROOM)
    browser = lasting.browser()
    ticket = browser.did("/session/setup", {"name": name, "secret": secret})["ticket"]
    app = browser.did("/session/setup/password", {"ticket": ticket, "password": password})
    code = code_now(app["secret"], lasting.clock)
    browser.did("/session/setup/code", {"ticket": app["ticket"], "code": code})
    for wanted, typed in ((401, password[:-1] + "x"), (401, password[:-1]), (200, password)):
        lasting.clock.advance(60)
        code = code_now(app["secret"], lasting.clock)
        assert lasting.try_password(lasting.browser(), name, typed, code).status_code == wanted


def test_a_password_may_have_4096_characters_and_not_one_more(place: Place) -> None:
    _, secret = place.invite("example.setup", *ROOM)
    browser = place.browser()
    ticket = browser.did("/session/setup", {"name": "example.setup", "secret": secret})["ticket"]
    longest = ("length is no harm " * 300)[:4096]
    for password, status in ((longest + "!", 422), (longest, 200)):
        answer = browser.post("/session/setup/password", {"ticket": ticket, "password": password})
        assert answer.status_code == status
    answer = browser.post("/session/password", {"name": "x" * 200_000, "password": "y" * 50_000})
    assert answer.status_code == 422


def test_a_set_up_secret_works_once_and_for_three_days(place: Place) -> None:
    _, secret = place.invite("example.one", *ROOM)
    _, late = place.invite("example.two", *ROOM)
    browser = place.browser()
    typed = {"name": "EXAMPLE.ONE", "secret": secret.lower().replace("-", " ")}
    first, second = (browser.did("/session/setup", typed)["ticket"] for _ in range(2))
    app, other = (
        browser.did("/session/setup/password", {"ticket": ticket, "password": PASSWORD})
        for ticket in (first, second)
    )
    wrong = browser.post("/session/setup/code", {"ticket": app["ticket"], "code": "000000"})
    assert wrong.status_code == 422
    code = code_now(app["secret"], place.clock)
    browser.did("/session/setup/code", {"ticket": app["ticket"], "code": code})
    again = code_now(other["secret"], place.clock)
    assert browser.post("/session/setup/code", {"ticket": other["ticket"], "code": again}).status_code == 401
    assert browser.post("/session/setup", typed).status_code == 401
    place.clock.advance(72 * 3600)
    assert browser.post("/session/setup", {"name": "example.two", "secret": late}).status_code == 401


def test_a_passkey_is_refused_when_anything_of_it_is_wrong(place: Place) -> None:
    person = place.with_passkey("example.one", *ROOM)
    key = person.passkey
    assert key is not None

    def answer_with(**more: object) -> int:
        browser = place.browser()
        asked = browser.did("/session/passkey/options", {})
        used = replace(key, **more).use(asked["options"])  # type: ignore[arg-type]
        key.counter += 1
        return browser.post("/session/passkey", {"ticket": asked["ticket"], "credential": used}).status_code

    assert answer_with() == 200
    assert answer_with(origin="https://evil.example") == 401
    assert answer_with(domain="evil.example") == 401
    assert answer_with(verified=False) == 401
    assert answer_with(key=Authenticator().key) == 401
    assert answer_with(key_id=b"unknown") == 401
    assert answer_with() == 200
    assert answer_with(counter=0) == 401


def test_a_passkeys_answer_cannot_be_sent_again(place: Place) -> None:
    person = place.with_passkey("example.one", *ROOM)
    assert person.passkey is not None
    browser = place.browser()
    asked, later = (browser.did("/session/passkey/options", {}) for _ in range(2))
    used = {"ticket": asked["ticket"], "credential": person.passkey.use(asked["options"])}
    assert browser.post("/session/passkey", used).status_code == 200
    assert browser.post("/session/passkey", used).status_code == 401
    assert browser.post("/session/passkey", used | {"ticket": later["ticket"]}).status_code == 401


def test_a_session_gets_a_new_secret_at_every_sign_in(place: Place) -> None:
    """Fixation: a secret from before is worth nothing afterwards, one that an attacker planted least of all."""
    person = place.with_passkey("example.one", *ROOM)
    browser = place.sign_in(person)
    before = browser.secret
    place.sign_in(person, browser)
    assert browser.secret != before
    planted = place.browser()
    planted.client.cookies.set("jru_session", before, domain="localhost.local")
    bearer = httpx.get(f"{place.url}/api/v1/board", headers={"authorization": f"Bearer {before}"})
    assert bearer.status_code == 401
    made_up = place.browser()
    made_up.client.headers["cookie"] = "jru_session=jrs_planted"
    assert made_up.me() is None


def test_another_site_signs_nobody_in_or_out(place: Place) -> None:
    person = place.with_password("example.one", *ROOM)
    browser = place.sign_in(person)
    body = {"name": "example.one", "password": PASSWORD}
    for foreign in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        for path in ("/session/password", "/session/passkey/options", "/session/setup", "/session/pin"):
            assert browser.post(path, body, **foreign).status_code == 403
        assert browser.post("/account/sessions/end-others", {}, **foreign).status_code == 403
    without = browser.headers() | {"x-requested-with": ""}
    answer = browser.client.post("/account/sessions/end-others", json={}, headers=without)
    assert answer.status_code == 403
    assert browser.me() is not None


def test_somebody_with_two_jobs_says_which(place: Place) -> None:
    person = place.with_password("example.one", *ROOM)
    identity = place.system.services.identity
    jobs = [*identity.accounts.named("example.one").employments]
    more = [replace(jobs[0], role=Role.DUTY_SUPERVISOR)]
    identity.accounts.employ(None, person.account_id, [*jobs, *more])
    browser = place.browser()
    place.clock.advance(60)
    told = place.try_password(
        browser, "example.one", PASSWORD, code_now(person.app_secret, place.clock)
    ).json()
    assert told["viewer"] is None
    assert {job["role"] for job in told["jobs"]} == {"police_dispatcher", "duty_supervisor"}
    assert browser.me() is None
    no = browser.post("/session/job", {"ticket": told["ticket"], "agency": "police", "role": "inspector"})
    assert no.status_code == 422
    browser.did("/session/job", {"ticket": told["ticket"], "agency": "police", "role": "duty_supervisor"})
    viewer = browser.me()
    assert viewer is not None
    assert viewer["role"] == "duty_supervisor"


def test_many_tries_at_once_get_no_further_than_many_in_a_row(place: Place) -> None:
    place.with_password("example.one", *ROOM)
    place.clock.advance(600)

    def guess(number: int) -> int:
        body = {"name": "example.one", "password": f"wrong four words {number}"}
        return place.browser(f"192.0.2.{number % 250}").post("/session/password", body).status_code

    with ThreadPoolExecutor(20) as many:
        codes = list(many.map(guess, range(60)))
    assert codes.count(200) <= 10
    assert set(codes) <= {200, 429, 503}


def test_a_disabled_account_loses_its_stream_within_a_second(place: Place) -> None:
    person = place.with_passkey("example.one", *ROOM)
    browser = place.sign_in(person)
    with (
        httpx.Client(base_url=place.url, timeout=5) as client,
        client.stream(
            "GET", "/api/v1/stream", headers={"authorization": f"Bearer {browser.secret}"}
        ) as response,
    ):
        stream = Stream(response)
        assert stream.next().event == "snapshot"
        begun = perf_counter()
        worker = threading.Thread(
            target=place.system.services.identity.accounts.disable, args=(None, person.account_id)
        )
        worker.start()
        heard = stream.rest()
        seconds = perf_counter() - begun
        worker.join()
    assert heard[-1].event == "bye"
    assert heard[-1].content == {"reason": "revoked"}
    assert seconds < 1
    assert browser.get("/board").status_code == 401


def test_demo_roles_are_impossible_outside_the_demonstration(place: Place) -> None:
    browser = place.browser()
    answer = browser.post("/session", {"role": "police_dispatcher"})
    assert answer.status_code == 403
    assert browser.get("/session").json()["roles"] == []
    assert browser.me() is None

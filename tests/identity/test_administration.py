"""Accounts under administration: whose they are, and what an administrator cannot do."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jru.cli import app
from jru.domain.agency import Agency, Role
from tests.identity.place import Browser, Place, opened

ADMIN = Role.SYSTEM_ADMINISTRATOR
ROOM = (Agency.POLICE, Role.POLICE_DISPATCHER)


def new(name: str = "example.new", agency: str = "police", role: str = "constable") -> dict[str, Any]:
    return {
        "name": name,
        "full_name": "Constable Example New",
        "employments": [{"agency": agency, "role": role, "qualifications": ["response_driver"]}],
    }


@pytest.fixture
def admin(place: Place) -> Browser:
    """A police administrator, signed in."""
    return place.sign_in(place.with_passkey("police.admin", Agency.POLICE, ADMIN))


def test_an_administrator_makes_an_account_that_its_owner_sets_up(place: Place, admin: Browser) -> None:
    made = admin.did("/accounts", new())
    assert made["account"]["proofs"] == ["setup"]
    begun = place.browser().did("/session/setup", {"name": "example.new", "secret": made["setup_secret"]})
    assert begun["full_name"] == "Constable Example New"
    listed = admin.get("/accounts").json()
    assert [one["name"] for one in listed] == ["example.new", "police.admin"]
    assert made["setup_secret"] not in admin.get("/accounts").text
    again = admin.post("/accounts", new("Example.NEW"))
    assert (again.status_code, again.json()["reason_code"]) == (409, "account.name_taken")


def test_accounts_are_for_administrators(place: Place, admin: Browser) -> None:
    account_id = admin.did("/accounts", new())["account"]["id"]
    for role in (Role.POLICE_DISPATCHER, Role.DUTY_SUPERVISOR, Role.PRIVACY_OFFICER):
        browser = place.sign_in(place.with_passkey(f"example.{role.value}", Agency.POLICE, role))
        assert browser.get("/accounts").status_code == 403
        assert browser.post("/accounts", new("another.one")).status_code == 403
        for verb, body in (("disable", {}), ("enable", {}), ("reset", {}), ("end-sessions", {})):
            assert browser.post(f"/accounts/{account_id}/{verb}", body).status_code == 403
        jobs = {"employments": new()["employments"]}
        assert browser.post(f"/accounts/{account_id}/employments", jobs).status_code == 403


def test_an_administrator_reaches_the_own_service_only(place: Place, admin: Browser) -> None:
    other = place.with_passkey("ambulance.one", Agency.AMBULANCE, Role.AMBULANCE_DISPATCHER)
    assert "ambulance.one" not in admin.get("/accounts").text
    assert admin.post("/accounts", new(agency="ambulance", role="paramedic")).status_code == 403
    bodies: dict[str, Any] = {
        "disable": {},
        "reset": {},
        "employments": {"employments": new()["employments"]},
    }
    absent = {verb: admin.post(f"/accounts/acc_none/{verb}", body) for verb, body in bodies.items()}
    for verb, body in bodies.items():
        answer = admin.post(f"/accounts/{other.account_id}/{verb}", body)
        assert (answer.status_code, answer.content) == (404, absent[verb].content)
    assert place.sign_in(other).me() is not None


def test_whoever_works_for_both_is_reset_by_neither(place: Place, admin: Browser) -> None:
    """The holder of a set-up secret could else sign in with the other service's role."""
    person = place.with_passkey("example.both", *ROOM)
    identity = place.system.services.identity
    from jru.domain.agency import Employment

    jobs = [Employment(Agency.POLICE, Role.CONSTABLE), Employment(Agency.AMBULANCE, Role.PARAMEDIC)]
    identity.accounts.employ(None, person.account_id, jobs)
    answer = admin.post(f"/accounts/{person.account_id}/reset", {})
    assert (answer.status_code, answer.json()["reason_code"]) == (403, "account.shared")
    admin.did(
        f"/accounts/{person.account_id}/employments",
        {"employments": [{"agency": "police", "role": "police_dispatcher"}]},
    )
    kept = identity.accounts.named("example.both").employments
    assert {(job.agency.value, job.role.value) for job in kept} == {
        ("police", "police_dispatcher"),
        ("ambulance", "paramedic"),
    }


def test_nobody_makes_themselves_more_than_they_are(place: Place, admin: Browser) -> None:
    own = next(one["id"] for one in admin.get("/accounts").json() if one["name"] == "police.admin")
    jobs = {"employments": [{"agency": "police", "role": "police_reviewer"}]}
    assert admin.post(f"/accounts/{own}/employments", jobs).status_code == 403
    assert admin.post(f"/accounts/{own}/disable", {}).status_code == 403


def test_fields_that_are_not_asked_for_are_refused(admin: Browser) -> None:
    for more in ({"account_id": "acc_mine"}, {"disabled_at": None}, {"proofs": ["passkey"]}):
        assert admin.post("/accounts", {**new(), **more}).status_code == 422
    assert admin.post("/accounts", new(role="system_administrator", agency="both")).status_code == 422
    assert admin.post("/accounts", new(agency="police", role="paramedic")).status_code == 422
    assert admin.post("/accounts", new(name="a b")).status_code == 422


def test_a_disabled_account_is_shut_out_until_it_is_enabled(place: Place, admin: Browser) -> None:
    person = place.with_passkey("example.one", *ROOM)
    browser = place.sign_in(person)
    admin.did(f"/accounts/{person.account_id}/disable", {})
    assert browser.get("/board").status_code == 401
    asked = browser.did("/session/passkey/options", {})
    assert person.passkey is not None
    body = {"ticket": asked["ticket"], "credential": person.passkey.use(asked["options"])}
    assert browser.post("/session/passkey", body).status_code == 401
    admin.did(f"/accounts/{person.account_id}/enable", {})
    assert browser.get("/board").status_code == 401
    assert place.sign_in(person, browser).get("/board").status_code == 200


def test_a_role_that_is_taken_away_ends_what_was_done_in_it(place: Place, admin: Browser) -> None:
    person = place.with_passkey("example.one", *ROOM)
    browser = place.sign_in(person)
    jobs = {"employments": [{"agency": "police", "role": "duty_supervisor"}]}
    admin.did(f"/accounts/{person.account_id}/employments", jobs)
    assert browser.get("/board").status_code == 401
    viewer = place.sign_in(person, browser).me()
    assert viewer is not None
    assert viewer["role"] == "duty_supervisor"


def test_a_reset_takes_every_proof_away(place: Place, admin: Browser) -> None:
    person = place.with_passkey("example.one", *ROOM)
    browser = place.sign_in(person)
    made = admin.did(f"/accounts/{person.account_id}/reset", {})
    assert made["account"]["proofs"] == ["setup"]
    assert browser.me() is None
    asked = browser.did("/session/passkey/options", {})
    assert person.passkey is not None
    body = {"ticket": asked["ticket"], "credential": person.passkey.use(asked["options"])}
    assert browser.post("/session/passkey", body).status_code == 401


def test_an_administrator_ends_anybodys_sessions(place: Place, admin: Browser) -> None:
    person = place.with_passkey("example.one", *ROOM)
    browsers = [place.sign_in(person) for _ in range(3)]
    ended = admin.did(f"/accounts/{person.account_id}/end-sessions", {})["ended"]
    assert ended == 4
    assert all(browser.me() is None for browser in browsers)


def test_a_disable_that_races_a_sign_in_wins(place: Place, admin: Browser) -> None:
    """Whichever comes first, no session is left when both are done."""
    person = place.with_passkey("example.one", *ROOM)
    browser = place.browser()
    asked = browser.did("/session/passkey/options", {})
    assert person.passkey is not None
    body = {"ticket": asked["ticket"], "credential": person.passkey.use(asked["options"])}
    worker = threading.Thread(target=browser.post, args=("/session/passkey", body))
    worker.start()
    admin.did(f"/accounts/{person.account_id}/disable", {})
    worker.join()
    assert browser.get("/board").status_code == 401


def run(directory: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments, "--data", str(directory)])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_first_administrator_is_made_at_the_shell_without_any_default_password(tmp_path: Path) -> None:
    told = run(
        tmp_path, "accounts", "create-admin", "police", "admin.one", "--full-name", "Administrator Example"
    )
    assert "admin.one" in told
    secret = told.split("set-up secret: ")[1].split()[0]
    assert len(secret.replace("-", "")) == 24
    other = run(
        tmp_path / "other", "accounts", "create-admin", "police", "admin.one", "--full-name", "X Example"
    )
    assert secret not in other
    assert "admin.one" in run(tmp_path, "accounts", "list")
    system = opened(tmp_path)
    try:
        account = system.services.identity.accounts.named("admin.one")
        assert [job.role for job in account.employments] == [ADMIN]
        kinds = [one.kind.value for one in system.store.accounts.credentials(account.account_id)]
        assert kinds == ["setup"]
    finally:
        system.close()


def test_accounts_are_kept_from_the_shell(tmp_path: Path) -> None:
    told = run(
        tmp_path,
        "accounts",
        "create",
        "example.one",
        "--full-name",
        "Example One",
        "--job",
        "police:constable",
        "--job",
        "ambulance:paramedic",
    )
    assert "set-up secret: " in told
    run(tmp_path, "accounts", "disable", "example.one")
    assert "disabled" in run(tmp_path, "accounts", "list")
    run(tmp_path, "accounts", "enable", "example.one")
    assert "set-up secret: " in run(tmp_path, "accounts", "reset", "example.one")
    wrong = CliRunner().invoke(
        app,
        ["accounts", "create", "x.y.z", "--full-name", "X", "--job", "police:king", "--data", str(tmp_path)],
    )
    assert wrong.exit_code != 0

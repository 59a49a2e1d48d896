"""Every cookie over https: bound to this very host, encrypted, and out of reach of scripts."""

from __future__ import annotations

from http.cookies import SimpleCookie

import httpx

from jru.domain.agency import Agency, Role
from tests.identity.directory import ask
from tests.identity.false_directory import FalseDirectory
from tests.identity.place import Place

BEHIND_PROXY = {"x-forwarded-proto": "https"}


def given(answer: httpx.Response) -> SimpleCookie:
    """Return the cookies that an answer gives."""
    assert answer.status_code == 200, answer.text
    return SimpleCookie(answer.headers["set-cookie"])


def test_over_https_every_cookie_is_bound_to_the_host(misled: tuple[Place, FalseDirectory]) -> None:
    place, _ = misled
    lead = place.sign_in(place.with_passkey("duty.lead", Agency.POLICE, Role.DUTY_SUPERVISOR))
    code = lead.did("/tablets", {"vehicle_id": "JR01", "label": "Front"})["code"]
    browser = place.browser()
    token = {"token": place.system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE)}
    cookies = SimpleCookie()
    origin = f"https://{browser.headers()['host']}"
    for path, body in (("/session", token), ("/session/tablet", {"code": code})):
        cookies.update(given(browser.post(path, body, **BEHIND_PROXY, origin=origin)))
    away = ask(browser, **BEHIND_PROXY, origin=browser.url.replace("http:", "https:"))
    cookies.update(given(away))
    same_site = {name: one["samesite"] for name, one in cookies.items()}
    assert same_site == {
        "__Host-jru_session": "strict",
        "__Host-jru_tablet": "strict",
        "__Host-jru_directory": "lax",
    }
    for one in cookies.values():
        assert (one["secure"], one["httponly"], one["path"], one["domain"]) == (True, True, "/", "")
    assert cookies["__Host-jru_directory"]["max-age"] == "300"

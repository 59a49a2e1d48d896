"""What every answer carries and what no request gets, whoever asks."""

from __future__ import annotations

import socket

import pytest
from structlog.testing import capture_logs

from tests.web.conftest import Served

EVERYWHERE = (
    "/",
    "/healthz",
    "/metrics",
    "/api/v1/session",
    "/api/v1/board",
    "/api/v1/openapi.json",
    "/nothing",
)


def raw(served: Served, sent: bytes) -> bytes:
    """Send bytes and return all that comes back until the server closes or is silent."""
    url = served.client.base_url
    with socket.create_connection((url.host, url.port or 80), timeout=2) as line:
        line.sendall(sent)
        got = b""
        try:
            while piece := line.recv(65536):
                got += piece
        except TimeoutError:
            pass
    return got


@pytest.mark.parametrize("path", EVERYWHERE)
def test_no_page_loads_plugins_takes_another_base_or_is_framed(served: Served, path: str) -> None:
    headers = served.client.get(path).headers
    rules = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["default-src"] == rules["form-action"] == "'self'"
    assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_names_its_type_and_text_is_utf_8(served: Served, path: str) -> None:
    kind = served.client.get(path).headers["content-type"]
    assert kind.split(";")[0] in ("application/json", "application/problem+json") or "charset=utf-8" in kind


@pytest.mark.parametrize("path", ["/", "/api/v1/session", "/nothing"])
def test_over_https_the_name_and_those_below_it_stay_encrypted_for_a_year(served: Served, path: str) -> None:
    told = served.client.get(path, headers={"x-forwarded-proto": "https"}).headers[
        "strict-transport-security"
    ]
    age, *more = told.split("; ")
    assert int(age.removeprefix("max-age=")) >= 365 * 24 * 3600
    assert more == ["includeSubDomains"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_nothing_redirects_and_no_origin_is_let_in(served: Served, path: str) -> None:
    for address in (path, path.rstrip("/") + "/", "/" + path):
        answer = served.client.get(
            address, headers={"origin": "https://evil.example"}, follow_redirects=False
        )
        assert not answer.is_redirect
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/api/v1/board", "/healthz"])
def test_a_method_that_nothing_needs_is_refused(served: Served, method: str, path: str) -> None:
    assert served.client.request(method, path).status_code == 405


def test_a_request_hidden_in_the_body_of_another_is_not_answered(served: Served) -> None:
    hidden = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    sent = (
        b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n%s"
    )
    got = raw(served, sent % (len(hidden), hidden))
    assert got.startswith(b"HTTP/1.1 400 ")
    assert got.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 2\r\nContent-Length: 3\r\n",
        b"Content-Length: +2\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Bad Header: 1\r\n",
        b"X: a\rSet-Cookie: b\r\n",
    ],
)
def test_a_head_with_two_meanings_is_refused(served: Served, head: bytes) -> None:
    sent = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\n" + head + b"Connection: close\r\n\r\n{}"
    status = raw(served, sent).split(b" ")[1]
    assert status in (b"400", b"415", b"501")


def test_a_parameter_counts_only_where_it_belongs(served: Served) -> None:
    body = {"type": "assault", "place": {"text": "High Street"}}
    assert served.post("/incidents?type=none&place=x&agency=ambulance", body).status_code == 201
    assert served.client.post("/api/v1/session?token=police", json={}).status_code == 422
    assert served.client.get("/api/v1/board?token=police&session=police").status_code == 401


def test_a_secret_in_the_address_opens_nothing(served: Served) -> None:
    for name in ("token", "access_token", "jru_session", "authorization"):
        assert served.client.get("/api/v1/board", params={name: "police"}).status_code == 401


def test_who_was_not_let_through_is_logged_without_secret_record_or_words(served: Served) -> None:
    with capture_logs() as lines:
        served.client.get("/api/v1/board", headers={"authorization": "Bearer guessed-secret"})
        served.client.post("/api/v1/session", json={"token": "guessed"})
        served.post(
            "/incidents", {"place": {"text": "High Street"}}, headers={"origin": "https://evil.example"}
        )
        served.get("/incidents/inc_secret")
    denied = [line for line in lines if line["event"] == "denied"]
    assert [(line["code"], line["method"], line["route"], line["role"]) for line in denied] == [
        ("unauthenticated", "GET", "/api/v1/board", None),
        ("unauthenticated", "POST", "/api/v1/session", None),
        ("csrf", "POST", "/api/v1/incidents", "police_dispatcher"),
    ]
    assert all(line["log_level"] == "warning" and line["client"] for line in denied)
    assert not [word for word in ("guessed", "High Street", "inc_secret") if word in str(lines)]

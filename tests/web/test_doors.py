"""Who gets in, from where, with what kind of body."""

from __future__ import annotations

import socket

import pytest

from jru.domain.commands import ReceiveReport, TakeCall
from jru.web.limits import MAX_BODY_BYTES
from tests.web.conftest import Served
from tests.web.memory import POLICE

CALL = {"type": "assault", "place": {"text": "High Street"}}
REPORT = {
    "sender": "KENTPOL",
    "foreign_id": "1",
    "epoch": 2019,
    "message_version": 1,
    "kind": "create",
    "at": "2019-08-16T22:00:00Z",
    "grade": "2",
    "type_code": "VIOL",
}


def sign_in(served: Served, **headers: str) -> None:
    """Put a police dispatcher's cookie into the client."""
    answer = served.client.post("/api/v1/session", json={"role": "police_dispatcher"}, headers=headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("secret", ["wrong", "x" * 600, "caf\u00e9"])
def test_without_a_known_secret_nobody_looks(served: Served, secret: str) -> None:
    answer = served.client.get("/api/v1/board", headers={"authorization": f"Bearer {secret}".encode()})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_authentication_comes_before_the_body(served: Served) -> None:
    assert served.post("/incidents", content=b"{", who="nobody").status_code == 401


def test_a_cookie_is_for_this_site_and_no_script(served: Served) -> None:
    answer = served.client.post("/api/v1/session", json={"role": "police_dispatcher"})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("jru_session=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert answer.json()["viewer"]["role"] == "police_dispatcher"


def test_over_https_the_cookie_is_bound_to_the_host(served: Served) -> None:
    answer = served.client.post(
        "/api/v1/session", json={"role": "police_dispatcher"}, headers={"x-forwarded-proto": "https"}
    )
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-jru_session=")
    assert "Secure" in cookie
    assert "strict-transport-security" in answer.headers


def test_a_token_opens_a_session_too(served: Served) -> None:
    assert served.client.post("/api/v1/session", json={"token": "ambulance"}).status_code == 200
    assert served.client.get("/api/v1/session").json()["viewer"]["agency"] == "ambulance"
    assert served.client.post("/api/v1/session", json={"token": "guess"}).status_code == 401


def test_a_crew_member_sees_the_own_call_sign(served: Served) -> None:
    assert served.get("/session", who="crew").json()["viewer"]["call_sign"] == "JR01"


def test_signing_out_ends_the_session_on_the_server(served: Served) -> None:
    sign_in(served)
    secret = served.client.cookies["jru_session"]
    answer = served.client.delete("/api/v1/session", headers={"x-requested-with": "jru"})
    assert answer.status_code == 200
    assert served.client.get("/api/v1/session").json()["viewer"] is None
    assert secret not in served.system.secrets


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"x-requested-with": "XMLHttpRequest"}, 403),
        ({"x-requested-with": "jru"}, 201),
        ({"x-requested-with": "jru", "origin": "SELF"}, 201),
        ({"x-requested-with": "jru", "origin": "https://evil.example"}, 403),
        ({"x-requested-with": "jru", "origin": "null"}, 403),
        ({"x-requested-with": "jru", "origin": "http://[bad"}, 403),
        ({"x-requested-with": "jru", "sec-fetch-site": "cross-site"}, 403),
        ({"x-requested-with": "jru", "sec-fetch-site": "same-origin"}, 201),
    ],
)
def test_a_cookie_alone_changes_nothing(served: Served, headers: dict[str, str], status: int) -> None:
    sign_in(served)
    given = {name: served.url if value == "SELF" else value for name, value in headers.items()}
    answer = served.client.post("/api/v1/incidents", json=CALL, headers={"idempotency-key": "k", **given})
    assert answer.status_code == status
    assert len(served.system.rows) == (status == 201)


def test_a_foreign_name_for_this_machine_gets_no_session(served: Served) -> None:
    port = served.url.rpartition(":")[2]
    answer = served.client.post(
        "/api/v1/session",
        json={"role": "police_dispatcher"},
        headers={"host": f"rebound.example:{port}", "origin": f"http://rebound.example:{port}"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "caf\u00e9", "report|KENTPOL|2019|1|x"])
def test_a_command_needs_a_usable_key(served: Served, key: str) -> None:
    headers = {b"authorization": b"Bearer police", b"idempotency-key": key.encode()}
    answer = served.client.post("/api/v1/incidents", json=CALL, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key")


def test_the_same_key_has_one_effect(served: Served) -> None:
    first, second = (served.post("/incidents", CALL, key="same") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    other = served.post("/incidents", {**CALL, "grade": "1"}, key="same")
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert len(served.system.rows) == 1


def test_the_order_of_keys_makes_no_other_request(served: Served) -> None:
    served.post("/incidents", CALL, key="same")
    assert served.post("/incidents", dict(reversed(CALL.items())), key="same").status_code == 200


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/json; charset=latin-1", "application/xml", ""]
)
def test_only_json_is_read(served: Served, media_type: str) -> None:
    answer = served.post("/incidents", content=b"{}", headers={"content-type": media_type})
    assert answer.status_code == 415


def test_compressed_bodies_are_not_read(served: Served) -> None:
    answer = served.post("/incidents", content=b"x", headers={"content-encoding": "gzip"})
    assert answer.status_code == 415


def test_a_large_body_is_refused_before_it_is_read(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as peer:
        peer.sendall(
            b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer police\r\n"
            b"Idempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{"
        )
        assert peer.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_large_body_without_a_length_is_cut_off(served: Served) -> None:
    chunks = (b" " * 65536 for _ in range(MAX_BODY_BYTES // 65536 + 1))
    assert served.post("/incidents", content=chunks).status_code == 413


def test_a_body_at_the_limit_is_read(served: Served) -> None:
    body = b'{"type":"assault","place":{"text":"x"}' + b" " * (MAX_BODY_BYTES - 39) + b"}"
    assert len(body) == MAX_BODY_BYTES
    assert served.post("/incidents", content=body).status_code == 201


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b'"x"', b"{", b'{"a":NaN}', b'{"a":1,"a":1}', b"\xff"]
)
def test_a_body_that_is_no_strict_object_is_malformed(served: Served, content: bytes) -> None:
    answer = served.post("/incidents", content=content)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"type": None}, "type"),
        ({"type": "Assault!"}, "type"),
        ({"type": 7}, "type"),
        ({"place": {"text": ""}}, "place.text"),
        ({"place": {"text": "x" * 201}}, "place.text"),
        ({"place": {"text": "x", "lon": 0.5}}, "place"),
        ({"place": {"text": "x", "lon": 181, "lat": 0}}, "place.lon"),
        ({"place": {"text": "x", "lon": "0.5", "lat": 51}}, "place.lon"),
        ({"remarks": "x" * 4001}, "remarks"),
        ({"flags": ["a"] * 31}, "flags"),
        ({"flags": "injury"}, "flags"),
        ({"hazards": [{"code": "knife", "by": "me"}]}, "hazards.0.by"),
        ({"unknown": 1}, "unknown"),
        ({"at": "2019-08-16T22:00:00"}, "at"),
        ({"at": 1566000000}, "at"),
        ({"at": "1566000000"}, "at"),
        ({"at": "2019-08-16T22:10:01Z"}, "at"),
        ({"at": "2019-02-29T22:00:00Z"}, "at"),
        ({"at": "0001-01-01T00:00:00Z"}, "at"),
        ({"clock_start": "2019-08-17T22:00:00Z"}, "clock_start"),
    ],
)
def test_a_field_out_of_bounds_is_named(served: Served, change: dict[str, object], path: str) -> None:
    answer = served.post("/incidents", {**CALL, **change})
    assert answer.status_code == 422
    assert [entry["path"] for entry in answer.json()["problems"]] == [path]
    assert served.system.received == []


def test_a_command_reaches_the_services_as_it_was_meant(served: Served) -> None:
    body = {**CALL, "at": "2019-08-16T23:05:00+01:00", "hazards": [{"code": "knife"}], "flags": ["injury"]}
    assert served.post("/incidents", body).status_code == 201
    (command,) = served.system.received
    assert isinstance(command, TakeCall)
    assert command.at is not None
    assert command.at.isoformat() == "2019-08-16T23:05:00+01:00"
    assert (command.hazards[0].code, command.flags) == ("knife", ("injury",))


def test_a_forged_base_is_named_and_a_real_one_is_opened(served: Served) -> None:
    served.post("/incidents", CALL)
    offered = {"incident_id": "inc_1"}
    assert served.post("/units/unt_1/offers", {**offered, "base": "forged"}).status_code == 422
    assert served.post("/units/unt_1/offers", {**offered, "base": "b12"}).status_code == 200
    assert served.system.received[-1].base == 12  # type: ignore[attr-defined]


def test_marks_of_what_was_read_go_through_and_nothing_else_does(served: Served) -> None:
    served.post("/incidents", CALL)
    assert served.post("/incidents/inc_1/update", {"grade": "1", "base": {"grade": "x"}}).status_code == 422
    assert (
        served.post("/incidents/inc_1/update", {"grade": "1", "base": {"grade": "0123456789ab"}}).status_code
        == 200
    )
    assert served.system.received[-1].base == {"grade": "0123456789ab"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path", ["/incidents/nonsense/close", "/incidents/inc_/close", "/units/inc_1/status"]
)
def test_an_id_of_another_form_is_refused(served: Served, path: str) -> None:
    assert served.post(path, {"reason": "resolved", "status": "scene"}).status_code == 422


class TestReports:
    def test_a_good_report_is_taken(self, served: Served) -> None:
        assert served.post("/reports", REPORT).status_code == 201
        (command,) = served.system.received
        assert isinstance(command, ReceiveReport)
        assert command.sender == "KENTPOL"

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\xff\xfe{",
            b'{"sender":"KENTPOL","foreign',
            b'{"a":NaN}',
            b"[]",
            b"{}",
            b'{"sender":"KENTPOL","sender":"SECAMB"}',
            b"[" * 50_000,
        ],
    )
    def test_garbage_is_kept_byte_for_byte(self, served: Served, raw: bytes) -> None:
        answer = served.post("/reports", content=raw)
        assert answer.status_code == 202
        assert answer.json()["outcome"] == {"quarantined": "qtn_1"}
        assert served.system.aside[0][1] == raw
        assert served.system.received == []

    @pytest.mark.parametrize(
        "change",
        [
            {"grade": 7},
            {"kind": "delete"},
            {"extra": 1},
            {"at": "2019-08-16T22:00:00"},
            {"at": "2019-08-16T23:00:00Z"},
            {"remarks": "x" * 20_001},
            {"type_code": "ODD"},
            {"place": {"text": "x", "lon": 51.4}},
        ],
    )
    def test_what_does_not_fit_is_put_aside_under_its_sender(
        self, served: Served, change: dict[str, object]
    ) -> None:
        answer = served.post("/reports", {**REPORT, **change})
        assert answer.status_code == 202
        assert answer.json()["told"].startswith("Put aside")
        ((sender, raw, reason),) = served.system.aside
        assert sender == "KENTPOL"
        assert b"KENTPOL" in raw
        assert 0 < len(reason) <= 500

    def test_a_sender_that_is_no_name_is_not_repeated(self, served: Served) -> None:
        served.post("/reports", {"sender": "x" * 1000})
        assert served.system.aside[0][0] == "unknown"

    def test_size_type_key_and_token_are_still_asked_for(self, served: Served) -> None:
        assert served.post("/reports", content=b" " * (MAX_BODY_BYTES + 1)).status_code == 413
        assert served.post("/reports", content=b"{}", headers={"content-type": "text/csv"}).status_code == 415
        assert served.post("/reports", {}, headers={"idempotency-key": "a b"}).status_code == 400
        assert served.post("/reports", {}, who="nobody").status_code == 401
        assert served.system.aside == []


def test_the_viewer_of_a_command_is_the_one_who_signed_in(served: Served) -> None:
    served.post("/incidents", CALL, who="ambulance")
    assert served.system.rows["inc_1"]["owner"] == "ambulance"
    assert POLICE.agency.value == "police"

"""Every error is a problem document that tells what is wrong and nothing of the inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from jru.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    JruError,
    NotFound,
    Problem,
    Refused,
    Unavailable,
)
from jru.services.ports import LogBusy
from jru.web.problems import STATUS_OF
from tests.web.conftest import Served

CALL = {"type": "assault", "place": {"text": "High Street"}}


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused("off_duty", "JR01 is off duty.", data={"rule": "only on duty"}), 409, "refused"),
        (Conflict("stale", "It changed."), 409, "conflict"),
        (LogBusy("2048 commands wait already"), 503, "busy"),
        (Conflict("unit_taken", "Taken.", data={"winner": {"by": "Example One"}}), 409, "unit_taken"),
        (NotFound("incident", "inc_secret is the ambulance's."), 404, "not_found"),
        (Forbidden("role", "Not for this role."), 403, "forbidden"),
        (InvalidInput("grade", "Unknown grade.", problems=[Problem("grade", "is unknown")]), 422, "grade"),
        (Unavailable("busy", "The queue is full.", retry_after_s=2.4), 503, "busy"),
        (JruError("odd", "secret words"), 500, "unexpected"),
        (RuntimeError("secret words"), 500, "unexpected"),
    ],
)
def test_each_error_class_has_its_status(served: Served, error: Exception, status: int, code: str) -> None:
    served.system.broken = error
    answer = served.post("/incidents", CALL)
    document = answer.json()
    assert (answer.status_code, document["status"], document["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["title"]
    assert "secret" not in answer.text


def test_a_refusal_carries_its_reason_and_rule(served: Served) -> None:
    served.system.broken = Refused("off_duty", "JR01 is off duty.", data={"rule": "only on duty"})
    document = served.post("/incidents", CALL).json()
    assert (document["reason"], document["rule"]) == ("JR01 is off duty.", "only on duty")


def test_data_of_an_error_cannot_overwrite_the_document(served: Served) -> None:
    served.system.broken = Refused("x", "No.", data={"status": 200, "code": "fine"})
    document = served.post("/incidents", CALL).json()
    assert (document["status"], document["code"]) == (409, "refused")


def test_unavailable_says_when_to_come_back(served: Served) -> None:
    served.system.broken = Unavailable("busy", "The queue is full.", retry_after_s=2.4)
    assert served.post("/incidents", CALL).headers["retry-after"] == "3"


def test_absent_and_hidden_are_answered_alike(served: Served) -> None:
    served.system.touch("inc_1", owner="ambulance")
    hidden, absent = served.get("/incidents/inc_1"), served.get("/incidents/inc_2")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v1/nothing/at/all", 404),
        ("PUT", "/api/v1/board", 405),
        ("GET", "/api/v1/incidents", 405),
        ("DELETE", "/healthz", 405),
        ("GET", "/no-such-page", 404),
    ],
)
def test_the_router_answers_in_problem_documents_too(
    served: Served, method: str, path: str, status: int
) -> None:
    answer = served.client.request(method, path)
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_bad_query_is_a_problem_document(served: Served) -> None:
    answer = served.get("/places", params={"q": ""})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"] == "query.q"


def test_a_position_with_its_numbers_swapped_is_refused_with_a_hint(served: Served) -> None:
    here = {"lon": 0.5481, "lat": 51.3855}
    assert served.post("/units/unt_1/position", here).status_code in (200, 404)
    answer = served.post("/units/unt_1/position", {"lon": here["lat"], "lat": here["lon"]})
    assert answer.status_code == 422
    assert "swapped" in answer.json()["problems"][0]["message"]
    # A place abroad is no mistake of that kind.
    assert served.post("/units/unt_1/position", {"lon": 9.52, "lat": 47.14}).status_code in (200, 404)


def test_every_error_of_the_product_has_a_status() -> None:
    assert {kind for kind in JruError.__subclasses__() if kind.__module__ == "jru.errors"} <= STATUS_OF.keys()


def test_every_status_is_in_the_reference() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "http-api.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    assert {status for status in STATUS_OF.values() if str(status) not in " ".join(rows)} == {202}

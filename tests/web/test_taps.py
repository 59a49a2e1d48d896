"""A device's backlog in one request: every tap is answered as if it had come alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from jru.errors import Unavailable
from jru.web.server import serving
from tests.web.conftest import Served
from tests.web.product import Caller, call, opened, tokens

LATER = "/incidents/inc_none/notes"


@dataclass
class Room:
    """A police desk with an incident, and its backlog."""

    caller: Caller
    incident: str

    def note(self, key: str, text: str = "two men at the door", **more: Any) -> dict[str, Any]:
        """Return a waiting note."""
        path = f"/incidents/{self.incident}/notes"
        return {"key": key, "path": path, "body": {"text": text, "label": "operational", **more}}

    def send(self, *taps: dict[str, Any]) -> list[dict[str, Any]]:
        """Send a backlog that must be looked at; return its answers."""
        told = self.caller.post("/outbox", {"taps": list(taps)})
        assert told.status_code == 200, told.text
        answers: list[dict[str, Any]] = told.json()["answers"]
        return answers

    def said(self, text: str) -> int:
        """Return how often the log says this."""
        log = self.caller.get(f"/incidents/{self.incident}").json()["log"]
        return sum(text in line["sentence"] for line in log)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    system = opened(tmp_path_factory.mktemp("taps"))
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        caller = Caller(client, tokens(system, None)["police_dispatcher"])
        yield Room(caller, str(caller.did("/incidents", call("High Street"))["incident_id"]))
    system.close()


def test_a_backlog_is_done_in_order_and_only_once(room: Room) -> None:
    hazard = {"key": "b-2", "path": f"/incidents/{room.incident}/hazards", "body": {"code": "weapon"}}
    taps = [room.note("b-1", "first of all"), hazard, room.note("b-3", "last of all")]
    answers = room.send(*taps)
    assert [(one["key"], one["status"]) for one in answers] == [("b-1", 200), ("b-2", 200), ("b-3", 200)]
    again = room.send(*taps)
    assert [one["answer"]["told"] for one in again] == [one["answer"]["told"] for one in answers]
    log = [line["sentence"] for line in room.caller.get(f"/incidents/{room.incident}").json()["log"]]
    mine = [line for line in log if "of all" in line or "eapon" in line]
    assert ["first" in mine[0], "eapon" in mine[1], "last" in mine[2]] == [True] * 3
    assert len(mine) == 3


def test_one_that_is_refused_is_told_why_as_if_it_had_come_alone_and_holds_up_none(room: Room) -> None:
    bad = room.note("r-1", mood="angry")
    nowhere = {"key": "r-2", "path": LATER, "body": {"text": "lost", "label": "operational"}}
    forbidden = {"key": "r-3", "path": f"/incidents/{room.incident}/notes", "body": {"text": "x" * 5000}}
    answers = room.send(bad, nowhere, forbidden, room.note("r-4", "after the refused"))
    alone = [room.caller.post(one["path"], one["body"]) for one in (bad, nowhere, forbidden)]
    assert [one["status"] for one in answers[:3]] == [one.status_code for one in alone]
    for told, one in zip(answers, alone, strict=False):
        assert told["answer"]["code"] == one.json()["code"]
        assert told["answer"]["detail"] == one.json()["detail"]
    assert answers[3]["status"] == 200
    assert room.said("after the refused") == 1


def test_a_key_that_was_used_for_something_else_is_refused(room: Room) -> None:
    assert room.send(room.note("k-1"))[0]["status"] == 200
    reused = room.send(room.note("k-1", "something else"))[0]
    assert reused["status"] == 409


@pytest.mark.parametrize(
    "taps",
    [
        [],
        [{"key": "g", "path": "/accounts", "body": {}}],
        [{"key": "g", "path": "/outbox", "body": {"taps": []}}],
        [{"key": "g", "path": "/incidents/../accounts/x", "body": {}}],
        [{"key": "g", "path": "/incidents/i/notes?x=1", "body": {}}],
        [{"key": "", "path": "/incidents/i/notes", "body": {}}],
        [{"key": "g", "path": "/incidents/i/notes", "body": []}],
        [{"key": "g", "path": "/incidents/i/notes"}],
        [{"key": f"g{n}", "path": "/incidents/i/notes", "body": {}} for n in range(51)],
    ],
    ids=["none", "accounts", "itself", "upwards", "a query", "no key", "no body", "a list", "too many"],
)
def test_garbage_is_refused_as_a_whole(room: Room, taps: list[dict[str, Any]]) -> None:
    told = room.caller.post("/outbox", {"taps": taps})
    assert told.status_code == 422
    assert told.json()["problems"]


def test_an_address_in_disguise_leads_nowhere(room: Room) -> None:
    hidden = {"key": "d-1", "path": "/incidents/i/%2e%2e/%2e%2e/accounts", "body": {}}
    assert room.send(hidden)[0]["status"] == 404


@pytest.mark.parametrize(
    ("why", "status"), [(Unavailable("busy", "Not now."), 503), (RuntimeError("x"), 500)]
)
def test_one_that_cannot_be_taken_now_ends_the_turn(served: Served, why: Exception, status: int) -> None:
    note = {"path": "/incidents/inc_1/notes", "body": {"text": "x", "label": "operational"}}
    served.system.broken = why
    taps = {"taps": [{"key": f"u-{number}", **note} for number in range(3)]}
    told = served.post("/outbox", taps)
    assert [(one["key"], one["status"]) for one in told.json()["answers"]] == [("u-0", status)]

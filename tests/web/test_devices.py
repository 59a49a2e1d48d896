"""A device says which it is, how many commands it has made, and what its clock shows: the log keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from jru.bootstrap import DATABASE_FILE
from jru.web.server import serving
from tests.web.product import START, call, opened, tokens

HEADERS = {"JRU-Device": "jr01-tablet-1", "JRU-Device-Seq": "417"}


@dataclass
class Desk:
    """A police desk at the whole product, and the database under it."""

    client: httpx.Client
    token: str
    file: Path
    sent: int = 0

    def post(self, **headers: str) -> httpx.Response:
        """Take a call with these headers."""
        self.sent += 1
        sent = {"authorization": f"Bearer {self.token}", "idempotency-key": f"device-{self.sent}", **headers}
        return self.client.post("/api/v1/incidents", json=call("High Street"), headers=sent)

    def rows(self) -> set[tuple[str, int | None, int | None]]:
        """Return what the log has of the last command's device."""
        query = "SELECT device, device_seq, clock_offset_us FROM event WHERE idem_key = ?"
        with closing(sqlite3.connect(self.file)) as database:
            return set(database.execute(query, (f"device-{self.sent}",)))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    directory = tmp_path_factory.mktemp("devices")
    system = opened(directory)
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield Desk(client, tokens(system, None)["police_dispatcher"], directory / DATABASE_FILE)
    system.close()


def test_the_log_has_the_device_its_count_and_how_far_its_clock_is_ahead(desk: Desk) -> None:
    ahead = (START + timedelta(seconds=90)).isoformat()
    assert desk.post(**HEADERS, **{"JRU-Device-Time": ahead}).status_code == 201
    assert desk.rows() == {("jr01-tablet-1", 417, 90_000_000)}
    assert desk.post(**{"JRU-Device-Time": "2019-08-16T21:59:59.5+01:00"}).status_code == 201
    assert desk.rows() == {("", None, -500_000)}


def test_without_headers_the_log_has_no_device(desk: Desk) -> None:
    assert desk.post().status_code == 201
    assert desk.rows() == {("", None, None)}


@pytest.mark.parametrize(
    "headers",
    [
        {"JRU-Device": ""},
        {"JRU-Device": "x" * 65},
        {"JRU-Device": "Araminta Fnord"},
        {"JRU-Device": "caf\u00e9"},
        {"JRU-Device-Seq": "1"},
        {**HEADERS, "JRU-Device-Seq": "-1"},
        {**HEADERS, "JRU-Device-Seq": "9" * 16},
        {**HEADERS, "JRU-Device-Seq": "\u0664"},
        {"JRU-Device-Time": "yesterday"},
        {"JRU-Device-Time": "2019-08-16T21:00:00"},
        {"JRU-Device-Time": "2019-02-30T21:00:00Z"},
        {"JRU-Device-Time": "0001-01-01T00:00:00+14:00"},
        {"JRU-Device-Time": "1566000000"},
    ],
)
def test_garbage_is_refused_in_words_and_nothing_is_written(desk: Desk, headers: dict[str, str]) -> None:
    answer = desk.post(**{name: value.encode() for name, value in headers.items()})  # type: ignore[arg-type]
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "device"
    assert "JRU-Device" in answer.json()["detail"]
    assert desk.rows() == set()


def test_a_repetition_may_come_with_another_time(desk: Desk) -> None:
    first = desk.post(**HEADERS, **{"JRU-Device-Time": "2019-08-16T21:00:00Z"})
    desk.sent -= 1
    again = desk.post(**HEADERS, **{"JRU-Device-Time": "2019-08-16T21:05:00Z"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["outcome"] == first.json()["outcome"]


def test_every_command_describes_the_headers(desk: Desk) -> None:
    description = desk.client.get("/api/v1/openapi.json").json()
    for path, item in description["paths"].items():
        parameters = item.get("post", {}).get("parameters", [])
        names = {entry["name"] for entry in parameters}
        if "Idempotency-Key" in names:
            assert {"JRU-Device", "JRU-Device-Seq", "JRU-Device-Time"} <= names, path


def test_a_tap_of_somebody_else_is_not_taken_under_the_name_of_who_is_signed_in(desk: Desk) -> None:
    signed_in = {"authorization": f"Bearer {desk.token}"}
    owner = desk.client.get("/api/v1/outbox-key", headers=signed_in).json()["owner"]
    assert desk.post(**{"JRU-Outbox": owner}).status_code == 201
    for other in (f"{owner}0", "", "here.somebody", "x" * 4000):
        refused = desk.post(**{"JRU-Outbox": other})
        assert (refused.status_code, refused.json()["code"]) == (401, "another_person")
        assert desk.rows() == set()

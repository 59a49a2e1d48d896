"""A reader of server-sent events over a real socket, strict about their form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Heard:
    """One event as it arrived."""

    event: str
    content: dict[str, Any]
    cursor: str | None
    retry_ms: int | None


class Stream:
    """An open stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def next(self, *skipping: str) -> Heard:
        """Return the next event, leaving out those named; StopIteration when the server closed."""
        while True:
            fields: dict[str, str] = {}
            for line in self._lines:
                if not line:
                    break
                name, _, value = line.partition(": ")
                assert name in {"id", "event", "data", "retry"}
                assert name not in fields
                fields[name] = value
            else:
                raise StopIteration
            if fields["event"] not in skipping:
                retry = fields.get("retry")
                content = json.loads(fields["data"])
                return Heard(fields["event"], content, fields.get("id"), int(retry) if retry else None)

    def rest(self) -> list[Heard]:
        """Return everything up to the server's close."""
        heard = []
        while True:
            try:
                heard.append(self.next())
            except StopIteration:
                return heard


@contextmanager
def listening(
    url: str, who: str = "police", cursor: str | None = None, wait_s: float = 5
) -> Iterator[Stream]:
    """Open a stream as somebody, from a cursor."""
    headers = {"authorization": f"Bearer {who}"} | ({"last-event-id": cursor} if cursor else {})
    with (
        httpx.Client(base_url=url, timeout=wait_s) as client,
        client.stream("GET", "/api/v1/stream", headers=headers) as response,
    ):
        assert response.status_code == 200, response.read()
        yield Stream(response)

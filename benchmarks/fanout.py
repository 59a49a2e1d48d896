"""From a command to the screens of everybody: 100 live streams over real sockets, 50 events a second.

The server runs in a process of its own. Each event is a resource of a room that changes on an incident which all
roles may see; its time marks the row in the frames. The time counts from before the command is sent until a
client has the row, commit included. A row that a later event replaced before it left counts when the later one comes.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from benchmarks.figures import Figure, median, quantile, rounded
from benchmarks.served import served

LIMIT_S = 1.0
OWN_LIMIT_S = 0.2
FRAME_BYTES = 1 << 24
SETTLE_S = 10.0
CONNECTIONS = 32


@dataclass(slots=True)
class Timing:
    """What was sent when, and what each client has still to see: marks of an incident in the order sent."""

    sent_s: dict[str, float] = field(default_factory=dict)
    marks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    took_s: list[float] = field(default_factory=list)
    own_s: list[float] = field(default_factory=list)
    own: frozenset[int] = frozenset()
    """The clients of whoever sends the commands, and how long these take to them."""
    wanted: int = 0
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, client: int, incident: str, shown: frozenset[str], now_s: float) -> None:
        """Note that a client has a row with these times."""
        marks = self.marks[incident]
        first = self.seen[client, incident]
        newest = next((n for n in range(len(marks) - 1, first - 1, -1) if marks[n] in shown), None)
        if newest is None:
            return
        took_s = [now_s - self.sent_s[mark] for mark in marks[first : newest + 1]]
        self.took_s += took_s
        if client in self.own:
            self.own_s += took_s
        self.seen[client, incident] = newest + 1
        if len(self.took_s) == self.wanted:
            self.complete.set()


@lru_cache(256)
def _rows(content: bytes) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return each incident of a frame with the times of its resources; clients of one kind get the same frame."""
    rows = json.loads(content).get("incidents", ())
    return tuple((row["id"], frozenset(resource["at"] for resource in row["resources"])) for row in rows)


async def _listen(client: int, url: str, token: str, timing: Timing, opened: asyncio.Barrier) -> None:
    """Read one stream until it is cancelled; the snapshot comes before anything is measured."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=FRAME_BYTES)
    head = f"GET /api/v1/stream HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n"
    writer.write(head.encode())
    status = await reader.readline()
    if b" 200 " not in status:
        raise SystemExit(f"a stream was refused: {status!r}")
    while not (line := await reader.readline()).startswith(b"data: "):
        if not line:
            raise SystemExit("a stream ended before its snapshot")
    await opened.wait()
    with suppress(asyncio.CancelledError):
        async for line in reader:
            if line.startswith(b"data: "):
                now_s = time.monotonic()
                for incident, shown in _rows(line[6:]):
                    timing.take(client, incident, shown, now_s)
    writer.close()


async def _work(told: dict[str, Any], waiting: asyncio.Queue[tuple[int, str, str] | None]) -> None:
    """Send commands over one connection, as they come, until there are no more."""
    address = urlsplit(told["url"])
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    while (command := await waiting.get()) is not None:
        number, incident, mark = command
        body = json.dumps({"call_sign": f"P{number % 3}", "kind": "patrol", "status": "mobile", "at": mark})
        head = (
            f"POST /api/v1/incidents/{incident}/resources HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {told['tokens'][0]}\r\nX-Requested-With: jru\r\n"
            f"Idempotency-Key: fan-{number}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write((head + body).encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
        content = await reader.readexactly(int(length[1])) if length else b""
        if b" 20" not in answer.partition(b"\r\n")[0]:
            raise SystemExit(f"a command was refused: {content!r}")
    writer.close()


async def _send(told: dict[str, Any], events: int, every_s: float, timing: Timing) -> None:
    """Send the commands, each at its time, whatever became of the last one."""
    ahead = timedelta(seconds=told["ahead_s"])
    waiting: asyncio.Queue[tuple[int, str, str] | None] = asyncio.Queue()
    start_s = time.monotonic()
    async with asyncio.TaskGroup() as workers:
        for _ in range(CONNECTIONS):
            workers.create_task(_work(told, waiting))
        for number, incident in zip(range(events), itertools.cycle(told["incidents"]), strict=False):
            await asyncio.sleep(max(0.0, start_s + number * every_s - time.monotonic()))
            mark = (datetime.now(UTC) + ahead).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            timing.sent_s[mark] = time.monotonic()
            timing.marks[incident].append(mark)
            waiting.put_nowait((number, incident, mark))
        for _ in range(CONNECTIONS):
            waiting.put_nowait(None)


async def _run(told: dict[str, Any], clients: int, events: int, per_s: float) -> tuple[Timing, float]:
    own = frozenset(range(0, clients, len(told["tokens"])))
    timing, opened = Timing(wanted=clients * events, own=own), asyncio.Barrier(clients + 1)
    tokens = itertools.cycle(told["tokens"])
    async with asyncio.TaskGroup() as group:
        streams = [
            group.create_task(_listen(n, told["url"], next(tokens), timing, opened)) for n in range(clients)
        ]
        await opened.wait()
        start_s = time.monotonic()
        await _send(told, events, 1 / per_s, timing)
        took_s = time.monotonic() - start_s
        with suppress(TimeoutError):
            await asyncio.wait_for(timing.complete.wait(), SETTLE_S)
        for stream in streams:
            stream.cancel()
    return timing, took_s


def measure(*, short: bool) -> Iterator[Figure]:
    """Measure with 100 clients for 20 seconds."""
    clients, events, per_s = (6, 10, 20.0) if short else (100, 1000, 50.0)
    with served(incidents=10 if short else 200, vehicles=2 if short else 10) as told:
        timing, sending_s = asyncio.run(_run(told, clients, events, per_s))
    missing = clients * events - len(timing.took_s)
    never_s = SETTLE_S + sending_s
    took_s = [*timing.took_s, *[never_s] * missing]
    own_s = [*timing.own_s, *[never_s] * (len(timing.own) * events - len(timing.own_s))]
    yield Figure(
        claim="own_screen_p95",
        value=quantile(own_s, 0.95),
        unit="s",
        limit=OWN_LIMIT_S,
        more={"median": rounded(median(own_s)), "max": rounded(max(own_s)), "clients": len(timing.own)},
    )
    yield Figure(
        claim="fanout_p99",
        value=quantile(took_s, 0.99),
        unit="s",
        limit=LIMIT_S,
        more={
            "median": rounded(median(took_s)),
            "max": rounded(max(took_s)),
            "clients": clients,
            "events": events,
            "events_per_s": rounded(events / sending_s),
            "not_delivered": missing,
        },
    )

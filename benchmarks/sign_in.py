"""Dispatch goes on while 200 people at once try to sign in: the time of a room's commands during the flood.

The server runs in a process of its own. Every one of the flood's connections sends the next attempt when the last was
answered, each for a name and from an address of its own, so that no limit on tries spares the server the work.
Commands are sent at their times, whatever became of the last one, over connections of their own; the same ones without
the flood run before, since whatever else keeps the machine busy slows both.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from benchmarks.figures import Figure, median, quantile, rounded
from benchmarks.served import served

LIMIT_S = 0.2
CONNECTIONS = 16


class Line:
    """One connection that sends a request and reads its answer."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: object, *headers: str) -> int:
        """Return the status of the answer; connects where there is no connection."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._address.hostname, self._address.port)
        reader, writer = self._streams
        content = json.dumps(body)
        lines = [
            f"POST /api/v1{path} HTTP/1.1",
            f"Host: {self._address.netloc}",
            "X-Requested-With: jru",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
            *headers,
        ]
        writer.write(("\r\n".join(lines) + "\r\n\r\n" + content).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        await reader.readexactly(int(length[1]) if length else 0)
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        """End the connection."""
        if self._streams is not None:
            self._streams[1].close()


async def _attack(
    told: dict[str, Any],
    numbers: Iterator[int],
    statuses: Counter[int],
    begun: asyncio.Barrier,
    over: asyncio.Event,
) -> None:
    line, first = Line(told["url"]), True
    try:
        while not over.is_set():
            number = next(numbers)
            address = f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            body = {"name": f"nobody.{number}", "password": "four words that miss"}
            statuses[await line.post("/session/password", body, address)] += 1
            if first:
                await begun.wait()
                first = False
    finally:
        line.close()


async def _work(told: dict[str, Any], waiting: asyncio.Queue[tuple[int, str, float] | None]) -> list[float]:
    """Send commands as they come; return how long each took from its time on."""
    line, took_s, begun_s = Line(told["url"]), [], time.monotonic()
    while (command := await waiting.get()) is not None:
        number, incident, due_s = command
        status = await line.post(
            f"/incidents/{incident}/notes",
            {"label": "operational", "text": f"Line {number}"},
            f"Authorization: Bearer {told['tokens'][0]}",
            f"Idempotency-Key: flood-{begun_s}-{number}",
        )
        if status not in (200, 201):
            raise SystemExit(f"a command was refused: {status}")
        took_s.append(time.monotonic() - due_s)
    line.close()
    return took_s


async def _commands(told: dict[str, Any], commands: int, every_s: float) -> list[float]:
    waiting: asyncio.Queue[tuple[int, str, float] | None] = asyncio.Queue()
    workers = [asyncio.create_task(_work(told, waiting)) for _ in range(CONNECTIONS)]
    start_s = time.monotonic()
    for number, incident in zip(range(commands), itertools.cycle(told["incidents"]), strict=False):
        due_s = start_s + number * every_s
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        waiting.put_nowait((number, incident, due_s))
    for _ in workers:
        waiting.put_nowait(None)
    return [took for took_s in await asyncio.gather(*workers) for took in took_s]


async def _run(
    told: dict[str, Any], attackers: int, commands: int, per_s: float
) -> tuple[list[float], Counter[int]]:
    statuses: Counter[int] = Counter()
    numbers = itertools.count()
    if not attackers:
        return await _commands(told, commands, 1 / per_s), statuses
    begun, over = asyncio.Barrier(attackers + 1), asyncio.Event()
    flood = [asyncio.create_task(_attack(told, numbers, statuses, begun, over)) for _ in range(attackers)]
    await begun.wait()
    took_s = await _commands(told, commands, 1 / per_s)
    over.set()
    await asyncio.gather(*flood)
    return took_s, statuses


def measure(*, short: bool) -> Iterator[Figure]:
    """Measure with 200 attempts under way for 20 seconds."""
    attackers, commands, per_s = (10, 10, 20.0) if short else (200, 400, 20.0)
    with served(incidents=10 if short else 100, vehicles=2 if short else 10) as told:
        quiet_s, _ = asyncio.run(_run(told, 0, commands // 2, per_s))
        begun_s = time.monotonic()
        took_s, statuses = asyncio.run(_run(told, attackers, commands, per_s))
        lasted_s = time.monotonic() - begun_s
    yield Figure(
        claim="commands_in_a_sign_in_flood_p95",
        value=quantile(took_s, 0.95),
        unit="s",
        limit=LIMIT_S,
        peer={"name": "the same commands without the flood", "p95": rounded(quantile(quiet_s, 0.95))},
        more={
            "median": rounded(median(took_s)),
            "max": rounded(max(took_s)),
            "attackers": attackers,
            "commands": len(took_s),
            "attempts_per_s": rounded(sum(statuses.values()) / lasted_s),
            "hashed": statuses[200],
            "told_to_wait": statuses[503] + statuses[429],
        },
    )

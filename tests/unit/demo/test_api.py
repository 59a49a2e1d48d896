"""The simulators' client says what a real one would: which device, and how many commands it has made."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jru.clock import SeededRandom, VirtualClock
from jru.demo.api import Api, Tally


class Wire:
    """Keeps the headers of what is sent."""

    def __init__(self) -> None:
        self.headers: list[Mapping[str, str]] = []

    async def send(
        self, method: str, path: str, headers: Mapping[str, str], query: Mapping[str, str], body: object
    ) -> tuple[int, dict[str, Any]]:
        self.headers.append(headers)
        return 200, {}


def test_a_crews_device_counts_its_commands_and_tells_its_time() -> None:
    wire, clock = Wire(), VirtualClock(datetime(2019, 8, 16, 20, 0, tzinfo=UTC))
    api = Api(wire, "secret", SeededRandom(1), clock, Tally()).on_device("JR01-police")

    async def twice() -> None:
        await api.get("/board")
        await api.post("/units/unt_1/status", {"status": "mobile"})
        clock.advance(5)
        await api.post("/units/unt_1/status", {"status": "scene"})

    asyncio.run(twice())
    assert "JRU-Device" not in wire.headers[0]
    assert [h["JRU-Device"] for h in wire.headers[1:]] == ["JR01-police"] * 2
    assert [h["JRU-Device-Seq"] for h in wire.headers[1:]] == ["1", "2"]
    assert wire.headers[2]["JRU-Device-Time"] == "2019-08-16T20:00:05.000000Z"

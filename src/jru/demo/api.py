"""A client of the public API: one token, one identity, keys from seeded chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from jru.clock import Clock, Random
from jru.demo.transport import Transport

Row = dict[str, Any]
PREFIX: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to a command: the outcome, or why not."""

    status: int
    body: Row

    @property
    def ok(self) -> bool:
        """Tell whether the command was taken."""
        return self.status in (200, 201)

    @property
    def outcome(self) -> Row:
        """Return the ids that the command made."""
        outcome: Row = self.body.get("outcome") or {}
        return outcome

    @property
    def why(self) -> str:
        """Return why it was not taken, in the server's words."""
        return str(self.body.get("reason") or self.body.get("detail") or self.body.get("told") or self.status)


class Tally:
    """What all clients of one night did together; `changes` moves on whenever the server took a command."""

    def __init__(self) -> None:
        self.requests = 0
        self.changes = 0
        self.refusals: list[str] = []


class Api:
    """One person or one system at the door."""

    def __init__(self, transport: Transport, token: str, keys: Random, clock: Clock, tally: Tally) -> None:
        """Speak through `transport` with a bearer token; `keys` makes the idempotency keys."""
        self._transport = transport
        self._headers = {"Authorization": f"Bearer {token}", "X-Requested-With": "jru"}
        self._keys = keys
        self._clock = clock
        self._tally = tally
        self._device = ""
        self._made = 0

    def on_device(self, name: str) -> Api:
        """Say from now on that commands come from this device, and how many it has made."""
        self._device = name
        return self

    @property
    def now(self) -> datetime:
        """Return the time of the clock that server and simulators share."""
        return self._clock.now()

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Read; a problem document comes back as an answer that is not ok."""
        self._tally.requests += 1
        return Answer(*await self._transport.send("GET", PREFIX + path, self._headers, params or {}, None))

    async def post(self, path: str, body: Row) -> Answer:
        """Give a command with a key of its own; what was not taken is noted for the summary."""
        self._tally.requests += 1
        self._made += 1
        now = self._clock.now()
        headers = {**self._headers, "Idempotency-Key": self._keys.uuid7(now)}
        if self._device:
            seq = str(self._made)
            headers |= {"JRU-Device": self._device, "JRU-Device-Seq": seq, "JRU-Device-Time": iso(now)}
        answer = Answer(*await self._transport.send("POST", PREFIX + path, headers, {}, body))
        if answer.ok:
            self._tally.changes += 1
        else:
            self._tally.refusals.append(f"{_pattern(path)}: {answer.status} {answer.why}")
        return answer


def moment(text: str | None) -> datetime | None:
    """Return a time of the wire as an aware moment."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def iso(at: datetime) -> str:
    """Return an aware moment as the wire has it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _pattern(path: str) -> str:
    return "/".join("{id}" if "_" in part and part[3:4] == "_" else part for part in path.split("/"))

"""Two served systems side by side, alike but for what is done in one of them only.

Chance is drawn anew for each turn: what the same command draws is the same in both worlds, whatever was done between.
In the product draws are independent of each other, so an id tells nothing of the ids before it; without turns the
comparison would find a difference where there is nothing to learn. What is done in one world only draws numbers from
the upper half of each range and everything else from the lower one, so that the two never ask for the same short
incident number. A number that is taken costs a new draw, which nobody can tell from the first.

Cursors are sealed numbers (AES-SIV): one number has one token, and a token tells nothing else. So a cursor is
compared by where the same one came before, not by its letters: a change that a viewer cannot see must not give that
viewer a new cursor.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

from jru.bootstrap import System, build
from jru.clock import VirtualClock, uuid7
from jru.config import Settings
from jru.domain.agency import Agency, Role
from jru.domain.commands import Command, UpdateIncident
from jru.domain.versions import marks
from jru.errors import JruError
from jru.services.access import Viewer
from jru.services.grants import RIGHTS
from jru.services.recorder import Sent
from jru.services.versions import fields_of
from jru.web.app import create_app
from jru.web.hub import Rhythm
from jru.web.server import serving
from tests.web.product import START

T = TypeVar("T")
CURSOR = re.compile(rb"[A-Za-z0-9_-]{32}\.[0-9a-f]{8}")
UNCOMPARED_HEADERS = frozenset({"date"})
EXPIRES = re.compile("expires=[^;]+GMT")
"""Like the date of an answer, the end of a cookie is told by the clock of the machine."""
QUICK_STREAMS = Rhythm(coalesce_s=0.01, check_s=0.05, heartbeat_s=0.05)


@dataclass
class Turn:
    """Which command draws."""

    name: str = "start"
    hidden: bool = False
    drawn: dict[str, int] = field(default_factory=dict)

    def begin(self, name: str, *, hidden: bool = False) -> None:
        """Let the draws begin anew under a name."""
        self.name, self.hidden, self.drawn = name, hidden, {}


class TurnedRandom:
    """Chance that begins anew with each turn; each path of names has a stream of its own."""

    _lock = threading.Lock()

    def __init__(self, turn: Turn, path: str = "") -> None:
        self._turn = turn
        self._path = path

    def bytes(self, count: int) -> bytes:
        """Return the next `count` bytes of this turn."""
        with self._lock:
            number = self._turn.drawn[self._path] = self._turn.drawn.get(self._path, 0) + 1
            named = f"{self._turn.name}|{self._turn.hidden}|{self._path}|{number}"
        return hashlib.shake_256(named.encode()).digest(count)

    def uuid7(self, now: Any) -> str:
        """Return a UUID for a moment."""
        return uuid7(now, self.bytes(10))

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        return int.from_bytes(self.bytes(6), "big") / 2**48

    def below(self, limit: int) -> int:
        """Return a number in the lower half of [0, limit), in the upper one in a turn of one world only."""
        half = limit // 2
        low, high = (half, limit) if self._turn.hidden else (0, half or limit)
        return low + int.from_bytes(self.bytes(8), "big") % (high - low)

    def choice(self, options: Sequence[T]) -> T:
        """Return one of `options`."""
        return options[self.below(len(options))]

    def exponential(self, mean: float) -> float:
        """Return an exponential draw."""
        return -mean * math.log1p(-self.uniform())

    def child(self, name: str) -> TurnedRandom:
        """Return the stream of a name."""
        return TurnedRandom(self._turn, f"{self._path}/{name}")


def agencies_of(role: Role) -> tuple[Agency, ...]:
    """Return the services that have people in a role."""
    of = role.agency
    return (of,) if of else tuple(Agency)


@dataclass
class Side:
    """One of the two worlds."""

    system: System
    clock: VirtualClock
    turn: Turn
    client: httpx.Client
    url: str
    tokens: dict[tuple[Role, Agency], str] = field(default_factory=dict)

    @cached_property
    def description(self) -> dict[str, Any]:
        """Return the interface's own description; it is the same for everybody and at any time."""
        told: dict[str, Any] = self.client.get("/api/v1/openapi.json").json()
        return told

    def do(self, viewer: Viewer, command: Command, turn: str, *, hidden: bool = False) -> dict[str, object]:
        """Execute a command in a turn of its own; return its outcome."""
        self.turn.begin(turn, hidden=hidden)
        if isinstance(command, UpdateIncident) and (
            joint := self.system.services.ground.find(viewer, command.incident_id)
        ):
            # Whoever changes something has looked just before.
            seen = fields_of(self.system.services.ground.board, joint, viewer.agency)
            command = replace(command, base=marks(seen))
        sent = Sent(f"{'hidden' if hidden else 'open'}|{turn}".replace("|", "-"), self.clock.now(), b"")
        return self.system.services.execute(viewer, command, sent).outcome

    def try_to(self, viewer: Viewer, command: Command, turn: str, *, hidden: bool) -> bool:
        """Execute a command that a rule may refuse; tell whether it was done."""
        try:
            self.do(viewer, command, turn, hidden=hidden)
        except JruError:
            return False
        return True

    def sign_in(self, unit_id: str) -> None:
        """Issue a token for every role of each service that has it; crews ride on the unit."""
        self.turn.begin("sign in")
        for role in RIGHTS:
            for agency in agencies_of(role):
                unit = unit_id if role.is_crew else None
                self.tokens[role, agency] = self.system.issue_token(role, agency, unit)

    def ask(
        self, who: tuple[Role, Agency], method: str, path: str, turn: str, **more: Any
    ) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        """Send a request as somebody; return status, headers and body as they came over the wire."""
        self.turn.begin(f"ask {turn}")
        headers = {"authorization": f"Bearer {self.tokens[who]}", "accept-encoding": "identity"}
        if method == "post":
            headers["idempotency-key"] = hashlib.sha256(turn.encode()).hexdigest()[:32]
        self.client.cookies.clear()
        answer = self.client.request(method.upper(), path, headers=headers, **more)
        kept = sorted(
            (name, EXPIRES.sub("expires=", value))
            for name, value in answer.headers.items()
            if name not in UNCOMPARED_HEADERS
        )
        return answer.status_code, tuple(kept), answer.content


def nothing_planted(_app: FastAPI) -> None:
    """Leave the application as it is."""


@contextmanager
def opened_side(directory: Path, plant: Callable[[FastAPI], None] = nothing_planted) -> Iterator[Side]:
    """Serve a new system; `plant` may put something into the application that should not be there."""
    clock, turn = VirtualClock(START), Turn()
    system = build(Settings(data=directory), clock=clock, random=TurnedRandom(turn), demo=True)
    app = create_app(system.services, Settings(data=directory), rhythm=QUICK_STREAMS)
    plant(app)
    try:
        with serving(app) as url, httpx.Client(base_url=url, timeout=20) as client:
            yield Side(system, clock, turn, client, url)
    finally:
        system.close()


class Transcript:
    """What one viewer was told in one world, with each cursor by where it came first."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, object]] = []
        self._cursors: dict[bytes, int] = {}
        self._numbers = itertools.count(1)

    def add(self, title: str, status: int, headers: object, body: bytes) -> None:
        """Add an answer."""
        self.pages.append((title, (status, headers, CURSOR.sub(self._known, body))))

    def _known(self, found: re.Match[bytes]) -> bytes:
        token = found.group()
        if token not in self._cursors:
            self._cursors[token] = next(self._numbers)
        return b"<cursor %d>" % self._cursors[token]

    def differences(self, other: Transcript) -> list[str]:
        """Return the titles of the pages that differ, with what differs."""
        assert [title for title, _ in self.pages] == [title for title, _ in other.pages]
        return [
            f"{title}:\n  {left!r}\n  {right!r}"
            for (title, left), (_, right) in zip(self.pages, other.pages, strict=True)
            if left != right
        ]

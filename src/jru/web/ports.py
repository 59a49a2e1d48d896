"""What the web needs from the services, as types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from jru.clock import Clock, Random
from jru.domain.agency import Agency, Role
from jru.domain.commands import Command


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks or acts: one person in one role."""

    subject: str
    name: str
    agency: Agency
    role: Role
    unit_id: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """How a command came in."""

    idem_key: str
    received_at: datetime
    request_hash: bytes
    device: str = ""
    device_seq: int | None = None
    clock_offset_us: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a command."""

    outcome: Mapping[str, object]
    told: str
    seq: int
    repeated: bool
    created: bool


Rows = dict[str, Any]


class Services(Protocol):
    """The use cases behind the HTTP door. Methods may block; errors are those of `jru.errors`."""

    clock: Clock
    random: Random
    demo: bool
    synthetic: bool

    @property
    def rate(self) -> float: ...
    @property
    def head_seq(self) -> int: ...

    def execute(self, viewer: Viewer, command: Command, sent: Sent) -> Done: ...
    def quarantine_raw(self, viewer: Viewer, sender: str, raw: bytes, reason: str) -> str: ...
    def board(self, viewer: Viewer) -> Rows: ...
    def change(self, viewer: Viewer, after_seq: int, known: Iterable[str]) -> Rows: ...
    def heartbeat(self, viewer: Viewer) -> Rows: ...
    def incident(self, viewer: Viewer, incident_id: str) -> Rows: ...
    def recommendation(self, viewer: Viewer, incident_id: str) -> Rows: ...
    def unit(self, viewer: Viewer, unit_id: str) -> Rows: ...
    def scheme(self, viewer: Viewer) -> Rows: ...
    def places(self, viewer: Viewer, query: str) -> Sequence[Rows]: ...
    def quarantine(self, viewer: Viewer) -> Sequence[Rows]: ...
    def map_layer(self, viewer: Viewer, name: str) -> Rows: ...
    def viewer_for(self, secret: str) -> Viewer | None: ...
    def open_demo_session(self, role: str, unit: str | None) -> tuple[str, Viewer]: ...
    def end_session(self, secret: str) -> None: ...
    def demo_roles(self) -> Sequence[Rows]: ...
    def subscribe(self, listener: Callable[[int], None]) -> Callable[[], None]: ...
    def ready(self) -> Mapping[str, bool]: ...
    def metrics(self) -> Mapping[str, float]: ...
    def tick(self) -> None: ...
    def next_timer(self) -> datetime | None: ...
    def seal(self, seq: int) -> str: ...
    def unseal(self, cursor: str) -> int: ...
    def unseal_base(self, token: str) -> int: ...

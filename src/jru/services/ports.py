"""What the services need from outside: a log, payload stores, positions, quarantine, roads.

Adapters live in `jru.store` and `jru.geo`; in-memory fakes of every port are in `jru.services.testing`.
All times are aware UTC datetimes, except in drafts and stored rows, where they are integer microseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jru.domain.agency import Agency, Label
from jru.errors import Unavailable

from .audit_ports import Accessed


@dataclass(frozen=True, slots=True)
class PartDraft:
    """One piece of personal content of an event: it goes to a payload store, the log keeps its salted hash.

    `store` is "operational", "police" or "patient"; `salt` is 32 random bytes made by the caller.
    """

    number: int
    label: Label
    store: str
    salt: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class EventDraft:
    """One event to append at `version` of its stream (the first version of a stream is 1)."""

    stream: str
    version: int
    kind: str
    schema_version: int
    event_id: str
    at_us: int
    data: bytes
    parts: tuple[PartDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class StateRow:
    """The read-table row of one stream: its state after `version` as canonical JSON. `open` rows load at start."""

    stream: str
    kind: str
    version: int
    open: bool
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """A name that may be taken once, such as a foreign incident number; `value` says by whom."""

    kind: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Erasing:
    """What goes in the transaction that says so: parts as (store, seq, number), tracks of units, messages by id."""

    parts: tuple[tuple[str, int, int], ...] = ()
    tracks: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Append:
    """One command's durable effect: all of it or nothing. `idem_key` is unique over all commands.

    `accesses` are written in the same transaction; see `Appended.audited` for when they cannot be. `erases` is content
    of earlier events that goes in it, with its salts; the log keeps the hashes.
    """

    idem_key: str
    principal: str
    request_hash: bytes
    actor: str
    agency: str
    purpose: str
    device: str
    device_seq: int | None
    clock_offset_us: int | None
    received_at_us: int
    events: tuple[EventDraft, ...]
    states: tuple[StateRow, ...]
    claims: tuple[Claim, ...]
    outcome: bytes
    accesses: tuple[Accessed, ...] = ()
    erases: Erasing | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of an append: the last event's `seq` is `seq_to`; no event gives seq_from > seq_to.

    `repeated` tells that the same command had been stored before, and `outcome` is the stored one. `audited` False
    tells that the command was stored and its accesses were not: they are still to be kept.
    """

    seq_from: int
    seq_to: int
    recorded_at_us: int
    outcome: bytes
    repeated: bool = False
    audited: bool = True


@dataclass(frozen=True, slots=True)
class PartRef:
    """What the log itself keeps of a part."""

    number: int
    label: Label
    store: str
    part_hash: bytes


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One row of the log."""

    seq: int
    stream: str
    version: int
    kind: str
    schema_version: int
    event_id: str
    at_us: int
    clock_offset_us: int | None
    received_at_us: int
    recorded_at_us: int
    device: str
    device_seq: int | None
    actor: str
    agency: str
    purpose: str
    idem_key: str
    idem_n: int
    data: bytes
    parts: tuple[PartRef, ...]
    prev: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """A command as kept: its key, whose it was, and the outcome that a repetition gets again."""

    idem_key: str
    principal: str
    request_hash: bytes
    outcome: bytes
    seq_from: int
    seq_to: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: seq 0 and 32 zero bytes for an empty log."""

    seq: int
    hash: bytes
    recorded_at_us: int


class ClaimTaken(Exception):
    """Another stream holds this name already."""

    def __init__(self, claim: Claim, holder: str) -> None:
        super().__init__(f"{claim.kind} {claim.key} is held by {holder}")
        self.claim = claim
        self.holder = holder


class VersionTaken(Exception):
    """Another command has moved this stream on."""

    def __init__(self, stream: str, version: int) -> None:
        super().__init__(f"{stream} already has version {version}")
        self.stream = stream
        self.version = version


class KeyReused(Exception):
    """An idempotency key came again with other content or from another principal."""

    def __init__(self, idem_key: str) -> None:
        super().__init__(f"idempotency key {idem_key} was used for another command")
        self.idem_key = idem_key


class LogBusy(Unavailable):
    """The writer's queue is full or the writer is stopping; nothing was written."""

    def __init__(self, message: str) -> None:
        super().__init__("busy", message, "Send the same again.")


class EventLog(Protocol):
    """The append-only log with its read tables; safe to call from several threads."""

    def append(self, command: Append) -> Appended:
        """Store a command durably and return where.

        Raises VersionTaken, ClaimTaken, KeyReused, LogBusy or AuditUnavailable; nothing of the command is stored then.
        The same key with the same request hash and principal returns the stored outcome (`repeated`).
        """
        ...

    def read(self, after_seq: int, limit: int) -> Sequence[StoredEvent]:
        """Return events with seq > after_seq in order, at most `limit`."""
        ...

    def stream(self, stream: str) -> Sequence[StoredEvent]:
        """Return all events of one stream in version order."""
        ...

    def head(self) -> Head:
        """Return the last committed event's place and hash."""
        ...

    def command(self, idem_key: str) -> StoredCommand | None:
        """Return the stored command with this key."""
        ...

    def states(self, *, open_only: bool) -> Iterator[StateRow]:
        """Yield read-table rows, ordered by stream."""
        ...

    def state(self, stream: str) -> StateRow | None:
        """Return one stream's read-table row."""
        ...

    def claim(self, kind: str, key: str) -> str | None:
        """Return who holds a name."""
        ...

    def subscribe(self, listener: Callable[[Sequence[StoredEvent]], None]) -> None:
        """Call `listener` after each commit with the events of that commit, in order, on the writer thread."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """What a reader may be handed: content of these services' stores, with these labels.

    It is the gate's table a second time, below it: a reader that forgets the gate still gets no more than this.
    """

    agencies: frozenset[Agency]
    labels: frozenset[Label]


EVERYTHING = Scope(frozenset(Agency), frozenset(Label))
"""For the product itself: the board, checks of the log, and erasure. Never for an answer."""


class Payloads(Protocol):
    """One payload store."""

    def get(self, seq: int, part: int, scope: Scope) -> bytes | None:
        """Return the content of a part, or None when it was erased or lies outside the scope."""
        ...

    def get_many(self, keys: Iterable[tuple[int, int]], scope: Scope) -> dict[tuple[int, int], bytes]:
        """Return the contents that are still there and lie within the scope."""
        ...


@dataclass(frozen=True, slots=True)
class Position:
    """Where a unit's device was. WGS84 degrees, speed in metres a second."""

    unit_id: str
    lon: float
    lat: float
    accuracy_m: float | None
    speed_mps: float | None
    at: datetime
    received_at: datetime
    source: str


class Positions(Protocol):
    """Device positions: a bounded table with retention, never part of the log."""

    def put(self, positions: Sequence[Position]) -> None:
        """Store positions; an older one never replaces a newer latest position."""
        ...

    def latest(self) -> dict[str, Position]:
        """Return the newest position of every unit."""
        ...

    def track(self, unit_id: str, since: datetime) -> Sequence[Position]:
        """Return a unit's positions since a time, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that was not understood, kept whole under its sender's agency."""

    quarantine_id: str
    sender: str
    agency: str
    reason: str
    raw: bytes
    received_at: datetime
    resolved: str | None = None


class Quarantine(Protocol):
    """Where unusable input waits for a person; nothing in it is ever dropped."""

    def add(self, entry: Quarantined) -> None:
        """Keep one message."""
        ...

    def list(self, agency: str, *, limit: int) -> Sequence[Quarantined]:
        """Return one agency's entries, newest first."""
        ...

    def count(self, agency: str) -> int:
        """Return how many unresolved entries an agency has."""
        ...


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token or login session, kept by the SHA-256 of its secret only."""

    token_hash: bytes
    subject: str
    agency: str
    role: str
    unit_id: str | None
    created_at: datetime
    expires_at: datetime
    revoked: bool = False


class Tokens(Protocol):
    """Access tokens."""

    def add(self, token: AccessToken) -> None:
        """Keep a token."""
        ...

    def get(self, token_hash: bytes) -> AccessToken | None:
        """Return a token by the hash of its secret."""
        ...

    def revoke(self, token_hash: bytes) -> None:
        """End a token at once."""
        ...


@dataclass(frozen=True, slots=True)
class TravelTime:
    """How long and how far; `eta_s` None means beyond the limit. `method` is "road" or "no-map"."""

    eta_s: float | None
    distance_m: float | None
    method: str
    doubtful: bool = False


class Roads(Protocol):
    """Travel times; places are (longitude, latitude) in WGS84 degrees."""

    def times_to(
        self, target: tuple[float, float], origins: Sequence[tuple[float, float]]
    ) -> Sequence[TravelTime]:
        """Return the blue-light travel time from each origin to the target, in the order given."""
        ...


class Areas(Protocol):
    """Where the districts are."""

    def district_of(self, lon: float, lat: float) -> str | None:
        """Return the district that holds a point, or None outside the scheme."""
        ...

    def cell_of(self, lon: float, lat: float) -> str:
        """Return the coarse cell of a point."""
        ...

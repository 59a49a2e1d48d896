"""In-memory forms of every port, for tests and trials: same answers, nothing kept when the process ends."""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType

from jru.clock import Clock
from jru.domain.agency import Agency
from jru.domain.codec import to_us
from jru.services.audit_ports import Accessed, AccessQuery, AuditUnavailable, StoredAccess
from jru.services.ports import (
    AccessToken,
    Append,
    Appended,
    Claim,
    ClaimTaken,
    Erasing,
    EventDraft,
    Head,
    KeyReused,
    PartDraft,
    PartRef,
    Position,
    Quarantined,
    Scope,
    StateRow,
    StoredCommand,
    StoredEvent,
    TravelTime,
    VersionTaken,
)

STORES = {"operational": None, "police": Agency.POLICE, "patient": Agency.AMBULANCE}
EMPTY_HEAD = Head(0, bytes(32), 0)


def simple_part_hash(salt: bytes, content: bytes) -> bytes:
    """Return a salted hash of a part; not the one of the real stores."""
    return sha256(salt + content).digest()


def simple_access_hash(access: StoredAccess) -> bytes:
    """Return a hash over an access and its predecessor's hash; not the one of the real stores."""
    return sha256(repr(replace(access, hash=b"")).encode("utf-8", "backslashreplace")).digest()


def simple_event_hash(event: StoredEvent) -> bytes:
    """Return a hash over an event and its predecessor's hash; not the one of the real stores."""
    return sha256(repr(replace(event, hash=b"")).encode("utf-8", "backslashreplace")).digest()


class MemoryPayloads:
    """A payload store in memory; `keeper` is the service that owns it, None: both."""

    def __init__(self, keeper: Agency | None = None) -> None:
        self.keeper = keeper
        self.contents: dict[tuple[int, int], PartDraft] = {}

    def get(self, seq: int, part: int, scope: Scope) -> bytes | None:
        """Return the content of a part, or None when it was erased or lies outside the scope."""
        return self.get_many([(seq, part)], scope).get((seq, part))

    def get_many(self, keys: Iterable[tuple[int, int]], scope: Scope) -> dict[tuple[int, int], bytes]:
        """Return the contents that are still there and lie within the scope."""
        if self.keeper is not None and self.keeper not in scope.agencies:
            return {}
        found = {key: self.contents[key] for key in keys if key in self.contents}
        return {key: part.content for key, part in found.items() if part.label in scope.labels}


class MemoryAccessLog:
    """The access log in memory; while `broken` it takes nothing."""

    def __init__(
        self, clock: Clock, access_hash: Callable[[StoredAccess], bytes] = simple_access_hash
    ) -> None:
        self._clock = clock
        self._hash = access_hash
        self._lock = threading.RLock()
        self._rows: list[StoredAccess] = []
        self.broken = False

    def record(self, entries: Sequence[Accessed]) -> None:
        """Keep entries, or raise AuditUnavailable."""
        if self.broken:
            raise AuditUnavailable("the access log cannot be written: it was broken for a test")
        with self._lock:
            recorded_at_us = max(to_us(self._clock.now()), self.head().recorded_at_us)
            for entry in entries:
                head = self.head()
                unsigned = StoredAccess(head.seq + 1, entry, recorded_at_us, head.hash, b"")
                self._rows.append(replace(unsigned, hash=self._hash(unsigned)))

    def find(self, query: AccessQuery) -> Sequence[StoredAccess]:
        """Return the rows that a query asks for, the newest moment first."""
        with self._lock:
            wanted = [row for row in self._rows if _is_wanted(row, query)]
        found = sorted(wanted, key=lambda row: -row.recorded_at_us)
        return found[query.skip : query.skip + query.limit]

    def read(self, after_seq: int, limit: int) -> Sequence[StoredAccess]:
        """Return rows with seq > after_seq in order, at most `limit`."""
        return self._rows[after_seq : after_seq + limit]

    def holds_spool(self, name: str) -> bool:
        """Tell whether the rows of a spool are in the log already."""
        return any(row.accessed.spooled == name for row in self._rows)

    def head(self) -> Head:
        """Return the last row's place and hash."""
        if not self._rows:
            return EMPTY_HEAD
        last = self._rows[-1]
        return Head(last.seq, last.hash, last.recorded_at_us)


class MemorySpool:
    """A spool in memory; while `broken` it takes nothing either."""

    def __init__(self) -> None:
        self._waiting: list[Accessed] = []
        self._taken: dict[str, list[Accessed]] = {}
        self._names = itertools.count(1)
        self.broken = False

    def keep(self, entries: Sequence[Accessed]) -> None:
        """Keep entries, or raise OSError."""
        if self.broken:
            raise OSError("no space left on the device")
        self._waiting += entries

    def waiting(self) -> int:
        """Return how many entries wait."""
        return len(self._waiting) + sum(map(len, self._taken.values()))

    def take(self) -> tuple[str, Sequence[Accessed]] | None:
        """Return what waits under a name, or None."""
        if not self._taken and self._waiting:
            self._taken[f"spool{next(self._names)}"] = self._waiting
            self._waiting = []
        for name, entries in self._taken.items():
            return name, [replace(entry, spooled=name) for entry in entries]
        return None

    def drop(self, name: str) -> None:
        """Forget what was taken under this name."""
        self._taken.pop(name, None)


class MemoryEventLog:
    """The log in memory, with its payload stores in `payloads`; hashes are taken by the functions given."""

    def __init__(
        self,
        clock: Clock,
        event_hash: Callable[[StoredEvent], bytes] = simple_event_hash,
        part_hash: Callable[[bytes, bytes], bytes] = simple_part_hash,
        access_log: MemoryAccessLog | None = None,
    ) -> None:
        self.access_log = access_log or MemoryAccessLog(clock)
        self._clock = clock
        self._event_hash = event_hash
        self._part_hash = part_hash
        self._lock = threading.RLock()
        self._events: list[StoredEvent] = []
        self._commands: dict[str, StoredCommand] = {}
        self._states: dict[str, StateRow] = {}
        self._claims: dict[tuple[str, str], str] = {}
        self._versions: dict[str, int] = {}
        self._listeners: list[Callable[[Sequence[StoredEvent]], None]] = []
        self._head = EMPTY_HEAD
        self.erasable: list[Callable[[Erasing], None]] = []
        self.payloads: Mapping[str, MemoryPayloads] = MappingProxyType(
            {store: MemoryPayloads(keeper) for store, keeper in STORES.items()}
        )

    def copied(self) -> MemoryEventLog:
        """Return a log of its own with what this one holds now, as a backup has it; nobody listens to it yet.

        The access log stays the same one.
        """
        copy = MemoryEventLog(self._clock, self._event_hash, self._part_hash, self.access_log)
        with self._lock:
            copy._events = list(self._events)
            copy._commands = dict(self._commands)
            copy._states = dict(self._states)
            copy._claims = dict(self._claims)
            copy._versions = dict(self._versions)
            copy._head = self._head
            for store, payloads in self.payloads.items():
                copy.payloads[store].contents = dict(payloads.contents)
        return copy

    def append(self, command: Append) -> Appended:
        """Keep a command; see `jru.services.ports.EventLog.append`."""
        with self._lock:
            known = self._commands.get(command.idem_key)
            if known is not None:
                return _repeated(command, known)
            self._check_versions(command.events)
            self._check_claims(command.claims)
            self._check_parts(command.events)
            audited = self._record(command.accesses)
            recorded_at_us = max(to_us(self._clock.now()), self._head.recorded_at_us)
            seq_from = self._head.seq + 1
            added = [
                self._add(command, draft, number, recorded_at_us)
                for number, draft in enumerate(command.events)
            ]
            self._states |= {row.stream: row for row in command.states}
            self._claims |= {(claim.kind, claim.key): claim.value for claim in command.claims}
            if command.erases is not None:
                self._erase(command.erases)
            stored = StoredCommand(
                command.idem_key,
                command.principal,
                command.request_hash,
                command.outcome,
                seq_from,
                self._head.seq,
                recorded_at_us,
            )
            self._commands[command.idem_key] = stored
            if added:
                for listener in self._listeners:
                    listener(added)
        return Appended(seq_from, stored.seq_to, recorded_at_us, command.outcome, audited=audited)

    def _record(self, accesses: Sequence[Accessed]) -> bool:
        if not accesses:
            return True
        try:
            self.access_log.record(accesses)
        except AuditUnavailable:
            if any(entry.must_be_kept for entry in accesses):
                raise
            return False
        return True

    def read(self, after_seq: int, limit: int) -> Sequence[StoredEvent]:
        """Return events with seq > after_seq in order, at most `limit`."""
        return self._events[after_seq : after_seq + limit]

    def stream(self, stream: str) -> Sequence[StoredEvent]:
        """Return all events of one stream in version order."""
        return [event for event in tuple(self._events) if event.stream == stream]

    def head(self) -> Head:
        """Return the last event's place and hash."""
        return self._head

    def command(self, idem_key: str) -> StoredCommand | None:
        """Return the stored command with this key."""
        return self._commands.get(idem_key)

    def states(self, *, open_only: bool) -> Iterator[StateRow]:
        """Yield read-table rows, ordered by stream."""
        with self._lock:
            rows = sorted(self._states.values(), key=lambda row: row.stream)
        return iter([row for row in rows if row.open or not open_only])

    def state(self, stream: str) -> StateRow | None:
        """Return one stream's read-table row."""
        return self._states.get(stream)

    def claim(self, kind: str, key: str) -> str | None:
        """Return who holds a name."""
        return self._claims.get((kind, key))

    def subscribe(self, listener: Callable[[Sequence[StoredEvent]], None]) -> None:
        """Call `listener` after each append with its events; it must not append."""
        self._listeners.append(listener)

    def erase_payload(self, seq: int, part: int) -> bool:
        """Remove a part's content and salt; tells whether it was there."""
        erased = [store.contents.pop((seq, part), None) for store in self.payloads.values()]
        return any(erased)

    def _erase(self, erasing: Erasing) -> None:
        for _store, seq, part in erasing.parts:
            self.erase_payload(seq, part)
        for beside in self.erasable:
            beside(erasing)

    def _check_versions(self, events: Sequence[EventDraft]) -> None:
        versions: dict[str, int] = {}
        for draft in events:
            current = versions.get(draft.stream, self._versions.get(draft.stream, 0))
            if draft.version <= current:
                raise VersionTaken(draft.stream, draft.version)
            if draft.version != current + 1:
                gap = f"version {draft.version} would leave a gap"
                raise ValueError(f"{draft.stream} ends at version {current}; {gap}")
            versions[draft.stream] = draft.version

    def _check_claims(self, claims: Sequence[Claim]) -> None:
        held = dict(self._claims)
        for claim in claims:
            holder = held.setdefault((claim.kind, claim.key), claim.value)
            if holder != claim.value:
                raise ClaimTaken(claim, holder)

    def _check_parts(self, events: Sequence[EventDraft]) -> None:
        for draft in events:
            for part in draft.parts:
                if len(part.salt) != 32 or part.store not in self.payloads:
                    raise ValueError(
                        f"part {part.number} of {draft.kind} needs a known store and a 32-byte salt"
                    )

    def _add(self, command: Append, draft: EventDraft, number: int, recorded_at_us: int) -> StoredEvent:
        seq = self._head.seq + 1
        for part in draft.parts:
            self.payloads[part.store].contents[seq, part.number] = part
        unsigned = StoredEvent(
            seq=seq,
            stream=draft.stream,
            version=draft.version,
            kind=draft.kind,
            schema_version=draft.schema_version,
            event_id=draft.event_id,
            at_us=draft.at_us,
            clock_offset_us=command.clock_offset_us,
            received_at_us=command.received_at_us,
            recorded_at_us=recorded_at_us,
            device=command.device,
            device_seq=command.device_seq,
            actor=command.actor,
            agency=command.agency,
            purpose=command.purpose,
            idem_key=command.idem_key,
            idem_n=number,
            data=draft.data,
            parts=tuple(
                PartRef(part.number, part.label, part.store, self._part_hash(part.salt, part.content))
                for part in draft.parts
            ),
            prev=self._head.hash,
            hash=b"",
        )
        event = replace(unsigned, hash=self._event_hash(unsigned))
        self._events.append(event)
        self._versions[draft.stream] = draft.version
        self._head = Head(seq, event.hash, recorded_at_us)
        return event


class MemoryPositions:
    """Positions in memory, without retention."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, datetime, str], Position] = {}

    def put(self, positions: Sequence[Position]) -> None:
        """Store positions."""
        for position in positions:
            self._all.setdefault((position.unit_id, position.at, position.source), position)

    def latest(self) -> dict[str, Position]:
        """Return the newest position of every unit."""
        newest: dict[str, Position] = {}
        for position in self._all.values():
            if position.unit_id not in newest or position.at > newest[position.unit_id].at:
                newest[position.unit_id] = position
        return newest

    def track(self, unit_id: str, since: datetime) -> Sequence[Position]:
        """Return a unit's positions since a time, oldest first."""
        mine = [p for p in self._all.values() if p.unit_id == unit_id and p.at >= since]
        return sorted(mine, key=lambda position: (position.at, position.source))

    def erase(self, unit_id: str) -> None:
        """Forget where a unit was."""
        self._all = {key: position for key, position in self._all.items() if position.unit_id != unit_id}


class MemoryQuarantine:
    """Quarantine in memory."""

    def __init__(self) -> None:
        self._entries: list[Quarantined] = []

    def add(self, entry: Quarantined) -> None:
        """Keep one message."""
        self._entries.append(entry)

    def list(self, agency: str, *, limit: int) -> Sequence[Quarantined]:
        """Return one agency's entries, newest first."""
        mine = [entry for entry in self._entries if entry.agency == agency]
        return sorted(mine, key=lambda e: (e.received_at, e.quarantine_id), reverse=True)[:limit]

    def count(self, agency: str) -> int:
        """Return how many unresolved entries an agency has."""
        return sum(entry.agency == agency and entry.resolved is None for entry in self._entries)

    def erase(self, quarantine_id: str) -> None:
        """Forget a message."""
        self._entries = [entry for entry in self._entries if entry.quarantine_id != quarantine_id]


class MemoryTokens:
    """Access tokens in memory."""

    def __init__(self) -> None:
        self._tokens: dict[bytes, AccessToken] = {}

    def add(self, token: AccessToken) -> None:
        """Keep a token."""
        self._tokens[token.token_hash] = token

    def get(self, token_hash: bytes) -> AccessToken | None:
        """Return a token by the hash of its secret."""
        return self._tokens.get(token_hash)

    def revoke(self, token_hash: bytes) -> None:
        """End a token at once."""
        if token_hash in self._tokens:
            self._tokens[token_hash] = replace(self._tokens[token_hash], revoked=True)


class StraightRoads:
    """Travel times along the straight line at one speed, for tests without a map."""

    def __init__(self, speed_mps: float = 20.0) -> None:
        self._speed_mps = speed_mps

    def times_to(
        self, target: tuple[float, float], origins: Sequence[tuple[float, float]]
    ) -> Sequence[TravelTime]:
        """Return the time from each origin to the target, in the order given."""
        distances_m = [_distance_m(origin, target) for origin in origins]
        return [TravelTime(distance_m / self._speed_mps, distance_m, "no-map") for distance_m in distances_m]


class BoxAreas:
    """Districts as boxes of (west, south, east, north) in WGS84 degrees; cells of a hundredth of a degree."""

    def __init__(self, boxes: Mapping[str, tuple[float, float, float, float]]) -> None:
        self._boxes = dict(boxes)

    def district_of(self, lon: float, lat: float) -> str | None:
        """Return the first district whose box holds the point."""
        for district, (west, south, east, north) in self._boxes.items():
            if west <= lon < east and south <= lat < north:
                return district
        return None

    def cell_of(self, lon: float, lat: float) -> str:
        """Return the name of the point's cell."""
        return f"{math.floor(lon * 100)},{math.floor(lat * 100)}"


def _is_wanted(row: StoredAccess, query: AccessQuery) -> bool:
    entry = row.accessed
    return (
        entry.owner in query.owners
        and query.record in (None, *entry.records)
        and query.subject in (None, entry.subject, *entry.recipients)
        and query.kind in (None, entry.kind)
        and (query.since_us is None or row.recorded_at_us >= query.since_us)
        and (query.until_us is None or row.recorded_at_us < query.until_us)
    )


def _repeated(command: Append, known: StoredCommand) -> Appended:
    if known.principal != command.principal or known.request_hash != command.request_hash:
        raise KeyReused(command.idem_key)
    return Appended(known.seq_from, known.seq_to, known.at_us, known.outcome, repeated=True)


def _distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return metres between two places by the equirectangular projection; good to 0.1 % within a county."""
    middle = math.radians((a[1] + b[1]) / 2)
    return math.hypot((a[0] - b[0]) * math.cos(middle), a[1] - b[1]) * 111_195.0

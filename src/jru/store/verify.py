"""Checking a whole log: every hash and link of both chains, every payload, and the signed records of where it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Select, Table, bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from jru.domain.codec import from_us
from jru.services.ports import Head, PartRef
from jru.store.access_rows import ACCESS_COLUMNS
from jru.store.checkpoints import HeadRecord, read_head_records
from jru.store.hashing import (
    EMPTY_HASH,
    HASHED_ACCESS_COLUMNS,
    HASHED_COLUMNS,
    access_hash,
    decode_parts,
    event_hash,
    part_hash,
)
from jru.store.opening import ReadStore
from jru.store.payloads import PayloadStore, StoredPart
from jru.store.rows import EVENT_COLUMNS
from jru.store.tables import access_log, event

FINDINGS_KEPT = 50

_BATCH = 2_000
_PARTS = HASHED_COLUMNS.index("parts")
_UNREADABLE = (SQLAlchemyError, UnicodeError, ValueError, OverflowError)


def _page(table: Table, columns: Sequence[Column[Any]]) -> Select[Any]:
    after = table.c.seq > bindparam("after")
    return select(*columns).where(after).order_by(table.c.seq).limit(bindparam("most"))


_EVENTS = _page(event, EVENT_COLUMNS)
_ACCESSES = _page(access_log, ACCESS_COLUMNS)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written; `seq` 0 when it belongs to no row of the chain named."""

    seq: int
    what: str
    chain: str = "event"


@dataclass(slots=True)
class Verification:
    """What a check found."""

    head: Head = field(default_factory=lambda: Head(0, EMPTY_HASH, 0))
    events: int = 0
    access_head: Head = field(default_factory=lambda: Head(0, EMPTY_HASH, 0))
    accesses: int = 0
    secured_access_seq: int = 0
    parts_held: int = 0
    parts_erased: int = 0
    signed: HeadRecord | None = None
    torn_records: int = 0
    findings: list[Finding] = field(default_factory=list)
    more_findings: int = 0

    @property
    def intact(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings

    @property
    def secured_seq(self) -> int:
        """Return up to which event a signed record excludes that the end of the log was cut off."""
        return self.signed.seq if self.signed else 0

    def add(self, seq: int, what: str, chain: str = "event") -> None:
        """Keep a finding; beyond a bound they are only counted."""
        if len(self.findings) < FINDINGS_KEPT:
            self.findings.append(Finding(seq, what, chain))
        else:
            self.more_findings += 1


def verify(store: ReadStore) -> Verification:
    """Check both chains of an open store; they may grow meanwhile. About 100,000 events a second at best."""
    result = Verification()
    heads = read_head_records(store.directory, store.origin)
    result.torn_records = heads.torn
    for problem in heads.problems:
        result.add(0, f"head record {problem}")
    _check_file(store, result)
    _check_events(store, heads.records, result)
    _check_accesses(store, heads.records, result)
    return result


def _check_events(store: ReadStore, records: Sequence[HeadRecord], result: Verification) -> None:
    signed = {record.seq: (record.hash, record.at_us) for record in records if record.seq}
    chain = _Chain("event", HASHED_COLUMNS, event_hash, signed, result)
    try:
        for rows in _pages(store, _EVENTS):
            chain.check(rows)
            result.events += len(rows)
            _check_parts(rows, store.payloads, result)
    except _UNREADABLE as error:
        chain.add(chain.head.seq + 1, f"the database cannot be read any further: {error}")
    result.head = chain.head
    _check_strays(store, result)
    chain.check_end()
    within = [record for record in records if record.seq <= chain.head.seq]
    result.signed = max(within, key=lambda record: (record.seq, record.access_seq), default=None)


def _check_accesses(store: ReadStore, records: Sequence[HeadRecord], result: Verification) -> None:
    signed = {
        record.access_seq: (record.access_hash, record.at_us) for record in records if record.access_seq
    }
    chain = _Chain("access", HASHED_ACCESS_COLUMNS, access_hash, signed, result)
    try:
        for rows in _pages(store, _ACCESSES):
            chain.check(rows)
            result.accesses += len(rows)
    except _UNREADABLE as error:
        chain.add(chain.head.seq + 1, f"the database cannot be read any further: {error}")
    result.access_head = chain.head
    chain.check_end()
    result.secured_access_seq = max((seq for seq in signed if seq <= chain.head.seq), default=0)


def _pages(store: ReadStore, page: Select[Any]) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the stored columns of all rows of a chain, page by page."""
    after = 0
    with store.engine.connect() as connection:
        while rows := connection.execute(page, {"after": after, "most": _BATCH}).all():
            yield rows
            after = rows[-1][0]


@dataclass(slots=True)
class _Chain:
    """One of the two chains while it is checked."""

    name: str
    columns: tuple[str, ...]
    hash_of: Callable[[Sequence[object]], bytes]
    signed: Mapping[int, tuple[bytes, int]]
    result: Verification
    head: Head = field(default_factory=lambda: Head(0, EMPTY_HASH, 0))

    def check(self, rows: Sequence[Sequence[Any]]) -> None:
        """Check the next rows: the hash of each, its link to the one before, and what was signed of it."""
        prev, recorded = self.columns.index("prev"), self.columns.index("recorded_at_us")
        for row in rows:
            *columns, digest = row
            seq = columns[0]
            if seq != self.head.seq + 1:
                self.add(seq, self._gone(seq))
            elif columns[prev] != self.head.hash:
                self.add(
                    seq,
                    f"does not continue {self.name} {seq - 1}: one of them was put in, moved or rewritten",
                )
            if self.hash_of(columns) != digest:
                self.add(seq, "its columns do not give its hash: it was changed")
            signed = self.signed.get(seq)
            if signed is not None and signed[0] != digest:
                when = _moment(signed[1])
                self.add(seq, f"is not the {self.name} that was signed at {when}: the log was rewritten")
            self.head = Head(seq, digest, columns[recorded])

    def check_end(self) -> None:
        """Compare the end with the last one that was signed."""
        last = max(self.signed, default=0)
        if last > self.head.seq:
            when = _moment(self.signed[last][1])
            what = f"the log ends at {self.name} {self.head.seq}, but {self.name} {last} was signed at {when}"
            self.add(last, f"{what}: it was cut")

    def add(self, seq: int, what: str) -> None:
        """Keep a finding of this chain."""
        self.result.add(seq, what, self.name)

    def _gone(self, seq: int) -> str:
        expected = self.head.seq + 1
        if seq == expected + 1:
            return f"{self.name} {expected} is not there"
        several = "events" if self.name == "event" else "accesses"
        return f"{several} {expected} to {seq - 1} are not there"


def _check_parts(
    rows: Sequence[Sequence[Any]], stores: Mapping[str, PayloadStore], result: Verification
) -> None:
    wanted: dict[str, dict[tuple[int, int], PartRef]] = {name: {} for name in stores}
    for row in rows:
        for ref in _parts(row[0], row[_PARTS], result):
            if ref.store in wanted:
                wanted[ref.store][row[0], ref.number] = ref
            else:
                result.add(row[0], f"part {ref.number} names no payload store: {ref.store}")
    for name, refs in wanted.items():
        for part in stores[name].between(rows[0][0], rows[-1][0]):
            _check_part(part, refs.pop((part.seq, part.number), None), name, result)
        result.parts_erased += len(refs)


def _parts(seq: int, stored: object, result: Verification) -> tuple[PartRef, ...]:
    try:
        return decode_parts(stored) if isinstance(stored, bytes) else ()
    except (ValueError, TypeError):
        result.add(seq, "its list of parts cannot be read")
        return ()


def _check_part(part: StoredPart, ref: PartRef | None, store: str, result: Verification) -> None:
    result.parts_held += 1
    if ref is None:
        result.add(part.seq, f"the {store} store holds a part {part.number} that the log does not name")
    elif part_hash(part.salt, part.content) != ref.part_hash:
        result.add(part.seq, f"part {part.number} in the {store} store is not what was written")


def _check_strays(store: ReadStore, result: Verification) -> None:
    """Look for parts beyond the end; an event that was added meanwhile came together with its parts."""
    strays = [
        (part.seq, name)
        for name, payloads in store.payloads.items()
        for part in payloads.between(result.head.seq + 1, 2**62)
    ]
    end = store.log.head().seq if strays else 0
    for seq, name in strays:
        if seq > end:
            result.add(seq, f"the {name} store holds a part of an event that the log does not have")


def _check_file(store: ReadStore, result: Verification) -> None:
    """Let SQLite check its own structure; PostgreSQL has its data checksums."""
    if store.engine.dialect.name != "sqlite":
        return
    try:
        with store.engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars().all()
    except SQLAlchemyError as error:
        found = [str(error)]
    for line in found:
        if line != "ok":
            result.add(0, f"SQLite: {line}")


def _moment(moment_us: int) -> str:
    return f"{from_us(moment_us):%Y-%m-%d %H:%M:%S} UTC"

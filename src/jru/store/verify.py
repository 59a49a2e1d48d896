"""Checking a whole log: every hash, every link, every payload, and the signed records of where it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from jru.domain.codec import from_us
from jru.services.ports import Head, PartRef
from jru.store.checkpoints import HeadRecord, read_head_records
from jru.store.hashing import EMPTY_HASH, HASHED_COLUMNS, decode_parts, event_hash, part_hash
from jru.store.opening import ReadStore
from jru.store.payloads import PayloadStore, StoredPart
from jru.store.rows import EVENT_COLUMNS
from jru.store.tables import event

FINDINGS_KEPT = 50

_BATCH = 2_000
_PREV = HASHED_COLUMNS.index("prev")
_PARTS = HASHED_COLUMNS.index("parts")
_RECORDED_AT = HASHED_COLUMNS.index("recorded_at_us")
_PAGE = (
    select(*EVENT_COLUMNS)
    .where(event.c.seq > bindparam("after"))
    .order_by(event.c.seq)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written; `seq` 0 when it belongs to no event."""

    seq: int
    what: str


@dataclass(slots=True)
class Verification:
    """What a check found."""

    head: Head = field(default_factory=lambda: Head(0, EMPTY_HASH, 0))
    events: int = 0
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

    def add(self, seq: int, what: str) -> None:
        """Keep a finding; beyond a bound they are only counted."""
        if len(self.findings) < FINDINGS_KEPT:
            self.findings.append(Finding(seq, what))
        else:
            self.more_findings += 1


def verify(store: ReadStore) -> Verification:
    """Check the log of an open store; it may grow meanwhile. About 100,000 events a second at best."""
    result = Verification()
    heads = read_head_records(store.directory, store.origin)
    result.torn_records = heads.torn
    for problem in heads.problems:
        result.add(0, f"head record {problem}")
    signed = {record.seq: record for record in heads.records}
    _check_file(store, result)
    try:
        for rows in _pages(store):
            _check_chain(rows, signed, result)
            _check_parts(rows, store.payloads, result)
    except (SQLAlchemyError, UnicodeError, ValueError, OverflowError) as error:
        result.add(result.head.seq + 1, f"the database cannot be read any further: {error}")
    _check_strays(store, result)
    _check_end(signed, result)
    return result


def _pages(store: ReadStore) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the stored columns of all events, page by page."""
    after = 0
    with store.engine.connect() as connection:
        while rows := connection.execute(_PAGE, {"after": after, "most": _BATCH}).all():
            yield rows
            after = rows[-1][0]


def _check_chain(
    rows: Sequence[Sequence[Any]], signed: Mapping[int, HeadRecord], result: Verification
) -> None:
    for row in rows:
        *columns, digest = row
        seq, expected = columns[0], result.head.seq + 1
        if seq != expected:
            gone = f"event {expected}" if seq == expected + 1 else f"events {expected} to {seq - 1}"
            result.add(seq, f"{gone} is not there" if seq == expected + 1 else f"{gone} are not there")
        elif columns[_PREV] != result.head.hash:
            result.add(seq, f"does not continue event {seq - 1}: one of them was put in, moved or rewritten")
        if event_hash(columns) != digest:
            result.add(seq, "its columns do not give its hash: it was changed")
        record = signed.get(seq)
        if record is not None and record.hash != digest:
            result.add(
                seq, f"is not the event that was signed at {_moment(record.at_us)}: the log was rewritten"
            )
        result.events += 1
        result.head = Head(seq, digest, columns[_RECORDED_AT])


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


def _check_end(signed: Mapping[int, HeadRecord], result: Verification) -> None:
    last = max(signed, default=0)
    if last > result.head.seq:
        when = _moment(signed[last].at_us)
        result.add(
            last,
            f"the log ends at event {result.head.seq}, but event {last} was signed at {when}: it was cut",
        )
    result.signed = signed.get(max((seq for seq in signed if seq <= result.head.seq), default=0))


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

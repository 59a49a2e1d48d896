"""One transaction of the writer: several commands, each all or nothing, chained in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from jru.services.ports import (
    Append,
    Appended,
    Claim,
    ClaimTaken,
    EventDraft,
    Head,
    KeyReused,
    PartRef,
    StoredEvent,
    VersionTaken,
)
from jru.store.engines import WriteConnection
from jru.store.hashing import NO_PARTS, encode_parts, hash_of_pieces, part_hash, pieces
from jru.store.statements import Statements

Job = Callable[[WriteConnection], Any]
Work = Append | Job

_VERSIONS_KEPT = 50_000
_STATE_ROW = attrgetter("stream", "kind", "version", "open", "body")
_CLAIM_ROW = attrgetter("kind", "key", "value")


@dataclass(frozen=True, slots=True)
class Done:
    """A command that this transaction keeps, with its answer."""

    answer: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """A command of which this transaction keeps nothing, and why."""

    error: BaseException


@dataclass(slots=True)
class Tip:
    """Where the log ends and at which version each recently used stream stands; changed after commits only."""

    head: Head
    feed_epoch: int
    versions: dict[str, int] = field(default_factory=dict)

    def advance(self, head: Head, versions: Mapping[str, int]) -> None:
        """Take over what a commit has made durable."""
        self.head = head
        if len(self.versions) > _VERSIONS_KEPT:
            self.versions.clear()
        self.versions.update(versions)


@dataclass(slots=True)
class _Rows:
    """What a command writes, ready for the driver."""

    seq: int
    hash: bytes
    versions: dict[str, int] = field(default_factory=dict)
    events: list[StoredEvent] = field(default_factory=list)
    event_rows: list[tuple[object, ...]] = field(default_factory=list)
    payload_rows: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)
    command_rows: list[tuple[object, ...]] = field(default_factory=list)
    state_rows: list[tuple[object, ...]] = field(default_factory=list)
    claim_rows: list[tuple[object, ...]] = field(default_factory=list)


class Batch:
    """Applies commands inside a transaction that the writer begins and commits."""

    def __init__(
        self, connection: WriteConnection, statements: Statements, tip: Tip, recorded_at_us: int
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._tip = tip
        self._recorded_at_us = recorded_at_us
        self.head = tip.head
        self.versions: dict[str, int] = {}
        self.events: list[StoredEvent] = []

    def run(self, works: Sequence[Work]) -> list[Done | Failed]:
        """Apply everything; a failing command is undone alone. Raises only when the transaction itself is lost."""
        appends = [work for work in works if isinstance(work, Append)]
        if len(appends) == len(works):
            together = self._together(appends)
            if together is not None:
                return together
        return [self._alone(work) for work in works]

    def _together(self, appends: Sequence[Append]) -> list[Done | Failed] | None:
        """Apply all in few statements, or nothing and return None when one of them is in doubt."""
        self._connection.savepoint()
        rows = _Rows(self.head.seq, self.head.hash)
        try:
            answers = [self._draw_up(append, rows) for append in appends]
            self._write(rows)
            self._connection.keep()
        except Exception:  # noqa: BLE001 - whichever it was, trying each alone tells whose fault it is
            self._connection.undo()
            return None
        self._take(rows)
        return [Done(answer) for answer in answers]

    def _alone(self, work: Work) -> Done | Failed:
        self._connection.savepoint()
        rows = _Rows(self.head.seq, self.head.hash)
        try:
            if isinstance(work, Append):
                answer = self._append(work, rows)
                self._write(rows)
            else:
                answer = work(self._connection)
            self._connection.keep()
        except Exception as error:  # noqa: BLE001 - handed to the one who sent the command
            self._connection.undo()
            return Failed(error)
        self._take(rows)
        return Done(answer)

    def _append(self, command: Append, rows: _Rows) -> Appended:
        stored = self._connection.one(self._statements.command, (command.idem_key,))
        if stored is not None:
            return repeated(command, stored)
        answer = self._draw_up(command, rows)
        rows.claim_rows.clear()
        for claim in command.claims:
            self._take_claim(claim)
        return answer

    def _take_claim(self, claim: Claim) -> None:
        row = self._connection.one(self._statements.claim_value, (claim.kind, claim.key))
        if row is None:
            self._connection.insert(self._statements.insert_claim, [_CLAIM_ROW(claim)])
        elif row[0] != claim.value:
            raise ClaimTaken(claim, row[0])

    def _version_of(self, stream: str) -> int:
        known = self.versions.get(stream)
        if known is None:
            known = self._tip.versions.get(stream)
        if known is None:
            known = self._connection.one(self._statements.stream_version, (stream,))[0] or 0
            self._tip.versions[stream] = known
        return known

    def _draw_up(self, command: Append, rows: _Rows) -> Appended:
        """Add a command's rows; raises VersionTaken, or ValueError when it is not well formed."""
        seq_from = rows.seq + 1
        common = (
            command.clock_offset_us,
            command.received_at_us,
            self._recorded_at_us,
            command.device,
            command.device_seq,
            command.actor,
            command.agency,
            command.purpose,
            command.idem_key,
        )
        common_pieces = pieces(common)
        for number, draft in enumerate(command.events):
            self._check_version(draft, rows)
            self._draw_up_event(draft, number, common, common_pieces, rows)
        answer = Appended(seq_from, rows.seq, self._recorded_at_us, command.outcome)
        rows.command_rows.append(
            (
                command.idem_key,
                command.principal,
                command.request_hash,
                command.outcome,
                seq_from,
                answer.seq_to,
                self._recorded_at_us,
            )
        )
        rows.state_rows += map(_STATE_ROW, command.states)
        rows.claim_rows += map(_CLAIM_ROW, command.claims)
        return answer

    def _check_version(self, draft: EventDraft, rows: _Rows) -> None:
        stream = draft.stream
        current = rows.versions.get(stream)
        if current is None:
            current = self._version_of(stream)
        if draft.version <= current:
            raise VersionTaken(stream, draft.version)
        if draft.version != current + 1:
            raise ValueError(f"{stream} ends at version {current}; version {draft.version} would leave a gap")

    def _draw_up_event(
        self,
        draft: EventDraft,
        number: int,
        common: tuple[Any, ...],
        common_pieces: list[bytes],
        rows: _Rows,
    ) -> None:
        seq = rows.seq + 1
        parts = self._draw_up_parts(draft, seq, rows) if draft.parts else ()
        own: tuple[Any, ...] = (
            seq,
            draft.stream,
            draft.version,
            draft.kind,
            draft.schema_version,
            draft.event_id,
            draft.at_us,
        )
        content = (number, draft.data, encode_parts(parts) if parts else NO_PARTS, rows.hash)
        digest = hash_of_pieces(pieces(own) + common_pieces + pieces(content))
        columns: tuple[Any, ...] = (*own, *common, number, draft.data, parts, rows.hash, digest)
        rows.events.append(StoredEvent(*columns))
        rows.event_rows.append((*own, *common, *content, digest, self._tip.feed_epoch))
        rows.versions[draft.stream] = draft.version
        rows.seq, rows.hash = seq, digest

    def _draw_up_parts(self, draft: EventDraft, seq: int, rows: _Rows) -> tuple[PartRef, ...]:
        for part in draft.parts:
            if len(part.salt) != 32:
                raise ValueError(f"part {part.number} of {draft.kind} needs a salt of 32 bytes")
            if part.store not in self._statements.insert_payload:
                raise ValueError(f"part {part.number} of {draft.kind} names no payload store: {part.store!r}")
            rows.payload_rows.setdefault(part.store, []).append(
                (seq, part.number, part.label.value, part.salt, part.content)
            )
        return tuple(
            PartRef(part.number, part.label, part.store, part_hash(part.salt, part.content))
            for part in draft.parts
        )

    def _write(self, rows: _Rows) -> None:
        insert, texts = self._connection.insert, self._statements
        insert(texts.insert_event, rows.event_rows)
        insert(texts.insert_command, rows.command_rows)
        for store, payload_rows in rows.payload_rows.items():
            insert(texts.insert_payload[store], payload_rows)
        insert(texts.put_state, rows.state_rows)
        insert(texts.insert_claim, rows.claim_rows)

    def _take(self, rows: _Rows) -> None:
        if rows.events:
            self.head = Head(rows.seq, rows.hash, self._recorded_at_us)
        self.versions.update(rows.versions)
        self.events += rows.events


def repeated(command: Append, stored: Sequence[Any]) -> Appended:
    """Return the stored answer of a command that came again; raises KeyReused when it is another command."""
    _key, principal, request_hash, outcome, seq_from, seq_to, at_us = stored
    if principal != command.principal or bytes(request_hash) != command.request_hash:
        raise KeyReused(command.idem_key)
    return Appended(seq_from, seq_to, at_us, bytes(outcome), repeated=True)

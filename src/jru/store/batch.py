"""One transaction of the writer: several commands and accesses, each all or nothing, chained in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from jru.services.audit_ports import Accessed, AuditUnavailable
from jru.services.ports import (
    Append,
    Appended,
    Claim,
    ClaimTaken,
    Erasing,
    EventDraft,
    Head,
    KeyReused,
    PartRef,
    StoredEvent,
    VersionTaken,
)
from jru.store.access_rows import access_row
from jru.store.engines import WriteConnection
from jru.store.hashing import NO_PARTS, encode_parts, hash_of_pieces, part_hash, pieces
from jru.store.statements import Statements

Job = Callable[[WriteConnection], Any]

_VERSIONS_KEPT = 50_000
_STATE_ROW = attrgetter("stream", "kind", "version", "open", "body")
_CLAIM_ROW = attrgetter("kind", "key", "value")


@dataclass(frozen=True, slots=True)
class Accesses:
    """Entries of the access log that belong to no command: all of them or none."""

    entries: tuple[Accessed, ...]


Work = Append | Accesses | Job


@dataclass(frozen=True, slots=True)
class Heads:
    """Where both chains end: that of the events and that of the accesses."""

    log: Head
    access: Head


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
    """Where both chains end and at which version each recently used stream stands; changed after commits only."""

    heads: Heads
    feed_epoch: int
    versions: dict[str, int] = field(default_factory=dict)

    def advance(self, heads: Heads, versions: Mapping[str, int]) -> None:
        """Take over what a commit has made durable."""
        self.heads = heads
        if len(self.versions) > _VERSIONS_KEPT:
            self.versions.clear()
        self.versions.update(versions)


@dataclass(slots=True)
class _Rows:
    """What a command writes, ready for the driver."""

    seq: int
    hash: bytes
    access_seq: int
    access_hash: bytes
    versions: dict[str, int] = field(default_factory=dict)
    events: list[StoredEvent] = field(default_factory=list)
    event_rows: list[tuple[object, ...]] = field(default_factory=list)
    payload_rows: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)
    command_rows: list[tuple[object, ...]] = field(default_factory=list)
    state_rows: list[tuple[object, ...]] = field(default_factory=list)
    claim_rows: list[tuple[object, ...]] = field(default_factory=list)
    access_rows: list[tuple[object, ...]] = field(default_factory=list)
    erasings: list[Erasing] = field(default_factory=list)

    @classmethod
    def after(cls, heads: Heads) -> _Rows:
        """Return no rows yet, to follow the ends of both chains."""
        return cls(heads.log.seq, heads.log.hash, heads.access.seq, heads.access.hash)


class Batch:
    """Applies commands inside a transaction that the writer begins and commits."""

    def __init__(
        self, connection: WriteConnection, statements: Statements, tip: Tip, recorded_at_us: int
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._tip = tip
        self._recorded_at_us = recorded_at_us
        self.heads = tip.heads
        self.versions: dict[str, int] = {}
        self.events: list[StoredEvent] = []

    def run(self, works: Sequence[Work]) -> list[Done | Failed]:
        """Apply everything; a failing command is undone alone. Raises only when the transaction itself is lost."""
        drawable = [work for work in works if isinstance(work, (Append, Accesses))]
        if len(drawable) == len(works):
            together = self._together(drawable)
            if together is not None:
                return together
        return [self._alone(work) for work in works]

    def _together(self, works: Sequence[Append | Accesses]) -> list[Done | Failed] | None:
        """Apply all in few statements, or nothing and return None when one of them is in doubt."""
        self._connection.savepoint()
        rows = _Rows.after(self.heads)
        try:
            answers = [self._draw_up_work(work, rows) for work in works]
            self._write(rows)
            self._write_accesses(rows)
            self._connection.keep()
        except Exception:  # noqa: BLE001 - whichever it was, trying each alone tells whose fault it is
            self._connection.undo()
            return None
        self._take(rows)
        return [Done(answer) for answer in answers]

    def _alone(self, work: Work) -> Done | Failed:
        self._connection.savepoint()
        rows = _Rows.after(self.heads)
        try:
            answer = self._do(work, rows)
            self._connection.keep()
        except Exception as error:  # noqa: BLE001 - handed to the one who sent the command
            self._connection.undo()
            return Failed(error)
        self._take(rows)
        return Done(answer)

    def _do(self, work: Work, rows: _Rows) -> Any:
        if isinstance(work, Accesses):
            self._draw_up_accesses(work.entries, rows)
            return self._write_accesses(rows)
        if not isinstance(work, Append):
            return work(self._connection)
        answer = self._append(work, rows)
        self._write(rows)
        audited = self._keep_accesses(rows)
        if not audited and any(entry.must_be_kept for entry in work.accesses):
            raise AuditUnavailable("the access log cannot be written: personal content is not passed on")
        return answer if audited else replace(answer, audited=False)

    def _keep_accesses(self, rows: _Rows) -> bool:
        """Write a command's accesses if that can be done; dispatch goes on without them, and says so."""
        if not rows.access_rows:
            return True
        self._connection.savepoint()
        try:
            self._write_accesses(rows)
            self._connection.keep()
        except Exception:  # noqa: BLE001 - whatever it is, the command itself is good
            self._connection.undo()
            rows.access_rows.clear()
            return False
        return True

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

    def _draw_up_work(self, work: Append | Accesses, rows: _Rows) -> Appended | None:
        if isinstance(work, Append):
            return self._draw_up(work, rows)
        self._draw_up_accesses(work.entries, rows)
        return None

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
        if command.accesses:
            self._draw_up_accesses(command.accesses, rows)
        if command.erases is not None:
            rows.erasings.append(command.erases)
        return answer

    def _draw_up_accesses(self, entries: Sequence[Accessed], rows: _Rows) -> None:
        for entry in entries:
            row: tuple[Any, ...] = access_row(
                entry, rows.access_seq + 1, self._recorded_at_us, rows.access_hash
            )
            rows.access_rows.append(row)
            rows.access_seq, rows.access_hash = row[0], row[-1]

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
        for erasing in rows.erasings:
            self._erase(erasing)

    def _erase(self, erasing: Erasing) -> None:
        execute, texts = self._connection.execute, self._statements
        for store, seq, part in erasing.parts:
            execute(texts.erase_payload[store], (seq, part))
        for unit_id in erasing.tracks:
            for text in texts.erase_tracks:
                execute(text, (unit_id,))
        for message in erasing.messages:
            execute(texts.erase_message, (message,))

    def _write_accesses(self, rows: _Rows) -> None:
        self._connection.insert(self._statements.insert_access, rows.access_rows)

    def _take(self, rows: _Rows) -> None:
        log, access = self.heads.log, self.heads.access
        if rows.events:
            log = Head(rows.seq, rows.hash, self._recorded_at_us)
        if rows.access_rows:
            access = Head(rows.access_seq, rows.access_hash, self._recorded_at_us)
        self.heads = Heads(log, access)
        self.versions.update(rows.versions)
        self.events += rows.events


def repeated(command: Append, stored: Sequence[Any]) -> Appended:
    """Return the stored answer of a command that came again; raises KeyReused when it is another command."""
    _key, principal, request_hash, outcome, seq_from, seq_to, at_us = stored
    if principal != command.principal or bytes(request_hash) != command.request_hash:
        raise KeyReused(command.idem_key)
    return Appended(seq_from, seq_to, at_us, bytes(outcome), repeated=True)

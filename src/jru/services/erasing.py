"""Erasure: content and salts go in the transaction that says so, after the access log and the register know."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from jru.domain.agency import Agency, Role
from jru.domain.codec import to_us
from jru.domain.deciding import emit, own
from jru.domain.event_types import Emitted
from jru.domain.retention import State
from jru.domain.retention_events import ContentErased, docket_stream
from jru.errors import Unavailable

from .access import Viewer
from .audit_ports import AuditUnavailable
from .auditing import audit_unavailable
from .ground import TRIES, Ground
from .ports import Erasing, PartRef, StoredEvent, VersionTaken
from .recorder import Sent, Unfolding
from .retention_ports import Erased, ErasureRegister, HeldPart, Holdings
from .retention_survey import Finding

RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class _Act:
    """One erasure: what goes and why, of one service and one record."""

    agency: Agency
    record_id: str
    clause: str
    words: str
    basis: str
    parts: tuple[HeldPart, ...] = ()
    tracks: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


def runner(agency: Agency) -> Viewer:
    """Return who erases when the policy asks for it."""
    return Viewer("system", f"the retention run for {agency.value}", agency, Role.SYSTEM)


class Eraser:
    """Erases what a survey found due, and again what the register says was erased before a restore."""

    def __init__(self, ground: Ground, holdings: Holdings, register: ErasureRegister) -> None:
        self._ground = ground
        self._holdings = holdings
        self._register = register

    def erase(self, found: Iterable[Finding], viewer: Viewer | None = None) -> list[Finding]:
        """Erase every finding that is due; return them. Raises Unavailable when it cannot be put on record.

        `viewer` is who lets it go; without one the run does it by itself.
        """
        due = [one for one in found if one.state is State.DUE]
        for one in due:
            held = (one.parts, one.tracks, one.messages)
            act = _Act(one.agency, one.record_id, one.clause, one.words, one.basis, *held)
            self._carry_out(act, viewer or runner(one.agency))
        return due

    def replay(self) -> list[Erased]:
        """Erase again what the register names and a restored backup has brought back; return the lines that did."""
        done = []
        for line in self._register.lines():
            act = self._again(line)
            if act.parts or act.tracks or act.messages:
                self._carry_out(act, runner(act.agency))
                parts = tuple(map(_noted, act.parts))
                done.append(replace(line, parts=parts, tracks=act.tracks, messages=act.messages))
        return done

    def _again(self, line: Erased) -> _Act:
        agency = Agency(line.agency)
        found = (self._holdings.part(seq, number) for _store, seq, number, _digest in line.parts)
        known = {digest for *_place, digest in line.parts}
        parts = tuple(held for held in found if held is not None and held.ref.part_hash.hex() in known)
        tracks = tuple(unit for unit in line.tracks if unit in self._holdings.tracks())
        there = set(self._holdings.messages(agency, to_us(self._ground.clock.now())))
        messages = tuple(message for message in line.messages if message in there)
        record_id = _record_of(parts[0].event) if parts else (tracks[0] if tracks else "quarantine")
        return _Act(agency, record_id, line.clause, line.words, RESTORED, parts, tracks, messages)

    def _carry_out(self, act: _Act, viewer: Viewer) -> None:
        ground = self._ground
        now = ground.clock.now()
        erasure_id = ground.recorder.new_id("era")
        hashes = [held.ref.part_hash.hex() for held in act.parts]
        labels = sorted({held.ref.label for held in act.parts})
        ground.auditing.erased(
            viewer, [act.record_id], labels, owner=act.agency, why=act.words, fields=hashes
        )
        line = Erased(
            erasure_id,
            to_us(now),
            act.agency.value,
            act.clause,
            act.words,
            act.basis,
            tuple(map(_noted, act.parts)),
            act.tracks,
            act.messages,
        )
        try:
            self._register.note(line)
        except OSError as error:
            raise Unavailable(
                "retention.register",
                f"the register of erasures cannot be written ({error}): nothing was erased",
                "make room beside the database and run it again",
            ) from error
        sent = Sent(erasure_id, now, hashlib.sha256(repr(line).encode()).digest())
        self._append(viewer, sent, act, list(_events(act, sent)))

    def _append(self, viewer: Viewer, sent: Sent, act: _Act, emitted: Sequence[Emitted]) -> None:
        ground = self._ground
        erases = Erasing(
            tuple((held.ref.store, held.event.seq, held.ref.number) for held in act.parts),
            act.tracks,
            act.messages,
        )
        names = {item.stream.partition("/")[0] for item in emitted}
        for _ in range(TRIES):
            with ground.locks.holding(names):
                unfolding = Unfolding(ground.board, emitted)
                drawn_up = ground.recorder.draw_up(viewer, sent, unfolding, {"ids": {}, "told": "erased"})
                try:
                    ground.recorder.record(replace(drawn_up, append=replace(drawn_up.append, erases=erases)))
                except VersionTaken:
                    continue
                except AuditUnavailable as error:
                    raise audit_unavailable() from error
                return
        raise Unavailable("contention", "others keep changing the same record", "run it again")


def _events(act: _Act, sent: Sent) -> Iterator[Emitted]:
    """Yield what is said of an erasure: where both services read about what both could read, else in own streams."""
    by_stream = sorted(act.parts, key=lambda held: (_told_in(held, act.agency), held.event.seq))
    for stream, held in groupby(by_stream, key=lambda held: _told_in(held, act.agency)):
        yield _event(
            act, stream, sent, [f"{h.event.seq}:{h.ref.number}:{h.ref.part_hash.hex()}" for h in held]
        )
    if not act.parts:
        stream = act.tracks[0] if act.tracks else docket_stream(act.agency)
        yield _event(act, stream, sent, [])


def _event(act: _Act, stream: str, sent: Sent, parts: Sequence[str]) -> Emitted:
    happened = ContentErased(
        act.agency, act.clause, act.words, act.basis, tuple(parts), len(act.tracks), len(act.messages)
    )
    return emit(stream, happened, sent.received_at)


def _told_in(held: HeldPart, agency: Agency) -> str:
    stream = held.event.stream
    if stream.startswith("inc_"):
        return stream if held.ref.store == "operational" else own(_record_of(held.event), agency)
    return stream if stream.startswith("unt_") else docket_stream(agency)


def _record_of(event: StoredEvent) -> str:
    return event.stream.partition("/")[0]


def _noted(held: HeldPart) -> tuple[str, int, int, str]:
    ref: PartRef = held.ref
    return ref.store, held.event.seq, ref.number, ref.part_hash.hex()

"""Turns decided events into one durable append: versions, salts, read-table rows, claims and the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jru.clock import Clock, Random
from jru.domain import incident, unit
from jru.domain.codec import canonical, encode, plain, to_us
from jru.domain.event_types import EVENT_TYPES, Emitted, Event
from jru.domain.events import write_event
from jru.domain.incident import Incident
from jru.domain.unit import Unit

from .access import Viewer
from .board import Board
from .ports import Append, Appended, Claim, EventDraft, EventLog, PartDraft, StateRow

SALT_BYTES = 32
_NO_STATE = b"{}"


@dataclass(frozen=True, slots=True)
class Sent:
    """How a command came in: its key, when it was received, and what device sent it."""

    idem_key: str
    received_at: datetime
    request_hash: bytes
    device: str = ""
    device_seq: int | None = None
    clock_offset_us: int | None = None


class Recorder:
    """Writes what was decided. Raises the errors of `EventLog.append`."""

    def __init__(self, log: EventLog, board: Board, clock: Clock, random: Random) -> None:
        self._log = log
        self._board = board
        self._clock = clock
        self._random = random

    def new_id(self, prefix: str) -> str:
        """Return a new id, such as inc_…"""
        return f"{prefix}_{self._random.uuid7(self._clock.now())}"

    def record(
        self,
        viewer: Viewer,
        sent: Sent,
        emitted: Sequence[Emitted],
        outcome: dict[str, object],
        claims: Iterable[Claim] = (),
    ) -> Appended:
        """Append the events of one command at the versions that the board knows."""
        drafts, rows, kept = self._drafts(emitted)
        for event_id, fresh in kept:
            self._board.fresh[event_id] = fresh
        try:
            return self._log.append(
                Append(
                    idem_key=sent.idem_key,
                    principal=viewer.subject,
                    request_hash=sent.request_hash,
                    actor=viewer.subject,
                    agency=viewer.agency.value,
                    purpose=viewer.purpose.value,
                    device=sent.device,
                    device_seq=sent.device_seq,
                    clock_offset_us=sent.clock_offset_us,
                    received_at_us=to_us(sent.received_at),
                    events=tuple(drafts),
                    states=tuple(rows),
                    claims=tuple(claims),
                    outcome=canonical(plain(outcome)),
                )
            )
        finally:
            for event_id, _ in kept:
                self._board.fresh.pop(event_id, None)

    def _drafts(
        self, emitted: Sequence[Emitted]
    ) -> tuple[list[EventDraft], list[StateRow], list[tuple[str, tuple[Event, tuple[dict[str, Any], ...]]]]]:
        versions: dict[str, int] = {}
        states: dict[str, Incident | Unit | None] = {}
        drafts: list[EventDraft] = []
        kept: list[tuple[str, tuple[Event, tuple[dict[str, Any], ...]]]] = []
        now = self._clock.now()
        for item in emitted:
            version = versions.get(item.stream) or self._board.version(item.stream)
            versions[item.stream] = version + 1
            event_id = f"evt_{self._random.uuid7(now)}"
            kind = type(item.event).__name__
            parts = tuple(
                PartDraft(n, p.label, p.store, self._random.bytes(SALT_BYTES), canonical(p.content))
                for n, p in enumerate(item.parts)
            )
            draft = EventDraft(
                item.stream,
                version + 1,
                kind,
                EVENT_TYPES[kind].schema_version,
                event_id,
                to_us(item.at),
                write_event(item.event),
                parts,
            )
            drafts.append(draft)
            states[item.stream] = self._evolved(states, item)
            kept.append((event_id, (item.event, tuple(p.content for p in item.parts))))
        rows = [state_row(stream, versions[stream], state) for stream, state in states.items()]
        return drafts, rows, kept

    def _evolved(self, states: dict[str, Incident | Unit | None], item: Emitted) -> Incident | Unit | None:
        current = states[item.stream] if item.stream in states else self._current(item.stream)
        return evolved(item.stream, current, item.event, item.at)

    def _current(self, stream: str) -> Incident | Unit | None:
        if stream.startswith("unt_"):
            aboard = self._board.fetch_unit(stream)
            return aboard.state if aboard else None
        incident_id, _, which = stream.partition("/")
        if which != "op":
            return None
        leg = self._board.fetch(incident_id)
        return leg.state if leg else None


def evolved(
    stream: str, current: Incident | Unit | None, happened: Event, at: datetime
) -> Incident | Unit | None:
    """Return the state of a stream after one event; streams without a state of their own give None."""
    if stream.startswith("unt_"):
        return unit.evolve(current if isinstance(current, Unit) else None, stream, happened, at)
    incident_id, _, which = stream.partition("/")
    if which == "op":
        return incident.evolve(current if isinstance(current, Incident) else None, incident_id, happened, at)
    return None


def state_row(stream: str, version: int, state: Incident | Unit | None) -> StateRow:
    """Return the read-table row of a stream."""
    if isinstance(state, Unit):
        return StateRow(stream, "unit", version, state.open, encode(state))
    if isinstance(state, Incident):
        return StateRow(stream, "incident", version, state.open, encode(state))
    return StateRow(stream, "lines", version, open=False, body=_NO_STATE)

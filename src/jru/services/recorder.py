"""Turns decided events into one durable append: versions, salts, read-table rows, claims and the outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jru.clock import Clock, Random
from jru.domain import incident, unit
from jru.domain.codec import encode, to_us
from jru.domain.event_types import EVENT_TYPES, Emitted, Event
from jru.domain.events import write_event
from jru.domain.incident import Incident
from jru.domain.unit import Unit

from .access import Viewer
from .auditing import Auditing
from .board import Board
from .ports import Append, Appended, Claim, EventDraft, EventLog, PartDraft, StateRow
from .streams import Fresh

State = Incident | Unit | None
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


@dataclass(frozen=True, slots=True)
class Step:
    """One decided event, the version it takes, and its stream's state after it."""

    item: Emitted
    version: int
    state: State


class Unfolding:
    """What the events of one command make of their streams: each is evolved once, for everybody who asks."""

    def __init__(self, board: Board, emitted: Iterable[Emitted] = ()) -> None:
        self._board = board
        self.steps: list[Step] = []
        self.versions: dict[str, int] = {}
        self.states: dict[str, State] = {}
        self.add(emitted)

    def add(self, emitted: Iterable[Emitted]) -> None:
        """Take in more events, in order."""
        for item in emitted:
            stream = item.stream
            if stream not in self.versions:
                self._begin(stream)
            version = self.versions[stream] = self.versions[stream] + 1
            state = self.states[stream] = evolved(stream, self.states[stream], item.event, item.at)
            self.steps.append(Step(item, version, state))

    def _begin(self, stream: str) -> None:
        with self._board.lock:
            self.versions[stream] = self._board.version(stream)
            self.states[stream] = self._current(stream)

    def _current(self, stream: str) -> State:
        if stream.startswith("unt_"):
            aboard = self._board.fetch_unit(stream)
            return aboard.state if aboard else None
        incident_id, _, which = stream.partition("/")
        if which != "op":
            return None
        leg = self._board.fetch(incident_id)
        return leg.state if leg else None


@dataclass(frozen=True, slots=True)
class DrawnUp:
    """An append, and its events as they were decided, by event id."""

    append: Append
    fresh: dict[str, Fresh]


class Recorder:
    """Writes what was decided, and on record whose content it touched. Raises the errors of `EventLog.append`."""

    def __init__(self, log: EventLog, board: Board, auditing: Auditing, clock: Clock, random: Random) -> None:
        self._log = log
        self._auditing = auditing
        self._board = board
        self._clock = clock
        self._random = random

    def new_id(self, prefix: str) -> str:
        """Return a new id, such as inc_…"""
        made = f"{prefix}_{self._random.uuid7(self._clock.now())}"
        self._board.expect(made)
        return made

    def draw_up(
        self,
        viewer: Viewer,
        sent: Sent,
        unfolding: Unfolding,
        outcome: dict[str, object],
        claims: Iterable[Claim] = (),
    ) -> DrawnUp:
        """Return the append of one command's events at the versions that the board knows."""
        now = self._clock.now()
        drafts = [self._draft(step, now) for step in unfolding.steps]
        contents = (tuple([part.content for part in step.item.parts]) for step in unfolding.steps)
        fresh = {
            draft.event_id: Fresh(step.item.event, parts, step.state)
            for draft, step, parts in zip(drafts, unfolding.steps, contents, strict=True)
        }
        versions = unfolding.versions
        append = Append(
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
            states=tuple([state_row(s, versions[s], state) for s, state in unfolding.states.items()]),
            claims=tuple(claims),
            outcome=encode(outcome),
            accesses=self._auditing.of_command(viewer, [step.item for step in unfolding.steps]),
        )
        return DrawnUp(append, fresh)

    def record(self, drawn_up: DrawnUp) -> Appended:
        """Append durably. Waits for the disk."""
        fresh = self._board.fresh
        fresh.update(drawn_up.fresh)
        try:
            appended = self._log.append(drawn_up.append)
        finally:
            for event_id in drawn_up.fresh:
                fresh.pop(event_id, None)
        if not appended.audited:
            self._auditing.missed(drawn_up.append.accesses)
        return appended

    def _draft(self, step: Step, now: datetime) -> EventDraft:
        item = step.item
        kind = type(item.event).__name__
        parts = tuple(
            PartDraft(n, p.label, p.store, self._random.bytes(SALT_BYTES), encode(p.content))
            for n, p in enumerate(item.parts)
        )
        return EventDraft(
            item.stream,
            step.version,
            kind,
            EVENT_TYPES[kind].schema_version,
            f"evt_{self._random.uuid7(now)}",
            to_us(item.at),
            write_event(item.event),
            parts,
        )


def evolved(stream: str, current: State, happened: Event, at: datetime) -> State:
    """Return the state of a stream after one event; streams without a state of their own give None."""
    if stream.startswith("unt_"):
        return unit.evolve(current if isinstance(current, Unit) else None, stream, happened, at)
    incident_id, _, which = stream.partition("/")
    if which == "op":
        return incident.evolve(current if isinstance(current, Incident) else None, incident_id, happened, at)
    return None


def state_row(stream: str, version: int, state: State) -> StateRow:
    """Return the read-table row of a stream."""
    if isinstance(state, Unit):
        return StateRow(stream, "unit", version, state.open, encode(state))
    if isinstance(state, Incident):
        return StateRow(stream, "incident", version, state.open, encode(state))
    return StateRow(stream, "lines", version, open=False, body=_NO_STATE)

"""What stood on whose screen, and from when: the log read again, one commit after the other, through the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from jru.domain import unit_events as uev
from jru.domain.agency import CREW_ROLES, Agency, Role
from jru.domain.blueprint import Blueprint
from jru.domain.codec import from_us
from jru.domain.deciding import op, own
from jru.domain.event_types import Event
from jru.domain.events import read_event
from jru.domain.exercise import Part
from jru.domain.exercise_judging import Happened
from jru.domain.incident_events import ReferenceAdded

from .access import Gate, Relation, Viewer
from .board import Board
from .narrative import Line, Narrative
from .ports import EVERYTHING, EventLog, Payloads, StoredEvent
from .reading import part_content

Contents = Callable[[StoredEvent, int], dict[str, Any] | None]
BATCH = 1_000


@dataclass(slots=True)
class Sighting:
    """One sentence of the log, and since when it stood on each part's screen; who is not in `seen` never had it."""

    line: Line
    event: StoredEvent
    seen: dict[Part, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replay:
    """What reading the log again gave: sentences with their sightings, and the events in the terms of a script."""

    sightings: tuple[Sighting, ...]
    happened: tuple[Happened, ...]


class Replaying:
    """Reads a whole log again. A sighting is when the gate first let a sentence pass, not when somebody read it.

    Restricted fields that somebody opened for a while are not taken into account.
    """

    def __init__(
        self, log: EventLog, payloads: Mapping[str, Payloads], gate: Gate, parse: Callable[[str], Blueprint]
    ) -> None:
        self._log = log
        self._gate = gate
        self._contents: Contents = partial(_content, dict(payloads))
        self._parse = parse
        self._viewers: dict[Part, list[Viewer]] = {
            Part.POLICE_ROOM: [_viewer(Agency.POLICE, Role.POLICE_DISPATCHER)],
            Part.AMBULANCE_ROOM: [_viewer(Agency.AMBULANCE, Role.AMBULANCE_DISPATCHER)],
            Part.CREW: [],
        }
        self._sightings: list[Sighting] = []
        self._unseen: list[Sighting] = []
        self._happened: list[Happened] = []
        self._names: dict[str, str] = {}
        self._offers: dict[str, str] = {}

    def replay(self, start: datetime, scripted: Mapping[str, str]) -> Replay:
        """Read everything; `scripted` names the incident of the script behind each foreign number."""
        board = Board(self._log, self._contents, self._parse, start)
        for commit in _commits(self._log):
            board.apply(commit)
            if not board.scheme.adopted:
                continue
            for event in commit:
                self._take(event, board, scripted)
            self._look(board, from_us(commit[-1].recorded_at_us))
        return Replay(tuple(self._sightings), tuple(self._happened))

    def _take(self, event: StoredEvent, board: Board, scripted: Mapping[str, str]) -> None:
        if not event.stream.startswith(("inc_", "unt_")):
            return
        happened = read_event(event.kind, event.schema_version, event.data)
        if isinstance(happened, uev.UnitBookedOn):
            self._viewers[Part.CREW] += [
                _viewer(seat.agency, Role(seat.role), event.stream) for seat in happened.seats
            ]
        if isinstance(happened, ReferenceAdded) and happened.foreign_id in scripted:
            self._names[event.stream.partition("/")[0]] = scripted[happened.foreign_id]
        at = from_us(event.recorded_at_us)
        self._happened.append(Happened(at, part_of(event), happened, self._incident(event, happened)))
        scheme = board.scheme.at(at)
        telling = Narrative(scheme, partial(_number, board), partial(_call_sign, board))
        line = telling.line(event, partial(self._contents, event))
        last = self._sightings[-1].line if self._sightings else None
        if line is None or (last is not None and (last.at, last.sentence) == (line.at, line.sentence)):
            return
        self._sightings.append(Sighting(line, event))
        self._unseen.append(self._sightings[-1])

    def _incident(self, event: StoredEvent, happened: Event) -> str | None:
        """Return which incident of the script an event is about; one that names an offer is about the offer's."""
        if event.stream.startswith("inc_"):
            return self._names.get(event.stream.partition("/")[0])
        if isinstance(happened, uev.UnitOffered):
            self._offers[happened.offer_id] = happened.incident_id
        named = getattr(happened, "incident_id", None) or getattr(happened, "to_id", None)
        return self._names.get(named or self._offers.get(getattr(happened, "offer_id", ""), ""))

    def _look(self, board: Board, now: datetime) -> None:
        """Note what the gate lets pass since this commit."""
        for one in self._unseen:
            for part, viewers in self._viewers.items():
                if part not in one.seen and any(self._passes(viewer, one, board) for viewer in viewers):
                    one.seen[part] = now
        self._unseen = [one for one in self._unseen if len(one.seen) < len(self._viewers)]

    def _passes(self, viewer: Viewer, one: Sighting, board: Board) -> bool:
        stream = one.event.stream
        record = stream.partition("/")[0]
        if record.startswith("unt_"):
            aboard = board.fetch_unit(record)
            relation = Relation.of_unit(record, is_open=aboard is not None and aboard.state.open)
        else:
            joint = board.joint(record)
            if joint is None or stream not in (op(record), own(record, viewer.agency)):
                return False
            relation = board.relation(joint)
        return self._gate.relates(viewer, relation) and self._gate.may_read(
            viewer, one.line.label, one.line.owner, still_open=relation.open
        )


def part_of(event: StoredEvent) -> Part | None:
    """Return which part of an exercise did something; None: the system, or somebody who is no part of it."""
    words = event.actor.split(":")
    role = words[1] if words[0] in ("demo", "token") and len(words) > 1 else ""
    if role in CREW_ROLES:
        return Part.CREW
    if role in (Role.POLICE_DISPATCHER, Role.AMBULANCE_DISPATCHER):
        return Part.POLICE_ROOM if event.agency == Agency.POLICE else Part.AMBULANCE_ROOM
    return None


def _viewer(agency: Agency, role: Role, unit_id: str | None = None) -> Viewer:
    return Viewer(f"debrief:{role.value}", "debrief", agency, role, unit_id)


def _content(payloads: dict[str, Payloads], event: StoredEvent, number: int) -> dict[str, Any] | None:
    return part_content(payloads, event, number, EVERYTHING)


def _commits(log: EventLog) -> Iterator[Sequence[StoredEvent]]:
    """Yield the events of each command together: in between, records that change together do not fit."""
    for _, events in groupby(_events(log), key=lambda event: (event.idem_key, event.recorded_at_us)):
        yield list(events)


def _events(log: EventLog) -> Iterable[StoredEvent]:
    after = 0
    while batch := list(log.read(after, BATCH)):
        yield from batch
        after = batch[-1].seq


def _number(board: Board, incident_id: str) -> str:
    leg = board.fetch(incident_id)
    return leg.state.number if leg else incident_id


def _call_sign(board: Board, unit_id: str) -> str:
    aboard = board.fetch_unit(unit_id)
    return aboard.state.call_sign if aboard else unit_id

"""The state of now, in memory: built from the log, kept by applying each commit, read by everybody.

A revision counts every visible change, positions included; the history of touched ids answers "what changed since".
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from jru.domain import incident, unit
from jru.domain import incident_events as iev
from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint
from jru.domain.codec import from_us, to_us
from jru.domain.event_types import Event
from jru.domain.events import read_event
from jru.domain.incident import Incident
from jru.domain.joint import Joint
from jru.domain.unit import Unit
from jru.domain.unit_events import BlueprintAdopted, StatusSet, UnitBookedOn

from .ports import EventLog, Position, StateRow, StoredEvent
from .scheme import STREAM, Scheme
from .wording import LATE_S

HISTORY = 20_000
Contents = Callable[[StoredEvent, int], dict[str, Any] | None]
NOBODY: frozenset[Agency] = frozenset()


@dataclass(slots=True)
class Leg:
    """One incident stream with the contents that rows show."""

    state: Incident
    place: dict[str, Any] | None = None
    notes: dict[str, str] = field(default_factory=dict)
    report_at: datetime | None = None


@dataclass(slots=True)
class Aboard:
    """One unit stream with its people's names by agency and its position."""

    state: Unit
    names: dict[Agency, dict[str, str]] = field(default_factory=dict)
    position: Position | None = None
    late: bool = False


class Board:
    """Open incidents, units on duty and the scheme. Safe between threads."""

    def __init__(
        self, log: EventLog, contents: Contents, parse: Callable[[str], Blueprint], start: datetime
    ) -> None:
        """`contents` reads one part of a stored event; `parse` reads a blueprint text."""
        self._log = log
        self._contents = contents
        self._parse = parse
        self.lock = threading.RLock()
        self.legs: dict[str, Leg] = {}
        self.units: dict[str, Aboard] = {}
        self.scheme = Scheme()
        self.versions: dict[str, int] = {}
        self.stamps: dict[str, int] = {}
        self.last_report: dict[str, datetime] = {}
        self.fresh: dict[str, tuple[Event, tuple[dict[str, Any], ...]]] = {}
        self._shown: dict[str, frozenset[Agency]] = {}
        self._named_by: dict[str, set[str]] = {}
        self._history: deque[tuple[int, dict[str, frozenset[Agency]]]] = deque(maxlen=HISTORY)
        self.revision = to_us(start)
        self._first = self.revision

    def load(self) -> None:
        """Read what is open from the log."""
        for event in self._log.stream(STREAM):
            self._apply_one(event, set())
        for row in self._log.states(open_only=True):
            for event in self._log.stream(row.stream):
                self._apply_one(event, set())
        for incident_id in list(self.legs):
            self._shown[incident_id] = self._visible(incident_id)

    def apply(self, events: Sequence[StoredEvent]) -> None:
        """Take in one commit."""
        with self.lock:
            touched: set[str] = set()
            for event in events:
                self._apply_one(event, touched)
            self._touch(touched)

    def place_unit(self, position: Position) -> bool:
        """Take in a device position; tell whether it is the newest of an open unit."""
        with self.lock:
            aboard = self.units.get(position.unit_id)
            if aboard is None or (aboard.position is not None and aboard.position.at >= position.at):
                return False
            aboard.position = position
            self._touch({position.unit_id})
            return True

    def _touch(self, ids: set[str]) -> None:
        if not ids:
            return
        self.revision += 1
        entry: dict[str, frozenset[Agency]] = {}
        for one in sorted(self._with_relatives(ids)):
            entry[one] = self._shown.get(one, NOBODY)
            self.stamps[one] = self.revision
            if one in self.legs:
                self._shown[one] = self._visible(one)
        self._history.append((self.revision, entry))

    def _with_relatives(self, ids: set[str]) -> set[str]:
        """Add the whole of every leg, its counterparts in matches, and its units."""
        found = set(ids)
        for one in ids:
            leg = self.legs.get(one)
            if leg is None:
                continue
            found.add(self._whole_id(one))
            found |= {u for c in leg.state.active for u in [c.unit_id]}
            found |= {s.other_id for s in leg.state.suggestions} | set(leg.state.refused)
        return found

    def _visible(self, incident_id: str) -> frozenset[Agency]:
        leg = self.legs.get(incident_id)
        if leg is None or leg.state.merged_into is not None:
            return NOBODY
        return self.whole(leg.state).visible_to

    def _apply_one(self, event: StoredEvent, touched: set[str]) -> None:
        fresh = self.fresh.pop(event.event_id, None)
        happened = fresh[0] if fresh else read_event(event.kind, event.schema_version, event.data)
        parts = fresh[1] if fresh else None
        at = from_us(event.at_us)
        self.versions[event.stream] = event.version
        if event.stream == STREAM:
            self._apply_scheme(event, happened, at, parts)
        elif event.stream.startswith("unt_"):
            self._apply_unit(event, happened, at, parts, touched)
        else:
            self._apply_incident(event, happened, at, parts, touched)

    def _part(
        self, event: StoredEvent, parts: tuple[dict[str, Any], ...] | None, number: int
    ) -> dict[str, Any]:
        if parts is not None:
            return parts[number] if number < len(parts) else {}
        return (self._contents(event, number) or {}) if number < len(event.parts) else {}

    def _apply_scheme(
        self, event: StoredEvent, happened: Event, at: datetime, parts: tuple[dict[str, Any], ...] | None
    ) -> None:
        content = self._part(event, parts, 0)
        if isinstance(happened, BlueprintAdopted):
            self.scheme.adopt(happened.effective_at, self._parse(str(content["text"])))
        else:
            self.scheme.apply(happened, at, event.actor, str(content.get("text", "")))

    def _apply_unit(
        self,
        event: StoredEvent,
        happened: Event,
        at: datetime,
        parts: tuple[dict[str, Any], ...] | None,
        touched: set[str],
    ) -> None:
        unit_id = event.stream
        aboard = self.units.get(unit_id)
        if aboard is None and event.version > 1:
            aboard = self._fold_unit(unit_id, event.version)
        state = unit.evolve(aboard.state if aboard else None, unit_id, happened, at)
        if aboard is None:
            aboard = Aboard(state)
        if state.status_at != aboard.state.status_at or isinstance(happened, UnitBookedOn):
            aboard.late = event.recorded_at_us - event.at_us > LATE_S * 1e6
        aboard.state = state
        self.units[unit_id] = aboard
        if isinstance(happened, UnitBookedOn):
            agencies = [a for a in Agency if any(s.agency is a for s in happened.seats)]
            for number, agency in enumerate(agencies):
                content = self._part(event, parts, number)
                aboard.names[agency] = {k: str(v) for k, v in content.items()}
        touched.add(unit_id)
        for incident_id in (state.incident_id, *_offered(state)):
            if incident_id:
                touched.add(self._whole_id(incident_id))
        if isinstance(happened, (UnitBookedOn, StatusSet)):
            touched |= self._open_in_area(state)

    def _open_in_area(self, state: Unit) -> set[str]:
        """Return the waiting incidents whose verdict may turn with this unit's availability."""
        blueprint = self.scheme.at(state.booked_on_at)
        return {
            i
            for i, leg in self.legs.items()
            if leg.state.open
            and not leg.state.active
            and blueprint.in_area(state.district, leg.state.district)
        }

    def _apply_incident(
        self,
        event: StoredEvent,
        happened: Event,
        at: datetime,
        parts: tuple[dict[str, Any], ...] | None,
        touched: set[str],
    ) -> None:
        incident_id, _, which = event.stream.partition("/")
        touched.add(incident_id)
        if which != "op":
            return
        leg = self.legs.get(incident_id)
        if leg is None and event.version > 1:
            leg = self._fold_incident(incident_id, event.version)
        state = incident.evolve(leg.state if leg else None, incident_id, happened, at)
        if leg is None:
            leg = Leg(state)
        leg.state = state
        self.legs[incident_id] = leg
        self._keep_contents(leg, event, happened, parts)

    def _keep_contents(
        self, leg: Leg, event: StoredEvent, happened: Event, parts: tuple[dict[str, Any], ...] | None
    ) -> None:
        if isinstance(happened, iev.MatchSuggested):
            self._named_by.setdefault(happened.other_id, set()).add(leg.state.incident_id)
        elif isinstance(happened, iev.PlaceSet):
            leg.place = self._part(event, parts, 0) or None
        elif isinstance(happened, iev.HazardReported):
            text = self._part(event, parts, 0).get("text")
            if text:
                leg.notes[f"hazard:{happened.code}"] = str(text)
        elif isinstance(happened, iev.SceneDeclaredSafe):
            leg.notes["scene_safe"] = str(self._part(event, parts, 0).get("text", ""))
        elif isinstance(happened, iev.OtherServiceRequested):
            leg.notes[f"need:{happened.asked.value}"] = str(self._part(event, parts, 0).get("text", ""))
        elif isinstance(happened, iev.ReferenceAdded):
            seen = self.last_report.get(happened.sender)
            received = from_us(event.received_at_us)
            self.last_report[happened.sender] = max(seen, received) if seen else received

    def _fold_unit(self, unit_id: str, before: int) -> Aboard | None:
        for event in self._log.stream(unit_id):
            if event.version < before:
                self._apply_one(event, set())
        return self.units.get(unit_id)

    def _fold_incident(self, incident_id: str, before: int) -> Leg | None:
        for event in self._log.stream(f"{incident_id}/op"):
            if event.version < before:
                self._apply_one(event, set())
        return self.legs.get(incident_id)

    def fetch(self, incident_id: str) -> Leg | None:
        """Return a leg, from the log when it left memory, or None when it never was."""
        with self.lock:
            leg = self.legs.get(incident_id)
            if leg is None and incident_id.startswith("inc_"):
                leg = self._fold_incident(incident_id, 1 << 62)
            return leg

    def fetch_unit(self, unit_id: str) -> Aboard | None:
        """Return a unit, from the log when it left memory, or None when it never was."""
        with self.lock:
            aboard = self.units.get(unit_id)
            if aboard is None and unit_id.startswith("unt_"):
                aboard = self._fold_unit(unit_id, 1 << 62)
            return aboard

    def version(self, stream: str) -> int:
        """Return the last version of a stream."""
        found = self.versions.get(stream)
        if found is None:
            row: StateRow | None = self._log.state(stream)
            found = row.version if row else 0
        return found

    def _whole_id(self, incident_id: str) -> str:
        leg = self.legs.get(incident_id)
        while leg is not None and leg.state.merged_into is not None:
            incident_id = leg.state.merged_into
            leg = self.legs.get(incident_id)
        return incident_id

    def whole(self, state: Incident) -> Joint:
        """Return the joint incident that a leg belongs to."""
        return Joint.around(state, self._state)

    def _state(self, incident_id: str) -> Incident | None:
        leg = self.fetch(incident_id)
        return leg.state if leg else None

    def joint(self, incident_id: str) -> Joint | None:
        """Return the joint incident that an id belongs to, or None when there is none."""
        with self.lock:
            leg = self.fetch(incident_id)
            return self.whole(leg.state) if leg else None

    def legs_of(self, incident_id: str) -> tuple[str, ...]:
        """Return the ids of all legs of the joint incident that an id belongs to."""
        joint = self.joint(incident_id)
        return tuple(leg.incident_id for leg in joint.legs) if joint else (incident_id,)

    def suggested_to(self, joint: Joint) -> dict[str, tuple[float, tuple[str, ...]]]:
        """Return the undecided suggestions that name a joint incident, from either side: other id -> score, reasons."""
        mine = {leg.incident_id for leg in joint.legs}
        refused = {r for leg in joint.legs for r in leg.refused}
        found: dict[str, tuple[float, tuple[str, ...]]] = {}
        for leg in joint.legs:
            for s in leg.suggestions:
                found[self._whole_id(s.other_id)] = (s.score, s.reasons)
        for naming in {n for leg_id in mine for n in self._named_by.get(leg_id, ())}:
            for s in self.legs[naming].state.suggestions if naming in self.legs else ():
                if s.other_id in mine:
                    found[self._whole_id(naming)] = (s.score, s.reasons)
        open_ids = {i for i in found if (named := self.legs.get(i)) and named.state.open}
        return {i: found[i] for i in open_ids - mine - refused}

    def changed_since(self, revision: int) -> dict[str, frozenset[Agency]] | None:
        """Return the touched ids with who had seen them before, or None when that is too long ago."""
        with self.lock:
            if revision > self.revision or revision < self._first:
                return None
            if self._history and revision < self._history[0][0] - 1 and len(self._history) == HISTORY:
                return None
            found: dict[str, frozenset[Agency]] = {}
            for at, entry in reversed(self._history):
                if at <= revision:
                    break
                for one, shown in entry.items():
                    found[one] = found.get(one, NOBODY) | shown
            return found

    def forget(self, now: datetime, visible_s: int) -> None:
        """Let go of what ended long ago; it stays in the log."""
        limit = now - timedelta(seconds=visible_s)
        with self.lock:
            old = {i for i, g in self.legs.items() if g.state.closed_at and g.state.closed_at < limit}
            gone = {
                u for u, a in self.units.items() if a.state.booked_off_at and a.state.booked_off_at < limit
            }
            if not old | gone:
                return
            self._touch(old | gone)
            self._drop(old, gone)

    def _drop(self, incidents: Iterable[str], units: Iterable[str]) -> None:
        for one in incidents:
            del self.legs[one]
            self._shown.pop(one, None)
            self._named_by.pop(one, None)
            for which in ("op", "police", "patient"):
                self.versions.pop(f"{one}/{which}", None)
        for one in units:
            del self.units[one]
            self.versions.pop(one, None)

    def open_units(self) -> list[Aboard]:
        """Return the units on duty, by call sign."""
        with self.lock:
            on = [a for a in self.units.values() if a.state.open]
        return sorted(on, key=lambda a: a.state.call_sign)


def _offered(state: Unit) -> tuple[str, ...]:
    offer = (state.offer.incident_id,) if state.offer else ()
    return (*offer, state.last_answer.incident_id) if state.last_answer else offer


def content_of(raw: bytes) -> dict[str, Any]:
    """Return a payload's content."""
    loaded: dict[str, Any] = json.loads(raw)
    return loaded

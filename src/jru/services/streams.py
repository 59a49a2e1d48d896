"""What the board keeps of one stream: its state with the contents that rows show."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jru.domain import incident, unit
from jru.domain import incident_events as iev
from jru.domain.agency import Agency
from jru.domain.codec import from_us
from jru.domain.event_types import Event
from jru.domain.incident import Incident
from jru.domain.shift_events import BriefingConfirmed, CrewChanged, WaitSuggested
from jru.domain.unit import Unit
from jru.domain.unit_events import UnitBookedOn

from .ports import EventLog, Position, StoredEvent
from .wording import LATE_S

READ_AT_ONCE = 2000
MOST_READ = 20_000
"""More events than any scheme writes while a closed incident stays on the screens."""

Part = Callable[[int], dict[str, Any]]


@dataclass(slots=True)
class Leg:
    """One incident stream with the contents that rows show.

    `begun_here` tells that all events of the incident passed through this board; then `heard` holds the newest
    version that each control-room message name had. `reckoned` is the state, and the units it was offered to, for
    which the board last told who may see it. `matched` is what its counterparts were last shown of it.
    """

    state: Incident
    place: dict[str, Any] | None = None
    notes: dict[str, str] = field(default_factory=dict)
    begun_here: bool = False
    heard: dict[str, int] = field(default_factory=dict)
    reckoned: tuple[Incident, frozenset[str]] | None = None
    matched: tuple[object, ...] = ()

    @property
    def in_matches(self) -> tuple[object, ...]:
        """Return everything of this leg that rows of its counterparts show or turn on."""
        state = self.state
        joined = state.merged, state.merged_into
        return state.type, self.place, state.closed_at, state.suggestions, state.refused, joined


@dataclass(frozen=True, slots=True)
class Briefed:
    """A member of the crew who has read the briefing of a version of the scheme; no name once it was erased."""

    agency: Agency
    name: str
    at: datetime
    version: int


@dataclass(slots=True)
class Aboard:
    """One unit stream with its people's names by agency, its position and where a room asked it to wait.

    `late`: the status was told late. `relieved`: when somebody else took the seat of whom.
    """

    state: Unit
    names: dict[Agency, dict[str, str]] = field(default_factory=dict)
    relieved: dict[Agency, dict[str, datetime]] = field(default_factory=dict)
    position: Position | None = None
    late: bool = False
    wait: dict[str, Any] | None = None
    briefed: tuple[Briefed, ...] = ()


@dataclass(frozen=True, slots=True)
class Fresh:
    """An event as it was decided here, with its contents and its stream's state after it: nothing to read twice."""

    happened: Event
    parts: tuple[dict[str, Any], ...]
    state: Incident | Unit | None

    def part(self, number: int) -> dict[str, Any]:
        """Return one of its contents."""
        return self.parts[number] if number < len(self.parts) else {}


def closed_since(log: EventLog, limit_us: int) -> set[str]:
    """Return the incident streams closed since a moment, found at the end of the log without reading all of it."""
    found: set[str] = set()
    before = log.head().seq
    first = max(0, before - MOST_READ)
    while before > first:
        after = max(first, before - READ_AT_ONCE)
        events = log.read(after, before - after)
        for stream in {e.stream for e in events if e.kind == iev.IncidentClosed.__name__}:
            row = log.state(stream)
            closed_us = json.loads(row.body).get("closed_at") if row else None
            if closed_us is not None and closed_us >= limit_us:
                found.add(stream)
        if not events or events[0].recorded_at_us < limit_us:
            break
        before = after
    return found


def leg_after(
    leg: Leg | None,
    incident_id: str,
    event: StoredEvent,
    happened: Event,
    part: Part,
    fresh: Fresh | None = None,
) -> Leg:
    """Return a leg after one more event; `part` gives the event's contents by number."""
    if fresh is not None and isinstance(fresh.state, Incident):
        state = fresh.state
    else:
        state = incident.evolve(leg.state if leg else None, incident_id, happened, from_us(event.at_us))
    if leg is None:
        leg = Leg(state, begun_here=fresh is not None and event.version == 1)
    leg.state = state
    if isinstance(happened, iev.PlaceSet):
        leg.place = part(0) or None
    elif isinstance(happened, iev.HazardReported):
        text = part(0).get("text")
        if text:
            leg.notes[f"hazard:{happened.code}"] = str(text)
    elif isinstance(happened, iev.SceneDeclaredSafe):
        leg.notes["scene_safe"] = str(part(0).get("text", ""))
    elif isinstance(happened, _ASKING):
        _note_asked(leg, happened, str(part(0).get("text", "")))
    elif isinstance(happened, iev.PersonOutcomeRecorded):
        leg.notes[f"person:{happened.person}"] = str(part(0).get("text", ""))
    return leg


_ASKING = (
    iev.OtherServiceRequested,
    iev.OtherServiceAnswered,
    iev.QuestionAsked,
    iev.QuestionAnswered,
)


def _note_asked(leg: Leg, happened: Event, text: str) -> None:
    """Keep what was asked or answered under the name by which the row finds it; nothing replaces anything."""
    if isinstance(happened, iev.OtherServiceRequested):
        leg.notes[f"need:{len(leg.state.waits) - 1}"] = text
    elif isinstance(happened, iev.QuestionAsked):
        leg.notes[f"words:{happened.question_id}"] = text
    elif isinstance(happened, iev.QuestionAnswered):
        question = next(q for q in leg.state.questions if q.question_id == happened.question_id)
        leg.notes[f"why:{happened.question_id}:{len(question.answers) - 1}"] = text
    elif isinstance(happened, iev.OtherServiceAnswered):
        wait = leg.state.wait_answerable(happened.asked)
        if wait is not None:
            number = leg.state.waits.index(wait)
            leg.notes[f"why:{number}:{len(wait.answers) - 1}"] = text


def aboard_after(
    aboard: Aboard | None, event: StoredEvent, happened: Event, part: Part, fresh: Fresh | None = None
) -> Aboard:
    """Return a unit after one more event."""
    before = aboard.state if aboard else None
    if fresh is not None and isinstance(fresh.state, Unit):
        state = fresh.state
    else:
        state = unit.evolve(before, event.stream, happened, from_us(event.at_us))
    if aboard is None:
        aboard = Aboard(state)
    if before is None or state.status_at != before.status_at:
        aboard.late = event.recorded_at_us - event.at_us > LATE_S * 1e6
    aboard.state = state
    if isinstance(happened, UnitBookedOn):
        agencies = [a for a in Agency if any(s.agency is a for s in happened.seats)]
        for number, agency in enumerate(agencies):
            aboard.names[agency] = {seat: str(name) for seat, name in part(number).items()}
    elif isinstance(happened, CrewChanged):
        _change_crew(aboard, happened, part(0), from_us(event.at_us))
    elif isinstance(happened, BriefingConfirmed):
        name = str(part(0).get("name", ""))
        read = Briefed(happened.agency, name, from_us(event.at_us), happened.scheme_version)
        aboard.briefed = (*aboard.briefed, read)
    elif isinstance(happened, WaitSuggested):
        aboard.wait = part(0) or None
    return aboard


def _change_crew(aboard: Aboard, changed: CrewChanged, people: dict[str, Any], at: datetime) -> None:
    """Seat a person, and keep who had the seat before."""
    agency = changed.agency
    seats = dict(aboard.names.get(agency, {}))
    before = seats.pop(changed.seat, "")
    if before:
        aboard.relieved = {**aboard.relieved, agency: {**aboard.relieved.get(agency, {}), before: at}}
    taken = {seat: str(name) for seat, name in people.items()}
    aboard.names = {**aboard.names, agency: {**seats, **taken}}


def incidents_of(state: Unit) -> list[str]:
    """Return the incidents whose rows show something of a unit."""
    offer = [state.offer.incident_id] if state.offer else []
    answer = [state.last_answer.incident_id] if state.last_answer else []
    return [*([state.incident_id] if state.incident_id else []), *offer, *answer]

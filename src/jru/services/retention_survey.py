"""What is due for erasure at one moment, what waits, and why: the clauses held against what the stores still hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from jru.domain import incident_events as iev
from jru.domain import unit_events as uev
from jru.domain.agency import Agency, Label
from jru.domain.codec import decode, from_us, to_us
from jru.domain.deciding import op, own
from jru.domain.events import read_event
from jru.domain.glass_events import STREAM as GLASS
from jru.domain.glass_events import GlassBroken
from jru.domain.incident import Incident
from jru.domain.joint import Joint
from jru.domain.record_events import CareConcluded
from jru.domain.retention import ASKED_WORDS, Content, Course, Docket, Standing, State, noted, standing
from jru.domain.retention_events import docket_stream
from jru.domain.retention_policy import Clause, Matter
from jru.domain.shift_events import duty_of
from jru.domain.unit import Unit

from .ports import EventLog, StoredEvent
from .retention_ports import HeldPart, Holdings

ASKED = "asked"
_TOLD = frozenset({State.DUE, State.HELD, State.TO_REVIEW, State.QUEUED})
_KEEPERS = {"police": Agency.POLICE, "patient": Agency.AMBULANCE}
_OUTCOMES = frozenset(
    kind.__name__ for kind in (iev.OutcomeRecorded, iev.PersonOutcomeRecorded, CareConcluded)
)
_NEVER = Course(None)


@dataclass(frozen=True, slots=True)
class Finding:
    """What of one service at one record stands alike: it goes, or waits, under one clause.

    `record_id` is an incident, a unit or "quarantine"; `basis` is clause or asked.
    """

    agency: Agency
    matter: Matter
    record_id: str
    number: str
    state: State
    clause: str
    words: str
    basis: str
    due_at: datetime | None
    parts: tuple[HeldPart, ...] = ()
    tracks: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[Label, ...]:
        """Return the labels of what is concerned."""
        if self.tracks:
            return (Label.STAFF,)
        return tuple(sorted({held.ref.label for held in self.parts}))


@dataclass(slots=True)
class _Sorted:
    """Findings while they are gathered."""

    found: dict[tuple[object, ...], Finding] = field(default_factory=dict)

    def add(self, one: Finding) -> None:
        key = (one.agency, one.matter, one.record_id, one.state, one.clause, one.basis)
        known = self.found.get(key)
        if known is not None:
            one = replace(
                known,
                parts=known.parts + one.parts,
                tracks=known.tracks + one.tracks,
                messages=known.messages + one.messages,
            )
        self.found[key] = one


class Survey:
    """One look at everything that is held, at one moment under one set of clauses. Changes nothing."""

    def __init__(self, log: EventLog, holdings: Holdings, clauses: Iterable[Clause], now: datetime) -> None:
        self._log = log
        self._holdings = holdings
        self._clauses = tuple(clauses)
        self._now = now
        self._dockets = {agency: docket_of(log, agency) for agency in Agency}
        self._joints: dict[str, Joint | None] = {}
        self._courses: dict[str, Course] = {}
        self._glass: dict[str, str] | None = None

    def findings(self) -> list[Finding]:
        """Return what is due, held, to be reviewed or queued, by service and record."""
        gathered = _Sorted()
        for held in self._candidates():
            self._look_at(held, gathered)
        self._look_at_tracks(gathered)
        for agency in Agency:
            self._look_at_messages(agency, gathered)
        return sorted(gathered.found.values(), key=lambda f: (f.agency, f.matter, f.number, f.record_id))

    def tracks(self) -> list[Finding]:
        """Return what is due or held of crews' positions alone."""
        gathered = _Sorted()
        self._look_at_tracks(gathered)
        return list(gathered.found.values())

    def course_of(self, incident_id: str) -> Course:
        """Return the course of an incident, whichever of its legs is named."""
        joint = self._joint(incident_id)
        if joint is None:
            return _NEVER
        if joint.incident_id not in self._courses:
            self._courses[joint.incident_id] = self._course(joint)
        return self._courses[joint.incident_id]

    def _candidates(self) -> Iterator[HeldPart]:
        """Yield what may be due: recorded long enough ago for the shortest clause, or asked for."""
        until: dict[Label, int] = {}
        for clause in self._clauses:
            for label in clause.labels:
                moment_us = to_us(self._now - clause.keep.least)
                until[label] = max(moment_us, until.get(label, moment_us))
        asked = {one for docket in self._dockets.values() for wish in docket.asked for one in wish.incidents}
        streams = [stream for one in sorted(asked) for stream in streams_of(one)]
        seen: set[tuple[int, int]] = set()
        for source in (self._holdings.parts(until), self._holdings.parts_of(streams)):
            for held in source:
                place = held.event.seq, held.ref.number
                if place not in seen:
                    seen.add(place)
                    yield held

    def _look_at(self, held: HeldPart, gathered: _Sorted) -> None:
        event = held.event
        person = getattr(read_event(event.kind, event.schema_version, event.data), "person", None)
        agency = _KEEPERS.get(held.ref.store) or Agency(event.agency)
        unit_id = duty_of(event.stream)
        if unit_id:
            matter, course = Matter.DUTY, self._duty(unit_id)
            record_id, number = unit_id, self._call_sign(unit_id)
        else:
            incident_id = self._incident_of(event)
            joint = self._joint(incident_id) if incident_id else None
            if joint is None:
                return
            matter, course = Matter.INCIDENT, self.course_of(joint.incident_id)
            record_id, number = joint.incident_id, joint.first.number
        content = Content(agency, matter, held.ref.label, person)
        found = self._finding(content, course, record_id, number)
        if found is not None:
            gathered.add(replace(found, parts=(held,)))

    def _look_at_tracks(self, gathered: _Sorted) -> None:
        for unit_id in sorted(self._holdings.tracks()):
            self._look_at_track(unit_id, gathered)

    def _look_at_track(self, unit_id: str, gathered: _Sorted) -> None:
        """A crew's track is about people of both services: the clause that ends first erases it, any hold keeps it."""
        course, number = self._duty(unit_id), self._call_sign(unit_id)
        found = [
            one
            for agency in Agency
            if (one := self._finding(Content(agency, Matter.POSITIONS), course, unit_id, number)) is not None
        ]
        held = [one for one in found if one.state is State.HELD]
        due = sorted((one for one in found if one.state is State.DUE), key=lambda f: (f.due_at, f.agency))
        waiting = [one for one in found if one.state not in (State.HELD, State.DUE)]
        for one in held or due[:1] or waiting:
            gathered.add(replace(one, tracks=(unit_id,)))

    def _look_at_messages(self, agency: Agency, gathered: _Sorted) -> None:
        for clause in self._clauses:
            if not clause.covers(agency, Matter.QUARANTINE, None):
                continue
            until = to_us(_before(clause, self._now))
            messages = self._holdings.messages(agency, until)
            if messages:
                gathered.add(
                    Finding(
                        agency,
                        Matter.QUARANTINE,
                        Matter.QUARANTINE.value,
                        "",
                        State.DUE,
                        clause.clause_id,
                        clause.words,
                        "clause",
                        None,
                        messages=messages,
                    )
                )

    def _finding(self, content: Content, course: Course, record_id: str, number: str) -> Finding | None:
        found = standing(content, course, self._clauses, self._dockets[content.agency], self._now)
        if found.state not in _TOLD:
            return None
        clause, words = _by(found)
        return Finding(
            content.agency,
            content.matter,
            record_id,
            number,
            found.state,
            clause,
            words,
            ASKED if found.asked else "clause",
            found.due_at,
        )

    def _incident_of(self, event: StoredEvent) -> str | None:
        """Return the incident that an event is about, or None for one of the scheme or of the keeping itself."""
        if event.stream.startswith("inc_"):
            return event.stream.partition("/")[0]
        if event.stream == GLASS:
            happened = read_event(event.kind, event.schema_version, event.data)
            return self._opened().get(str(getattr(happened, "glass_id", "")))
        return None

    def _opened(self) -> dict[str, str]:
        if self._glass is None:
            told = (read_event(e.kind, e.schema_version, e.data) for e in self._log.stream(GLASS))
            self._glass = {t.glass_id: t.incident_id for t in told if isinstance(t, GlassBroken)}
        return self._glass

    def _joint(self, incident_id: str) -> Joint | None:
        if incident_id not in self._joints:
            leg = self._leg(incident_id)
            self._joints[incident_id] = Joint.around(leg, self._leg) if leg else None
        return self._joints[incident_id]

    def _leg(self, incident_id: str) -> Incident | None:
        row = self._log.state(op(incident_id))
        return decode(Incident, row.body) if row else None

    def _course(self, joint: Joint) -> Course:
        outcomes = {person.disposal for person in joint.persons}
        outcomes |= {"custody" for person in joint.persons if person.custody}
        outcomes |= {"s136" for person in joint.persons if person.s136}
        legs = frozenset(leg.incident_id for leg in joint.legs)
        coded_us = [
            event.at_us
            for leg in sorted(legs)
            for stream in streams_of(leg)
            for event in self._log.stream(stream)
            if event.kind in _OUTCOMES
        ]
        outcome_at = from_us(max(coded_us)) if coded_us else None
        return Course(joint.first.closed_at, outcome_at, frozenset(outcomes), legs)

    def _duty(self, unit_id: str) -> Course:
        if unit_id not in self._courses:
            row = self._log.state(unit_id)
            unit = decode(Unit, row.body) if row else None
            told = (read_event(e.kind, e.schema_version, e.data) for e in self._log.stream(unit_id))
            jobs = {
                happened.incident_id if isinstance(happened, uev.UnitAssigned) else happened.to_id
                for happened in told
                if isinstance(happened, (uev.UnitAssigned, uev.UnitDiverted))
            }
            ended_at = unit.booked_off_at if unit else None
            self._courses[unit_id] = Course(ended_at, incidents=frozenset(jobs))
        return self._courses[unit_id]

    def _call_sign(self, unit_id: str) -> str:
        row = self._log.state(unit_id)
        return decode(Unit, row.body).call_sign if row else unit_id


def docket_of(log: EventLog, agency: Agency) -> Docket:
    """Return one service's holds, requests and reviews."""
    docket = Docket()
    for event in log.stream(docket_stream(agency)):
        happened = read_event(event.kind, event.schema_version, event.data)
        docket = noted(docket, happened, event.actor, from_us(event.at_us))
    return docket


def streams_of(incident_id: str) -> tuple[str, ...]:
    """Return all streams of one leg."""
    return (op(incident_id), *(own(incident_id, agency) for agency in Agency))


def _by(found: Standing) -> tuple[str, str]:
    if found.asked or found.clause is None:
        return ASKED, ASKED_WORDS
    return found.clause.clause_id, found.clause.words


def _before(clause: Clause, now: datetime) -> datetime:
    """Return the latest moment from which the period of a clause is over by now."""
    moment = now - clause.keep.least
    while clause.keep.after(moment) > now:
        moment -= clause.keep.after(moment) - now
    return moment

"""An incident: what one stream of events has made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import singledispatch

from . import incident_events as ev
from .agency import Agency
from .asked import Question, Wait, answered
from .event_types import Event


@dataclass(frozen=True, slots=True)
class Reference:
    """One control room's number for the incident, and that service's response clock."""

    agency: Agency
    sender: str
    foreign_id: str
    epoch: int
    grade: str | None
    urgency: int
    clock_start: datetime
    clock_stopped_at: datetime | None = None
    clock_stopped_by: str | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Hazard:
    """A reported hazard; only a person ends it."""

    code: str
    agency: Agency
    at: datetime
    holds: bool
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A single-service resource as its own room reports it."""

    agency: Agency
    call_sign: str
    kind: str
    status: str
    at: datetime
    eta_at: datetime | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another incident that may be the same."""

    other_id: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commitment:
    """A joint unit on the incident."""

    unit_id: str
    call_sign: str
    mode: str
    since: datetime
    until: datetime | None = None
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The crew's coding."""

    need: str
    ended: str
    risk_arrival: str
    risk_leaving: str
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonOutcome:
    """What became of one person."""

    person: int
    disposal: str
    conveyed_by: str | None
    custody: bool
    s136: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The last recorded suitability."""

    verdict: str
    score: float
    policy: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One leg: the incident as one control room opened it. Merged legs keep all they had.

    `joined_at`: since when it has been one with another leg.
    """

    incident_id: str
    number: str
    owner: Agency
    opened_at: datetime
    stub: bool = False
    refs: tuple[Reference, ...] = ()
    type: str | None = None
    type_codes: dict[str, str] | None = None
    district: str | None = None
    cell: str | None = None
    verified: bool = False
    flags: dict[Agency, tuple[str, ...]] | None = None
    hazards: tuple[Hazard, ...] = ()
    scene_safe_at: datetime | None = None
    candidate_rule: str | None = None
    shared_by: tuple[Agency, ...] = ()
    waits: tuple[Wait, ...] = ()
    questions: tuple[Question, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    refused: tuple[str, ...] = ()
    merged_into: str | None = None
    merged: tuple[str, ...] = ()
    joined_at: datetime | None = None
    resources: tuple[Resource, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    verdict: Verdict | None = None
    offered: bool = False
    outcome: Outcome | None = None
    reopened: bool = False
    persons: tuple[PersonOutcome, ...] = ()
    closed_at: datetime | None = None
    closing_reason: str | None = None
    police_s: int = 0
    ambulance_s: int = 0

    @property
    def open(self) -> bool:
        """Tell whether the incident still needs looking at."""
        return self.closed_at is None

    @property
    def all_flags(self) -> frozenset[str]:
        """Return the flags of both services."""
        return frozenset(flag for flags in (self.flags or {}).values() for flag in flags)

    def ref_of(self, agency: Agency) -> Reference | None:
        """Return the reference of one service on this leg."""
        return next((ref for ref in self.refs if ref.agency is agency), None)

    @property
    def active(self) -> tuple[Commitment, ...]:
        """Return the commitments that have not ended."""
        return tuple(c for c in self.commitments if c.until is None)

    @property
    def holding(self) -> tuple[Hazard, ...]:
        """Return the hazards that hold clinicians: those not taken back since police last declared the scene safe.

        The declaration must come after the hazard was told and after it was seen, so that neither a late report nor
        a late declaration lets anybody in.
        """
        safe_at = self.scene_safe_at
        return tuple(
            h
            for h in self.hazards
            if h.holds and h.cleared_at is None and (safe_at is None or h.at > safe_at)
        )

    def wait_answerable(self, asked: Agency) -> Wait | None:
        """Return the newest request to a service that was not released, as answers and times find it."""
        return next((w for w in reversed(self.waits) if w.asked is asked and w.released_at is None), None)

    def wait_open(self, asked: Agency | None = None) -> Wait | None:
        """Return the first request, to one service or to any, that has neither arrived nor been released."""
        return next((w for w in self.waits if w.open and asked in (None, w.asked)), None)


@singledispatch
def _apply(happened: Event, state: Incident, at: datetime) -> Incident:
    """Leave the state alone: the event is history only."""
    return state


def evolve(state: Incident | None, incident_id: str, happened: Event, at: datetime) -> Incident:
    """Return the incident after one event; the first event of a stream must open it."""
    if isinstance(happened, ev.IncidentOpened):
        if state is not None:
            return replace(state, stub=happened.stub)
        return Incident(incident_id, happened.number, happened.owner, at, stub=happened.stub)
    if state is None:
        raise ValueError(f"{incident_id}: {type(happened).__name__} before the incident was opened")
    return _apply(happened, state, at)


@_apply.register
def _(happened: ev.ReferenceAdded, state: Incident, at: datetime) -> Incident:
    ref = Reference(
        happened.agency,
        happened.sender,
        happened.foreign_id,
        happened.epoch,
        happened.grade,
        happened.urgency,
        happened.clock_start,
    )
    name = (ref.agency, ref.sender, ref.foreign_id, ref.epoch)
    known = next((r for r in state.refs if (r.agency, r.sender, r.foreign_id, r.epoch) == name), None)
    if known is None:
        return replace(state, refs=(*state.refs, ref))
    told_again = replace(known, grade=ref.grade, urgency=ref.urgency, clock_start=ref.clock_start)
    return replace(state, refs=tuple(told_again if r is known else r for r in state.refs))


def _with_ref(state: Incident, agency: Agency, **changes: object) -> Incident:
    refs = tuple(replace(r, **changes) if r.agency is agency else r for r in state.refs)  # type: ignore[arg-type]
    return replace(state, refs=refs)


@_apply.register
def _(happened: ev.GradeSet, state: Incident, at: datetime) -> Incident:
    return _with_ref(state, happened.agency, grade=happened.grade, urgency=happened.urgency)


@_apply.register
def _(happened: ev.ClockStopped, state: Incident, at: datetime) -> Incident:
    return _with_ref(state, happened.agency, clock_stopped_at=at, clock_stopped_by=happened.by)


@_apply.register
def _(happened: ev.TypeSet, state: Incident, at: datetime) -> Incident:
    codes = {**(state.type_codes or {}), happened.agency.value: happened.code or ""}
    return replace(state, type=happened.type or state.type, type_codes=codes)


@_apply.register
def _(happened: ev.PlaceSet, state: Incident, at: datetime) -> Incident:
    return replace(state, district=happened.district, cell=happened.cell, verified=happened.verified)


@_apply.register
def _(happened: ev.FlagsSet, state: Incident, at: datetime) -> Incident:
    return replace(state, flags={**(state.flags or {}), happened.agency: happened.flags})


@_apply.register
def _(happened: ev.IncidentShared, state: Incident, at: datetime) -> Incident:
    return replace(state, shared_by=(*state.shared_by, happened.agency))


@_apply.register
def _(happened: ev.CandidateRecognised, state: Incident, at: datetime) -> Incident:
    return replace(state, candidate_rule=happened.rule)


@_apply.register
def _(happened: ev.HazardReported, state: Incident, at: datetime) -> Incident:
    hazard = Hazard(happened.code, happened.agency, at, happened.holds)
    safe_at = None if happened.holds else state.scene_safe_at
    return replace(state, hazards=(*state.hazards, hazard), scene_safe_at=safe_at)


@_apply.register
def _(happened: ev.HazardCleared, state: Incident, at: datetime) -> Incident:
    hazards = tuple(
        replace(h, cleared_at=at) if h.code == happened.code and h.cleared_at is None else h
        for h in state.hazards
    )
    return replace(state, hazards=hazards)


@_apply.register
def _(happened: ev.SceneDeclaredSafe, state: Incident, at: datetime) -> Incident:
    return replace(state, scene_safe_at=at)


@_apply.register
def _(happened: ev.OtherServiceRequested, state: Incident, at: datetime) -> Incident:
    return replace(state, waits=(*state.waits, Wait(happened.asked, happened.by, happened.need, at)))


def _with_wait(state: Incident, asked: Agency, **changes: object) -> Incident:
    """Change the newest request to `asked` that is not over."""
    for index in range(len(state.waits) - 1, -1, -1):
        wait = state.waits[index]
        if wait.asked is asked and wait.released_at is None:
            changed = replace(wait, **changes)  # type: ignore[arg-type]
            return replace(state, waits=(*state.waits[:index], changed, *state.waits[index + 1 :]))
    return state


@_apply.register
def _(happened: ev.OtherServiceAnswered, state: Incident, at: datetime) -> Incident:
    wait = state.wait_answerable(happened.asked)
    if wait is None:
        return state
    answers = answered(wait.answers, at, happened.answer, happened.eta_at)
    first, last = answers[0], answers[-1]
    return _with_wait(
        state,
        happened.asked,
        answers=answers,
        answered_at=min(first.at, wait.answered_at or first.at),
        answer=last.answer,
        eta_at=last.eta_at,
    )


@_apply.register
def _(happened: ev.QuestionAsked, state: Incident, at: datetime) -> Incident:
    question = Question(happened.question_id, happened.asked, happened.by, happened.about, at)
    return replace(state, questions=(*state.questions, question))


@_apply.register
def _(happened: ev.QuestionAnswered, state: Incident, at: datetime) -> Incident:
    state = replace(
        state,
        questions=tuple(
            replace(q, answers=answered(q.answers, at, happened.answer, happened.eta_at))
            if q.question_id == happened.question_id
            else q
            for q in state.questions
        ),
    )
    if happened.about == "release" and happened.answer == "yes":
        return _settled(state, at, "release", happened.asked)
    return state


def _settled(state: Incident, at: datetime, about: str, asked: Agency) -> Incident:
    """End the questions about something that has happened."""
    return replace(
        state,
        questions=tuple(
            replace(q, settled_at=at) if q.settled_at is None and q.about == about and q.asked is asked else q
            for q in state.questions
        ),
    )


@_apply.register
def _(happened: ev.OtherServiceArrived, state: Incident, at: datetime) -> Incident:
    return _settled(_with_wait(state, happened.asked, arrived_at=at), at, "eta", happened.asked)


@_apply.register
def _(happened: ev.OtherServiceReleased, state: Incident, at: datetime) -> Incident:
    state = _with_wait(state, happened.asked, released_at=at)
    state = _settled(state, at, "eta", happened.asked)
    return _settled(state, at, "release", happened.released.other)


@_apply.register
def _(happened: ev.MatchSuggested, state: Incident, at: datetime) -> Incident:
    kept = tuple(s for s in state.suggestions if s.other_id != happened.other_id)
    return replace(
        state, suggestions=(*kept, Suggestion(happened.other_id, happened.score, happened.reasons))
    )


@_apply.register
def _(happened: ev.MatchRefused, state: Incident, at: datetime) -> Incident:
    kept = tuple(s for s in state.suggestions if s.other_id != happened.other_id)
    return replace(state, suggestions=kept, refused=(*state.refused, happened.other_id))


@_apply.register
def _(happened: ev.IncidentsMerged, state: Incident, at: datetime) -> Incident:
    state = replace(state, joined_at=state.joined_at or at)
    if happened.merged_id == state.incident_id:
        return replace(state, merged_into=happened.into_id)
    return replace(state, merged=(*state.merged, happened.merged_id))


@_apply.register
def _(happened: ev.IncidentsUnmerged, state: Incident, at: datetime) -> Incident:
    into = None if happened.merged_id == state.incident_id else state.merged_into
    merged = tuple(m for m in state.merged if m != happened.merged_id)
    return replace(
        state, merged_into=into, merged=merged, joined_at=state.joined_at if into or merged else None
    )


@_apply.register
def _(happened: ev.ResourceReported, state: Incident, at: datetime) -> Incident:
    kept = tuple(r for r in state.resources if r.call_sign != happened.call_sign)
    resource = Resource(
        happened.agency, happened.call_sign, happened.resource, happened.status, at, happened.eta_at
    )
    state = replace(state, resources=(*kept, resource))
    return _settled(state, at, "eta", happened.agency) if happened.status == "scene" else state


@_apply.register
def _(happened: ev.SuitabilityAssessed, state: Incident, at: datetime) -> Incident:
    return replace(state, verdict=Verdict(happened.verdict, happened.score, happened.policy))


@_apply.register
def _(happened: ev.UnitCommitted, state: Incident, at: datetime) -> Incident:
    entry = Commitment(happened.unit_id, happened.call_sign, happened.mode, at)
    return replace(state, commitments=(*state.commitments, entry), offered=True)


@_apply.register
def _(happened: ev.UnitReleased, state: Incident, at: datetime) -> Incident:
    entries = tuple(
        replace(c, until=at, ended=happened.reason)
        if c.unit_id == happened.unit_id and c.until is None
        else c
        for c in state.commitments
    )
    return replace(state, commitments=entries)


@_apply.register
def _(happened: ev.OutcomeRecorded, state: Incident, at: datetime) -> Incident:
    outcome = Outcome(
        happened.need, happened.ended, happened.risk_arrival, happened.risk_leaving, happened.contexts
    )
    return replace(state, outcome=outcome, reopened=False)


@_apply.register
def _(happened: ev.PersonOutcomeRecorded, state: Incident, at: datetime) -> Incident:
    person = PersonOutcome(
        happened.person, happened.disposal, happened.conveyed_by, happened.custody, happened.s136
    )
    kept = tuple(p for p in state.persons if p.person != happened.person)
    return replace(state, persons=tuple(sorted((*kept, person), key=lambda p: p.person)))


@_apply.register
def _(happened: ev.ReferenceClosed, state: Incident, at: datetime) -> Incident:
    return _with_ref(state, happened.agency, closed=True)


@_apply.register
def _(happened: ev.IncidentClosed, state: Incident, at: datetime) -> Incident:
    return replace(
        state,
        closed_at=at,
        closing_reason=happened.reason,
        police_s=happened.police_s,
        ambulance_s=happened.ambulance_s,
    )


@_apply.register
def _(happened: ev.IncidentReopened, state: Incident, at: datetime) -> Incident:
    refs = tuple(replace(ref, closed=False) for ref in state.refs)
    return replace(state, closed_at=None, closing_reason=None, refs=refs, reopened=True)

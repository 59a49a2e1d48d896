"""A unit: a call sign for one duty. Its stream is the only authority over its status, offers and commitments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import singledispatch

from . import shift_events as sev
from . import unit_events as ev
from .agency import Agency, Role
from .blueprint import Blueprint, CrewRule
from .event_types import Event

ON_THE_WAY = frozenset({"assigned", "mobile"})


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat as booked, and whether its holder is aboard."""

    seat: str
    agency: Agency
    role: str
    qualifications: tuple[str, ...]
    present: bool = True
    left_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer nobody has answered yet."""

    offer_id: str
    incident_id: str
    by_agency: Agency
    urgency: int
    made_at: datetime
    expires_at: datetime
    target: str
    rule: str
    consent_of: Agency | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the last offer: accepted, declined, lapsed or withdrawn."""

    offer_id: str
    incident_id: str
    by_agency: Agency
    result: str
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """One commitment of the unit with the first time of each status; `ended` is cleared, diverted or stood_down."""

    incident_id: str
    mode: str
    assigned_at: datetime
    scheme_version: int
    times: dict[str, datetime]
    ended_at: datetime | None = None
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class Backup:
    """Back-up the crew asked for."""

    agency: Agency
    kind: str
    at: datetime
    incident_id: str | None


@dataclass(frozen=True, slots=True)
class PlannedBreak:
    """When and where the crew is to have its break."""

    starts_at: datetime
    minutes: int
    site: str

    @property
    def ends_at(self) -> datetime:
        """Return when it ends; it is missed when it has not begun by then."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Wait:
    """Where a room asked the unit to wait is a payload; `going` None: not answered yet."""

    by_agency: Agency
    at: datetime
    going: bool | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit as its stream tells it."""

    unit_id: str
    call_sign: str
    vehicle_id: str
    district: str
    duty_start: datetime
    duty_end: datetime
    seats: tuple[Seat, ...]
    booked_on_at: datetime
    status: str = "readying"
    status_at: datetime | None = None
    confirmed_at: datetime | None = None
    leg: str | None = None
    against_hold: bool = False
    offer: Offer | None = None
    last_answer: Answer | None = None
    jobs: tuple[Job, ...] = ()
    released: dict[Agency, datetime] | None = None
    backups: tuple[Backup, ...] = ()
    emergency_at: datetime | None = None
    planned_break: PlannedBreak | None = None
    break_began_at: datetime | None = None
    break_ended_at: datetime | None = None
    alone_since: datetime | None = None
    checked_at: datetime | None = None
    booked_off_at: datetime | None = None
    wait: Wait | None = None

    @property
    def open(self) -> bool:
        """Tell whether the duty is running."""
        return self.booked_off_at is None

    @property
    def job(self) -> Job | None:
        """Return the commitment that has not ended."""
        return self.jobs[-1] if self.jobs and self.jobs[-1].ended_at is None else None

    def job_at(self, at: datetime) -> Job | None:
        """Return the commitment that held at a moment, by the first and last moment of each."""
        held = (j for j in self.jobs if j.assigned_at <= at and (j.ended_at is None or at < j.ended_at))
        return next(held, None)

    def is_late(self, at: datetime) -> bool:
        """Tell whether a status of this moment is older than what was told of the unit last."""
        told = [moment for moment in (self.status_at, self.confirmed_at) if moment is not None]
        return bool(told) and at < max(told)

    @property
    def incident_id(self) -> str | None:
        """Return the incident the unit is committed to."""
        return self.job.incident_id if self.job else None

    @property
    def on_the_way(self) -> bool:
        """Tell whether the unit is committed and has not arrived anywhere yet."""
        return self.job is not None and self.status in ON_THE_WAY

    def present(self, agency: Agency) -> int:
        """Return how many people of one service are aboard."""
        return sum(seat.present and seat.agency is agency for seat in self.seats)

    @property
    def alone(self) -> Seat | None:
        """Return the seat of the only person aboard; None when there is nobody, or company."""
        aboard = [seat for seat in self.seats if seat.present]
        return aboard[0] if len(aboard) == 1 else None

    @property
    def has_clinician(self) -> bool:
        """Tell whether a paramedic is aboard."""
        return any(seat.present and seat.role == Role.PARAMEDIC for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Capability:
    """What the people aboard can do now."""

    joint: bool
    words: str
    missing: dict[Agency, int]


_COMPLETE = Capability(True, "joint complete", {})


def capability(unit: Unit, rule: CrewRule) -> Capability:
    """Return the joint capability of those aboard, by the crew rule's minimum of each service."""
    aboard = [seat.agency for seat in unit.seats if seat.present]
    missing = {a: n - aboard.count(a) for a, n in rule.minimum.items() if aboard.count(a) < n}
    if not missing:
        return _COMPLETE
    police, ambulance = aboard.count(Agency.POLICE), aboard.count(Agency.AMBULANCE)
    if not police and not ambulance:
        return Capability(False, "nobody aboard", missing)
    if not ambulance:
        return Capability(False, "police only: no paramedic", missing)
    if not police:
        return Capability(False, "ambulance only: no police", missing)
    short = ", ".join(f"{rule.minimum[a] - n} of {rule.minimum[a]} {a.value}" for a, n in missing.items())
    return Capability(False, f"not joint complete: {short}", missing)


def crew_rule_of(unit: Unit, blueprint: Blueprint) -> CrewRule:
    """Return the crew rule of the unit's district."""
    district = blueprint.districts.get(unit.district) or next(iter(blueprint.districts.values()))
    return blueprint.crew_rules[district.crew_rule]


def evolve(state: Unit | None, unit_id: str, happened: Event, at: datetime) -> Unit:
    """Return the unit after one event; the first event of a stream must book it on."""
    if isinstance(happened, ev.UnitBookedOn):
        seats = tuple(Seat(s.seat, s.agency, s.role, s.qualifications) for s in happened.seats)
        booked = Unit(
            unit_id,
            happened.call_sign,
            happened.vehicle_id,
            happened.district,
            happened.duty_start,
            happened.duty_end,
            seats,
            at,
            status_at=at,
        )
        return _counted(booked, at)
    if state is None:
        raise ValueError(f"{unit_id}: {type(happened).__name__} before the unit was booked on")
    return _apply(happened, state, at)


@singledispatch
def _apply(happened: Event, state: Unit, at: datetime) -> Unit:
    """Leave the state alone: the event is history only."""
    return state


@_apply.register
def _(happened: ev.UnitBookedOff, state: Unit, at: datetime) -> Unit:
    return replace(state, booked_off_at=at, status="off", status_at=at, offer=None, wait=None)


@_apply.register
def _(happened: ev.StatusSet, state: Unit, at: datetime) -> Unit:
    jobs = state.jobs
    job = state.job
    if job is not None and happened.incident_id == job.incident_id:
        first = min(at, job.times.get(happened.status, at))
        jobs = (*jobs[:-1], replace(job, times={**job.times, happened.status: first}))
    if state.is_late(at):
        return replace(state, jobs=jobs)
    was, now = state.status == "meal", happened.status == "meal"
    again = happened.status == state.status
    return replace(
        state,
        status=happened.status,
        status_at=state.status_at if again else at,
        confirmed_at=at if again else None,
        leg=happened.leg,
        against_hold=happened.against_hold,
        jobs=jobs,
        planned_break=None if now else state.planned_break,
        break_began_at=at if now and not was else state.break_began_at,
        break_ended_at=at if was and not now else state.break_ended_at,
    )


def _with_seat(state: Unit, name: str, *, present: bool, reason: str | None) -> Unit:
    seats = tuple(
        replace(s, present=present, left_reason=reason) if s.seat == name else s for s in state.seats
    )
    return replace(state, seats=seats)


def _counted(state: Unit, at: datetime) -> Unit:
    """Return the unit with since when one person is alone aboard."""
    return replace(state, alone_since=at if state.alone else None)


@_apply.register
def _(happened: ev.SeatLeft, state: Unit, at: datetime) -> Unit:
    return _counted(_with_seat(state, happened.seat, present=False, reason=happened.reason), at)


@_apply.register
def _(happened: ev.SeatTaken, state: Unit, at: datetime) -> Unit:
    return _counted(_with_seat(state, happened.seat, present=True, reason=None), at)


@_apply.register
def _(happened: ev.BreakPlanned, state: Unit, at: datetime) -> Unit:
    planned = PlannedBreak(happened.starts_at, happened.minutes, happened.site)
    return replace(state, planned_break=planned)


@_apply.register
def _(happened: ev.BreakCancelled, state: Unit, at: datetime) -> Unit:
    return replace(state, planned_break=None)


@_apply.register
def _(happened: ev.CheckedIn, state: Unit, at: datetime) -> Unit:
    return replace(state, checked_at=max(at, state.checked_at or at))


@_apply.register
def _(happened: sev.CrewChanged, state: Unit, at: datetime) -> Unit:
    held = Seat(happened.seat, happened.agency, happened.role, happened.qualifications)
    if any(seat.seat == held.seat for seat in state.seats):
        seats = tuple(held if s.seat == held.seat else s for s in state.seats)
    else:
        seats = (*state.seats, held)
    return _counted(replace(state, seats=seats), at)


@_apply.register
def _(happened: sev.WaitSuggested, state: Unit, at: datetime) -> Unit:
    return replace(state, wait=Wait(happened.by_agency, at))


@_apply.register
def _(happened: sev.WaitAnswered, state: Unit, at: datetime) -> Unit:
    going = happened.answer == "going"
    return replace(state, wait=replace(state.wait, going=True) if state.wait and going else None)


@_apply.register
def _(happened: ev.UnitOffered, state: Unit, at: datetime) -> Unit:
    offer = Offer(
        happened.offer_id,
        happened.incident_id,
        happened.by_agency,
        happened.urgency,
        at,
        happened.expires_at,
        happened.target,
        happened.rule,
        happened.consent_of,
    )
    return replace(state, offer=offer)


@_apply.register
def _(happened: ev.OfferConsented, state: Unit, at: datetime) -> Unit:
    return replace(state, offer=replace(state.offer, consent_of=None) if state.offer else None)


def _answered(state: Unit, result: str, reason: str | None, at: datetime) -> Unit:
    offer = state.offer
    if offer is None:
        return state
    answer = Answer(offer.offer_id, offer.incident_id, offer.by_agency, result, reason, at)
    return replace(state, offer=None, last_answer=answer)


@_apply.register
def _(happened: ev.OfferAccepted, state: Unit, at: datetime) -> Unit:
    return _answered(state, "accepted", None, at)


@_apply.register
def _(happened: ev.OfferDeclined, state: Unit, at: datetime) -> Unit:
    return _answered(state, "declined", happened.reason, at)


@_apply.register
def _(happened: ev.OfferLapsed, state: Unit, at: datetime) -> Unit:
    return _answered(state, "lapsed", None, at)


@_apply.register
def _(happened: ev.OfferWithdrawn, state: Unit, at: datetime) -> Unit:
    return _answered(state, "withdrawn", happened.reason, at)


def _begin(state: Unit, job: Job, at: datetime) -> Unit:
    return replace(
        state,
        jobs=(*state.jobs, job),
        status="assigned",
        status_at=at,
        leg=None,
        against_hold=False,
        released=None,
        wait=None,
    )


def _end(state: Unit, at: datetime, how: str) -> Unit:
    job = state.job
    if job is None:
        return state
    return replace(state, jobs=(*state.jobs[:-1], replace(job, ended_at=at, ended=how)), released=None)


@_apply.register
def _(happened: ev.UnitAssigned, state: Unit, at: datetime) -> Unit:
    job = Job(happened.incident_id, happened.mode, at, happened.scheme_version, {"assigned": at})
    return _begin(state, job, at)


@_apply.register
def _(happened: ev.UnitDiverted, state: Unit, at: datetime) -> Unit:
    job = Job(happened.to_id, happened.by_agency.value, at, happened.scheme_version, {"assigned": at})
    return _begin(_end(state, at, "diverted"), job, at)


@_apply.register
def _(happened: ev.UnitStoodDown, state: Unit, at: datetime) -> Unit:
    return replace(_end(state, at, "stood_down"), status="available", status_at=at, against_hold=False)


@_apply.register
def _(happened: ev.UnitCleared, state: Unit, at: datetime) -> Unit:
    return _end(state, at, "cleared")


@_apply.register
def _(happened: ev.AgencyReleased, state: Unit, at: datetime) -> Unit:
    return replace(state, released={**(state.released or {}), happened.agency: at})


@_apply.register
def _(happened: ev.BackupRequested, state: Unit, at: datetime) -> Unit:
    entry = Backup(happened.agency, happened.backup, at, happened.incident_id)
    return replace(state, backups=(*state.backups, entry))


@_apply.register
def _(happened: ev.EmergencyRaised, state: Unit, at: datetime) -> Unit:
    return replace(state, emergency_at=at)


@_apply.register
def _(happened: ev.EmergencyCancelled, state: Unit, at: datetime) -> Unit:
    return replace(state, emergency_at=None)

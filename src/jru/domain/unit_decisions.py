"""What may be done with a unit on duty: booking, statuses, seats, back-up and emergencies."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import singledispatch

from . import commands as cmd
from . import incident_events as iev
from . import unit_events as ev
from .agency import Agency, Label, Role
from .blueprint import Blueprint, SeatRule, StatusRule
from .breaks import decide_break
from .deciding import Decision, Setting, emit, op
from .event_types import Emitted, Part
from .joint import Joint
from .refusal import Refusal
from .unit import Unit
from .words import plain, small

LONGEST_DUTY = timedelta(hours=16)
LEGS = frozenset({"hospital", "custody", "s136_suite"})
LEAVING_REASONS = frozenset({"custody", "hospital", "other"})
BACKUP = frozenset({"patrol", "ambulance", "supervisor", "fire"})
_STOPPING_STATUSES = frozenset({"scene", "patient"})


def decide_book_on(setting: Setting, unit_id: str, command: cmd.BookOn) -> Decision:
    """Begin a duty: seats, roles and qualifications are checked against the district's crew rule."""
    blueprint = setting.blueprint
    refusal = _check_duty(command, blueprint) or _check_seats(command, blueprint)
    if refusal is not None:
        return refusal
    seats = tuple(
        ev.SeatHeld(s.seat, s.agency, s.role.value, tuple(sorted(s.qualifications))) for s in command.seats
    )
    booked = ev.UnitBookedOn(
        command.call_sign,
        command.vehicle_id,
        command.district,
        command.duty_start,
        command.duty_end,
        seats,
        blueprint.version,
    )
    names = [
        Part(Label.STAFF, agency, {s.seat: s.name for s in command.seats if s.agency is agency})
        for agency in Agency
    ]
    parts = [part for part in names if part.content]
    return [emit(unit_id, booked, setting.at(command), *parts)]


def _check_duty(command: cmd.BookOn, blueprint: Blueprint) -> Refusal | None:
    if command.district not in blueprint.districts:
        return Refusal("unknown_district", f"the scheme has no district {command.district!r}")
    if command.vehicle_id not in blueprint.vehicles:
        return Refusal("unknown_vehicle", f"the scheme has no vehicle {command.vehicle_id!r}")
    length = command.duty_end - command.duty_start
    if not timedelta(0) < length <= LONGEST_DUTY:
        return Refusal("duty_length", "a duty ends after it starts and within 16 hours")
    return None


def _check_seats(command: cmd.BookOn, blueprint: Blueprint) -> Refusal | None:
    rule = blueprint.crew_rules[blueprint.districts[command.district].crew_rule]
    rules = {seat.seat: seat for seat in rule.seats}
    names = [seat.seat for seat in command.seats]
    if not names:
        return Refusal("nobody", "a unit needs somebody aboard")
    if len(set(names)) != len(names):
        return Refusal("seat_twice", "two people in one seat")
    refusals = (check_seat(seat, rules, blueprint) for seat in command.seats)
    return next((refusal for refusal in refusals if refusal is not None), None)


def check_seat(seat: cmd.SeatFilled, rules: dict[str, SeatRule], blueprint: Blueprint) -> Refusal | None:
    """Return why somebody may not sit on a seat by the crew rule, or None."""
    wanted = rules.get(seat.seat)
    if wanted is None:
        seats = ", ".join(map(plain, rules))
        return Refusal("unknown_seat", f"the crew rule has no seat {seat.seat!r}: {seats}")
    if seat.agency is not wanted.agency or seat.role not in wanted.roles:
        roles = " or ".join(sorted(plain(r) for r in wanted.roles))
        return Refusal(
            "wrong_seat", f"seat {plain(seat.seat)} is for a {roles} of the {wanted.agency.value} service"
        )
    missing = wanted.qualifications - set(seat.qualifications)
    if missing:
        needed = ", ".join(small(blueprint.qualifications[q]) for q in sorted(missing))
        return Refusal("qualification_missing", f"seat {plain(seat.seat)} needs: {needed}")
    for given in seat.qualifications:
        if given not in blueprint.qualifications:
            return Refusal("unknown_qualification", f"the scheme has no qualification {given!r}")
    return None


def decide(setting: Setting, unit: Unit, joint: Joint | None, command: cmd.OnUnit) -> Decision:
    """Decide a command about one unit; `joint` is the incident it is committed to."""
    if not unit.open:
        return Refusal("off_duty", f"{unit.call_sign} has booked off")
    return _decide(command, setting, unit, joint)


@singledispatch
def _decide(command: cmd.OnUnit, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    raise TypeError(f"no rule for {type(command).__name__}")


@_decide.register
def _(command: cmd.BookOff, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    if unit.job is not None:
        return Refusal("committed", "the unit is on an incident: clear it or hand it over first")
    if unit.emergency_at is not None:
        return Refusal("emergency", "an emergency is open: a room ends it after voice contact")
    at = setting.at(command)
    emitted: list[Emitted] = []
    if unit.offer is not None:
        emitted.append(emit(unit.unit_id, ev.OfferDeclined(unit.offer.offer_id, "end_of_duty"), at))
    return [*emitted, emit(unit.unit_id, ev.UnitBookedOff(), at)]


@_decide.register
def _(command: cmd.SetStatus, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    rule = setting.blueprint.statuses.get(command.status)
    refusal = _check_status(command, unit, rule)
    if refusal is not None or rule is None:
        return refusal or Refusal("unknown_status", f"the scheme has no status {command.status!r}")
    at = setting.at(command)
    emitted: list[Emitted] = []
    job = unit.job_at(at)
    late = unit.is_late(at)
    ends = job is not None and job is unit.job and not rule.on_incident and rule.available and not late
    if job is not None and ends:
        emitted.append(emit(unit.unit_id, ev.UnitCleared(job.incident_id), at))
        emitted.append(_released(unit, job.incident_id, joint, "cleared", at))
    arrived = joint is not None and job is unit.job and command.status in _STOPPING_STATUSES
    against = arrived and joint is not None and bool(joint.holding) and unit.has_clinician
    status = ev.StatusSet(
        command.status,
        rule.police_code,
        rule.ambulance_word,
        None if ends or job is None else job.incident_id,
        command.leg,
        _skipped(unit.status, command.status, setting.blueprint),
        against,
    )
    emitted.append(emit(unit.unit_id, status, at))
    if joint is not None and arrived:
        emitted += _arrival(setting, unit, joint, at)
    return emitted


def _check_status(command: cmd.SetStatus, unit: Unit, rule: StatusRule | None) -> Refusal | None:
    if rule is None:
        return Refusal("unknown_status", f"the scheme has no status {command.status!r}")
    if command.status in ("off", "offered", "assigned", "emergency"):
        return Refusal("not_a_tap", f"{rule.word} comes from booking off, an offer or the emergency button")
    if command.leg is not None and command.leg not in LEGS:
        return Refusal("unknown_leg", f"a transport goes to {', '.join(sorted(LEGS))}")
    if rule.on_incident and unit.job is None:
        return Refusal("no_incident", f"{rule.word} needs an incident; {unit.call_sign} has none")
    if not rule.on_incident and not rule.available and unit.job is not None:
        return Refusal("committed", f"{unit.call_sign} is on an incident: clear it before {rule.word}")
    return None


def _released(unit: Unit, incident_id: str, joint: Joint | None, how: str, at: datetime) -> Emitted:
    leg_id = committed_leg(unit, joint) or incident_id
    released = iev.UnitReleased(unit.unit_id, unit.call_sign, how)
    return emit(op(leg_id), released, at)


def committed_leg(unit: Unit, joint: Joint | None) -> str | None:
    """Return the leg on which the unit's commitment stands."""
    legs = joint.legs if joint else ()
    return next((g.incident_id for g in legs if any(c.unit_id == unit.unit_id for c in g.active)), None)


def _skipped(current: str, new: str, blueprint: Blueprint) -> tuple[str, ...]:
    """Return the usual statuses between two that were not tapped; nothing when the new one is a usual next."""
    rule = blueprint.statuses.get(current)
    if rule is None or new in rule.follows or current == new:
        return ()
    path: list[str] = []
    step = current
    while blueprint.statuses[step].follows and len(path) < len(blueprint.statuses):
        step = blueprint.statuses[step].follows[0]
        if step == new:
            return tuple(path)
        if step in path or step == current:
            return ()
        path.append(step)
    return ()


def _arrival(setting: Setting, unit: Unit, joint: Joint, at: datetime) -> list[Emitted]:
    """Return what the unit's arrival means for waits and clocks."""
    emitted: list[Emitted] = []
    for leg in joint.legs:
        stream = op(leg.incident_id)
        emitted += [
            emit(stream, iev.OtherServiceArrived(asked, unit.call_sign), at)
            for asked in Agency
            if leg.wait_open(asked) and unit.present(asked)
        ]
        for ref in leg.refs:
            if (
                ref.clock_stopped_at is None
                and unit.present(ref.agency)
                and _stops_clock(setting, ref.agency, ref.grade)
            ):
                emitted.append(emit(stream, iev.ClockStopped(ref.agency, unit.call_sign), at))
    return emitted


def _stops_clock(setting: Setting, agency: Agency, code: str | None) -> bool:
    grade = setting.blueprint.partners[agency].grade(code or "")
    return grade is not None and grade.unit_stops_clock


@_decide.register
def _(command: cmd.ChangeSeat, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    seat = next((s for s in unit.seats if s.seat == command.seat), None)
    if seat is None:
        return Refusal("unknown_seat", f"{unit.call_sign} has no seat {command.seat!r}")
    if seat.present == command.present:
        return Refusal(
            "nothing_changed", f"{plain(command.seat)} is {'aboard' if seat.present else 'away'} already"
        )
    if command.reason not in LEAVING_REASONS:
        return Refusal(
            "unknown_code", f"the reason for leaving is one of {', '.join(sorted(LEAVING_REASONS))}"
        )
    at = setting.at(command)
    changed = ev.SeatTaken(command.seat) if command.present else ev.SeatLeft(command.seat, command.reason)
    return [emit(unit.unit_id, changed, at)]


@_decide.register
def _(command: cmd.CheckIn, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    how = "tap" if setting.by.unit_id == unit.unit_id else "voice"
    # A device that is ahead must not put the next check off.
    return [emit(unit.unit_id, ev.CheckedIn(how), min(setting.at(command), setting.now))]


@_decide.register(cmd.PlanBreak)
@_decide.register(cmd.CancelBreak)
def _(command: cmd.OnUnit, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    return decide_break(command, setting, unit)


@_decide.register
def _(command: cmd.ReleaseAgency, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    if unit.job is None:
        return Refusal("no_incident", f"{unit.call_sign} has no incident")
    if command.agency in (unit.released or {}):
        return Refusal("nothing_changed", f"the {command.agency.value} part is released already")
    released = ev.AgencyReleased(unit.job.incident_id, command.agency)
    return [emit(unit.unit_id, released, setting.at(command))]


@_decide.register
def _(command: cmd.RequestBackup, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    if command.kind not in BACKUP:
        return Refusal("unknown_code", f"back-up is one of {', '.join(sorted(BACKUP))}")
    asked = ev.BackupRequested(unit.incident_id, command.agency, command.kind)
    return [emit(unit.unit_id, asked, setting.at(command))]


@_decide.register
def _(command: cmd.RaiseEmergency, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    if unit.emergency_at is not None:
        return Refusal("nothing_changed", "the emergency is open already: both rooms see it")
    return [emit(unit.unit_id, ev.EmergencyRaised(), setting.at(command))]


@_decide.register
def _(command: cmd.CancelEmergency, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    if not (Role(setting.by.role).is_dispatcher or setting.by.role == Role.DUTY_SUPERVISOR):
        return Refusal("not_entitled", "only a control room ends an emergency")
    if unit.emergency_at is None:
        return Refusal("nothing_changed", "no emergency is open")
    if not command.voice_contact:
        return Refusal("no_voice_contact", "speak to the crew first")
    return [emit(unit.unit_id, ev.EmergencyCancelled(setting.by.agency), setting.at(command))]

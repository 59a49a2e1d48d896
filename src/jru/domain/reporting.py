"""Reports of control rooms: how an incident begins and how its room changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from . import incident_events as ev
from .agency import Agency, ForeignRef, Label
from .blueprint import Blueprint
from .commands import CallerGiven, HazardGiven, ReceiveReport, TakeCall, UpdateIncident
from .deciding import Decision, PlaceFound, Setting, emit, op, own, text_part
from .event_types import Emitted, Part
from .incident import Incident
from .refusal import Refusal

UNKNOWN_URGENCY = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says, whichever way it came. None and empty mean "not said"."""

    agency: Agency
    ref: ForeignRef | None = None
    grade: str | None = None
    type: str | None = None
    type_code: str | None = None
    place: PlaceFound | None = None
    remarks: str = ""
    caller: CallerGiven | None = None
    flags: tuple[str, ...] | None = None
    hazards: tuple[HazardGiven, ...] = ()
    clock_start: datetime | None = None


def type_of_code(agency: Agency, code: str, blueprint: Blueprint) -> str | None:
    """Return the joint type that one service's own code maps to, or None for an unknown code."""
    for kind in blueprint.types.values():
        codes = kind.police_codes if agency is Agency.POLICE else kind.ambulance_codes
        if code in codes:
            return kind.type_id
    return None


def told_by_report(
    command: ReceiveReport, agency: Agency, blueprint: Blueprint, place: PlaceFound | None
) -> Told:
    """Return what a control-room message says."""
    code = command.type_code
    return Told(
        agency=agency,
        ref=ForeignRef(command.sender, command.foreign_id, command.epoch),
        grade=command.grade,
        type=type_of_code(agency, code, blueprint) if code else None,
        type_code=code,
        place=place,
        remarks=command.remarks,
        caller=command.caller,
        flags=command.flags or None,
        hazards=command.hazards,
        clock_start=command.clock_start,
    )


def own_number(setting: Setting, number: str, given: str | None = None) -> ForeignRef:
    """Return the reference of a new incident of the actor's service; its own number where no other was given."""
    sender = setting.blueprint.partners[setting.by.agency].senders[0]
    return ForeignRef(sender, given or f"JRU-{setting.now:%m%d}-{number}", setting.now.year)


def told_by_call(command: TakeCall, agency: Agency, ref: ForeignRef, place: PlaceFound | None) -> Told:
    """Return what a dispatcher entered."""
    return Told(
        agency=agency,
        ref=ref,
        grade=command.grade,
        type=command.type,
        place=place,
        remarks=command.remarks,
        caller=command.caller,
        flags=command.flags or None,
        hazards=command.hazards,
        clock_start=command.clock_start,
    )


def open_incident(
    setting: Setting, incident_id: str, number: str, told: Told, at: datetime, *, stub: bool
) -> Decision:
    """Begin an incident with its first report; `stub` when the first message was lost."""
    opened = emit(op(incident_id), ev.IncidentOpened(number, told.agency, stub), at)
    reference = _reference(setting, incident_id, told, at)
    return [opened, *reference, *_details(setting, incident_id, told, at)]


def change_incident(
    setting: Setting, leg: Incident, told: Told, at: datetime, *, fills_stub: bool
) -> Decision:
    """Apply a later report of the same room to its leg; a first report that came late fills the stub."""
    emitted: list[Emitted] = []
    ref = leg.ref_of(told.agency)
    if fills_stub:
        emitted.append(emit(op(leg.incident_id), ev.IncidentOpened(leg.number, leg.owner, stub=False), at))
        grade = told.grade or (ref.grade if ref else None)
        emitted += _reference(setting, leg.incident_id, replace(told, grade=grade), at)
    elif told.grade and ref is not None and told.grade != ref.grade:
        emitted.append(emit(op(leg.incident_id), _grade(setting, told), at))
    return [*emitted, *_details(setting, leg.incident_id, told, at, leg)]


def _grade(setting: Setting, told: Told) -> ev.GradeSet:
    code = told.grade or ""
    known = setting.blueprint.partners[told.agency].grade(code)
    return ev.GradeSet(told.agency, code, known.urgency if known else UNKNOWN_URGENCY, known is not None)


def _reference(setting: Setting, incident_id: str, told: Told, at: datetime) -> list[Emitted]:
    if told.ref is None:
        return []
    grade = _grade(setting, told) if told.grade else None
    added = ev.ReferenceAdded(
        told.agency,
        told.ref.sender,
        told.ref.foreign_id,
        told.ref.epoch,
        told.grade,
        grade.urgency if grade else UNKNOWN_URGENCY,
        told.clock_start or at,
    )
    events = [emit(op(incident_id), added, at)]
    if grade is not None and not grade.known:
        events.append(emit(op(incident_id), grade, at))
    return events


def _details(
    setting: Setting, incident_id: str, told: Told, at: datetime, leg: Incident | None = None
) -> list[Emitted]:
    stream, agency = op(incident_id), told.agency
    emitted: list[Emitted] = []
    if _types_it_anew(told, leg):
        emitted.append(emit(stream, ev.TypeSet(agency, told.type, told.type_code), at))
    if told.place is not None:
        place = told.place
        placed = ev.PlaceSet(agency, place.district, place.cell, place.verified)
        emitted.append(emit(stream, placed, at, place.part()))
    flags = None if told.flags is None else tuple(sorted(set(told.flags)))
    if flags is not None and not (leg and (leg.flags or {}).get(agency) == flags):
        emitted.append(emit(stream, ev.FlagsSet(agency, flags), at))
    known = {h.code for h in leg.hazards if h.cleared_at is None} if leg else set()
    kind = setting.blueprint.types.get(told.type or "")
    if kind is not None and kind.holds and kind.type_id not in known:
        emitted.append(emit(stream, ev.HazardReported(kind.type_id, agency, holds=True), at))
    new = [hazard for hazard in told.hazards if hazard.code not in known]
    emitted += [hazard_event(setting, incident_id, agency, hazard, at) for hazard in new]
    if told.remarks:
        remarks = text_part(Label.IDENTITY, agency, told.remarks)
        emitted.append(emit(own(incident_id, agency), ev.RemarksRecorded(agency), at, remarks))
    if told.caller is not None:
        caller = Part(Label.IDENTITY, agency, {"name": told.caller.name, "phone": told.caller.phone})
        emitted.append(emit(own(incident_id, agency), ev.CallerRecorded(agency), at, caller))
    return emitted


def _types_it_anew(told: Told, leg: Incident | None) -> bool:
    """Tell whether a report types the incident otherwise than it stands; an unknown code is news once."""
    if told.type is None:
        known = (leg.type_codes or {}).get(told.agency.value) if leg else None
        return bool(told.type_code) and told.type_code != known
    return leg is None or leg.type != told.type


def hazard_event(
    setting: Setting, incident_id: str, agency: Agency, hazard: HazardGiven, at: datetime
) -> Emitted:
    """Return the event of one hazard; an unknown code is kept and shown as it came."""
    known = setting.blueprint.hazards.get(hazard.code)
    reported = ev.HazardReported(hazard.code, agency, known.holds if known else False)
    parts = (text_part(Label.SAFETY, None, hazard.note),) if hazard.note else ()
    return emit(op(incident_id), reported, at, *parts)


def decide_update(
    setting: Setting, leg: Incident, command: UpdateIncident, place: PlaceFound | None
) -> Decision:
    """Change what the own service said of its incident."""
    if not leg.open:
        return Refusal("closed", "the incident is closed; open it again first")
    agency = setting.by.agency
    if command.grade is not None and leg.ref_of(agency) is None:
        return Refusal(
            "no_own_reference", f"the {agency.value} service has no reference on this incident to grade"
        )
    if command.grade is not None and setting.blueprint.partners[agency].grade(command.grade) is None:
        return Refusal("unknown_grade", f"the {agency.value} service has no grade {command.grade!r}")
    if command.type is not None and command.type not in setting.blueprint.types:
        return Refusal("unknown_type", f"the scheme has no incident type {command.type!r}")
    for flag in command.flags or ():
        if flag not in setting.blueprint.flags:
            return Refusal("unknown_flag", f"the scheme has no flag {flag!r}")
    told = Told(agency, grade=command.grade, type=command.type, place=place, flags=command.flags)
    decided = change_incident(setting, leg, told, setting.at(command), fills_stub=False)
    return decided or Refusal("nothing_changed", "nothing in this differs from what is recorded")

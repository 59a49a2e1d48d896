"""What may be done in the course of a crew's duty beside its jobs: readiness, seats, what it comes upon, waiting."""

from __future__ import annotations

from functools import singledispatch

from . import commands as cmd
from . import incident_events as iev
from . import shift_commands as sc
from . import shift_events as ev
from . import unit_events as uev
from .agency import ForeignRef, Label
from .deciding import Decision, PlaceFound, Setting, emit, op
from .event_types import Emitted, Part
from .joint import Joint
from .refusal import Refusal
from .reporting import Told, open_incident
from .unit import Unit, crew_rule_of
from .unit_decisions import check_seat
from .unit_decisions import decide as decide_unit

SCENE = "scene"
HAPPENED = ("injury", "assault", "near_miss")
"""What a debrief asks for by name; for each the service has a report of its own."""


def decide(setting: Setting, unit: Unit, joint: Joint | None, command: sc.OnShift) -> Decision:
    """Decide any shift command that looks at its unit only."""
    if not unit.open:
        return Refusal("off_duty", f"{unit.call_sign} has booked off")
    return _decide(command, setting, unit, joint)


@singledispatch
def _decide(command: sc.OnShift, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    raise TypeError(f"no rule for {type(command).__name__}")


@_decide.register
def _(command: sc.ConfirmReady, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    if unit.status != "readying":
        word = setting.blueprint.statuses[unit.status].word
        return Refusal("not_readying", f"{unit.call_sign} is not being checked now: {word}")
    vehicle = setting.blueprint.vehicles.get(unit.vehicle_id)
    lists = vehicle.kit if vehicle else ()
    available = cmd.SetStatus(unit_id=unit.unit_id, status="available", at=command.at)
    decision = decide_unit(setting, unit, joint, available)
    if isinstance(decision, Refusal):
        return decision
    return [emit(unit.unit_id, ev.ReadinessConfirmed(lists), setting.at(command)), *decision]


@_decide.register
def _(command: sc.FillSeat, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    filled = command.filled
    rules = {rule.seat: rule for rule in crew_rule_of(unit, setting.blueprint).seats}
    refusal = check_seat(filled, rules, setting.blueprint)
    if refusal is not None:
        return refusal
    changed = ev.CrewChanged(
        filled.seat, filled.agency, filled.role.value, tuple(sorted(filled.qualifications))
    )
    name = Part(Label.STAFF, filled.agency, {filled.seat: filled.name})
    return [emit(unit.unit_id, changed, setting.at(command), name)]


@_decide.register
def _(command: sc.SuggestWait, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    if unit.job is not None:
        return Refusal("committed", f"{unit.call_sign} is on an incident: it waits nowhere")
    place = command.place
    where: dict[str, object] = {"text": place.text, "lon": place.lon, "lat": place.lat}
    if command.reason:
        where["reason"] = command.reason
    suggested = ev.WaitSuggested(setting.by.agency)
    return [emit(unit.unit_id, suggested, setting.at(command), Part(Label.OPERATIONAL, None, where))]


@_decide.register
def _(command: sc.AnswerWait, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    if unit.wait is None:
        return Refusal("nothing_suggested", "no room suggests a place to wait any more")
    answer = ev.WaitAnswered("going" if command.going else "not_now")
    return [emit(unit.unit_id, answer, setting.at(command))]


@_decide.register
def _(command: sc.ConfirmBriefing, setting: Setting, unit: Unit, joint: Joint | None) -> Decision:
    if command.version != setting.blueprint.version:
        return Refusal("briefing_changed", "the briefing has changed since: read it again")
    by = setting.by
    confirmed = ev.BriefingConfirmed(by.agency, setting.blueprint.version)
    return [
        emit(unit.unit_id, confirmed, setting.at(command), Part(Label.STAFF, by.agency, {"name": by.name}))
    ]


def decide_debrief(setting: Setting, unit: Unit, command: sc.RecordDebrief) -> Decision:
    """Keep what one member says of a duty, for that member and nobody else."""
    for code in command.happened:
        if code not in HAPPENED:
            return Refusal("unknown_code", f"what happened is one of {', '.join(HAPPENED)}")
    said = {"kit": command.kit, "helped": command.helped, "hindered": command.hindered}
    words = {name: text.strip() for name, text in said.items() if text.strip()}
    if not command.happened and not words:
        return Refusal("nothing_said", "say something of the duty, or leave it")
    by = setting.by
    content: dict[str, object] = {"happened": list(dict.fromkeys(command.happened)), **words}
    stream = ev.debrief_stream(unit.unit_id, by.agency)
    told = ev.DebriefRecorded(unit.unit_id, by.agency)
    return [emit(stream, told, setting.at(command), Part(Label.STAFF, by.agency, content))]


def decide_on_view(
    setting: Setting,
    unit: Unit,
    incident_id: str,
    number: str,
    ref: ForeignRef,
    place: PlaceFound | None,
    command: sc.OpenOnView,
) -> Decision:
    """Open what the crew came upon as an incident of its own service, with the unit at the scene."""
    refusal = _cannot_engage(setting, unit, command)
    if refusal is not None:
        return refusal
    at, agency = setting.at(command), setting.by.agency
    told = Told(agency=agency, ref=ref, type=command.type, place=place, hazards=command.hazards)
    opened = open_incident(setting, incident_id, number, told, at, stub=False)
    if isinstance(opened, Refusal):
        return opened
    emitted: list[Emitted] = [*opened]
    if unit.offer is not None:
        emitted.append(emit(unit.unit_id, uev.OfferDeclined(unit.offer.offer_id, "took_another"), at))
    assigned = uev.UnitAssigned(incident_id, "on_view", agency, setting.blueprint.version)
    scene = setting.blueprint.statuses[SCENE]
    against = unit.has_clinician and _holds(setting, command)
    there = uev.StatusSet(
        SCENE, scene.police_code, scene.ambulance_word, incident_id, None, (), against_hold=against
    )
    return [
        *emitted,
        emit(unit.unit_id, assigned, at),
        emit(op(incident_id), iev.UnitCommitted(unit.unit_id, unit.call_sign, "on_view"), at),
        emit(unit.unit_id, there, at),
    ]


def _cannot_engage(setting: Setting, unit: Unit, command: sc.OpenOnView) -> Refusal | None:
    if not unit.open:
        return Refusal("off_duty", f"{unit.call_sign} has booked off")
    if unit.job is not None:
        return Refusal("committed", f"{unit.call_sign} is on an incident: tell your room by radio")
    if command.type not in setting.blueprint.types:
        return Refusal("unknown_type", f"the scheme has no incident type {command.type!r}")
    for hazard in command.hazards:
        if hazard.code not in setting.blueprint.hazards:
            return Refusal("unknown_hazard", f"the scheme has no hazard {hazard.code!r}")
    return None


def _holds(setting: Setting, command: sc.OpenOnView) -> bool:
    hazards = setting.blueprint.hazards
    return setting.blueprint.types[command.type].holds or any(hazards[h.code].holds for h in command.hazards)

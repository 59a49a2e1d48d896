"""Offers: two rooms, one vehicle. The unit's stream decides, so exactly one claim wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from . import commands as cmd
from . import incident_events as iev
from . import unit_events as ev
from .agency import Agency, Label
from .blueprint import DistrictStatus
from .deciding import Decision, Setting, emit, op, text_part
from .event_types import Emitted, Part
from .joint import Joint
from .lone import refuse_alone
from .refusal import Refusal
from .tasking import Allowed, may_divert, may_leave_districts, may_offer, not_live, outranks
from .unit import Unit
from .unit_decisions import committed_leg


@dataclass(frozen=True, slots=True)
class Way:
    """What is known of the unit's way to the incident when it was offered. The position is a payload."""

    eta_s: float | None
    method: str
    lon: float | None
    lat: float | None
    status: DistrictStatus | None


def decide_offer(
    setting: Setting, unit: Unit, joint: Joint, way: Way, offer_id: str, command: cmd.OfferUnit
) -> Decision:
    """Offer an incident to a unit, if it is free and the tasking policy lets this room do so."""
    by, policy = setting.by.agency, setting.blueprint.tasking_for(joint.district)
    refusal = _check_free(setting, unit, joint)
    if refusal is not None:
        return refusal
    in_area = setting.blueprint.in_area(unit.district, joint.district)
    allowed = may_offer(policy, by, joint, way.status, way.eta_s, in_area=in_area)
    if isinstance(allowed, Refusal):
        return allowed
    emitted: list[Emitted] = []
    at = setting.at(command)
    if unit.offer is not None:
        if not outranks(policy, joint, unit.offer):
            return taken(unit, unit.offer.by_agency, "has offered it", policy.sentences.get("tie"))
        outranked = ev.OfferWithdrawn(unit.offer.offer_id, "outranked")
        emitted.append(emit(unit.unit_id, outranked, at))
    emitted.append(_offered(setting, unit, joint, way, offer_id, allowed, at))
    if by.other not in joint.visible_to:
        emitted.append(emit(op(joint.incident_id), iev.CandidateRecognised("offered"), at))
    return emitted


def _offered(
    setting: Setting, unit: Unit, joint: Joint, way: Way, offer_id: str, allowed: Allowed, at: datetime
) -> Emitted:
    expires = at + timedelta(seconds=setting.blueprint.timers.offer_timeout_s)
    offered = ev.UnitOffered(
        offer_id,
        joint.incident_id,
        setting.by.agency,
        joint.urgency,
        expires,
        "rvp" if joint.holding else "scene",
        allowed.rule,
        allowed.consent_of,
        None if way.eta_s is None else round(way.eta_s),
        way.method,
    )
    position = (
        (Part(Label.OPERATIONAL, None, {"lon": way.lon, "lat": way.lat}),) if way.lon is not None else ()
    )
    return emit(unit.unit_id, offered, at, *position)


def taken(unit: Unit, winner: Agency, how: str, rule: str | None = None) -> Refusal:
    """Tell the loser by whom the unit was taken."""
    return Refusal(
        "unit_taken",
        f"{unit.call_sign} is taken: the {winner.value} room {how}",
        rule,
        {"agency": winner.value},
    )


def _check_free(setting: Setting, unit: Unit, joint: Joint) -> Refusal | None:
    if not unit.open:
        return Refusal("off_duty", f"{unit.call_sign} has booked off")
    if not joint.first.open:
        return Refusal("closed", "the incident is closed")
    if unit.job is not None:
        if unit.job.incident_id in {leg.incident_id for leg in joint.legs}:
            return Refusal("already_assigned", f"{unit.call_sign} is on this incident already")
        by = {"police": Agency.POLICE, "ambulance": Agency.AMBULANCE}.get(unit.job.mode)
        if by is not None:
            return taken(unit, by, "has it on another incident; use divert")
        return Refusal("unit_taken", f"{unit.call_sign} took another incident itself; use divert")
    if unit.offer is not None and unit.offer.incident_id == joint.incident_id:
        return Refusal("already_offered", f"{unit.call_sign} has been offered this incident")
    if not setting.blueprint.statuses[unit.status].available:
        return Refusal(
            "not_ready", f"{unit.call_sign} is not ready: {setting.blueprint.statuses[unit.status].word}"
        )
    return refuse_alone(unit, joint, setting.blueprint)


def decide_answer(setting: Setting, unit: Unit, joint: Joint | None, command: cmd.AnswerOffer) -> Decision:
    """Accept or decline; the crew answers, or a room that spoke to it."""
    standing = unit.offer
    if standing is None or standing.offer_id != command.offer_id:
        return Refusal("offer_gone", "this offer has lapsed, was answered or was withdrawn")
    at = setting.at(command)
    if at > standing.expires_at:
        return Refusal("offer_gone", "this offer has lapsed")
    if not command.accept:
        if command.reason not in setting.blueprint.decline_reasons:
            return Refusal("unknown_code", f"the scheme has no decline reason {command.reason!r}")
        declined = ev.OfferDeclined(standing.offer_id, command.reason or "")
        return [emit(unit.unit_id, declined, at)]
    if standing.consent_of is not None:
        return Refusal(
            "consent_missing", f"the {standing.consent_of.value} room has not consented yet", standing.rule
        )
    if joint is None or not joint.first.open:
        return Refusal("closed", "the incident was closed meanwhile")
    refusal = refuse_alone(unit, joint, setting.blueprint)
    if refusal is not None:
        return refusal
    by_voice = command.by_voice or setting.by.unit_id is None
    accepted = emit(unit.unit_id, ev.OfferAccepted(standing.offer_id, by_voice), at)
    return [accepted, *_assign(setting, unit, joint, standing.by_agency.value, at)]


def decide_consent(setting: Setting, unit: Unit, command: cmd.ConsentToOffer) -> Decision:
    """Agree or object where the policy asks for the other room's consent."""
    standing = unit.offer
    if standing is None or standing.offer_id != command.offer_id:
        return Refusal("offer_gone", "this offer has lapsed, was answered or was withdrawn")
    if standing.consent_of is not setting.by.agency:
        return Refusal("consent_not_asked", "nobody asked this room for its consent")
    at = setting.at(command)
    if command.consent:
        return [emit(unit.unit_id, ev.OfferConsented(standing.offer_id, setting.by.agency), at)]
    return [emit(unit.unit_id, ev.OfferDeclined(standing.offer_id, "consent_refused"), at)]


def decide_withdraw(setting: Setting, unit: Unit, command: cmd.WithdrawOffer) -> Decision:
    """Take an own offer back."""
    standing = unit.offer
    if standing is None or standing.offer_id != command.offer_id:
        return Refusal("offer_gone", "this offer has lapsed, was answered or was withdrawn")
    if standing.by_agency is not setting.by.agency:
        return Refusal("not_your_offer", f"the {standing.by_agency.value} room made this offer")
    withdrawn = ev.OfferWithdrawn(standing.offer_id, "withdrawn")
    reason = text_part(Label.OPERATIONAL, None, command.reason)
    return [emit(unit.unit_id, withdrawn, setting.at(command), reason)]


def decide_lapse(setting: Setting, unit: Unit) -> Decision:
    """End an offer whose time has run out."""
    standing = unit.offer
    if standing is None or setting.now < standing.expires_at:
        return Refusal("not_due", "no offer has run out")
    lapsed = ev.OfferLapsed(standing.offer_id, standing.incident_id, standing.by_agency)
    return [emit(unit.unit_id, lapsed, setting.now)]


def _assign(setting: Setting, unit: Unit, joint: Joint, mode: str, at: datetime) -> list[Emitted]:
    assigned = ev.UnitAssigned(joint.incident_id, mode, setting.by.agency, setting.blueprint.version)
    committed = iev.UnitCommitted(unit.unit_id, unit.call_sign, mode)
    return [emit(unit.unit_id, assigned, at), emit(op(joint.incident_id), committed, at)]


def decide_self_assign(
    setting: Setting, unit: Unit, joint: Joint, status: DistrictStatus | None, command: cmd.SelfAssign
) -> Decision:
    """Let the crew take a candidate: a normal transition, both rooms are told."""
    if setting.by.unit_id != unit.unit_id:
        return Refusal("not_your_unit", "only the crew aboard assigns itself")
    refusal = _check_free(setting, unit, joint)
    if refusal is not None:
        return refusal
    refusal = not_live(status, joint) or _beyond_its_districts(setting, unit, joint)
    if refusal is not None:
        return refusal
    at = setting.at(command)
    emitted = []
    if unit.offer is not None:
        declined = ev.OfferDeclined(unit.offer.offer_id, "took_another")
        emitted.append(emit(unit.unit_id, declined, at))
    return [*emitted, *_assign(setting, unit, joint, "self", at)]


def _beyond_its_districts(setting: Setting, unit: Unit, joint: Joint) -> Refusal | None:
    in_area = setting.blueprint.in_area(unit.district, joint.district)
    return may_leave_districts(setting.blueprint.tasking_for(joint.district), joint, in_area=in_area)


def decide_divert(
    setting: Setting,
    unit: Unit,
    current: Joint | None,
    new: Joint,
    status: DistrictStatus | None,
    command: cmd.DivertUnit,
) -> Decision:
    """Move a committed unit to a more pressing incident in one act."""
    if current is None or unit.job is None:
        return Refusal("no_incident", f"{unit.call_sign} is on no incident: offer instead")
    if not new.first.open:
        return Refusal("closed", "the incident is closed")
    if current.incident_id == new.incident_id:
        return Refusal("already_assigned", f"{unit.call_sign} is on this incident already")
    if not setting.blueprint.statuses[unit.status].divertible:
        word = setting.blueprint.statuses[unit.status].word
        return Refusal("not_divertible", f"{unit.call_sign} cannot leave now: {word}")
    refusal = (
        not_live(status, new)
        or _beyond_its_districts(setting, unit, new)
        or refuse_alone(unit, new, setting.blueprint)
    )
    if refusal is not None:
        return refusal
    policy = setting.blueprint.tasking_for(new.district)
    allowed = may_divert(policy, setting.by.agency, current, new)
    if isinstance(allowed, Refusal):
        return allowed
    at, by = setting.at(command), setting.by.agency
    diverted = ev.UnitDiverted(
        current.incident_id, new.incident_id, by, allowed.rule, setting.blueprint.version
    )
    reason = text_part(Label.OPERATIONAL, None, command.reason)
    left = iev.UnitReleased(unit.unit_id, unit.call_sign, "diverted")
    joined = iev.UnitCommitted(unit.unit_id, unit.call_sign, by.value)
    return [
        emit(unit.unit_id, diverted, at, reason),
        emit(op(committed_leg(unit, current) or current.incident_id), left, at),
        emit(op(new.incident_id), joined, at),
    ]


def decide_stand_down(
    setting: Setting, unit: Unit, joint: Joint | None, command: cmd.StandDownUnit
) -> Decision:
    """Take the joint unit off its incident."""
    if unit.job is None:
        return Refusal("no_incident", f"{unit.call_sign} is on no incident")
    at, by = setting.at(command), setting.by.agency
    reason = text_part(Label.OPERATIONAL, None, command.reason)
    leg_id = committed_leg(unit, joint) or unit.job.incident_id
    left = iev.UnitReleased(unit.unit_id, unit.call_sign, "stood_down")
    return [
        emit(unit.unit_id, ev.UnitStoodDown(unit.job.incident_id, by), at, reason),
        emit(op(leg_id), left, at),
    ]

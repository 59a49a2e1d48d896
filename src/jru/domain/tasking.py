"""The two services' agreement, applied: who may offer, divert and stand down, each answer with its sentence."""

from __future__ import annotations

from dataclasses import dataclass

from .agency import Agency
from .blueprint import DistrictStatus, TaskingPolicy
from .joint import Joint
from .refusal import Refusal
from .unit import Offer


@dataclass(frozen=True, slots=True)
class Allowed:
    """Permission with the sentence of the rule; `consent_of` names the room that must agree first."""

    rule: str
    consent_of: Agency | None = None


def _sentence(policy: TaskingPolicy, key: str) -> str:
    return policy.sentences.get(key, "")


def is_first_response(joint: Joint, policy: TaskingPolicy, eta_s: float | None) -> bool:
    """Tell whether the unit must be offered whatever the score: an always-offer category close by."""
    near = eta_s is not None and eta_s <= policy.always_offer_within_s
    return near and joint.grade_of(Agency.AMBULANCE) in policy.always_offer_categories


def not_live(status: DistrictStatus | None, joint: Joint) -> Refusal | None:
    """Refuse whatever would send a unit nobody knows where, or to a district that is not in exercise or live."""
    if status is None and not joint.placed:
        return Refusal("no_place", "the incident has no place yet: give it one, then offer")
    if status is None:
        return Refusal("district_not_live", "nothing is offered here: the place is outside every district")
    if not status.offers:
        return Refusal("district_not_live", f"nothing is offered here: the district is {status.value}")
    return None


def outranks(policy: TaskingPolicy, joint: Joint, standing: Offer) -> bool:
    """Tell whether an incident takes a unit that was offered another one and has not answered."""
    return policy.tie_rule == "more_urgent" and joint.urgency < standing.urgency


def may_leave_districts(policy: TaskingPolicy, joint: Joint, *, in_area: bool) -> Refusal | None:
    """Refuse to move a unit out of its districts in one act where the other room would have to agree first.

    A category that is always offered goes before.
    """
    always = joint.grade_of(Agency.AMBULANCE) in policy.always_offer_categories
    if in_area or always or policy.out_of_district == "told":
        return None
    words = "the incident is outside the unit's districts: offer it, so that the other room can agree"
    return Refusal("out_of_district", words, _sentence(policy, "out_of_district"))


def may_offer(
    policy: TaskingPolicy,
    by: Agency,
    joint: Joint,
    status: DistrictStatus | None,
    eta_s: float | None,
    *,
    in_area: bool,
) -> Allowed | Refusal:
    """Decide whether a room may offer a unit to an incident, in this district state and out of its own area."""
    refusal = not_live(status, joint)
    if refusal is not None:
        return refusal
    if is_first_response(joint, policy, eta_s):
        return Allowed(_sentence(policy, "c1_always"))
    if by not in policy.may_offer:
        return Refusal(
            "room_may_not_offer",
            f"the {by.value} room may not offer here",
            _sentence(policy, "may_not_offer"),
        )
    if not in_area:
        rule = _sentence(policy, "out_of_district")
        if policy.out_of_district == "never":
            return Refusal("out_of_district", "the incident is outside the unit's districts", rule)
        return Allowed(rule, consent_of=by.other if policy.out_of_district == "consents" else None)
    if policy.consent.get(by) == "consents":
        return Allowed(_sentence(policy, "consent"), consent_of=by.other)
    return Allowed(_sentence(policy, "may_offer"))


def may_divert(policy: TaskingPolicy, by: Agency, current: Joint, new: Joint) -> Allowed | Refusal:
    """Decide whether a room may move a committed unit to another incident."""
    for rule in policy.divert:
        if rule.by is not by:
            continue
        if rule.from_owner is not None and rule.from_owner is not current.first.owner:
            continue
        if current.urgency >= rule.from_urgency_at_least and new.urgency <= rule.to_urgency_at_most:
            return Allowed(rule.sentence)
    return Refusal(
        "divert_not_allowed",
        f"the {by.value} room may not move the unit from urgency {current.urgency} to {new.urgency}",
        _sentence(policy, "no_divert"),
    )


def may_stand_down_resource(
    policy: TaskingPolicy, by: Agency, owner: Agency, joint: Joint
) -> Allowed | Refusal:
    """Decide whether a room may stand a single-service resource down."""
    rule = _sentence(policy, "stand_down_ambulance")
    if owner is Agency.AMBULANCE and by not in policy.stand_down_ambulance:
        return Refusal("not_your_resource", "only the ambulance room stands down an ambulance", rule)
    if owner is not by:
        return Refusal("not_your_resource", f"this resource belongs to the {owner.value} service")
    if owner is Agency.AMBULANCE and _keeps_ambulance(policy, joint):
        category = joint.grade_of(Agency.AMBULANCE)
        return Refusal(
            "ambulance_stays",
            f"the ambulance stays assigned: {category}, and no outcome has been recorded",
            _sentence(policy, "keep_ambulance"),
        )
    return Allowed(rule)


def _keeps_ambulance(policy: TaskingPolicy, joint: Joint) -> bool:
    """A joint unit on its way never replaces the ambulance of these categories."""
    return (
        joint.grade_of(Agency.AMBULANCE) in policy.keep_ambulance_categories
        and bool(joint.active)
        and joint.outcome is None
    )

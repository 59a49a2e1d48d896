"""Do tasking, candidate rules, types, hazards, statuses, limits and costs fit together, and are they safe?"""

from __future__ import annotations

import math
from typing import Any

from jru.domain.agency import Agency, Role
from jru.domain.blueprint import CandidateRule, StatusRule, TaskingPolicy
from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_resource_checks import refuse_repeats
from jru.domain.blueprint_tables import Element
from jru.domain.blueprint_values import Reading
from jru.domain.blueprint_vocabulary import HOLDING_HAZARDS, REQUIRED_FLAGS, STATUS_IDS

Sections = dict[str, Any]
_MAY_DECLARE_SAFE = frozenset({Role.CONSTABLE, Role.SPECIAL_CONSTABLE, Role.POLICE_DISPATCHER})
_ENTERED_FROM_ANYWHERE = frozenset({"off", "emergency"})


def _tasking(sections: Sections, reading: Reading) -> None:
    for element in sections.get("tasking", ()):
        policy: TaskingPolicy = element.value
        _offering(policy, element.path, reading)
        _ambulance_safety(policy, element.path, reading)
        for place, rule in enumerate(policy.divert):
            here = (*element.path, "divert", place)
            if rule.to_urgency_at_most >= rule.from_urgency_at_least:
                message = "a divert must lead to a more urgent incident"
                hint = f"less than from_urgency_at_least, which is {rule.from_urgency_at_least}"
                reading.refuse((*here, "to_urgency_at_most"), message, hint)
            if rule.by not in policy.may_offer:
                message = f"the {rule.by} room may divert but not offer"
                reading.refuse((*here, "by"), message, "add it to may_offer")


def _offering(policy: TaskingPolicy, path: Path, reading: Reading) -> None:
    for agency in sorted(policy.may_offer - set(policy.consent)):
        message = f"nothing says whether the other room consents or is told when {agency} offers"
        reading.refuse((*path, "consent"), message, f'add {agency} = "told" or "consents"')
    for agency in sorted(set(policy.consent) - policy.may_offer):
        reading.refuse((*path, "consent", str(agency)), f"the {agency} room may not offer", "drop it here")
    strange = sorted(policy.scene_safe_roles - _MAY_DECLARE_SAFE)
    if strange:
        message = f"{strange[0]} cannot declare a scene safe"
        reading.refuse(
            (*path, "scene_safe_roles"), message, f"only police may: {', '.join(sorted(_MAY_DECLARE_SAFE))}"
        )


def _ambulance_safety(policy: TaskingPolicy, path: Path, reading: Reading) -> None:
    if policy.stand_down_ambulance != {Agency.AMBULANCE}:
        message = "only the ambulance room stands down an ambulance"
        reading.refuse((*path, "stand_down_ambulance"), message, 'write ["ambulance"]')
    loose = sorted(policy.always_offer_categories - policy.keep_ambulance_categories)
    if loose:
        message = f"{loose[0]} is always offered, so the ambulance must stay assigned"
        reading.refuse((*path, "keep_ambulance_categories"), message, f'add "{loose[0]}"')


def _candidates(sections: Sections, reading: Reading) -> None:
    elements: tuple[Element, ...] = sections.get("candidate", ())
    for element in elements:
        rule: CandidateRule = element.value
        if not rule.types and not rule.flags and rule.urgency_at_most is None:
            message = f"shows every incident of {rule.owner} to the other service"
            reading.refuse(element.path, message, "name types, flags or urgency_at_most")
    raw = reading.findings.document.get("candidate")
    if not isinstance(raw, list) or len(elements) < len(raw):
        return
    for agency in Agency:
        if not any(
            rule.value.owner is agency and rule.value.flags == {"other_service_asked"} for rule in elements
        ):
            message = f"no rule shows an incident of {agency} once the other service was asked for"
            reading.refuse(
                ("candidate",), message, f'add one: owner = "{agency}", flags = ["other_service_asked"]'
            )


def _types(sections: Sections, reading: Reading) -> None:
    elements: tuple[Element, ...] = sections.get("type", ())
    if not elements and not reading.declared["type"]:
        reading.refuse(("type",), "there is no incident type", "add a [[type]]")
    for key in ("police_codes", "ambulance_codes"):
        uses = [
            (code, (*element.path, key, place))
            for element in elements
            for place, code in enumerate(getattr(element.value, key))
        ]
        refuse_repeats(uses, f"the {key.split('_')[0]} code", reading)
    for element in elements:
        if not element.value.police_codes and not element.value.ambulance_codes:
            reading.refuse(element.path, "neither service has a code for this type", "add at least one code")
        if element.value.holds and element.value.score:
            message = f"holds at the rendezvous point but scores {element.value.score}"
            reading.refuse((*element.path, "score"), message, "a type that holds scores 0")


def _hazards(sections: Sections, reading: Reading) -> None:
    for element in sections.get("hazard", ()):
        if element.value.code in HOLDING_HAZARDS and not element.value.holds:
            message = f"{element.value.code} must hold clinicians at the rendezvous point"
            reading.refuse((*element.path, "holds"), message, "write true")
    for code in HOLDING_HAZARDS:
        if code not in reading.declared["hazard"]:
            reading.refuse(
                ("hazard",), f"the hazard {code} is missing", f'add a [[hazard]] with code = "{code}"'
            )


def _flags(sections: Sections, reading: Reading) -> None:
    for flag in REQUIRED_FLAGS:
        if "flags" in sections and flag not in sections["flags"]:
            reading.refuse(("flags",), f"the flag {flag} is missing", f'add {flag} = "..."')


def _statuses(sections: Sections, reading: Reading) -> None:
    elements: tuple[Element, ...] = sections.get("status", ())
    for status_id in STATUS_IDS:
        if status_id not in reading.declared["status"]:
            message = f"the status {status_id} is missing"
            reading.refuse(("status",), message, f'add a [[status]] with id = "{status_id}"')
    for element in elements:
        rule: StatusRule = element.value
        if rule.available and (rule.on_incident or rule.divertible):
            message = "a unit on an incident is divertible, not available"
            reading.refuse(
                (*element.path, "available"), message, "availability and assignment are two things"
            )
        if rule.amber_s is not None and rule.red_s is not None and rule.amber_s >= rule.red_s:
            message = f"amber at {rule.amber_s} s is not before red at {rule.red_s} s"
            reading.refuse((*element.path, "amber_s"), message, "amber comes first")
    if len(elements) == len(reading.declared["status"]):
        _status_graph(elements, reading)


def _status_graph(elements: tuple[Element, ...], reading: Reading) -> None:
    """Want every status reachable from `off`, and `off` reachable from every status."""
    rules: list[StatusRule] = [element.value for element in elements]
    follows = {rule.status_id: set(rule.follows) for rule in rules}
    reached = _closure(_ENTERED_FROM_ANYWHERE & set(follows), follows)
    for element, rule in zip(elements, rules, strict=True):
        if rule.status_id not in reached:
            message = f"{rule.status_id} is never reached from off"
            reading.refuse(element.path, message, "name it in `follows` of another status")
        if "off" in follows and "off" not in _closure({rule.status_id}, follows):
            message = f"from {rule.status_id} no way leads back to off"
            reading.refuse((*element.path, "follows"), message, "name a status that leads on")


def _closure(start: frozenset[str] | set[str], follows: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    frontier = set(start)
    while frontier:
        reached |= frontier
        frontier = set().union(*(follows.get(status, set()) for status in frontier)) - reached
    return reached


def _policies(sections: Sections, reading: Reading) -> None:
    suitability = sections.get("suitability")
    if suitability and suitability.consider_at >= suitability.yes_at:
        message = f"consider_at {suitability.consider_at:g} is not below yes_at {suitability.yes_at:g}"
        reading.refuse(("suitability", "consider_at"), message, "consider comes before yes")
    if suitability and suitability.gates["hazard"] != "block":
        message = "the hazard gate must block"
        reading.refuse(("suitability", "gates", "hazard"), message, "safety is not a warning")
    matching = sections.get("matching")
    if matching:
        total = matching.weight_distance + matching.weight_time + matching.weight_type
        if not math.isclose(total, 1, abs_tol=1e-6):
            message = f"the three weights sum to {total:g}"
            reading.refuse(("matching", "weight_distance"), message, "they must sum to 1")


def _timers(sections: Sections, reading: Reading) -> None:
    timers = sections.get("timers")
    if timers is None:
        return
    if timers.position_stale_s >= timers.position_unusable_s:
        message = "a position is stale before it is unusable"
        reading.refuse(("timers", "position_stale_s"), message, "less than position_unusable_s")
    reds = [timers.waiting[urgency][1] for urgency in sorted(timers.waiting)]
    if reds != sorted(reds):
        message = "a more urgent incident may wait longer than a less urgent one"
        reading.refuse(("timers", "waiting"), message, "limits rise from 1 to 5")


def _lone_worker(sections: Sections, reading: Reading) -> None:
    rule = sections.get("lone_worker")
    if rule is not None and rule.warn_s >= rule.check_every_s:
        message = "a check is due soon before it is due"
        reading.refuse(("lone_worker", "warn_s"), message, "less than check_every_s")


def _costs(sections: Sections, reading: Reading) -> None:
    uses = [
        (f"{element.value.cost_id} from {element.value.valid_from}", (*element.path, "id"))
        for element in sections.get("cost", ())
    ]
    refuse_repeats(uses, "the cost", reading)


RULE_CHECKS = (
    *(_tasking, _candidates, _types, _hazards, _flags),
    *(_statuses, _policies, _timers, _lone_worker, _costs),
)

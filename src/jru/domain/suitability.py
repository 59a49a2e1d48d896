"""Should a joint unit go? A verdict with score, gates, reasons and the nearest miss.

worth = joint need x P(no transport needed) x gain in time x coverage left behind, each 0 to 1 (project proposal,
versioned in the blueprint, which also holds the thresholds on it). The score people read is five times the geometric
mean of the four factors. Gates come first. The machine recommends, a person decides.
Reads `operational` and `safety` fields only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from .blueprint import Blueprint, DistrictStatus, IncidentType
from .joint import Joint
from .tasking import is_first_response

RCRP_FLAGS = frozenset({"violence", "suspect_present", "risk_to_life", "crime_in_progress", "self_harm"})


@dataclass(frozen=True, slots=True)
class Situation:
    """What the verdict looks at. Build it from a joint incident with `situation`.

    `units_left` are the free units of the incident's own area; `elsewhere` tells of one that may come from another.
    """

    type: str | None
    flags: frozenset[str]
    holding: tuple[str, ...]
    both_asked: bool
    urgency: int
    first_response: bool
    district_status: DistrictStatus | None
    on_duty: bool
    units_left: int
    gain_s: float | None
    elsewhere: bool = False
    placed: bool = True


@dataclass(frozen=True, slots=True)
class Gate:
    """One precondition; `effect` says what a failure does: "block", "warn" or "hold"."""

    gate: str
    passed: bool
    effect: str
    words: str


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of the score, 0 to 1, with its reason."""

    factor: str
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Suitability:
    """The verdict: yes, consider, no or hold. `sentence` is what a person would say."""

    verdict: str
    score: float
    sentence: str
    nearest_miss: str | None
    gates: tuple[Gate, ...]
    factors: tuple[Factor, ...]
    policy: str

    @property
    def failed(self) -> tuple[str, ...]:
        """Return the names of the failed gates."""
        return tuple(gate.gate for gate in self.gates if not gate.passed)


def situation(
    joint: Joint,
    blueprint: Blueprint,
    at: datetime,
    *,
    units_left: int = 1,
    on_duty: bool = True,
    eta_s: float | None = None,
    gain_s: float | None = None,
    status: DistrictStatus | None = None,
    elsewhere: bool = False,
) -> Situation:
    """Return what the verdict looks at. `gain_s` is the time won over the next best response, None when unknown."""
    policy = blueprint.tasking_for(joint.district)
    return Situation(
        type=joint.type,
        flags=joint.flags,
        holding=tuple(dict.fromkeys(h.code for h in joint.holding)),
        both_asked=joint.both_asked,
        urgency=joint.urgency,
        first_response=is_first_response(joint, policy, eta_s),
        district_status=status,
        on_duty=on_duty,
        units_left=units_left,
        gain_s=gain_s,
        elsewhere=elsewhere,
        placed=joint.placed,
    )


def assess(facts: Situation, blueprint: Blueprint) -> Suitability:
    """Return the verdict with its nearest miss."""
    plain = _assess(facts, blueprint)
    if plain.verdict == "yes":
        return plain
    return replace(plain, nearest_miss=_nearest_miss(facts, blueprint, plain))


def _assess(facts: Situation, blueprint: Blueprint) -> Suitability:
    policy = blueprint.suitability
    gates = _gates(facts, blueprint)
    factors = _factors(facts, blueprint)
    worth = math.prod(factor.value for factor in factors)
    score = round(5 * worth ** (1 / len(factors)), 1)
    verdict = _verdict(facts, gates, worth, blueprint)
    return Suitability(
        verdict, score, _sentence(verdict, facts, gates, factors), None, gates, factors, policy.version
    )


def _verdict(facts: Situation, gates: tuple[Gate, ...], worth: float, blueprint: Blueprint) -> str:
    failed = {gate.effect for gate in gates if not gate.passed}
    if "hold" in failed:
        return "hold"
    if "block" in failed:
        return "no"
    if facts.first_response or worth >= blueprint.suitability.yes_at:
        return "yes" if "warn" not in failed else "consider"
    return "consider" if worth >= blueprint.suitability.consider_at else "no"


def _gates(facts: Situation, blueprint: Blueprint) -> tuple[Gate, ...]:
    effect = blueprint.suitability.gates.get
    kind = blueprint.types.get(facts.type or "")
    live = facts.district_status is not None and facts.district_status.offers
    names = [blueprint.hazard_name(code).lower() for code in facts.holding]
    hazard = f"{' and '.join(names)}, scene not declared safe" if names else "no hazard holds"
    gates = [
        Gate("hazard", not facts.holding, "hold", hazard),
        Gate("area", live, effect("area", "block"), _area_words(facts, live=live)),
        Gate(
            "vehicle", facts.units_left > 0 or facts.elsewhere, effect("vehicle", "block"), _free_words(facts)
        ),
        Gate("hours", facts.on_duty, effect("hours", "block"), _hours_words(facts.on_duty)),
    ]
    if kind is not None and kind.rcrp_test:
        met = facts.both_asked or bool(facts.flags & RCRP_FLAGS)
        words = "police test met" if met else "no crime and no immediate risk to life reported"
        gates.append(Gate("rcrp", met, effect("rcrp", "warn"), words))
    return tuple(gates)


def _area_words(facts: Situation, *, live: bool) -> str:
    if live:
        return "in area"
    if facts.district_status is not None:
        return f"the district is {facts.district_status.value}"
    return "the place is outside every district" if facts.placed else "the place is not known"


def _free_words(facts: Situation) -> str:
    if facts.units_left:
        return "a joint unit is free"
    return "a joint unit of another area is free" if facts.elsewhere else "no joint unit is free"


def _hours_words(on_duty: bool) -> str:
    return "in hours" if on_duty else "no joint unit on duty"


def _factors(facts: Situation, blueprint: Blueprint) -> tuple[Factor, ...]:
    policy = blueprint.suitability
    kind = blueprint.types.get(facts.type or "")
    need, need_words = _need(kind, facts, policy.both_asked_bonus)
    transport = kind.transport if kind else 0.5
    gain = 1.0
    gain_words = "no other arrival time known"
    if facts.gain_s is not None:
        gain = max(0.5, min(1.0, 0.5 + 0.5 * facts.gain_s / policy.eta_gain_full_s))
        gain_words = (
            f"{facts.gain_s / 60:.0f} min sooner" if facts.gain_s > 0 else "no sooner than the next best"
        )
    coverage = 1.0 if facts.units_left > 1 else policy.coverage_last_unit
    return (
        Factor("joint_need", need, need_words),
        Factor(
            "no_transport",
            round(1 - transport, 2),
            f"about {transport:.0%} of these need transport (assumed)",
        ),
        Factor("time_gain", round(gain, 2), gain_words),
        Factor("coverage", coverage, _left_words(facts)),
    )


def _left_words(facts: Situation) -> str:
    if facts.units_left > 1:
        return "another joint unit stays free"
    return (
        "the unit leaves its own area" if facts.elsewhere and not facts.units_left else "last joint unit here"
    )


def _need(kind: IncidentType | None, facts: Situation, bonus: float) -> tuple[float, str]:
    base = kind.joint_need if kind else 0.4
    words = kind.name.lower() if kind else "type unknown"
    if facts.both_asked:
        base, words = base + bonus, f"{words}, both services asked for"
    if "injury" in facts.flags and "injury" not in words:
        words = f"{words}, injury"
    return round(max(0.0, min(1.0, base)), 2), words


def _sentence(verdict: str, facts: Situation, gates: tuple[Gate, ...], factors: tuple[Factor, ...]) -> str:
    need = factors[0].words
    if verdict == "hold":
        return f"hold at RVP: {gates[0].words}"
    if verdict == "yes":
        return f"first response: {need}" if facts.first_response else need
    failed = [gate.words for gate in gates if not gate.passed]
    if failed:
        return f"{need}; {'; '.join(failed)}"
    return f"{need}; {min(factors[1:], key=lambda f: f.value).words}" if verdict == "consider" else need


def _changes(facts: Situation, blueprint: Blueprint) -> Iterator[tuple[str, Situation]]:
    """Yield the single changes that could make it joint, the likeliest first."""
    if facts.holding:
        yield 'police record "scene safe"', replace(facts, holding=())
    if not facts.both_asked:
        yield "the other service is asked for too", replace(facts, both_asked=True)
    if not facts.on_duty:
        yield "a joint unit were on duty here", replace(facts, on_duty=True)
    if not facts.placed:
        yield "the place were given", replace(facts, placed=True, district_status=DistrictStatus.LIVE)
    elif facts.district_status is None or not facts.district_status.offers:
        yield "the district were live", replace(facts, district_status=DistrictStatus.LIVE)
    if facts.units_left <= 1:
        words = "a second joint unit were free" if facts.units_left else "a joint unit were free"
        yield words, replace(facts, units_left=facts.units_left + 1)
    if facts.gain_s is not None and facts.gain_s < blueprint.suitability.eta_gain_full_s:
        full = float(blueprint.suitability.eta_gain_full_s)
        yield f"it were {full / 60:.0f} min sooner than the next best", replace(facts, gain_s=full)


def _nearest_miss(facts: Situation, blueprint: Blueprint, now: Suitability) -> str | None:
    order = {"no": 0, "hold": 0, "consider": 1, "yes": 2}
    best: tuple[int, str] | None = None
    for words, changed in _changes(facts, blueprint):
        then = _assess(changed, blueprint)
        rank = order[then.verdict]
        if rank > order[now.verdict] and (best is None or rank > best[0]):
            best = rank, f"would be {then.verdict.upper()} {then.score:g}/5 if: {words}"
    if best:
        return best[1]
    pairs = [(f"{a}, and {b}", y) for a, x in _changes(facts, blueprint) for b, y in _changes(x, blueprint)]
    for words, changed in pairs:
        then = _assess(changed, blueprint)
        if then.verdict == "yes":
            return f"would be YES {then.score:g}/5 if: {words}"
    return f"no single change makes it joint; the type scores {_type_score(facts, blueprint)} of 5"


def _type_score(facts: Situation, blueprint: Blueprint) -> str:
    kind = blueprint.types.get(facts.type or "")
    return str(kind.score) if kind else "no more than 2"

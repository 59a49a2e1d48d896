"""Which joint unit, and what otherwise: the one policy for tonight, for the simulator and for the report.

Reads `operational` and `safety` fields only. Travel times come from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .agency import Agency
from .blueprint import Blueprint
from .breaks import break_cost, break_due_at
from .joint import Joint
from .lone import not_for_alone
from .tasking import is_first_response, outranks
from .unit import Capability, Unit, capability, crew_rule_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit with what is known of its way. `eta_s` None: beyond the limit; `position_age_s` None: no position."""

    unit: Unit
    eta_s: float | None
    distance_m: float | None
    method: str
    position_age_s: float | None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What speaks against a unit; one that blocks takes the offer away."""

    code: str
    words: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit with its reasons."""

    rank: int
    unit_id: str
    call_sign: str
    eta_s: float | None
    distance_m: float | None
    method: str
    joint_complete: bool
    can_offer: bool
    reasons: tuple[str, ...]
    shortfalls: tuple[Shortfall, ...]
    divert_from: str | None
    sentence: str


def recommend(
    candidates: Sequence[Candidate],
    joint: Joint,
    blueprint: Blueprint,
    now: datetime,
    *,
    to_rvp: bool = False,
) -> list[Ranked]:
    """Rank units for an incident: those that can go first, joint complete before not, then the shortest way.

    A unit that is committed stands apart with what it would leave; nothing is hidden, every shortfall is named.
    """
    case = _Case.of(joint, blueprint, now)
    judged = [_judge(candidate, case) for candidate in candidates]
    judged.sort(key=_order)
    return [
        _ranked(number, candidate, able, shortfalls, to_rvp)
        for number, (candidate, able, shortfalls) in enumerate(judged, start=1)
    ]


@dataclass(frozen=True, slots=True)
class _Case:
    """What is the same for every unit: the districts whose units belong here, and how long the job takes."""

    joint: Joint
    blueprint: Blueprint
    now: datetime
    near: frozenset[str]
    job_s: float

    @classmethod
    def of(cls, joint: Joint, blueprint: Blueprint, now: datetime) -> _Case:
        district = joint.district
        near = frozenset(name for name in blueprint.districts if blueprint.in_area(name, district))
        kind = blueprint.types.get(joint.type or "")
        return cls(joint, blueprint, now, near, (kind.expected_job_min if kind else 60) * 60)


Judged = tuple[Candidate, Capability, tuple[Shortfall, ...]]


def _order(judged: Judged) -> tuple[bool, bool, float, str]:
    candidate, able, shortfalls = judged
    blocked = any(s.blocks for s in shortfalls)
    eta = candidate.eta_s if candidate.eta_s is not None else float("inf")
    return blocked, not able.joint, eta, candidate.unit.call_sign


def _judge(candidate: Candidate, case: _Case) -> Judged:
    unit = candidate.unit
    able = capability(unit, crew_rule_of(unit, case.blueprint))
    found = [
        *_fitness(unit, able, case),
        *_area(candidate, case),
        *_way(candidate, case.blueprint),
        *_time_left(candidate, case),
    ]
    return candidate, able, tuple(found)


def _fitness(unit: Unit, able: Capability, case: _Case) -> list[Shortfall]:
    blueprint = case.blueprint
    found = []
    if not unit.open:
        found.append(Shortfall("off_duty", "off duty", blocks=True))
    elif unit.job is not None:
        word = blueprint.statuses[unit.status].word.lower()
        found.append(Shortfall("committed", f"on another incident ({word})", blocks=True))
    elif unit.offer is not None:
        policy = blueprint.tasking_for(case.joint.district)
        words = f"offered by the {unit.offer.by_agency.value} room"
        found.append(Shortfall("offered", words, blocks=not outranks(policy, case.joint, unit.offer)))
    elif not blueprint.statuses[unit.status].available:
        found.append(
            Shortfall("not_ready", f"not ready: {blueprint.statuses[unit.status].word}", blocks=True)
        )
    if not able.joint:
        found.append(Shortfall("seat_missing", able.words, blocks=not any(s.present for s in unit.seats)))
    barred = not_for_alone(unit, case.joint, blueprint)
    if barred is not None:
        found.append(Shortfall("alone", f"alone aboard, and the incident says {barred}", blocks=True))
    return found


def _area(candidate: Candidate, case: _Case) -> list[Shortfall]:
    """Name a unit of another area; it is barred where the policy never lets it leave its own."""
    district, blueprint, there = candidate.unit.district, case.blueprint, case.joint.district
    if district in case.near:
        return []
    may_come = blueprint.within_reach(district, there) or is_first_response(
        case.joint, blueprint.tasking_for(there), candidate.eta_s
    )
    return [Shortfall("out_of_area", f"belongs to {blueprint.district_name(district)}", blocks=not may_come)]


def _way(candidate: Candidate, blueprint: Blueprint) -> list[Shortfall]:
    found = []
    age = candidate.position_age_s
    if age is None:
        found.append(Shortfall("stale_position", "no position, reckoned from its base", blocks=False))
    elif age > blueprint.timers.position_stale_s:
        found.append(Shortfall("stale_position", f"position {age / 60:.0f} min old", blocks=False))
    if candidate.eta_s is None:
        found.append(Shortfall("beyond_limit", "beyond the travel limit", blocks=False))
    return found


def _time_left(candidate: Candidate, case: _Case) -> list[Shortfall]:
    unit, now = candidate.unit, case.now
    job_s = case.job_s + (candidate.eta_s or 0)
    found = []
    left_s = (unit.duty_end - now).total_seconds()
    if left_s < job_s:
        words = f"{max(0, left_s) / 60:.0f} min of duty left, the job takes about {job_s / 60:.0f}"
        found.append(Shortfall("duty_end", words, blocks=left_s <= 0))
    cost = break_cost(unit, case.blueprint, now, job_s)
    if cost is not None:
        overdue = (due := break_due_at(unit, case.blueprint)) is not None and now >= due
        found.append(Shortfall("break_due" if overdue else "break_lost", cost, blocks=False))
    return found


def _ranked(
    number: int, candidate: Candidate, able: Capability, shortfalls: tuple[Shortfall, ...], to_rvp: bool
) -> Ranked:
    unit = candidate.unit
    reasons = [able.words]
    if candidate.distance_m is not None:
        reasons.append(f"{candidate.distance_m / 1000:.1f} km")
    return Ranked(
        rank=number,
        unit_id=unit.unit_id,
        call_sign=unit.call_sign,
        eta_s=candidate.eta_s,
        distance_m=candidate.distance_m,
        method=candidate.method,
        joint_complete=able.joint,
        can_offer=not any(s.blocks for s in shortfalls),
        reasons=tuple(reasons),
        shortfalls=shortfalls,
        divert_from=unit.incident_id,
        sentence=_say(candidate, reasons, shortfalls, to_rvp),
    )


def _say(candidate: Candidate, reasons: list[str], shortfalls: tuple[Shortfall, ...], to_rvp: bool) -> str:
    way = "beyond the limit" if candidate.eta_s is None else f"{max(1, round(candidate.eta_s / 60))} min"
    if to_rvp and candidate.eta_s is not None:
        way = f"{way} to RVP"
    words = list(dict.fromkeys([*reasons, *(s.words for s in shortfalls)]))
    return f"{way}: {', '.join(words)}"


def otherwise(joint: Joint, agency: Agency, blueprint: Blueprint, now: datetime) -> str:
    """Say what one service sends if not the joint unit: its reported resources, else its standard for the grade."""
    partner = blueprint.partners[agency]
    coming = [
        r for r in joint.resources if r.agency is agency and r.status in ("assigned", "mobile", "scene")
    ]
    if coming:
        first = min(coming, key=lambda r: (r.status != "scene", r.eta_at or now))
        if first.status == "scene":
            return f"{first.call_sign} is at scene"
        if first.eta_at is not None:
            return f"{first.call_sign}, {max(0, (first.eta_at - now).total_seconds()) / 60:.0f} min"
        return f"{first.call_sign} assigned, no arrival time given"
    code = joint.grade_of(agency)
    grade = partner.grade(code) if code else None
    if grade is not None and grade.target_s:
        return f"nothing sent yet; standard for {grade.code} is {_length(grade.target_s)}"
    return "nothing sent yet" if code else _uncalled(joint, agency, now)


def _length(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours} h" if hours > 1 and not rest else f"{seconds // 60} min"


def _uncalled(joint: Joint, agency: Agency, now: datetime) -> str:
    """Say how a service without a call of its own here stands to the other's."""
    wait = next((w for w in joint.waits if w.asked is agency and w.released_at is None), None)
    if wait is None:
        return "no call of its own here; nothing sent"
    if wait.answer == "no":
        return "asked for, answered no"
    if wait.eta_at is not None:
        return f"asked for, {max(0, (wait.eta_at - now).total_seconds()) / 60:.0f} min"
    return "asked for; nothing sent yet"

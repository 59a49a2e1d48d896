"""Draw one happening: its calls in each service's own codes, and what is found there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from jru.clock import Random
from jru.demo.happening import Call, Happening, Truth
from jru.demo.mix import Flow
from jru.demo.places import Place, noisy
from jru.demo.profiles import PROFILES, Profile
from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint, IncidentType

ASKED_AT_ONCE: Final = 0.45
"""Share of the calls needing both where the first call says so; assumed. The others are found out on scene."""

BOTH_CALLED: Final = 0.25
"""Share of the calls needing both about which somebody also calls the other service; assumed."""

BOTH_CALLED_ANYWAY: Final = 0.04
"""The same for calls that turn out to need one service; assumed."""

SECOND_CALL_MEAN_S: Final = 150.0
"""Mean delay of the second call; assumed."""

JOB_PHASES: Final = 3
"""On-scene times are Erlang with this many phases; assumed."""

TRAVEL_AND_CLEARING_S: Final = 900.0
"""What of a type's expected job is not spent on scene; assumed."""

_ASKED: Final = "other_service_asked"
_CONTEXT_FLAGS: Final = ("alcohol", "drugs", "mental_health", "domestic_abuse", "violence", "child")


def draw_happening(
    number: int,
    at: datetime,
    flow: Flow,
    place: Place,
    source: str,
    blueprint: Blueprint,
    need_factor: float,
    chance: Random,
) -> Happening:
    """Return a happening of the flow's type at a time and place; `source` says where the place was drawn from."""
    kind = blueprint.types[flow.type_id]
    profile = PROFILES[flow.type_id]
    flags = _drawn(profile.flags, chance.child("flags"))
    if chance.uniform() < profile.alcohol:
        flags = tuple(sorted({*flags, "alcohol"}))
    hazards = _drawn(profile.hazards, chance.child("hazards"))
    truth = _truth(kind, profile, flow.agency, flags, hazards, need_factor, chance.child("truth"))
    second = _second_call(at, flow.agency, kind, truth, place, chance.child("second"))
    asked = second is None and truth.need == "dual" and chance.uniform() < ASKED_AT_ONCE
    said = tuple(sorted({*flags, _ASKED})) if asked else flags
    first = _call(flow.agency, at, kind, place, said, hazards, chance.child("first"))
    return Happening(number, flow.type_id, first, second, truth, source)


def _second_call(
    at: datetime, first: Agency, kind: IncidentType, truth: Truth, place: Place, chance: Random
) -> Call | None:
    share = BOTH_CALLED if truth.need == "dual" else BOTH_CALLED_ANYWAY
    other = first.other
    known = kind.police_codes if other is Agency.POLICE else kind.ambulance_codes
    if not known or chance.uniform() >= share:
        return None
    later = at + timedelta(seconds=round(20 + chance.exponential(SECOND_CALL_MEAN_S)))
    flags = _drawn(PROFILES[kind.type_id].flags, chance.child("flags"))
    return _call(other, later, kind, noisy(place, chance.child("place")), flags, (), chance.child("words"))


def _call(
    agency: Agency,
    at: datetime,
    kind: IncidentType,
    place: Place,
    flags: tuple[str, ...],
    hazards: tuple[str, ...],
    chance: Random,
) -> Call:
    profile = PROFILES[kind.type_id]
    grades = profile.police if agency is Agency.POLICE else profile.ambulance
    codes = kind.police_codes if agency is Agency.POLICE else kind.ambulance_codes
    number = 1 + chance.below(99)
    return Call(
        agency=agency,
        at=at,
        grade=_one_of(grades, chance),
        type_code=chance.choice(codes),
        place=place,
        remarks=f"SYNTHETIC: {chance.choice(profile.words)}",
        caller=(f"Caller Example {number}", f"01632 9600{number:02d}"),
        flags=flags,
        hazards=hazards,
    )


def _truth(
    kind: IncidentType,
    profile: Profile,
    first: Agency,
    flags: tuple[str, ...],
    hazards: tuple[str, ...],
    need_factor: float,
    chance: Random,
) -> Truth:
    both = chance.uniform() < min(1.0, kind.joint_need * need_factor)
    need = "dual" if both else _single_need(first, chance)
    risk = "calm"
    if chance.uniform() < profile.tense:
        risk = _one_of({"tense": 0.7, "threats": 0.2, "violence": 0.1}, chance)
    work_s = max(600.0, kind.expected_job_min * 60 - TRAVEL_AND_CLEARING_S)
    phases = [chance.exponential(work_s / JOB_PHASES) for _ in range(JOB_PHASES)]
    patients = 0 if need in ("police_only", "neither") else 1 + (chance.uniform() < 0.1)
    return Truth(
        need=need,
        patients=patients,
        transport=patients > 0 and chance.uniform() < kind.transport,
        custody=need in ("dual", "police_only") and "suspect_present" in flags and chance.uniform() < 0.35,
        on_scene_s=max(300.0, sum(phases)),
        weapon="weapon" in hazards,
        risk_arrival=risk,
        risk_leaving="tense" if risk == "violence" else "calm",
        contexts=tuple(flag for flag in _CONTEXT_FLAGS if flag in flags),
    )


def _single_need(first: Agency, chance: Random) -> str:
    """Return whom it needs when one service is enough: mostly the one that was called; assumed."""
    own = "police_only" if first is Agency.POLICE else "ambulance_only"
    other = "ambulance_only" if first is Agency.POLICE else "police_only"
    return _one_of({own: 0.85, "neither": 0.12, other: 0.03}, chance)


def _drawn(shares: dict[str, float], chance: Random) -> tuple[str, ...]:
    return tuple(sorted(name for name, share in shares.items() if chance.uniform() < share))


def _one_of(shares: dict[str, float], chance: Random) -> str:
    left = chance.uniform() * sum(shares.values())
    for name, share in shares.items():
        left -= share
        if left < 0:
            return name
    return name

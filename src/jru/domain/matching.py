"""Are two reports one happening? A score with reasons; a person decides.

Reads `operational` fields only (place, time, coarse type), so that no score can reveal a hidden field.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .agency import Agency
from .blueprint import Blueprint, MatchPolicy

_METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """What matching may know of an incident. WGS84 degrees, None when it has no point."""

    incident_id: str
    owners: frozenset[Agency]
    lon: float | None
    lat: float | None
    started_at: datetime
    type: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """A pair that may be one; `score` is 0 to 1."""

    other_id: str
    score: float
    reasons: tuple[str, ...]


def distance_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Return the distance of two near points in metres (equirectangular; under 0.1 % off within 50 km)."""
    x = (lon_b - lon_a) * math.cos(math.radians((lat_a + lat_b) / 2))
    return math.hypot(x, lat_b - lat_a) * _METRES_PER_DEGREE


def match(new: Sighting, old: Sighting, blueprint: Blueprint) -> Match | None:
    """Return the score of a pair, or None when it is too weak or both came from one service."""
    policy = blueprint.matching
    if new.incident_id == old.incident_id or new.owners & old.owners:
        return None
    if new.lon is None or new.lat is None or old.lon is None or old.lat is None:
        return None
    apart_s = abs((new.started_at - old.started_at).total_seconds())
    if apart_s > policy.time_s:
        return None
    apart_m = distance_m(new.lon, new.lat, old.lon, old.lat)
    if apart_m > policy.distance_m:
        return None
    likeness, words = _type_likeness(new.type, old.type, blueprint)
    score = _weighted(policy, 1 - apart_m / policy.distance_m, 1 - apart_s / policy.time_s, likeness)
    if score < policy.suggest_at:
        return None
    return Match(old.incident_id, round(score, 2), (_metres(apart_m), _minutes(apart_s), words))


def find_matches(new: Sighting, others: Iterable[Sighting], blueprint: Blueprint) -> list[Match]:
    """Return the matches of one incident among others, best first."""
    found = [m for m in (match(new, other, blueprint) for other in others) if m is not None]
    return sorted(found, key=lambda m: (-m.score, m.other_id))


def _weighted(policy: MatchPolicy, near: float, soon: float, alike: float) -> float:
    total = policy.weight_distance + policy.weight_time + policy.weight_type
    return (policy.weight_distance * near + policy.weight_time * soon + policy.weight_type * alike) / total


def _type_likeness(one: str | None, two: str | None, blueprint: Blueprint) -> tuple[float, str]:
    if one is None or two is None:
        return 0.5, "type of one unknown"
    first, second = blueprint.types.get(one), blueprint.types.get(two)
    if first and second and first.coarse == second.coarse:
        return 1.0 if one == two else 0.8, f"both {first.coarse.replace('_', ' ')}"
    return (1.0, "same type") if one == two else (0.2, "different types")


def _metres(distance: float) -> str:
    return f"{max(10, round(distance, -1)):.0f} m apart"


def _minutes(seconds: float) -> str:
    return "at the same minute" if seconds < 60 else f"{seconds / 60:.0f} min apart"

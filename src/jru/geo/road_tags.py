"""What the OpenStreetMap tags of a way mean for driving it.

Tag meanings: wiki.openstreetmap.org/wiki/Key:maxspeed, Key:oneway, Key:access.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jru.geo.roads import BACKWARD, BRIDGE, FORWARD, ROAD_CLASSES, TUNNEL

GetTag = Callable[[str], str | None]

KMH_PER_MPH: Final = 1.609344
KMH_PER_KNOT: Final = 1.852
_CLASS_CODE: Final = {name: code for code, name in enumerate(ROAD_CLASSES)}
_CLOSED: Final = frozenset({"no", "private", "agricultural", "forestry"})
_SPEED: Final = re.compile(r"^\s*(\d{1,3}(?:\.\d+)?)\s*(mph|km/?h|kph|kmh|knots)?\s*$", re.I)
_NAMED_LIMITS_KMH: Final = {
    "gb:nsl_single": 60 * KMH_PER_MPH,
    "gb:nsl_dual": 70 * KMH_PER_MPH,
    "gb:motorway": 70 * KMH_PER_MPH,
    "gb:urban": 30 * KMH_PER_MPH,
    "walk": 7.0,
}


@dataclass(frozen=True)
class WayMeaning:
    """Class code, direction and structure flags, posted limit (0 = none known), name, ref."""

    road_class: int
    flags: int
    limit_kmh: int
    name: str
    ref: str


def read_way(tag: GetTag) -> WayMeaning | None:
    """Return what a way's tags mean for a vehicle, or None when it cannot be driven."""
    road_class = _CLASS_CODE.get(tag("highway") or "")
    if road_class is None or tag("area") == "yes" or _is_closed(tag):
        return None
    flags = _directions(tag)
    if _is_set(tag("bridge")):
        flags |= BRIDGE
    if _is_set(tag("tunnel")):
        flags |= TUNNEL
    return WayMeaning(
        road_class,
        flags,
        limit_kmh(tag("maxspeed") or tag("maxspeed:type")),
        tag("name") or "",
        tag("ref") or "",
    )


def limit_kmh(text: str | None) -> int:
    """Read a posted limit such as `30 mph`, `50` or `GB:nsl_dual`; 0 when it says nothing usable.

    Of several values the first counts.
    """
    if not text:
        return 0
    first = text.split(";")[0].strip()
    named = _NAMED_LIMITS_KMH.get(first.lower())
    if named is not None:
        return round(named)
    match = _SPEED.match(first)
    if match is None:
        return 0
    unit = (match[2] or "").lower()
    factor = {"mph": KMH_PER_MPH, "knots": KMH_PER_KNOT}.get(unit, 1.0)
    value = round(float(match[1]) * factor)
    return value if 0 < value <= 255 else 0


def _is_set(value: str | None) -> bool:
    return value is not None and value != "no"


def _is_closed(tag: GetTag) -> bool:
    if tag("emergency") in {"yes", "designated"} or tag("service") == "emergency_access":
        return False
    for key in ("motor_vehicle", "vehicle", "access"):
        value = tag(key)
        if value is not None:
            return value in _CLOSED
    return False


def _directions(tag: GetTag) -> int:
    oneway = tag("oneway")
    if oneway in {"-1", "reverse"}:
        return BACKWARD
    if oneway in {"yes", "true", "1"}:
        return FORWARD
    implied = tag("junction") in {"roundabout", "circular"} or tag("highway") == "motorway"
    if oneway is None and implied:
        return FORWARD
    return FORWARD | BACKWARD

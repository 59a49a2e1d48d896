"""NEWS2, the early-warning score of seven measurements: support for the record, not a diagnostic device.

Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, chart 1. It is not meant for people under
16 nor in pregnancy. Oxygen scale 2 counts only where a clinician chose it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CONSCIOUSNESS = {
    "alert": "Alert",
    "confusion": "New confusion",
    "voice": "Responds to voice",
    "pain": "Responds to pain",
    "unresponsive": "Unresponsive",
}
EMERGENCY_FROM = 7
URGENT_FROM = 5
MOST_OF_ONE = 3

Steps = tuple[tuple[int, int], ...]
"""Upper limits with their points, rising: the first limit that the value does not exceed counts."""

_BEYOND = 1_000_000
RESPIRATION: Steps = ((8, 3), (11, 1), (20, 0), (24, 2), (_BEYOND, 3))
SPO2_SCALE_1: Steps = ((91, 3), (93, 2), (95, 1), (_BEYOND, 0))
SPO2_SCALE_2_AIR: Steps = ((83, 3), (85, 2), (87, 1), (_BEYOND, 0))
SPO2_SCALE_2_OXYGEN: Steps = ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (_BEYOND, 3))
SYSTOLIC: Steps = ((90, 3), (100, 2), (110, 1), (219, 0), (_BEYOND, 3))
PULSE: Steps = ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (_BEYOND, 3))
TENTHS_C: Steps = ((350, 3), (360, 1), (380, 0), (390, 1), (_BEYOND, 2))


class Band(StrEnum):
    """How pressing a score is."""

    LOW = "low"
    URGENT = "urgent"
    EMERGENCY = "emergency"
    INCOMPLETE = "incomplete"


BAND_WORDS = {
    Band.LOW: "Low",
    Band.URGENT: "Urgent",
    Band.EMERGENCY: "Emergency",
    Band.INCOMPLETE: "Incomplete",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One set of observations; None was not measured. `on_oxygen` False means breathing air.

    Breaths and beats a minute, oxygen saturation in per cent, systolic pressure in mmHg, temperature in degrees
    Celsius to one decimal place.
    """

    respiration: int | None = None
    spo2: int | None = None
    on_oxygen: bool | None = None
    systolic: int | None = None
    pulse: int | None = None
    consciousness: str | None = None
    temperature_c: float | None = None
    spo2_scale: int = 1


@dataclass(frozen=True, slots=True)
class Score:
    """What a set gives: the total is there only when nothing is missing; `points` holds what was measured."""

    total: int | None
    band: Band
    points: dict[str, int]
    missing: tuple[str, ...]


def news2(measured: Measured) -> Score:
    """Return the score; five in all or three in one is urgent, seven an emergency."""
    each = {
        "respiration": _points(RESPIRATION, measured.respiration),
        "spo2": _saturation(measured),
        "on_oxygen": None if measured.on_oxygen is None else 2 * measured.on_oxygen,
        "systolic": _points(SYSTOLIC, measured.systolic),
        "pulse": _points(PULSE, measured.pulse),
        "consciousness": _alertness(measured.consciousness),
        "temperature_c": _warmth(measured.temperature_c),
    }
    points = {name: value for name, value in each.items() if value is not None}
    missing = tuple(name for name, value in each.items() if value is None)
    if missing:
        return Score(None, Band.INCOMPLETE, points, missing)
    total = sum(points.values())
    return Score(total, _band(total, max(points.values())), points, ())


def _band(total: int, most: int) -> Band:
    if total >= EMERGENCY_FROM:
        return Band.EMERGENCY
    return Band.URGENT if total >= URGENT_FROM or most == MOST_OF_ONE else Band.LOW


def _points(steps: Steps, value: int | None) -> int | None:
    if value is None:
        return None
    return next(points for limit, points in steps if value <= limit)


def _saturation(measured: Measured) -> int | None:
    if measured.spo2_scale == 1:
        return _points(SPO2_SCALE_1, measured.spo2)
    if measured.on_oxygen is None:
        return None
    return _points(SPO2_SCALE_2_OXYGEN if measured.on_oxygen else SPO2_SCALE_2_AIR, measured.spo2)


def _alertness(word: str | None) -> int | None:
    if word is None:
        return None
    return 0 if word == "alert" else MOST_OF_ONE


def _warmth(temperature_c: float | None) -> int | None:
    return None if temperature_c is None else _points(TENTHS_C, round(temperature_c * 10))

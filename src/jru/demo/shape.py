"""When calls come: how a week's calls spread over its hours.

Stated: about 40 % of incidents that both services attend fall between 18:00 and 02:00, mostly at weekends (AACE, Joint
response unit); peaks run from Friday 18:00 to Saturday 04:00 and from Saturday 18:00 to Sunday 05:00 (Victoria),
and alcohol weighs most at weekends from 18:00 to 06:00 (Scotland). Everything finer is assumed and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Final

EVENING_SHARE: Final = 0.40
"""Share of the week's calls between 18:00 and 02:00 (AACE, Joint response unit)."""

WEEKEND_SHARE: Final = 0.55
"""Share of the evening calls on Friday and Saturday; assumed: the source says "mostly weekends"."""

EVENING_PROFILE: Final = (0.80, 0.90, 1.00, 1.05, 1.15, 1.20, 1.05, 0.85)
"""Relative load of the hours from 18:00 to 01:00; assumed, with a late peak."""

DAY_PROFILE: Final = (
    0.75,
    0.55,
    0.40,
    0.35,
    0.40,
    0.60,
    0.85,
    1.0,
    1.1,
    1.15,
    1.2,
    1.2,
    1.25,
    1.35,
    1.45,
    1.4,
)
"""Relative load of the hours from 02:00 to 17:00; assumed."""

LATE_WEEKEND_FACTOR: Final = 2.0
"""How much busier 02:00 to 04:00 is after Friday and Saturday evenings; assumed, direction from Victoria."""

_WEEKEND_EVENINGS: Final = (4, 5)
_MORNINGS_AFTER: Final = (5, 6)


@cache
def hour_shares() -> Mapping[int, float]:
    """Return the share of a week's calls in each local hour of the week, 0 = Monday 00:00; they sum to 1."""
    shares: dict[int, float] = {}
    for day in range(7):
        weekend = day in _WEEKEND_EVENINGS
        nights = len(_WEEKEND_EVENINGS) if weekend else 7 - len(_WEEKEND_EVENINGS)
        of_evenings = WEEKEND_SHARE if weekend else 1 - WEEKEND_SHARE
        night = EVENING_SHARE * of_evenings / nights
        for i, weight in enumerate(EVENING_PROFILE):
            shares[(day * 24 + 18 + i) % 168] = night * weight / sum(EVENING_PROFILE)
    day_weights = {day * 24 + 2 + i: _day_weight(day, i) for day in range(7) for i in range(len(DAY_PROFILE))}
    total = sum(day_weights.values())
    shares.update({hour: (1 - EVENING_SHARE) * weight / total for hour, weight in day_weights.items()})
    return shares


def _day_weight(day: int, hours_after_two: int) -> float:
    late = day in _MORNINGS_AFTER and hours_after_two < 2
    return DAY_PROFILE[hours_after_two] * (LATE_WEEKEND_FACTOR if late else 1.0)


def share_of_week(local_hour: datetime) -> float:
    """Return the share of a week's calls in the hour that begins at this local time."""
    return hour_shares()[local_hour.weekday() * 24 + local_hour.hour]


def hours_between(start: datetime, end: datetime) -> list[tuple[datetime, float]]:
    """Return the (part) hours between two aware moments, each with its length as a fraction of an hour."""
    hours = []
    at = start
    while at < end:
        until = min(end, at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
        hours.append((at, (until - at) / timedelta(hours=1)))
        at = until
    return hours

"""Duty patterns as real spans of time: local clock times turned into UTC across midnight and both clock changes.

Two rules decide where a clock time is not plain. A time that the clock skips (01:30 on the last Sunday in March)
means the moment of the jump. A time that happens twice (01:30 on the last Sunday in October) means its first
occurrence. Both keep the order of clock times, so no duty ends before it starts, and duties that follow each other
on the clock neither overlap nor leave a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jru.domain.blueprint import Blueprint, DutyPattern

_ONE_DAY = timedelta(days=1)
_ONE_SECOND = timedelta(seconds=1)
_LOOK_AHEAD_DAYS = 8


@dataclass(frozen=True, slots=True)
class DutyWindow:
    """One duty, from `start_utc` to before `end_utc`; `local_date` is the day on which it starts."""

    start_utc: datetime
    end_utc: datetime
    local_date: date

    @property
    def length_s(self) -> int:
        """Return the seconds that really pass, clock changes included."""
        return round((self.end_utc - self.start_utc).total_seconds())

    def covers(self, at: datetime) -> bool:
        """Tell whether a moment lies in the duty; the end itself does not."""
        return self.start_utc <= at < self.end_utc


def duties(pattern: DutyPattern, time_zone: str, first: date, last: date) -> list[DutyWindow]:
    """Return the duties that start on a local day from `first` to `last`, both included, in order."""
    zone = ZoneInfo(time_zone)
    found: list[DutyWindow] = []
    day = first
    while day <= last:
        if day.weekday() in pattern.weekdays:
            window = _window(pattern, zone, day)
            if window.start_utc < window.end_utc:  # a duty within a skipped hour never happens
                found.append(window)
        day += _ONE_DAY
    return found


def planned_duty(blueprint: Blueprint, district: str, at: datetime) -> DutyWindow | None:
    """Return the district's duty that covers the moment, or None between duties; raises KeyError for no district."""
    return next((window for window in _around(blueprint, district, at) if window.covers(at)), None)


def next_duty(blueprint: Blueprint, district: str, at: datetime) -> DutyWindow | None:
    """Return the district's first duty that starts after the moment; None only when the pattern has no weekdays."""
    return next((window for window in _around(blueprint, district, at) if window.start_utc > at), None)


def on_duty(blueprint: Blueprint, district: str, at: datetime) -> bool:
    """Tell whether the pattern of a district plans a unit for this moment."""
    return planned_duty(blueprint, district, at) is not None


def _around(blueprint: Blueprint, district: str, at: datetime) -> list[DutyWindow]:
    pattern = blueprint.patterns[blueprint.districts[district].pattern]
    today = at.astimezone(ZoneInfo(blueprint.time_zone)).date()
    return duties(pattern, blueprint.time_zone, today - _ONE_DAY, today + _LOOK_AHEAD_DAYS * _ONE_DAY)


def _window(pattern: DutyPattern, zone: ZoneInfo, day: date) -> DutyWindow:
    last_day = day + _ONE_DAY if pattern.end <= pattern.start else day
    return DutyWindow(_instant(day, pattern.start, zone), _instant(last_day, pattern.end, zone), day)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of a local clock time by the two rules of this module."""
    local = datetime.combine(day, clock).replace(tzinfo=zone, fold=0)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    return _jump_between(local.replace(fold=1).astimezone(UTC), moment, zone)


def _jump_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second with the new offset, by bisection between two moments around a clock change."""
    old = before.astimezone(zone).utcoffset()
    while after - before > _ONE_SECOND:
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after

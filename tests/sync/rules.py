"""The rules by which a crew's device sends its taps, as a model: `vectors.json` holds the front end to the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

RECORDS = "records"
ALONE = re.compile(r"/attachments$")
COURSE = re.compile(r"^/units/[^/]+/(status|offers|self-assign|on-view|ready|book-off)(/|$)")
AT_ONCE = re.compile(r"^/units/|/(scene-safe|situation)$")
EMERGENCY = re.compile(r"^/units/[^/]+/emergency$")
EMERGENCY_FRESH_S = 300.0
LONGEST_PAUSE_S = 20.0
SHORTEST_PAUSE_S = 0.5
NO_ANSWER = 0
LEAST_TOGETHER = 3
MOST_TOGETHER = 50


class Standing(Protocol):
    """A tap as far as its place in a line depends on it."""

    path: str
    state: str
    tries: int
    again: float


T = TypeVar("T", bound=Standing)


def line_of(path: str) -> str:
    """Return the line that a tap stands in."""
    if COURSE.search(path):
        return "course"
    return path if AT_ONCE.search(path) else RECORDS


def next_of(taps: Sequence[T], line: str) -> T | None:
    """Return the tap of a line that is sent next, or None while one of it is on its way."""
    mine = [tap for tap in taps if tap.state != "refused" and line_of(tap.path) == line]
    if any(tap.state == "sending" for tap in mine):
        return None
    if line != RECORDS:
        return mine[0] if mine else None
    heads: dict[str, T] = {}
    for tap in mine:
        heads.setdefault(tap.path, tap)
    first = [tap for tap in mine if ALONE.search(tap.path) or heads[tap.path] is tap]
    return min(first, key=lambda tap: tap.again, default=None)


def together(taps: Sequence[T], first: T, line: str, now_s: float) -> list[T]:
    """Return all of a line that goes in one request with its next one."""
    held: set[str] = set()
    some = []
    for tap in taps:
        if tap.state != "waiting" or line_of(tap.path) != line or ALONE.search(tap.path):
            continue
        if line == RECORDS and tap.again > now_s:
            held.add(tap.path)
        if tap.path not in held:
            some.append(tap)
    return [first] if ALONE.search(first.path) or len(some) < LEAST_TOGETHER else some[:MOST_TOGETHER]


def too_old(path: str, age_s: float) -> bool:
    """Tell whether a tap that a closed page left is told to its person and not sent."""
    return bool(EMERGENCY.search(path)) and age_s > EMERGENCY_FRESH_S


def meaning(status: int, *, ours: bool = True) -> str:
    """Return what an answer means for a tap: taken, again or refused; `ours` is false for what is no JSON."""
    if not ours and status < 500 and status != 413:
        return "again"
    if 200 <= status < 300:
        return "taken"
    if status in (NO_ANSWER, 401, 408, 429) or status >= 500:
        return "again"
    return "refused"


def pause_after(tries: int, chance: float) -> float:
    """Return the seconds until the next try after so many in vain; `chance` in [0, 1) spreads devices apart."""
    longest: float = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2 ** min(tries, 6))
    return longest * (0.5 + chance / 2)

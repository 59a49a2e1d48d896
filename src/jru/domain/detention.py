"""The clock of a detention under section 136: 24 hours from arrival at the place of safety, 12 more by a doctor.

Source: Mental Health Act 1983 s136(2) to (2B) as amended by the Policing and Crime Act 2017 s82. Where the person was
kept at a place of safety already, the decision to keep them there starts it; moving on to another place does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST = timedelta(hours=24)
EXTENSION = timedelta(hours=12)
STARTS = frozenset({"arrived", "kept"})


@dataclass(frozen=True, slots=True)
class Clock:
    """When the power to detain began to run and when it runs out; `stopped_at` None while it runs."""

    started_at: datetime
    ends_at: datetime
    extended: bool
    stopped_at: datetime | None


def clock_of(steps: Iterable[tuple[str, datetime]]) -> Clock | None:
    """Return the clock of one person's steps, in whatever order they were told, or None before it starts."""
    told = sorted(steps, key=lambda step: step[1])
    started = next((at for step, at in told if step in STARTS), None)
    if started is None:
        return None
    extended = any(step == "extended" for step, _ in told)
    ends_at = started + FIRST + (EXTENSION if extended else timedelta())
    stopped = next((at for step, at in told if step == "ended" and at >= started), None)
    return Clock(started, ends_at, extended, stopped)


def may_extend(clock: Clock | None, at: datetime) -> str | None:
    """Return why a doctor cannot extend the detention at a moment, as a sentence, or None when they can."""
    if clock is None:
        return "the clock has not started: record the arrival at the place of safety first"
    if at < clock.started_at:
        return "the clock had not started by then: look at the time of the extension"
    if clock.extended:
        return "the detention was extended already"
    if clock.stopped_at is not None and at > clock.stopped_at:
        return "the detention has ended; there is nothing left to extend"
    if at > clock.ends_at:
        return "the 24 hours have run out; there is nothing left to extend"
    return None


def may_end(clock: Clock | None) -> str | None:
    """Return why the end of a detention cannot be recorded, as a sentence, or None when it can."""
    if clock is not None and clock.stopped_at is not None:
        return "the end of this detention is recorded: correct that record"
    return None


def concerns(steps: Iterable[tuple[str, Mapping[str, object]]]) -> tuple[str, ...]:
    """Return what the law asks a second look at, as sentences: steps with what was written about each."""
    told = list(steps)
    done = {step for step, _ in told}
    said = [content for _, content in told]
    in_station = any(content.get("safe_place") == "police_station" for content in said)
    found = []
    if any(content.get("in_dwelling") for content in said):
        found.append("The power does not reach into a private dwelling or its curtilage.")
    if in_station and any(content.get("under_18") for content in said):
        found.append("Nobody under 18 may be kept in a police station.")
    if "power_used" in done and "consulted" not in done:
        found.append("No health professional was consulted before: do so where practicable, or note why not.")
    if any(s == "conveyed" and c.get("conveyed_by") == "police" and not c.get("note") for s, c in told):
        found.append("Conveyed by police: note the reason.")
    return tuple(found)

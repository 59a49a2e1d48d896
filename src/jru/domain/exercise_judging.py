"""Was what a script expects done, and when? Judged by the log alone, with the times and no score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from jru.domain.event_types import Event
from jru.domain.exercise import Expectation, Part
from jru.domain.exercise_deeds import DEEDS, does


class Verdict(StrEnum):
    """What became of an expectation; `open`: the exercise ended before it could be told."""

    MET = "met"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of the log: when it was recorded, who did it, and which incident of the script it is about."""

    at: datetime
    who: Part | None
    event: Event
    incident: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """An expectation with its verdict, when it was done, and one sentence that says so. Times are seconds."""

    expectation: Expectation
    verdict: Verdict
    sentence: str
    took_s: int | None = None


def judge(
    expected: Expectation,
    happened: Sequence[Happened],
    steps: Mapping[str, datetime],
    over_at: datetime,
) -> Judged:
    """Return what became of one expectation; `steps` are those that came, with their times."""
    if expected.within_s is None:
        return _forbidden(expected, happened)
    whom, deed, limit = _whom(expected), DEEDS[expected.does].words, clock(expected.within_s)
    since = steps.get(expected.after or "")
    if since is None:
        sentence = f"Whether {whom} {deed}: the exercise ended before the step that this follows."
        return Judged(expected, Verdict.OPEN, sentence)
    done = next((one for one in _done(expected, happened) if one.at >= since), None)
    if done is None and over_at < since + timedelta(seconds=expected.within_s):
        sentence = f"Nobody of {whom} {deed} before the exercise ended; {limit} were not over yet."
        return Judged(expected, Verdict.OPEN, sentence)
    if done is None:
        return Judged(
            expected, Verdict.MISSED, f"Nobody of {whom} {deed} before the end; expected within {limit}."
        )
    took_s = round((done.at - since).total_seconds())
    verdict = Verdict.MET if took_s <= expected.within_s else Verdict.LATE
    who = (done.who.words if done.who else whom).capitalize()
    return Judged(expected, verdict, f"{who} {deed} after {clock(took_s)}; expected within {limit}.", took_s)


def _forbidden(expected: Expectation, happened: Sequence[Happened]) -> Judged:
    """Judge what must not be done, ever or before something else was done."""
    deed = DEEDS[expected.does].words
    done = next(_done(expected, happened), None)
    if expected.never:
        if done is None:
            return Judged(expected, Verdict.MET, f"Nobody {deed}, as expected.")
        return Judged(expected, Verdict.MISSED, f"{_name(done)} {deed}; nobody should.")
    other = expected.not_before or ""
    first = next((h for h in happened if does(other, h.event) and _about(expected, other, h)), None)
    words = f"before anybody {DEEDS[other].words}"
    if done is None:
        return Judged(expected, Verdict.MET, f"Nobody {deed} {words}; it was not done at all.")
    if first is not None and first.at <= done.at:
        gap = clock(round((done.at - first.at).total_seconds()))
        return Judged(
            expected, Verdict.MET, f"{_name(done)} {deed} only {gap} after somebody {DEEDS[other].words}."
        )
    return Judged(expected, Verdict.MISSED, f"{_name(done)} {deed} {words}.")


def _done(expected: Expectation, happened: Iterable[Happened]) -> Iterator[Happened]:
    return (
        one
        for one in happened
        if one.who in expected.who and does(expected.does, one.event) and _about(expected, expected.does, one)
    )


def _about(expected: Expectation, deed: str, one: Happened) -> bool:
    """Tell whether an event is about the incident in question; deeds that name none are about every one."""
    return expected.incident is None or not DEEDS[deed].on_incident or one.incident == expected.incident


def _whom(expected: Expectation) -> str:
    return " or ".join(f"the {part.words}" for part in expected.who)


def _name(done: Happened) -> str:
    return (done.who.words if done.who else "somebody").capitalize()


def clock(seconds: int) -> str:
    """Return seconds as m:ss, with the sign where it is before 0."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ''}{minutes}:{rest:02d}"

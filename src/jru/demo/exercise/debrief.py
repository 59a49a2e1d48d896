"""The debrief of one exercise: what happened, since when it stood on whose screen, what became of expectations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from jru.bootstrap import System
from jru.demo.api import Row, iso
from jru.demo.exercise.course import Course, moment
from jru.domain.blueprint_parsing import parse_blueprint
from jru.domain.exercise import Exercise, Part
from jru.domain.exercise_judging import Judged, clock, judge
from jru.errors import Forbidden
from jru.services.debriefing import Replaying, Sighting
from jru.services.records import default_gate

MARKING: Final = "SYNTHETIC EXERCISE"
NOTES: Final = (
    "A time in a column is since when it stood on that screen, not when somebody read it.",
    "What a part never had on its screen is left empty: it was the other service's own, or they were not told.",
    "Only deeds on the system are judged. What was said by telephone or radio leaves no trace here.",
    "The people and events are invented; the times expected are the scheme's own proposal. This is no assessment of "
    "anybody.",
)
STOPPED: Final = "The server stopped in the middle. What stands here is what was recorded up to then."


def debrief(system: System, script: Exercise, course: Course, references: Mapping[str, str]) -> Row:
    """Return the debrief as plain values, ready for JSON, from the log and the course of the exercise.

    Raises Forbidden for a product that is no exercise: a debrief tells everybody what each service kept to itself.
    """
    if not system.services.exercise:
        raise Forbidden("exercise.live", "Only an exercise is debriefed: real records stay behind the gate.")
    began = course.first("began") or {}
    begin = datetime.fromisoformat(began["begin"])
    ended = course.first("ended")
    replaying = Replaying(system.store.log, system.store.payloads, default_gate(), parse_blueprint)
    replay = replaying.replay(begin, references)
    steps = course.steps()
    times = {step_id: moment(line) for step_id, line in steps.items()}
    last = max([begin, *(one.line.recorded_at for one in replay.sightings), *times.values()])
    over_at = moment(ended) if ended else last
    judged = [judge(one, replay.happened, times, over_at) for one in script.expectations]
    rows = [_log_row(one, begin) for one in replay.sightings if _belongs(one, begin)]
    rows += [_step_row(script, step_id, line, begin) for step_id, line in steps.items()]
    return {
        "marking": MARKING,
        "run": course.directory.name,
        "exercise": script.exercise_id,
        "title": script.title,
        "given": script.given,
        "aims": {part.value: script.aims[part] for part in Part},
        "people": began["people"],
        "seed": began["seed"],
        "began_at": iso(begin),
        "ended_at": iso(over_at),
        "lasted_s": round((over_at - begin).total_seconds()),
        "ended": ended["how"] if ended else STOPPED,
        "expectations": [_judged_row(one, began["people"]) for one in judged],
        "timeline": sorted(rows, key=lambda row: (row["at"], row["from"] != "script")),
        "notes": list(NOTES),
    }


def _belongs(one: Sighting, begin: datetime) -> bool:
    """Tell whether a sentence is of the exercise: what the crew did to come on duty is not."""
    return one.line.recorded_at >= begin or one.event.stream.startswith("inc_")


def _log_row(one: Sighting, begin: datetime) -> Row:
    return {
        "from": "log",
        "at": iso(one.line.recorded_at),
        "offset": _offset(one.line.recorded_at, begin),
        "agency": one.line.agency,
        "what": one.line.sentence,
        "seen": {part.value: _offset(one.seen[part], begin) if part in one.seen else None for part in Part},
    }


def _step_row(script: Exercise, step_id: str, line: Row, begin: datetime) -> Row:
    step = script.step(step_id)
    at = moment(line)
    return {
        "from": "script",
        "at": iso(at),
        "offset": _offset(at, begin),
        "agency": step.by.agency.value if step.by.agency else "joint",
        "what": step.told,
        "outcome": line["outcome"],
        "seen": {part.value: None for part in Part},
    }


def _judged_row(one: Judged, people: list[str]) -> Row:
    expected = one.expectation
    played = [part.value for part in expected.who if part.value in people]
    return {
        "who": [part.value for part in expected.who],
        "by_people": bool(played),
        "verdict": one.verdict.value,
        "sentence": one.sentence,
        "why": expected.why,
        "took_s": one.took_s,
        "within_s": expected.within_s,
    }


def _offset(at: datetime, begin: datetime) -> str:
    return clock(round((at - begin).total_seconds()))

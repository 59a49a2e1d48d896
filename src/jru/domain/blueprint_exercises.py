"""The exercises of a blueprint: how their scripts are read, and whether each can be played from end to end."""

from __future__ import annotations

from typing import Any

from jru.domain.agency import Agency
from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_problems import nearest
from jru.domain.blueprint_tables import Element, Key, Table, names_in, nested, table
from jru.domain.blueprint_values import (
    Reading,
    identifier,
    many,
    mapping,
    number,
    one_of,
    ref,
    switch,
    text,
    whole,
)
from jru.domain.blueprint_vocabulary import OUTCOME_CODES
from jru.domain.exercise import NEEDS, Doing, Exercise, Expectation, Found, Part, Scripted, Spot, Step
from jru.domain.exercise_deeds import DEEDS

Sections = dict[str, Any]
SET_UP_S = 1_500
"""How long before second 0 the first step may come."""

LONGEST_MIN = 120
_ID = identifier()
_SENTENCE = text(300, pattern=r"[A-Z0-9].*[.?]", shape="a sentence: a capital first, a full stop last")
_LONG = text(600, pattern=r"[A-Z0-9].*[.]", shape="sentences: a capital first, a full stop last")
_DEED = one_of(DEEDS)


def _exercise(**values: Any) -> Exercise:
    incidents = {one.incident_id: one for one in values.pop("incidents")}
    return Exercise(incidents=incidents, **values)


SPOT = Table(
    (Key("text", text(120)), Key("lon", number(-180, 180)), Key("lat", number(-90, 90))), Spot, False
)
FOUND = Table(
    (
        Key("need", one_of(OUTCOME_CODES["need"])),
        Key("patients", whole(0, 9)),
        Key("transport", switch(), False),
        Key("custody", switch(), False),
        Key("on_scene_s", whole(60, 7_200)),
        Key("risk", one_of(OUTCOME_CODES["risk"]), "calm"),
    ),
    Found,
    provenance=False,
)
INCIDENT = Table(
    (
        Key("id", _ID, attribute="incident_id"),
        Key("type", ref("type"), attribute="type_id"),
        Key("place", table(SPOT)),
        Key("found", table(FOUND)),
    ),
    Scripted,
    provenance=False,
)
STEP = Table(
    (
        Key("id", _ID, attribute="step_id"),
        Key("at_s", whole(-SET_UP_S, LONGEST_MIN * 60)),
        Key("do", one_of(Doing)),
        Key("by", one_of(Part)),
        Key("told", _SENTENCE),
        Key("incident", _ID, None),
        Key("grade", text(20), None),
        Key("words", text(300), None),
        Key("flags", many(ref("flags", what="flag")), None),
        Key("hazards", many(ref("hazard"), 1), None),
        Key("place", table(SPOT), None),
        Key("sends", switch(), None),
        Key("seat", _ID, None),
        Key("reason", one_of(("custody", "hospital", "other")), None),
        Key("backup", one_of(("patrol", "ambulance", "supervisor", "fire")), None),
    ),
    Step,
    provenance=False,
)
EXPECT = Table(
    (
        Key("who", many(one_of(Part), 1)),
        Key("does", _DEED),
        Key("why", _SENTENCE),
        Key("incident", _ID, None),
        Key("after", _ID, None),
        Key("within_s", whole(1, LONGEST_MIN * 60), None),
        Key("not_before", _DEED, None),
        Key("never", switch(), False),
    ),
    Expectation,
    provenance=False,
)
EXERCISE = Table(
    (
        Key("id", _ID, attribute="exercise_id"),
        Key("title", text(80)),
        Key("minutes", whole(1, LONGEST_MIN)),
        Key("unit", ref("vehicle")),
        Key("given", _LONG),
        Key("aim", mapping(one_of(Part), _SENTENCE, tuple(Part), closed=True), attribute="aims"),
        Key("incident", nested(INCIDENT, "id"), attribute="incidents"),
        Key("step", nested(STEP, "id"), attribute="steps"),
        Key("expect", nested(EXPECT, ""), attribute="expectations"),
    ),
    _exercise,
)


def check_exercises(sections: Sections, reading: Reading) -> None:
    """Want scripts whose steps fit together, and expectations that the log can answer."""
    for element in sections.get("exercise", ()):
        _Script(element, sections, reading).check()


class _Script:
    """One exercise being checked."""

    def __init__(self, element: Element, sections: Sections, reading: Reading) -> None:
        self._exercise: Exercise = element.value
        self._path = element.path
        self._sections = sections
        self._reading = reading

    def check(self) -> None:
        """Note everything that does not fit."""
        for place, step in enumerate(self._exercise.steps):
            here = (*self._path, "step", place)
            self._keys(step, here)
            self._names(step, here)
            self._codes(step, here)
        self._order()
        for place, expected in enumerate(self._exercise.expectations):
            self._expected(expected, (*self._path, "expect", place))
        if not self._exercise.expectations:
            self._reading.refuse(self._path, "nothing is expected of anybody", "add an [[exercise.expect]]")

    def _keys(self, step: Step, path: Path) -> None:
        needs = NEEDS[step.do]
        for name in sorted(needs.must - step.given):
            self._reading.refuse(path, f"{name} is missing for {step.do}", f"add {name} = ...")
        for name in sorted(step.given - needs.must - needs.may):
            self._reading.refuse((*path, name), f"{step.do} has no {name}", "drop the key")
        if step.by not in needs.by:
            message = f"{step.do} is not for the {step.by.words}"
            self._reading.refuse((*path, "by"), message, f"known: {', '.join(sorted(needs.by))}")
        if step.at_s > self._exercise.minutes * 60:
            message = f"{step.at_s} s is after the end"
            self._reading.refuse(
                (*path, "at_s"), message, f"the exercise has {self._exercise.minutes} minutes"
            )

    def _names(self, step: Step, path: Path) -> None:
        if step.incident is not None and step.incident not in self._exercise.incidents:
            self._unknown("incident", step.incident, (*path, "incident"))
        raw = self._reading.findings.document.get("crew_rule")
        rules = raw if isinstance(raw, list) else []
        seats = frozenset[str]().union(
            *(names_in(r.get("seat"), "seat") for r in rules if isinstance(r, dict))
        )
        if step.seat is not None and step.seat not in seats:
            message = f"no crew rule has a seat {step.seat!r}"
            self._reading.refuse((*path, "seat"), message, nearest(step.seat, seats))

    def _unknown(self, what: str, name: str, path: Path) -> None:
        known = self._exercise.incidents if what == "incident" else [s.step_id for s in self._exercise.steps]
        self._reading.refuse(path, f"the exercise has no {what} {name!r}", nearest(name, known))

    def _codes(self, step: Step, path: Path) -> None:
        """Want a grade of the room's own service, and a type for which that service has a code."""
        agency = step.by.agency
        if agency is None:
            return
        grades = self._reading.declared.get(f"{agency}_grade", frozenset())
        if step.grade is not None and step.grade not in grades:
            message = f"the {agency} service has no grade {step.grade!r}"
            self._reading.refuse((*path, "grade"), message, nearest(step.grade, grades))
        scripted = self._exercise.incidents.get(step.incident or "")
        kinds = {element.value.type_id: element.value for element in self._sections.get("type", ())}
        kind = kinds.get(scripted.type_id) if scripted else None
        if step.do is Doing.REPORT and kind is not None:
            codes = kind.police_codes if agency is Agency.POLICE else kind.ambulance_codes
            if not codes:
                message = f"the {agency} service has no code for {kind.type_id}"
                self._reading.refuse(
                    (*path, "by"), message, "let the other room report it, or take another type"
                )

    def _order(self) -> None:
        """Want each incident reported first, once by a room; and a system back only after it fell silent."""
        known: set[tuple[str, Part]] = set()
        silent: set[Part] = set()
        ordered = sorted(enumerate(self._exercise.steps), key=lambda pair: pair[1].at_s)
        for place, step in ordered:
            here = (*self._path, "step", place)
            if step.incident in self._exercise.incidents:
                self._reported(step, str(step.incident), known, here)
            if (step.do is Doing.BACK and step.by not in silent) or (
                step.do is Doing.SILENT and step.by in silent
            ):
                message = f"the {step.by.words}'s system is {'not silent' if step.do is Doing.BACK else 'silent'} then"
                self._reading.refuse((*here, "at_s"), message, "silent and back take turns")
            silent = silent | {step.by} if step.do is Doing.SILENT else silent
            silent = silent - {step.by} if step.do is Doing.BACK else silent
        for name in self._exercise.incidents:
            if not any(name == incident for incident, _ in known):
                message = f"nobody reports the incident {name!r}"
                self._reading.refuse((*self._path, "incident"), message, 'add a step with do = "report"')

    def _reported(self, step: Step, name: str, known: set[tuple[str, Part]], path: Path) -> None:
        own = (name, step.by) in known
        if step.do is Doing.REPORT:
            if own:
                message = f"the {step.by.words} has reported {name!r} before"
                self._reading.refuse(path, message, 'write do = "update"')
            known.add((name, step.by))
        elif not (own if step.do.of_system else any(name == incident for incident, _ in known)):
            whose = f"the {step.by.words}" if step.do.of_system else "nobody"
            message = f"{whose} has {'not ' if step.do.of_system else ''}reported {name!r} by then"
            self._reading.refuse((*path, "at_s"), message, "report it in an earlier step")

    def _expected(self, expected: Expectation, path: Path) -> None:
        told = (expected.within_s is not None, expected.not_before is not None, expected.never)
        if sum(told) != 1:
            self._reading.refuse(
                path, "needs exactly one of within_s, not_before and never", "write one of them"
            )
        if (expected.within_s is None) != (expected.after is None):
            self._reading.refuse(path, "after and within_s belong together", "write both or neither")
        if expected.after is not None and expected.after not in {s.step_id for s in self._exercise.steps}:
            self._unknown("step", expected.after, (*path, "after"))
        if expected.incident is not None and expected.incident not in self._exercise.incidents:
            self._unknown("incident", expected.incident, (*path, "incident"))
        if expected.incident is not None and not DEEDS[expected.does].on_incident:
            message = f"{expected.does} is about no incident"
            self._reading.refuse((*path, "incident"), message, "drop the key")

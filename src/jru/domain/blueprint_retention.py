"""The retention clauses of a blueprint: how they are read, and whether together they cover everything once."""

from __future__ import annotations

from itertools import product
from typing import Any

from jru.domain.agency import Agency, Label
from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_tables import Element, Key, Table
from jru.domain.blueprint_values import Reader, Reading, describe, identifier, many, one_of, switch, text
from jru.domain.blueprint_vocabulary import OUTCOME_CODES
from jru.domain.retention_policy import TRIGGERS, Clause, Matter, Trigger, labels_kept, period_of

Sections = dict[str, Any]
RETAINED_OUTCOMES = OUTCOME_CODES["disposal"]
_SENTENCE = text(300, pattern=r"[A-Z0-9].*[.]", shape="a sentence: a capital first, a full stop last")


def _period() -> Reader:
    read_text = text(20)

    def read(value: object, path: Path, reading: Reading) -> object:
        hint = 'write "31 days", "6 months" or "7 years", at most 100 years'
        if not isinstance(value, str):
            return reading.refuse(path, f"expected a period, found {describe(value)}", hint)
        words = read_text(value, path, reading)
        if not isinstance(words, str):
            return words
        return period_of(words) or reading.refuse(path, f"{words!r} is not a period", hint)

    return read


RETENTION = Table(
    (
        Key("id", identifier(), attribute="clause_id"),
        Key("agency", one_of(Agency)),
        Key("matter", one_of(Matter)),
        Key("labels", many(one_of(Label), 1, frozenset), frozenset()),
        Key("outcomes", many(one_of(RETAINED_OUTCOMES), 1, frozenset), frozenset()),
        Key("trigger", one_of(Trigger)),
        Key("keep", _period()),
        Key("review", switch(), False),
        Key("clause", _SENTENCE, attribute="words"),
    ),
    Clause,
)


def check_retention(sections: Sections, reading: Reading) -> None:
    """Want every kind of content of each service under exactly one general clause; no clause at all erases nothing."""
    elements: tuple[Element, ...] = sections.get("retention", ())
    for element in elements:
        _fits(element.value, element.path, reading)
    _no_longer_than_seen(elements, sections, reading)
    _once(elements, reading)
    raw = reading.findings.document.get("retention")
    if isinstance(raw, list) and raw and len(elements) == len(raw):
        _whole([element.value for element in elements], reading)


def _fits(clause: Clause, path: Path, reading: Reading) -> None:
    allowed = TRIGGERS[clause.matter]
    if clause.trigger not in allowed:
        message = f"the clock of {clause.matter} does not start with {clause.trigger}"
        reading.refuse((*path, "trigger"), message, f"known: {', '.join(allowed)}")
    if clause.outcomes and clause.matter is not Matter.INCIDENT:
        reading.refuse((*path, "outcomes"), f"{clause.matter} has no outcomes", "drop the key")
    if clause.review and clause.matter is not Matter.INCIDENT:
        reading.refuse((*path, "review"), f"{clause.matter} is not reviewed", "drop the key")
    kept = labels_kept(clause.agency, clause.matter)
    if not kept and clause.labels:
        reading.refuse((*path, "labels"), f"{clause.matter} has no labels", "drop the key")
    elif kept and not clause.labels:
        reading.refuse(path, "labels is missing", f"known: {', '.join(kept)}")
    for label in sorted(clause.labels - set(kept)) if kept else ():
        message = f"the {clause.agency} service keeps no {label} content of {clause.matter}"
        reading.refuse((*path, "labels"), message, f"known: {', '.join(kept)}")


def _no_longer_than_seen(elements: tuple[Element, ...], sections: Sections, reading: Reading) -> None:
    timers = sections.get("timers")
    for element in elements:
        if timers is not None and element.value.keep.least.total_seconds() < timers.closed_visible_s:
            message = f"{element.value.keep} is shorter than a closed incident stays on the screens"
            hint = f"at least timers.closed_visible_s, which is {timers.closed_visible_s}"
            reading.refuse((*element.path, "keep"), message, hint)


def _once(elements: tuple[Element, ...], reading: Reading) -> None:
    seen: dict[tuple[object, ...], Path] = {}
    for element in elements:
        clause: Clause = element.value
        for label, outcome in product(sorted(clause.labels) or ("",), sorted(clause.outcomes) or ("",)):
            first = seen.setdefault((clause.agency, clause.matter, label, outcome), element.path)
            if first != element.path:
                line = reading.findings.lines.line_of(first)
                message = f"{_words(clause.agency, label, clause.matter)} is under the clause on line {line} already"
                reading.refuse(element.path, message, "keep one of them, or name other outcomes")


def _whole(clauses: list[Clause], reading: Reading) -> None:
    for agency in Agency:
        for matter in Matter:
            for label in labels_kept(agency, matter) or (None,):
                general = (c for c in clauses if c.covers(agency, matter, label) and not c.outcomes)
                if next(general, None) is None:
                    message = f"no clause says how long {_words(agency, label or '', matter)} is kept"
                    reading.refuse(("retention",), message, "add a [[retention]] without outcomes")


def _words(*words: str) -> str:
    return " ".join(word for word in words if word)

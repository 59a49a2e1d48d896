"""The card that a room copies into its own system: lines of text with fields in braces, checked as a scheme is read."""

from __future__ import annotations

import re

from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_problems import nearest
from jru.domain.blueprint_values import Reader, Reading, text

CARD_FIELDS = {
    "number": "number of the joint incident",
    "own_reference": "reference of the room that copies",
    "own_grade": "its grade or category",
    "other_reference": "reference of the other room",
    "other_grade": "its grade or category",
    "type": "what it is",
    "place": "where, in words",
    "reported": "day and time of the first report",
    "flags": "flags in words",
    "hazards": "open hazards, each with its note, time and service",
    "scene": "whether the scene was declared safe, by whom and when",
    "rvp": "rendezvous point while a hazard holds",
    "verdict": "whether a joint unit suits, with the reason",
    "units": "joint units with status, its time, and ETA",
    "resources": "vehicles of both services with status, its time, and ETA",
    "waits": "who asked whom for what, with the times asked, answered, arrived and released",
    "now": "day and time of the copy",
}
"""Every field that a card may hold, and what it says; a screen fills them from what its viewer was given."""

DEFAULT_CARD = (
    "Joint response unit {number}: your {own_reference}, other room {other_reference}",
    "{type} at {place}, reported {reported}",
    "Hazards: {hazards}",
    "Scene: {scene}",
    "RVP: {rvp}",
    "Joint unit: {units}",
    "Others: {resources}",
    "Asked: {waits}",
    "Copied {now}",
)
_FIELD = re.compile(r"\{([^{}]*)\}")
_LINE = text(200)


def card_line() -> Reader:
    """Read one line of a card; every brace belongs to a field that there is."""

    def read(value: object, path: Path, reading: Reading) -> object:
        line = _LINE(value, path, reading)
        if not isinstance(line, str):
            return line
        for name in _FIELD.findall(line):
            if name not in CARD_FIELDS:
                message = f"a card has no field {{{name[:40]}}}"
                return reading.refuse(path, message, nearest(name, CARD_FIELDS))
        if any(brace in _FIELD.sub("", line) for brace in "{}"):
            return reading.refuse(path, "a brace stands alone", "write {field}")
        return line

    return read

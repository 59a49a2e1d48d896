"""The assurance files: the hazard log and the security mapping, with the evidence that each row names.

A test is named as `tests/path.py::name` or `tests/path.py::Class::name`, a setting as `path :: words that stand in
that file`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

import yaml

ROOT = Path(__file__).resolve().parents[1]
ASSURANCE = ROOT / "docs" / "assurance"

SEVERITIES = ("minor", "significant", "considerable", "major", "catastrophic")
LIKELIHOODS = ("very low", "low", "medium", "high", "very high")
RATINGS = {
    "very high": (3, 4, 4, 5, 5),
    "high": (2, 3, 3, 4, 5),
    "medium": (2, 2, 3, 3, 4),
    "low": (1, 2, 2, 3, 4),
    "very low": (1, 1, 2, 2, 3),
}
"""The risk of each likelihood, by severity: the example matrix of the guidance to DCB0129."""


@dataclass(frozen=True, slots=True)
class Risk:
    """A judgement of one hazard."""

    severity: str
    likelihood: str

    @property
    def rating(self) -> int:
        """Return 1 (acceptable) to 5 (unacceptable); raises KeyError or ValueError for an unknown word."""
        return RATINGS[self.likelihood][SEVERITIES.index(self.severity)]


@dataclass(frozen=True, slots=True)
class Control:
    """What keeps a hazard from doing harm; `kind` is design, configuration, training or procedure."""

    kind: str
    what: str
    tests: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hazard:
    """One row of the hazard log."""

    id: str
    title: str
    hazard: str
    causes: tuple[str, ...]
    effect: str
    initial: Risk
    controls: tuple[Control, ...]
    residual: Risk
    owner: str
    adopter: str
    status: str
    signed_by: str = ""
    signed_on: str = ""
    accepted_because: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the security mapping. `waits_for` says of an unmet one who has to act: product or adopter."""

    id: str
    level: int
    status: str
    tests: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    why: str = ""
    waits_for: str = ""

    @property
    def place(self) -> tuple[int, ...]:
        """Return the number for sorting."""
        return tuple(int(part) for part in self.id.removeprefix("V").split("."))


@dataclass(frozen=True, slots=True)
class Mapping:
    """The security mapping: which edition of the standard, read from which file, and the rows."""

    standard: str
    sha256: str
    requirements: tuple[Requirement, ...] = field(default=())


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ASSURANCE / name).read_text(encoding="utf-8"))
    return found


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def hazards() -> tuple[Hazard, ...]:
    """Return the hazard log; raises TypeError for a row with an unknown or a missing key."""
    return tuple(_hazard(row) for row in _read("hazard-log.yaml")["hazards"])


def _hazard(row: dict[str, Any]) -> Hazard:
    controls = tuple(Control(**_tuples(control)) for control in row.pop("controls"))
    risks = {key: Risk(**row.pop(key)) for key in ("initial", "residual")}
    return Hazard(**_tuples(row), **risks, controls=controls)


def mapping() -> Mapping:
    """Return the security mapping; raises TypeError for a row with an unknown or a missing key."""
    read = _read("asvs.yaml")
    rows = tuple(Requirement(**_tuples(row)) for row in read.pop("requirements"))
    return Mapping(**read, requirements=rows)


@cache
def _names(path: str) -> frozenset[str]:
    """Return the tests of a Python file that always run, as `name` and `Class::name`."""
    if not (ROOT / path).is_file():
        return frozenset()
    found: set[str] = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{inner.name}" for inner in node.body if _always_runs(inner)}
        elif _always_runs(node):
            found.add(node.name)
    return frozenset(found)


def _always_runs(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    """Tell whether this runs each time: what is skipped, expected to fail or for hours alone proves nothing."""
    if not isinstance(node, ast.FunctionDef):
        return False
    inner = (part for mark in node.decorator_list for part in ast.walk(mark))
    return not {part.attr for part in inner if isinstance(part, ast.Attribute)} & {"skip", "xfail", "soak"}


@cache
def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""


def is_test(named: str) -> bool:
    """Tell whether a named test stands in the tree."""
    path, _, name = named.partition("::")
    return name.rpartition("::")[2].startswith("test_") and name in _names(path)


def is_setting(named: str) -> bool:
    """Tell whether a file holds the words that a row names it for."""
    path, _, words = named.partition(" :: ")
    return words != "" and words in _text(path)

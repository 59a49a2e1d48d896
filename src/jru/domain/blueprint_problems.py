"""What is wrong with a blueprint, where, and what to do about it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from jru import errors
from jru.domain.blueprint import Assumption
from jru.domain.blueprint_lines import LineIndex, Path

_IDENTITY_KEYS = ("id", "code", "seat", "agency")
_SHORT_WORD = re.compile(r"[\w .-]{1,40}")


@dataclass(frozen=True, slots=True)
class Problem(errors.Problem):
    """One error of a blueprint: the key path, its line in the file (from 1), what is wrong, and what to do."""

    path: str = "file"
    line: int = 1

    @property
    def message(self) -> str:
        """Return what is wrong."""
        return self.what

    @property
    def hint(self) -> str:
        """Return what to do about it, or nothing."""
        return self.remedy


def problem(path: str, line: int, message: str, hint: str = "") -> Problem:
    """Return a problem that reads `LINE: path: message (hint)`."""
    return Problem(f"{line}: {path}", message, hint, path, line)


class BlueprintErrors(errors.InvalidInput):
    """The blueprint cannot be used; `problems` lists every error, in the order of the file."""

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = tuple(sorted(problems, key=lambda one: one.line))
        count = "1 error" if len(found) == 1 else f"{len(found)} errors"
        super().__init__("blueprint.broken", f"The blueprint has {count}.", problems=found)

    def __reduce__(self) -> tuple[type[BlueprintErrors], tuple[tuple[Problem, ...]]]:
        return (BlueprintErrors, (self.problems,))


@dataclass(frozen=True, slots=True)
class Findings:
    """Collects problems and assumptions while one text is read."""

    lines: LineIndex
    document: dict[str, object]
    problems: list[Problem] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)

    def add(self, path: Path, message: str, hint: str = "") -> None:
        """Record an error at a key path."""
        self.problems.append(problem(self.words(path), self.lines.line_of(path), message, hint))

    def assume(self, path: Path, reason: str) -> None:
        """Record a value that no public source states."""
        self.assumptions.append(Assumption(self.words(path), reason))

    def words(self, path: Path) -> str:
        """Write a key path for people: `type[assault].score`, or `state[2]` (from 1) where elements have no id."""
        written = ""
        here: object = self.document
        for step in path:
            if isinstance(step, int):
                here = here[step] if isinstance(here, list) and step < len(here) else None
                written += f"[{_identity(here) or step + 1}]"
            else:
                here = here.get(step) if isinstance(here, dict) else None
                written += f".{step}" if written else step
        return written or "file"


def _identity(table: object) -> str | None:
    if not isinstance(table, dict):
        return None
    for key in _IDENTITY_KEYS:
        name = table.get(key)
        if isinstance(name, str) and _SHORT_WORD.fullmatch(name):
            return name
    return None


def nearest(word: str, known: Iterable[str], prefix: str = "did you mean") -> str:
    """Return a hint naming the nearest known word, or the known words when there are few, or nothing."""
    words = sorted(known)
    close = difflib.get_close_matches(word[:80], words, n=1, cutoff=0.6)
    if not close and len(word) > 3:
        close = [known_word for known_word in words if word in known_word or known_word in word]
    if close:
        return f"{prefix} {close[0]}?"
    if 0 < len(words) <= 12:
        return f"known: {', '.join(words)}"
    return ""

"""What became of one exercise, kept line by line beside its log: how it was set up, each step, and how it ended."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from jru.demo.api import Row, iso
from jru.durable import add_lines

COURSE_FILE: Final = "course.jsonl"


class Course:
    """The record of one exercise in its own directory; what was noted survives the process."""

    def __init__(self, directory: Path) -> None:
        """Read what stands there; a last line that was cut off is left out."""
        self.directory = directory
        self._path = directory / COURSE_FILE
        self.lines: list[Row] = []
        if self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                try:
                    self.lines.append(json.loads(line))
                except ValueError:
                    continue

    def note(self, kind: str, at: datetime, **more: object) -> Row:
        """Add a line and wait for the disk; `at` is in the exercise's own time."""
        line: Row = {"kind": kind, "at": iso(at), **more}
        add_lines(self._path, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self.lines = [*self.lines, line]
        return line

    def first(self, kind: str) -> Row | None:
        """Return the first line of a kind."""
        return next((line for line in self.lines if line["kind"] == kind), None)

    def steps(self) -> dict[str, Row]:
        """Return the steps that came, by id."""
        return {line["step"]: line for line in self.lines if line["kind"] == "step"}


def moment(line: Row) -> datetime:
    """Return when a line says that it happened."""
    return datetime.fromisoformat(line["at"]).astimezone(UTC)

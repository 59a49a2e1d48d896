"""What the pages of the desk read is what the server answers, name by name."""

from __future__ import annotations

import re
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

import pytest

from jru.web.api.answers import Answer
from jru.web.api.retention import RetentionAnswer

TYPES = (Path(__file__).parents[2] / "frontend" / "desk" / "types.ts").read_text(encoding="utf-8")
NAMES = re.compile(r"(\w+)\??: ")


def read_by(name: str) -> set[str]:
    """Return the names that an interface of the desk reads, those of its rows after the list's."""
    [body] = re.findall(rf"^export interface {name} {{\n(.*?)^}}", TYPES, re.DOTALL | re.MULTILINE)
    found = set()
    for line in body.splitlines():
        outer, *inner = NAMES.findall(line)
        found |= {outer, *(f"{outer}.{each}" for each in inner)}
    return found


def answered_by(model: type[Answer], before: str = "") -> set[str]:
    """Return the names of an answer, those of its rows after the list's."""
    found = set()
    for name, field in model.model_fields.items():
        found.add(f"{before}{name}")
        for inner in rows_of(field.annotation):
            found |= answered_by(inner, f"{before}{name}.")
    return found


def rows_of(kind: Any) -> list[type[Answer]]:
    if isinstance(kind, type) and not get_args(kind):
        return [kind] if issubclass(kind, Answer) else []
    if get_origin(kind) in (list, UnionType):
        return [row for one in get_args(kind) for row in rows_of(one)]
    return []


@pytest.mark.parametrize(("interface", "answer"), [("Due", RetentionAnswer)])
def test_a_page_reads_what_is_answered(interface: str, answer: type[Answer]) -> None:
    assert len(read_by(interface)) > 10
    assert read_by(interface) - answered_by(answer) == set()

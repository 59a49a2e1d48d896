"""Events of every version that ever was are read as they were meant; their bytes never change."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest

from jru.domain import events
from jru.domain.event_types import EVENT_TYPES, Event, EventType
from jru.domain.events import UPCASTERS, read_event, write_event
from tests.unit.domain.examples import EXAMPLES, OLD

GOLDEN = Path(__file__).parent / "golden"
NOW = {(type(e).__name__, EVENT_TYPES[type(e).__name__].schema_version): e for e in EXAMPLES}
ALL = {**OLD, **NOW}


def golden(kind: str, version: int) -> Path:
    return GOLDEN / f"{kind}.v{version}.json"


def test_every_event_type_and_version_has_a_golden_file_and_no_file_is_left_over() -> None:
    registered = {
        golden(kind, version).name
        for kind, known in EVENT_TYPES.items()
        for version in range(1, known.schema_version + 1)
    }
    assert {path.name for path in GOLDEN.glob("*.json")} == registered
    assert {golden(*name).name for name in ALL} == registered


@pytest.mark.parametrize("name", sorted(ALL), ids=str)
def test_a_golden_event_reads_as_expected(name: tuple[str, int]) -> None:
    assert read_event(*name, golden(*name).read_bytes()) == ALL[name]


@pytest.mark.parametrize("name", sorted(NOW), ids=str)
def test_an_event_is_written_byte_for_byte_as_ever(name: tuple[str, int]) -> None:
    assert write_event(NOW[name]) == golden(*name).read_bytes()


@pytest.mark.parametrize("name", sorted(NOW), ids=str)
def test_the_bytes_are_canonical(name: tuple[str, int]) -> None:
    raw = golden(*name).read_bytes()
    again = json.dumps(json.loads(raw), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again.encode() == raw


def test_the_examples_fill_every_optional_field() -> None:
    empty = [
        f"{type(e).__name__}.{f.name}"
        for e in EXAMPLES
        for f in fields(e)
        if getattr(e, f.name) in (None, ())  # type: ignore[arg-type]
    ]
    allowed = ["IncidentOpened.stub"]
    assert [name for name in empty if name not in allowed] == []


def test_a_kind_that_never_was_is_not_read() -> None:
    with pytest.raises(KeyError):
        read_event("NeverWas", 1, b"{}")


@dataclass(frozen=True, slots=True)
class Renamed(Event):
    """A type in its third version: a field was renamed, then one was added."""

    call_sign: str
    seats: int


@pytest.fixture
def third_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def rename(body: dict[str, Any]) -> dict[str, Any]:
        return {"call_sign": body["name"]}

    def add(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "seats": 3}

    monkeypatch.setitem(EVENT_TYPES, "Renamed", EventType("Renamed", 3, "A sentence {call_sign}", Renamed))
    monkeypatch.setitem(UPCASTERS, ("Renamed", 1), rename)
    monkeypatch.setitem(UPCASTERS, ("Renamed", 2), add)


@pytest.mark.usefixtures("third_version")
def test_an_old_event_is_lifted_through_every_version() -> None:
    assert read_event("Renamed", 1, b'{"name":"JR01"}') == Renamed("JR01", 3)
    assert read_event("Renamed", 2, b'{"call_sign":"JR01"}') == Renamed("JR01", 3)
    assert read_event("Renamed", 3, b'{"call_sign":"JR01","seats":2}') == Renamed("JR01", 2)


def test_a_version_without_its_lift_is_an_error_and_never_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EVENT_TYPES, "Renamed", EventType("Renamed", 2, "A sentence {call_sign}", Renamed))
    with pytest.raises(KeyError):
        read_event("Renamed", 1, b'{"name":"JR01"}')


def test_every_past_version_has_its_lift() -> None:
    wanted = {(k, v) for k, known in EVENT_TYPES.items() for v in range(1, known.schema_version)}
    assert set(events.UPCASTERS) == wanted

"""How an event type is declared: a frozen dataclass with a version and a human sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from .agency import Agency, Label


class Event:
    """Base of all event types; the fields of a type are what the log itself keeps, so never personal content."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class EventType:
    """One registered type. `sentence` is a format string over the event's fields."""

    kind: str
    schema_version: int
    sentence: str
    cls: type[Event]


EVENT_TYPES: dict[str, EventType] = {}
E_ = TypeVar("E_", bound=type[Event])


def event(sentence: str, *, version: int = 1) -> Callable[[E_], E_]:
    """Register an event class under its own name."""

    def register(cls: E_) -> E_:
        EVENT_TYPES[cls.__name__] = EventType(cls.__name__, version, sentence, cls)
        return cls

    return register


@dataclass(frozen=True, slots=True)
class Part:
    """Personal content that goes with an event: `owner` None means both services may hold it."""

    label: Label
    owner: Agency | None
    content: dict[str, object]

    @property
    def store(self) -> str:
        """Return the payload store that keeps it."""
        if self.label is Label.CLINICAL:
            return "patient"
        if self.label in (Label.POLICE_INTEL, Label.POLICE_EVIDENCE):
            return "police"
        if self.label in (Label.IDENTITY, Label.STAFF) and self.owner is not None:
            return "police" if self.owner is Agency.POLICE else "patient"
        return "operational"


@dataclass(frozen=True, slots=True)
class Emitted:
    """An event on its way to a stream. `at` is when it happened."""

    stream: str
    event: Event
    at: datetime
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: a person in the role of one agency, or the system."""

    subject: str
    name: str
    agency: Agency
    role: str
    unit_id: str | None = None

"""What a decision stands on, and how its events find their streams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .agency import Agency, Label
from .blueprint import Blueprint
from .commands import Command
from .event_types import By, Emitted, Event, Part
from .refusal import Refusal

Decision = list[Emitted] | Refusal


@dataclass(frozen=True, slots=True)
class Setting:
    """Who decides, when, and under which scheme. `at` is when it happened, `now` when it was received."""

    by: By
    now: datetime
    blueprint: Blueprint

    def at(self, command: Command) -> datetime:
        """Return when the commanded thing happened."""
        return command.at or self.now


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place as given, with what the map says of it; `verified` false means text or a doubtful point only."""

    text: str
    lon: float | None
    lat: float | None
    district: str | None
    cell: str | None
    verified: bool

    def part(self) -> Part:
        """Return the exact place as a payload."""
        return Part(Label.OPERATIONAL, None, {"text": self.text, "lon": self.lon, "lat": self.lat})


def op(incident_id: str) -> str:
    """Return the stream of what both services may know of an incident."""
    return f"{incident_id}/op"


def own(incident_id: str, agency: Agency) -> str:
    """Return the stream of what one service keeps to itself."""
    return f"{incident_id}/{'police' if agency is Agency.POLICE else 'patient'}"


def stream_for(incident_id: str, label: Label, agency: Agency) -> str:
    """Return the stream that a line with this label belongs to."""
    if label in (Label.OPERATIONAL, Label.SAFETY):
        return op(incident_id)
    if label is Label.CLINICAL:
        return own(incident_id, Agency.AMBULANCE)
    return own(incident_id, agency)


def text_part(label: Label, owner: Agency | None, text: str) -> Part:
    """Return one line of text as a payload."""
    return Part(label, owner, {"text": text})


def emit(stream: str, happened: Event, at: datetime, *parts: Part) -> Emitted:
    """Return one event for a stream."""
    return Emitted(stream, happened, at, parts)

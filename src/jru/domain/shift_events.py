"""What happens in the course of a crew's duty beside its jobs."""

from __future__ import annotations

from dataclasses import dataclass

from .agency import Agency
from .event_types import Event, event


@event("Vehicle and kit checked by {lists}")
@dataclass(frozen=True, slots=True)
class ReadinessConfirmed(Event):
    """The crew says that vehicle and kit are ready; `lists` are the kit lists of the vehicle."""

    lists: tuple[str, ...]


@event("Another {role} takes the seat {seat}")
@dataclass(frozen=True, slots=True)
class CrewChanged(Event):
    """Somebody else holds a seat, or one that was empty; the name is a payload."""

    seat: str
    agency: Agency
    role: str
    qualifications: tuple[str, ...]


@event("Asked by the {by_agency} room to wait")
@dataclass(frozen=True, slots=True)
class WaitSuggested(Event):
    """A room suggests where to wait; the place and the reason are a payload."""

    by_agency: Agency


@event("Suggestion to wait answered: {answer}")
@dataclass(frozen=True, slots=True)
class WaitAnswered(Event):
    """The crew's answer: going or not_now."""

    answer: str


@event("Briefing of version {scheme_version} read by a member of the {agency} crew")
@dataclass(frozen=True, slots=True)
class BriefingConfirmed(Event):
    """A member of the crew has read the briefing; the name is a payload."""

    agency: Agency
    scheme_version: int


@event("A member of the {agency} crew told of the duty {unit_id}")
@dataclass(frozen=True, slots=True)
class DebriefRecorded(Event):
    """What one member says of a duty; all of it is a payload of the own service."""

    unit_id: str
    agency: Agency


PREFIX = "dbf_"


def debrief_stream(unit_id: str, agency: Agency) -> str:
    """Return the stream of what one service's members say of a duty: nobody is shown that it moves."""
    return f"{PREFIX}{unit_id.removeprefix('unt_')}/{agency.value}"


def duty_of(stream: str) -> str:
    """Return the unit whose duty a unit's or a debrief's stream is about, or an empty text."""
    if stream.startswith(PREFIX):
        return f"unt_{stream.removeprefix(PREFIX).partition('/')[0]}"
    return stream if stream.startswith("unt_") else ""

"""What happens to the keeping of content: holds, requests, reviews, and erasure itself."""

from __future__ import annotations

from dataclasses import dataclass

from .agency import Agency
from .event_types import Event, event


def docket_stream(agency: Agency) -> str:
    """Return the stream of one service's holds, requests and reviews: its version tells the other service nothing."""
    return f"retention/{agency.value}"


@event("Legal hold {hold_id} placed on {incidents} (person {person})")
@dataclass(frozen=True, slots=True)
class HoldPlaced(Event):
    """Nothing of one service about an incident, or one person of it, is erased until release; why is a part."""

    hold_id: str
    incidents: tuple[str, ...]
    person: int | None


@event("Legal hold {hold_id} released")
@dataclass(frozen=True, slots=True)
class HoldReleased(Event):
    """The hold is over; why is a part."""

    hold_id: str


@event("Erasure of {incidents} asked for (person {person})")
@dataclass(frozen=True, slots=True)
class ErasureAsked(Event):
    """Somebody asked a service to erase; it waits until the incident is closed and reviewed. Why is a part."""

    request_id: str
    incidents: tuple[str, ...]
    person: int | None


@event("Content of {incidents} reviewed (person {person}): {finding}")
@dataclass(frozen=True, slots=True)
class ContentReviewed(Event):
    """A person looked at what is due or asked for: `finding` is erase or keep."""

    incidents: tuple[str, ...]
    person: int | None
    finding: str


@event("Content of the {agency} service erased: {words}")
@dataclass(frozen=True, slots=True)
class ContentErased(Event):
    """Content is gone: `parts` are "seq:part:hash" of what was erased, `clause` and `words` the clause.

    `basis` is clause, asked or restored. `tracks` counts device tracks, `messages` messages in quarantine.
    """

    agency: Agency
    clause: str
    words: str
    basis: str
    parts: tuple[str, ...]
    tracks: int
    messages: int

    @property
    def places(self) -> frozenset[tuple[int, int]]:
        """Return the event and the number of each part that is gone."""
        told = (part.split(":") for part in self.parts)
        return frozenset((int(seq), int(number)) for seq, number, _hash in told)


@event("Retention run: {parts} parts of {records} records erased")
@dataclass(frozen=True, slots=True)
class RetentionRun(Event):
    """A privacy officer let everything go that was due at the own service; each erasure has an event of its own."""

    records: int
    parts: int
    tracks: int
    messages: int

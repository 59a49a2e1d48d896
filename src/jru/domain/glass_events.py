"""What happens when somebody opens fields that their role does not show, for one incident and half an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .agency import Agency, Label
from .event_types import Event, event

STREAM = "glass"
"""All of it stands in one stream, so that nobody has to know where to look."""


@event("Opened restricted fields of {incident_id} ({labels}) until {until}")
@dataclass(frozen=True, slots=True)
class GlassBroken(Event):
    """Somebody opened restricted fields; the typed reason is a payload. `often` raises the alarm."""

    glass_id: str
    incident_id: str
    labels: tuple[Label, ...]
    role: str
    until: datetime
    often: bool


@event("Closed the restricted fields again ({glass_id})")
@dataclass(frozen=True, slots=True)
class GlassClosed(Event):
    """Who opened them needs them no more."""

    glass_id: str


@event("{agency} reviewed the opening {glass_id}: {finding}")
@dataclass(frozen=True, slots=True)
class GlassReviewed(Event):
    """The privacy officer of one service looked at it; the words are a payload."""

    glass_id: str
    agency: Agency
    finding: str

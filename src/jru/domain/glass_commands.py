"""What may be asked about fields that a role does not show."""

from __future__ import annotations

from dataclasses import dataclass

from .agency import Label
from .commands import Command, OnIncident


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass(OnIncident):
    """Open restricted fields of one incident for half an hour, with a typed reason; both services are alerted."""

    labels: tuple[Label, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseGlass(Command):
    """Close what one opened, before its time."""

    glass_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewGlass(Command):
    """The privacy officer's finding on an opening: justified, not_justified or follow_up."""

    glass_id: str
    finding: str
    words: str = ""

"""What a privacy officer may ask about the keeping of the own service's content."""

from __future__ import annotations

from dataclasses import dataclass

from .commands import Command, OnIncident


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold(OnIncident):
    """Keep everything of the own service about an incident, or one person of it, until the hold is released."""

    reason: str
    person: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold(Command):
    """End a legal hold of the own service: the clocks, which never stopped, count again."""

    hold_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskErasure(OnIncident):
    """Record that erasure was asked for: it waits until the incident is closed and a person has reviewed it."""

    reason: str
    person: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewContent(OnIncident):
    """Say after a look that content which is due or asked for may go (erase), or that a request is refused (keep)."""

    finding: str
    reason: str
    person: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRetention(Command):
    """Erase what is due of the own service now."""

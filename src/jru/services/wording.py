"""Times and words as they leave the product."""

from __future__ import annotations

from datetime import UTC, datetime

LATE_S = 60.0
"""From how many seconds between happening and recording something counts as told late."""


def iso(moment: datetime) -> str:
    """Return a time as ISO 8601 in UTC with microseconds and Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def iso_or_none(moment: datetime | None) -> str | None:
    """Return a time, or None when there is none."""
    return iso(moment) if moment is not None else None

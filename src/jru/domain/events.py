"""Every event type, versioned, with its human sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from . import glass_events, incident_events, record_events, retention_events, shift_events, unit_events
from .codec import encode, reader
from .event_types import EVENT_TYPES, Emitted, Event, EventType, Part

__all__ = [
    "EVENT_TYPES",
    "UPCASTERS",
    "Emitted",
    "Event",
    "EventType",
    "Part",
    "glass_events",
    "incident_events",
    "read_event",
    "record_events",
    "retention_events",
    "shift_events",
    "unit_events",
    "write_event",
]

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""Pure functions that lift the fields of (kind, schema version) to the next version."""


def write_event(happened: Event) -> bytes:
    """Return the canonical bytes of an event's fields."""
    return encode(happened)


def read_event(kind: str, schema_version: int, raw: bytes) -> Event:
    """Rebuild an event of any past schema version; raises KeyError for a kind that never was."""
    known = EVENT_TYPES[kind]
    body = json.loads(raw)
    for version in range(schema_version, known.schema_version):
        body = UPCASTERS[kind, version](body)
    return cast("Event", reader(cast("Any", known.cls))(body))

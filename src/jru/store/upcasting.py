"""Events of past versions, brought up to today's shape while reading; the log itself never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from jru.services.ports import StoredEvent

Upcaster = Callable[[bytes], bytes]
Upcasters = Mapping[tuple[str, int], Upcaster]


def upcast(event: StoredEvent, upcasters: Upcasters) -> StoredEvent:
    """Return the event with its data in the newest version.

    `upcasters[kind, n]` turns the data of version n into that of version n + 1 and is pure. The hash stays
    that of the stored bytes.
    """
    while (step := upcasters.get((event.kind, event.schema_version))) is not None:
        event = replace(event, schema_version=event.schema_version + 1, data=step(event.data))
    return event

"""What stands in place of content that was erased: the clause that it went under."""

from __future__ import annotations

from collections.abc import Iterable

from jru.domain.events import read_event
from jru.domain.retention_events import ContentErased

from .ports import StoredEvent

Gone = dict[tuple[int, int], str]


def gone_from(events: Iterable[StoredEvent]) -> Gone:
    """Return the words of the clause for each part, by event and number, that these events say was erased."""
    gone: Gone = {}
    for event in events:
        if event.kind != ContentErased.__name__:
            continue
        happened = read_event(event.kind, event.schema_version, event.data)
        if isinstance(happened, ContentErased):
            gone |= dict.fromkeys(happened.places, happened.words)
    return gone


def in_its_place(words: str) -> dict[str, str]:
    """Return what is shown instead of a text."""
    return {"text": f"erased under: {words}"}

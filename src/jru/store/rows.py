"""Rows of the log's tables as the values that the ports speak of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jru.services.ports import StateRow, StoredEvent
from jru.store import tables
from jru.store.hashing import HASHED_COLUMNS, decode_parts

EVENT_COLUMNS = tuple(tables.event.c[name] for name in (*HASHED_COLUMNS, "hash"))
STATE_COLUMNS = tuple(tables.state.c[name] for name in ("stream", "kind", "version", "open", "body"))

_PARTS = HASHED_COLUMNS.index("parts")


def stored_event(row: Sequence[Any]) -> StoredEvent:
    """Return the event of a row of EVENT_COLUMNS; raises ValueError when its part list is damaged."""
    columns: list[Any] = list(row)
    columns[_PARTS] = decode_parts(columns[_PARTS])
    return StoredEvent(*columns)


def state_row(row: Sequence[Any]) -> StateRow:
    """Return the read-table row of a row of STATE_COLUMNS."""
    stream, kind, version, is_open, body = row
    return StateRow(stream, kind, version, bool(is_open), body)

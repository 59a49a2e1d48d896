"""Erasing personal content: the row and its salt go, the log keeps the hash and still verifies."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from jru.services.ports import StoredEvent
from jru.store import tables
from jru.store.engines import WRITER_BUSY_MS, WriteConnection, writer_engine
from jru.store.opening import Store
from jru.store.rows import EVENT_COLUMNS, stored_event
from jru.store.tables import event

_BESIDE = (tables.position.name, tables.position_latest.name, tables.quarantine.name)

_log = structlog.get_logger(__name__)


def erase_payload(store: Store, seq: int, part: int) -> bool:
    """Erase one part of an event from its payload store, the write-ahead log included; False if already gone.

    Raises KeyError when the log knows no such part. Recording why is the caller's part.
    """
    found = _event(store, seq)
    names = [ref.store for ref in found.parts if ref.number == part] if found else []
    if not names:
        raise KeyError(f"event {seq} has no part {part}")
    text = store.writer.statements.erase_payload[names[0]]

    def erase(connection: WriteConnection) -> bool:
        connection.execute(text, (seq, part))
        return connection.changed_rows > 0

    erased = bool(store.writer.run(erase))
    _empty_wal(store)
    return erased


def leave_no_copy(store: Store) -> bool:
    """Take what was erased out of the files that hold it; False while a reader keeps the write-ahead log of SQLite.

    On SQLite the rows are overwritten when they go, and the write-ahead log is emptied here; on PostgreSQL the tables
    are written anew, for which nobody else may use them. PostgreSQL's own log and every backup are the operator's part.
    """
    connection = WriteConnection(writer_engine(store.url))
    try:
        if connection.dialect.name == "sqlite":
            return connection.empty_wal(WRITER_BUSY_MS)
        for table in (*(f"{name}.payload_{name}" for name in store.payloads), *_BESIDE):
            connection.execute(f"VACUUM FULL {table}")
        return True
    finally:
        connection.close()


def _empty_wal(store: Store) -> None:
    """Leave no copy of what was erased in the write-ahead log; the upkeep tries again when a reader holds it."""
    connection = WriteConnection(writer_engine(store.url))
    try:
        if not connection.empty_wal(WRITER_BUSY_MS):
            _log.warning("a reader holds the write-ahead log; erased content leaves it with the next upkeep")
    finally:
        connection.close()


def _event(store: Store, seq: int) -> StoredEvent | None:
    with store.engine.connect() as connection:
        row = connection.execute(select(*EVENT_COLUMNS).where(event.c.seq == seq)).first()
    return stored_event(row) if row else None

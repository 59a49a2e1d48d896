"""After an erasure: what was taken out of the tables goes out of the files, too."""

from __future__ import annotations

from jru.store import tables
from jru.store.engines import WRITER_BUSY_MS, WriteConnection, writer_engine
from jru.store.opening import Store

_BESIDE = (tables.position.name, tables.position_latest.name, tables.quarantine.name)


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

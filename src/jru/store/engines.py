"""Connections to SQLite and PostgreSQL, with the settings that durability rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from jru.errors import InvalidInput, JruError
from jru.store.tables import PAYLOAD_SCHEMAS

_log = structlog.get_logger(__name__)

READER_BUSY_MS = 1_000
WRITER_BUSY_MS = 5_000
FLAT_SCHEMAS = dict.fromkeys(PAYLOAD_SCHEMAS)

_SQLITE_SETTINGS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA wal_autocheckpoint=0",
    "PRAGMA journal_size_limit=16777216",
)


_MOST_ROWS_EXPONENT = 8
_STATEMENTS_KEPT = 256


class UnsafeSettings(JruError):
    """The database does not promise to keep what it acknowledges."""


def database_url(text: str) -> URL:
    """Return the URL of a database; raises InvalidInput when it names neither SQLite file nor PostgreSQL."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise _bad_url("the database URL cannot be read") from error
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in ("sqlite", "sqlite+pysqlite") and url.database not in (None, "", ":memory:"):
        return url.set(drivername="sqlite")
    raise _bad_url(f"a database URL of the kind {url.drivername!r} is not supported")


def sqlite_path(url: URL) -> Path | None:
    """Return the file of a SQLite URL, or None for PostgreSQL."""
    return Path(url.database).absolute() if url.drivername == "sqlite" and url.database else None


def reader_engine(url: URL) -> Engine:
    """Return an engine for reading; it never holds a transaction open and never writes."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=8, max_overflow=56)
    return _prepared(engine, READER_BUSY_MS, query_only=True)


def writer_engine(url: URL) -> Engine:
    """Return an engine for the one writer and for migrations; each connection is made afresh."""
    options = (
        {"check_same_thread": False, "cached_statements": _STATEMENTS_KEPT}
        if url.drivername == "sqlite"
        else {}
    )
    engine = create_engine(url, poolclass=NullPool, connect_args=options)
    return _prepared(engine, WRITER_BUSY_MS, query_only=False)


class WriteConnection:
    """The writer's own connection, at the level of the database driver: explicit transactions, ready texts."""

    def __init__(self, engine: Engine) -> None:
        """Connect, and refuse settings that may lose what was acknowledged (raises UnsafeSettings)."""
        self.dialect: Dialect = statement_dialect(engine)
        self._sqlite = self.dialect.name == "sqlite"
        pooled = engine.raw_connection()
        raw: Any = pooled.driver_connection
        pooled.detach()
        self._raw = raw
        if not self._sqlite:
            self._raw.autocommit = True
        self._cursor = self._raw.cursor()
        self.execute = self._cursor.execute
        if not self._sqlite:
            # row-level security lets the writer through by this name only
            self.execute("SET jru.scope = 'keeper'")
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def begin(self) -> None:
        """Start the transaction of a batch; on SQLite with the write lock taken."""
        self.execute("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")

    def commit(self) -> None:
        """Make the batch durable; when this fails the outcome is unknown."""
        self.execute("COMMIT")

    def rollback(self) -> None:
        """Undo the batch."""
        self.execute("ROLLBACK")

    def savepoint(self) -> None:
        """Start one command."""
        self.execute("SAVEPOINT command_start")

    def keep(self) -> None:
        """Keep what was done since the savepoint."""
        self.execute("RELEASE SAVEPOINT command_start")

    def undo(self) -> None:
        """Undo what was done since the savepoint."""
        self.execute("ROLLBACK TO SAVEPOINT command_start")
        self.execute("RELEASE SAVEPOINT command_start")

    def insert(self, text: str, rows: Sequence[Sequence[object]]) -> None:
        """Run an insert for every row, with few calls into the driver."""
        if not self._sqlite:
            if rows:
                self._cursor.executemany(text, rows)
            return
        start = 0
        while left := len(rows) - start:
            # each call lets other threads in, so that one for many rows spares the writer many waits
            size = 1 << min(left.bit_length() - 1, _MOST_ROWS_EXPONENT)
            chunk = rows[start : start + size]
            self.execute(_for_rows(text, size), chunk[0] if size == 1 else list(chain.from_iterable(chunk)))
            start += size

    def one(self, text: str, values: Sequence[object] = ()) -> Any:
        """Return the first row of a query, or None."""
        self.execute(text, values)
        return self._cursor.fetchone()

    def all(self, text: str, values: Sequence[object] = ()) -> list[Any]:
        """Return every row of a query."""
        self.execute(text, values)
        return list(self._cursor.fetchall())

    @property
    def changed_rows(self) -> int:
        """Return how many rows the last statement touched."""
        return int(self._cursor.rowcount)

    def move_wal(self) -> None:
        """Copy what can be copied of the write-ahead log into the database file, waiting for nobody."""
        self._checkpoint("PASSIVE", 0)

    def empty_wal(self, wait_ms: int = 50) -> bool:
        """Copy all of the write-ahead log and cut it to nothing; False when a reader held on to it."""
        return self._checkpoint("TRUNCATE", wait_ms)

    def _checkpoint(self, mode: str, wait_ms: int) -> bool:
        if not self._sqlite:
            return True
        self.execute(f"PRAGMA busy_timeout={wait_ms}")
        try:
            return not self.one(f"PRAGMA wal_checkpoint({mode})")[0]
        finally:
            self.execute(f"PRAGMA busy_timeout={WRITER_BUSY_MS}")

    def close(self) -> None:
        """Give the connection back to the database.

        PostgreSQL lets go of a session's locks only when its process notices the end, so they are given back before.
        """
        if not self._sqlite:
            with suppress(Exception):
                self._raw.rollback()
                self._cursor.execute("SELECT pg_advisory_unlock_all()")
                self._raw.commit()
        self._cursor.close()
        self._raw.close()

    def _check(self) -> None:
        if self._sqlite:
            mode = str(self.one("PRAGMA journal_mode=WAL")[0]).lower()
            synchronous = int(self.one("PRAGMA synchronous")[0])
            if mode != "wal" or synchronous < 2:
                raise _unsafe(f"journal_mode is {mode} and synchronous is {synchronous}")
            return
        if self.one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0]:
            _log.warning("the database user is a superuser: row-level security does not hold it")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            value = str(self.one(f"SHOW {setting}")[0])
            if value not in ("on", "remote_write", "remote_apply"):
                raise _unsafe(f"{setting} is {value}")


@cache
def _for_rows(text: str, rows: int) -> str:
    """Return an INSERT text that takes the values of several rows."""
    start = text.index("(", text.index(" VALUES "))
    end = text.index(")", start) + 1
    return f"{text[:start]}{', '.join([text[start:end]] * rows)}{text[end:]}"


def statement_dialect(engine: Engine) -> Dialect:
    """Return the dialect that writes statements with positional parameters for this engine's driver."""
    if engine.dialect.name == "sqlite":
        return engine.dialect
    make: Callable[..., Dialect] = PGDialect_psycopg
    return make(paramstyle="format")


def _prepared(engine: Engine, busy_ms: int, *, query_only: bool) -> Engine:
    if engine.dialect.name != "sqlite":
        return engine

    def settle(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in _SQLITE_SETTINGS:
            cursor.execute(setting)
        cursor.execute(f"PRAGMA busy_timeout={busy_ms}")
        cursor.execute(f"PRAGMA query_only={'ON' if query_only else 'OFF'}")
        cursor.close()

    event.listen(engine, "connect", settle)
    if not query_only:
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine.execution_options(schema_translate_map=FLAT_SCHEMAS)


def _bad_url(message: str) -> InvalidInput:
    return InvalidInput(
        "store.database_url",
        message,
        "Use sqlite:////absolute/path/jru.sqlite or postgresql://user@host/name.",
    )


def _unsafe(found: str) -> UnsafeSettings:
    return UnsafeSettings(
        "store.unsafe_settings",
        f"The database may lose what it acknowledged: {found}.",
        "SQLite needs journal_mode=WAL and synchronous=FULL on a local disk; "
        "PostgreSQL needs fsync, full_page_writes and synchronous_commit on.",
    )

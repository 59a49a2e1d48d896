"""The event log as the services see it: appends through the writer, reads on connections of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Engine, bindparam, select

from jru.services.ports import Append, Appended, Head, LogBusy, StateRow, StoredCommand, StoredEvent
from jru.store import tables
from jru.store.hashing import EMPTY_HASH
from jru.store.rows import EVENT_COLUMNS, STATE_COLUMNS, state_row, stored_event
from jru.store.writer import Writer

EMPTY_HEAD = Head(0, EMPTY_HASH, 0)

_event = tables.event.c
_READ = (
    select(*EVENT_COLUMNS)
    .where(_event.seq > bindparam("after"))
    .order_by(_event.seq)
    .limit(bindparam("most"))
)
_STREAM = select(*EVENT_COLUMNS).where(_event.stream == bindparam("name")).order_by(_event.version)
_HEAD = select(_event.seq, _event.hash, _event.recorded_at_us).order_by(_event.seq.desc()).limit(1)
_COMMAND = select(tables.command).where(tables.command.c.idem_key == bindparam("name"))
_STATES = select(*STATE_COLUMNS).order_by(tables.state.c.stream)
_STATE = select(*STATE_COLUMNS).where(tables.state.c.stream == bindparam("name"))
_CLAIM = select(tables.claim.c.value).where(
    tables.claim.c.kind == bindparam("name"), tables.claim.c.key == bindparam("token")
)


class SqlEventLog:
    """The log on SQLite or PostgreSQL; without a writer it is read-only."""

    def __init__(self, engine: Engine, writer: Writer | None) -> None:
        self._engine = engine
        self._writer = writer

    def append(self, command: Append) -> Appended:
        """Store a command durably and return where; see `jru.services.ports.EventLog`."""
        if self._writer is None:
            raise LogBusy("the log was opened for reading only")
        return self._writer.append(command)

    def read(self, after_seq: int, limit: int) -> Sequence[StoredEvent]:
        """Return events with seq > after_seq in order, at most `limit`."""
        with self._engine.connect() as connection:
            rows = connection.execute(_READ, {"after": after_seq, "most": limit}).all()
        return [stored_event(row) for row in rows]

    def stream(self, stream: str) -> Sequence[StoredEvent]:
        """Return all events of one stream in version order."""
        with self._engine.connect() as connection:
            rows = connection.execute(_STREAM, {"name": stream}).all()
        return [stored_event(row) for row in rows]

    def head(self) -> Head:
        """Return the last committed event's place and hash."""
        if self._writer is not None:
            return self._writer.head
        with self._engine.connect() as connection:
            row = connection.execute(_HEAD).first()
        return Head(*row) if row else EMPTY_HEAD

    def command(self, idem_key: str) -> StoredCommand | None:
        """Return the stored command with this key."""
        with self._engine.connect() as connection:
            row = connection.execute(_COMMAND, {"name": idem_key}).first()
        return StoredCommand(*row) if row else None

    def states(self, *, open_only: bool) -> Iterator[StateRow]:
        """Yield read-table rows, ordered by stream."""
        query = _STATES.where(tables.state.c.open.is_(True)) if open_only else _STATES
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                yield state_row(row)

    def state(self, stream: str) -> StateRow | None:
        """Return one stream's read-table row."""
        with self._engine.connect() as connection:
            row = connection.execute(_STATE, {"name": stream}).first()
        return state_row(row) if row else None

    def claim(self, kind: str, key: str) -> str | None:
        """Return who holds a name."""
        with self._engine.connect() as connection:
            value = connection.execute(_CLAIM, {"name": kind, "token": key}).scalar()
        return value if isinstance(value, str) else None

    def subscribe(self, listener: Callable[[Sequence[StoredEvent]], None]) -> None:
        """Call `listener` after each commit with its events, in order, on the writer thread.

        The callers of that commit go on once every listener has returned. A listener must not write.
        """
        if self._writer is not None:
            self._writer.subscribe(listener)

"""The access log as the services see it: written through the writer, read on connections of its own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, Select, bindparam, or_, select

from jru.services.audit_ports import Accessed, AccessQuery, AuditUnavailable, StoredAccess
from jru.services.ports import Head
from jru.store import tables
from jru.store.access_rows import ACCESS_COLUMNS, listed, stored_access
from jru.store.log import EMPTY_HEAD
from jru.store.writer import Writer

_access = tables.access_log.c
_READ = (
    select(*ACCESS_COLUMNS)
    .where(_access.seq > bindparam("after"))
    .order_by(_access.seq)
    .limit(bindparam("most"))
)
_HEAD = select(_access.seq, _access.hash, _access.recorded_at_us).order_by(_access.seq.desc()).limit(1)
_SPOOLED = select(_access.seq).where(_access.spooled == bindparam("name")).limit(1)


class SqlAccessLog:
    """The access log on SQLite or PostgreSQL; without a writer it is read-only."""

    def __init__(self, engine: Engine, writer: Writer | None) -> None:
        self._engine = engine
        self._writer = writer

    def record(self, entries: Sequence[Accessed]) -> None:
        """Store entries durably, all or none; raises AuditUnavailable for whatever reason it cannot."""
        if self._writer is None:
            raise AuditUnavailable("the log was opened for reading only")
        try:
            self._writer.note(entries)
        except Exception as error:
            raise AuditUnavailable(f"the access log cannot be written: {error}") from error

    def find(self, query: AccessQuery) -> Sequence[StoredAccess]:
        """Return the rows that a query asks for, the newest moment first."""
        with self._engine.connect() as connection:
            rows = connection.execute(_wanted(query)).all()
        return [stored_access(row) for row in rows]

    def read(self, after_seq: int, limit: int) -> Sequence[StoredAccess]:
        """Return rows with seq > after_seq in order, at most `limit`."""
        with self._engine.connect() as connection:
            rows = connection.execute(_READ, {"after": after_seq, "most": limit}).all()
        return [stored_access(row) for row in rows]

    def holds_spool(self, name: str) -> bool:
        """Tell whether the rows of a spool are in the log already."""
        with self._engine.connect() as connection:
            return connection.execute(_SPOOLED, {"name": name}).first() is not None

    def head(self) -> Head:
        """Return the last committed row's place and hash."""
        if self._writer is not None:
            return self._writer.heads.access
        with self._engine.connect() as connection:
            row = connection.execute(_HEAD).first()
        return Head(*row) if row else EMPTY_HEAD


def _wanted(query: AccessQuery) -> Select[tuple[object, ...]]:
    found = select(*ACCESS_COLUMNS).where(_access.owner.in_(query.owners))
    if query.record is not None:
        found = found.where(_access.records.contains(_within(query.record), autoescape=True))
    if query.subject is not None:
        listens = _access.recipients.contains(_within(query.subject), autoescape=True)
        found = found.where(or_(_access.subject == query.subject, listens))
    if query.kind is not None:
        found = found.where(_access.kind == query.kind.value)
    if query.since_us is not None:
        found = found.where(_access.recorded_at_us >= query.since_us)
    if query.until_us is not None:
        found = found.where(_access.recorded_at_us < query.until_us)
    # rows of one moment keep their order, so that another one of it moves none of those that were given already
    newest_first = found.order_by(_access.recorded_at_us.desc(), _access.seq)
    return newest_first.limit(query.limit).offset(query.skip)


def _within(word: str) -> str:
    """Return a word as it stands in a stored list."""
    return listed([word])[1:-1]

"""Past records in a table of their own, apart from the log: public figures, no incidents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple

from sqlalchemy import (
    Column,
    Engine,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    bindparam,
    func,
    select,
)

from jru.services.past_records import Added, PastRecord
from jru.store.engines import WriteConnection
from jru.store.tables import metadata
from jru.store.writer import Writer

past_record = Table(
    "past_record",
    metadata,
    Column("file_hash", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("month", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lon", Float(53), nullable=False),
    Column("lat", Float(53), nullable=False),
    Column("location", Text, nullable=False),
    Column("lsoa", Text, nullable=False),
    Column("district", Text, nullable=False),
    PrimaryKeyConstraint("file_hash", "line", name="past_record_pkey"),
    Index("past_record_order", "month", "file_hash", "line"),
)


class PastRecordsReader:
    """Past records of a database that another process may be writing."""

    def __init__(self, engine: Engine) -> None:
        """Read through `engine`."""
        self._engine = engine

    def records(self) -> Iterator[PastRecord]:
        """Yield every record, ordered by month, file and line."""
        order = (past_record.c.month, past_record.c.file_hash, past_record.c.line)
        with self._engine.connect() as connection:
            for row in connection.execute(select(past_record).order_by(*order)):
                yield PastRecord(**row._mapping)

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how many records there are for each (district, kind)."""
        columns = (past_record.c.district, past_record.c.kind)
        query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
        with self._engine.connect() as connection:
            return {(district, kind): count for district, kind, count in connection.execute(query)}


class SqlPastRecords(PastRecordsReader):
    """Past records behind the port `jru.services.past_records.PastRecords`; written by the one writer."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        """Read through `engine`, write through `writer`."""
        super().__init__(engine)
        self._writer = writer
        self._insert = writer.statements.insert_new_text(past_record)
        self._count = writer.statements.text(
            select(func.count()).select_from(past_record).where(past_record.c.file_hash == bindparam("file"))
        )

    def add(self, batch: Sequence[PastRecord]) -> Added:
        """Keep the records that are not there yet, all of the batch or nothing."""
        rows = [astuple(record) for record in batch]
        files = sorted({record.file_hash for record in batch})

        def write(connection: WriteConnection) -> int:
            before = sum(connection.one(self._count, (file,))[0] for file in files)
            connection.insert(self._insert, rows)
            return int(sum(connection.one(self._count, (file,))[0] for file in files) - before)

        new = int(self._writer.run(write)) if rows else 0
        return Added(new, len(rows) - new)

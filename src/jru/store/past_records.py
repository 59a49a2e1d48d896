"""Past records in a table of their own, apart from the log: public figures, no incidents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from sqlalchemy import (
    Column,
    Engine,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    insert,
    select,
)

from jru.services.past_records import Added, PastRecord
from jru.store.tables import metadata

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


class SqlPastRecords:
    """Past records behind the port `jru.services.past_records.PastRecords`."""

    def __init__(self, engine: Engine) -> None:
        """Use the tables of a database whose schema is up to date."""
        self._engine = engine

    def add(self, batch: Sequence[PastRecord]) -> Added:
        """Keep the records that are not there yet, all of the batch or nothing."""
        if not batch:
            return Added(0, 0)
        files = sorted({record.file_hash for record in batch})
        lines = [record.line for record in batch]
        known_rows = (
            select(past_record.c.file_hash, past_record.c.line)
            .where(past_record.c.file_hash.in_(files))
            .where(past_record.c.line.between(min(lines), max(lines)))
        )
        with self._engine.begin() as connection:
            known = {(file_hash, line) for file_hash, line in connection.execute(known_rows)}
            new = {(record.file_hash, record.line): record for record in batch}
            fresh = [asdict(record) for key, record in new.items() if key not in known]
            if fresh:
                connection.execute(insert(past_record), fresh)
        return Added(len(fresh), len(batch) - len(fresh))

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

"""What the stores still hold, seen from their log: numbers, labels and hashes, never content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, func, or_, select

from jru.domain.agency import Agency, Label
from jru.services.retention_ports import HeldPart
from jru.store import tables
from jru.store.rows import EVENT_COLUMNS, stored_event

_CHUNK = 500
_event = tables.event.c


class SqlHoldings:
    """Reads which payload rows, tracks and quarantined messages are there."""

    def __init__(self, engine: Engine, payload_tables: Sequence[Table]) -> None:
        self._engine = engine
        self._tables = tuple(payload_tables)

    def parts(self, recorded_until: Mapping[Label, int]) -> Iterator[HeldPart]:
        """Yield the parts with these labels that were recorded at or before a time."""
        for table in self._tables:
            of_label = [
                and_(table.c.label == label.value, _event.recorded_at_us <= until)
                for label, until in sorted(recorded_until.items())
            ]
            yield from self._found(table, or_(*of_label)) if of_label else ()

    def parts_of(self, streams: Sequence[str]) -> Iterator[HeldPart]:
        """Yield the parts of some streams."""
        for table in self._tables:
            for start in range(0, len(streams), _CHUNK):
                yield from self._found(table, _event.stream.in_(streams[start : start + _CHUNK]))

    def part(self, seq: int, number: int) -> HeldPart | None:
        """Return one part, or None when its content is gone or was never there."""
        for table in self._tables:
            for held in self._found(table, and_(table.c.seq == seq, table.c.part == number)):
                return held
        return None

    def tracks(self) -> frozenset[str]:
        """Return the units of which positions are held."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(select(tables.position_latest.c.unit_id)).scalars())

    def messages(self, agency: Agency, received_until: int) -> tuple[str, ...]:
        """Return the messages that a service has had in quarantine since a time or longer."""
        quarantine = tables.quarantine.c
        query = (
            select(quarantine.quarantine_id)
            .where(quarantine.agency == agency.value, quarantine.received_at_us <= received_until)
            .order_by(quarantine.received_at_us, quarantine.quarantine_id)
        )
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())

    def _found(self, table: Table, wanted: ColumnElement[bool]) -> Iterator[HeldPart]:
        query = (
            select(*EVENT_COLUMNS, table.c.part)
            .join_from(table, tables.event, table.c.seq == _event.seq)
            .where(wanted)
            .order_by(table.c.seq, table.c.part)
        )
        with self._as_keeper() as connection:
            for *columns, number in connection.execute(query):
                event = stored_event(columns)
                ref = next((ref for ref in event.parts if ref.number == number), None)
                if ref is not None:
                    yield HeldPart(event, ref)

    @contextmanager
    def _as_keeper(self) -> Iterator[Connection]:
        """Return a connection that row-level security takes for the product's own."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                yield connection
            return
        engine: Any = self._engine.execution_options(isolation_level="READ COMMITTED")
        with engine.connect() as connection, connection.begin():
            connection.execute(select(func.set_config("jru.scope", "keeper", True)))
            yield connection

"""Device positions: the newest of every unit, and a track that is erased by its retention clause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Engine, select

from jru.domain.codec import from_us, to_us
from jru.services.ports import Position
from jru.store import tables
from jru.store.engines import WriteConnection
from jru.store.writer import Writer

_track = tables.position.c


class SqlPositions:
    """Positions beside the log; never part of it."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self._engine = engine
        self._writer = writer
        self._insert = writer.statements.insert_new_text(tables.position)
        self._put_latest = writer.statements.upsert_text(tables.position_latest, newer="at_us")

    def put(self, positions: Sequence[Position]) -> None:
        """Store positions; an older one never replaces a newer latest position."""
        rows = sorted(map(_row, positions), key=itemgetter(1))

        def write(connection: WriteConnection) -> None:
            connection.insert(self._insert, rows)
            connection.insert(self._put_latest, rows)

        if rows:
            self._writer.run(write)

    def latest(self) -> dict[str, Position]:
        """Return the newest position of every unit."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(tables.position_latest)).all()
        return {row.unit_id: _position(row) for row in rows}

    def track(self, unit_id: str, since: datetime) -> Sequence[Position]:
        """Return a unit's positions since a time, oldest first."""
        query = (
            select(tables.position)
            .where(_track.unit_id == unit_id, _track.at_us >= to_us(since))
            .order_by(_track.at_us, _track.source)
        )
        with self._engine.connect() as connection:
            return [_position(row) for row in connection.execute(query)]


def _row(position: Position) -> tuple[Any, ...]:
    return (
        position.unit_id,
        to_us(position.at),
        position.source,
        position.lon,
        position.lat,
        position.accuracy_m,
        position.speed_mps,
        to_us(position.received_at),
    )


def _position(row: Any) -> Position:
    return Position(
        unit_id=row.unit_id,
        lon=row.lon,
        lat=row.lat,
        accuracy_m=row.accuracy_m,
        speed_mps=row.speed_mps,
        at=from_us(row.at_us),
        received_at=from_us(row.received_at_us),
        source=row.source,
    )

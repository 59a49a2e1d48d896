"""One payload store: a table of personal content, erasable row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, Table, select

from jru.store.tables import payload_table

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part as kept: with the salt, which is needed to check it against the log."""

    seq: int
    number: int
    salt: bytes
    content: bytes


class PayloadStore:
    """Reads one payload table; its rows are written and erased by the writer only."""

    name: str
    table: Table

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, seq: int, part: int) -> bytes | None:
        """Return the content of a part, or None when it was erased."""
        return self.get_many([(seq, part)]).get((seq, part))

    def get_many(self, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """Return the contents that are still there."""
        wanted: dict[int, set[int]] = defaultdict(set)
        for seq, part in keys:
            wanted[seq].add(part)
        seqs = sorted(wanted)
        columns = self.table.c
        found: dict[tuple[int, int], bytes] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(seqs), _CHUNK):
                query = select(columns.seq, columns.part, columns.content).where(
                    columns.seq.in_(seqs[start : start + _CHUNK])
                )
                for seq, part, content in connection.execute(query):
                    if part in wanted[seq]:
                        found[seq, part] = content
        return found

    def between(self, seq_from: int, seq_to: int) -> Iterator[StoredPart]:
        """Yield every part of the events from `seq_from` to `seq_to`, both included."""
        columns = self.table.c
        query = select(columns.seq, columns.part, columns.salt, columns.content).where(
            columns.seq.between(seq_from, seq_to)
        )
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                yield StoredPart(*row)


class OperationalRecords(PayloadStore):
    """Places, notes and names that both services may need at an incident."""

    name = "operational"
    table = payload_table("operational")

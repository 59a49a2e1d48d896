"""One payload store: a table of personal content, erasable row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table, func, select

from jru.domain.agency import Agency
from jru.services.ports import EVERYTHING, Scope
from jru.store.tables import payload_table

_CHUNK = 500
READER_ROLE = "jru_reader"
"""Owns nothing and may only select payloads; policies decide which."""


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part as kept: with the salt, which is needed to check it against the log."""

    seq: int
    number: int
    salt: bytes
    content: bytes


class PayloadStore:
    """Reads one payload table; its rows are written and erased by the writer only.

    `keeper` is the service that owns the store; None: both. On PostgreSQL the database holds a reader to its scope as
    well: row-level security, under a role that owns nothing.
    """

    name: str
    table: Table
    keeper: Agency | None = None

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, seq: int, part: int, scope: Scope) -> bytes | None:
        """Return the content of a part, or None when it was erased or lies outside the scope."""
        return self.get_many([(seq, part)], scope).get((seq, part))

    def get_many(self, keys: Iterable[tuple[int, int]], scope: Scope) -> dict[tuple[int, int], bytes]:
        """Return the contents that are still there and lie within the scope."""
        if self.keeper is not None and self.keeper not in scope.agencies:
            return {}
        wanted: dict[int, set[int]] = defaultdict(set)
        for seq, part in keys:
            wanted[seq].add(part)
        seqs = sorted(wanted)
        columns = self.table.c
        found: dict[tuple[int, int], bytes] = {}
        with self._reading(scope) as connection:
            for start in range(0, len(seqs), _CHUNK):
                query = select(columns.seq, columns.part, columns.content).where(
                    columns.seq.in_(seqs[start : start + _CHUNK]), columns.label.in_(sorted(scope.labels))
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
        with self._reading(EVERYTHING) as connection:
            for row in connection.execute(query):
                yield StoredPart(*row)

    @contextmanager
    def _reading(self, scope: Scope) -> Iterator[Connection]:
        """Return a connection on which the database lets nothing through that lies outside the scope."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                yield connection
            return
        with (
            self._engine.execution_options(isolation_level="READ COMMITTED").connect() as connection,
            connection.begin(),
        ):
            connection.execute(select(*(func.set_config(*setting, True) for setting in settings_of(scope))))
            yield connection


def settings_of(scope: Scope) -> list[tuple[str, str]]:
    """Return the settings of one transaction that PostgreSQL's policies look at."""
    if scope == EVERYTHING:
        return [("jru.scope", "keeper")]
    return [
        ("jru.agencies", ",".join(sorted(scope.agencies))),
        ("jru.labels", ",".join(sorted(scope.labels))),
        ("role", READER_ROLE),
    ]


class OperationalRecords(PayloadStore):
    """Places, notes and names that both services may need at an incident."""

    name = "operational"
    table = payload_table("operational")

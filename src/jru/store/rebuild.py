"""The read tables made anew from the log: they hold nothing that the log does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import delete, select

from jru.services.ports import Claim, EventLog, StateRow, StoredEvent
from jru.store import tables
from jru.store.engines import WriteConnection
from jru.store.opening import ReadStore, Store

_PAGE = 2_000


class Projector(Protocol):
    """Turns events into rows of the read tables; pure."""

    def project(self, event: StoredEvent, state: bytes | None) -> StateRow | None:
        """Return the row of the event's stream after it, from the body before; None leaves the row alone."""
        ...

    def claims(self, event: StoredEvent) -> tuple[Claim, ...]:
        """Return the names that the event takes."""
        ...


@dataclass(frozen=True, slots=True)
class ReadTables:
    """The contents of the read tables."""

    states: dict[str, StateRow]
    claims: dict[tuple[str, str], str]

    def differences(self, other: ReadTables) -> list[str]:
        """Return a sentence for each row that is not the same in `other`."""
        streams = sorted(self.states.keys() | other.states.keys())
        names = sorted(self.claims.keys() | other.claims.keys())
        return [
            *(
                f"state of {name} differs"
                for name in streams
                if self.states.get(name) != other.states.get(name)
            ),
            *(
                f"claim {kind} {key} differs"
                for kind, key in names
                if self.claims.get((kind, key)) != other.claims.get((kind, key))
            ),
        ]


def replay(log: EventLog, projector: Projector) -> ReadTables:
    """Return the read tables as the log gives them."""
    rebuilt = ReadTables({}, {})
    for event in _events(log):
        before = rebuilt.states.get(event.stream)
        row = projector.project(event, before.body if before else None)
        if row is not None:
            rebuilt.states[row.stream] = row
        for claim in projector.claims(event):
            rebuilt.claims.setdefault((claim.kind, claim.key), claim.value)
    return rebuilt


def read_tables(store: ReadStore) -> ReadTables:
    """Return the read tables as they stand."""
    with store.engine.connect() as connection:
        claims = {(kind, key): value for kind, key, value in connection.execute(select(tables.claim))}
    return ReadTables({row.stream: row for row in store.log.states(open_only=False)}, claims)


def rebuild(store: Store, projector: Projector) -> list[str]:
    """Replace the read tables by what the log gives, in one transaction; return what had differed."""
    found = read_tables(store)
    rebuilt = replay(store.log, projector)
    differences = rebuilt.differences(found)
    statements = store.writer.statements
    empty = [statements.text(delete(table)) for table in (tables.state, tables.claim)]
    states = [(row.stream, row.kind, row.version, row.open, row.body) for row in rebuilt.states.values()]
    claims = [(kind, key, value) for (kind, key), value in rebuilt.claims.items()]

    def replace(connection: WriteConnection) -> None:
        for text in empty:
            connection.execute(text)
        connection.insert(statements.put_state, states)
        connection.insert(statements.insert_claim, claims)

    store.writer.run(replace)
    return differences


def _events(log: EventLog) -> Iterator[StoredEvent]:
    after = 0
    while page := log.read(after, _PAGE):
        yield from page
        after = page[-1].seq

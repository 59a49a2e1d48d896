"""The least that keeps the same rows: one thread, a queue, group commit - and nothing else.

No hash, no check, no savepoint. The tables are the product's own, so that the same indexes are kept.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jru.services.ports import Append
from jru.store.upgrade import ensure_schema

BATCH = 256
SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=1000",
    "PRAGMA secure_delete=ON",
    "PRAGMA cell_size_check=ON",
)
STORES = ("operational", "police", "patient")
INSERT_EVENT = f"INSERT INTO event VALUES ({','.join('?' * 22)})"
INSERT_COMMAND = "INSERT INTO command VALUES (?,?,?,?,?,?,?)"
INSERT_PAYLOAD = {store: f"INSERT INTO payload_{store} VALUES (?,?,?,?,?)" for store in STORES}
PUT_STATE = (
    "INSERT INTO state VALUES (?,?,?,?,?) ON CONFLICT (stream) DO UPDATE SET kind=excluded.kind, "
    "version=excluded.version, open=excluded.open, body=excluded.body"
)
INSERT_CLAIM = "INSERT INTO claim VALUES (?,?,?)"

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """One command's rows, complete but for the running numbers."""

    events: tuple[Row, ...]
    payloads: tuple[tuple[int, str, Row], ...]
    command: tuple[Row, Row]
    states: tuple[Row, ...]
    claims: tuple[Row, ...]


def rows_of(command: Append) -> Rows:
    """Return the rows that keep a command as the store would, with bytes of the same length for hashes."""
    events: list[Row] = []
    payloads: list[tuple[int, str, Row]] = []
    at_us = command.received_at_us
    for number, draft in enumerate(command.events):
        listed = ",".join(f'[{p.number},"{p.label}","{p.store}","{"0" * 64}"]' for p in draft.parts)
        columns: Row = (
            draft.stream,
            draft.version,
            draft.kind,
            draft.schema_version,
            draft.event_id,
            draft.at_us,
        )
        came: Row = (command.clock_offset_us, at_us, at_us, command.device, command.device_seq)
        who: Row = (command.actor, command.agency, command.purpose, command.idem_key, number)
        events.append((*columns, *came, *who, draft.data, f"[{listed}]".encode(), bytes(32), bytes(32), 1))
        payloads += [(number, p.store, (p.number, p.label.value, p.salt, p.content)) for p in draft.parts]
    return Rows(
        tuple(events),
        tuple(payloads),
        ((command.idem_key, command.principal, command.request_hash, command.outcome), (at_us,)),
        tuple((s.stream, s.kind, s.version, s.open, s.body) for s in command.states),
        tuple((c.kind, c.key, c.value) for c in command.claims),
    )


class BareLoop:
    """One thread that inserts ready rows: the most that SQLite gives with these settings."""

    def __init__(self, directory: Path) -> None:
        path = directory / "bare.sqlite"
        ensure_schema(f"sqlite:///{path}", auto=True)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for statement in SETTINGS:
            self._connection.execute(statement)
        self._seq = 0
        self._queue: queue.SimpleQueue[tuple[Rows, threading.Lock] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def append(self, rows: Rows) -> None:
        """Wait until one command's rows are durable."""
        done = threading.Lock()
        done.acquire()
        self._queue.put((rows, done))
        done.acquire()

    def close(self) -> None:
        """Stop the thread."""
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _serve(self) -> None:
        while True:
            waiting = [self._queue.get()]
            while len(waiting) < BATCH and not self._queue.empty():
                waiting.append(self._queue.get())
            batch = [ticket for ticket in waiting if ticket is not None]
            self._write([rows for rows, _done in batch])
            for _rows, done in batch:
                done.release()
            if None in waiting:
                return

    def _write(self, batch: Sequence[Rows]) -> None:
        events: list[Row] = []
        commands: list[Row] = []
        payloads: dict[str, list[Row]] = {store: [] for store in STORES}
        for rows in batch:
            first = self._seq + 1
            for number, store, payload in rows.payloads:
                payloads[store].append((first + number, *payload))
            for event in rows.events:
                self._seq += 1
                events.append((self._seq, *event))
            before, after = rows.command
            commands.append((*before, first, self._seq, *after))
        run = self._connection.executemany
        self._connection.execute("BEGIN IMMEDIATE")
        run(INSERT_EVENT, events)
        run(INSERT_COMMAND, commands)
        for store, found in payloads.items():
            run(INSERT_PAYLOAD[store], found)
        run(PUT_STATE, [state for rows in batch for state in rows.states])
        run(INSERT_CLAIM, [claim for rows in batch for claim in rows.claims])
        self._connection.execute("COMMIT")

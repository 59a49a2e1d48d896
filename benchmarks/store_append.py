"""Durable commands a second through the store, beside a bare SQLite loop that appends the same bytes.

The bare loop is one writer thread with group commit, the same settings and the same rows in the same tables, and
nothing else: no hash, no check, no savepoint, no command to be made by the caller.
Prints one JSON line for each number of concurrent callers.
"""

from __future__ import annotations

import argparse
import json
import queue
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from jru.clock import SystemClock, SystemRandom
from jru.domain.agency import Label
from jru.services.ports import Append, EventDraft, EventLog, PartDraft, StateRow
from jru.store.opening import open_store
from jru.store.patient_records import PatientRecords
from jru.store.payloads import OperationalRecords
from jru.store.police_records import PoliceRecords
from jru.store.upgrade import ensure_schema

LIMIT = 0.5
BATCH = 256
SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=1000",
    "PRAGMA secure_delete=ON",
    "PRAGMA cell_size_check=ON",
)
INSERTS = (
    f"INSERT INTO event VALUES ({','.join('?' * 22)})",
    "INSERT INTO command VALUES (?,?,?,?,?,?,?)",
    "INSERT INTO payload_police VALUES (?,?,?,?,?)",
    "INSERT INTO state VALUES (?,?,?,?,?) ON CONFLICT (stream) DO UPDATE SET kind=excluded.kind, "
    "version=excluded.version, open=excluded.open, body=excluded.body",
)
DATA = b'{"status":"on_scene","unit":"unt_0197f0a2-7c31-7a54-9d1e-3b52f8c4a6e1","cell":"TQ76","code":"6"}'
BODY = DATA * 6
CONTENT = b'{"lon":0.5432,"lat":51.3891,"remark":"Example One at the door, calm"}'


class BareLoop:
    """One thread that inserts ready rows: the most that SQLite gives with these settings."""

    def __init__(self, directory: Path) -> None:
        path = directory / "bare.sqlite"
        ensure_schema(f"sqlite:///{path}", auto=True)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for statement in SETTINGS:
            self._connection.execute(statement)
        self._queue: queue.SimpleQueue[tuple[int, int, threading.Lock] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def append(self, caller: int, number: int) -> None:
        """Wait until one command's rows are durable."""
        done = threading.Lock()
        done.acquire()
        self._queue.put((caller, number, done))
        done.acquire()

    def close(self) -> None:
        """Stop the thread."""
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _serve(self) -> None:
        seq = 0
        while True:
            waiting = [self._queue.get()]
            while len(waiting) < BATCH and not self._queue.empty():
                waiting.append(self._queue.get())
            batch = [ticket for ticket in waiting if ticket is not None]
            rows: tuple[list[tuple[object, ...]], ...] = ([], [], [], [])
            for caller, number, _done in batch:
                seq += 1
                for table, row in zip(rows, _rows(seq, caller, number), strict=True):
                    table.append(row)
            self._connection.execute("BEGIN IMMEDIATE")
            for statement, table in zip(INSERTS, rows, strict=True):
                self._connection.executemany(statement, table)
            self._connection.execute("COMMIT")
            for _caller, _number, done in batch:
                done.release()
            if None in waiting:
                return


def rate(append: Callable[[int, int], None], callers: int, seconds: float) -> float:
    """Return commands a second with this many callers, each sending its next when the last is answered."""
    counts = [0] * callers
    end = time.perf_counter() + seconds

    def call(caller: int) -> None:
        number = 0
        while time.perf_counter() < end:
            number += 1
            append(caller, number)
        counts[caller] = number

    start = time.perf_counter()
    with ThreadPoolExecutor(callers) as pool:
        list(pool.map(call, range(callers)))
    return sum(counts) / (time.perf_counter() - start)


def measure(callers: int, seconds: float, rounds: int) -> dict[str, object]:
    """Return the figures of both, measured in turns so that a busy machine troubles both alike."""
    bare_rates, store_rates = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            bare = BareLoop(Path(folder))
            bare_rates.append(rate(bare.append, callers, seconds))
            bare.close()
        with tempfile.TemporaryDirectory() as folder:
            directory = Path(folder)
            stores = (OperationalRecords, PoliceRecords, PatientRecords)
            store = open_store(
                f"sqlite:///{directory / 'jru.sqlite'}", directory, SystemClock(), SystemRandom(), stores
            )
            store_rates.append(rate(partial(_append_to, store.log), callers, seconds))
            store.close()
    ratio = statistics.median(store_rates) / statistics.median(bare_rates)
    return {
        "benchmark": "store_append",
        "callers": callers,
        "bare_per_s": round(statistics.median(bare_rates)),
        "store_per_s": round(statistics.median(store_rates)),
        "ratio": round(ratio, 3),
        "limit": LIMIT,
        "ok": ratio >= LIMIT,
    }


def _append_to(log: EventLog, caller: int, number: int) -> None:
    log.append(_command(caller, number))


def _key(caller: int, number: int) -> str:
    """Return a key that grows with time, as a UUIDv7 does."""
    return f"{number:08x}-7c31-7a54-9d1e-{caller:012x}"


def _stream(caller: int, number: int) -> str:
    """Return an incident that gets forty events from one caller."""
    return f"inc_{(number - 1) // 40:08x}-7c31-7a54-9d1e-{caller:012x}"


def _version(number: int) -> int:
    return (number - 1) % 40 + 1


def _command(caller: int, number: int) -> Append:
    stream = _stream(caller, number)
    part = PartDraft(1, Label.IDENTITY, "police", bytes(32), CONTENT)
    return Append(
        idem_key=_key(caller, number),
        principal="dispatcher_example_one",
        request_hash=bytes(32),
        actor="dispatcher_example_one",
        agency="police",
        purpose="dispatch",
        device="",
        device_seq=None,
        clock_offset_us=None,
        received_at_us=1_700_000_000_000_000,
        events=(
            EventDraft(
                stream,
                _version(number),
                "status_set",
                1,
                f"evt_{caller}_{number}",
                1_700_000_000_000_000,
                DATA,
                (part,),
            ),
        ),
        states=(StateRow(stream, "incident", _version(number), True, BODY),),
        claims=(),
        outcome=DATA,
    )


def _rows(seq: int, caller: int, number: int) -> tuple[tuple[object, ...], ...]:
    """Return the rows of a command as the store writes them, with bytes of the same length for hashes."""
    stream = _stream(caller, number)
    key = _key(caller, number)
    at_us = 1_700_000_000_000_000
    who = "dispatcher_example_one"
    event = (
        *(
            seq,
            stream,
            number,
            "status_set",
            1,
            f"evt_{caller}_{number}",
            at_us,
            None,
            at_us,
            at_us,
            "",
            None,
        ),
        *(who, "police", "dispatch", key, 0, DATA, bytes(96), bytes(32), bytes(32), 1),
    )
    return (
        event,
        (key, who, bytes(32), DATA, seq, seq, at_us),
        (seq, 1, "identity", bytes(32), CONTENT),
        (stream, "incident", _version(number), True, BODY),
    )


def main() -> None:
    """Measure at 8 and 32 callers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    results = [measure(callers, chosen.seconds, chosen.rounds) for callers in (8, 32)]
    for result in results:
        print(json.dumps(result))
    raise SystemExit(not all(result["ok"] for result in results))


if __name__ == "__main__":
    main()

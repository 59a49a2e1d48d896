"""How soon `jru serve` is ready on a long log, and how much memory it has by then.

The log is one of many months: duties of six jobs each, as the use cases wrote them once, repeated under new names,
six hours apart; a hundred incidents are open.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.durable import Kept, jobs
from benchmarks.figures import Figure, median, rounded, spread
from benchmarks.stage import stage
from jru.bootstrap import PAYLOAD_STORES, build, database_url
from jru.clock import SystemClock, SystemRandom, VirtualClock
from jru.config import Settings
from jru.services.ports import Append, EventLog
from jru.store.opening import open_store

START_LIMIT_S = 10.0
MEMORY_LIMIT_MB = 400.0
OPEN_INCIDENTS = 100
WRITERS = 8
COMMANDS_A_DUTY = 80
BETWEEN_DUTIES = timedelta(hours=6)
GIVE_UP_S = 60.0
_ID = re.compile(rb"\b(inc|unt|off|evt)_([0-9a-f]{8}-[0-9a-f-]{27})")


def one_duty() -> list[Append]:
    """Return what one duty wrote, from booking on to booking off."""
    with stage(1, on_duty=False) as ready:
        recorder = ready.system.services.ground.recorder
        kept = Kept(recorder._log)
        recorder._log = kept  # type: ignore[assignment]
        kept.begin()
        for _ in islice(jobs(ready, 0), 2 * COMMANDS_A_DUTY):
            pass
        commands = kept.of_callers[0]
    begins = [n for n, c in enumerate(commands) if c.events[0].kind == "UnitBookedOn"]
    return commands[begins[0] : begins[1]]


def again(commands: Sequence[Append], turn: int) -> list[Append]:
    """Return the commands once more under other names."""

    def renamed(raw: bytes) -> bytes:
        return _ID.sub(_other, raw)

    def _other(found: re.Match[bytes]) -> bytes:
        digest = sha256(b"%d" % turn + found[0]).digest()[:16]
        return found[1] + b"_" + str(uuid.UUID(bytes=digest)).encode()

    def name(text: str) -> str:
        return renamed(text.encode()).decode()

    return [
        replace(
            command,
            idem_key=f"{turn}|{command.idem_key}",
            actor=name(command.actor),
            principal=name(command.principal),
            outcome=renamed(command.outcome),
            events=tuple(
                replace(e, stream=name(e.stream), event_id=name(e.event_id), data=renamed(e.data))
                for e in command.events
            ),
            states=tuple(replace(s, stream=name(s.stream), body=renamed(s.body)) for s in command.states),
            claims=tuple(replace(c, key=f"{turn}|{c.key}", value=name(c.value)) for c in command.claims),
        )
        for command in commands
    ]


def write_log(directory: Path, events: int) -> int:
    """Make a log of at least this many events; return how many it has."""
    settings = Settings(data=directory)
    duty = one_duty()
    opening = [c for c in duty if any(e.kind == "IncidentOpened" for e in c.events)][:1]
    a_duty = sum(len(c.events) for c in duty)
    turns = [again(duty, n) for n in range(-(-events // a_duty))]
    turns += [again(opening, len(turns) + n) for n in range(min(OPEN_INCIDENTS, events // 20))]
    clock = VirtualClock(SystemClock().now() - (len(turns) + 1) * BETWEEN_DUTIES)
    build(settings, clock=clock).close()
    store = open_store(database_url(settings), directory, clock, SystemRandom(), PAYLOAD_STORES)
    try:
        _append_all(store.log, turns, clock)
        return store.log.head().seq
    finally:
        store.close()


def _append_all(log: EventLog, turns: list[list[Append]], clock: VirtualClock) -> None:
    def work(mine: list[list[Append]]) -> None:
        for commands in mine:
            clock.advance(BETWEEN_DUTIES.total_seconds())
            for command in commands:
                log.append(command)

    writers = [threading.Thread(target=work, args=(turns[n::WRITERS],)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def start_once(directory: Path) -> tuple[float, float]:
    """Start the server; return seconds until it is ready, and its memory in MB then."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from jru.cli import main; main()", "serve"]
    place = ["--host", "127.0.0.1", "--port", str(port)]
    others = {name: value for name, value in os.environ.items() if not name.startswith("JRU_")}
    environment = {**others, "JRU_DATA": str(directory)}
    start = time.perf_counter()
    with subprocess.Popen([*command, *place], stdout=subprocess.DEVNULL, env=environment) as server:
        try:
            while not _ready(f"http://127.0.0.1:{port}/readyz"):
                if server.poll() is not None or time.perf_counter() - start > GIVE_UP_S:
                    raise SystemExit("jru serve did not get ready")
                time.sleep(0.02)
            return time.perf_counter() - start, _memory_mb(server.pid)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _memory_mb(pid: int) -> float:
    """Return the most memory that a process has held so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    if found is None:
        raise SystemExit("this system does not tell a process's memory in /proc")
    return int(found[1]) * 1024 / 1e6


def measure(*, short: bool) -> Iterator[Figure]:
    """Measure on a log of 100,000 events."""
    events, rounds = (200, 1) if short else (100_000, 3)
    with TemporaryDirectory(prefix="jru-bench-") as folder:
        begun = time.perf_counter()
        written = write_log(Path(folder), events)
        writing_s = time.perf_counter() - begun
        runs = [start_once(Path(folder)) for _ in range(rounds)]
    more = {"events": written, "rounds": rounds}
    seconds, memory = [r[0] for r in runs], [r[1] for r in runs]
    yield Figure(
        "start_on_long_log",
        median(seconds),
        "s",
        START_LIMIT_S,
        more={**more, "range": spread(seconds), "log_written_in_s": rounded(writing_s)},
    )
    yield Figure(
        "memory_on_long_log", max(memory), "MB", MEMORY_LIMIT_MB, more={**more, "range": spread(memory)}
    )

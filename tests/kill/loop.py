"""Kills the server with commands in flight and compares what clients were told with what the log holds."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from jru.bootstrap import DATABASE_FILE, PAYLOAD_STORES, build
from jru.clock import SeededRandom
from jru.config import Settings
from jru.domain.agency import Agency, Role
from jru.services.projection import LogProjector
from jru.store.opening import open_for_reading
from jru.store.rebuild import read_tables, replay
from jru.store.verify import verify
from tests.kill.zygote import STEPS

CALLERS = 6
PATIENCE_S = 60


@dataclass
class Count:
    """What came of all rounds."""

    rounds: int = 0
    with_commands_in_flight: int = 0
    acknowledged: int = 0
    committed_but_unacknowledged: int = 0
    lost: int = 0
    restarts_that_went_on: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass
class Client:
    """Everything that callers sent and heard; the truth that the log is held against."""

    token: str
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def unanswered(self) -> list[str]:
        """Return the keys of commands that nobody knows the outcome of."""
        return sorted(self.sent.keys() - self.acknowledged)

    def post(self, http: httpx.Client, key: str, body: dict[str, Any]) -> bool:
        """Send a command and tell whether it was acknowledged."""
        with self.lock:
            self.sent[key] = body
        headers = {"authorization": f"Bearer {self.token}", "idempotency-key": key}
        answer = http.post("/api/v1/incidents", json=body, headers=headers)
        if answer.status_code not in (200, 201):
            raise AssertionError(f"{key}: {answer.status_code} {answer.text}")
        with self.lock:
            self.acknowledged.add(key)
        return True


class Servers:
    """Real servers on one data directory, one after the other."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.kill.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._running = 0
        assert self._line() == "imported"

    def start(self, die_at: tuple[str, int] | None) -> tuple[int, str]:
        """Start a server and return its process id and address."""
        assert self._zygote.stdin is not None
        self._zygote.stdin.write(json.dumps({"data": str(self._data), "die_at": die_at}) + "\n")
        self._zygote.stdin.flush()
        told = json.loads(self._line())
        self._running = told["pid"]
        return told["pid"], told["url"]

    def close(self) -> None:
        """Let the process that makes servers end, and a server that a failed round has left."""
        if self._running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._running, signal.SIGKILL)
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.close()
        self._zygote.wait(PATIENCE_S)
        self._zygote.stdout.close()

    def _line(self) -> str:
        assert self._zygote.stdout is not None
        return self._zygote.stdout.readline().strip()


def run(data: Path, rounds: int, seed: int) -> Count:
    """Kill a server `rounds` times at points drawn from `seed`; every other time at an exact write step."""
    random = SeededRandom(f"kill {seed}")
    client = Client(_token(data))
    count = Count()
    servers = Servers(data)
    try:
        for number in range(rounds):
            step = (random.choice(STEPS), 1 + random.below(12)) if number % 2 else None
            pid, url = servers.start(step)
            before = client.unanswered()
            _repeat(client, url, before, count, counting=step is None)
            _press(client, url, pid, number, None if step else 1 + random.below(25), random.uniform() * 0.004)
            count.rounds += 1
            in_flight = client.unanswered()
            count.with_commands_in_flight += bool(in_flight)
            _compare(data, client, in_flight, count)
        pid, url = servers.start(None)
        _repeat(client, url, client.unanswered(), count, counting=True)
        os.kill(pid, signal.SIGTERM)
        _wait_for_end(pid)
    finally:
        servers.close()
    _check_whole(data, client, count)
    count.acknowledged = len(client.acknowledged)
    return count


def _token(data: Path) -> str:
    system = build(Settings(data=data))
    try:
        return system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE)
    finally:
        system.close()


def _repeat(client: Client, url: str, keys: list[str], count: Count, *, counting: bool) -> None:
    """Send again what was not answered, with the same keys; a server that dies on the way leaves the rest."""
    with _http(url) as http, contextlib.suppress(httpx.TransportError):
        for key in keys:
            client.post(http, key, client.sent[key])
        count.restarts_that_went_on += counting


def _press(client: Client, url: str, pid: int, number: int, kill_after: int | None, delay_s: float) -> None:
    """Send commands from several callers until the server is dead; kill it after so many answers."""
    answers = threading.Semaphore(0)

    def call(caller: int) -> None:
        with (
            httpx.Client(base_url=url, timeout=PATIENCE_S) as http,
            contextlib.suppress(httpx.TransportError),
        ):
            for turn in range(10_000):
                client.post(http, f"kill-{number}-{caller}-{turn}", _body(number, caller, turn))
                answers.release()

    threads = [threading.Thread(target=call, args=(caller,)) for caller in range(CALLERS)]
    for thread in threads:
        thread.start()
    if kill_after is not None:
        for _ in range(kill_after):
            assert answers.acquire(timeout=PATIENCE_S)
        threading.Event().wait(delay_s)
        os.kill(pid, signal.SIGKILL)
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    _wait_for_end(pid)


def _http(url: str) -> httpx.Client:
    # there is no TLS on loopback, and to load certificates takes longer than a command
    return httpx.Client(base_url=url, timeout=PATIENCE_S, verify=False)


def _body(number: int, caller: int, turn: int) -> dict[str, Any]:
    return {
        "type": "assault_injury",
        "foreign_id": f"EX-{number}-{caller}-{turn}",
        "grade": "2",
        "place": {
            "text": f"Example Street {turn}, Gillingham",
            "lon": round(0.53 + caller / 100, 4),
            "lat": round(51.37 + number / 2000, 4),
        },
        "flags": [],
    }


def _wait_for_end(pid: int) -> None:
    """Wait until a process that is no child of this one is gone."""
    for _ in range(PATIENCE_S * 100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"process {pid} does not end")


def _compare(data: Path, client: Client, in_flight: list[str], count: Count) -> None:
    """Hold the client's list against the log as the killed server left it."""
    stored = set(_stored_keys(data))
    count.lost += len(client.acknowledged - stored)
    count.committed_but_unacknowledged += len(stored & set(in_flight))
    for key in stored - client.sent.keys():
        count.problems.append(f"{key} is in the log but was never sent")


def _stored_keys(data: Path) -> Iterator[str]:
    connection = sqlite3.connect(data / DATABASE_FILE)
    try:
        for (key,) in connection.execute("SELECT idem_key FROM command"):
            if "kill-" in key:
                yield key[key.index("kill-") :]
    finally:
        connection.close()


def _check_whole(data: Path, client: Client, count: Count) -> None:
    """At the end everything was acknowledged, the chain holds, and the read tables are those of the log."""
    count.lost += len(client.acknowledged - set(_stored_keys(data)))
    if client.unanswered():
        count.problems.append(f"never answered: {client.unanswered()}")
    store = open_for_reading(f"sqlite:///{data / DATABASE_FILE}", data, PAYLOAD_STORES)
    try:
        count.problems += [f"event {found.seq}: {found.what}" for found in verify(store).findings]
        count.problems += replay(store.log, LogProjector()).differences(read_tables(store))
    finally:
        store.close()

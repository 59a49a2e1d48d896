"""The server ends its streams itself and is gone within five seconds."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import httpx
import pytest

from jru.bootstrap import build
from jru.config import Settings
from jru.domain.agency import Agency, Role
from tests.web.listening import Heard, listening

PROGRAM = """
import sys
from pathlib import Path
from jru.config import Settings
from jru.web.app import create_app
from jru.web.server import run_server
from tests.web.memory import MemorySystem

system = MemorySystem()
system.ready = lambda: 1 / 0
app = create_app(system, Settings(), static=Path("none"))
run_server(app, "127.0.0.1", 0, ready=lambda url: print(url, flush=True))
print("closed in good order", flush=True)
"""


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_in_good_order(
    process: subprocess.Popen[str], number: signal.Signals
) -> None:
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    heard: list[list[Heard]] = []
    opened = threading.Barrier(4)

    def listen() -> None:
        with listening(url, wait_s=20) as stream:
            first = stream.next()
            opened.wait(10)
            heard.append([first, *stream.rest()])

    threads = [threading.Thread(target=listen) for _ in range(3)]
    for thread in threads:
        thread.start()
    opened.wait(10)
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as half:
        half.sendall(b"POST /api/v1/incidents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer police\r\n")
        begun = monotonic()
        process.send_signal(number)
        assert process.wait(10) == 0
        assert monotonic() - begun < 5
    for thread in threads:
        thread.join(5)
    assert [events[-1].content for events in heard] == [{"reason": "shutdown"}] * 3
    assert process.stdout.read().strip() == "closed in good order"


def test_a_body_that_never_comes_does_not_hold_the_server(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    host, port = process.stdout.readline().strip().removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as half:
        half.sendall(
            b"POST /api/v1/incidents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer police\r\n"
            b"Idempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"
        )
        begun = monotonic()
        process.terminate()
        assert process.wait(10) == 0
        assert monotonic() - begun < 5


def test_what_nobody_foresaw_is_one_line_of_the_log(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stderr is not None
    answer = httpx.get(process.stdout.readline().strip() + "/readyz")
    process.terminate()
    assert process.wait(10) == 0
    (line,) = process.stderr.read().splitlines()
    told = json.loads(line)
    assert told["error_id"] == answer.json()["error_id"]
    assert (told["level"], told["error"]) == ("error", "ZeroDivisionError")
    assert "division" not in line


def test_the_whole_product_served_by_its_command_is_gone_within_five_seconds(tmp_path: Path) -> None:
    system = build(Settings(data=tmp_path))
    token = system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE)
    system.close()
    serve = ["-c", "from jru.cli import main; main()", "serve", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen([sys.executable, *serve], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip().removeprefix("jru serves ")
            with listening(url, who=token, wait_s=20) as stream:
                assert stream.next().event == "snapshot"
                begun = monotonic()
                process.terminate()
                assert stream.rest()[-1].content == {"reason": "shutdown"}
                assert process.wait(10) == 0
                assert monotonic() - begun < 5
        finally:
            process.kill()

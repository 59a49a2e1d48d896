"""Starts the real server again and again, quickly: everything is imported once, each server is a fork.

Reads one JSON object a line: {"data": directory, "die_at": [step, count] or null}. Answers {"pid", "url"} once
the server listens. With `die_at` the server kills itself with SIGKILL at that write step of its writer.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jru import bootstrap
from jru.config import Settings
from jru.store.engines import WriteConnection
from jru.web.server import run_server

STEPS = ("begin", "savepoint", "insert", "keep", "commit", "committed")


def die_at(step: str, count: int) -> None:
    """Kill this process at the `count`-th time that the writer comes to a step."""
    method = "commit" if step == "committed" else step
    real: Callable[..., Any] = getattr(WriteConnection, method)
    left = [count]

    def counted(connection: WriteConnection, *given: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and step != "committed":
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(connection, *given)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(WriteConnection, method, counted)


def keep_the_map() -> None:
    """Read the map once for all servers: it is the same and nobody writes it."""
    router = bootstrap.load_embedded_router()
    bootstrap.load_embedded_router = lambda: router
    gazetteer = bootstrap.load_embedded_gazetteer(router.graph)
    bootstrap.load_embedded_gazetteer = lambda _graph: gazetteer


def serve(data: str, step: list[Any] | None) -> None:
    """Run one server until it is killed."""
    system = bootstrap.build(Settings(data=Path(data), port=0, log_level="error"))
    if step is not None:
        die_at(*step)
    run_server(
        system.app,
        "127.0.0.1",
        0,
        ready=lambda url: print(json.dumps({"pid": os.getpid(), "url": url}), flush=True),
    )
    system.close()


def main() -> None:
    """Fork a server for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    keep_the_map()
    print("imported", flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            serve(wanted["data"], wanted["die_at"])
            os._exit(0)


if __name__ == "__main__":
    main()

"""Serving an application on a socket, and stopping within seconds."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Generator, Iterator
from types import FrameType

import uvicorn
from fastapi import FastAPI

from jru.errors import Unavailable
from jru.web.journal import configure_logging

GRACE_S = 2
UNREAD_MS = 30_000
"""How long the kernel keeps a connection whose peer reads nothing."""


class Server(uvicorn.Server):
    """uvicorn, but live streams end first: it would wait for them, and the lifespan's end comes after that."""

    def __init__(self, app: FastAPI, started: Callable[[], None] | None = None) -> None:
        """`started` is called once requests are answered and signals are heard."""
        config = uvicorn.Config(
            app,
            lifespan="on",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=20,
            timeout_graceful_shutdown=GRACE_S,
            h11_max_incomplete_event_size=64 * 1024,
            backlog=512,
        )
        super().__init__(config)
        self._end_streams: Callable[[], Awaitable[None]] = app.state.end_streams
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the application and begin to listen."""
        await super().startup(sockets)
        if self._started is not None and not self.should_exit:
            self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams and who is held, then what is left of the requests, then the application."""
        await self._end_streams()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop at SIGINT and SIGTERM and return in good order, so that the caller can close the log."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        signals = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self._stop) for number in signals}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket (port 0: a free one); Unavailable when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that asyncio switches Nagle's algorithm off for what it accepts.
    server = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MS)
        server.bind((host, port))
        server.listen(512)
    except OSError as error:
        server.close()
        raise Unavailable(
            "server.address",
            f"Cannot listen on {host}:{port}: {error.strerror or error}.",
            "Choose another address with --host and --port, or stop what is using it.",
        ) from None
    return server


def url_of(server: socket.socket) -> str:
    """Return the address under which a listening socket is reached from this machine."""
    host, port = server.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def run_server(app: FastAPI, host: str, port: int, *, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGINT or SIGTERM, then return within 5 s; `ready` hears the address once it answers."""
    configure_logging(app.state.log_level)
    listening = listen(host, port)
    started = (lambda: ready(url_of(listening))) if ready is not None else None
    Server(app, started).run(sockets=[listening])


@contextlib.contextmanager
def serving(app: FastAPI, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve in a thread of this process while the block runs; yield the address."""
    listening = listen(host, port)
    server = Server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="jru-server")
    thread.start()
    try:
        yield url_of(listening)
    finally:
        server.should_exit = True
        thread.join()

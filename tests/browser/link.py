"""A link between a browser and the server that can be cut and mended: while it is cut, nothing passes either way."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

PIECE = 65_536


class Link(ThreadingTCPServer):
    """Listens at an address of its own and passes everything on, unless it is cut."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, url: str) -> None:
        self.lead_to(url)
        self._cut = False
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(("127.0.0.1", 0), _Passage)

    @property
    def url(self) -> str:
        """Return the address to give to a browser."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def lead_to(self, url: str) -> None:
        """Pass on to this server what comes from now on."""
        parts = urlsplit(url)
        self.beyond = (str(parts.hostname), int(parts.port or 80))

    def cut(self) -> None:
        """End every connection and let nothing more through."""
        with self._lock:
            self._cut = True
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Let everything through again."""
        with self._lock:
            self._cut = False

    def admit(self, *ends: socket.socket) -> bool:
        """Note both ends of a connection; False while the link is cut."""
        with self._lock:
            if not self._cut:
                self._open.update(ends)
            return not self._cut

    def release(self, *ends: socket.socket) -> None:
        """Forget a connection that has ended."""
        with self._lock:
            self._open.difference_update(ends)


class _Passage(BaseRequestHandler):
    def handle(self) -> None:
        link, near = self.server, self.request
        assert isinstance(link, Link)
        with suppress(OSError), socket.create_connection(link.beyond) as far:
            if not link.admit(near, far):
                return
            back = Thread(target=_pass_on, args=(far, near), daemon=True)
            back.start()
            _pass_on(near, far)
            back.join()
            link.release(near, far)


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            sink.sendall(piece)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def linked(url: str) -> Iterator[Link]:
    """Open a link to a server."""
    with Link(url) as link:
        thread = Thread(target=link.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield link
        finally:
            link.cut()
            link.shutdown()
            thread.join()

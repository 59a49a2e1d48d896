"""What one live stream still has to send, within bounds."""

from __future__ import annotations

import asyncio
from collections import deque

from jru.web.wire import dumps

MAX_FRAMES = 512
MAX_BYTES = 4 * 1024 * 1024


def frame(event: str, content: object, *, cursor: str | None = None, retry_ms: int | None = None) -> bytes:
    """Return one server-sent event (WHATWG HTML, 9.2); JSON holds no bare line ends."""
    parts = []
    if cursor is not None:
        parts.append(b"id: " + cursor.encode())
    if retry_ms is not None:
        parts.append(b"retry: " + str(retry_ms).encode())
    parts += [b"event: " + event.encode(), b"data: " + dumps(content)]
    return b"\n".join(parts) + b"\n\n"


class Outbox:
    """Frames of one client. Used on the event loop only."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque()
        self._size = 0
        self._filled = asyncio.Event()
        self._finished = False

    def put(self, content: bytes) -> bool:
        """Add a frame; False when the client has fallen too far behind to take it."""
        behind = len(self._frames) >= MAX_FRAMES or (self._frames and self._size + len(content) > MAX_BYTES)
        if behind or self._finished:
            return self._finished
        self._frames.append(content)
        self._size += len(content)
        self._filled.set()
        return True

    def finish(self, last: bytes) -> None:
        """Add a last frame; nothing comes after it."""
        if not self._finished:
            self._frames.append(last)
            self._finished = True
            self._filled.set()

    async def take(self) -> tuple[bytes, bool]:
        """Wait for frames and return all there are as one piece, and whether they were the last."""
        await self._filled.wait()
        piece = b"".join(self._frames)
        self._frames.clear()
        self._size = 0
        if not self._finished:
            self._filled.clear()
        return piece, self._finished

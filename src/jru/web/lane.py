"""A narrow lane for slow work: a few threads of its own and a short queue, so that a flood holds up nobody else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from jru.errors import Unavailable

T = TypeVar("T")


class Lane:
    """Runs blocking work in `workers` threads; `most` may wait, one more is told to come back. For the event loop."""

    def __init__(self, name: str, workers: int, most: int) -> None:
        self._threads = ThreadPoolExecutor(workers, f"jru-{name}")
        self._most = most
        self._inside = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns; raises Unavailable when too many wait."""
        if self._inside >= self._most:
            raise Unavailable(
                "sign_in.busy", "Too many people are signing in.", "Try again in a moment.", retry_after_s=2
            )
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._inside -= 1

    def close(self) -> None:
        """Take no more work and wait for none."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class Lanes:
    """One lane for what hashes passwords, at most half the machine; one for what a flood of passwords must not fill."""

    def __init__(self) -> None:
        cores = os.cpu_count() or 1
        self.hashing = Lane("hashing", max(1, min(4, cores // 2)), 64)
        self.signing = Lane("signing", 2, 256)

    def close(self) -> None:
        """Close both."""
        self.hashing.close()
        self.signing.close()

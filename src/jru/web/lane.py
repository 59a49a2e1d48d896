"""A narrow lane for slow work: a few threads of its own and a short queue, so that a flood holds up nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from jru.clock import Random
from jru.domain.agency import Agency
from jru.errors import Unavailable

T = TypeVar("T")
HELD_S = (2.0, 8.0)
"""How long somebody waits to be turned away, at least and at most: spread, so that they do not come back together."""
MOST_HELD = 2_000
DIRECTORY_PATIENCE_S = 12.0
"""How long a step at a partner's directory may take with the wait for its turn."""
SIGNING_IN = ("sign_in.busy", "Too many people are signing in.")
DRAWING = ("attachment.busy", "Too many photos are coming in.")
LOW_PRIORITY = 15


class Lane:
    """Runs blocking work in `workers` threads; `most` may be inside, one more is told to come back. For the event loop.

    Who is turned away hears of it after a pause, which costs nothing here and keeps a flood from coming back at once.
    """

    def __init__(
        self,
        name: str,
        workers: int,
        most: int,
        random: Random,
        *,
        low: bool = False,
        held_s: tuple[float, float] = HELD_S,
        patience_s: float | None = None,
        full: tuple[str, str] = SIGNING_IN,
    ) -> None:
        """`low`: other threads go first, as far as the system lets a program say so; `patience_s`: who waits longer
        is told to come back, and what was not begun is not begun; `full`: the code and the words they are told.
        """
        self._threads = ThreadPoolExecutor(workers, f"jru-{name}", _step_back if low else None)
        self._most = most
        self._random = random
        self._held_s = held_s
        self._patience_s = patience_s
        self._full = full
        self._closing = asyncio.Event()
        self._inside = 0
        self._held = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns; raises Unavailable when too many are inside, or it takes too long."""
        await self.admit()
        self._inside += 1
        turn = asyncio.timeout(self._patience_s)
        try:
            async with turn:
                return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except TimeoutError:
            if turn.expired():
                raise self._busy() from None
            raise
        finally:
            self._inside -= 1

    async def admit(self) -> None:
        """Return where there is room; else raise Unavailable, after a pause."""
        if self._inside >= self._most:
            await self._hold()
            raise self._busy()

    def _busy(self) -> Unavailable:
        code, words = self._full
        return Unavailable(code, words, "Try again in a moment.", retry_after_s=2)

    async def _hold(self) -> None:
        if self._held >= MOST_HELD:
            return
        self._held += 1
        try:
            least, longest = self._held_s
            async with asyncio.timeout(least + (longest - least) * self._random.uniform()):
                await self._closing.wait()
        except TimeoutError:
            return
        finally:
            self._held -= 1

    def close(self) -> None:
        """Take no more work, wait for none, and let go of who is held."""
        self._closing.set()
        self._threads.shutdown(wait=False, cancel_futures=True)


class Lanes:
    """One lane for what hashes passwords, at most half the machine; one for what a flood of passwords must not fill.

    Each partner's directory has one of its own: one that hangs holds up its own people only. Photos
    and documents are looked through one at a time, which takes a core and much memory.
    """

    def __init__(self, random: Random) -> None:
        cores = os.cpu_count() or 1
        self.hashing = Lane("hashing", max(1, min(4, cores // 2)), 32, random, low=True)
        self.signing = Lane("signing", 2, 256, random)
        self.drawing = Lane("drawing", 1, 16, random, low=True, full=DRAWING)
        self.directories = {
            agency: Lane(f"directory-{agency}", 4, 16, random, patience_s=DIRECTORY_PATIENCE_S)
            for agency in Agency
        }

    def close(self) -> None:
        """Close all."""
        for lane in (self.hashing, self.signing, self.drawing, *self.directories.values()):
            lane.close()


def _step_back() -> None:
    with contextlib.suppress(AttributeError, OSError):  # not every system has priorities of threads
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW_PRIORITY)

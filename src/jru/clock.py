"""Time, chance and waiting as things that are handed in, with real, virtual and seeded forms.

This module and `jru.bootstrap` are the only places that may touch the system's own clock and chance;
everything else takes a `Clock`, a `Random` or a `Sleep` as an argument.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import random
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """What time it is."""

    @property
    def rate(self) -> float:
        """Return seconds of this clock per second of the world; 1 for the real one, 0 for one set by hand."""
        ...

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds since some fixed start; never runs backwards."""
        ...


class Random(Protocol):
    """Chance: ids, salts, keys and the draws of a simulation."""

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        ...

    def uuid7(self, now: datetime) -> str:
        """Return a UUID version 7 (RFC 9562, 5.7) for the moment `now`, in its 36-character form."""
        ...

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        ...

    def below(self, limit: int) -> int:
        """Return a whole number in [0, limit)."""
        ...

    def choice(self, options: Sequence[T]) -> T:
        """Return one of `options`, each as likely as the other."""
        ...

    def exponential(self, mean: float) -> float:
        """Return a draw from the exponential distribution with this mean."""
        ...

    def child(self, name: str) -> Random:
        """Return a stream of its own for one purpose; a seeded one gives the same stream for the same name."""
        ...


class Sleep(Protocol):
    """Waiting without holding up the event loop."""

    async def __call__(self, seconds: float) -> None:
        """Return after `seconds` of the clock it belongs to."""
        ...


class SystemClock:
    """The clock of the machine."""

    rate = 1.0

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()


class VirtualClock:
    """A clock that starts at a chosen moment and runs `rate` times as fast as the world.

    With rate 0 it stands still until `advance` or `set` moves it. Never runs backwards. Safe between threads.
    """

    def __init__(
        self, start: datetime, rate: float = 0.0, world: Callable[[], float] = time.monotonic
    ) -> None:
        """Start at the aware moment `start`; `world` gives the seconds of the world that `rate` refers to."""
        if start.tzinfo is None:
            raise ValueError("a clock needs an aware start, such as 2019-08-16T18:00:00+00:00")
        self._start = start.astimezone(UTC)
        self._world = world
        self._lock = threading.Lock()
        self._rate = _checked_rate(rate)
        self._base_s = 0.0
        self._since = world()
        self._waiting: list[tuple[float, Callable[[], None]]] = []

    @property
    def rate(self) -> float:
        """Return seconds of this clock per second of the world."""
        with self._lock:
            return self._rate

    def now(self) -> datetime:
        """Return the virtual moment, in UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return virtual seconds since the start."""
        with self._lock:
            return self._elapsed_s()

    def advance(self, seconds: float) -> datetime:
        """Move forward by `seconds` and return the new moment; ValueError when negative or not finite."""
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError(f"a clock moves forward only, not by {seconds} s")
        with self._lock:
            self._base_s += seconds
        self._wake()
        return self.now()

    def set(self, moment: datetime) -> None:
        """Move forward to `moment`; ValueError when it lies in the past of this clock."""
        target_s = (moment - self._start).total_seconds()
        with self._lock:
            elapsed_s = self._elapsed_s()
            if target_s < elapsed_s:
                raise ValueError(f"a clock moves forward only, not from {elapsed_s} s to {target_s} s")
            self._base_s += target_s - elapsed_s
        self._wake()

    def set_rate(self, rate: float) -> None:
        """Run `rate` times as fast as the world from here on."""
        with self._lock:
            self._base_s, self._since = self._elapsed_s(), self._world()
            self._rate = _checked_rate(rate)
        self._wake(everyone=True)

    def call_at(self, due_s: float, wake: Callable[[], None]) -> Callable[[], None]:
        """Call `wake` once the clock is moved to `due_s` (virtual seconds since the start) or its rate changes.

        A running clock does not call on its own: the waiter also sleeps in the world's time. Returns what
        withdraws the call.
        """
        entry = (due_s, wake)
        with self._lock:
            if self._elapsed_s() < due_s:
                self._waiting.append(entry)
                return lambda: self._withdraw(entry)
        wake()
        return lambda: None

    def _withdraw(self, entry: tuple[float, Callable[[], None]]) -> None:
        with self._lock:
            self._waiting = [other for other in self._waiting if other is not entry]

    def _elapsed_s(self) -> float:
        return self._base_s + (self._world() - self._since) * self._rate

    def _wake(self, everyone: bool = False) -> None:
        with self._lock:
            elapsed_s = self._elapsed_s()
            due = [wake for due_s, wake in self._waiting if everyone or due_s <= elapsed_s]
            self._waiting = [entry for entry in self._waiting if not (everyone or entry[0] <= elapsed_s)]
        for wake in due:
            wake()


class SystemSleep:
    """Wait in the machine's time."""

    async def __call__(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)


class VirtualSleep:
    """Wait in the time of a virtual clock, whatever its rate and however it is moved."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    async def __call__(self, seconds: float) -> None:
        """Return once the clock stands `seconds` later than now."""
        due_s = self._clock.monotonic() + seconds
        while self._clock.monotonic() < due_s:
            await self._wait_for_a_move(due_s)
        await asyncio.sleep(0)

    async def _wait_for_a_move(self, due_s: float) -> None:
        """Return when the clock was moved, its rate changed, or it should have run to `due_s` by itself."""
        loop = asyncio.get_running_loop()
        moved = asyncio.Event()
        withdraw = self._clock.call_at(due_s, lambda: _signal(loop, moved))
        rate = self._clock.rate
        left_s = due_s - self._clock.monotonic()
        try:
            await asyncio.wait_for(moved.wait(), left_s / rate if rate else None)
        except TimeoutError:
            return
        finally:
            withdraw()


class SystemRandom:
    """Chance from the operating system, fit for keys."""

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        return secrets.token_bytes(count)

    def uuid7(self, now: datetime) -> str:
        """Return a UUID version 7 for the moment `now`."""
        return uuid7(now, self.bytes(10))

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        return secrets.randbits(53) / 2**53

    def below(self, limit: int) -> int:
        """Return a whole number in [0, limit)."""
        return secrets.randbelow(limit)

    def choice(self, options: Sequence[T]) -> T:
        """Return one of `options`."""
        return secrets.choice(options)

    def exponential(self, mean: float) -> float:
        """Return an exponential draw."""
        return -mean * math.log1p(-self.uniform())

    def child(self, name: str) -> SystemRandom:
        """Return itself: real chance has no streams to keep apart."""
        return self


class SeededRandom:
    """Chance that repeats: the same seed and path of names give the same draws on every machine.

    Each purpose takes a child of its own, so that one more draw in one place changes nothing elsewhere.
    Asked twice for the same name, `child` gives the stream from its beginning. Not fit for keys.
    """

    def __init__(self, seed: int | str) -> None:
        self._path = str(seed)
        digest = hashlib.sha256(self._path.encode()).digest()
        self._source = random.Random(int.from_bytes(digest, "big"))  # noqa: S311

    def bytes(self, count: int) -> bytes:
        """Return `count` bytes of the stream."""
        return self._source.randbytes(count)

    def uuid7(self, now: datetime) -> str:
        """Return a UUID version 7 for the moment `now`."""
        return uuid7(now, self.bytes(10))

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        return self._source.random()

    def below(self, limit: int) -> int:
        """Return a whole number in [0, limit)."""
        return self._source.randrange(limit)

    def choice(self, options: Sequence[T]) -> T:
        """Return one of `options`."""
        return options[self.below(len(options))]

    def exponential(self, mean: float) -> float:
        """Return an exponential draw."""
        return -mean * math.log1p(-self.uniform())

    def child(self, name: str) -> SeededRandom:
        """Return the stream of its own for `name`."""
        return SeededRandom(f"{self._path}/{name}")


def uuid7(now: datetime, chance: bytes) -> str:
    """Return the UUID version 7 of a moment and 10 random bytes (RFC 9562, 5.7).

    Raises ValueError for a naive moment or too few bytes. Ids of one millisecond come in no order.
    """
    if now.tzinfo is None or len(chance) < 10:
        raise ValueError("an id needs an aware moment and 10 random bytes")
    since_epoch = now - datetime(1970, 1, 1, tzinfo=UTC)
    milliseconds = since_epoch // timedelta(milliseconds=1)
    number = (milliseconds << 80) | int.from_bytes(chance[:10], "big")
    number = (number & ~(0xF << 76)) | (0x7 << 76)
    number = (number & ~(0x3 << 62)) | (0x2 << 62)
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _checked_rate(rate: float) -> float:
    if not (math.isfinite(rate) and rate >= 0):
        raise ValueError(f"a clock runs at a rate of 0 or more, not {rate}")
    return rate


def _signal(loop: asyncio.AbstractEventLoop, moved: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(moved.set)

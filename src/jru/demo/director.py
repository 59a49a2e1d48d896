"""The stage: one queue of what happens next, in virtual time, one thing after the other."""

from __future__ import annotations

import heapq
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Protocol

from jru.clock import Sleep, VirtualClock

Steps = AsyncGenerator[float, None]
"""A process: it does something, yields for how many virtual seconds it waits, and goes on."""

_TICKS_IN_A_ROW = 100


class Timers(Protocol):
    """The server's own timers, such as an offer that lapses."""

    def next_timer(self) -> datetime | None:
        """Return when something falls due next."""
        ...

    def tick(self) -> None:
        """Do what is due by now."""
        ...


class Process:
    """One actor's course; `alive` until it has nothing more to do. Nobody waits for an `endless` one."""

    def __init__(self, steps: Steps, name: str, *, endless: bool = False) -> None:
        self.steps = steps
        self.name = name
        self.endless = endless
        self.alive = True
        self.due_ms = 0
        self.turn = 0


class Director:
    """Runs processes in the order of their virtual time; equal times go in the order in which they were set."""

    def __init__(self, clock: VirtualClock, timers: Timers, sleep: Sleep) -> None:
        """Move `clock` when it stands still (rate 0), else wait for it with `sleep`; `paused`: wait all the same."""
        self.taken_over: set[tuple[str, str | None]] = set()
        self.paused = False
        self._clock = clock
        self._timers = timers
        self._sleep = sleep
        self._start = clock.now()
        self._queue: list[tuple[int, int, int, Process]] = []
        self._turns = 0
        self._busy = 0
        self._stopped = False

    @property
    def now(self) -> datetime:
        """Return the virtual time."""
        return self._clock.now()

    @property
    def live(self) -> bool:
        """Tell whether the clock runs by itself, so that people may be watching and acting."""
        return self._clock.rate > 0 or self.paused

    def take_over(self, role: str, unit: str | None = None) -> None:
        """Let a person play a role from now on; `unit` is the call sign for a crew."""
        self.taken_over.add((role, unit))

    def hand_back(self, role: str, unit: str | None = None) -> None:
        """Let the simulators play a role again."""
        self.taken_over.discard((role, unit))

    def plays(self, *roles: str, unit: str | None = None) -> bool:
        """Tell whether the simulators still play all of these roles."""
        return not any((role, unit) in self.taken_over for role in roles)

    def start(self, steps: Steps, name: str, after_s: float = 0.0, *, endless: bool = False) -> Process:
        """Begin a process after some virtual seconds."""
        process = Process(steps, name, endless=endless)
        self._busy += not endless
        self._set(process, after_s)
        return process

    def start_at(self, steps: Steps, name: str, at: datetime) -> Process:
        """Begin a process at a virtual time, or now when that has passed."""
        return self.start(steps, name, max(0.0, (at - self.now).total_seconds()))

    def wake(self, process: Process, within_s: float = 0.0) -> None:
        """Let a waiting process go on within some virtual seconds, if it would have waited longer."""
        if process.alive and process.due_ms > self._ms(within_s):
            self._set(process, within_s)

    def stop(self) -> None:
        """Leave `run` after the step in hand."""
        self._stopped = True

    async def run(self, until: datetime) -> None:
        """Run everything that falls due up to a virtual time, or until only endless processes are left."""
        end_ms = round((until - self._start).total_seconds() * 1000)
        while self._queue and self._busy and not self._stopped:
            due_ms, turn, _, process = self._queue[0]
            if due_ms > end_ms:
                break
            heapq.heappop(self._queue)
            if turn != process.turn or not process.alive:
                continue
            await self._pass_to(self._start + timedelta(milliseconds=due_ms))
            await self._step(process)
        if self._busy and not self._stopped:
            await self._pass_to(until)

    async def close(self) -> None:
        """End every process."""
        for *_, process in self._queue:
            if process.alive:
                process.alive = False
                await process.steps.aclose()
        self._queue.clear()

    async def _step(self, process: Process) -> None:
        try:
            wait_s = await anext(process.steps)
        except StopAsyncIteration:
            process.alive = False
            self._busy -= not process.endless
            return
        self._set(process, wait_s)

    def _set(self, process: Process, after_s: float) -> None:
        self._turns += 1
        process.turn = self._turns
        process.due_ms = self._ms(after_s)
        heapq.heappush(self._queue, (process.due_ms, process.turn, 0, process))

    def _ms(self, after_s: float) -> int:
        return round(((self._clock.now() - self._start).total_seconds() + max(0.0, after_s)) * 1000)

    async def _pass_to(self, moment: datetime) -> None:
        """Let the server's timers and the clock come up to a moment."""
        for _ in range(_TICKS_IN_A_ROW):
            due = self._timers.next_timer()
            if due is None or due > moment:
                break
            await self._reach(due)
            self._timers.tick()
        await self._reach(moment)

    async def _reach(self, moment: datetime) -> None:
        left_s = (moment - self._clock.now()).total_seconds()
        if left_s <= 0:
            return
        if self.live:
            await self._sleep(left_s)
        else:
            self._clock.set(moment)

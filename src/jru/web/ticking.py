"""The services' timers (offer time-outs, overdue marks), driven while the server runs."""

from __future__ import annotations

import asyncio

import structlog
from starlette.concurrency import run_in_threadpool

from jru.clock import Sleep, SystemSleep
from jru.errors import JruError
from jru.web.ports import Services
from jru.web.problems import log_unexpected

LOOK_S = 0.2
_log = structlog.get_logger("jru.web.ticking")


class Ticking:
    """Looks several times a second of the real world whether a timer of the services is due."""

    def __init__(self, services: Services, sleep: Sleep | None = None) -> None:
        self._services = services
        self._sleep: Sleep = sleep or SystemSleep()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; a clock that stands still (rate 0) is driven by whoever moves it."""
        if self._services.rate > 0:
            self._task = asyncio.create_task(self._run(), name="jru-ticking")

    async def close(self) -> None:
        """Stop after the tick that is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            await self._sleep(LOOK_S)
            try:
                await run_in_threadpool(self._tick)
            except JruError as error:
                _log.warning("timers not run", code=error.code)
            except Exception as error:  # noqa: BLE001 - timers must go on after any one failure
                log_unexpected("timers failed", error)

    def _tick(self) -> None:
        due_at = self._services.next_timer()
        if due_at is not None and due_at <= self._services.clock.now():
            self._services.tick()

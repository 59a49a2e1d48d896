"""Tells browsers whose page is not in front, after each commit and apart from it: a dead push service delays nobody."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress

import structlog
from starlette.concurrency import run_in_threadpool

from jru.clock import Sleep, SystemSleep
from jru.services.alert_records import Receipt, Reply
from jru.services.push_book import Parcel
from jru.web.ports import Services
from jru.web.problems import log_unexpected

LOOK_S = 10.0
"""How long it takes at most until a session that ended by itself is forgotten."""
AT_ONCE = 4
"""How many messages one push service is sent at a time, so that a dead one does not hold up the others."""
MOST_WAITING = 1000
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
_log = structlog.get_logger("jru.web.pushing")


class Pushing:
    """Gives every parcel to its push service, again while it refuses for the moment, never after its life."""

    def __init__(self, services: Services, sleep: Sleep | None = None) -> None:
        self._services = services
        self._sleep: Sleep = sleep or SystemSleep()
        self._random = services.random.child("pushing")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._waiting: set[asyncio.Task[None]] = set()
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))
        self._unsubscribe: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Begin to listen for commits; an installation without push services has nothing to do."""
        if not self._services.push.service.public_key:
            return
        self._loop = asyncio.get_running_loop()
        self._unsubscribe = self._services.subscribe(self._on_commit)
        self._task = asyncio.create_task(self._run(), name="jru-pushing")

    async def close(self) -> None:
        """Stop; what was not given over by now is on the open streams and on the screens."""
        self._unsubscribe()
        tasks = [*self._waiting, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def give(self, parcels: list[Parcel]) -> None:
        """Begin to send; beyond what may wait at once, the newest are left to the open streams."""
        room = MOST_WAITING - len(self._waiting)
        if len(parcels) > room:
            _log.warning("notifications left out", count=len(parcels) - room)
        for parcel in parcels[: max(0, room)]:
            task = asyncio.create_task(self._deliver(parcel), name="jru-push")
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    def _on_commit(self, _seq: int) -> None:
        """Wake up; called on the writer thread."""
        if self._loop is not None and not self._loop.is_closed() and not self._woken.is_set():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                self.give(await run_in_threadpool(self._services.push.due))
            except Exception as error:  # noqa: BLE001 - others are told whatever happens to one
                log_unexpected("notifications not looked for", error)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._woken.wait()

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            await self._send(parcel)
        except Exception as error:  # noqa: BLE001 - others are told whatever happens to one
            log_unexpected("notification not sent", error)

    async def _send(self, parcel: Parcel) -> None:
        book, pause_s = self._services.push, FIRST_PAUSE_S
        while (reply := await self._try(parcel)) is not None:
            await run_in_threadpool(book.note, parcel, reply.receipt)
            if reply.receipt is Receipt.GONE:
                await run_in_threadpool(book.gone, parcel)
            if reply.receipt is not Receipt.LATER:
                return
            await self._sleep(max(reply.after_s, pause_s * (1 + self._random.uniform()) / 2))
            pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)

    async def _try(self, parcel: Parcel) -> Reply | None:
        """Return what the push service answers, or None when there is nothing to tell any more."""
        book = self._services.push
        service = parcel.subscription.address.endpoint.split("/")[2]
        async with self._turns[service]:
            left_s = int(await run_in_threadpool(book.left_s, parcel))
            if left_s < 1:
                return None
            return await book.service.send(parcel.subscription.address, parcel.message, left_s)

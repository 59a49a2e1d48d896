"""Put a night on: as fast as it goes and without a screen, or live beside a server that people can open."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx

from jru.blueprints import embedded_blueprint
from jru.bootstrap import DATABASE_FILE, PAYLOAD_STORES, System, build, database_url
from jru.clock import SeededRandom, SystemSleep, VirtualClock, VirtualSleep
from jru.config import Settings
from jru.demo.api import Row
from jru.demo.night import Night, Plan, plan_night
from jru.demo.summary import Chain, Setup, summarise
from jru.demo.taking_over import TakingOver
from jru.demo.transport import DirectTransport, SocketTransport, Transport
from jru.domain.blueprint_parsing import parse_blueprint
from jru.errors import InvalidInput
from jru.services.past_records import PastRecord
from jru.store.opening import open_for_reading
from jru.store.verify import verify
from jru.web.server import serving

TIMEOUT_S: Final = 30.0
STOP_LOOK_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Programme:
    """What is to be shown. Times are local; `speed` is virtual seconds a second, 0 for as fast as it goes."""

    day: date
    seed: int
    begins: time
    ends: time
    speed: float
    start_at: time | None = None


class Switch:
    """A transport that can be put on another line between two requests."""

    def __init__(self, line: Transport) -> None:
        self.line = line

    async def send(
        self, method: str, path: str, headers: Mapping[str, str], query: Mapping[str, str], body: object
    ) -> tuple[int, dict[str, Any]]:
        """Send over the line of now."""
        return await self.line.send(method, path, headers, query, body)


class Show:
    """One night in one directory, with its server."""

    def __init__(
        self, programme: Programme, settings: Settings, records: Sequence[PastRecord] | None = None
    ) -> None:
        """Open a fresh product in `settings.data`; records None: draw from the counts per small area.

        Raises InvalidInput when the directory holds a log already.
        """
        self.programme = programme
        self._blueprint = parse_blueprint(embedded_blueprint())
        self._records = records
        chance = SeededRandom(programme.seed)
        self.plan = self._plan()
        self.clock = VirtualClock(self.plan.start)
        _refuse_used(settings)
        self.system: System = build(settings, clock=self.clock, random=chance.child("server"), demo=True)
        # One loop for the whole show: closing a loop would end every process that began in it.
        self._runner = asyncio.Runner()
        self.switch = Switch(DirectTransport(self.system.app))
        self.night = Night(
            self._blueprint,
            self.plan,
            self.system,
            self.switch,
            self.clock,
            VirtualSleep(self.clock),
            self.system.router,
            chance.child("night"),
        )
        director = self.night.director
        self.system.app.add_middleware(TakingOver, take=director.take_over, give=director.hand_back)

    def _plan(self) -> Plan:
        wanted = self.programme
        return plan_night(self._blueprint, wanted.day, wanted.begins, wanted.ends, self._records or ())

    @property
    def live_from(self) -> datetime:
        """Return the moment from which the clock runs by itself."""
        at = self.programme.start_at
        if at is None:
            return self.plan.start
        day = self.plan.day if at >= self.programme.begins else self.plan.day + timedelta(days=1)
        moment = datetime.combine(day, at, ZoneInfo(self._blueprint.time_zone))
        return max(self.plan.start, moment.astimezone(ZoneInfo("UTC")))

    def play(self) -> Row:
        """Play the whole night without a server and return its summary."""
        self._runner.run(self._play())
        return self.summary()

    async def _play(self) -> None:
        if self.programme.start_at is not None:
            await self.night.run(self.live_from)
        self.clock.set_rate(self.programme.speed)
        await self.night.run()

    def run_up(self) -> None:
        """Pass quickly to the moment from which people may look on."""
        self._runner.run(self.night.run(self.live_from))

    def perform(
        self,
        host: str,
        port: int,
        ready: Callable[[str], None],
        over: Callable[[], None],
        stop: threading.Event,
    ) -> None:
        """Serve, and play the rest of the night in the clock's own time, until `stop` is set.

        `ready` hears the address, `over` that the last job is done; the server stays up after that.
        """
        self.clock.set_rate(self.programme.speed)
        with serving(self.system.app, host, port) as url:
            ready(url)
            self._runner.run(self._perform(url, stop, over))
        self.switch.line = DirectTransport(self.system.app)
        self.clock.set_rate(0)

    async def _perform(self, url: str, stop: threading.Event, over: Callable[[], None]) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S) as client:
            self.switch.line = SocketTransport(client)
            playing = asyncio.create_task(self.night.run())
            asked_to_stop = asyncio.create_task(_until(stop))
            await asyncio.wait((playing, asked_to_stop), return_when=asyncio.FIRST_COMPLETED)
            if playing.done():
                playing.result()
                over()
                await asked_to_stop
            playing.cancel()
            asked_to_stop.cancel()
            await asyncio.gather(playing, asked_to_stop, return_exceptions=True)

    def summary(self) -> Row:
        """Return what the night came to so far."""
        details = self._runner.run(self.night.details())
        head = self.system.head()
        chain = Chain(verify(self.system.store).intact, head.hash.hex(), head.seq)
        plan, night = self.plan, self.night
        setup = Setup(
            self.programme.seed,
            plan.day.isoformat(),
            plan.start,
            plan.end,
            len(night.duties),
            len(plan.records),
        )
        return summarise(setup, night.ledger, details, chain, night.tally.requests)

    def close(self) -> None:
        """Send everybody home and close the product."""
        self._runner.run(self.night.close())
        self._runner.close()
        self.system.close()


def _refuse_used(settings: Settings) -> None:
    """Refuse a directory with a log in it: its clock would run backwards."""
    if settings.data.exists() and not settings.data.is_dir():
        raise InvalidInput("demo.data", f"{settings.data} is a file.", "Give --data a directory.")
    if not (settings.data / DATABASE_FILE).exists():
        return
    store = open_for_reading(database_url(settings), settings.data, PAYLOAD_STORES)
    events = store.log.head().seq
    store.close()
    if events:
        raise InvalidInput(
            "demo.data",
            f"{settings.data} holds a log of {events} events already.",
            "Give --data a fresh directory, or leave it out for a temporary one.",
        )


async def _until(stop: threading.Event) -> None:
    sleep = SystemSleep()
    while not stop.is_set():
        await sleep(STOP_LOOK_S)

"""The stage: order, waking, the server's timers, and the clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

from jru.clock import VirtualClock, VirtualSleep
from jru.demo.director import Director

START = datetime(2019, 8, 16, 17, tzinfo=UTC)


class Timers:
    """The server's timers as a list of moments."""

    def __init__(self, clock: VirtualClock, due: list[datetime]) -> None:
        self.clock = clock
        self.due = due
        self.ticked: list[datetime] = []

    def next_timer(self) -> datetime | None:
        return self.due[0] if self.due else None

    def tick(self) -> None:
        self.ticked.append(self.clock.now())
        self.due = [moment for moment in self.due if moment > self.clock.now()]


def _stage(due: list[datetime] | None = None) -> tuple[Director, VirtualClock, Timers]:
    clock = VirtualClock(START)
    timers = Timers(clock, due or [])
    return Director(clock, timers, VirtualSleep(clock)), clock, timers


def test_processes_go_on_in_the_order_of_time_and_then_of_being_set() -> None:
    director, clock, _ = _stage()
    seen: list[tuple[str, float]] = []

    async def actor(name: str, *waits: float) -> AsyncGenerator[float, None]:
        for wait_s in waits:
            seen.append((name, (clock.now() - START).total_seconds()))
            yield wait_s
        seen.append((name, (clock.now() - START).total_seconds()))

    director.start(actor("a", 30.0, 30.0), "a")
    director.start(actor("b", 10.0, 50.0), "b")
    asyncio.run(director.run(START + timedelta(minutes=5)))
    assert seen == [("a", 0), ("b", 0), ("b", 10), ("a", 30), ("b", 60), ("a", 60)]


def test_a_waiting_process_can_be_woken_but_never_put_off() -> None:
    director, clock, _ = _stage()
    woken: list[float] = []

    async def sleeper() -> AsyncGenerator[float, None]:
        yield 600.0
        woken.append((clock.now() - START).total_seconds())

    async def caller() -> AsyncGenerator[float, None]:
        yield 20.0
        director.wake(waiting, 5.0)
        director.wake(waiting, 100.0)

    waiting = director.start(sleeper(), "sleeper")
    director.start(caller(), "caller")
    asyncio.run(director.run(START + timedelta(hours=1)))
    assert woken == [25.0]


def test_the_servers_timers_run_at_their_moment_before_what_comes_later() -> None:
    due = START + timedelta(seconds=45)
    director, clock, timers = _stage([due])
    at: list[int] = []

    async def actor() -> AsyncGenerator[float, None]:
        yield 60.0
        at.append(len(timers.ticked))

    director.start(actor(), "actor")
    asyncio.run(director.run(START + timedelta(minutes=2)))
    assert timers.ticked == [due]
    assert at == [1]
    assert clock.now() == START + timedelta(minutes=1)


def test_the_night_ends_when_only_endless_processes_are_left() -> None:
    director, clock, _ = _stage()

    async def desk() -> AsyncGenerator[float, None]:
        while True:
            yield 60.0

    async def job() -> AsyncGenerator[float, None]:
        yield 90.0

    director.start(desk(), "desk", endless=True)
    director.start(job(), "job")
    asyncio.run(director.run(START + timedelta(hours=9)))
    assert clock.now() == START + timedelta(seconds=90)


def test_a_role_that_a_person_plays_is_left_alone_until_it_is_handed_back() -> None:
    director, _, _ = _stage()
    director.take_over("police_dispatcher")
    director.take_over("paramedic", "JR01")
    assert not director.plays("police_dispatcher")
    assert director.plays("ambulance_dispatcher")
    assert not director.plays("constable", "paramedic", unit="JR01")
    assert director.plays("constable", "paramedic", unit="JR02")
    director.hand_back("police_dispatcher")
    assert director.plays("police_dispatcher")


def test_a_running_clock_is_waited_for() -> None:
    clock = VirtualClock(START, rate=3600.0)
    director = Director(clock, Timers(clock, []), VirtualSleep(clock))
    late: list[float] = []

    async def actor() -> AsyncGenerator[float, None]:
        yield 180.0
        late.append((clock.now() - START).total_seconds() - 180.0)

    director.start(actor(), "actor")
    asyncio.run(director.run(START + timedelta(minutes=4)))
    assert 0 <= late[0] < 1800

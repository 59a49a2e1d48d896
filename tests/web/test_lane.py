"""A lane: bounded inside, and closed without waiting."""

from __future__ import annotations

import asyncio
import threading

import pytest

from jru.clock import SeededRandom
from jru.errors import Unavailable
from jru.web.lane import Lane, Lanes


def test_one_more_than_fits_is_turned_away_and_room_is_given_back() -> None:
    async def fill() -> list[str]:
        lane = Lane("test", 1, 2, SeededRandom("lane"), held_s=(0.0, 0.01))
        gate = threading.Event()
        inside = [asyncio.create_task(lane.run(lambda: str(gate.wait(10)))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable) as refused:
            await lane.run(lambda: "too many")
        assert refused.value.retry_after_s >= 1
        gate.set()
        done = [await task for task in inside]
        done.append(await lane.run(lambda: "again"))
        lane.close()
        return done

    assert asyncio.run(fill()) == ["True", "True", "again"]


def test_what_fails_gives_its_room_back() -> None:
    def fail() -> None:
        raise ValueError("wrong")

    async def try_twice() -> None:
        lane = Lane("test", 1, 1, SeededRandom("lane"), low=True)
        for _ in range(2):
            with pytest.raises(ValueError, match="wrong"):
                await lane.run(fail)
        lane.close()

    asyncio.run(try_twice())


def test_closing_lets_go_of_who_is_held() -> None:
    async def hold() -> None:
        lane = Lane("test", 1, 0, SeededRandom("lane"), held_s=(60.0, 60.0))
        held = asyncio.create_task(lane.run(lambda: None))
        await asyncio.sleep(0)
        lane.close()
        with pytest.raises(Unavailable):
            await asyncio.wait_for(held, 5)

    asyncio.run(hold())


def test_who_waits_too_long_is_told_so_and_not_begun_later() -> None:
    async def wait() -> list[str]:
        lane = Lane("test", 1, 2, SeededRandom("lane"), patience_s=0.05)
        gate = threading.Event()
        begun: list[str] = []

        def first() -> None:
            begun.append("first")
            gate.wait(10)

        both = [lane.run(first), lane.run(lambda: begun.append("second"))]
        for outcome in await asyncio.gather(*both, return_exceptions=True):
            assert isinstance(outcome, Unavailable)
        gate.set()
        lane.close()
        return begun

    assert asyncio.run(wait()) == ["first"]


def test_a_step_that_fails_by_time_is_not_taken_for_a_full_lane() -> None:
    def late() -> None:
        raise TimeoutError

    async def fail() -> None:
        lane = Lane("test", 1, 1, SeededRandom("lane"), patience_s=5.0)
        with pytest.raises(TimeoutError):
            await lane.run(late)
        lane.close()

    asyncio.run(fail())


def test_a_full_lane_of_passwords_leaves_the_other_free() -> None:
    async def fill() -> str:
        lanes = Lanes(SeededRandom("lanes"))
        gate = threading.Event()
        many = [asyncio.create_task(lanes.hashing.run(lambda: gate.wait(10))) for _ in range(40)]
        await asyncio.sleep(0)
        answer = await asyncio.wait_for(lanes.signing.run(lambda: "passkey"), 5)
        gate.set()
        lanes.close()
        await asyncio.gather(*many, return_exceptions=True)
        return answer

    assert asyncio.run(fill()) == "passkey"

"""Time, chance and waiting: what every form of them promises."""

import asyncio
import threading
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jru.clock import (
    SeededRandom,
    SystemClock,
    SystemRandom,
    SystemSleep,
    VirtualClock,
    VirtualSleep,
    uuid7,
)

START = datetime(2019, 8, 16, 18, 0, tzinfo=UTC)
EXPECTED_DRAWS = ("6014aca8", 294, 0.797851059117)


class World:
    """Seconds of the world, moved by the test."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_system_clock_is_aware_and_its_monotonic_seconds_do_not_fall() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() <= clock.monotonic()
    assert clock.rate == 1.0


def test_a_still_clock_moves_by_hand_only() -> None:
    world = World()
    clock = VirtualClock(START, world=world)
    world.seconds += 3600
    assert clock.now() == START
    assert clock.advance(90) == START + timedelta(seconds=90)
    clock.set(START + timedelta(hours=8))
    assert clock.now() == START + timedelta(hours=8)
    assert clock.monotonic() == 8 * 3600


def test_a_running_clock_runs_at_its_rate_and_keeps_its_moment_when_the_rate_changes() -> None:
    world = World()
    clock = VirtualClock(START, rate=30, world=world)
    world.seconds += 10
    assert clock.now() == START + timedelta(minutes=5)
    clock.set_rate(0)
    world.seconds += 10
    assert clock.now() == START + timedelta(minutes=5)
    clock.set_rate(60)
    world.seconds += 1
    assert clock.now() == START + timedelta(minutes=6)
    assert clock.rate == 60


def test_a_clock_with_another_zone_answers_in_utc() -> None:
    clock = VirtualClock(START.astimezone(timezone(timedelta(hours=1))))
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.now() == START


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_a_clock_refuses_to_move_but_forward(seconds: float) -> None:
    clock = VirtualClock(START)
    with pytest.raises(ValueError, match="forward only"):
        clock.advance(seconds)
    assert clock.now() == START


def test_a_clock_refuses_the_past_a_naive_start_and_a_bad_rate() -> None:
    clock = VirtualClock(START)
    with pytest.raises(ValueError, match="forward only"):
        clock.set(START - timedelta(seconds=1))
    with pytest.raises(ValueError, match="aware start"):
        VirtualClock(START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="rate"):
        clock.set_rate(-1)


def test_threads_that_move_one_clock_lose_no_second() -> None:
    clock = VirtualClock(START)
    threads = [
        threading.Thread(target=lambda: [clock.advance(1) for _ in range(200)] and None) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.monotonic() == 1600


def test_a_virtual_sleep_ends_when_the_clock_is_moved_there_and_not_before() -> None:
    async def scene() -> list[str]:
        clock = VirtualClock(START)
        sleep = VirtualSleep(clock)
        seen: list[str] = []

        async def wait(seconds: float, name: str) -> None:
            await sleep(seconds)
            seen.append(name)

        waiting = [asyncio.create_task(wait(60, "late")), asyncio.create_task(wait(30, "early"))]
        await asyncio.sleep(0)
        clock.advance(29)
        await asyncio.sleep(0)
        assert seen == []
        clock.advance(1)
        await waiting[1]
        assert seen == ["early"]
        threading.Thread(target=clock.advance, args=(30,)).start()
        await waiting[0]
        return seen

    assert asyncio.run(scene()) == ["early", "late"]


def test_a_virtual_sleep_follows_a_running_clock_and_a_change_of_its_rate() -> None:
    async def scene() -> float:
        clock = VirtualClock(START, rate=0.001)
        task = asyncio.create_task(VirtualSleep(clock)(3600))
        await asyncio.sleep(0)
        clock.set_rate(1_000_000)
        await asyncio.wait_for(task, 10)
        return clock.monotonic()

    assert asyncio.run(scene()) >= 3600


def test_a_withdrawn_sleep_leaves_nothing_behind() -> None:
    async def scene() -> None:
        clock = VirtualClock(START)
        called: list[int] = []
        clock.call_at(10, lambda: called.append(1))()
        task = asyncio.create_task(VirtualSleep(clock)(10))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        clock.advance(20)
        assert called == []

    asyncio.run(scene())


def test_the_system_sleep_waits_in_the_machines_time() -> None:
    async def scene() -> float:
        clock = SystemClock()
        before = clock.monotonic()
        await SystemSleep()(0.01)
        return clock.monotonic() - before

    assert asyncio.run(scene()) >= 0.009


def test_a_seed_repeats_and_children_are_streams_of_their_own() -> None:
    one, other = SeededRandom(7), SeededRandom(7)
    other.child("crews").uniform()
    assert [one.uniform() for _ in range(5)] == [other.uniform() for _ in range(5)]
    assert one.child("calls").bytes(16) == other.child("calls").bytes(16)
    assert one.child("calls").bytes(16) != one.child("crews").bytes(16)
    assert SeededRandom(7).bytes(16) != SeededRandom(8).bytes(16)


def test_a_seeded_stream_is_the_same_on_every_machine() -> None:
    chance = SeededRandom(2019).child("calls")
    assert (chance.bytes(4).hex(), chance.below(1000), round(chance.uniform(), 12)) == EXPECTED_DRAWS


@pytest.mark.parametrize("chance", [SystemRandom(), SeededRandom(1)])
def test_draws_lie_within_their_bounds(chance: SystemRandom | SeededRandom) -> None:
    assert all(0 <= chance.uniform() < 1 for _ in range(200))
    assert {chance.below(3) for _ in range(200)} == {0, 1, 2}
    assert {chance.choice("ab") for _ in range(200)} == {"a", "b"}
    assert all(chance.exponential(5) >= 0 for _ in range(200))
    assert len(chance.bytes(32)) == 32
    assert isinstance(chance.child("x").uniform(), float)


def test_the_exponential_draw_has_the_mean_asked_for() -> None:
    chance = SeededRandom("mean")
    mean = sum(chance.exponential(12.0) for _ in range(20_000)) / 20_000
    assert mean == pytest.approx(12.0, rel=0.03)


@given(
    moment=st.datetimes(
        min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1), timezones=st.just(UTC)
    ),
    chance=st.binary(min_size=10, max_size=16),
)
def test_an_id_is_a_uuid_of_version_7_that_carries_its_millisecond(moment: datetime, chance: bytes) -> None:
    text = uuid7(moment, chance)
    parsed = uuid.UUID(text)
    assert str(parsed) == text
    assert parsed.version == 7
    assert parsed.variant == uuid.RFC_4122
    assert (parsed.int >> 80) == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def test_ids_of_later_milliseconds_sort_later_and_seeded_ids_repeat() -> None:
    chance = SeededRandom(3)
    ids = [chance.uuid7(START + timedelta(milliseconds=count)) for count in range(50)]
    assert ids == sorted(ids)
    assert SeededRandom(3).uuid7(START) == ids[0]
    assert SystemRandom().uuid7(START) != SystemRandom().uuid7(START)


def test_the_example_of_the_standard_comes_out() -> None:
    """RFC 9562, A.6."""
    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    assert uuid7(moment, bytes.fromhex("0cc318c4dc0c0c07398f")) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_an_id_refuses_a_naive_moment_and_too_little_chance() -> None:
    with pytest.raises(ValueError, match="aware"):
        uuid7(START.replace(tzinfo=None), bytes(10))
    with pytest.raises(ValueError, match="10 random bytes"):
        uuid7(START, bytes(9))

"""No tap that was acknowledged and none that waits is lost, whatever goes wrong in a shift."""

from __future__ import annotations

from collections import Counter

import pytest

from jru.services.projection import LogProjector
from jru.services.testing import simple_event_hash
from tests.services.snapshots import differences, rows_of
from tests.services.world import AMBULANCE, POLICE
from tests.sync.shift import Shift, played

SHIFTS = 200


def assert_every_tap_has_its_end(shift: Shift) -> Counter[str]:
    """Each tap is in the log once, or its crew was told that it is not, and why."""
    events = shift.world.log.read(0, 1 << 20)
    done = {event.idem_key for event in events}
    ends: Counter[str] = Counter()
    for device in shift.devices:
        waiting = [tap.key for page in device.pages for tap in page.taps if tap.state != "refused"]
        assert not waiting, (device.name, waiting)
        for tap in device.made:
            last = (device.told.get(tap.key) or ["nothing"])[-1]
            in_log = tap.key in done
            ends[last.partition(":")[0]] += 1
            if last == "taken":
                assert in_log, (device.name, tap, device.told[tap.key])
            elif last == "taken back":
                assert not in_log, (device.name, tap, device.told[tap.key])
            elif last == "refused: too old":
                continue
            else:
                assert last.startswith("refused: "), (device.name, tap, last)
                assert len(last) > 20, last
                assert not in_log, (device.name, tap, device.told[tap.key])
    return ends


def assert_log_sound(shift: Shift) -> None:
    """The chain verifies, each command is there once, and a fresh start shows what the live board shows."""
    log = shift.world.log
    events = log.read(0, 1 << 20)
    assert max(Counter((event.idem_key, event.idem_n) for event in events).values()) == 1
    prev = bytes(32)
    projector, states = LogProjector(), {}
    for number, event in enumerate(events, start=1):
        assert (event.seq, event.prev) == (number, prev)
        prev = event.hash
        assert simple_event_hash(event) == event.hash
        before = states.get(event.stream)
        row = projector.project(event, before.body if before else None)
        if row is not None:
            states[event.stream] = row
    assert states == {row.stream: row for row in log.states(open_only=False)}
    shift.world.services.tick()
    again = shift.rebuilt().services
    for room in (POLICE, AMBULANCE):
        live, rebuilt = (rows_of(services.board(room)) for services in (shift.world.services, again))
        assert differences(live, rebuilt) == []


@pytest.mark.parametrize("seed", range(SHIFTS))
def test_no_tap_is_lost_in_a_shift(seed: int) -> None:
    shift = played(seed)
    assert_every_tap_has_its_end(shift)
    assert_log_sound(shift)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("first", range(SHIFTS, SHIFTS + 10_000, 100))
def test_no_tap_is_lost_in_any_shift(first: int) -> None:
    for seed in range(first, first + 100):
        test_no_tap_is_lost_in_a_shift(seed)


def test_backlogs_go_together_in_these_shifts() -> None:
    assert max(played(seed).most_together for seed in range(5)) >= 3


def test_the_same_seed_gives_the_same_shift() -> None:
    one, two = played(7), played(7)
    assert one.world.log.head() == two.world.log.head()
    assert [device.told for device in one.devices] == [device.told for device in two.devices]

"""The same on a real database: a night, its chain, its read tables, and a restart on the same directory."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jru.clock import SeededRandom, VirtualClock
from jru.domain import commands as cmd
from jru.domain.agency import Label
from jru.errors import JruError
from jru.services.projection import LogProjector
from jru.store.opening import Store, open_store
from jru.store.patient_records import PatientRecords
from jru.store.payloads import OperationalRecords
from jru.store.police_records import PoliceRecords
from jru.store.rebuild import read_tables, replay
from jru.store.verify import verify
from tests.services.snapshots import differences, rows_of
from tests.services.test_machine import Night, play
from tests.services.world import AMBULANCE, POLICE, START, SUPERVISOR, World, officer, paramedic

STORES = (OperationalRecords, PoliceRecords, PatientRecords)
THREADS = 6


@contextmanager
def opened(directory: Path, clock: VirtualClock) -> Iterator[Store]:
    url = f"sqlite:///{directory / 'jru.db'}"
    store = open_store(url, directory, clock, SeededRandom(7), STORES, auto_upgrade=True)
    try:
        yield store
    finally:
        store.close()


def assert_sound(store: Store) -> None:
    """Look at the chain and at the read tables."""
    found = verify(store)
    assert found.intact, found
    assert replay(store.log, LogProjector()).differences(read_tables(store)) == []


def test_a_night_on_sqlite_verifies_rebuilds_and_restarts_the_same(tmp_path: Path) -> None:
    clock = VirtualClock(START)
    with opened(tmp_path, clock) as store:
        night = Night(World(clock=clock, store=store))
        play(11, 100, night)
        night.world.services.tick()
        viewers = [POLICE, AMBULANCE, SUPERVISOR, *map(officer, night.units), *map(paramedic, night.units)]
        before = {v.subject: rows_of(night.world.services.board(v)) for v in viewers}
        panes = {i: night.world.row(SUPERVISOR, i) for i in night.world.listed(SUPERVISOR)}
        assert_sound(store)
        events = store.log.head().seq
    with opened(tmp_path, clock) as store:
        world = World(clock=clock, store=store)
        assert store.log.head().seq == events
        for viewer in viewers:
            after = rows_of(world.services.board(viewer))
            assert differences(before[viewer.subject], after) == [], viewer.subject
        assert {i: world.row(SUPERVISOR, i) for i in world.listed(SUPERVISOR)} == panes
        world.call(POLICE)
        assert_sound(store)


def test_many_hands_on_the_same_records_leave_every_record_whole(tmp_path: Path) -> None:
    clock = VirtualClock(START)
    with opened(tmp_path, clock) as store:
        world = World(clock=clock, store=store)
        units = [world.ready("JR01"), world.ready("JR02", "gravesham")]
        incidents = [world.call(room, kind="assault_injury") for room in (POLICE, AMBULANCE) * 3]
        told: Counter[str] = Counter()
        start = threading.Barrier(THREADS)
        broken: list[BaseException] = []

        def work(number: int) -> None:
            chance = SeededRandom(number)
            start.wait()
            for _ in range(25):
                try:
                    world.do(*one_act(chance, units, incidents))
                    told["done"] += 1
                except JruError as error:
                    told[error.code] += 1
                except BaseException as error:  # noqa: BLE001 - told by the main thread
                    broken.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert broken == []
        assert told["done"] > THREADS
        assert told["contention"] == 0
        night = Night(world)
        night.units, night.incidents = units, incidents
        night.replay_gives_the_live_state()
        night.the_log_has_no_gaps()
        night.a_unit_is_on_one_incident_and_both_records_agree()
        night.joinings_are_a_tree_and_nothing_is_lost()
        assert_sound(store)


def one_act(chance: SeededRandom, units: list[str], incidents: list[str]) -> tuple[object, cmd.Command]:  # type: ignore[type-arg]
    """Return somebody and what they do."""
    room = chance.choice([POLICE, AMBULANCE])
    unit, one, two = chance.choice(units), chance.choice(incidents), chance.choice(incidents)
    return chance.choice(
        [
            (room, cmd.DecideMatch(incident_id=one, other_id=two, same=True)),
            (room, cmd.Unmerge(incident_id=one, other_id=two, reason="two")),
            (officer(unit), cmd.SelfAssign(unit_id=unit, incident_id=one)),
            (officer(unit), cmd.SetStatus(unit_id=unit, status="available")),
            (room, cmd.StandDownUnit(unit_id=unit, reason="x")),
            (room, cmd.DivertUnit(unit_id=unit, incident_id=one, reason="x")),
            (room, cmd.RecordNote(incident_id=one, text="note", label=Label.OPERATIONAL)),
            (room, cmd.ReportHazard(incident_id=one, code="weapon")),
            (POLICE, cmd.DeclareSceneSafe(incident_id=one)),
            (room, cmd.CloseIncident(incident_id=one, reason="duplicate")),
            (room, cmd.ReopenIncident(incident_id=one, reason="again")),
        ]
    )


@pytest.mark.parametrize("copies", [8])
def test_one_command_sent_many_times_at_once_has_one_effect(tmp_path: Path, copies: int) -> None:
    clock = VirtualClock(START)
    with opened(tmp_path, clock) as store:
        world = World(clock=clock, store=store)
        place = cmd.PlaceGiven("High Street")
        call = cmd.TakeCall(type="fight", place=place)
        start = threading.Barrier(copies)
        found: list[tuple[object, bool]] = []

        def send() -> None:
            start.wait()
            done = world.do(POLICE, call, key="one-key", content=b"one content")
            found.append((done.outcome["incident_id"], done.repeated))

        threads = [threading.Thread(target=send) for _ in range(copies)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({incident for incident, _ in found}) == 1
        assert sorted(repeated for _, repeated in found) == [False] + [True] * (copies - 1)
        assert len(world.listed(POLICE)) == 1

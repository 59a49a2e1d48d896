"""A server that was restored from an older copy learns from crews' devices what it has lost, and tells the rooms."""

from __future__ import annotations

from types import SimpleNamespace

from jru.domain import commands as cmd
from jru.services.testing import MemoryPositions, MemoryQuarantine, MemorySpool, MemoryTokens
from jru.services.testing_retention import MemoryHoldings, MemoryRegister
from jru.services.wording import iso
from tests.services.world import AMBULANCE, POLICE, World, officer, paramedic


def restored(world: World, copy: object) -> World:
    """Return a server on a copy of the log that was made before."""
    positions, quarantine = MemoryPositions(), MemoryQuarantine()
    store = SimpleNamespace(
        log=copy,
        access_log=world.access_log,
        payloads=copy.payloads,  # type: ignore[attr-defined]
        spool=MemorySpool(),
        positions=positions,
        quarantine=quarantine,
        tokens=MemoryTokens(),
        holdings=MemoryHoldings(copy, positions, quarantine),  # type: ignore[arg-type]
        register=MemoryRegister(),
    )
    return World(clock=world.clock, store=store)


def test_what_was_taken_and_lost_is_found_done_again_and_told_to_both_rooms() -> None:
    world = World()
    unit = world.ready()
    kept = cmd.RequestBackup(unit_id=unit, agency=POLICE.agency, kind="patrol")
    world.do(officer(unit), kept, key="kept", content=b"k")
    copy = world.log.copied()
    lost = cmd.RaiseEmergency(unit_id=unit)
    world.do(officer(unit), lost, key="lost", content=b"l")
    after = restored(world, copy)
    assert not after.unit(unit)["emergency"]
    assert after.services.heartbeat(POLICE)["restored_at"] is None
    assert after.services.outbox_missing(officer(unit), ["kept"]) == []
    assert after.services.board(POLICE)["restored_at"] is None
    assert after.services.outbox_missing(officer(unit), ["kept", "lost"]) == ["lost"]
    for room in (POLICE, AMBULANCE):
        assert after.services.board(room)["restored_at"] == iso(world.clock.now())
        assert after.services.heartbeat(room)["restored_at"] == iso(world.clock.now())
    after.do(officer(unit), lost, key="lost", content=b"l")
    assert after.unit(unit)["emergency"]
    assert after.services.outbox_missing(officer(unit), ["kept", "lost"]) == []


def test_nobody_learns_of_others_commands_and_a_room_cannot_raise_the_alarm() -> None:
    world = World()
    unit = world.ready()
    world.do(officer(unit), cmd.RaiseEmergency(unit_id=unit), key="officers", content=b"c")
    assert world.services.outbox_missing(POLICE, ["officers", "nobodys"]) == ["officers", "nobodys"]
    assert world.services.board(POLICE)["restored_at"] is None
    assert world.services.outbox_missing(paramedic(unit), ["officers"]) == ["officers"]

"""A command has one effect, however often it is sent, and two about one record wait for each other."""

from __future__ import annotations

import threading

import pytest

from jru.domain import commands as cmd
from jru.domain import incident_events as iev
from jru.domain.agency import Agency, Label
from jru.domain.deciding import emit, op
from jru.errors import Conflict, NotFound, Refused
from jru.services.ground import Decided, Locks
from jru.services.recorder import Sent
from tests.services.world import AMBULANCE, GILLINGHAM, POLICE, World, officer, paramedic

CALL = cmd.TakeCall(type="fight", place=cmd.PlaceGiven("High Street", *GILLINGHAM))


def test_the_same_command_again_gets_the_same_answer_and_does_nothing() -> None:
    world = World()
    first = world.do(POLICE, CALL, key="k", content=b"c")
    events = world.log.head().seq
    again = world.do(POLICE, CALL, key="k", content=b"c")
    assert (again.outcome, again.told, again.repeated) == (first.outcome, first.told, True)
    assert not first.repeated
    assert first.created
    assert world.log.head().seq == events


def test_a_command_that_could_not_be_done_any_more_still_gets_its_first_answer() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(POLICE, unit, incident)
    accept = cmd.AnswerOffer(unit_id=unit, offer_id=offer, accept=True)
    world.do(officer(unit), accept, key="k", content=b"c")
    world.tap(unit, "mobile", "scene")
    again = world.do(officer(unit), accept, key="k", content=b"c")
    assert again.repeated
    with pytest.raises(Refused):
        world.do(officer(unit), accept)


def test_a_key_for_other_content_or_of_somebody_else_is_a_conflict() -> None:
    world = World()
    world.do(POLICE, CALL, key="k", content=b"c")
    before = world.log.head().seq
    for viewer, content in ((POLICE, b"other"), (AMBULANCE, b"c")):
        with pytest.raises(Conflict, match="another command"):
            world.do(viewer, CALL, key="k", content=content)
    assert world.log.head().seq == before


def test_locks_are_per_name_and_may_be_taken_again_by_their_holder() -> None:
    locks = Locks()
    got: list[str] = []
    with locks.holding(["a", "b"]), locks.holding(["b"]):
        blocked = threading.Thread(target=lambda: take(locks, "b", got))
        free = threading.Thread(target=lambda: take(locks, "c", got))
        blocked.start()
        free.start()
        free.join()
        assert got == ["c"]
    blocked.join()
    assert got == ["c", "b"]


def take(locks: Locks, name: str, got: list[str]) -> None:
    with locks.holding([name]):
        got.append(name)


def test_a_decision_that_reaches_a_record_it_did_not_name_is_made_again_under_its_lock() -> None:
    world = World()
    named, reached = world.call(POLICE), world.call(POLICE, kind="fight")
    locked: list[bool] = []

    def decided() -> Decided:
        got: list[str] = []
        other = threading.Thread(target=lambda: take(world.ground.locks, reached, got), daemon=True)
        other.start()
        other.join(0.2)
        locked.append(got == [])
        shared = emit(op(reached), iev.IncidentShared(Agency.POLICE), world.clock.now())
        return Decided([shared], told="done")

    world.ground.write(POLICE, Sent("k", world.clock.now(), b"c"), (named,), decided)
    assert locked == [False, True]
    assert world.kinds(op(reached)).count("IncidentShared") == 1


def test_what_was_done_is_answered_again_when_its_record_is_not_the_askers_to_know_of_any_more() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    note = cmd.RecordNote(incident_id=incident, text="seen", label=Label.OPERATIONAL)
    world.do(officer(unit), note, key="k", content=b"c")
    world.close(POLICE, incident)
    events = world.log.head().seq
    assert world.do(officer(unit), note, key="k", content=b"c").repeated
    assert world.log.head().seq == events
    for who, content in ((officer(unit), b"other"), (paramedic(unit), b"c")):
        with pytest.raises(NotFound):
            world.do(who, note, key="k", content=content)

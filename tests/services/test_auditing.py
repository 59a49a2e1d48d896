"""Who looked at whose personal content is on record before the answer leaves, and nothing leaves unrecorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label
from jru.errors import Unavailable
from jru.services.audit_ports import Accessed, AccessKind, AuditUnavailable
from jru.services.personal import Told
from jru.services.testing import MemoryAccessLog, MemorySpool
from tests.services.world import AMBULANCE, POLICE, SUPERVISOR, World, officer, paramedic

CALLER = cmd.CallerGiven("Araminta Example", "01632 960123")


def rows(world: World, after: int = 0) -> list[Accessed]:
    return [row.accessed for row in world.access_log.read(after, 1000)]


def seen(world: World) -> int:
    return world.access_log.head().seq


def log_of(world: World) -> MemoryAccessLog:
    log = world.access_log
    assert isinstance(log, MemoryAccessLog)
    return log


def spool_of(world: World) -> MemorySpool:
    spool = world.spool
    assert isinstance(spool, MemorySpool)
    return spool


def labels(entries: Sequence[Accessed]) -> set[Label]:
    return {label for entry in entries for label in entry.labels}


@pytest.fixture
def world() -> World:
    return World()


def test_opening_an_incident_is_on_record_with_its_labels_and_why(world: World) -> None:
    one = world.call(POLICE, caller=CALLER, remarks="caller sounds afraid")
    before = seen(world)
    world.row(POLICE, one)
    (entry,) = rows(world, before)
    assert (entry.kind, entry.subject, entry.agency) == (AccessKind.CONSULTATION, POLICE.subject, "police")
    assert entry.records == (one,)
    assert {Label.OPERATIONAL, Label.SAFETY, Label.IDENTITY} == set(entry.labels)
    assert {"caller", "remarks", "log"} == set(entry.fields)
    assert entry.owner == "police"
    assert entry.justification == "controls medway"


def test_a_crew_looks_because_it_is_assigned(world: World) -> None:
    unit = world.ready()
    one = world.call(POLICE, caller=CALLER)
    world.send(POLICE, unit, one)
    before = seen(world)
    world.row(officer(unit), one)
    assert [entry.justification for entry in rows(world, before)] == [f"assigned to {one}"]
    assert rows(world, before)[0].unit_id == unit


def test_opening_is_recorded_even_when_nothing_personal_is_shown(world: World) -> None:
    one = world.call(POLICE, caller=CALLER)
    before = seen(world)
    world.row(AMBULANCE, one)
    (entry,) = rows(world, before)
    assert (entry.owner, set(entry.labels), entry.fields) == (
        "ambulance",
        {Label.OPERATIONAL, Label.SAFETY},
        (),
    )


def test_what_is_not_there_leaves_no_trace(world: World) -> None:
    one = world.call(POLICE, kind="fight")
    before = seen(world)
    for incident_id in (one, "inc_none"):
        with pytest.raises(Exception, match="no such incident"):
            world.row(AMBULANCE, incident_id)
    assert seen(world) == before


def test_a_board_is_one_row_however_many_names_it_shows(world: World) -> None:
    units = [world.ready("JR01"), world.ready("JR02", "swale")]
    world.call(POLICE)
    before = seen(world)
    world.services.board(POLICE)
    (entry,) = rows(world, before)
    assert (entry.records, entry.labels, entry.fields) == (tuple(units), (Label.STAFF,), ("names",))
    assert entry.justification == "controls medway, swale"


def test_a_stream_is_recorded_once_for_what_it_brings_and_again_for_who_joins(world: World) -> None:
    unit = world.ready()
    told, start = Told(), world.board.revision - 1
    told.listen(["desk:one"])
    before = seen(world)
    for _ in range(3):
        world.services.change(POLICE, start, told)
    assert [entry.subject for entry in rows(world, before)] == ["desk:one"]
    told.listen(["desk:one", "desk:two"])
    world.services.change(POLICE, start, told)
    last = rows(world, before)[-1]
    assert (last.records, last.recipients) == ((unit,), ("desk:one", "desk:two"))
    told.listen(["desk:two"])
    world.services.change(POLICE, start, told)
    assert seen(world) == before + 2


def test_what_people_say_is_collected_in_the_command_that_brings_it(world: World) -> None:
    one = world.call(POLICE, caller=CALLER, remarks="caller sounds afraid")
    collected = [e for e in rows(world) if e.kind is AccessKind.COLLECTION and one in e.records]
    (entry,) = collected
    assert (entry.owner, entry.labels) == ("police", (Label.IDENTITY,))
    assert set(entry.fields) == {"CallerRecorded", "RemarksRecorded"}


def test_a_crew_booked_on_is_collected_for_each_service(world: World) -> None:
    unit = world.book_on()
    entries = [e for e in rows(world) if e.records == (unit,)]
    assert {(e.kind, e.owner, e.labels) for e in entries} == {
        (AccessKind.COLLECTION, "police", (Label.STAFF,)),
        (AccessKind.COLLECTION, "ambulance", (Label.STAFF,)),
    }


def test_an_ordinary_tap_adds_nothing(world: World) -> None:
    unit = world.book_on()
    before = seen(world)
    world.tap(unit, "available")
    assert seen(world) == before


def test_joining_and_parting_are_combinations_for_both_services(world: World) -> None:
    one, two = world.call(POLICE), world.call(AMBULANCE)
    before = seen(world)
    world.do(POLICE, cmd.DecideMatch(incident_id=one, other_id=two, same=True))
    joined = rows(world, before)
    assert [(e.kind, e.owner) for e in joined if e.kind is AccessKind.COMBINATION] == [
        (AccessKind.COMBINATION, "ambulance"),
        (AccessKind.COMBINATION, "police"),
    ]
    assert all(set(e.records) == {one, two} for e in joined if e.kind is AccessKind.COMBINATION)
    before = seen(world)
    world.do(POLICE, cmd.Unmerge(incident_id=one, other_id=two, reason="two fights"))
    assert [e.kind for e in rows(world, before)] == [AccessKind.COMBINATION] * 2


def test_a_line_that_is_shared_is_a_disclosure_to_the_other_service(world: World) -> None:
    one = world.call(POLICE, kind="fight")
    world.do(POLICE, cmd.ShareIncident(incident_id=one))
    world.do(POLICE, cmd.ShareLine(incident_id=one, text="the gate is locked"))
    told = [e for e in rows(world) if e.kind is AccessKind.DISCLOSURE]
    assert [(e.owner, e.recipients) for e in told][:1] == [("police", ("ambulance",))]
    assert len(told) == 2


class TestAuditNotWritable:
    """Personal content stops, dispatch goes on."""

    def test_a_board_comes_without_names(self, world: World) -> None:
        unit = world.ready()
        assert named(world, unit)
        log_of(world).broken = True
        row = next(r for r in world.services.board(POLICE)["units"] if r["id"] == unit)
        assert not any(seat["name"] for seat in row["seats"])
        assert row["withheld"] == ["names"]
        assert row["status"] == "available"

    def test_an_incident_comes_without_what_persons_said(self, world: World) -> None:
        one = world.call(
            POLICE, caller=CALLER, remarks="caller sounds afraid", hazards=(cmd.HazardGiven("weapon"),)
        )
        log_of(world).broken = True
        row = world.row(POLICE, one)
        assert (row["caller"], row["remarks"]) == (None, [])
        assert {"caller", "remarks", "log"} == set(row["withheld"])
        assert {line["label"] for line in row["log"]} <= {"operational", "safety"}
        assert row["place"]["text"] == "High Street"
        assert [hazard["code"] for hazard in row["hazards"]] == ["weapon"]

    def test_dispatch_goes_on_and_its_audit_waits(self, world: World) -> None:
        log_of(world).broken = True
        unit = world.ready()
        one = world.call(POLICE, caller=CALLER)
        world.send(POLICE, unit, one)
        assert world.unit(unit)["incident_id"] == one
        assert seen(world) == 0
        kinds = {entry.kind for entry in spooled(world)}
        assert kinds == {AccessKind.COLLECTION, AccessKind.CONSULTATION}

    def test_what_went_out_without_personal_fields_is_kept_in_the_spool(self, world: World) -> None:
        one = world.call(POLICE, caller=CALLER)
        log_of(world).broken = True
        world.row(POLICE, one)
        (entry,) = spooled(world)
        assert set(entry.labels) == {Label.OPERATIONAL, Label.SAFETY}
        assert "left out" in entry.justification

    def test_a_stream_that_is_held_back_adds_one_row_not_one_a_frame(self, world: World) -> None:
        world.ready()
        log_of(world).broken = True
        told = Told()
        told.listen(["desk:one"])
        for _ in range(5):
            answer = world.services.change(POLICE, world.board.revision - 1, told)
            assert answer["units"][0]["withheld"] == ["names"]
        assert world.spool.waiting() == 1

    def test_it_says_so(self, world: World) -> None:
        assert world.services.ready()["audit"]
        log_of(world).broken = True
        world.services.board(POLICE)
        world.ready()
        assert not world.services.ready()["audit"]
        figures = world.services.metrics()
        assert figures["audit_unavailable"] == 1.0
        assert figures["audit_spooled"] >= 1.0

    def test_when_it_works_again_the_spool_is_taken_over_and_names_come_back(self, world: World) -> None:
        unit = world.ready()
        log_of(world).broken = True
        world.services.board(POLICE)
        waiting = world.spool.waiting()
        log_of(world).broken = False
        before = seen(world)
        world.wait(6)
        taken_over = rows(world, before)
        assert len(taken_over) == waiting == 1
        assert taken_over[0].spooled
        assert world.spool.waiting() == 0
        assert named(world, unit)
        assert world.services.metrics()["audit_unavailable"] == 0.0

    def test_a_broken_log_is_not_tried_for_every_answer(self, world: World) -> None:
        world.ready()
        log_of(world).broken = True
        world.services.board(POLICE)
        log_of(world).broken = False
        assert world.services.board(POLICE)["units"][0]["withheld"] == ["names"]
        world.clock.advance(6)
        assert "withheld" not in world.services.board(POLICE)["units"][0]

    def test_a_full_disk_stops_the_spool_but_not_the_dispatch(self, world: World) -> None:
        unit = world.ready()
        log_of(world).broken = True
        spool_of(world).broken = True
        one = world.call(POLICE, caller=CALLER)
        world.send(POLICE, unit, one)
        assert world.row(POLICE, one)["caller"] is None
        assert world.services.metrics()["audit_lost"] >= 2.0

    def test_nothing_personal_is_passed_on_or_erased(self, world: World) -> None:
        one = world.call(POLICE)
        log_of(world).broken = True
        told = {"owner": Agency.POLICE, "why": "request 1"}
        with pytest.raises(Unavailable):
            world.auditing.disclosed(POLICE, [one], [Label.IDENTITY], recipients=["court"], **told)
        with pytest.raises(Unavailable):
            world.auditing.erased(POLICE, [one], [Label.IDENTITY], **told)

    def test_it_is_tried_again_when_nothing_waits_in_the_spool(self, world: World) -> None:
        unit, one = world.ready(), world.call(POLICE)
        log_of(world).broken = True
        with pytest.raises(Unavailable):
            world.auditing.disclosed(
                POLICE, [one], [Label.IDENTITY], owner=Agency.POLICE, why="request 1", recipients=["court"]
            )
        assert world.spool.waiting() == 0
        world.wait(6)
        assert not world.auditing.available
        tried_at = world.auditing.retry_at
        assert tried_at is not None
        assert tried_at > world.clock.now()
        log_of(world).broken = False
        before = seen(world)
        world.wait(6)
        assert (world.auditing.available, world.auditing.retry_at) == (True, None)
        assert seen(world) == before
        assert named(world, unit)

    def test_the_spool_is_taken_over_once_even_if_its_end_was_not_seen(self, world: World) -> None:
        log_of(world).broken = True
        world.book_on()
        taken = world.spool.take()
        assert taken is not None
        log_of(world).broken = False
        world.access_log.record(taken[1])
        before = seen(world)
        world.wait(6)
        assert (seen(world), world.spool.waiting()) == (before, 0)


def named(world: World, unit: str) -> bool:
    return any(seat["name"] for seat in world.unit(unit)["seats"])


def spooled(world: World) -> Sequence[Accessed]:
    taken = world.spool.take()
    return taken[1] if taken else []


def test_the_quarantine_list_is_a_look_at_personal_content(world: World) -> None:
    world.report(POLICE, "K1", 1, "create", grade="no such grade at all")
    before = seen(world)
    (held,) = world.services.quarantine(POLICE)
    assert [entry.records for entry in rows(world, before)] == [(held["id"],)]
    log_of(world).broken = True
    assert "cannot be written" in world.services.quarantine(POLICE)[0]["reason"]


def test_the_other_service_is_not_named_in_what_a_service_looked_at(world: World) -> None:
    unit = world.ready()
    one = world.call(AMBULANCE, caller=CALLER)
    world.send(AMBULANCE, unit, one)
    before = seen(world)
    world.row(officer(unit), one)
    world.row(paramedic(unit), one)
    world.services.board(SUPERVISOR)
    assert {(e.agency, e.owner) for e in rows(world, before)} == {
        ("police", "police"),
        ("ambulance", "ambulance"),
    }


def test_a_spool_may_not_be_forged_into_another_act() -> None:
    entry = Accessed(
        AccessKind.DISCLOSURE, "a", "police", "r", None, "police", (), (Label.CLINICAL,), (), "p", "", (), 0
    )
    assert entry.must_be_kept
    assert not replace(entry, labels=(Label.SAFETY,)).must_be_kept
    assert not replace(entry, kind=AccessKind.COLLECTION).must_be_kept
    assert issubclass(AuditUnavailable, Exception)

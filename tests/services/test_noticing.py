"""A cursor moves only for whoever can see why, and the other service's feed is told by its silence alone."""

from __future__ import annotations

from dataclasses import replace

from jru.domain import commands as cmd
from jru.domain.agency import Label, Role
from jru.services import revisions
from jru.services.access import Viewer
from tests.services.world import AMBULANCE, POLICE, SITTINGBOURNE, World, officer, paramedic

PRIVACY = Viewer("po", "Example officer", POLICE.agency, Role.PRIVACY_OFFICER)
INSPECTOR = Viewer("hmi", "Example inspector", POLICE.agency, Role.INSPECTOR)


def test_a_hidden_incident_moves_nobody_elses_cursor() -> None:
    world = World()
    unit = world.ready()
    before = {v: world.services.place(v) for v in (AMBULANCE, officer(unit), paramedic(unit), INSPECTOR)}
    room = world.services.place(POLICE)
    incident = world.call(POLICE, kind="fight")
    world.do(POLICE, cmd.RecordNote(incident_id=incident, text="x", label=Label.OPERATIONAL))
    assert {v: world.services.place(v) for v in before} == before
    assert world.services.place(POLICE) > room
    world.do(POLICE, cmd.ShareIncident(incident_id=incident))
    assert world.services.place(AMBULANCE) > before[AMBULANCE]
    assert incident in world.listed(AMBULANCE)


def test_a_note_moves_the_cursor_of_whoever_reads_its_label() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    world.send(POLICE, unit, incident)
    seen = {v: world.services.place(v) for v in (POLICE, AMBULANCE, PRIVACY, paramedic(unit))}
    world.do(officer(unit), cmd.RecordNote(incident_id=incident, text="x", label=Label.POLICE_EVIDENCE))
    moved = {v for v, place in seen.items() if world.services.place(v) != place}
    assert moved == {POLICE}
    after = seen[PRIVACY]
    assert world.services.change(PRIVACY, after)["incidents"] == []
    assert [row["id"] for row in world.services.change(POLICE, seen[POLICE])["incidents"]] == [incident]


def test_the_order_of_changes_tells_nothing_of_what_is_hidden() -> None:
    world = World()
    place = world.services.place(AMBULANCE)
    calls = [world.call(POLICE), world.call(AMBULANCE)]
    shown = world.services.change(AMBULANCE, place)["incidents"]
    assert {row["id"] for row in shown} == set(calls)
    for call in calls:
        world.do(POLICE, cmd.RecordNote(incident_id=call, text="x", label=Label.IDENTITY))
        assert world.services.change(AMBULANCE, place)["incidents"] == shown


def test_whoever_is_told_everything_goes_on_however_much_happened_unseen() -> None:
    world = World()
    kept = revisions.HISTORY
    place = world.services.place(INSPECTOR)
    unit = world.ready()
    for _ in range(kept + 10):
        world.board.touch({unit})
    told = world.services.change(INSPECTOR, place)
    assert (told["seq"], told["units"], told["gone"]) == (place, [], [])


def test_a_repeated_command_gets_no_cursor_that_tells_of_others() -> None:
    world = World()
    incident = world.call(AMBULANCE, kind="fall")
    note = cmd.RecordNote(incident_id=incident, text="x", label=Label.OPERATIONAL)
    first = world.do(AMBULANCE, note, key="again", content=b"again")
    world.call(POLICE, kind="fight", at=SITTINGBOURNE)
    again = world.do(AMBULANCE, note, key="again", content=b"again")
    assert replace(again, repeated=False) == first


def test_the_other_services_feed_is_told_by_its_silence_alone() -> None:
    world = World()

    def feed(viewer: Viewer, sender: str) -> tuple[bool, str | None]:
        feeds = world.services.heartbeat(viewer)["feeds"]
        return next((f["silent"], f["last_at"]) for f in feeds if f["sender"] == sender)

    world.report(POLICE, "1", 1, "create", type_code="VP-FGHT", place=cmd.PlaceGiven("High Street"))
    own = feed(POLICE, "KENTPOL")
    assert own[1] is not None
    assert feed(AMBULANCE, "KENTPOL") == (False, None)
    assert feed(officer("unt_1"), "KENTPOL") == (False, None)
    world.clock.advance(21 * 60)
    assert feed(AMBULANCE, "KENTPOL") == feed(POLICE, "KENTPOL") == (True, own[1])


def test_counterparts_are_told_when_a_call_comes_with_remarks() -> None:
    """What one service keeps to itself in the same breath takes nothing away from what both are told."""
    world = World()
    mine = world.call(AMBULANCE, kind="medical_other")
    place = world.services.place(AMBULANCE)
    theirs = world.call(POLICE, kind="medical_other", remarks="nobody else's")
    told = {row["id"]: row for row in world.services.change(AMBULANCE, place)["incidents"]}
    assert [match["other_id"] for match in told[mine]["matches"]] == [theirs]
    assert world.row(POLICE, theirs)["remarks"]

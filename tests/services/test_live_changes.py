"""The live stream tells everything a viewer may see, and nothing - not even by a hint - of what it may not."""

from __future__ import annotations

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Label
from jru.errors import NotFound
from jru.services.access import Viewer
from tests.services.snapshots import Client, differences, rows_of
from tests.services.world import AMBULANCE, GILLINGHAM, POLICE, SITTINGBOURNE, World, officer, paramedic


def told(world: World, viewer: Viewer, after: int) -> list[str]:
    """Return the ids that a viewer hears of after a revision."""
    change = world.services.change(viewer, after)
    return sorted(
        [*(r["id"] for r in change["incidents"]), *(r["id"] for r in change["units"]), *change["gone"]]
    )


def test_a_client_that_was_away_catches_up() -> None:
    world = World()
    unit = world.ready()
    clients = [Client(world.services, v) for v in (POLICE, AMBULANCE, officer(unit), paramedic(unit))]
    incident = world.call(POLICE)
    world.send(POLICE, unit, incident)
    world.tap(unit, "mobile", "scene", "available")
    world.code(unit, incident)
    world.close(POLICE, incident)
    for client in clients:
        client.catch_up(world.services)
        assert differences(client.rows, rows_of(world.services.board(client.viewer))) == []


def test_nothing_new_is_told_as_nothing() -> None:
    world = World()
    world.call(POLICE)
    assert told(world, POLICE, world.services.head_seq) == []


def test_a_revision_of_the_future_or_of_another_life_is_too_old() -> None:
    world = World()
    for revision in (0, world.services.head_seq + 1):
        with pytest.raises(NotFound) as refused:
            world.services.change(POLICE, revision)
        assert refused.value.code == "cursor_too_old"


def test_what_was_noted_before_a_restart_is_told_after_it_or_asks_for_a_fresh_board() -> None:
    world = World()
    client = Client(world.services, POLICE)
    world.call(POLICE)
    again = world.again()
    with pytest.raises(NotFound):
        again.services.change(POLICE, client.seq)


def test_a_hidden_call_makes_no_sound_in_the_other_room() -> None:
    world = World()
    before = world.services.head_seq
    hidden = world.call(POLICE, kind="fight", remarks="x")
    world.do(POLICE, cmd.UpdateIncident(incident_id=hidden, grade="1"))
    world.close(POLICE, hidden, "no_attendance_needed")
    assert told(world, POLICE, before) == [hidden]
    assert told(world, AMBULANCE, before) == []


def test_words_that_stay_with_one_service_make_no_sound_in_the_other() -> None:
    world = World()
    incident = world.call(POLICE)
    before = world.services.head_seq
    bases = world.row(AMBULANCE, incident)["bases"]
    world.do(POLICE, cmd.RecordNote(incident_id=incident, text="a name", label=Label.IDENTITY))
    assert told(world, POLICE, before) == [incident]
    assert told(world, AMBULANCE, before) == []
    assert world.row(AMBULANCE, incident)["bases"] == bases


def test_a_crew_hears_of_no_incident_that_is_not_its_own() -> None:
    world = World()
    mine, other = world.ready("JR01"), world.ready("JR02", "gravesham")
    before = world.services.head_seq
    hidden = world.call(POLICE, kind="fight")
    world.close(POLICE, hidden, "no_attendance_needed")
    world.tap(other, "meal")
    assert told(world, officer(mine), before) == []


def test_a_candidate_taken_by_another_crew_leaves_this_crews_screen() -> None:
    world = World()
    mine, other = world.ready("JR01"), world.ready("JR02", "gravesham")
    incident = world.call(POLICE)
    client = Client(world.services, officer(mine))
    assert incident in client.rows
    world.send(POLICE, other, incident)
    client.catch_up(world.services)
    assert incident not in client.rows


def test_a_row_changes_when_its_counterpart_in_a_match_does() -> None:
    world = World()
    one = world.call(POLICE)
    two = world.call(AMBULANCE, at=(GILLINGHAM[0] + 0.001, GILLINGHAM[1]))
    client = Client(world.services, POLICE)
    assert client.rows[one]["matches"]
    world.close(AMBULANCE, two, "duplicate")
    client.catch_up(world.services)
    assert client.rows[one]["matches"] == []


def test_a_row_that_names_one_leg_changes_when_another_leg_of_its_incident_does() -> None:
    world = World()
    own = world.call(POLICE)
    first = world.call(AMBULANCE, at=SITTINGBOURNE)
    second = world.call(AMBULANCE)
    assert [m["other_id"] for m in world.row(POLICE, own)["matches"]] == [second]
    world.do(AMBULANCE, cmd.DecideMatch(incident_id=first, other_id=second, same=True))
    client = Client(world.services, POLICE)
    assert [m["other_id"] for m in client.rows[own]["matches"]] == [first]
    world.do(AMBULANCE, cmd.UpdateIncident(incident_id=first, type="rtc_injury"))
    client.catch_up(world.services)
    assert [m["coarse"] for m in client.rows[own]["matches"]] == ["traffic"]


def test_an_incident_that_became_visible_is_told_whole() -> None:
    world = World()
    hidden = world.call(POLICE, kind="fight")
    client = Client(world.services, AMBULANCE)
    world.do(POLICE, cmd.ShareIncident(incident_id=hidden))
    client.catch_up(world.services)
    assert client.rows[hidden]["type"]["id"] == "fight"


def test_what_ended_leaves_the_board_after_its_time_and_everybody_is_told() -> None:
    world = World()
    incident = world.call(POLICE)
    world.close(POLICE, incident, "no_attendance_needed")
    client = Client(world.services, POLICE)
    revisions: list[int] = []
    unsubscribe = world.services.subscribe(revisions.append)
    world.wait(7199)
    client.catch_up(world.services)
    assert incident in client.rows
    world.wait(60)
    client.catch_up(world.services)
    assert incident not in client.rows
    assert incident not in world.listed(POLICE)
    assert revisions
    unsubscribe()
    assert world.row(POLICE, incident)["phase"] == "closed"
    assert incident not in world.listed(POLICE)


def test_what_ended_long_ago_can_be_opened_again_and_is_back_on_the_board() -> None:
    world = World()
    incident = world.call(POLICE)
    world.close(POLICE, incident, "no_attendance_needed")
    world.wait(8000)
    world.do(POLICE, cmd.ReopenIncident(incident_id=incident, reason="rang again"))
    assert incident in world.listed(POLICE)
    assert (
        differences(rows_of(world.again().services.board(POLICE)), rows_of(world.services.board(POLICE)))
        == []
    )


def test_a_position_that_grows_old_turns_the_row_by_the_clock_alone() -> None:
    world = World()
    unit = world.ready()
    world.do(officer(unit), cmd.ReportPosition(unit_id=unit, lon=GILLINGHAM[0], lat=GILLINGHAM[1]))
    client = Client(world.services, POLICE)
    assert not client.rows[unit]["position"]["stale"]
    world.wait(240)
    client.catch_up(world.services)
    assert client.rows[unit]["position"]["stale"]


def test_a_position_that_was_old_and_new_and_old_again_between_two_looks_is_shown_as_old() -> None:
    world = World()
    unit = world.ready()
    here = cmd.ReportPosition(unit_id=unit, lon=GILLINGHAM[0], lat=GILLINGHAM[1])
    world.do(officer(unit), here)
    world.wait(240)
    world.do(officer(unit), here)
    client = Client(world.services, POLICE)
    assert not client.rows[unit]["position"]["stale"]
    world.wait(240)
    client.catch_up(world.services)
    assert client.rows[unit]["position"]["stale"]


def test_the_end_of_the_hours_turns_the_verdict_by_the_clock_alone() -> None:
    world = World()
    incident = world.call(POLICE)
    client = Client(world.services, POLICE)
    assert "hours" not in str(client.rows[incident]["suitability"]["nearest_miss"])
    world.wait(6 * 3600)
    client.catch_up(world.services)
    assert "no joint unit on duty" in client.rows[incident]["suitability"]["sentence"]


def test_a_position_is_told_and_an_older_one_is_not() -> None:
    world = World()
    unit = world.ready()
    here = cmd.ReportPosition(unit_id=unit, lon=GILLINGHAM[0], lat=GILLINGHAM[1], at=world.clock.now())
    world.do(officer(unit), here)
    before = world.services.head_seq
    world.clock.advance(5)
    world.do(officer(unit), here)
    assert told(world, POLICE, before) == []


def test_the_feed_of_a_room_falls_silent_and_is_heard_again() -> None:
    world = World()
    place = cmd.PlaceGiven("High Street", *GILLINGHAM)
    world.report(POLICE, "P1", 1, "create", place=place)

    def silent() -> bool:
        feeds = world.services.heartbeat(POLICE)["feeds"]
        return bool(next(f["silent"] for f in feeds if f["sender"] == "KENTPOL"))

    assert not silent()
    world.wait(1201)
    assert silent()
    world.report(POLICE, "P1", 2, "update", grade="1")
    assert not silent()
    assert world.again().services.heartbeat(POLICE)["feeds"] == world.services.heartbeat(POLICE)["feeds"]


def test_the_row_of_an_offer_that_lapsed_changes_when_the_unit_is_offered_elsewhere() -> None:
    world = World()
    unit = world.ready()
    first, second = world.call(POLICE), world.call(POLICE, at=SITTINGBOURNE)
    world.offer(POLICE, unit, first)
    world.wait(100)
    client = Client(world.services, POLICE)
    assert [offer["state"] for offer in client.rows[first]["offers"]] == ["lapsed"]
    world.offer(POLICE, unit, second)
    client.catch_up(world.services)
    world.wait(100)
    client.catch_up(world.services)
    fresh = rows_of(world.again().services.board(POLICE))
    assert differences(client.rows, fresh) == []

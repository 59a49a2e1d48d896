"""Messages of control-room systems: in any order, twice, with unknown codes - nothing is lost, nothing is guessed."""

import threading
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.errors import Forbidden, Refused
from jru.services.access import Viewer
from tests.services.world import AMBULANCE, GILLINGHAM, POLICE, World, officer

PLACE = cmd.PlaceGiven("High Street", *GILLINGHAM)
FIRST: dict[str, Any] = {"grade": "2", "type_code": "VP-ASLT", "place": PLACE}


def open_by_report(world: World, foreign_id: str = "P1", viewer: Viewer = POLICE) -> str:
    return str(world.report(viewer, foreign_id, 1, "create", **FIRST).outcome["incident_id"])


def events(world: World) -> int:
    return world.log.head().seq


def test_a_first_report_opens_an_incident_with_the_rooms_own_number_and_grade() -> None:
    world = World()
    incident = open_by_report(world)
    row = world.row(POLICE, incident)
    assert not row["stub"]
    assert row["type"]["id"] == "assault_injury"
    (ref,) = row["refs"]
    assert (ref["sender"], ref["foreign_id"], ref["grade"], ref["urgency"]) == ("KENTPOL", "P1", "2", 2)


def test_an_update_for_an_unknown_incident_makes_a_marked_stub_that_the_first_report_fills() -> None:
    world = World()
    clock_start = world.clock.now()
    world.clock.advance(300)
    done = world.report(POLICE, "P1", 2, "update", flags=("injury",))
    incident = str(done.outcome["incident_id"])
    assert world.row(POLICE, incident)["stub"]
    world.clock.advance(60)
    filled = world.report(POLICE, "P1", 1, "create", clock_start=clock_start, **FIRST)
    assert filled.outcome["incident_id"] == incident
    row = world.row(POLICE, incident)
    assert not row["stub"]
    assert row["type"]["id"] == "assault_injury"
    assert row["flags"] == ["injury"]
    (ref,) = row["refs"]
    assert ref["grade"] == "2"
    assert ref["clock_start"] == "2019-08-16T20:00:00.000000Z"


def test_an_incident_that_was_closed_before_it_was_created_stays_closed() -> None:
    world = World()
    incident = str(world.report(POLICE, "P1", 2, "close").outcome["incident_id"])
    assert world.row(POLICE, incident)["phase"] == "closed"
    world.report(POLICE, "P1", 1, "create", **FIRST)
    row = world.row(POLICE, incident)
    assert row["phase"] == "closed"
    assert not row["stub"]
    assert row["type"]["id"] == "assault_injury"


def test_an_update_after_the_end_opens_the_incident_again() -> None:
    world = World()
    incident = open_by_report(world)
    world.report(POLICE, "P1", 2, "close")
    assert world.row(POLICE, incident)["phase"] == "closed"
    world.report(POLICE, "P1", 3, "update", grade="1")
    row = world.row(POLICE, incident)
    assert row["phase"] == "waiting"
    assert row["refs"][0]["grade"] == "1"


def test_an_update_to_a_joined_leg_opens_the_whole_again() -> None:
    world = World()
    one, two = open_by_report(world), open_by_report(world, "A1", AMBULANCE)
    world.do(POLICE, cmd.DecideMatch(incident_id=one, other_id=two, same=True))
    world.report(POLICE, "P1", 2, "close")
    world.report(AMBULANCE, "A1", 2, "close")
    assert world.row(POLICE, one)["phase"] == "closed"
    world.report(AMBULANCE, "A1", 3, "update", flags=("violence",))
    assert world.row(POLICE, one)["phase"] == "waiting"
    world.report(POLICE, "P1", 3, "close")
    world.report(AMBULANCE, "A1", 4, "close")
    assert world.row(POLICE, one)["phase"] == "closed"


def test_an_older_message_that_comes_late_does_not_undo_a_newer_one() -> None:
    world = World()
    incident = open_by_report(world)
    world.report(POLICE, "P1", 3, "update", grade="1")
    world.report(POLICE, "P1", 2, "update", grade="3", remarks="second message")
    row = world.row(POLICE, incident)
    assert row["refs"][0]["grade"] == "1"
    assert [line["text"] for line in row["remarks"]] == ["second message"]


def test_an_older_update_that_comes_after_the_end_opens_nothing_again() -> None:
    world = World()
    incident = open_by_report(world)
    world.report(POLICE, "P1", 3, "close")
    world.report(POLICE, "P1", 2, "update", grade="3")
    assert world.row(POLICE, incident)["phase"] == "closed"


def test_the_same_message_twice_has_one_effect_and_the_same_answer() -> None:
    world = World()
    first = world.report(POLICE, "P1", 1, "create", content=b"one", **FIRST)
    before = events(world)
    again = world.report(POLICE, "P1", 1, "create", content=b"one", **FIRST)
    assert again.repeated
    assert again.outcome == first.outcome
    assert events(world) == before
    assert world.services.quarantine(POLICE) == []


def test_the_same_number_and_version_with_other_content_is_put_aside_whole() -> None:
    world = World()
    world.report(POLICE, "P1", 1, "create", content=b"one", **FIRST)
    before = events(world)
    put_aside = world.report(POLICE, "P1", 1, "create", content=b"two", **{**FIRST, "grade": "1"})
    assert "quarantined" in put_aside.outcome
    assert events(world) == before
    (entry,) = world.services.quarantine(POLICE)
    assert "another command" in entry["reason"]
    assert entry["size"] > 0
    assert world.services.quarantine(AMBULANCE) == []


def test_unknown_grades_and_types_are_kept_as_they_came() -> None:
    world = World()
    done = world.report(POLICE, "P1", 1, "create", grade="ZZ", type_code="XX-1", place=PLACE)
    row = world.row(POLICE, str(done.outcome["incident_id"]))
    assert (row["refs"][0]["grade"], row["refs"][0]["urgency"]) == ("ZZ", 3)
    assert row["type"] is None
    assert any("XX-1" in e.data.decode() for e in world.log.stream(f"{row['id']}/op"))
    assert row["place"]["text"] == "High Street"


@pytest.mark.parametrize("field", ["grade", "type_code"])
@pytest.mark.parametrize("words", ["12 Wobblington Terrace", "Araminta Fnord", "x" * 21, "a\nb"])
def test_words_in_place_of_a_code_are_put_aside_whole(field: str, words: str) -> None:
    world = World()
    done = world.report(POLICE, "P1", 1, "create", **{**FIRST, field: words})
    assert "quarantined" in done.outcome
    assert f"{field} is no code" in done.told
    assert world.services.quarantine(POLICE)


def test_a_repeated_value_is_no_news() -> None:
    world = World()
    open_by_report(world)
    world.report(POLICE, "P1", 2, "update", grade="2", type_code="VP-ASLT", flags=("violence", "injury"))
    before = events(world)
    world.report(POLICE, "P1", 3, "update", grade="2", type_code="VP-ASLT", flags=("violence", "injury"))
    assert events(world) == before


def test_a_stranger_for_a_sender_is_put_aside() -> None:
    world = World()
    report = cmd.ReceiveReport(
        sender="NOBODY", foreign_id="1", epoch=2019, message_version=1, kind="create", place=PLACE
    )
    done = world.do(POLICE, report)
    assert "quarantined" in done.outcome
    assert "not one of the police service's" in done.told


def test_a_first_report_without_a_place_is_put_aside() -> None:
    world = World()
    assert "quarantined" in world.report(POLICE, "P1", 1, "create", grade="2").outcome


def test_the_quarantine_is_for_the_own_service() -> None:
    world = World()
    world.services.quarantine_raw(POLICE, "KENTPOL", b"\xff\xfe", "not UTF-8")
    assert len(world.services.quarantine(POLICE)) == 1
    assert world.services.quarantine(AMBULANCE) == []


def test_two_messages_about_a_new_incident_at_once_make_one_incident_and_lose_none() -> None:
    for _ in range(20):
        world = World()
        start = threading.Barrier(2)
        results: list[dict[str, object]] = []

        def send(
            version: int,
            kind: str,
            more: dict[str, Any],
            world: World = world,
            start: threading.Barrier = start,
            results: list[dict[str, object]] = results,
        ) -> None:
            start.wait()
            results.append(world.report(POLICE, "P1", version, kind, **more).outcome)

        threads = [
            threading.Thread(target=send, args=(1, "create", FIRST)),
            threading.Thread(target=send, args=(2, "update", {"grade": "1"})),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({str(result.get("incident_id")) for result in results}) == 1, results
        row = world.row(POLICE, str(results[0]["incident_id"]))
        assert row["refs"][0]["grade"] == "1"
        assert not row["stub"]


def test_a_number_in_use_is_told_to_the_person_who_types_it() -> None:
    world = World()
    world.call(POLICE, foreign_id="P7")
    with pytest.raises(Exception, match="in use already"):
        world.call(POLICE, foreign_id="P7")


def test_the_same_number_next_year_is_another_incident() -> None:
    world = World()
    first = open_by_report(world)
    report = cmd.ReceiveReport(
        sender="KENTPOL", foreign_id="P1", epoch=2020, message_version=1, kind="create", **FIRST
    )
    assert world.do(POLICE, report).outcome["incident_id"] != first


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "no_such"}, "no incident type"),
        ({"grade": "C1"}, "no grade"),
        ({"flags": ("green",)}, "no flag"),
        ({"hazards": (cmd.HazardGiven("lava"),)}, "no hazard"),
    ],
)
def test_a_person_is_told_of_an_unknown_code(given: dict[str, Any], words: str) -> None:
    world = World()
    with pytest.raises(Refused, match=words):
        world.call(POLICE, **given)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "no_such"}, "no incident type"),
        ({"grade": "C1"}, "no grade"),
        ({"flags": ("green",)}, "no flag"),
        ({}, "nothing in this differs"),
        ({"type": "assault_injury"}, "nothing in this differs"),
    ],
)
def test_a_change_that_says_nothing_known_is_refused(change: dict[str, Any], words: str) -> None:
    world = World()
    incident = world.call(POLICE)
    with pytest.raises(Refused, match=words):
        world.do(POLICE, cmd.UpdateIncident(incident_id=incident, **change))


def test_a_room_without_a_reference_has_nothing_to_grade() -> None:
    world = World()
    incident = world.call(POLICE)
    with pytest.raises(Refused, match="no reference"):
        world.do(AMBULANCE, cmd.UpdateIncident(incident_id=incident, grade="C2"))


def test_crews_send_no_reports() -> None:
    world = World()
    unit = world.ready()
    with pytest.raises(Forbidden):
        world.report(officer(unit), "P1", 1, "create", **FIRST)


def test_a_place_in_words_is_kept_unverified_and_a_doubtful_point_is_never_swapped() -> None:
    world = World()
    words = world.call(POLICE, at=None, text="behind the church")
    swapped = world.call(POLICE, at=(GILLINGHAM[1], GILLINGHAM[0]))
    for incident in (words, swapped):
        place = world.row(POLICE, incident)["place"]
        assert not place["verified"]
        assert place["district"] is None
    assert world.row(POLICE, swapped)["place"]["lon"] == GILLINGHAM[1]

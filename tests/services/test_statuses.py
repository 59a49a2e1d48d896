"""One tap is two agency statuses; a late tap tells when it was, and changes nothing that came after it."""

from datetime import timedelta

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Agency
from jru.errors import Refused
from tests.services.world import AMBULANCE, POLICE, World, crew_of, officer, paramedic


def at_work(world: World) -> tuple[str, str]:
    """Return a unit that was sent to an incident."""
    unit, incident = world.ready(), world.call(POLICE)
    world.send(POLICE, unit, incident)
    return unit, incident


def tap_at(world: World, unit: str, status: str, seconds: float) -> None:
    """Tap a status that happened some seconds ago."""
    at = world.clock.now() - timedelta(seconds=seconds)
    world.do(officer(unit), cmd.SetStatus(unit_id=unit, status=status, at=at))


def test_one_tap_tells_each_service_in_its_own_words() -> None:
    world = World()
    unit, incident = at_work(world)
    world.tap(unit, "mobile", "scene")
    row = world.unit(unit, AMBULANCE)
    assert (row["police_code"], row["police_word"], row["ambulance_word"]) == ("6", "at scene", "at scene")
    sentences = [line["sentence"] for line in world.row(POLICE, incident)["log"]]
    assert "JR01: Status Mobile: police 5, ambulance mobile" in sentences
    assert "JR01: Status At scene: police 6, ambulance at scene" in sentences


def test_skipped_statuses_are_recorded_with_the_tap() -> None:
    world = World()
    unit, _ = at_work(world)
    world.tap(unit, "patient")
    (event,) = [e for e in world.log.stream(unit) if b'"status":"patient"' in e.data]
    assert b'"skipped":["mobile","scene"]' in event.data


def test_a_usual_next_status_skips_nothing() -> None:
    world = World()
    unit, _ = at_work(world)
    world.tap(unit, "mobile", "rvp", "scene", "clearing")
    assert all(b'"skipped":[]' in e.data for e in world.log.stream(unit) if e.kind == "StatusSet")


def test_a_late_tap_is_recorded_at_its_own_time_and_the_later_status_stays() -> None:
    world = World()
    unit, incident = at_work(world)
    world.clock.advance(600)
    world.tap(unit, "patient")
    tap_at(world, unit, "scene", 300)
    row = world.unit(unit)
    assert row["status"] == "patient"
    aboard = world.board.fetch_unit(unit)
    assert aboard is not None
    assert aboard.state.job is not None
    times = aboard.state.job.times
    assert times["scene"] < times["patient"]
    assert next(line for line in world.row(POLICE, incident)["log"] if "At scene" in line["sentence"])["late"]


def test_a_status_that_was_told_late_is_marked() -> None:
    world = World()
    unit, _ = at_work(world)
    world.clock.advance(600)
    tap_at(world, unit, "mobile", 5)
    assert not world.unit(unit)["late"]
    world.clock.advance(600)
    tap_at(world, unit, "scene", 300)
    assert world.unit(unit)["late"]


def test_a_late_tap_of_available_does_not_end_a_job_that_began_after_it() -> None:
    world = World()
    unit, _incident = at_work(world)
    world.do(POLICE, cmd.StandDownUnit(unit_id=unit, reason="patrol is dealing"))
    world.clock.advance(300)
    tapped_s_ago = 60.0
    second = world.call(POLICE)
    world.send(POLICE, unit, second)
    tap_at(world, unit, "available", tapped_s_ago)
    row = world.unit(unit)
    assert row["incident_id"] == second
    assert row["status"] == "assigned"


def test_a_late_tap_of_available_does_not_undo_a_later_status_of_the_same_job() -> None:
    world = World()
    unit, incident = at_work(world)
    world.clock.advance(600)
    world.tap(unit, "scene")
    tap_at(world, unit, "available", 300)
    assert world.unit(unit)["incident_id"] == incident


def test_a_tap_of_the_last_job_does_not_stop_the_clock_of_this_one() -> None:
    world = World()
    unit, _first = at_work(world)
    world.tap(unit, "mobile")
    world.do(POLICE, cmd.StandDownUnit(unit_id=unit, reason="patrol is dealing"))
    world.clock.advance(300)
    second = world.call(AMBULANCE, grade="C2")
    world.send(AMBULANCE, unit, second)
    tap_at(world, unit, "scene", 120)
    (ref,) = world.row(AMBULANCE, second)["refs"]
    assert ref["clock_stopped_at"] is None


def test_the_same_tap_again_does_not_restart_the_time_in_status() -> None:
    world = World()
    unit, _ = at_work(world)
    world.tap(unit, "mobile")
    since = world.unit(unit)["status_at"]
    world.tap(unit, "mobile")
    assert world.unit(unit)["status_at"] == since


def test_a_status_that_needs_an_incident_is_refused_without_one() -> None:
    world = World()
    unit = world.ready()
    with pytest.raises(Refused, match="needs an incident"):
        world.tap(unit, "scene")


@pytest.mark.parametrize("status", ["off", "offered", "assigned", "emergency"])
def test_what_is_no_tap_is_refused(status: str) -> None:
    world = World()
    unit, _ = at_work(world)
    with pytest.raises(Refused, match="comes from"):
        world.tap(unit, status)


def test_an_unknown_status_is_refused_in_words() -> None:
    world = World()
    unit = world.ready()
    with pytest.raises(Refused, match="no status 'dancing'"):
        world.tap(unit, "dancing")


def test_a_unit_on_an_incident_is_cleared_before_its_break() -> None:
    world = World()
    unit, _ = at_work(world)
    with pytest.raises(Refused, match="clear it before"):
        world.tap(unit, "meal")


def test_arriving_stops_the_clock_of_the_category_that_says_so() -> None:
    world = World()
    unit = world.ready()
    for grade, stops in (("C2", True), ("C3", False)):
        incident = world.call(AMBULANCE, grade=grade)
        world.send(AMBULANCE, unit, incident)
        world.tap(unit, "mobile", "scene")
        (ref,) = world.row(AMBULANCE, incident)["refs"]
        assert (ref["clock_stopped_by"] == "JR01") is stops
        world.tap(unit, "available")


def test_arriving_without_the_paramedic_does_not_stop_the_ambulance_clock() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(AMBULANCE, grade="C2")
    world.send(AMBULANCE, unit, incident)
    world.do(officer(unit), cmd.ChangeSeat(unit_id=unit, seat="paramedic", present=False))
    world.tap(unit, "scene")
    assert world.row(AMBULANCE, incident)["refs"][0]["clock_stopped_at"] is None


def test_a_crew_member_who_leaves_changes_what_the_unit_can_do_at_once_and_back() -> None:
    world = World()
    unit, _ = at_work(world)
    assert world.unit(unit)["joint_complete"]
    world.do(
        paramedic(unit), cmd.ChangeSeat(unit_id=unit, seat="police_second", present=False, reason="custody")
    )
    row = world.unit(unit, AMBULANCE)
    assert not row["joint_complete"]
    assert row["capability"] == "not joint complete: 1 of 2 police"
    assert next(s for s in row["seats"] if s["seat"] == "police_second")["left_reason"] == "custody"
    world.do(officer(unit), cmd.ChangeSeat(unit_id=unit, seat="police_second", present=True))
    assert world.unit(unit)["joint_complete"]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (("paramedic",), "police only: no paramedic"),
        (("police_driver", "police_second"), "ambulance only: no police"),
        (("paramedic", "police_driver", "police_second"), "nobody aboard"),
    ],
)
def test_capability_in_words(left: tuple[str, ...], words: str) -> None:
    world = World()
    unit = world.ready()
    for seat in left:
        world.do(officer(unit), cmd.ChangeSeat(unit_id=unit, seat=seat, present=False))
    assert world.unit(unit)["capability"] == words


def test_a_seat_change_that_changes_nothing_is_refused() -> None:
    world = World()
    unit = world.ready()
    with pytest.raises(Refused, match="aboard already"):
        world.do(officer(unit), cmd.ChangeSeat(unit_id=unit, seat="paramedic", present=True))
    with pytest.raises(Refused, match="no seat 'roof'"):
        world.do(officer(unit), cmd.ChangeSeat(unit_id=unit, seat="roof", present=False))
    with pytest.raises(Refused, match="reason"):
        world.do(
            officer(unit),
            cmd.ChangeSeat(unit_id=unit, seat="paramedic", present=False, reason="J Bloggs ill"),
        )


def test_each_service_is_released_by_itself() -> None:
    world = World()
    unit, _incident = at_work(world)
    world.tap(unit, "mobile", "scene")
    world.do(paramedic(unit), cmd.ReleaseAgency(unit_id=unit, agency=Agency.AMBULANCE))
    released = world.unit(unit)["released"]
    assert released["ambulance"] is not None
    assert released["police"] is None
    with pytest.raises(Refused, match="released already"):
        world.do(paramedic(unit), cmd.ReleaseAgency(unit_id=unit, agency=Agency.AMBULANCE))
    world.tap(unit, "available")
    with pytest.raises(Refused, match="no incident"):
        world.do(paramedic(unit), cmd.ReleaseAgency(unit_id=unit, agency=Agency.POLICE))


def test_back_up_is_asked_from_one_service_and_both_rooms_see_it() -> None:
    world = World()
    unit, incident = at_work(world)
    world.do(officer(unit), cmd.RequestBackup(unit_id=unit, agency=Agency.AMBULANCE, kind="ambulance"))
    for room in (POLICE, AMBULANCE):
        assert [(b["agency"], b["kind"]) for b in world.unit(unit, room)["backup"]] == [
            ("ambulance", "ambulance")
        ]
    assert any("Back-up" in line["sentence"] for line in world.row(AMBULANCE, incident)["log"])


def test_an_emergency_reaches_both_rooms_and_ends_after_voice_contact_only() -> None:
    world = World()
    unit = world.ready()
    world.do(paramedic(unit), cmd.RaiseEmergency(unit_id=unit))
    assert world.unit(unit, POLICE)["emergency"]
    assert world.unit(unit, AMBULANCE)["emergency"]
    with pytest.raises(Refused, match="open already"):
        world.do(officer(unit), cmd.RaiseEmergency(unit_id=unit))
    with pytest.raises(Refused, match="speak to the crew"):
        world.do(POLICE, cmd.CancelEmergency(unit_id=unit, voice_contact=False))
    with pytest.raises(Refused, match="emergency"):
        world.do(officer(unit), cmd.BookOff(unit_id=unit))
    world.do(AMBULANCE, cmd.CancelEmergency(unit_id=unit, voice_contact=True))
    assert world.unit(unit, POLICE)["emergency"] is None


def book(world: World, **changes: object) -> cmd.BookOn:
    start = world.clock.now()
    given: dict[str, object] = {
        "call_sign": "JR01",
        "vehicle_id": "JR01",
        "district": "medway",
        "duty_start": start,
        "duty_end": start + timedelta(hours=8),
        "seats": crew_of("medway"),
    }
    return cmd.BookOn(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"district": "atlantis"}, "no district"),
        ({"vehicle_id": "JR99"}, "no vehicle"),
        ({"seats": ()}, "somebody aboard"),
        ({"seats": crew_of("medway")[:1] * 2}, "two people in one seat"),
        ({"seats": crew_of("dartford")}, "for a special constable"),
    ],
)
def test_a_book_on_against_the_scheme_is_refused(changes: dict[str, object], words: str) -> None:
    world = World()
    with pytest.raises(Refused, match=words):
        world.do(POLICE, book(world, **changes))


@pytest.mark.parametrize("hours", [0, -1, 16.5])
def test_a_duty_of_impossible_length_is_refused(hours: float) -> None:
    world = World()
    end = world.clock.now() + timedelta(hours=hours)
    with pytest.raises(Refused, match="16 hours"):
        world.do(POLICE, book(world, duty_end=end))


def test_qualifications_are_those_of_the_seat_and_of_the_scheme() -> None:
    world = World()
    driver = crew_of("medway")[0]
    for given, words in (((), "needs"), ((*driver.qualifications, "Jane Example"), "no qualification")):
        seat = cmd.SeatFilled(driver.seat, driver.agency, driver.role, driver.name, given)
        with pytest.raises(Refused, match=words):
            world.do(POLICE, book(world, seats=(seat,)))


def test_a_call_sign_or_vehicle_is_on_duty_once() -> None:
    world = World()
    unit = world.book_on("JR01")
    with pytest.raises(Refused, match="on duty already"):
        world.book_on("JR01")
    with pytest.raises(Refused, match="is out as JR01"):
        world.do(POLICE, book(world, call_sign="JR09"))
    world.do(officer(unit), cmd.BookOff(unit_id=unit))
    assert world.book_on("JR01") != unit


def test_a_unit_on_an_incident_does_not_book_off_and_one_off_duty_does_nothing() -> None:
    world = World()
    unit, _ = at_work(world)
    with pytest.raises(Refused, match="clear it or hand it over"):
        world.do(officer(unit), cmd.BookOff(unit_id=unit))
    world.tap(unit, "available")
    world.do(officer(unit), cmd.BookOff(unit_id=unit))
    with pytest.raises(Refused, match="booked off"):
        world.tap(unit, "available")
    assert world.services.board(POLICE)["units"] == []


def test_booking_off_tells_the_room_whose_offer_was_open() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.offer(AMBULANCE, unit, incident)
    world.do(officer(unit), cmd.BookOff(unit_id=unit))
    assert "OfferDeclined" in world.kinds(unit)


def test_a_status_that_was_tapped_again_stands_against_one_that_was_tapped_in_between() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.send(POLICE, unit, incident)
    first, between, last = (world.clock.now() + timedelta(minutes=n) for n in (1, 2, 3))
    world.clock.advance(600)
    world.tap(unit, "patient", at=first)
    world.tap(unit, "patient", at=last)
    world.tap(unit, "mobile", at=between)
    assert world.unit(unit)["status"] == "patient"

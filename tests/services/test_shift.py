"""A crew's duty beside its jobs: ready, who sits where, what it comes upon, where a room asks it to wait."""

from __future__ import annotations

import pytest

from jru.domain import commands as cmd
from jru.domain import shift_commands as sc
from jru.domain.agency import Agency, Role
from jru.domain.blueprint_vocabulary import AFTERCARE, BRIEFING_HEADINGS
from jru.errors import Forbidden, Refused
from tests.services.world import AMBULANCE, GILLINGHAM, POLICE, World, crew_of, officer, paramedic

HELD = ("conflict_resolution", "jru_course", "paramedic_registration")


def reliever(*held: str, seat: str = "paramedic") -> cmd.SeatFilled:
    """Return a paramedic who takes a seat."""
    return cmd.SeatFilled(seat, Agency.AMBULANCE, Role.PARAMEDIC, "Paramedic Example Nine", held)


def on_view(unit: str, kind: str = "assault_injury", *hazards: str) -> sc.OpenOnView:
    """Return what a crew taps that comes upon something."""
    place = cmd.PlaceGiven("where JR01 is", *GILLINGHAM)
    return sc.OpenOnView(
        unit_id=unit, type=kind, place=place, hazards=tuple(cmd.HazardGiven(code) for code in hazards)
    )


def test_a_checked_vehicle_makes_the_unit_available_and_its_kit_lists_are_on_record() -> None:
    world = World()
    unit = world.book_on()
    world.do(paramedic(unit), sc.ConfirmReady(unit_id=unit))
    assert world.unit(unit)["status"] == "available"
    (event,) = [e for e in world.log.stream(unit) if e.kind == "ReadinessConfirmed"]
    lists = world.board.scheme.at(world.clock.now()).vehicles["JR01"].kit
    assert all(name.encode() in event.data for name in lists)
    with pytest.raises(Refused, match="not being checked now: Available"):
        world.do(officer(unit), sc.ConfirmReady(unit_id=unit))


def test_another_person_takes_a_seat_and_is_named_to_the_own_service_only() -> None:
    world = World()
    unit = world.ready()
    world.do(AMBULANCE, sc.FillSeat(unit_id=unit, filled=reliever(*HELD)))
    names = {seat["seat"]: seat["name"] for seat in world.unit(unit, AMBULANCE)["seats"]}
    assert names["paramedic"] == "Paramedic Example Nine"
    assert "Example Nine" not in str(world.unit(unit, POLICE))
    assert world.again().unit(unit, AMBULANCE)["seats"] == world.unit(unit, AMBULANCE)["seats"]


def test_who_lacks_a_qualification_does_not_take_the_seat() -> None:
    world = World()
    unit = world.ready()
    before = world.unit(unit, AMBULANCE)["seats"]
    with pytest.raises(Refused, match="seat paramedic needs"):
        world.do(officer(unit), sc.FillSeat(unit_id=unit, filled=reliever("jru_course")))
    with pytest.raises(Refused, match="is for a"):
        world.do(officer(unit), sc.FillSeat(unit_id=unit, filled=reliever(*HELD, seat="police_driver")))
    assert world.unit(unit, AMBULANCE)["seats"] == before


def test_a_seat_that_nobody_held_is_filled_and_the_unit_becomes_complete() -> None:
    world = World()
    seats = tuple(seat for seat in crew_of("medway") if seat.seat != "paramedic")
    now = world.clock.now()
    duty = cmd.BookOn(
        call_sign="JR01", vehicle_id="JR01", district="medway", duty_start=now,
        duty_end=now.replace(hour=23), seats=seats,
    )  # fmt: skip
    unit = str(world.do(POLICE, duty).outcome["unit_id"])
    assert not world.unit(unit)["joint_complete"]
    world.do(officer(unit), sc.FillSeat(unit_id=unit, filled=reliever(*HELD)))
    assert world.unit(unit)["joint_complete"]


def test_what_a_crew_comes_upon_is_an_incident_of_its_service_with_the_unit_at_it_for_both_rooms() -> None:
    world = World()
    unit = world.ready()
    incident = str(world.do(officer(unit), on_view(unit)).outcome["incident_id"])
    for room in (POLICE, AMBULANCE):
        row = world.row(room, incident)
        assert row["owner"] == "police"
        assert [(one["call_sign"], one["status"]) for one in row["units"]] == [("JR01", "scene")]
        assert any("the crew came upon it" in line["sentence"] for line in row["log"])
    assert world.unit(unit)["incident_id"] == incident
    with pytest.raises(Refused, match="JR01 is on an incident"):
        world.do(paramedic(unit), on_view(unit, "fall"))


def test_engaging_declines_a_standing_offer_and_says_when_a_clinician_is_at_a_scene_that_is_not_safe() -> (
    None
):
    world = World()
    unit = world.ready()
    offered = world.call(POLICE)
    world.offer(POLICE, unit, offered)
    incident = str(world.do(paramedic(unit), on_view(unit, "fall", "weapon")).outcome["incident_id"])
    row = world.unit(unit)
    assert (row["offer"], row["incident_id"], row["against_hold"]) == (None, incident, True)
    assert world.row(POLICE, incident)["owner"] == "ambulance"


def test_a_type_that_the_scheme_does_not_know_is_refused_and_a_room_is_never_on_view() -> None:
    world = World()
    unit = world.ready()
    with pytest.raises(Refused, match="no incident type"):
        world.do(officer(unit), on_view(unit, "nothing_known"))
    with pytest.raises(Forbidden, match="may not open an incident on view"):
        world.do(POLICE, on_view(unit))
    assert world.unit(unit)["status"] == "available"


def test_a_place_to_wait_is_shown_answered_and_gone_with_the_next_job() -> None:
    world = World()
    unit = world.ready()
    place = cmd.PlaceGiven("Star Hill, Rochester", *GILLINGHAM)
    world.do(POLICE, sc.SuggestWait(unit_id=unit, place=place, reason="covers both towns"))
    wait = world.unit(unit, officer(unit))["wait"]
    assert (wait["text"], wait["reason"], wait["by_agency"], wait["going"]) == (
        "Star Hill, Rochester", "covers both towns", "police", None,
    )  # fmt: skip
    world.do(officer(unit), sc.AnswerWait(unit_id=unit, going=True))
    assert world.again().unit(unit, AMBULANCE)["wait"]["going"] is True
    world.do(officer(unit), on_view(unit))
    assert world.unit(unit)["wait"] is None
    with pytest.raises(Refused, match="it waits nowhere"):
        world.do(AMBULANCE, sc.SuggestWait(unit_id=unit, place=place))


def test_not_now_takes_the_suggestion_from_every_screen() -> None:
    world = World()
    unit = world.ready()
    world.do(AMBULANCE, sc.SuggestWait(unit_id=unit, place=cmd.PlaceGiven("Star Hill")))
    world.do(paramedic(unit), sc.AnswerWait(unit_id=unit, going=False))
    assert world.unit(unit)["wait"] is None
    with pytest.raises(Refused, match="no room suggests"):
        world.do(paramedic(unit), sc.AnswerWait(unit_id=unit, going=True))


def test_a_member_who_has_read_the_briefing_is_named_to_the_own_service_and_counted_for_both() -> None:
    world = World()
    unit = world.book_on()
    world.do(paramedic(unit), sc.ConfirmBriefing(unit_id=unit, version=1))
    for viewer, names in ((AMBULANCE, ["Paramedic Example Two"]), (POLICE, [])):
        row = world.again().unit(unit, viewer)
        assert row["briefed"] == {"police": 0, "ambulance": 1}
        assert [one["name"] for one in row["briefed_names"]] == names
    with pytest.raises(Refused, match="read it again"):
        world.do(officer(unit), sc.ConfirmBriefing(unit_id=unit, version=2))


def test_the_scheme_tells_the_briefing_of_each_district_and_each_services_own_reports() -> None:
    scheme = World().services.scheme(POLICE)
    headings = {one["heading"] for one in scheme["briefing"] if one["district"] is None}
    assert headings == set(BRIEFING_HEADINGS)
    assert [one["district"] for one in scheme["briefing"] if one["district"]] == ["medway"]
    assert all(one["assumed"] for one in scheme["briefing"])
    for partner in scheme["partners"].values():
        assert {one["about"] for one in partner["aftercare"]} == set(AFTERCARE)


def test_a_relief_ends_that_somebody_is_alone_aboard() -> None:
    world = World()
    unit = world.ready()
    for seat in ("police_driver", "police_second"):
        world.do(POLICE, cmd.ChangeSeat(unit_id=unit, seat=seat, present=False, reason="custody"))
    assert world.unit(unit)["alone"]["seat"] == "paramedic"
    held = next(seat for seat in crew_of("medway") if seat.seat == "police_driver")
    world.do(POLICE, sc.FillSeat(unit_id=unit, filled=held))
    assert world.unit(unit)["alone"] is None

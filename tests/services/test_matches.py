"""Two reports of one happening: suggested, confirmed, refused, and taken apart again without loss."""

from datetime import datetime

import pytest

from jru.domain import commands as cmd
from jru.domain.codec import encode
from jru.errors import NotFound, Refused
from tests.services.world import AMBULANCE, GILLINGHAM, GRAVESEND, POLICE, World, officer

NEAR = (GILLINGHAM[0] + 0.0005, GILLINGHAM[1] + 0.0003)


def state_of(world: World, incident_id: str) -> bytes:
    """Return the exact state of one leg."""
    leg = world.board.fetch(incident_id)
    assert leg is not None
    return encode(leg.state)


def join(world: World, one: str, two: str, *, same: bool = True) -> None:
    world.do(POLICE, cmd.DecideMatch(incident_id=one, other_id=two, same=same))


def part(world: World, whole: str, leg: str) -> None:
    world.do(POLICE, cmd.Unmerge(incident_id=whole, other_id=leg, reason="two after all"))


def two_reports(world: World) -> tuple[str, str]:
    return world.call(POLICE), world.call(AMBULANCE, at=NEAR, text="the High St")


def test_two_near_reports_are_suggested_with_score_and_reasons_to_both_rooms() -> None:
    world = World()
    one, two = two_reports(world)
    (seen_by_police,) = world.row(POLICE, one)["matches"]
    (seen_by_ambulance,) = world.row(AMBULANCE, two)["matches"]
    assert seen_by_police["other_id"] == two
    assert seen_by_ambulance["other_id"] == one
    assert seen_by_police["score"] > 0.9
    assert any("m apart" in reason for reason in seen_by_police["reasons"])


def test_a_joined_incident_carries_both_references_and_one_row() -> None:
    world = World()
    one, two = two_reports(world)
    join(world, one, two)
    assert world.listed(POLICE) == world.listed(AMBULANCE) == {one}
    row = world.row(AMBULANCE, two)
    assert row["id"] == one
    assert [ref["agency"] for ref in row["refs"]] == ["police", "ambulance"]
    assert row["joint"]
    assert row["matches"] == []


def test_a_joined_incident_says_which_room_joined_it_and_when() -> None:
    world = World()
    one, two = two_reports(world)
    assert world.services.incident(POLICE, one)["merged"] == []
    joined_at = world.clock.now()
    join(world, one, two)
    (joined,) = world.services.incident(AMBULANCE, one)["merged"]
    assert (joined["id"], joined["agency"], joined["by"]) == (two, "ambulance", "police")
    assert datetime.fromisoformat(joined["at"]) == joined_at
    part(world, one, two)
    assert world.services.incident(POLICE, one)["merged"] == []


def test_the_reasons_of_a_decision_and_of_its_taking_back_stand_in_the_log() -> None:
    world = World()
    one, two = two_reports(world)
    join = cmd.DecideMatch(incident_id=one, other_id=two, same=True, reason="same caller")
    world.do(POLICE, join)
    part(world, one, two)
    world.do(POLICE, cmd.DecideMatch(incident_id=one, other_id=two, same=False, reason="other street"))
    told = [line["sentence"] for line in world.services.incident(AMBULANCE, two)["log"]]
    for reason in ("same caller", "two after all", "other street"):
        assert len([sentence for sentence in told if sentence.endswith(f": {reason}")]) == 1, told


def test_merge_then_unmerge_leaves_both_legs_as_they_were() -> None:
    world = World()
    one, two = two_reports(world)
    before = state_of(world, one), state_of(world, two)
    join(world, one, two)
    part(world, one, two)
    assert (state_of(world, one), state_of(world, two)) == before
    assert world.listed(POLICE) == {one, two}


def test_an_unmerge_takes_out_what_had_been_joined_to_the_leg_before() -> None:
    world = World()
    first = world.call(POLICE)
    second = world.call(AMBULANCE, at=NEAR)
    third = world.call(AMBULANCE, at=NEAR)
    join(world, second, third)
    before = [state_of(world, one) for one in (first, second, third)]
    join(world, first, second)
    assert world.listed(POLICE) == {first}
    part(world, first, second)
    assert [state_of(world, one) for one in (first, second, third)] == before
    assert world.listed(AMBULANCE) == {first, second}
    assert {ref["foreign_id"] for ref in world.row(AMBULANCE, second)["refs"]} == {
        ref["foreign_id"] for one in (second, third) for ref in own_refs(world, one)
    }
    assert len(world.row(POLICE, first)["refs"]) == 1


def own_refs(world: World, incident_id: str) -> list[dict[str, str]]:
    leg = world.board.fetch(incident_id)
    assert leg is not None
    return [{"foreign_id": ref.foreign_id} for ref in leg.state.refs]


def test_a_leg_joined_through_another_can_be_taken_out_alone() -> None:
    world = World()
    first = world.call(POLICE)
    second = world.call(AMBULANCE, at=NEAR)
    third = world.call(AMBULANCE, at=NEAR)
    join(world, second, third)
    join(world, first, second)
    part(world, first, third)
    assert world.listed(POLICE) == {first, third}
    assert len(world.row(POLICE, first)["refs"]) == 2


def test_what_happened_while_joined_stays_with_the_whole_after_parting() -> None:
    world = World()
    one, two = two_reports(world)
    join(world, one, two)
    world.do(AMBULANCE, cmd.ReportHazard(incident_id=two, code="dog", note="large"))
    part(world, one, two)
    assert [h["code"] for h in world.row(POLICE, one)["hazards"]] == ["dog"]


def test_a_refused_match_is_not_suggested_again() -> None:
    world = World()
    one, two = two_reports(world)
    join(world, one, two, same=False)
    assert world.row(POLICE, one)["matches"] == []
    assert world.row(AMBULANCE, two)["matches"] == []
    world.do(AMBULANCE, cmd.UpdateIncident(incident_id=two, place=cmd.PlaceGiven("High Street", *GILLINGHAM)))
    assert world.row(POLICE, one)["matches"] == []
    assert world.listed(POLICE) == {one, two}


def test_what_cannot_be_joined_is_refused_with_the_reason() -> None:
    world = World()
    one, two = two_reports(world)
    other_police = world.call(POLICE, at=GRAVESEND)
    with pytest.raises(Refused, match="one police reference"):
        join(world, one, other_police)
    join(world, one, two)
    with pytest.raises(Refused, match="joined already"):
        join(world, one, two)
    with pytest.raises(Refused, match="not joined"):
        part(world, one, other_police)


def test_incidents_with_a_unit_on_each_are_not_joined() -> None:
    world = World()
    one, two = two_reports(world)
    world.send(POLICE, world.ready("JR01"), one)
    world.send(AMBULANCE, world.ready("JR02", "gravesham"), two)
    with pytest.raises(Refused, match="stand one down"):
        join(world, one, two)


def test_the_part_with_a_unit_on_it_stands_for_the_whole() -> None:
    world = World()
    one, two = two_reports(world)
    unit = world.ready()
    world.send(AMBULANCE, unit, two)
    join(world, one, two)
    assert world.row(POLICE, one)["id"] == two
    assert world.unit(unit)["incident_id"] == two


def test_a_crew_follows_an_offer_made_before_the_join() -> None:
    world = World()
    one, two = two_reports(world)
    unit = world.ready()
    offer_id = world.offer(AMBULANCE, unit, two)
    join(world, one, two)
    world.do(officer(unit), cmd.AnswerOffer(unit_id=unit, offer_id=offer_id, accept=True))
    assert world.unit(unit)["incident_id"] == one
    assert [u["unit_id"] for u in world.row(POLICE, one)["units"]] == [unit]


def test_a_match_with_a_hidden_incident_shows_place_time_and_coarse_type_only() -> None:
    world = World()
    hidden = world.call(POLICE, kind="fight", remarks="Caller is Example Witness")
    seen = world.call(AMBULANCE, kind="fight", at=NEAR)
    assert hidden not in world.listed(AMBULANCE)
    (match,) = world.row(AMBULANCE, seen)["matches"]
    assert match["other_id"] == hidden
    assert match["place"] == "High Street"
    assert match["coarse"] == "violence"
    assert "fight" not in str(match).lower()
    with pytest.raises(NotFound):
        world.row(AMBULANCE, hidden)


def test_the_owner_of_a_hidden_incident_may_confirm_what_the_other_side_reported() -> None:
    world = World()
    hidden = world.call(POLICE, kind="fight")
    seen = world.call(AMBULANCE, kind="fight", at=NEAR)
    world.do(AMBULANCE, cmd.DecideMatch(incident_id=seen, other_id=hidden, same=True))
    assert world.row(AMBULANCE, hidden)["id"] == hidden
    assert world.listed(AMBULANCE) == {hidden}


def test_an_incident_that_was_never_suggested_cannot_be_named_across_the_services() -> None:
    world = World()
    hidden = world.call(POLICE, kind="fight", at=GRAVESEND)
    own = world.call(AMBULANCE)
    with pytest.raises(NotFound):
        world.do(AMBULANCE, cmd.DecideMatch(incident_id=own, other_id=hidden, same=True))


def test_of_several_suggestions_about_one_pair_the_strongest_counts() -> None:
    world = World()
    one, two = two_reports(world)
    far = (GILLINGHAM[0] + 0.004, GILLINGHAM[1])
    third = world.call(AMBULANCE, at=far, kind="fight", text="further down")
    scores = {m["other_id"]: m["score"] for m in world.row(POLICE, one)["matches"]}
    assert scores[two] > scores[third]
    world.do(AMBULANCE, cmd.DecideMatch(incident_id=two, other_id=third, same=True))
    (match,) = world.row(POLICE, one)["matches"]
    assert (match["other_id"], match["score"]) == (two, scores[two])
    assert world.again().row(POLICE, one)["matches"] == [match]


def test_a_suggestion_is_back_when_what_it_names_was_forgotten_and_is_opened_again() -> None:
    world = World()
    one = world.call(POLICE)
    world.close(POLICE, one, "not_found")
    world.do(POLICE, cmd.ReopenIncident(incident_id=one, reason="rang again"))
    two = world.call(AMBULANCE, at=NEAR)
    assert world.row(AMBULANCE, two)["matches"]
    world.close(POLICE, one, "not_found")
    assert world.row(AMBULANCE, two)["matches"] == []
    world.wait(8000)
    world.do(POLICE, cmd.ReopenIncident(incident_id=one, reason="rang again"))
    assert [m["other_id"] for m in world.row(POLICE, one)["matches"]] == [two]
    assert world.row(POLICE, one)["matches"] == world.again().row(POLICE, one)["matches"]

"""Two rooms, one vehicle, one crew: offers, answers, claims, diverts."""

import threading

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Agency
from jru.domain.blueprint import DistrictStatus
from jru.errors import Conflict, JruError, NotFound, Refused
from jru.services.access import Viewer
from tests.services.world import (
    AMBULANCE,
    GILLINGHAM,
    GRAVESEND,
    POLICE,
    SITTINGBOURNE,
    SUPERVISOR,
    World,
    embedded,
    officer,
    paramedic,
)

RACES = 50


def answer(world: World, unit: str, offer: str, *, accept: bool = True, reason: str | None = None) -> None:
    world.do(officer(unit), cmd.AnswerOffer(unit_id=unit, offer_id=offer, accept=accept, reason=reason))


def committed(world: World, incident: str) -> list[str]:
    return [unit["call_sign"] for unit in world.row(POLICE, incident)["units"]]


def test_an_accepted_offer_commits_the_unit_in_both_records() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(POLICE, unit, incident)
    standing = world.unit(unit, AMBULANCE)["offer"]
    assert standing["by_agency"] == "police"
    assert standing["rule"] == "Either control room may offer the unit."
    answer(world, unit, offer)
    assert world.unit(unit)["incident_id"] == incident
    assert world.unit(unit)["offer"] is None
    assert committed(world, incident) == ["JR01"]


def test_a_declined_offer_leaves_the_unit_free_and_the_room_sees_why() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(POLICE, unit, incident)
    with pytest.raises(Refused, match="decline reason"):
        answer(world, unit, offer, accept=False, reason="no mood")
    answer(world, unit, offer, accept=False, reason="too_far")
    assert world.unit(unit)["offer"] is None
    assert world.unit(unit)["status"] == "available"
    assert [o["reason"] for o in world.row(POLICE, incident)["offers"]] == ["Too far away"]


def test_an_offer_nobody_answers_lapses_after_its_time_and_no_sooner() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(AMBULANCE, unit, incident)
    world.wait(89)
    assert world.unit(unit)["offer"] is not None
    due = world.services.next_timer()
    assert due is not None
    assert (due - world.clock.now()).total_seconds() == 1
    world.wait(1)
    assert world.unit(unit)["offer"] is None
    (row,) = world.row(AMBULANCE, incident)["offers"]
    assert (row["state"], row["by_agency"]) == ("lapsed", "ambulance")
    with pytest.raises(Refused, match="lapsed"):
        answer(world, unit, offer)


def test_an_answer_after_the_time_is_too_late_even_before_the_clock_ticks() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(POLICE, unit, incident)
    world.clock.advance(91)
    with pytest.raises(Refused, match="lapsed"):
        answer(world, unit, offer)


def test_an_answer_given_in_time_and_received_late_counts() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(POLICE, unit, incident)
    said_at = world.clock.now()
    world.clock.advance(91)
    accept = cmd.AnswerOffer(unit_id=unit, offer_id=offer, accept=True, at=said_at)
    world.do(officer(unit), accept)
    assert world.unit(unit)["incident_id"] == incident


def test_a_lapsed_tick_is_harmless_when_repeated() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.offer(POLICE, unit, incident)
    world.wait(100)
    world.wait(100)
    assert world.kinds(unit).count("OfferLapsed") == 1


def test_a_room_answers_for_the_crew_by_voice_and_that_is_recorded() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(POLICE, unit, incident)
    world.do(AMBULANCE, cmd.AnswerOffer(unit_id=unit, offer_id=offer, accept=True))
    (event,) = [e for e in world.log.stream(unit) if e.kind == "OfferAccepted"]
    assert b'"by_voice":true' in event.data


def test_an_offer_is_answered_once() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(POLICE, unit, incident)
    answer(world, unit, offer)
    with pytest.raises(Refused, match="answered"):
        answer(world, unit, offer)


def test_an_offer_of_a_closed_incident_is_not_taken() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(POLICE, unit, incident)
    world.close(POLICE, incident, "cancelled_by_caller")
    with pytest.raises(Refused, match="closed meanwhile"):
        answer(world, unit, offer)


def test_only_the_room_that_offered_withdraws() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(POLICE, unit, incident)
    with pytest.raises(Refused, match="the police room made this offer"):
        world.do(AMBULANCE, cmd.WithdrawOffer(unit_id=unit, offer_id=offer, reason="x"))
    world.do(POLICE, cmd.WithdrawOffer(unit_id=unit, offer_id=offer, reason="caller rang off"))
    assert world.unit(unit)["offer"] is None


def test_the_second_room_is_told_by_whom_the_unit_was_taken() -> None:
    world = World()
    unit = world.ready()
    first, second = world.call(POLICE), world.call(AMBULANCE, at=SITTINGBOURNE)
    world.offer(POLICE, unit, first)
    with pytest.raises(Refused) as refused:
        world.offer(AMBULANCE, unit, second)
    assert refused.value.code == "unit_taken"
    assert "the police room has offered it" in refused.value.message
    assert refused.value.data["agency"] == "police"
    assert refused.value.data["rule"].startswith("When both rooms ask")  # type: ignore[attr-defined]
    assert refused.value.data["incident_number"] == world.row(POLICE, first)["number"]


def test_after_acceptance_the_second_room_is_told_by_whom_too() -> None:
    world = World()
    unit = world.ready()
    world.send(POLICE, unit, world.call(POLICE))
    with pytest.raises(Refused, match="the police room has it on another incident"):
        world.offer(AMBULANCE, unit, world.call(AMBULANCE, at=SITTINGBOURNE))


def test_with_the_tie_rule_of_urgency_the_more_urgent_unanswered_offer_wins() -> None:
    world = World(blueprint_text=embedded().replace('tie_rule = "first"', 'tie_rule = "more_urgent"'))
    unit = world.ready()
    low, high = world.call(POLICE, grade="3"), world.call(AMBULANCE, at=SITTINGBOURNE, grade="C1T")
    world.offer(POLICE, unit, low)
    world.offer(AMBULANCE, unit, high)
    assert world.unit(unit)["offer"]["incident_id"] == high
    with pytest.raises(Refused, match="the ambulance room has offered it"):
        world.offer(POLICE, unit, low)


def test_two_rooms_claim_one_unit_at_once_and_exactly_one_wins() -> None:
    winners = []
    for _ in range(RACES):
        world = World()
        unit = world.ready()
        incidents = {POLICE: world.call(POLICE), AMBULANCE: world.call(AMBULANCE, at=SITTINGBOURNE)}
        results = race(world, unit, incidents)
        won = [room.agency for room, result in results.items() if result is None]
        lost = [(room.agency, result) for room, result in results.items() if result is not None]
        assert len(won) == len(lost) == 1, results
        (loser, refusal) = lost[0]
        assert isinstance(refusal, Refused)
        assert refusal.code == "unit_taken"
        assert refusal.data["agency"] == loser.other.value == won[0].value
        assert world.kinds(unit).count("UnitOffered") == 1
        winners.append(won[0])
    assert len(winners) == RACES


def race(world: World, unit: str, incidents: dict[Viewer, str]) -> dict[Viewer, JruError | None]:
    """Let both rooms offer at the same instant; return what each was told."""
    start = threading.Barrier(len(incidents))
    results: dict[Viewer, JruError | None] = {}

    def claim(room: Viewer, incident: str) -> None:
        start.wait()
        try:
            world.do(room, cmd.OfferUnit(unit_id=unit, incident_id=incident))
            results[room] = None
        except JruError as error:
            results[room] = error

    threads = [threading.Thread(target=claim, args=pair) for pair in incidents.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_crew_takes_a_candidate_by_itself_and_both_rooms_see_it() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.do(paramedic(unit), cmd.SelfAssign(unit_id=unit, incident_id=incident))
    for room in (POLICE, AMBULANCE):
        assert [u["mode"] for u in world.row(room, incident)["units"]] == ["self"]
        assert world.unit(unit, room)["incident_id"] == incident


def test_a_crew_cannot_take_what_it_may_not_see() -> None:
    world = World()
    unit, hidden = world.ready(), world.call(POLICE, kind="fight")
    with pytest.raises(NotFound):
        world.do(officer(unit), cmd.SelfAssign(unit_id=unit, incident_id=hidden))


def test_taking_a_candidate_declines_the_open_offer() -> None:
    world = World()
    unit = world.ready()
    offered, taken = world.call(POLICE), world.call(AMBULANCE, at=SITTINGBOURNE)
    world.offer(POLICE, unit, offered)
    world.do(officer(unit), cmd.SelfAssign(unit_id=unit, incident_id=taken))
    assert world.unit(unit)["incident_id"] == taken
    assert [o["state"] for o in world.row(POLICE, offered)["offers"]] == ["declined"]


def test_a_send_out_of_the_units_districts_waits_for_the_other_rooms_consent() -> None:
    world = World()
    unit, incident = world.ready("JR02", "gravesham"), world.call(POLICE, at=GILLINGHAM)
    offer = world.offer(POLICE, unit, incident)
    assert world.unit(unit)["offer"]["consent_of"] == "ambulance"
    assert "both rooms agree" in world.unit(unit)["offer"]["rule"]
    with pytest.raises(Refused, match="ambulance room has not consented"):
        answer(world, unit, offer)
    with pytest.raises(Refused, match="nobody asked this room"):
        world.do(POLICE, cmd.ConsentToOffer(unit_id=unit, offer_id=offer, consent=True))
    world.do(AMBULANCE, cmd.ConsentToOffer(unit_id=unit, offer_id=offer, consent=True))
    answer(world, unit, offer)
    assert world.unit(unit)["incident_id"] == incident


def test_an_objection_ends_the_offer() -> None:
    world = World()
    unit, incident = world.ready("JR02", "gravesham"), world.call(POLICE, at=GILLINGHAM)
    offer = world.offer(POLICE, unit, incident)
    world.do(AMBULANCE, cmd.ConsentToOffer(unit_id=unit, offer_id=offer, consent=False))
    assert world.unit(unit)["offer"] is None


def test_where_the_other_room_is_only_told_no_consent_is_needed() -> None:
    world = World()
    unit, incident = world.ready("JR01", "medway"), world.call(POLICE, at=GRAVESEND)
    world.offer(POLICE, unit, incident)
    standing = world.unit(unit)["offer"]
    assert standing["consent_of"] is None
    assert "the other room is told" in standing["rule"]


def test_a_divert_moves_the_unit_in_one_act_with_its_rule() -> None:
    world = World()
    unit = world.ready()
    low, high = world.call(POLICE, grade="3"), world.call(POLICE, at=SITTINGBOURNE, grade="1")
    world.send(POLICE, unit, low)
    world.do(POLICE, cmd.DivertUnit(unit_id=unit, incident_id=high, reason="life at risk"))
    assert world.unit(unit)["incident_id"] == high
    assert (committed(world, low), committed(world, high)) == ([], ["JR01"])
    sentences = " ".join(line["sentence"] for line in world.row(POLICE, high)["log"])
    assert "Police may move the unit from a police job" in sentences


@pytest.mark.parametrize(
    ("room", "low", "high", "allowed"),
    [
        (POLICE, (POLICE, "2"), (POLICE, "1"), True),
        (POLICE, (POLICE, "2"), (POLICE, "2"), False),
        (POLICE, (AMBULANCE, "C3"), (POLICE, "1"), True),
        (POLICE, (AMBULANCE, "C2"), (POLICE, "1"), False),
        (AMBULANCE, (POLICE, "3"), (AMBULANCE, "C1"), True),
        (AMBULANCE, (POLICE, "2"), (AMBULANCE, "C1"), False),
        (AMBULANCE, (AMBULANCE, "C2"), (AMBULANCE, "C1"), True),
    ],
)
def test_who_may_divert_from_which_grade_to_which(
    room: Viewer, low: tuple[Viewer, str], high: tuple[Viewer, str], allowed: bool
) -> None:
    world = World()
    unit = world.ready()
    current = world.call(low[0], grade=low[1])
    target = world.call(high[0], grade=high[1], at=SITTINGBOURNE)
    world.send(low[0], unit, current)
    divert = cmd.DivertUnit(unit_id=unit, incident_id=target, reason="more urgent")
    if allowed:
        world.do(room, divert)
        assert world.unit(unit)["incident_id"] == target
    else:
        with pytest.raises(Refused) as refused:
            world.do(room, divert)
        assert refused.value.data["rule"]
        assert world.unit(unit)["incident_id"] == current


def test_a_unit_at_a_patient_is_not_diverted() -> None:
    world = World()
    unit = world.ready()
    low, high = world.call(POLICE, grade="3"), world.call(POLICE, at=SITTINGBOURNE, grade="1")
    world.send(POLICE, unit, low)
    world.tap(unit, "mobile", "scene")
    with pytest.raises(Refused, match="cannot leave now: At scene"):
        world.do(POLICE, cmd.DivertUnit(unit_id=unit, incident_id=high, reason="x"))


def test_nothing_is_offered_taken_or_diverted_in_a_paused_district() -> None:
    world = World()
    unit = world.ready()
    incident, other = world.call(POLICE, grade="3"), world.call(POLICE, at=SITTINGBOURNE, grade="1")
    pause = cmd.SetDistrictState(
        district="swale", status=DistrictStatus.PAUSED, reason="no paramedic tonight"
    )
    world.do(SUPERVISOR, pause)
    with pytest.raises(Refused, match="the district is paused"):
        world.offer(POLICE, unit, other)
    with pytest.raises(Refused, match="the district is paused"):
        world.do(officer(unit), cmd.SelfAssign(unit_id=unit, incident_id=other))
    world.send(POLICE, unit, incident)
    with pytest.raises(Refused, match="the district is paused"):
        world.do(POLICE, cmd.DivertUnit(unit_id=unit, incident_id=other, reason="x"))


def test_a_divert_or_a_crews_choice_does_not_go_round_the_consent() -> None:
    world = World()
    unit = world.ready("JR02", "gravesham")
    low, far = world.call(POLICE, grade="3", at=GRAVESEND), world.call(POLICE, grade="1", at=GILLINGHAM)
    with pytest.raises(Refused, match="outside"):
        world.do(officer(unit), cmd.SelfAssign(unit_id=unit, incident_id=far))
    world.send(POLICE, unit, low)
    with pytest.raises(Refused, match="outside"):
        world.do(POLICE, cmd.DivertUnit(unit_id=unit, incident_id=far, reason="x"))


def test_a_room_stands_the_unit_down() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.send(POLICE, unit, incident)
    world.do(AMBULANCE, cmd.StandDownUnit(unit_id=unit, reason="ambulance is there"))
    row = world.unit(unit)
    assert (row["status"], row["incident_id"]) == ("available", None)
    assert committed(world, incident) == []
    with pytest.raises(Refused, match="on no incident"):
        world.do(POLICE, cmd.StandDownUnit(unit_id=unit, reason="x"))


def test_a_unit_that_is_not_ready_is_not_offered() -> None:
    world = World()
    unit, incident = world.book_on(), world.call(POLICE)
    with pytest.raises(Refused, match="not ready: Readying"):
        world.offer(POLICE, unit, incident)


def test_the_same_incident_is_not_offered_twice() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    offer = world.offer(POLICE, unit, incident)
    with pytest.raises(Refused, match="has been offered this incident"):
        world.offer(AMBULANCE, unit, incident)
    answer(world, unit, offer)
    with pytest.raises(Refused, match="on this incident already"):
        world.offer(AMBULANCE, unit, incident)


def test_an_offer_shows_a_hidden_incident_to_the_other_service() -> None:
    world = World()
    unit, hidden = world.ready(), world.call(POLICE, kind="fight")
    assert hidden not in world.listed(AMBULANCE)
    world.offer(POLICE, unit, hidden)
    assert hidden in world.listed(AMBULANCE)
    assert world.row(AMBULANCE, hidden)["candidate"]["sentence"] == "a joint unit was offered"


def test_an_offer_based_on_a_unit_that_has_changed_is_a_conflict() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    base = world.services.unseal_base(world.unit(unit)["base"])
    world.do(officer(unit), cmd.ChangeSeat(unit_id=unit, seat="paramedic", present=False))
    with pytest.raises(Conflict, match="changed since"):
        world.do(POLICE, cmd.OfferUnit(unit_id=unit, incident_id=incident, base=base))
    base = world.services.unseal_base(world.unit(unit)["base"])
    world.do(POLICE, cmd.OfferUnit(unit_id=unit, incident_id=incident, base=base))
    assert world.unit(unit)["offer"]


def test_only_the_ambulance_room_stands_down_an_ambulance() -> None:
    world = World()
    incident = world.call(AMBULANCE, grade="C3")
    world.do(AMBULANCE, cmd.ReportResource(incident_id=incident, call_sign="A1", kind="dca", status="mobile"))
    down = cmd.StandDownResource(incident_id=incident, call_sign="A1", reason="joint unit has it")
    with pytest.raises(Refused, match="only the ambulance room") as refused:
        world.do(POLICE, down)
    assert refused.value.data["rule"] == "Only the ambulance room stands down an ambulance."
    world.do(AMBULANCE, down)
    assert [r["status"] for r in world.row(POLICE, incident)["resources"]] == ["stood_down"]


def test_for_a_category_1_call_the_ambulance_stays_until_the_outcome_is_known() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(AMBULANCE, grade="C1")
    world.do(AMBULANCE, cmd.ReportResource(incident_id=incident, call_sign="A1", kind="dca", status="mobile"))
    world.send(AMBULANCE, unit, incident)
    down = cmd.StandDownResource(incident_id=incident, call_sign="A1", reason="joint unit has it")
    with pytest.raises(Refused, match="the ambulance stays assigned") as refused:
        world.do(AMBULANCE, down)
    assert "stays assigned for this category" in str(refused.value.data["rule"])
    world.tap(unit, "mobile", "scene")
    world.code(unit, incident)
    world.do(AMBULANCE, down)


def test_neither_room_moves_the_others_resources() -> None:
    world = World()
    incident = world.call(POLICE)
    world.do(POLICE, cmd.ReportResource(incident_id=incident, call_sign="P1", kind="patrol", status="mobile"))
    with pytest.raises(Refused, match="belongs to the police service"):
        world.do(
            AMBULANCE, cmd.ReportResource(incident_id=incident, call_sign="P1", kind="patrol", status="scene")
        )
    with pytest.raises(Refused, match="belongs to the police service"):
        world.do(AMBULANCE, cmd.StandDownResource(incident_id=incident, call_sign="P1", reason="x"))
    assert Agency.POLICE.other is Agency.AMBULANCE


def test_the_log_of_an_incident_tells_what_became_of_each_offer() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    declined = world.offer(POLICE, unit, incident)
    world.do(officer(unit), cmd.AnswerOffer(unit_id=unit, offer_id=declined, accept=False, reason="too_far"))
    withdrawn = world.offer(POLICE, unit, incident)
    world.do(POLICE, cmd.WithdrawOffer(unit_id=unit, offer_id=withdrawn, reason="another unit is nearer"))
    other = world.call(AMBULANCE)
    world.offer(AMBULANCE, unit, other)
    told = [line["sentence"] for line in world.row(POLICE, incident)["log"]]
    assert sum("eclined" in sentence for sentence in told) == 1
    assert sum("withdrawn" in sentence.lower() for sentence in told) == 1
    assert sum("ffered" in sentence for sentence in told) == 2

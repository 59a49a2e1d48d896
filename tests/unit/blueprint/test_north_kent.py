"""The embedded scheme says what is known about the north Kent unit."""

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest

from jru.domain.agency import Agency, Role
from jru.domain.blueprint import Blueprint, DistrictStatus
from jru.domain.blueprint_parsing import blueprint_hash, parse_blueprint
from jru.domain.blueprint_vocabulary import GATES, OUTCOME_CODES, SENTENCES, STATUS_IDS
from jru.domain.suitability import assess, situation
from tests.unit.blueprint.texts import embedded
from tests.unit.domain.scenes import NOW, P, joint

POLICE, AMBULANCE = Agency.POLICE, Agency.AMBULANCE


@pytest.fixture(scope="module")
def north_kent() -> Blueprint:
    """The embedded blueprint."""
    return parse_blueprint(embedded())


def test_the_partners_are_kent_police_and_the_ambulance_service(north_kent: Blueprint) -> None:
    assert north_kent.partners[POLICE].senders == ("KENTPOL",)
    assert north_kent.partners[AMBULANCE].senders == ("SECAMB",)
    assert [grade.code for grade in north_kent.partners[POLICE].grades] == ["1", "2", "3", "4", "5"]
    c2 = north_kent.partners[AMBULANCE].grade("C2")
    assert c2 is not None
    assert (c2.mean_target_s, c2.target_s, c2.urgency) == (18 * 60, 40 * 60, 2)
    assert north_kent.partners[POLICE].grade("C2") is None


def test_each_district_has_its_hours_and_crew(north_kent: Blueprint) -> None:
    crews = {}
    for district in north_kent.districts.values():
        pattern = north_kent.patterns[district.pattern]
        rule = north_kent.crew_rules[district.crew_rule]
        police = {role for seat in rule.seats if seat.agency is POLICE for role in seat.roles}
        assert (pattern.start, pattern.end) == (time(18), time(2))
        assert rule.minimum == {POLICE: 2, AMBULANCE: 1}
        crews[district.district_id] = (sorted(pattern.weekdays), police)
    specials, regulars = {Role.SPECIAL_CONSTABLE}, {Role.CONSTABLE}
    assert crews == {
        "medway": ([4, 5], specials),
        "swale": ([4, 5], specials),
        "dartford": (list(range(7)), regulars),
        "gravesham": (list(range(7)), regulars),
    }
    assert north_kent.crew_rules["one_and_one"].minimum == {POLICE: 1, AMBULANCE: 1}


def test_districts_go_live_on_their_dates(north_kent: Blueprint) -> None:
    def status(district: str, at: datetime) -> DistrictStatus | None:
        state = north_kent.state_of(district, at)
        return state.status if state else None

    assert status("medway", datetime(2018, 2, 16, 17, 59, tzinfo=UTC)) is DistrictStatus.BASELINE
    assert status("swale", datetime(2018, 2, 16, 18, tzinfo=UTC)) is DistrictStatus.LIVE
    assert status("dartford", datetime(2019, 7, 31, tzinfo=UTC)) is DistrictStatus.BASELINE
    assert status("gravesham", datetime(2019, 8, 1, 17, tzinfo=UTC)) is DistrictStatus.LIVE
    assert status("medway", datetime(2017, 1, 1, tzinfo=UTC)) is None


def test_both_services_and_both_kits_are_in_each_vehicle(north_kent: Blueprint) -> None:
    assert {vehicle.call_sign: vehicle.base for vehicle in north_kent.vehicles.values()} == {
        "JR01": "base_medway",
        "JR02": "base_north_kent",
    }
    for vehicle in north_kent.vehicles.values():
        assert {north_kent.kit[kit].owner for kit in vehicle.kit} == {"police", "ambulance", "joint"}


def test_types_carry_the_agreed_scores(north_kent: Blueprint) -> None:
    scores = {kind.type_id: kind.score for kind in north_kent.types.values()}
    assert scores["assault_injury"] == scores["police_ask_ambulance"] == scores["ambulance_ask_police"] == 5
    assert scores["drunk_incapable"] == scores["mental_health_crisis"] == scores["rtc_injury"] == 4
    assert scores["overdose_self_harm"] == scores["cardiac_arrest"] == 3
    assert scores["sexual_offence"] == scores["sudden_death"] == 2
    assert scores["fall"] == scores["crime_no_injury"] == 1
    holding = {kind.type_id for kind in north_kent.types.values() if kind.holds}
    assert holding == {kind for kind, score in scores.items() if score == 0}


def test_the_shares_of_each_type_agree_with_its_score(north_kent: Blueprint) -> None:
    """The last unit, no time gained or lost, one service asked: fives go, fours and threes are considered."""
    policy = north_kent.suitability
    for kind in north_kent.types.values():
        worth = kind.joint_need * (1 - kind.transport) * policy.coverage_last_unit
        if kind.score == 5:
            assert worth >= policy.yes_at, kind.type_id
        elif (
            kind.score in (2, 3, 4) and kind.type_id != "cardiac_arrest"
        ):  # a first response bypasses the score
            assert worth >= policy.consider_at, kind.type_id
        elif kind.score == 1:
            assert worth < policy.consider_at, kind.type_id
        if kind.score <= 3 and not kind.holds:
            assert worth < policy.yes_at, kind.type_id


def test_only_four_hazards_hold_a_clinician_at_the_rendezvous_point(north_kent: Blueprint) -> None:
    assert north_kent.suitability.hold_hazards == {"weapon", "firearm", "cbrn", "hostage"}
    assert len(north_kent.hazards) > 8


def test_safety_rules_of_tasking_hold_in_every_policy(north_kent: Blueprint) -> None:
    for policy in north_kent.tasking.values():
        assert policy.stand_down_ambulance == {AMBULANCE}
        assert policy.always_offer_categories <= policy.keep_ambulance_categories
        assert set(policy.sentences) == set(SENTENCES)
        assert not policy.scene_safe_roles & {Role.PARAMEDIC, Role.AMBULANCE_DISPATCHER}


def test_a_fall_and_a_burglary_stay_with_their_owner(north_kent: Blueprint) -> None:
    for owner, type_id in (
        (AMBULANCE, "fall"),
        (POLICE, "crime_no_injury"),
        (POLICE, "antisocial_behaviour"),
    ):
        shown = [
            rule.rule_id
            for rule in north_kent.candidate_rules
            if rule.owner is owner and type_id in (rule.types or {type_id}) and not rule.flags
        ]
        assert shown == []


def test_vocabularies_are_complete(north_kent: Blueprint) -> None:
    assert set(STATUS_IDS) <= set(north_kent.statuses)
    assert set(north_kent.suitability.gates) == set(GATES)
    judged = assess(situation(joint(P, "welfare_concern"), north_kent, NOW), north_kent)
    assert {gate.gate for gate in judged.gates} == set(GATES)
    for group, codes in OUTCOME_CODES.items():
        assert set(codes) <= set(north_kent.outcome_codes[group])
    assert north_kent.statuses["transport"].police_code == "8"
    assert north_kent.statuses["emergency"].police_code == "0"
    assert all(amber < red for amber, red in north_kent.timers.waiting.values())
    reds = [north_kent.timers.waiting[urgency][1] for urgency in range(1, 6)]
    assert all(earlier <= later for earlier, later in pairwise(reds))


def test_costs_are_dated_and_the_unknown_one_is_left_to_the_adopter(north_kent: Blueprint) -> None:
    costs = {cost.cost_id: cost for cost in north_kent.costs}
    assert costs["ambulance_call_out"].value_gbp == 216
    assert costs["ambulance_call_out"].valid_from == date(2013, 4, 1)
    assert costs["police_constable_hour"].value_gbp is None
    assert costs["special_constable_hour_cash"].value_gbp == 0
    assert all(cost.source for cost in north_kent.costs)


def test_what_no_public_source_states_is_listed_with_its_reason(north_kent: Blueprint) -> None:
    reasons = {assumption.path: assumption.reason for assumption in north_kent.assumptions}
    assert "not public" in reasons["vehicle[JR01].call_sign"]
    assert reasons["state[5].since"] == "the sources name the month, not the day"
    assert reasons["approval[police]"] == "invented signatory"
    assert "site[darent_valley]" not in reasons
    assert all(reasons.values())


def test_the_hash_ignores_line_ends_and_trailing_blanks_and_nothing_else() -> None:
    same = embedded().replace("\n", "  \r\n") + "\n\n"
    assert blueprint_hash("\ufeff" + same) == blueprint_hash(embedded())
    assert blueprint_hash(embedded().replace("score = 5", "score = 4", 1)) != blueprint_hash(embedded())
    assert parse_blueprint("\ufeff" + same) == parse_blueprint(embedded())

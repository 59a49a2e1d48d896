"""The demand of the simulated night keeps to the figures it is said to follow."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from jru.clock import SeededRandom
from jru.demo.areas import COUNTED_DAYS, GROUPS, load_demand
from jru.demo.demand import Demand
from jru.demo.happening import Happening
from jru.demo.mix import (
    ALCOHOL_SHARE,
    AMBULANCE_TYPES,
    MENTAL_HEALTH_SHARE,
    OTHER,
    RECORD_TYPES,
    need_factor,
    weekly_flows,
)
from jru.demo.profiles import PROFILES
from jru.demo.shape import EVENING_SHARE, WEEKEND_SHARE, hour_shares, hours_between
from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint
from jru.domain.blueprint_parsing import parse_blueprint
from jru.services.past_records import PastRecord

FRIDAY = datetime(2019, 8, 16, 17, tzinfo=UTC)
TUESDAY = FRIDAY - timedelta(days=3)
EIGHT_HOURS = timedelta(hours=8)


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    return parse_blueprint(
        (files("jru") / "blueprints/north_kent/blueprint.toml").read_text(encoding="utf-8")
    )


@pytest.fixture(scope="module")
def demand(blueprint: Blueprint) -> Demand:
    return Demand(blueprint, load_demand())


@pytest.fixture(scope="module")
def fridays(demand: Demand) -> list[list[Happening]]:
    return [demand.draw(FRIDAY, FRIDAY + EIGHT_HOURS, SeededRandom(seed)) for seed in range(60)]


def test_carried_counts_are_the_published_sums() -> None:
    areas = load_demand()
    totals = {group: sum(area.records[group] for area in areas) for group in GROUPS}
    assert len(areas) == 370
    assert totals == {
        "violence_sexual": 7873,
        "asb": 2579,
        "public_order": 1594,
        "drugs": 230,
        "criminal_damage_arson": 2026,
        "other": 6256,
    }
    by_district = Counter[str]()
    for area in areas:
        by_district[area.district] += sum(area.records.values())
    assert by_district == {"medway": 9290, "swale": 4279, "dartford": 3540, "gravesham": 3449}


def test_shape_keeps_the_stated_shares() -> None:
    shares = hour_shares()
    evening = {h for h in range(168) if h % 24 >= 18 or h % 24 < 2}
    weekend = {d * 24 + 18 + i for d in (4, 5) for i in range(8)}
    assert len(shares) == 168
    assert sum(shares.values()) == pytest.approx(1)
    assert sum(shares[h] for h in evening) == pytest.approx(EVENING_SHARE)
    assert sum(shares[h] for h in weekend) == pytest.approx(EVENING_SHARE * WEEKEND_SHARE)
    assert all(share > 0 for share in shares.values())


def test_shape_peaks_late_on_friday_and_saturday() -> None:
    shares = hour_shares()
    busiest = sorted(shares, key=lambda hour: shares[hour])[-6:]
    assert {(hour - 2) // 24 for hour in busiest} == {4, 5}
    assert all(hour % 24 >= 21 or hour % 24 < 2 for hour in busiest)


def test_hours_between_cuts_at_full_hours() -> None:
    start = FRIDAY + timedelta(minutes=30)
    parts = hours_between(start, start + timedelta(hours=2))
    assert [part for _, part in parts] == [0.5, 1.0, 0.5]


def test_volume_of_a_friday_lies_near_its_mean_and_above_a_tuesday(
    demand: Demand, fridays: list[list[Happening]]
) -> None:
    mean = demand.expected(FRIDAY, FRIDAY + EIGHT_HOURS)
    drawn = sum(len(night) for night in fridays) / len(fridays)
    assert drawn == pytest.approx(mean, rel=0.05)
    tuesday = demand.expected(TUESDAY, TUESDAY + EIGHT_HOURS)
    assert mean / tuesday == pytest.approx((WEEKEND_SHARE / 2) / ((1 - WEEKEND_SHARE) / 5))


def test_calls_of_the_week_follow_the_records(blueprint: Blueprint) -> None:
    areas = load_demand()
    flows = weekly_flows(areas)
    recorded = {
        group: sum(area.records[group] for area in areas) * 7 / COUNTED_DAYS for group in RECORD_TYPES
    }
    for group in RECORD_TYPES:
        assert sum(flow.a_week for flow in flows if flow.group == group) <= recorded[group]
    police = sum(flow.a_week for flow in flows if flow.agency is Agency.POLICE)
    mental = sum(
        flow.a_week
        for flow in flows
        if flow.agency is Agency.POLICE and flow.type_id == "mental_health_crisis"
    )
    assert mental / police == pytest.approx(MENTAL_HEALTH_SHARE)
    needing_both = sum(flow.a_week * blueprint.types[flow.type_id].joint_need for flow in flows)
    assert needing_both * need_factor(flows, blueprint) * 52.18 == pytest.approx(15_000 * 2_975 / 7_699)


def test_drink_has_the_stated_share_of_ambulance_calls() -> None:
    drunk = sum(share * PROFILES[type_id].alcohol for type_id, share in AMBULANCE_TYPES.items())
    assert drunk / sum(AMBULANCE_TYPES.values()) == pytest.approx(ALCOHOL_SHARE, abs=0.01)


def test_both_services_are_needed_about_as_often_as_they_ask_each_other(
    fridays: list[list[Happening]],
) -> None:
    dual = sum(h.truth.need == "dual" for night in fridays for h in night) / len(fridays)
    assert dual == pytest.approx(15_000 * 2_975 / 7_699 / 52.18 * EVENING_SHARE * WEEKEND_SHARE / 2, rel=0.12)


def test_places_follow_the_records_of_each_district(fridays: list[list[Happening]]) -> None:
    districts = Counter(h.place.district for night in fridays for h in night)
    total = sum(districts.values())
    for district, records in {"medway": 9290, "swale": 4279, "dartford": 3540, "gravesham": 3449}.items():
        assert districts[district] / total == pytest.approx(records / 20_558, abs=0.02)


def test_every_call_speaks_its_services_own_codes(
    blueprint: Blueprint, fridays: list[list[Happening]]
) -> None:
    for night in fridays[:10]:
        for h in night:
            kind = blueprint.types[h.type_id]
            for call in filter(None, (h.first, h.second)):
                codes = kind.police_codes if call.agency is Agency.POLICE else kind.ambulance_codes
                assert call.type_code in codes
                assert blueprint.partners[call.agency].grade(call.grade)
                assert set(call.flags) <= set(blueprint.flags)
                assert set(call.hazards) <= set(blueprint.hazards)
                assert call.remarks.startswith("SYNTHETIC: ")
                assert call.caller[0].startswith("Caller Example ")
                assert call.caller[1].startswith("01632 9600")
            assert h.second is None or h.second.at > h.first.at


def test_profiles_and_flows_name_types_of_the_blueprint(blueprint: Blueprint) -> None:
    assert {flow.type_id for flow in weekly_flows(load_demand())} <= set(PROFILES) <= set(blueprint.types)


def test_a_knife_is_rare_but_happens(fridays: list[list[Happening]]) -> None:
    knives = sum(h.truth.weapon for night in fridays for h in night) / len(fridays)
    assert 0.5 < knives < 4


def test_the_same_seed_draws_the_same_night_and_another_seed_another(demand: Demand) -> None:
    end = FRIDAY + EIGHT_HOURS
    night = demand.draw(FRIDAY, end, SeededRandom(7))
    assert demand.draw(FRIDAY, end, SeededRandom(7)) == night
    assert demand.draw(FRIDAY, end, SeededRandom(8)) != night


def test_a_longer_night_begins_like_the_shorter_one(demand: Demand) -> None:
    short = demand.draw(FRIDAY, FRIDAY + timedelta(hours=2), SeededRandom(7))
    long = demand.draw(FRIDAY, FRIDAY + timedelta(hours=4), SeededRandom(7))
    assert long[: len(short)] == short


def test_records_give_their_own_places_and_month(blueprint: Blueprint) -> None:
    records = [
        PastRecord(
            "ab",
            2,
            "2018-10",
            "Violence and sexual offences",
            0.53,
            51.38,
            "Real Road",
            "E01016016",
            "medway",
        ),
        PastRecord("ab", 3, "2018-10", "Anti-social behaviour", 0.74, 51.33, "", "E01024618", "swale"),
    ]
    night = Demand(blueprint, load_demand(), records).draw(FRIDAY, FRIDAY + EIGHT_HOURS, SeededRandom(1))
    recorded = [h for h in night if h.source == "record of 2018-10"]
    assert {(h.place.lon, h.place.lat) for h in recorded} == {(0.53, 51.38), (0.74, 51.33)}
    assert "On or near Real Road, Chatham" in {h.place.text for h in recorded}
    assert all(h.first.agency is Agency.POLICE for h in night if h.source == "counts per area")
    assert len(recorded) > len(night) / 2


def test_the_group_of_uncounted_calls_is_no_record_group() -> None:
    assert OTHER not in GROUPS

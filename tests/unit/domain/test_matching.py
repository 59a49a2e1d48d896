"""Are two reports one happening: near, soon, alike - and never of one service."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jru.domain.matching import Sighting, distance_m, find_matches, match
from tests.unit.domain.scenes import NOW, A, P, scheme

HERE = Sighting("inc_1", frozenset({P}), 0.5503, 51.3911, NOW, "assault_injury")
THERE = replace(HERE, incident_id="inc_2", owners=frozenset({A}))
LIMIT_M, LIMIT_S = scheme().matching.distance_m, scheme().matching.time_s
METRE = 1 / (111_195 * math.cos(math.radians(51.39)))

sightings = st.builds(
    Sighting,
    incident_id=st.sampled_from(["inc_1", "inc_2", "inc_3"]),
    owners=st.sampled_from([frozenset({P}), frozenset({A}), frozenset({P, A})]),
    lon=st.none() | st.floats(0.54, 0.56),
    lat=st.none() | st.floats(51.385, 51.395),
    started_at=st.integers(-3600, 3600).map(lambda s: NOW + timedelta(seconds=s)),
    type=st.sampled_from([None, "no_such_type", *scheme().types]),
)


@given(sightings, sightings)
def test_a_match_has_a_score_three_reasons_and_two_services(one: Sighting, two: Sighting) -> None:
    found = match(one, two, scheme())
    if found is None:
        return
    assert scheme().matching.suggest_at <= found.score <= 1
    assert len(found.reasons) == 3
    assert not one.owners & two.owners
    assert one.incident_id != two.incident_id


@given(sightings, sightings)
def test_matching_is_the_same_from_both_sides(one: Sighting, two: Sighting) -> None:
    here, there = match(one, two, scheme()), match(two, one, scheme())
    assert (here is None) == (there is None)
    if here and there:
        assert (here.score, here.reasons) == (there.score, there.reasons)


@given(sightings, sightings)
def test_no_reason_tells_more_of_a_type_than_its_coarse_class(one: Sighting, two: Sighting) -> None:
    found = match(one, two, scheme())
    coarse = {kind.coarse.replace("_", " ") for kind in scheme().types.values()}
    allowed = {f"both {word}" for word in coarse} | {"same type", "different types", "type of one unknown"}
    assert found is None or found.reasons[2] in allowed


def test_the_same_place_time_and_type_is_certain() -> None:
    found = match(HERE, THERE, scheme())
    assert found is not None
    assert found.score == 1.0
    assert found.reasons == ("10 m apart", "at the same minute", "both violence")


def test_the_limits_of_distance_and_time() -> None:
    assert HERE.lon is not None
    assert match(HERE, replace(THERE, lon=HERE.lon + (LIMIT_M / 2) * METRE), scheme()) is not None
    assert match(HERE, replace(THERE, lon=HERE.lon + (LIMIT_M + 5) * METRE), scheme()) is None
    assert match(HERE, replace(THERE, started_at=NOW + timedelta(seconds=LIMIT_S / 2)), scheme()) is not None
    assert match(HERE, replace(THERE, started_at=NOW + timedelta(seconds=LIMIT_S + 1)), scheme()) is None


def test_distances_are_metres() -> None:
    assert distance_m(0.55, 51.39, 0.55, 51.40) == pytest.approx(1112, abs=2)
    assert distance_m(0.55, 51.39, 0.55 + 1000 * METRE, 51.39) == pytest.approx(1000, rel=0.001)


def test_farther_later_and_less_alike_score_lower() -> None:
    best = match(HERE, THERE, scheme())
    assert best is not None
    for worse in (
        replace(THERE, lon=(HERE.lon or 0) + 100 * METRE),
        replace(THERE, started_at=NOW + timedelta(minutes=5)),
        replace(THERE, type="fight"),
        replace(THERE, type=None),
    ):
        found = match(HERE, worse, scheme())
        assert found is not None
        assert found.score < best.score


def test_incidents_without_a_point_and_of_one_service_never_match() -> None:
    assert match(HERE, replace(THERE, lon=None, lat=None), scheme()) is None
    assert match(HERE, replace(THERE, owners=frozenset({P})), scheme()) is None
    assert match(HERE, replace(THERE, owners=frozenset({P, A})), scheme()) is None


def test_the_best_match_comes_first() -> None:
    second = replace(THERE, incident_id="inc_3", lon=(HERE.lon or 0) + 80 * METRE)
    assert [m.other_id for m in find_matches(HERE, [second, THERE], scheme())] == ["inc_2", "inc_3"]

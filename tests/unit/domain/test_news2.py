"""The early-warning score is the published table, value for value."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jru.domain.news2 import CONSCIOUSNESS, Band, Measured, news2

WELL: dict[str, Any] = {
    "respiration": 16,
    "spo2": 98,
    "on_oxygen": False,
    "systolic": 120,
    "pulse": 70,
    "consciousness": "alert",
    "temperature_c": 37.0,
}
TABLE: dict[str, list[tuple[int, int, int]]] = {
    "respiration": [(0, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, 80, 3)],
    "spo2": [(0, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0)],
    "systolic": [(0, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, 300, 3)],
    "pulse": [(0, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, 300, 3)],
}
"""Rows of the chart: first and last value of a cell, both included, and its points."""

TENTHS = [(250, 350, 3), (351, 360, 1), (361, 380, 0), (381, 390, 1), (391, 450, 2)]
SCALE_2_AIR = [(0, 83, 3), (84, 85, 2), (86, 87, 1), (88, 100, 0)]
SCALE_2_OXYGEN = [(0, 83, 3), (84, 85, 2), (86, 87, 1), (88, 92, 0), (93, 94, 1), (95, 96, 2), (97, 100, 3)]


def points(name: str, **changes: Any) -> int:
    return news2(Measured(**{**WELL, **changes})).points[name]


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_value_of_a_row_gives_the_points_of_its_cell(name: str) -> None:
    for first, last, wanted in TABLE[name]:
        for value in range(first, last + 1):
            assert points(name, **{name: value}) == wanted, f"{name} {value}"


def test_every_tenth_of_a_degree_gives_the_points_of_its_cell() -> None:
    for first, last, wanted in TENTHS:
        for tenths in range(first, last + 1):
            assert points("temperature_c", temperature_c=tenths / 10) == wanted, tenths


@pytest.mark.parametrize(("on_oxygen", "row"), [(False, SCALE_2_AIR), (True, SCALE_2_OXYGEN)])
def test_the_second_oxygen_scale_counts_only_where_it_was_chosen(
    on_oxygen: bool, row: list[tuple[int, int, int]]
) -> None:
    for first, last, wanted in row:
        for value in range(first, last + 1):
            assert points("spo2", spo2=value, spo2_scale=2, on_oxygen=on_oxygen) == wanted, value
            assert points("spo2", spo2=value, on_oxygen=on_oxygen) == points("spo2", spo2=value)


def test_oxygen_and_consciousness() -> None:
    assert points("on_oxygen", on_oxygen=True) == 2
    assert points("on_oxygen") == 0
    for word in CONSCIOUSNESS:
        assert points("consciousness", consciousness=word) == (0 if word == "alert" else 3)


REPRESENTATIVES = {
    "respiration": [8, 9, 12, 21, 25],
    "spo2": [91, 92, 94, 96],
    "on_oxygen": [False, True],
    "systolic": [90, 91, 101, 111, 220],
    "pulse": [40, 41, 51, 91, 111, 131],
    "consciousness": ["alert", "voice"],
    "temperature_c": [35.0, 35.1, 36.1, 38.1, 39.1],
}


def test_every_combination_of_cells_adds_up_and_has_its_band() -> None:
    tried = 0
    for values in product(*REPRESENTATIVES.values()):
        score = news2(Measured(**dict(zip(REPRESENTATIVES, values, strict=True))))
        total = sum(score.points.values())
        worst = max(score.points.values())
        urgent = total >= 5 or worst == 3
        band = Band.EMERGENCY if total >= 7 else Band.URGENT if urgent else Band.LOW
        assert (score.total, score.band, score.missing) == (total, band, ())
        tried += 1
    assert tried == 5 * 4 * 2 * 5 * 6 * 2 * 5


@given(st.sets(st.sampled_from(sorted(WELL)), min_size=1))
def test_a_set_with_anything_missing_is_incomplete_and_has_no_total(left_out: set[str]) -> None:
    score = news2(Measured(**{name: value for name, value in WELL.items() if name not in left_out}))
    assert score.total is None
    assert score.band is Band.INCOMPLETE
    assert set(score.missing) == left_out


def test_saturation_on_scale_2_waits_for_air_or_oxygen() -> None:
    score = news2(Measured(**{**WELL, "on_oxygen": None, "spo2_scale": 2}))
    assert {"spo2", "on_oxygen"} <= set(score.missing)


def test_a_well_person_scores_nothing() -> None:
    assert news2(Measured(**WELL)).total == 0

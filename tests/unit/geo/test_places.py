"""Grid cells, districts and the gazetteer."""

from __future__ import annotations

import csv
import json
import math
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jru.geo.area import Area, district_of, load_embedded_area
from jru.geo.errors import OutlinesInvalid, PlaceInvalid
from jru.geo.gazetteer import Found, Gazetteer, load_embedded_gazetteer
from jru.geo.grid import cell_centre, cell_of, in_uk_bounds, looks_swapped
from jru.geo.projection import haversine_m

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)
KENT_LON = st.floats(0.1, 1.0)
KENT_LAT = st.floats(51.2, 51.5)
DISTRICT = {"E06000035": "medway", "E07000113": "swale", "E07000107": "dartford", "E07000109": "gravesham"}


class TestGrid:
    @given(lon=LON, lat=LAT)
    def test_every_place_on_earth_has_a_cell_of_plain_letters(self, lon, lat):
        cell = cell_of(lon, lat)
        assert len(cell) == 7
        assert cell.isascii()
        assert cell.isalpha()
        assert not set(cell) & set("aeiouy")

    @given(lon=KENT_LON, lat=KENT_LAT)
    def test_a_cell_is_about_a_kilometre(self, lon, lat):
        cell = cell_of(lon, lat)
        centre = cell_centre(cell)
        assert cell_of(*centre) == cell
        assert haversine_m((lon, lat), centre) < 720

    def test_cells_never_change(self):
        assert cell_of(0.5270, 51.3810) == cell_of(0.5275, 51.3815)
        assert [cell_of(0.5270, 51.3810), cell_of(-0.1276, 51.5072)] == ["jcwsltd", "jczwwql"]

    def test_neighbours_differ(self):
        cells = {cell_of(0.5 + 0.0145 * i, 51.4 + 0.009 * j) for i in range(10) for j in range(10)}
        assert len(cells) == 100

    @pytest.mark.parametrize("cell", ["", "abc", "bbbbbbbb", "zzzzzzz", "BBBBBBB", "bbb bbb"])
    def test_other_texts_are_not_cells(self, cell):
        with pytest.raises(PlaceInvalid):
            cell_centre(cell)

    @pytest.mark.parametrize("place", [(math.nan, 51.0), (0.0, math.inf), (200.0, 51.0)])
    def test_impossible_places_have_none(self, place):
        with pytest.raises(PlaceInvalid):
            cell_of(*place)

    def test_swapped_coordinates_are_noticed(self):
        assert in_uk_bounds(0.527, 51.381)
        assert not in_uk_bounds(51.381, 0.527)
        assert looks_swapped(51.381, 0.527)
        assert not looks_swapped(0.527, 51.381)
        assert not looks_swapped(9.52, 47.14)


class TestDistricts:
    @pytest.mark.parametrize(
        ("lon", "lat", "district"),
        [
            (0.5270, 51.3810, "medway"),
            (0.7365, 51.3400, "swale"),
            (0.7625, 51.4400, "swale"),
            (0.2170, 51.4455, "dartford"),
            (0.3715, 51.4420, "gravesham"),
            (0.5220, 51.2720, None),
            (1.0800, 51.2800, None),
            (0.60, 51.60, None),
        ],
    )
    def test_a_place_belongs_to_its_district(self, lon, lat, district):
        assert district_of(lon, lat) == district

    def test_every_lsoa_lies_in_its_district(self, shared_kent: Path):
        with (shared_kent / "lsoa.csv").open(encoding="utf-8", newline="") as source:
            rows = list(csv.DictReader(source))
        assert len(rows) == 370
        for row in rows:
            expected = DISTRICT[row["district_code"]]
            assert district_of(float(row["lon"]), float(row["lat"])) == expected, row

    def test_the_waterside_counts_to_the_nearest(self):
        square = {"type": "Polygon", "coordinates": [[[0, 51], [0.1, 51], [0.1, 51.1], [0, 51.1], [0, 51]]]}
        area = Area.from_geojson(collection(("harbour", square)))
        assert area.district_of(0.05, 51.05) == "harbour"
        assert area.district_of(0.05, 50.9985) == "harbour"
        assert area.district_of(0.05, 50.995) is None

    def test_the_outlines_are_small_and_attributed(self):
        text = (files("jru") / "blueprints" / "north_kent" / "districts.geojson").read_text("utf-8")
        assert len(text) < 15_000
        assert "Open Government Licence v3.0" in text
        assert load_embedded_area().ids == ("medway", "swale", "dartford", "gravesham")
        assert json.loads(text) == load_embedded_area().geojson

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "{}",
            '{"features": []}',
            '{"features": [{"properties": {"id": "a"}, "geometry": null}]}',
            '{"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}',
            '{"features": [{"properties": {"id": "a"}, "geometry": {"type": "Polygon", "coordinates":'
            " [[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}]}",
        ],
    )
    def test_unusable_outlines_are_refused(self, text):
        with pytest.raises(OutlinesInvalid):
            Area.from_geojson(text)

    def test_two_districts_cannot_share_an_id(self):
        square = {"type": "Polygon", "coordinates": [[[0, 51], [0.1, 51], [0.1, 51.1], [0, 51]]]}
        with pytest.raises(OutlinesInvalid, match="id of its own"):
            Area.from_geojson(collection(("a", square), ("a", square)))


def collection(*outlines) -> str:
    features = [{"type": "Feature", "properties": {"id": i}, "geometry": g} for i, g in outlines]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture(scope="module")
def gazetteer(kent) -> Gazetteer:
    return load_embedded_gazetteer(kent.graph)


class TestGazetteer:
    @pytest.mark.parametrize(
        ("typed", "first", "precision"),
        [
            ("chat", "Chatham", "town"),
            ("FAVERS", "Faversham", "town"),
            ("medway mar", "Medway Maritime Hospital", "site"),
            ("mari hosp", "Medway Maritime Hospital", "site"),
            ("m2 j5", "M2 Junction 5", "junction"),
            ("st marys", "St Mary's Island", "town"),
            ("St Mary\u2019s", "St Mary's Island", "town"),
            ("sheppey cross", "Sheppey Crossing (A249), Iwade", "street"),
            ("brielle", "Brielle Way (A249), Blue Town", "street"),
        ],
    )
    def test_typing_the_beginning_finds_the_place(self, gazetteer, typed, first, precision):
        hit = gazetteer.search(typed)[0]
        assert (hit.name, hit.precision) == (first, precision)

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("45 Canterbury Street, Gillingham ME7 1AB", ["Canterbury Street, Gillingham", "Gillingham"]),
            ("Flat 3, 45 canterbury st gillingham", ["Canterbury Street, Gillingham", "Gillingham"]),
            ("12 High Street, Gillingham", ["Gillingham"]),
            ("Brompton Rd Gillingham Kent", ["Brompton Road (B2004), Gillingham", "Gillingham", "Brompton"]),
            ("outside Medway Maritime Hospital", ["Medway Maritime Hospital"]),
            ("45 Brielle Way", ["Brielle Way (A249), Blue Town", "Brielle Way (A249), Queenborough"]),
            ("no such road, nowhere", []),
        ],
    )
    def test_an_address_finds_its_street_and_town_and_no_street_of_another_town(
        self, gazetteer, typed, found
    ):
        hits = gazetteer.search(typed)
        assert [hit.name for hit in hits] == found
        assert all(hit.partial for hit in hits)

    def test_a_name_typed_in_full_is_no_part(self, gazetteer):
        assert not gazetteer.search("Canterbury Street, Gillingham")[0].partial

    def test_a_road_number_is_that_road_before_longer_numbers(self, gazetteer):
        assert all("(A2)" in hit.name or hit.name.startswith("A2,") for hit in gazetteer.search("a2"))

    def test_a_hit_lies_where_it_says(self, gazetteer):
        name, lon, lat, *_ = gazetteer.search("sittingbourne")[0]
        assert name == "Sittingbourne"
        assert haversine_m((lon, lat), (0.7365, 51.3400)) < 500

    @given(typed=st.text(max_size=200), limit=st.integers(-3, 30))
    def test_no_input_is_an_error(self, gazetteer, typed, limit):
        hits = gazetteer.search(typed, limit)
        assert len(hits) <= max(limit, 0)

    def test_nothing_typed_finds_nothing(self, gazetteer):
        assert gazetteer.search("") == gazetteer.search("  -- ") == []

    def test_equal_places_stand_once(self):
        place = Found("Chatham", 0.527, 51.381, "town")
        assert Gazetteer.of([place, place]).search("c") == [place]

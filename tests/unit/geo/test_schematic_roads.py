"""The embedded network of north Kent: does it hang together, and does it look like Kent?"""

from __future__ import annotations

import csv
import json
import re
import time
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from jru.geo.area import district_of
from jru.geo.gazetteer import TOWN, load_embedded_gazetteer
from jru.geo.projection import MetrePlane, haversine_m
from jru.geo.travel import Router, load_embedded_router

NUMBERS = [
    *("M2", "M20", "M25", "A282", "A2", "A20", "A206", "A225", "A226", "A227", "A228", "A229"),
    *("A230", "A231", "A249", "A250", "A251", "A278", "A289", "A296"),
]
# Villages beyond the border of the four districts.
NEXT_DOOR = {"Blue Bell Hill", "Hartley", "New Ash Green", "South Darenth", "Stockbury", "Wouldham"}
RATIO_LOW, RATIO_HIGH = 1.05, 1.9
# The Isle of Sheppey is reached only by the two bridges at Kingsferry, west of the middle of the
# Swale. Its neighbours across the Medway estuary and across the Swale are near as the gull flies.
SHEPPEY = {"Sheerness", "Sheerness Police Station", "Queenborough"}
ACROSS_THE_MEDWAY = {"Gillingham", "Medway Police Station (Purser Way)", "Strood"}
ACROSS_THE_SWALE = {"Faversham", "Faversham Police Station"}
ISLAND_RATIO_HIGH = 2.4


def is_exception(a: str, b: str) -> bool:
    far_shore = ACROSS_THE_MEDWAY | ACROSS_THE_SWALE
    return (a in SHEPPEY and b in far_shore) or (b in SHEPPEY and a in far_shore)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def lonlat(row: dict[str, str]) -> tuple[float, float]:
    return float(row["lon"]), float(row["lat"])


def test_the_file_says_that_it_is_schematic():
    source = files("jru") / "blueprints" / "north_kent" / "roads.osm"
    head = source.read_text("utf-8")[:2000]
    assert 'generator="jru schematic"' in head
    assert "never for navigation" in head
    assert "Open Government Licence v3.0" in head


def test_every_way_is_schematic_and_has_a_limit_in_mph():
    source = str(files("jru") / "blueprints" / "north_kent" / "roads.osm")
    ways = osmium.FileProcessor(source, osmium.osm.WAY)
    checked = 0
    for way in ways:
        assert way.tags["source"] == "jru schematic"
        assert re.fullmatch(r"[2-7]0 mph", way.tags["maxspeed"])
        checked += 1
    assert checked > 300


def test_it_is_built_within_a_second():
    load_embedded_router()
    start = time.perf_counter()
    load_embedded_router()
    assert time.perf_counter() - start < 1.0


def test_it_is_one_piece_of_at_least_250_junctions(kent: Router):
    graph = kent.graph
    assert graph.meta["parts"] == 1
    assert graph.meta["outside_km"] == 0
    neighbours: dict[int, set[int]] = defaultdict(set)
    for u, v in zip(graph.u.tolist(), graph.v.tolist(), strict=True):
        neighbours[u].add(v)
        neighbours[v].add(u)
    assert sum(len(others) >= 3 for others in neighbours.values()) >= 250


@pytest.mark.parametrize("number", NUMBERS)
def test_every_main_road_is_there(kent: Router, number: str):
    assert number in kent.graph.refs


def test_motorways_and_dual_carriageways_are_driven_one_way(kent: Router):
    features = kent.geojson()["features"]
    assert {f["properties"]["ref"] for f in features if f["properties"]["class"] == "motorway"} >= {
        "M2",
        "M20",
        "M25",
    }
    assert all(f["properties"]["oneway"] for f in features if f["properties"]["class"] == "motorway")


def test_the_river_crossings_are_bridges_and_tunnels(kent: Router):
    structures = {
        f["properties"]["name"]
        for f in kent.geojson()["features"]
        if f["properties"]["bridge"] or f["properties"]["tunnel"]
    }
    assert structures >= {
        "Sheppey Crossing",
        "Kingsferry Bridge",
        "Rochester Bridge",
        "Medway Viaduct",
        "Medway Tunnel",
        "Queen Elizabeth II Bridge",
        "Dartford Tunnel",
    }


def test_sheppey_is_reached_by_a_bridge_only(kent: Router):
    route = kent.route((0.7365, 51.3400), (0.7625, 51.4400))
    at_the_swale = [lon for lon, lat in route.points if 51.388 < lat < 51.393]
    assert at_the_swale
    assert all(0.748 < lon < 0.757 for lon in at_the_swale)


def test_the_roads_can_be_sent_to_a_map(kent: Router):
    collection = kent.geojson()
    text = json.dumps(collection, allow_nan=False)
    assert len(text) < 1_000_000
    for feature in collection["features"]:
        assert set(feature["properties"]) == {"class", "ref", "name", "oneway", "bridge", "tunnel"}
        assert all(0.0 < lon < 1.2 and 51.1 < lat < 51.6 for lon, lat in feature["geometry"]["coordinates"])


def test_every_named_town_and_village_is_on_the_network(kent: Router):
    towns = [p for _, p in load_embedded_gazetteer(kent.graph)._entries if p.precision == TOWN]
    assert len(towns) > 90
    for town in towns:
        travel = kent.etas_to((town.lon, town.lat), [(0.5270, 51.3810)], limit_s=7200)[0]
        assert travel.eta_s is not None, town
        assert travel.snap_m < 600, town
        assert district_of(town.lon, town.lat) is not None or town.name in NEXT_DOOR


def test_every_place_of_the_open_data_is_within_a_kilometre(kent: Router, shared_kent: Path):
    for row in rows(shared_kent / "places.csv"):
        travel = kent.etas_to(lonlat(row), [(0.5270, 51.3810)], limit_s=7200)[0]
        assert travel.snap_m <= 1000, row["name"]


def test_anchors_named_by_a_road_number_lie_on_that_road(kent: Router, shared_kent: Path):
    graph = kent.graph
    plane = MetrePlane.around(graph.node_lonlat)
    lines = defaultdict(list)
    for i in range(graph.n_segments):
        lines[graph.refs[graph.ref_id[i]]].append(shapely.LineString(plane.metres(graph.line(i))))
    away_m = []
    for row in rows(shared_kent / "streets.csv"):
        if row["kind"] == "street" and re.fullmatch(r"[ABM]\d+", row["name"]):
            assert row["name"] in lines
            point = shapely.Point(plane.metres(np.array([lonlat(row)]))[0])
            away_m.append(min(line.distance(point) for line in lines[row["name"]]))
    assert len(away_m) > 30
    assert np.median(away_m) <= 150
    assert np.percentile(away_m, 90) <= 400


def test_the_network_is_as_crooked_as_roads_are(kent: Router, shared_kent: Path):
    places = [(row["name"], lonlat(row)) for row in rows(shared_kent / "places.csv")]
    outside = set()
    for b, target in places:
        others = [(a, origin) for a, origin in places if a != b]
        travels = kent.etas_to(target, [origin for _, origin in others], mode="normal", limit_s=1e5)
        for (a, origin), travel in zip(others, travels, strict=True):
            ratio = travel.distance_m / haversine_m(origin, target)
            if not RATIO_LOW <= ratio <= RATIO_HIGH:
                assert is_exception(a, b), f"{a} to {b}: {ratio:.2f}"
                assert RATIO_LOW <= ratio <= ISLAND_RATIO_HIGH, f"{a} to {b}: {ratio:.2f}"
                outside.add(frozenset((a, b)))
    assert len(outside) == 14  # the list of exceptions must not outlive its reason

"""From an OpenStreetMap file to a graph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jru.geo.errors import GraphInvalid, MapUnreadable
from jru.geo.extract import read_graph
from jru.geo.road_tags import limit_kmh, read_way
from jru.geo.roads import BACKWARD, BRIDGE, FORWARD, ROAD_CLASSES, TUNNEL, RoadGraph

ROAD = {"highway": "primary"}
LINE = {1: (0.50, 51.40), 2: (0.51, 51.40), 3: (0.52, 51.40), 4: (0.53, 51.40), 5: (0.51, 51.41)}


def arrays(graph: RoadGraph) -> dict[str, object]:
    return {key: value for key, value in vars(graph).items() if isinstance(value, np.ndarray)}


def test_nodes_between_junctions_are_folded_into_the_geometry(draw_graph):
    graph = draw_graph(LINE, [([1, 2, 3, 4], ROAD)])
    assert (graph.n_nodes, graph.n_segments) == (2, 1)
    assert len(graph.line(0)) == 4
    assert graph.length_m[0] == pytest.approx(2082, rel=0.01)


def test_roads_are_cut_where_they_meet(draw_graph):
    graph = draw_graph(LINE, [([1, 2, 3, 4], ROAD), ([2, 5], ROAD)])
    assert (graph.n_nodes, graph.n_segments) == (4, 3)


def test_a_node_missing_from_a_clipped_extract_ends_the_road(draw_graph):
    nodes = {1: (0.50, 51.4), 2: (0.51, 51.4), 4: (0.53, 51.4), 5: (0.54, 51.4), 6: (0.55, 51.4)}
    graph = draw_graph(nodes, [([1, 2, 3, 4, 5, 6], ROAD)])
    assert graph.n_segments == 1
    assert sorted(graph.line(0)[:, 0]) == pytest.approx([0.53, 0.54, 0.55])
    assert graph.meta["outside_km"] == pytest.approx(0.694, rel=0.01)


def test_only_the_largest_part_that_hangs_together_is_kept(draw_graph):
    nodes = {**LINE, 8: (0.60, 51.4), 9: (0.601, 51.4)}
    one_way_in = ([3, 5], {**ROAD, "oneway": "yes"})
    graph = draw_graph(nodes, [([1, 2, 3, 4], ROAD), ([8, 9], ROAD), one_way_in])
    assert graph.n_segments == 2  # cut at node 3 by the dead end that nobody can leave
    assert graph.meta["outside_km"] > 1


def test_a_map_of_a_single_one_way_street_is_refused_with_a_hint(draw_map):
    path = draw_map(LINE, [([1, 2], {**ROAD, "oneway": "yes"})])
    with pytest.raises(MapUnreadable, match="one-way"):
        read_graph(path)


def test_a_closed_road_stays_a_place_to_snap_to(draw_graph):
    graph = draw_graph(LINE, [([1, 2], ROAD), ([2, 3, 5, 2], ROAD)])
    assert graph.n_segments == 2
    assert (graph.u == graph.v).sum() == 1


@pytest.mark.parametrize(
    ("tags", "flags"),
    [
        ({}, FORWARD | BACKWARD),
        ({"oneway": "yes"}, FORWARD),
        ({"oneway": "-1"}, BACKWARD),
        ({"oneway": "no", "highway": "motorway"}, FORWARD | BACKWARD),
        ({"highway": "motorway"}, FORWARD),
        ({"junction": "roundabout"}, FORWARD),
        ({"bridge": "viaduct"}, FORWARD | BACKWARD | BRIDGE),
        ({"tunnel": "yes", "oneway": "1"}, FORWARD | TUNNEL),
    ],
)
def test_directions_and_structures(tags, flags):
    meaning = read_way({**ROAD, **tags}.get)
    assert meaning is not None
    assert meaning.flags == flags


@pytest.mark.parametrize(
    ("tags", "drivable"),
    [
        ({"highway": "footway"}, False),
        ({"highway": "construction"}, False),
        ({"access": "private"}, False),
        ({"access": "private", "emergency": "yes"}, True),
        ({"access": "no", "motor_vehicle": "yes"}, True),
        ({"motor_vehicle": "no"}, False),
        ({"area": "yes"}, False),
        ({"access": "destination"}, True),
    ],
)
def test_which_ways_can_be_driven(tags, drivable):
    assert (read_way({**ROAD, **tags}.get) is not None) is drivable


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("30 mph", 48),
        ("30mph", 48),
        ("70 MPH", 113),
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph; 40 mph", 48),
        ("GB:nsl_single", 97),
        ("GB:nsl_dual", 113),
        ("none", 0),
        ("signals", 0),
        ("-5", 0),
        ("0", 0),
        ("999", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_posted_limits(text, kmh):
    assert limit_kmh(text) == kmh


def test_the_second_build_equals_the_first(draw_map):
    path = draw_map(LINE, [([1, 2, 3, 4], ROAD), ([2, 5], {**ROAD, "ref": "A2", "name": "Star Hill"})])
    first, second = read_graph(path), read_graph(path)
    for key, value in arrays(first).items():
        assert np.array_equal(value, getattr(second, key)), key
    assert (first.names, first.refs, first.meta) == (second.names, second.refs, second.meta)


def test_a_saved_graph_comes_back_whole(draw_graph, tmp_path):
    tags = {"highway": "trunk", "ref": "A2", "name": "Star Hill", "maxspeed": "30 mph"}
    graph = draw_graph(LINE, [([1, 2, 3, 4], tags), ([2, 5], ROAD)])
    path = tmp_path / "graph.npz"
    graph.save(path)
    loaded = RoadGraph.load(path)
    for key, value in arrays(graph).items():
        assert np.array_equal(value, getattr(loaded, key)), key
    assert (loaded.names, loaded.refs, loaded.meta) == (graph.names, graph.refs, graph.meta)
    assert ROAD_CLASSES[loaded.road_class[list(loaded.ref_id).index(1)]] == "trunk"


@pytest.mark.parametrize("damage", ["truncated", "flipped", "text", "pickle", "foreign", "index"])
def test_a_damaged_graph_file_is_refused(draw_graph, tmp_path, damage):
    path = tmp_path / "graph.npz"
    graph = draw_graph(LINE, [([1, 2, 3, 4], ROAD)])
    graph.save(path)
    whole = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "flipped":
        at = whole.index(b"geom_e7.npy") + 45
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
    elif damage == "text":
        path.write_text("this is not a graph")
    elif damage == "pickle":
        np.savez(path, node_e7=np.array([{"a": 1}], dtype=object))
    elif damage == "foreign":
        np.savez(path, format_version=np.array([1]), other=np.array([1]))
    else:
        graph.u[0] = 77
        graph.save(path)
    with pytest.raises(GraphInvalid, match=r"graph\.npz"):
        RoadGraph.load(path)


@pytest.mark.parametrize("content", ["", "<osm", '<osm version="0.6"></osm>', "\x00\x01\x02"])
def test_an_unreadable_map_names_the_file(tmp_path, content):
    path = tmp_path / "broken.osm"
    path.write_text(content)
    with pytest.raises(MapUnreadable, match=r"broken\.osm"):
        read_graph(path)


def test_a_missing_map_names_the_file(tmp_path):
    with pytest.raises(MapUnreadable, match="nowhere"):
        read_graph(tmp_path / "nowhere.osm")


def test_a_real_extract_is_read(liechtenstein: Path):
    graph = read_graph(liechtenstein)
    assert (graph.n_nodes, graph.n_segments) == (2988, 3383)
    assert graph.meta["restrictions_not_modelled"] == 3
    assert graph.meta["osm_timestamp"] == "2015-07-27T21:14:01Z"
    assert graph.meta["inside_km"] == pytest.approx(353, abs=1)
    assert int(graph.limit_kmh.max()) <= 120

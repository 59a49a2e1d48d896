"""Travel times and routes, on maps small enough to check by hand."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jru.geo.errors import MapUnreadable, PlaceInvalid, RouteNotFound, SpeedTableInvalid
from jru.geo.extract import read_graph
from jru.geo.projection import haversine_m
from jru.geo.roads import RoadGraph
from jru.geo.speeds import SpeedTable, load_default_speeds
from jru.geo.travel import NoMapRouter, Router

ROAD = {"highway": "primary", "maxspeed": "50"}
KMH = 50 * 0.85
SQUARE = {1: (0.50, 51.40), 2: (0.51, 51.40), 3: (0.51, 51.41), 4: (0.50, 51.41)}
RING = [([1, 2], ROAD), ([2, 3], ROAD), ([3, 4], ROAD), ([4, 1], ROAD)]


@pytest.fixture
def square(draw_graph) -> Router:
    return Router.from_graph(draw_graph(SQUARE, RING))


def seconds(router, origin, target, mode="normal", **options):
    return router.etas_to(target, [origin], mode=mode, **options)[0].eta_s


def test_time_is_length_over_speed(square):
    travel = square.etas_to(SQUARE[2], [SQUARE[1]], mode="normal")[0]
    length_m = haversine_m(SQUARE[1], SQUARE[2])
    assert travel.distance_m == pytest.approx(length_m, rel=1e-3)
    assert travel.eta_s == pytest.approx(length_m / (KMH / 3.6), rel=1e-3)
    assert (travel.method, travel.mode, travel.calibrated) == ("road", "normal", False)
    assert travel.table_version == load_default_speeds().version
    assert not travel.beyond_limit
    assert not travel.doubtful


def test_a_one_way_street_makes_the_return_a_detour(draw_graph):
    ways = [([1, 2], {**ROAD, "oneway": "yes"}), *RING[1:]]
    router = Router.from_graph(draw_graph(SQUARE, ways))
    there, back = seconds(router, SQUARE[1], SQUARE[2]), seconds(router, SQUARE[2], SQUARE[1])
    assert back > 2.5 * there
    assert [point[1] for point in router.route(SQUARE[2], SQUARE[1]).points].count(51.41) >= 2


def test_against_a_one_way_street_on_the_same_segment(draw_graph):
    ways = [([1, 2], {**ROAD, "oneway": "yes"}), *RING[1:]]
    router = Router.from_graph(draw_graph(SQUARE, ways))
    early, late = (0.503, 51.40), (0.507, 51.40)
    assert seconds(router, early, late) < 60
    assert seconds(router, late, early) > 200
    assert len(router.route(late, early).points) > 4


def test_of_parallel_roads_the_quicker_counts_not_the_sum(draw_graph):
    nodes = {1: (0.50, 51.40), 2: (0.51, 51.40), 3: (0.505, 51.405)}
    quick = ([1, 2], {"highway": "primary", "maxspeed": "100"})
    slow = ([1, 3, 2], {"highway": "residential", "maxspeed": "20"})
    quicker_alone = Router.from_graph(draw_graph(nodes, [quick]))
    both = Router.from_graph(draw_graph(nodes, [slow, quick]))
    assert seconds(both, nodes[1], nodes[2]) == pytest.approx(
        seconds(quicker_alone, nodes[1], nodes[2]), rel=1e-6
    )


def test_the_matrix_is_symmetric_without_one_way_streets(square):
    places = [*SQUARE.values(), (0.504, 51.4001), (0.5101, 51.406)]
    matrix = [[t.eta_s for t in square.etas_to(target, places)] for target in places]
    for i in range(len(places)):
        for j in range(len(places)):
            assert matrix[i][j] == pytest.approx(matrix[j][i], abs=1e-6)


def test_a_limit_cuts_off_and_changes_nothing_inside(square):
    places = list(SQUARE.values())
    free = square.etas_to(places[0], places, limit_s=1e9)
    limited = square.etas_to(places[0], places, limit_s=80)
    for without, within in zip(free, limited, strict=True):
        if without.eta_s <= 80:
            assert within == without
        else:
            assert within.beyond_limit
            assert (within.eta_s, within.distance_m) == (None, None)
    assert any(t.beyond_limit for t in limited)


def test_a_place_off_the_road_pays_for_the_way_to_it_and_says_so(square):
    on, off = (0.505, 51.40), (0.505, 51.3973)
    base, travel = square.etas_to(SQUARE[1], [on, off], mode="normal")
    assert travel.snap_m == pytest.approx(300, rel=0.01)
    assert travel.eta_s - base.eta_s == pytest.approx(300 / (20 / 3.6), rel=0.01)
    assert travel.distance_m - base.distance_m == pytest.approx(300, rel=0.01)
    assert travel.doubtful
    assert not base.doubtful


def test_a_place_at_sea_gets_no_number(square):
    at_sea = (0.9, 51.9)
    assert not square.covers(at_sea)
    assert square.covers(SQUARE[1])
    travel = square.etas_to(at_sea, [SQUARE[1]], limit_s=1e9)[0]
    assert travel.beyond_limit
    assert travel.eta_s is None
    assert math.isfinite(travel.snap_m)
    with pytest.raises(RouteNotFound, match="nearest road"):
        square.route(SQUARE[1], at_sea)


def test_a_house_beside_a_motorway_is_not_reached_from_it(draw_graph):
    nodes = {**SQUARE, 5: (0.50, 51.402), 6: (0.51, 51.402)}
    motorway = {"highway": "motorway", "oneway": "no"}
    ways = [*RING[:3], ([4, 5, 1], ROAD), ([5, 6], motorway), ([6, 2], ROAD)]
    router = Router.from_graph(draw_graph(nodes, ways))
    house, breakdown = (0.505, 51.4012), (0.505, 51.4021)
    assert router.etas_to(house, [SQUARE[1]])[0].snap_m == pytest.approx(133, rel=0.02)
    assert router.etas_to(breakdown, [SQUARE[1]])[0].snap_m == pytest.approx(11, rel=0.05)


def test_blue_lights_are_never_slower(kent):
    places = [(0.527, 51.381), (0.3715, 51.442), (0.8915, 51.3155), (0.7625, 51.44)]
    for target in places:
        fast = kent.etas_to(target, places, mode="emergency", limit_s=1e9)
        slow = kent.etas_to(target, places, mode="normal", limit_s=1e9)
        assert all(f.eta_s <= s.eta_s for f, s in zip(fast, slow, strict=True))
        assert all(f.eta_s < s.eta_s for f, s in zip(fast, slow, strict=True) if s.eta_s > 60)


def test_nothing_to_ask_gives_nothing(square):
    assert square.etas_to(SQUARE[1], []) == []


@pytest.mark.parametrize("place", [(math.nan, 51.0), (0.5, math.inf), (181.0, 51.0), (0.5, -91.0)])
def test_impossible_places_are_refused(square, place):
    with pytest.raises(PlaceInvalid):
        square.etas_to(place, [])
    with pytest.raises(PlaceInvalid):
        square.etas_to(SQUARE[1], [place])


def test_an_unknown_mode_is_refused(square):
    with pytest.raises(ValueError, match="hovering"):
        square.etas_to(SQUARE[1], [SQUARE[2]], mode="hovering")


def test_a_route_is_the_drawn_form_of_the_travel_time(kent):
    for origin, target in [
        ((0.527, 51.381), (0.7625, 51.44)),
        ((0.2170, 51.4455), (0.3715, 51.442)),
        ((0.8915, 51.3155), (0.8920, 51.3150)),
    ]:
        travel = kent.etas_to(target, [origin])[0]
        route = kent.route(origin, target)
        assert route.points[0] == origin
        assert route.points[-1] == target
        assert route.seconds == sorted(route.seconds)
        assert len(route.points) == len(route.seconds)
        assert route.eta_s == pytest.approx(travel.eta_s, rel=0.01)
        assert route.distance_m == pytest.approx(travel.distance_m, rel=0.01)
        drawn_m = sum(haversine_m(a, b) for a, b in pairwise(route.points))
        assert drawn_m == pytest.approx(route.distance_m, rel=0.01)


def test_a_driver_can_be_asked_where_it_is(square):
    route = square.route(SQUARE[1], SQUARE[3], mode="normal")
    assert route.at(-1) == route.points[0]
    assert route.at(route.eta_s + 1) == route.points[-1]
    before, after = route.at(route.eta_s * 0.4), route.at(route.eta_s * 0.6)
    assert haversine_m(before, after) < route.distance_m * 0.25


def test_around_a_closed_road(draw_graph):
    nodes = {1: (0.50, 51.40), 2: (0.51, 51.40), 3: (0.52, 51.405), 4: (0.52, 51.395)}
    loop = {**ROAD, "oneway": "yes"}
    router = Router.from_graph(draw_graph(nodes, [([1, 2], ROAD), ([2, 3, 4, 2], loop)]))
    far_side = (0.515, 51.3975)
    travel = router.etas_to(far_side, [nodes[1]])[0]
    route = router.route(nodes[1], far_side)
    assert route.eta_s == pytest.approx(travel.eta_s, rel=0.01)
    assert travel.distance_m > 2800
    back = router.etas_to(nodes[1], [far_side])[0]
    assert back.distance_m < 1400


def test_threads_may_share_a_router(kent):
    places = [(0.3 + 0.01 * i, 51.40) for i in range(40)]
    alone = [kent.etas_to(place, places) for place in places]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda place: kent.etas_to(place, places), places)) == alone


def test_a_real_extract_answers(liechtenstein):
    router = Router.from_graph(read_graph(liechtenstein))
    vaduz, balzers = (9.5215, 47.1410), (9.5030, 47.0670)
    travel = router.etas_to(vaduz, [balzers])[0]
    assert 8_000 < travel.distance_m < 13_000
    assert 300 < travel.eta_s < 1200


class TestWithoutAMap:
    def test_it_says_so_and_uses_the_guesses(self):
        travel = NoMapRouter().etas_to((0.5, 51.4), [(0.6, 51.4)])[0]
        straight_m = haversine_m((0.5, 51.4), (0.6, 51.4))
        assert travel.method == "no-map"
        assert travel.doubtful
        assert not travel.calibrated
        assert travel.distance_m == pytest.approx(1.3 * straight_m)
        assert travel.eta_s == pytest.approx(1.3 * straight_m / (40 / 3.6))

    def test_it_keeps_the_limit(self):
        travel = NoMapRouter().etas_to((0.5, 51.4), [(1.5, 51.4)], limit_s=600)[0]
        assert travel.beyond_limit
        assert travel.eta_s is None

    def test_its_route_is_a_straight_line(self):
        route = NoMapRouter().route((0.5, 51.4), (0.6, 51.4))
        assert (route.method, len(route.points)) == ("no-map", 2)

    def test_it_refuses_impossible_places(self):
        with pytest.raises(PlaceInvalid):
            NoMapRouter().etas_to((0.5, math.nan), [])


N = 7
ARCS = st.lists(
    st.tuples(
        st.integers(0, N - 1), st.integers(0, N - 1), st.booleans(), st.sampled_from(["20", "50", "90"])
    ),
    min_size=1,
    max_size=14,
)


def random_network(arcs, folder) -> tuple[Router, dict[int, tuple[float, float]]] | None:
    # On a circle no road passes through the node of another.
    turn = 2 * math.pi / N
    nodes = {i: (0.5 + 0.016 * math.cos(i * turn), 51.4 + 0.01 * math.sin(i * turn)) for i in range(N)}
    lines = ['<osm version="0.6">']
    lines += [f'<node id="{i + 1}" lon="{x}" lat="{y}"/>' for i, (x, y) in nodes.items()]
    for number, (a, b, oneway, limit) in enumerate(arcs, 1):
        lines.append(
            f'<way id="{number}"><nd ref="{a + 1}"/><nd ref="{b + 1}"/>'
            f'<tag k="highway" v="primary"/><tag k="maxspeed" v="{limit}"/>'
            f'<tag k="oneway" v="{"yes" if oneway else "no"}"/></way>'
        )
    path = folder / "random.osm"
    path.write_text("\n".join([*lines, "</osm>"]))
    try:
        graph = read_graph(path)
    except MapUnreadable:
        return None
    return Router.from_graph(graph), nodes


def all_pairs(graph: RoadGraph, cost) -> list[list[float]]:
    n = graph.n_nodes
    best = [[0.0 if i == j else math.inf for j in range(n)] for i in range(n)]
    for s in range(graph.n_segments):
        u, v, c = int(graph.u[s]), int(graph.v[s]), float(cost[s])
        if graph.flags[s] & 1:
            best[u][v] = min(best[u][v], c)
        if graph.flags[s] & 2:
            best[v][u] = min(best[v][u], c)
    for k in range(n):
        for i in range(n):
            for j in range(n):
                best[i][j] = min(best[i][j], best[i][k] + best[k][j])
    return best


@settings(max_examples=60, deadline=None)
@given(arcs=ARCS)
def test_one_search_against_the_traffic_equals_the_forward_matrix(arcs, tmp_path_factory):
    built = random_network(arcs, tmp_path_factory.mktemp("net"))
    if built is None:
        return
    router, _ = built
    graph = router.graph
    places = [tuple(place) for place in graph.node_lonlat.tolist()]
    expected = all_pairs(graph, router.speeds.seconds(graph, "normal"))
    for j, target in enumerate(places):
        column = router.etas_to(target, places, mode="normal", limit_s=1e9)
        for i, travel in enumerate(column):
            assert travel.eta_s == pytest.approx(expected[i][j], rel=1e-3, abs=0.5)


@settings(max_examples=30, deadline=None)
@given(arcs=ARCS)
def test_no_detour_is_quicker_than_the_answer(arcs, tmp_path_factory):
    built = random_network(arcs, tmp_path_factory.mktemp("net"))
    if built is None:
        return
    router, _ = built
    places = [tuple(place) for place in router.graph.node_lonlat.tolist()]
    to = [[t.eta_s for t in router.etas_to(target, places, limit_s=1e9)] for target in places]
    n = range(len(places))
    for a in n:
        for b in n:
            for via in n:
                assert to[b][a] <= to[via][a] + to[b][via] + 0.5
            route = router.route(places[a], places[b])
            assert route.eta_s == pytest.approx(to[b][a], rel=0.01, abs=1)


def speed_text(old: str, new: str) -> str:
    text = files("jru.geo").joinpath("speeds.toml").read_text("utf-8")
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("blue_light = 1.25", "blue_light = 0.9", "slower"),
        ("normal = 20", "normal = 30", "slower"),
        ("[class.motorway]", "[class.canal]", "canal"),
        ("base_kmh = 100", "base_kmh = -1", "base_kmh"),
        ("base_kmh = 100", "base_kmh = nan", "base_kmh"),
        ('version = "jru-speeds-1"', "version = 1", "version"),
        ("limit_share = 0.85", "", "limit_share"),
        ("limit_share = 0.85", "limit_share = ", "speed table"),
        ("fastest_emergency_kmh = 145", "fastest_emergency_kmh = 90", "fastest_emergency_kmh"),
    ],
)
def test_a_wrong_speed_table_is_refused(old, new, complaint):
    with pytest.raises(SpeedTableInvalid, match=complaint):
        SpeedTable.parse(speed_text(old, new))

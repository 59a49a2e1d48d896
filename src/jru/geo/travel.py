"""Travel times and routes on a road graph.

One search per incident answers for every unit: it runs from the incident against the
traffic (Dijkstra with a limit on the transposed graph, scipy.sparse.csgraph).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

import numpy as np

from jru.geo.arcs import ReversedArcs, Tree
from jru.geo.drawing import Leg, draw, road_features
from jru.geo.errors import RouteNotFound
from jru.geo.extract import read_graph
from jru.geo.journey import (
    DEFAULT_LIMIT_S,
    DOUBTFUL_SNAP_M,
    ROAD,
    LonLat,
    Route,
    Travel,
    TravelTimes,
    check_place,
)
from jru.geo.nomap import NoMapRouter
from jru.geo.projection import FloatArray
from jru.geo.roads import BACKWARD, FORWARD, RoadGraph
from jru.geo.snap import Snapped, Snapper
from jru.geo.speeds import EMERGENCY, MODES, SpeedTable, check_mode, load_default_speeds

__all__ = [
    "DOUBTFUL_SNAP_M",
    "NoMapRouter",
    "Route",
    "Router",
    "Travel",
    "TravelTimes",
    "load_embedded_router",
]

_FARTHEST_OFF_ROAD_M = 5_000.0  # beyond this a place is at sea or on another map


@dataclass(frozen=True, eq=False)
class _Driving:
    """Everything that depends on the driving mode."""

    seconds: FloatArray
    arcs: ReversedArcs
    access_m_per_s: float


@dataclass(frozen=True)
class _Spot:
    """One snapped place."""

    segment: int
    share: float
    off_m: float


class Router:
    """Travel times on roads; built once, then only read, so threads may share it."""

    def __init__(self, graph: RoadGraph, speeds: SpeedTable) -> None:
        self.graph = graph
        self.speeds = speeds
        self._snapper = Snapper(graph)
        self._ahead = (graph.flags & FORWARD) > 0
        self._back = (graph.flags & BACKWARD) > 0
        self._modes = {mode: self._driving(mode) for mode in MODES}

    @classmethod
    def from_graph(cls, graph: RoadGraph, *, speeds: SpeedTable | None = None) -> Router:
        """Make a router with the given speed table, or the shipped one."""
        return cls(graph, speeds or load_default_speeds())

    @property
    def map_version(self) -> str:
        """Return the SHA-256 of the map file the graph was built from."""
        return str(self.graph.meta["source_sha256"])

    def covers(self, place: LonLat) -> bool:
        """Tell whether a place is near enough to a road of this map to be driven to."""
        return self._spots([place])[0].off_m <= _FARTHEST_OFF_ROAD_M

    def etas_to(
        self,
        target: LonLat,
        origins: Sequence[LonLat],
        *,
        mode: str = EMERGENCY,
        limit_s: float = DEFAULT_LIMIT_S,
    ) -> list[Travel]:
        """Return time and distance from every origin (lon, lat) to the target, in order.

        Beyond `limit_s` seconds, or farther than 5 km from any road, a Travel says
        `beyond_limit` and carries no number. Raises PlaceInvalid for impossible places.
        """
        driving = self._modes[check_mode(mode)]
        check_place(target)
        if not origins:
            return []
        snapped = self._snap([target, *origins])
        spot = _spot(snapped, 0)
        eta_s, distance_m = self._reach(driving, spot, snapped, limit_s)
        off_m = np.maximum(snapped.off_m[1:], spot.off_m)
        within = (eta_s <= limit_s) & (off_m <= _FARTHEST_OFF_ROAD_M)
        return [
            Travel(
                eta_s=eta if ok else None,
                distance_m=metres if ok else None,
                method=ROAD,
                mode=mode,
                beyond_limit=not ok,
                snap_m=off,
                calibrated=self.speeds.calibrated,
                table_version=self.speeds.version,
            )
            for eta, metres, ok, off in zip(
                eta_s.tolist(), distance_m.tolist(), within.tolist(), off_m.tolist(), strict=True
            )
        ]

    def route(self, origin: LonLat, target: LonLat, *, mode: str = EMERGENCY) -> Route:
        """Return the quickest way with its polyline; raise RouteNotFound when there is none."""
        driving = self._modes[check_mode(mode)]
        start, end = self._spots([origin, target])
        off_m = max(start.off_m, end.off_m)
        if off_m > _FARTHEST_OFF_ROAD_M:
            raise RouteNotFound(f"{origin} to {target}: {off_m:.0f} m from the nearest road")
        legs = self._legs(driving, start, end)
        if legs is None:
            raise RouteNotFound(f"{origin} to {target}: no road joins them")
        points, seconds, distance_m = draw(
            self.graph, driving.seconds, legs, origin, target, driving.access_m_per_s
        )
        return Route(
            points=points,
            seconds=seconds,
            distance_m=distance_m,
            eta_s=seconds[-1],
            method=ROAD,
            mode=mode,
            snap_m=off_m,
            table_version=self.speeds.version,
        )

    def geojson(self) -> dict[str, Any]:
        """Return the roads as a GeoJSON FeatureCollection with class, ref and name."""
        return road_features(self.graph)

    def _driving(self, mode: str) -> _Driving:
        seconds = self.speeds.seconds(self.graph, mode)
        arcs = ReversedArcs(self.graph, seconds)
        return _Driving(seconds, arcs, self.speeds.access_m_per_s(mode))

    def _snap(self, places: Sequence[LonLat]) -> Snapped:
        return self._snapper.snap(np.array([check_place(p) for p in places], dtype=np.float64))

    def _spots(self, places: Sequence[LonLat]) -> list[_Spot]:
        snapped = self._snap(places)
        return [_spot(snapped, i) for i in range(len(places))]

    def _reach(
        self, driving: _Driving, target: _Spot, snapped: Snapped, limit_s: float
    ) -> tuple[FloatArray, FloatArray]:
        """Return seconds and metres from every snapped place but the first (the target)."""
        tree = driving.arcs.search(self._seeds(driving.seconds, target), limit_s)
        node_m = driving.arcs.metres(
            tree, self.graph.length_m, self._seeds(self.graph.length_m, target)
        )
        segment, share = snapped.segment[1:], snapped.share[1:]
        cost, length = driving.seconds[segment], self.graph.length_m[segment]
        u, v = self.graph.u[segment], self.graph.v[segment]
        ahead, back = self._ahead[segment], self._back[segment]
        by_v = np.where(ahead, (1 - share) * cost + tree.seconds[v], np.inf)
        by_u = np.where(back, share * cost + tree.seconds[u], np.inf)
        along = target.share - share
        passes = np.where(along >= 0, ahead, back) & (segment == target.segment)
        straight = np.where(passes, np.abs(along) * cost, np.inf)
        seconds = np.stack([by_v, by_u, straight])
        metres = np.stack(
            [(1 - share) * length + node_m[v], share * length + node_m[u], np.abs(along) * length]
        )
        best = seconds.argmin(axis=0)
        row = np.arange(len(best))
        off_m = snapped.off_m[1:] + target.off_m
        return (
            seconds[best, row] + off_m / driving.access_m_per_s,
            metres[best, row] + off_m,
        )

    def _seeds(self, cost: FloatArray, target: _Spot) -> dict[int, float]:
        """Return what remains to the target from each end of its segment."""
        i = target.segment
        seeds: dict[int, float] = {}
        if self._ahead[i]:
            seeds[int(self.graph.u[i])] = float(target.share * cost[i])
        if self._back[i]:
            end, rest = int(self.graph.v[i]), float((1 - target.share) * cost[i])
            seeds[end] = min(rest, seeds.get(end, rest))
        return seeds

    def _legs(self, driving: _Driving, start: _Spot, end: _Spot) -> list[Leg] | None:
        """Return the parts of segments to drive, or None when there is no way."""
        tree = driving.arcs.search(self._seeds(driving.seconds, end), np.inf)
        i, cost = start.segment, float(driving.seconds[start.segment])
        options: list[tuple[float, int | None]] = []
        if self._ahead[i]:
            v = int(self.graph.v[i])
            options.append(((1 - start.share) * cost + float(tree.seconds[v]), v))
        if self._back[i]:
            u = int(self.graph.u[i])
            options.append((start.share * cost + float(tree.seconds[u]), u))
        if i == end.segment:
            allowed = self._ahead[i] if end.share >= start.share else self._back[i]
            if allowed:
                options.append((abs(end.share - start.share) * cost, None))
        seconds, node = min(options, key=lambda option: option[0])
        if not np.isfinite(seconds):
            return None
        if node is None:
            return [Leg(i, start.share, end.share)]
        first = Leg(i, start.share, self._end_share(i, node, entering=False, share=start.share))
        return [first, *self._follow(driving, tree, node), self._last(driving, tree, node, end)]

    def _end_share(self, segment: int, node: int, *, entering: bool, share: float) -> float:
        """Return at which end of a segment (0 at u, 1 at v) a node lies."""
        u, v = int(self.graph.u[segment]), int(self.graph.v[segment])
        if u == v:  # a loop: take the nearer end that its direction allows
            ahead = bool(self._ahead[segment])
            forward_end = 0.0 if entering else 1.0
            if ahead != bool(self._back[segment]):
                return forward_end if ahead else 1.0 - forward_end
            return 0.0 if share < 0.5 else 1.0
        return 0.0 if node == u else 1.0

    def _follow(self, driving: _Driving, tree: Tree, node: int) -> list[Leg]:
        legs: list[Leg] = []
        while (onward := int(tree.towards[node])) != tree.target:
            segment, ahead = driving.arcs.arc(node, onward)
            legs.append(Leg(segment, 0.0, 1.0) if ahead else Leg(segment, 1.0, 0.0))
            node = onward
        return legs

    def _last(self, driving: _Driving, tree: Tree, node: int, end: _Spot) -> Leg:
        while (onward := int(tree.towards[node])) != tree.target:
            node = onward
        begin = self._end_share(end.segment, node, entering=True, share=end.share)
        return Leg(end.segment, begin, end.share)


def _spot(snapped: Snapped, index: int) -> _Spot:
    return _Spot(
        int(snapped.segment[index]), float(snapped.share[index]), float(snapped.off_m[index])
    )


def load_embedded_router() -> Router:
    """Build the router of the embedded schematic network of north Kent (under a second)."""
    source = files("jru") / "blueprints" / "north_kent" / "roads.osm"
    with as_file(source) as path:
        return Router.from_graph(read_graph(path))

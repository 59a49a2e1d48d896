"""Travel times and routes on a road graph.

One search per incident answers for every unit: it runs from the incident against the
traffic (Dijkstra with a limit on the transposed graph, scipy.sparse.csgraph).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import Any, Final

import numpy as np

from jru.geo.drawing import draw, road_features
from jru.geo.driving import Driving, Spot
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
from jru.geo.roads import RoadGraph
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

_FARTHEST_OFF_ROAD_M: Final = 5_000.0  # beyond this a place is at sea or on another map


class Router:
    """Travel times on roads; built once, then only read, so threads may share it."""

    def __init__(self, graph: RoadGraph, speeds: SpeedTable) -> None:
        self.graph = graph
        self.speeds = speeds
        self._snapper = Snapper(graph)
        self._driving = {
            mode: Driving(graph, speeds.seconds(graph, mode), speeds.access_m_per_s(mode)) for mode in MODES
        }

    @classmethod
    def from_graph(cls, graph: RoadGraph, *, speeds: SpeedTable | None = None) -> Router:
        """Make a router with the given speed table, or the shipped one."""
        return cls(graph, speeds or load_default_speeds())

    def covers(self, place: LonLat) -> bool:
        """Tell whether a place is within 5 km of a road of this map."""
        return float(self._snap([place]).off_m[0]) <= _FARTHEST_OFF_ROAD_M

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
        driving = self._driving[check_mode(mode)]
        spot = Spot.of(self._snap([target]), 0)
        if not origins:
            return []
        snapped = self._snap(origins)
        eta_s, distance_m = driving.reach(spot, snapped, limit_s)
        off_m = np.maximum(snapped.off_m, spot.off_m)
        within = np.isfinite(eta_s) & (eta_s <= limit_s) & (off_m <= _FARTHEST_OFF_ROAD_M)
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
        driving = self._driving[check_mode(mode)]
        snapped = self._snap([origin, target])
        start, end = Spot.of(snapped, 0), Spot.of(snapped, 1)
        off_m = max(start.off_m, end.off_m)
        if off_m > _FARTHEST_OFF_ROAD_M:
            raise RouteNotFound(f"{origin} to {target}: {off_m:.0f} m from the nearest road")
        legs = driving.legs(start, end)
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

    def _snap(self, places: Sequence[LonLat]) -> Snapped:
        return self._snapper.snap(np.array([check_place(place) for place in places], dtype=np.float64))


def load_embedded_router() -> Router:
    """Build the router of the embedded schematic network of north Kent (under a second)."""
    source = files("jru") / "blueprints" / "north_kent" / "roads.osm"
    with as_file(source) as path:
        return Router.from_graph(read_graph(path))

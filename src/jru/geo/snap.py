"""From a place to the road beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from jru.geo.projection import E7, FloatArray, MetrePlane
from jru.geo.roads import BRIDGE, ROAD_CLASSES, TUNNEL, RoadGraph

# A place beside a motorway, tunnel or bridge is not reached from it unless it is on it.
_ON_THE_ROAD_M: Final = 50.0


@dataclass(frozen=True, eq=False)
class Snapped:
    """Where places meet the road: segment, share of its length from u, metres off the road."""

    segment: NDArray[np.intp]
    share: FloatArray
    off_m: FloatArray


class Snapper:
    """Finds the nearest drivable segment; safe to share between threads."""

    def __init__(self, graph: RoadGraph) -> None:
        lonlat = graph.geom_e7 * E7
        self._plane = MetrePlane.around(lonlat)
        part = np.repeat(np.arange(graph.n_segments), np.diff(graph.geom_ptr))
        self._lines = shapely.linestrings(self._plane.metres(lonlat), indices=part)
        shapely.prepare(self._lines)
        self._lengths: FloatArray = np.maximum(shapely.length(self._lines), 1e-9)
        motorway = graph.road_class == ROAD_CLASSES.index("motorway")
        closed = motorway | ((graph.flags & (BRIDGE | TUNNEL)) > 0)
        self._closed = closed
        self._open_ids = np.flatnonzero(~closed)
        self._all = shapely.STRtree(self._lines)
        self._open = shapely.STRtree(self._lines[self._open_ids])

    def snap(self, lonlat: FloatArray) -> Snapped:
        """Snap (n, 2) lon/lat places, n >= 1."""
        points = shapely.points(self._plane.metres(lonlat))
        segment, off_m = _nearest(self._all, points)
        elsewhere = self._closed[segment] & (off_m > _ON_THE_ROAD_M)
        if elsewhere.any() and len(self._open_ids):
            near, distance = _nearest(self._open, points[elsewhere])
            segment[elsewhere] = self._open_ids[near]
            off_m[elsewhere] = distance
        along = shapely.line_locate_point(self._lines[segment], points)
        share = np.clip(along / self._lengths[segment], 0.0, 1.0)
        return Snapped(segment, share, off_m)


def _nearest(tree: shapely.STRtree, points: NDArray[np.object_]) -> tuple[NDArray[np.intp], FloatArray]:
    pairs, distance = tree.query_nearest(points, return_distance=True, all_matches=False)
    return pairs[1], distance

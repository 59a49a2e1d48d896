"""From a place to the road beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from jru.geo.projection import FloatArray, MetrePlane, degrees_of
from jru.geo.roads import BRIDGE, ROAD_CLASSES, TUNNEL, RoadGraph

# A place beside a motorway, tunnel or bridge is not reached from it unless it is on it.
_ON_THE_ROAD_M: Final = 50.0
_PIECE_STEPS: Final = 4


@dataclass(frozen=True, eq=False)
class Snapped:
    """Where places meet the road: segment, share of its length from u, metres off the road."""

    segment: NDArray[np.intp]
    share: FloatArray
    off_m: FloatArray


class Snapper:
    """Finds the nearest drivable segment; safe to share between threads.

    Long segments are indexed in short pieces, whose tight boxes make the search quick.
    """

    def __init__(self, graph: RoadGraph) -> None:
        lonlat = degrees_of(graph.geom_e7)
        self._plane = MetrePlane.around(lonlat)
        metres = self._plane.metres(lonlat)
        along = _along(metres, graph.geom_ptr)
        first, last, self._segment = _pieces(graph.geom_ptr)
        counts = last - first + 1
        ends = np.cumsum(counts)
        point = np.arange(ends[-1]) + np.repeat(first - (ends - counts), counts)
        self._lines = shapely.linestrings(metres[point], indices=np.repeat(np.arange(len(first)), counts))
        shapely.prepare(self._lines)
        self._start_m = along[first]
        self._length_m: FloatArray = np.maximum(along[graph.geom_ptr[1:] - 1], 1e-9)
        motorway = graph.road_class == ROAD_CLASSES.index("motorway")
        closed = motorway | ((graph.flags & (BRIDGE | TUNNEL)) > 0)
        self._closed = closed[self._segment]
        self._open_ids = np.flatnonzero(~self._closed)
        self._all = shapely.STRtree(self._lines)
        self._open = shapely.STRtree(self._lines[self._open_ids])

    def snap(self, lonlat: FloatArray) -> Snapped:
        """Snap (n, 2) lon/lat places, n >= 1."""
        points = np.asarray(shapely.points(self._plane.metres(lonlat)), dtype=np.object_)
        piece, off_m = _nearest(self._all, points)
        elsewhere = self._closed[piece] & (off_m > _ON_THE_ROAD_M)
        if elsewhere.any() and len(self._open_ids):
            near, distance = _nearest(self._open, points[elsewhere])
            piece[elsewhere] = self._open_ids[near]
            off_m[elsewhere] = distance
        segment = self._segment[piece]
        at_m = self._start_m[piece] + shapely.line_locate_point(self._lines[piece], points)
        share = np.clip(at_m / self._length_m[segment], 0.0, 1.0)
        return Snapped(segment, share, off_m)


def _along(metres: FloatArray, ptr: NDArray[np.int64]) -> FloatArray:
    """Return for every geometry point its distance from the start of its segment."""
    steps = np.hypot(*np.diff(metres, axis=0).T)
    total = np.concatenate([[0.0], np.cumsum(steps)])
    along: FloatArray = total - np.repeat(total[ptr[:-1]], np.diff(ptr))
    return along


def _pieces(
    ptr: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.intp]]:
    """Cut segments into pieces: first point, last point (inclusive), segment of each."""
    steps = np.diff(ptr) - 1
    n_pieces = -(-steps // _PIECE_STEPS)
    segment = np.repeat(np.arange(len(steps)), n_pieces)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
    first = ptr[segment] + number * _PIECE_STEPS
    last = np.minimum(first + _PIECE_STEPS, ptr[segment + 1] - 1)
    return first, last, segment


def _nearest(tree: shapely.STRtree, points: NDArray[np.object_]) -> tuple[NDArray[np.intp], FloatArray]:
    pairs, distance = tree.query_nearest(points, return_distance=True, all_matches=False)
    return pairs[1], distance

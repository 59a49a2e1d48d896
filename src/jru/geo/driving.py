"""Driving in one mode: how far everybody is from a place, and which roads lead there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jru.geo.arcs import ReversedArcs, Tree
from jru.geo.drawing import Leg
from jru.geo.projection import FloatArray
from jru.geo.roads import BACKWARD, FORWARD, RoadGraph
from jru.geo.snap import Snapped

_AT_JUNCTION_M: Final = 5.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One snapped place: segment, share of its length from u, metres off the road."""

    segment: int
    share: float
    off_m: float

    @classmethod
    def of(cls, snapped: Snapped, index: int) -> Spot:
        """Take one place out of many."""
        return cls(int(snapped.segment[index]), float(snapped.share[index]), float(snapped.off_m[index]))


class Driving:
    """The roads with their costs in one mode; read only, so threads may share it."""

    def __init__(self, graph: RoadGraph, seconds: FloatArray, access_m_per_s: float) -> None:
        self.graph = graph
        self.seconds = seconds
        self.access_m_per_s = access_m_per_s
        self._arcs = ReversedArcs(graph, seconds)
        self._ahead = (graph.flags & FORWARD) > 0
        self._back = (graph.flags & BACKWARD) > 0

    def reach(self, target: Spot, origins: Snapped, limit_s: float) -> tuple[FloatArray, FloatArray]:
        """Return seconds and metres to the target from every origin; infinite where none leads."""
        graph = self.graph
        tree = self._arcs.search(self._rest(self.seconds, target), limit_s)
        node_m = self._arcs.metres(tree, graph.length_m, self._rest(graph.length_m, target))
        segment, share = origins.segment, origins.share
        cost, length = self.seconds[segment], graph.length_m[segment]
        u, v = graph.u[segment], graph.v[segment]
        ahead, back = self._ahead[segment], self._back[segment]
        to_v = ahead | ((1 - share) * length <= _AT_JUNCTION_M)
        to_u = back | (share * length <= _AT_JUNCTION_M)
        along = target.share - share
        passes = np.where(along >= 0, ahead, back) & (segment == target.segment)
        seconds = np.stack(
            [
                np.where(to_v, (1 - share) * cost + tree.seconds[v], np.inf),
                np.where(to_u, share * cost + tree.seconds[u], np.inf),
                np.where(passes, np.abs(along) * cost, np.inf),
            ]
        )
        metres = np.stack(
            [(1 - share) * length + node_m[v], share * length + node_m[u], np.abs(along) * length]
        )
        best = seconds.argmin(axis=0)
        row = np.arange(len(best))
        off_m = origins.off_m + target.off_m
        return seconds[best, row] + off_m / self.access_m_per_s, metres[best, row] + off_m

    def legs(self, start: Spot, end: Spot) -> list[Leg] | None:
        """Return the parts of segments to drive, in order, or None when there is no way."""
        tree = self._arcs.search(self._rest(self.seconds, end), np.inf)
        i, cost = start.segment, float(self.seconds[start.segment])
        near_u, near_v = self._at_ends(start)
        options: list[tuple[float, Leg | None]] = []
        if self._ahead[i] or near_v:
            beyond = float(tree.seconds[self.graph.v[i]])
            options.append(((1 - start.share) * cost + beyond, Leg(i, start.share, 1.0)))
        if self._back[i] or near_u:
            beyond = float(tree.seconds[self.graph.u[i]])
            options.append((start.share * cost + beyond, Leg(i, start.share, 0.0)))
        if i == end.segment and (self._ahead if end.share >= start.share else self._back)[i]:
            options.append((abs(end.share - start.share) * cost, None))
        seconds, first = min(options, key=lambda option: option[0])
        if not np.isfinite(seconds):
            return None
        if first is None:
            return [Leg(i, start.share, end.share)]
        node = int((self.graph.v if first.end == 1.0 else self.graph.u)[i])
        return [first, *self._follow(tree, node, end)]

    def _follow(self, tree: Tree, node: int, end: Spot) -> list[Leg]:
        legs: list[Leg] = []
        while (onward := int(tree.towards[node])) != tree.target:
            segment, ahead = self._arcs.arc(node, onward)
            legs.append(Leg(segment, 0.0, 1.0) if ahead else Leg(segment, 1.0, 0.0))
            node = onward
        return [*legs, Leg(end.segment, self._entry(end, node), end.share)]

    def _entry(self, end: Spot, node: int) -> float:
        """Return from which end (0 at u, 1 at v) the last segment is entered at a node."""
        i = end.segment
        if self.graph.u[i] != self.graph.v[i]:
            return 0.0 if node == self.graph.u[i] else 1.0
        # Both ends of a loop are the same node: take the shorter side that may be driven.
        near_u, near_v = self._at_ends(end)
        from_u, from_v = self._ahead[i] or near_u, self._back[i] or near_v
        if from_u and from_v:
            return 0.0 if end.share <= 0.5 else 1.0
        return 0.0 if from_u else 1.0

    def _at_ends(self, spot: Spot) -> tuple[bool, bool]:
        """Tell whether a place is at the junction at u, and at v: directions bind only between."""
        length = float(self.graph.length_m[spot.segment])
        return spot.share * length <= _AT_JUNCTION_M, (1 - spot.share) * length <= _AT_JUNCTION_M

    def _rest(self, cost: FloatArray, target: Spot) -> dict[int, float]:
        """Return what remains to the target from each end of its segment."""
        i = target.segment
        near_u, near_v = self._at_ends(target)
        rest: dict[int, float] = {}
        if self._ahead[i] or near_u:
            rest[int(self.graph.u[i])] = float(target.share * cost[i])
        if self._back[i] or near_v:
            node, left = int(self.graph.v[i]), float((1 - target.share) * cost[i])
            rest[node] = min(left, rest.get(node, left))
        return rest

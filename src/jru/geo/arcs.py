"""The searchable form of a road graph for one driving mode, and searches on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from jru.geo.projection import FloatArray
from jru.geo.roads import BACKWARD, FORWARD, RoadGraph

IndexArray = NDArray[np.int64]

NO_NODE: Final = -9999  # scipy's mark for "no predecessor"


@dataclass(frozen=True, eq=False)
class Tree:
    """Driving to one target from everywhere near it.

    `seconds[node]` is infinite outside the limit; `towards[node]` is the next node on the
    way, `target` (one past the last node) standing for the target itself.
    """

    target: int
    seconds: FloatArray
    towards: NDArray[np.int32]


class ReversedArcs:
    """Arcs pointing against the traffic, so that one search from a target serves every origin.

    Of parallel roads between two nodes only the quickest in this mode is kept, since a
    sparse matrix would otherwise add their costs up.
    """

    def __init__(self, graph: RoadGraph, seconds: FloatArray) -> None:
        ahead = np.flatnonzero((graph.flags & FORWARD > 0) & (graph.u != graph.v))
        back = np.flatnonzero((graph.flags & BACKWARD > 0) & (graph.u != graph.v))
        tail = np.concatenate([graph.u[ahead], graph.v[back]]).astype(np.int64)
        head = np.concatenate([graph.v[ahead], graph.u[back]]).astype(np.int64)
        segment = np.concatenate([ahead, back])
        cost = seconds[segment]
        order = np.lexsort((cost, tail, head))
        first = np.ones(len(order), dtype=bool)
        first[1:] = (np.diff(head[order]) != 0) | (np.diff(tail[order]) != 0)
        order = order[first]
        self.n_nodes = graph.n_nodes
        self._tail, self._head = tail[order], head[order]
        self._segment = segment[order]
        self._ahead = (np.arange(len(tail)) < len(ahead))[order]
        self._cost = cost[order]
        self._keys = self._head * self.n_nodes + self._tail
        counts = np.bincount(self._head, minlength=self.n_nodes)
        self._indptr = np.concatenate([[0], np.cumsum(counts)])

    def search(self, seeds: dict[int, float], limit_s: float) -> Tree:
        """Find the quickest way to a target that is `seeds[node]` seconds beyond each seed node."""
        target = self.n_nodes
        nodes = np.fromiter(seeds, dtype=np.int64)
        costs = np.maximum(np.fromiter(seeds.values(), dtype=np.float64), 1e-9)
        size = len(self._cost) + len(nodes)
        links = csr_matrix(
            (
                np.concatenate([self._cost, costs]),
                np.concatenate([self._tail, nodes]),
                np.append(self._indptr, size),
            ),
            shape=(target + 1, target + 1),
        )
        seconds, towards = dijkstra(
            links, directed=True, indices=np.array([target]), limit=limit_s, return_predecessors=True
        )
        return Tree(target, seconds[0], towards[0])

    def arc(self, tail: int, head: int) -> tuple[int, bool]:
        """Return the segment driven from tail to head, and whether along its drawing."""
        at = int(np.searchsorted(self._keys, head * self.n_nodes + tail))
        return int(self._segment[at]), bool(self._ahead[at])

    def metres(self, tree: Tree, lengths: FloatArray, seed_m: dict[int, float]) -> FloatArray:
        """Return the length of the way from every node the tree reached, in metres.

        Lengths are summed along the tree by pointer doubling: each round every node takes
        over the sum of the node it points to and then points twice as far.
        """
        reached = np.flatnonzero(np.isfinite(tree.seconds[: tree.target]))
        compact = np.full(tree.target + 1, len(reached))
        compact[reached] = np.arange(len(reached))
        onward = tree.towards[reached].astype(np.int64)
        last = onward == tree.target
        total = np.zeros(len(reached) + 1)
        at = np.searchsorted(self._keys, onward[~last] * self.n_nodes + reached[~last])
        total[:-1][~last] = lengths[self._segment[at]]
        total[:-1][last] = [seed_m[int(node)] for node in reached[last]]
        pointer = np.append(compact[onward], len(reached))
        while (pointer != len(reached)).any():
            total += total[pointer]
            pointer = pointer[pointer]
        metres = np.full(tree.target, np.inf)
        metres[reached] = total[:-1]
        return metres

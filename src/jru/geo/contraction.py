"""From ways to a graph: cut them where roads meet, keep the part that hangs together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from jru.geo.errors import MapUnreadable
from jru.geo.projection import FloatArray, degrees_of, step_lengths_m
from jru.geo.road_tags import WayMeaning
from jru.geo.roads import BACKWARD, FORWARD, RoadGraph


@dataclass(frozen=True, eq=False)
class DrivableWay:
    """A way of the map file and the ids of its nodes."""

    meaning: WayMeaning
    nodes: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Segment:
    u: int
    v: int
    points: NDArray[np.int32]
    meaning: WayMeaning


def contract(
    ways: list[DrivableWay],
    known: NDArray[np.int64],
    places: NDArray[np.int32],
    meta: dict[str, Any],
) -> RoadGraph:
    """Build the graph of ways whose nodes `known` (sorted ids) lie at `places` (1e-7 degrees).

    Raises MapUnreadable when nothing drivable is left.
    """
    segments = _cut(ways, known, places)
    if not segments:
        raise MapUnreadable("no road has coordinates; the extract lacks its nodes")
    return _largest_part(segments, meta)


def _cut(ways: list[DrivableWay], known: NDArray[np.int64], places: NDArray[np.int32]) -> list[_Segment]:
    """Cut every way where roads meet, and drop the nodes in between."""
    uses = np.zeros(len(known), dtype=np.int32)
    runs: list[tuple[DrivableWay, NDArray[np.intp]]] = []
    for way in ways:
        for run in _known_runs(way.nodes, known):
            np.add.at(uses, run, 1)
            uses[run[0]] += 1
            uses[run[-1]] += 1
            runs.append((way, run))
    segments: list[_Segment] = []
    for way, run in runs:
        cuts = np.flatnonzero(uses[run] >= 2)
        segments.extend(
            _Segment(int(run[a]), int(run[b]), places[run[a : b + 1]], way.meaning)
            for a, b in pairwise(cuts.tolist())
        )
    return segments


def _known_runs(nodes: NDArray[np.int64], known: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """Split a way where a clipped extract lacks a node, so that no edge leaps the gap."""
    if len(known) == 0:
        return []
    index = np.minimum(np.searchsorted(known, nodes), len(known) - 1)
    gaps = np.flatnonzero(known[index] != nodes)
    runs = (index[a + 1 : b] for a, b in pairwise([-1, *gaps.tolist(), len(nodes)]))
    return [run for run in runs if len(run) >= 2]


def _largest_part(segments: list[_Segment], meta: dict[str, Any]) -> RoadGraph:
    """Keep the largest strongly connected part and number its nodes from zero."""
    u, v = (np.array([getattr(s, end) for s in segments], dtype=np.int64) for end in "uv")
    old, ends = np.unique(np.concatenate([u, v]), return_inverse=True)
    u, v = ends[: len(segments)], ends[len(segments) :]
    flags = np.array([s.meaning.flags for s in segments])
    lengths = np.array([step_lengths_m(degrees_of(s.points)).sum() for s in segments])
    ahead, back = (flags & FORWARD) > 0, (flags & BACKWARD) > 0
    tails, heads = np.concatenate([u[ahead], v[back]]), np.concatenate([v[ahead], u[back]])
    links = csr_matrix((np.ones(len(tails)), (tails, heads)), shape=(len(old), len(old)))
    n_parts, part = connected_components(links, directed=True, connection="strong")
    within = part[u] == part[v]
    biggest = int(np.bincount(part[u[within]], lengths[within], minlength=n_parts).argmax())
    kept = within & (part[u] == biggest)
    inside = np.flatnonzero(part == biggest)
    renumber = np.full(len(old), -1, dtype=np.int32)
    renumber[inside] = np.arange(len(inside), dtype=np.int32)
    chosen = [s for s, keep in zip(segments, kept.tolist(), strict=True) if keep]
    if not chosen:
        raise MapUnreadable("no road leads back to where it began; check the one-way tags")
    meta = {
        **meta,
        "parts": int(n_parts),
        "outside_km": round(float(lengths[~kept].sum()) / 1000, 3),
        "inside_km": round(float(lengths[kept].sum()) / 1000, 3),
    }
    return _pack(chosen, renumber[u[kept]], renumber[v[kept]], lengths[kept], meta)


def _pack(
    segments: list[_Segment],
    u: NDArray[np.int32],
    v: NDArray[np.int32],
    lengths: FloatArray,
    meta: dict[str, Any],
) -> RoadGraph:
    nodes = np.zeros((int(max(u.max(initial=-1), v.max(initial=-1))) + 1, 2), dtype=np.int32)
    nodes[u] = [s.points[0] for s in segments]
    nodes[v] = [s.points[-1] for s in segments]
    meanings = [s.meaning for s in segments]
    names, name_id = _indexed([m.name for m in meanings])
    refs, ref_id = _indexed([m.ref for m in meanings])
    return RoadGraph(
        node_e7=nodes,
        u=u,
        v=v,
        length_m=lengths,
        road_class=np.array([m.road_class for m in meanings], dtype=np.uint8),
        limit_kmh=np.array([m.limit_kmh for m in meanings], dtype=np.uint8),
        flags=np.array([m.flags for m in meanings], dtype=np.uint8),
        geom_ptr=np.cumsum([0, *(len(s.points) for s in segments)], dtype=np.int64),
        geom_e7=np.concatenate([s.points for s in segments]),
        name_id=name_id,
        ref_id=ref_id,
        names=names,
        refs=refs,
        meta=meta,
    )


def _indexed(texts: list[str]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    table = ("", *sorted(set(texts) - {""}))
    position = {text: index for index, text in enumerate(table)}
    return table, np.array([position[text] for text in texts], dtype=np.int32)

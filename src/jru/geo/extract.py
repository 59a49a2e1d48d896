"""Read an OpenStreetMap file (XML or PBF) into a road graph.

The same reader takes the embedded schematic network and a real extract. Turn
restrictions are counted, not honoured; the count stands in the graph's `meta`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from jru.geo.errors import MapUnreadable
from jru.geo.projection import E7, FloatArray, step_lengths_m
from jru.geo.road_tags import WayMeaning, read_way
from jru.geo.roads import BACKWARD, FORWARD, RoadGraph

BUILD_VERSION: Final = "jru-roads-1"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class _Way:
    meaning: WayMeaning
    nodes: NDArray[np.int64]


@dataclass(frozen=True)
class _Segment:
    u: int
    v: int
    points: NDArray[np.int32]
    meaning: WayMeaning


def read_graph(path: Path) -> RoadGraph:
    """Build the road graph of an OSM file; raise MapUnreadable with the file and the reason.

    Nodes are kept only where roads meet or end, and only the largest part within which
    every place can be reached from every other; `meta` tells how much was left outside.
    """
    try:
        ways, restrictions = _read_ways(path)
        if not ways:
            raise MapUnreadable(f"{path}: holds no road that can be driven")
        places = _read_places(path, np.unique(np.concatenate([way.nodes for way in ways])))
        digest = _sha256(path)
        header = _read_header(path)
    except (RuntimeError, OSError) as error:
        raise MapUnreadable(f"{path}: cannot be read as OpenStreetMap data ({error})") from error
    segments = _contract(ways, *places)
    if not segments:
        raise MapUnreadable(f"{path}: no road has coordinates; the extract lacks its nodes")
    meta = {
        "build": BUILD_VERSION,
        "source_sha256": digest,
        "restrictions_not_modelled": restrictions,
        **header,
    }
    return _largest_part(segments, meta)


def _read_ways(path: Path) -> tuple[list[_Way], int]:
    ways: list[_Way] = []
    for way in osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(
        osmium.filter.KeyFilter("highway")
    ):
        meaning = read_way(way.tags.get)
        if meaning is None:
            continue
        nodes = np.fromiter((n.ref for n in way.nodes), dtype=np.int64)
        moved = np.ones(len(nodes), dtype=bool)
        moved[1:] = nodes[1:] != nodes[:-1]
        if moved.sum() >= 2:
            ways.append(_Way(meaning, nodes[moved]))
    restrictions = sum(
        1
        for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION).with_filter(
            osmium.filter.TagFilter(("type", "restriction"))
        )
        if relation.is_relation()
    )
    return ways, restrictions


def _read_places(
    path: Path, wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the ids found, sorted, and their lon/lat in 1e-7 degrees."""
    ids: list[int] = []
    xy: list[tuple[int, int]] = []
    for node in osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(
        osmium.filter.IdFilter(wanted.tolist())
    ):
        if node.location.valid():
            ids.append(node.id)
            xy.append((node.location.x, node.location.y))
    found = np.array(ids, dtype=np.int64)
    places = np.array(xy, dtype=np.int32).reshape(-1, 2)
    order = np.argsort(found, kind="stable")
    return found[order], places[order]


def _read_header(path: Path) -> dict[str, str]:
    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        header = reader.header()
        return {
            "generator": header.get("generator", ""),
            "osm_timestamp": header.get("osmosis_replication_timestamp", ""),
        }


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _contract(
    ways: list[_Way], known: NDArray[np.int64], places: NDArray[np.int32]
) -> list[_Segment]:
    """Cut every way where roads meet, and drop the nodes in between."""
    uses = np.zeros(len(known), dtype=np.int32)
    runs: list[tuple[_Way, NDArray[np.intp]]] = []
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
    runs = (
        index[a + 1 : b] for a, b in pairwise([-1, *gaps.tolist(), len(nodes)])
    )
    return [run for run in runs if len(run) >= 2]


def _largest_part(segments: list[_Segment], meta: dict[str, Any]) -> RoadGraph:
    """Keep the largest strongly connected part and number its nodes from zero."""
    u, v = (np.array([getattr(s, end) for s in segments], dtype=np.int64) for end in "uv")
    old, ends = np.unique(np.concatenate([u, v]), return_inverse=True)
    u, v = ends[: len(segments)], ends[len(segments) :]
    flags = np.array([s.meaning.flags for s in segments])
    lengths = np.array([step_lengths_m(s.points * E7).sum() for s in segments])
    ahead, back = (flags & FORWARD) > 0, (flags & BACKWARD) > 0
    tails, heads = np.concatenate([u[ahead], v[back]]), np.concatenate([v[ahead], u[back]])
    links = csr_matrix((np.ones(len(tails)), (tails, heads)), shape=(len(old), len(old)))
    n_parts, part = connected_components(links, directed=True, connection="strong")
    biggest = int(np.bincount(part, minlength=n_parts).argmax())
    kept = (part[u] == biggest) & (part[v] == biggest)
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

"""Read an OpenStreetMap file (XML or PBF) into a road graph.

The same reader takes the embedded schematic network and a real extract. Turn
restrictions are counted, not honoured; the count stands in the graph's `meta`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import numpy as np
import osmium
from numpy.typing import NDArray

from jru.geo.contraction import DrivableWay, contract
from jru.geo.errors import MapUnreadable
from jru.geo.road_tags import read_way
from jru.geo.roads import RoadGraph

BUILD_VERSION: Final = "jru-roads-1"
_CHUNK: Final = 1 << 20


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
    meta = {
        "build": BUILD_VERSION,
        "source_sha256": digest,
        "restrictions_not_modelled": restrictions,
        **header,
    }
    try:
        return contract(ways, *places, meta)
    except MapUnreadable as error:
        raise MapUnreadable(f"{path}: {error}") from error


def _read_ways(path: Path) -> tuple[list[DrivableWay], int]:
    ways: list[DrivableWay] = []
    for way in osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(
        osmium.filter.KeyFilter("highway")
    ):
        meaning = read_way(way.tags.get) if isinstance(way, osmium.osm.Way) else None
        if meaning is None or not isinstance(way, osmium.osm.Way):
            continue
        nodes = np.array([node.ref for node in way.nodes], dtype=np.int64)
        moved = np.ones(len(nodes), dtype=np.bool_)
        moved[1:] = nodes[1:] != nodes[:-1]
        if moved.sum() >= 2:
            ways.append(DrivableWay(meaning, nodes[moved]))
    restrictions = sum(
        1
        for _ in osmium.FileProcessor(str(path), osmium.osm.RELATION).with_filter(
            osmium.filter.TagFilter(("type", "restriction"))
        )
    )
    return ways, restrictions


def _read_places(path: Path, wanted: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the ids found, sorted, and their lon/lat in 1e-7 degrees."""
    ids: list[int] = []
    xy: list[tuple[int, int]] = []
    for node in osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(
        osmium.filter.IdFilter(wanted.tolist())
    ):
        if isinstance(node, osmium.osm.Node) and node.location.valid():
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

"""The road graph: plain arrays, saved and loaded without pickle."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from jru.geo.errors import GraphInvalid
from jru.geo.projection import FloatArray, degrees_of

FORMAT_VERSION: Final = 1

ROAD_CLASSES: Final = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
)

FORWARD: Final = 1  # may be driven from u to v
BACKWARD: Final = 2  # may be driven from v to u
BRIDGE: Final = 4
TUNNEL: Final = 8


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """Road segments between junctions; one row per segment, both directions in its flags.

    `node_e7` i4[n,2] and `geom_e7` i4[p,2] hold lon, lat in units of 1e-7 degrees;
    `geom_ptr` i8[s+1] cuts `geom_e7` into one polyline per segment, drawn from u to v.
    `limit_kmh` is 0 where no limit is posted. `names` and `refs` are looked up by
    `name_id` and `ref_id`, entry 0 being the empty string. `meta` is JSON-like.
    """

    node_e7: NDArray[np.int32]
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    length_m: FloatArray
    road_class: NDArray[np.uint8]
    limit_kmh: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    geom_ptr: NDArray[np.int64]
    geom_e7: NDArray[np.int32]
    name_id: NDArray[np.int32]
    ref_id: NDArray[np.int32]
    names: tuple[str, ...]
    refs: tuple[str, ...]
    meta: dict[str, Any]

    @property
    def n_nodes(self) -> int:
        """Count the junctions and road ends."""
        return len(self.node_e7)

    @property
    def n_segments(self) -> int:
        """Count the pieces of road between them."""
        return len(self.u)

    @property
    def node_lonlat(self) -> FloatArray:
        """Return (n, 2) lon/lat degrees of the nodes."""
        return degrees_of(self.node_e7)

    def line(self, segment: int) -> FloatArray:
        """Return the (k, 2) lon/lat polyline of one segment, from u to v."""
        return degrees_of(self.geom_e7[self.geom_ptr[segment] : self.geom_ptr[segment + 1]])

    def save(self, path: Path) -> None:
        """Write the graph as an .npz file of plain arrays."""
        arrays = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _TEXTS}
        for text in _TEXTS:
            raw = json.dumps(getattr(self, text), sort_keys=True).encode()
            arrays[text] = np.frombuffer(raw, dtype=np.uint8)
        arrays["format_version"] = np.array([FORMAT_VERSION], dtype=np.int32)
        with path.open("wb") as out:
            np.savez_compressed(out, **arrays)

    @classmethod
    def load(cls, path: Path) -> RoadGraph:
        """Read a graph written by `save`; raise GraphInvalid when it cannot be trusted."""
        try:
            with path.open("rb") as source, np.load(source, allow_pickle=False) as stored:
                arrays: dict[str, Any] = {key: stored[key] for key in stored.files}
            for text in _TEXTS:
                arrays[text] = json.loads(arrays[text].tobytes())
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
            raise GraphInvalid(f"{path}: not a road graph ({error!r}); build it again") from error
        version = arrays.pop("format_version", np.array([0]))
        if int(version[0]) != FORMAT_VERSION:
            raise GraphInvalid(f"{path}: graph format {int(version[0])}, expected {FORMAT_VERSION}")
        missing = {f.name for f in fields(cls)} ^ set(arrays)
        if missing:
            raise GraphInvalid(f"{path}: unexpected or missing arrays {sorted(missing)}")
        arrays["names"], arrays["refs"] = tuple(arrays["names"]), tuple(arrays["refs"])
        graph = cls(**arrays)
        _check(graph, path)
        return graph


_TEXTS: Final = ("names", "refs", "meta")


def _check(graph: RoadGraph, path: Path) -> None:
    n, s = graph.n_nodes, graph.n_segments
    per_segment = (graph.v, graph.length_m, graph.road_class, graph.limit_kmh, graph.flags)
    sound = (
        all(len(column) == s for column in (*per_segment, graph.name_id, graph.ref_id))
        and len(graph.geom_ptr) == s + 1
        and int(graph.geom_ptr[-1]) == len(graph.geom_e7)
        and (s == 0 or bool((np.diff(graph.geom_ptr) >= 2).all()))
        and _within(graph.u, n)
        and _within(graph.v, n)
        and _within(graph.road_class, len(ROAD_CLASSES))
        and _within(graph.name_id, len(graph.names))
        and _within(graph.ref_id, len(graph.refs))
        and bool(np.isfinite(graph.length_m).all())
    )
    if not sound:
        raise GraphInvalid(f"{path}: arrays contradict each other; build it again")


def _within(index: NDArray[Any], size: int) -> bool:
    return len(index) == 0 or (int(index.min()) >= 0 and int(index.max()) < size)

"""Polylines: a route with its times, and the whole network for the map."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from jru.geo.journey import LonLat
from jru.geo.projection import FloatArray, haversine_m, step_lengths_m
from jru.geo.roads import BACKWARD, BRIDGE, FORWARD, ROAD_CLASSES, TUNNEL, RoadGraph


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of one segment, driven from share `begin` to share `end` of its length."""

    segment: int
    begin: float
    end: float


def draw(
    graph: RoadGraph,
    segment_s: FloatArray,
    legs: list[Leg],
    origin: LonLat,
    target: LonLat,
    access_m_per_s: float,
) -> tuple[list[LonLat], list[float], float]:
    """Join legs and both access lines; return points, seconds from the start, and metres."""
    points: list[LonLat] = [origin]
    seconds: list[float] = [0.0]
    distance_m = 0.0

    def step_to(place: LonLat, step_s: float) -> None:
        if place != points[-1] or step_s > 0:
            points.append(place)
            seconds.append(seconds[-1] + step_s)

    for leg in legs:
        places, shares = _part(graph.line(leg.segment), leg.begin, leg.end)
        if leg is legs[0]:
            access_m = haversine_m(origin, places[0])
            distance_m += access_m
            step_to(places[0], access_m / access_m_per_s)
        cost = float(segment_s[leg.segment])
        for place, (before, after) in zip(places[1:], pairwise(shares), strict=True):
            step_to(place, abs(after - before) * cost)
        distance_m += abs(leg.end - leg.begin) * float(graph.length_m[leg.segment])
    access_m = haversine_m(points[-1], target)
    step_to(target, access_m / access_m_per_s)
    return points, seconds, distance_m + access_m


def _part(line: FloatArray, begin: float, end: float) -> tuple[list[LonLat], list[float]]:
    """Cut a polyline between two shares of its length, in driving direction."""
    steps = step_lengths_m(line)
    total = float(steps.sum())
    at = np.concatenate([[0.0], np.cumsum(steps)]) / total if total > 0 else np.zeros(len(line))
    low, high = min(begin, end), max(begin, end)
    inner = at[(at > low) & (at < high)].tolist()
    shares = [low, *inner, high]
    places = [(float(np.interp(s, at, line[:, 0])), float(np.interp(s, at, line[:, 1]))) for s in shares]
    if begin > end:
        places.reverse()
        shares.reverse()
    return places, shares


def road_features(graph: RoadGraph) -> dict[str, Any]:
    """Return every segment as a GeoJSON LineString with class, ref, name and structure."""
    features = []
    for i in range(graph.n_segments):
        flags = int(graph.flags[i])
        both = flags & FORWARD and flags & BACKWARD
        properties = {
            "class": ROAD_CLASSES[int(graph.road_class[i])],
            "ref": graph.refs[int(graph.ref_id[i])],
            "name": graph.names[int(graph.name_id[i])],
            "oneway": not both,
            "bridge": bool(flags & BRIDGE),
            "tunnel": bool(flags & TUNNEL),
        }
        line = np.round(graph.line(i), 6).tolist()
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "LineString", "coordinates": line},
            }
        )
    return {"type": "FeatureCollection", "features": features}

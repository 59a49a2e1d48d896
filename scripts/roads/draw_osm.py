"""Write the schematic network of north Kent as OpenStreetMap XML.

    python scripts/roads/draw_osm.py

Reads network/*.txt and places.txt beside this file, writes
src/jru/blueprints/north_kent/roads.osm, and prints what it drew and every road end that
lies suspiciously near another road.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import quoteattr

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from curves import rounded  # noqa: E402
from network import LonLat, Place, Point, Stretch, read_places, read_stretches  # noqa: E402

OUTPUT = HERE.parents[1] / "src/jru/blueprints/north_kent/roads.osm"
CARRIAGEWAY_OFFSET_M = 9.0
PLACE_TAG = {"hospital": "amenity", "police": "amenity", "motorway_junction": "highway"}
NOTE = (
    "Schematic main-road network of north Kent, drawn by hand for jru: planning, training "
    "and demonstration only, never for navigation. Not derived from OpenStreetMap data. "
    "Some points carry over figures of data.police.uk street anchors (contains public sector "
    "information licensed under the Open Government Licence v3.0)."
)


class Drawing:
    """Collects nodes and ways and numbers them in order of first use."""

    def __init__(self) -> None:
        self.nodes: dict[str, tuple[int, LonLat]] = {}
        self.ways: list[tuple[list[int], dict[str, str]]] = []

    def node(self, key: str, lonlat: LonLat) -> int:
        """Return the id of the node with this key, creating it on first use."""
        if key not in self.nodes:
            self.nodes[key] = (len(self.nodes) + 1, lonlat)
        return self.nodes[key][0]

    def road(self, stretch: Stretch) -> None:
        """Draw one stretch, a dual carriageway as two one-way roads."""
        tags = _tags(stretch)
        if stretch.shape != "dual":
            self.ways.append(([self.node(p.key, p.lonlat) for p in stretch.points], tags))
            return
        for points in (stretch.points, stretch.points[::-1]):
            self.ways.append((self._carriageway(points), tags))

    def _carriageway(self, points: list[Point]) -> list[int]:
        ids = []
        for i, point in enumerate(points):
            if point.named:
                ids.append(self.node(point.key, point.lonlat))
                continue
            before, after = points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]
            left = _left_of(before.lonlat, point.lonlat, after.lonlat)
            ids.append(self.node(f"{point.key} {before.key}>{after.key}", left))
        return ids


def roads(stretches: list[Stretch]) -> list[list[Stretch]]:
    """Gather the stretches that continue each other, so that curves run through."""
    gathered: list[list[Stretch]] = []
    for stretch in stretches:
        last = gathered[-1][-1] if gathered else None
        if last and last.points[-1] == stretch.points[0] and last.shape == stretch.shape:
            gathered[-1].append(stretch)
        else:
            gathered.append([stretch])
    return gathered


def rounded_road(road: list[Stretch]) -> list[Stretch]:
    """Insert the points of the curve through a road into each of its stretches."""
    line = [road[0].points[0], *(point for s in road for point in s.points[1:])]
    spans = iter(rounded([point.lonlat for point in line]))
    curved = []
    for stretch in road:
        points = [stretch.points[0]]
        for end in stretch.points[1:]:
            start = points[-1].key
            points.extend(
                Point(f"{start}~{end.key}~{number}", lonlat, named=False)
                for number, lonlat in enumerate(next(spans), 1)
            )
            points.append(end)
        curved.append(replace(stretch, points=points))
    return curved


def _left_of(before: LonLat, at: LonLat, after: LonLat) -> LonLat:
    """Move a point to the left of the driving direction: traffic keeps left."""
    metres_lat = 111_195.0
    metres_lon = metres_lat * math.cos(math.radians(at[1]))
    east, north = (after[0] - before[0]) * metres_lon, (after[1] - before[1]) * metres_lat
    scale = CARRIAGEWAY_OFFSET_M / (math.hypot(east, north) or 1.0)
    return at[0] - north * scale / metres_lon, at[1] + east * scale / metres_lat


def _tags(stretch: Stretch) -> dict[str, str]:
    tags = {
        "highway": stretch.road_class,
        "maxspeed": f"{stretch.mph} mph",
        "source": "jru schematic",
    }
    if stretch.ref:
        tags["ref"] = stretch.ref
    if stretch.name:
        tags["name"] = stretch.name
    if stretch.shape:
        tags["oneway"] = "yes"
    if stretch.structure:
        tags[stretch.structure] = "yes"
        tags["layer"] = "1" if stretch.structure == "bridge" else "-1"
    return dict(sorted(tags.items()))


def as_xml(drawing: Drawing, places: list[Place]) -> str:
    """Return the OSM XML document, places first."""
    lines = [
        "<?xml version='1.0' encoding='UTF-8'?>",
        '<osm version="0.6" generator="jru schematic" copyright="the jru authors" '
        f"attribution={quoteattr(NOTE)}>",
        f"  <note>{NOTE}</note>",
    ]
    first = len(drawing.nodes) + 1
    for number, (lon, lat) in drawing.nodes.values():
        lines.append(f'  <node id="{number}" lat="{lat:.6f}" lon="{lon:.6f}"/>')
    for number, place in enumerate(places, first):
        lon, lat = place.lonlat
        key = PLACE_TAG.get(place.kind, "place")
        lines.append(f'  <node id="{number}" lat="{lat:.6f}" lon="{lon:.6f}">')
        lines.append(f'    <tag k="{key}" v="{place.kind}"/>')
        lines.append(f'    <tag k="name" v={quoteattr(place.name)}/>')
        lines.append("  </node>")
    for number, (ids, tags) in enumerate(drawing.ways, 1):
        lines.append(f'  <way id="{number}">')
        lines.extend(f'    <nd ref="{node}"/>' for node in ids)
        lines.extend(f'    <tag k="{key}" v={quoteattr(value)}/>' for key, value in tags.items())
        lines.append("  </way>")
    return "\n".join([*lines, "</osm>", ""])


def near_misses(drawing: Drawing, within_m: float = 200.0) -> list[str]:
    """Return road ends that stop short of a road they probably should join."""
    used: dict[int, int] = defaultdict(int)
    place = {number: (key, lonlat) for key, (number, lonlat) in drawing.nodes.items()}
    for ids, _ in drawing.ways:
        for node in ids:
            used[node] += 1
    found = []
    for ids, tags in drawing.ways:
        for end in (ids[0], ids[-1]):
            if used[end] > 1:
                continue
            key, lonlat = place[end]
            for other, other_tags in drawing.ways:
                if other is ids:
                    continue
                gap = min(_gap_m(lonlat, place[a][1], place[b][1]) for a, b in pairwise(other))
                if gap < within_m:
                    found.append(f"{key} of {tags.get('name')}: {gap:.0f} m from {other_tags}")
    return found


def _gap_m(p: LonLat, a: LonLat, b: LonLat) -> float:
    scale = (111_195.0 * math.cos(math.radians(p[1])), 111_195.0)
    (ax, ay), (bx, by) = (((q[0] - p[0]) * scale[0], (q[1] - p[1]) * scale[1]) for q in (a, b))
    dx, dy = bx - ax, by - ay
    span = dx * dx + dy * dy
    t = 0.0 if span == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / span))
    return math.hypot(ax + t * dx, ay + t * dy)


def main() -> None:
    """Draw the network and report on it."""
    drawing = Drawing()
    for road in roads(read_stretches(sorted((HERE / "network").glob("*.txt")))):
        for stretch in rounded_road(road):
            drawing.road(stretch)
    OUTPUT.write_text(as_xml(drawing, read_places(HERE / "places.txt")), "utf-8")
    sys.stdout.write(f"{len(drawing.nodes)} nodes, {len(drawing.ways)} ways -> {OUTPUT}\n")
    for line in near_misses(drawing):
        sys.stdout.write(f"road end near another road: {line}\n")


if __name__ == "__main__":
    main()

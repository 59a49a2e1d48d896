"""Write the simplified outlines of the four districts.

    python scripts/roads/simplify_districts.py DISTRICTS.geojson

DISTRICTS.geojson: generalised ONS district or ward outlines with properties `name`.
Borders between districts stay shared (a coverage is simplified, not each outline alone).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import shapely

from jru.geo.projection import MetrePlane

OUTPUT = Path(__file__).resolve().parents[2] / "src/jru/blueprints/north_kent/districts.geojson"
NAMES = ("Medway", "Swale", "Dartford", "Gravesham")
SMALLEST_ISLAND_M2 = 1_000_000
TOLERANCE_M = 260.0
ATTRIBUTION = (
    "Simplified by the jru authors from generalised boundaries. Contains Ordnance Survey, Office "
    "of National Statistics, National Records Scotland and LPS Intellectual Property data (c) "
    "Crown copyright and database right 2016. Licensed under the Open Government Licence v3.0."
)


def main(source: Path) -> None:
    """Simplify, round to about a metre, and write GeoJSON."""
    features = json.loads(source.read_text("utf-8"))["features"]
    shapes = {f["properties"]["name"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in features}
    flat = [shapes[name] for name in NAMES]
    plane = MetrePlane.around(np.concatenate([shapely.get_coordinates(s) for s in flat]))
    metres = [shapely.transform(shape, plane.metres) for shape in flat]
    mainland = [
        shapely.multipolygons([p for p in shapely.get_parts(s) if p.area > SMALLEST_ISLAND_M2])
        for s in metres
    ]
    coarse = shapely.coverage_simplify(mainland, TOLERANCE_M)
    written = []
    for name, shape in zip(NAMES, coarse, strict=True):
        degrees = shapely.transform(shapely.normalize(shape), plane.degrees)
        rounded = shapely.set_precision(degrees, 0.00001)
        sys.stdout.write(f"{name}: {len(shapely.get_coordinates(rounded))} points\n")
        written.append(
            {
                "type": "Feature",
                "properties": {"id": name.lower(), "name": name},
                "geometry": json.loads(shapely.to_geojson(rounded)),
            }
        )
    collection = {"type": "FeatureCollection", "attribution": ATTRIBUTION, "features": written}
    OUTPUT.write_text(json.dumps(collection, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Which district a place belongs to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import ShapelyError

from jru.geo.errors import OutlinesInvalid
from jru.geo.journey import check_place
from jru.geo.projection import MetrePlane

# The outlines are simplified, and a call from the water's edge still belongs to somebody.
_NEAR_M: Final = 300.0


@dataclass(frozen=True, eq=False)
class Area:
    """The outlines of a scheme's districts; safe to share between threads."""

    ids: tuple[str, ...]
    geojson: dict[str, Any]
    _plane: MetrePlane
    _outlines: tuple[shapely.Geometry, ...]

    @classmethod
    def from_geojson(cls, text: str) -> Area:
        """Read a FeatureCollection whose features have properties `id` and `name`.

        Raises OutlinesInvalid naming the feature that is wrong.
        """
        try:
            collection = json.loads(text)
            features = collection["features"]
            ids = tuple(str(feature["properties"]["id"]) for feature in features)
            shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in features]
        except (ValueError, KeyError, TypeError, ShapelyError) as error:
            raise OutlinesInvalid(f"district outlines: {error!r}") from error
        for name, shape in zip(ids, shapes, strict=True):
            if shape.is_empty or not shape.is_valid:
                reason = shapely.is_valid_reason(shape)
                raise OutlinesInvalid(f"district outlines: {name}: {reason}")
        if not ids or len(set(ids)) != len(ids):
            raise OutlinesInvalid("district outlines: each district needs an id of its own")
        plane = MetrePlane.around(np.concatenate([shapely.get_coordinates(s) for s in shapes]))
        flat = tuple(shapely.transform(shape, plane.metres) for shape in shapes)
        for shape in flat:
            shapely.prepare(shape)
        return cls(ids, collection, plane, flat)

    def district_of(self, lon: float, lat: float) -> str | None:
        """Return the id of the district of a place, or None outside all of them.

        A place up to 300 m outside counts to the nearest. Raises PlaceInvalid.
        """
        check_place((lon, lat))
        point = shapely.Point(self._plane.metres(np.array([[lon, lat]]))[0])
        distances = [float(shapely.distance(outline, point)) for outline in self._outlines]
        nearest = min(range(len(distances)), key=distances.__getitem__)
        return self.ids[nearest] if distances[nearest] <= _NEAR_M else None


@cache
def load_embedded_area() -> Area:
    """Read the simplified outlines of Medway, Swale, Dartford and Gravesham."""
    source = files("jru") / "blueprints" / "north_kent" / "districts.geojson"
    return Area.from_geojson(source.read_text("utf-8"))


def district_of(lon: float, lat: float) -> str | None:
    """Return `medway`, `swale`, `dartford`, `gravesham` or None for a place."""
    return load_embedded_area().district_of(lon, lat)

"""Distances on the ground, and a flat metre plane for a county-sized area."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_008.8
E7 = 1e-7  # OpenStreetMap stores degrees as whole multiples of this

FloatArray = NDArray[np.float64]


def degrees_of(e7: NDArray[np.int32]) -> FloatArray:
    """Turn OpenStreetMap's whole numbers into degrees."""
    return e7.astype(np.float64) * E7


def haversine_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance in metres between two (lon, lat) points."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (*a, *b))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def step_lengths_m(lonlat: FloatArray) -> FloatArray:
    """Return the great-circle length in metres of each step of a (n, 2) lon/lat line."""
    rad = np.radians(lonlat)
    d_lon, d_lat = np.diff(rad[:, 0]), np.diff(rad[:, 1])
    half = np.sin(d_lat / 2) ** 2 + np.cos(rad[:-1, 1]) * np.cos(rad[1:, 1]) * np.sin(d_lon / 2) ** 2
    lengths: FloatArray = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return lengths


@dataclass(frozen=True)
class MetrePlane:
    """An equirectangular plane; within 100 km of its origin lengths are within about 1 %."""

    lon0: float
    lat0: float

    @classmethod
    def around(cls, lonlat: FloatArray) -> MetrePlane:
        """Centre the plane on the bounding box of a (n, 2) lon/lat array."""
        low, high = lonlat.min(axis=0), lonlat.max(axis=0)
        return cls(float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)

    @property
    def _scale(self) -> FloatArray:
        per_degree = math.radians(1) * EARTH_RADIUS_M
        return np.array([per_degree * math.cos(math.radians(self.lat0)), per_degree])

    def metres(self, lonlat: FloatArray) -> FloatArray:
        """Project (n, 2) lon/lat degrees to metres east and north of the origin."""
        flat: FloatArray = (lonlat - np.array([self.lon0, self.lat0])) * self._scale
        return flat

    def degrees(self, metres: FloatArray) -> FloatArray:
        """Turn (n, 2) metres back into lon/lat degrees."""
        lonlat: FloatArray = metres / self._scale + np.array([self.lon0, self.lat0])
        return lonlat

"""What a travel question is answered with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from jru.geo.errors import PlaceInvalid

LonLat = tuple[float, float]

ROAD: Final = "road"
NO_MAP: Final = "no-map"
DOUBTFUL_SNAP_M: Final = 150.0
DEFAULT_LIMIT_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Travel:
    """Time and distance of one journey, and how far they may be trusted.

    `eta_s` and `distance_m` are None exactly when `beyond_limit` is true: no way was found
    within the limit that was asked for. `snap_m` is the larger of the distances of the
    two places from the road used. Mobilisation time is never included.
    """

    eta_s: float | None
    distance_m: float | None
    method: str
    mode: str
    beyond_limit: bool
    snap_m: float
    calibrated: bool
    table_version: str

    @property
    def doubtful(self) -> bool:
        """Tell whether a place lies so far off the road that the time is a poor guess."""
        return self.method != ROAD or self.snap_m > DOUBTFUL_SNAP_M


@dataclass(frozen=True, slots=True)
class Route:
    """A drawn journey; `seconds[i]` is the time from the start to `points[i]` (lon, lat)."""

    points: list[LonLat]
    seconds: list[float]
    distance_m: float
    eta_s: float
    method: str
    mode: str
    snap_m: float
    table_version: str

    def at(self, seconds: float) -> LonLat:
        """Return the place reached after so many seconds, held at both ends."""
        if seconds <= 0:
            return self.points[0]
        for i in range(1, len(self.points)):
            if seconds < self.seconds[i]:
                span = self.seconds[i] - self.seconds[i - 1]
                share = (seconds - self.seconds[i - 1]) / span
                (lon_a, lat_a), (lon_b, lat_b) = self.points[i - 1], self.points[i]
                return lon_a + share * (lon_b - lon_a), lat_a + share * (lat_b - lat_a)
        return self.points[-1]


class TravelTimes(Protocol):
    """The port that upper layers know: a road router or the estimate without a map."""

    def etas_to(
        self,
        target: LonLat,
        origins: Sequence[LonLat],
        *,
        mode: str = ...,
        limit_s: float = ...,
    ) -> list[Travel]:
        """Return one Travel per origin, in order."""
        ...

    def route(self, origin: LonLat, target: LonLat, *, mode: str = ...) -> Route:
        """Return the way to drive; raise RouteNotFound when there is none."""
        ...


def check_place(place: LonLat) -> LonLat:
    """Return the place; raise PlaceInvalid unless it is a (lon, lat) in degrees."""
    lon, lat = place
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise PlaceInvalid(f"place {place}: longitude and latitude must be finite numbers")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise PlaceInvalid(f"place {place}: outside -180..180, -90..90; give (lon, lat) in degrees")
    return place

"""Travel times before any map is loaded: a guess, and marked as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jru.geo.journey import (
    DEFAULT_LIMIT_S,
    NO_MAP,
    LonLat,
    Route,
    Travel,
    check_place,
)
from jru.geo.projection import haversine_m
from jru.geo.speeds import EMERGENCY, check_mode

# Neither value has been measured anywhere; an agency's own journeys must replace them.
GUESSED_DETOUR: Final = 1.3
GUESSED_KMH: Final = 40.0
TABLE_VERSION: Final = "no-map-guess-1"


@dataclass(frozen=True)
class NoMapRouter:
    """Straight line times a detour factor, at one speed in both modes."""

    detour: float = GUESSED_DETOUR
    speed_kmh: float = GUESSED_KMH

    def etas_to(
        self,
        target: LonLat,
        origins: Sequence[LonLat],
        *,
        mode: str = EMERGENCY,
        limit_s: float = DEFAULT_LIMIT_S,
    ) -> list[Travel]:
        """Return one estimate per origin, every one of them doubtful."""
        check_mode(mode)
        check_place(target)
        return [self._travel(check_place(origin), target, mode, limit_s) for origin in origins]

    def route(self, origin: LonLat, target: LonLat, *, mode: str = EMERGENCY) -> Route:
        """Return a straight line with the estimated time and distance."""
        check_mode(mode)
        distance_m = self._distance_m(check_place(origin), check_place(target))
        eta_s = self._seconds(distance_m)
        return Route(
            points=[origin, target],
            seconds=[0.0, eta_s],
            distance_m=distance_m,
            eta_s=eta_s,
            method=NO_MAP,
            mode=mode,
            snap_m=0.0,
            table_version=TABLE_VERSION,
        )

    def _travel(self, origin: LonLat, target: LonLat, mode: str, limit_s: float) -> Travel:
        distance_m = self._distance_m(origin, target)
        eta_s = self._seconds(distance_m)
        beyond = eta_s > limit_s
        return Travel(
            eta_s=None if beyond else eta_s,
            distance_m=None if beyond else distance_m,
            method=NO_MAP,
            mode=mode,
            beyond_limit=beyond,
            snap_m=0.0,
            calibrated=False,
            table_version=TABLE_VERSION,
        )

    def _distance_m(self, origin: LonLat, target: LonLat) -> float:
        return self.detour * haversine_m(origin, target)

    def _seconds(self, distance_m: float) -> float:
        return distance_m / (self.speed_kmh / 3.6)

"""How simulated vehicles get about: along the scheme's roads, or straight where there is no way."""

from __future__ import annotations

from typing import Final, Protocol

from jru.demo.places import distance_m
from jru.geo.errors import RouteNotFound
from jru.geo.journey import LonLat, Route
from jru.geo.nomap import NoMapRouter

BLUE: Final = "emergency"
NORMAL: Final = "normal"


class Router(Protocol):
    """What draws a way; `jru.geo.travel.Router` and `NoMapRouter` do."""

    def route(self, origin: LonLat, target: LonLat, *, mode: str = ...) -> Route:
        """Return the way to drive; raises RouteNotFound when there is none."""
        ...


class Driving:
    """Finds ways; the same ways always for the same places."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._straight = NoMapRouter()

    def way(self, origin: LonLat, target: LonLat, *, mode: str = BLUE) -> Route:
        """Return the way from one (lon, lat) to another."""
        try:
            return self._router.route(origin, target, mode=mode)
        except RouteNotFound:
            return self._straight.route(origin, target, mode=mode)

    def seconds(self, origin: LonLat, target: LonLat) -> float:
        """Return a quick estimate of the blue-light time, without drawing the way."""
        return self._straight.route(origin, target).eta_s if origin != target else 0.0


def nearby(a: LonLat, b: LonLat, within_m: float) -> bool:
    """Tell whether two places lie within some metres of each other."""
    return distance_m(a, b) <= within_m

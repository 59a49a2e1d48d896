"""What can go wrong with maps. The docstring of each error is its default message."""

from __future__ import annotations


class GeoError(Exception):
    """Something about the map or a place is wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class MapUnreadable(GeoError):
    """The map file cannot be read."""


class GraphInvalid(GeoError):
    """The saved road graph is damaged or of another version; build it again."""


class PlaceInvalid(GeoError, ValueError):
    """The place is not a longitude and latitude in degrees."""


class RouteNotFound(GeoError):
    """No road joins the two places within the search limit."""


class OutlinesInvalid(GeoError):
    """The district outlines cannot be read."""


class SpeedTableInvalid(GeoError):
    """The speed table is incomplete or contradicts itself."""

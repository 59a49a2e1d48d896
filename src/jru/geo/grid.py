"""Coarse grid cells, and checks that a place is where this product is used."""

from __future__ import annotations

import math
from typing import Final

from jru.geo.errors import PlaceInvalid
from jru.geo.journey import LonLat, check_place

# About 1 km by 1 km at 51.4 degrees north. A cell says which neighbourhood, never which street.
_LAT_STEP: Final = 0.009
_LON_STEP: Final = 0.0145
_COLUMNS: Final = math.ceil(360 / _LON_STEP)
_ROWS: Final = math.ceil(180 / _LAT_STEP)
# Consonants only: an id can neither spell a name nor be taken for a number.
_LETTERS: Final = "bcdfghjklmnpqrstvwxz"
_LENGTH: Final = 7

_UK_WEST, _UK_EAST, _UK_SOUTH, _UK_NORTH = -8.7, 1.8, 49.8, 60.9


def cell_of(lon: float, lat: float) -> str:
    """Return the id of the grid cell that contains a place: seven consonants.

    The grid is fixed on WGS84 and never changes, so that ids stay comparable for ever.
    Raises PlaceInvalid for a place that is not on earth.
    """
    check_place((lon, lat))
    row = min(int((lat + 90) / _LAT_STEP), _ROWS - 1)
    column = min(int((lon + 180) / _LON_STEP), _COLUMNS - 1)
    number = row * _COLUMNS + column
    letters = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(reversed(letters))


def cell_centre(cell: str) -> LonLat:
    """Return the (lon, lat) of the middle of a cell; raise PlaceInvalid for an unknown id."""
    number = 0
    for letter in cell:
        digit = _LETTERS.find(letter)
        if digit < 0:
            raise PlaceInvalid(f"cell {cell!r}: not a grid cell")
        number = number * len(_LETTERS) + digit
    row, column = divmod(number, _COLUMNS)
    if len(cell) != _LENGTH or row >= _ROWS:
        raise PlaceInvalid(f"cell {cell!r}: not a grid cell")
    return (column + 0.5) * _LON_STEP - 180, (row + 0.5) * _LAT_STEP - 90


def in_uk_bounds(lon: float, lat: float) -> bool:
    """Tell whether a place lies in the box around the United Kingdom."""
    return _UK_WEST <= lon <= _UK_EAST and _UK_SOUTH <= lat <= _UK_NORTH


def looks_swapped(lon: float, lat: float) -> bool:
    """Tell whether a place is outside the United Kingdom only because lon and lat changed sides."""
    return not in_uk_bounds(lon, lat) and in_uk_bounds(lat, lon)

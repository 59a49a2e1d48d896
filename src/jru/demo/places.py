"""Where calls come from: a point and the words a caller would use for it.

Without imported records the street names are invented and the point is scattered around the middle of a small area;
with them, point and street are the publisher's own snap point and its name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from jru.clock import Random
from jru.demo.areas import AreaDemand
from jru.services.past_records import PastRecord

TOWNS: Final = (
    ("Chatham", 0.52862, 51.38652),
    ("Gillingham", 0.55027, 51.39111),
    ("Rochester", 0.50399, 51.38519),
    ("Strood", 0.49131, 51.40043),
    ("Rainham", 0.60567, 51.36918),
    ("Dartford", 0.22485, 51.44084),
    ("Greenhithe", 0.27802, 51.44825),
    ("Swanscombe", 0.30544, 51.44462),
    ("Gravesend", 0.37387, 51.43682),
    ("Northfleet", 0.34064, 51.44309),
    ("Sittingbourne", 0.74153, 51.33438),
    ("Faversham", 0.88411, 51.31835),
    ("Sheerness", 0.75810, 51.43633),
    ("Queenborough", 0.74668, 51.41318),
)
"""Middle points of towns, up to 1 km off. Contains Ordnance Survey data (c) Crown copyright and database right 2014,
Royal Mail data (c) Royal Mail copyright and database right 2014 and National Statistics data (c) Crown copyright and
database right 2014."""

_STREETS: Final = (
    "Example Street",
    "Sample Road",
    "Invented Lane",
    "Specimen Way",
    "Placeholder Close",
    "Demo Avenue",
)
_SCATTER_M: Final = 120.0
_M_PER_DEGREE: Final = 111_195.0


@dataclass(frozen=True, slots=True)
class Place:
    """A point (WGS84 degrees), its words, its district and small area."""

    text: str
    lon: float
    lat: float
    district: str
    lsoa: str


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the straight distance in metres between two (lon, lat) points, good for some tens of kilometres."""
    width = math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot((a[0] - b[0]) * width, a[1] - b[1]) * _M_PER_DEGREE


def nearest_town(lon: float, lat: float) -> str:
    """Return the name of the nearest town."""
    return min(TOWNS, key=lambda town: distance_m((lon, lat), town[1:]))[0]


def scattered(lon: float, lat: float, radius_m: float, chance: Random) -> tuple[float, float]:
    """Return a point evenly drawn from the disc around another, in degrees rounded to about a metre."""
    away_m = radius_m * math.sqrt(chance.uniform())
    turn = 2 * math.pi * chance.uniform()
    north = away_m * math.cos(turn) / _M_PER_DEGREE
    east = away_m * math.sin(turn) / (_M_PER_DEGREE * math.cos(math.radians(lat)))
    return round(lon + east, 5), round(lat + north, 5)


def invented_place(area: AreaDemand, chance: Random) -> Place:
    """Return a place in a small area, on a street that does not exist."""
    lon, lat = scattered(area.lon, area.lat, _SCATTER_M, chance)
    street = chance.choice(_STREETS)
    text = f"{1 + chance.below(120)} {street}, {nearest_town(lon, lat)}"
    return Place(text, lon, lat, area.district, area.code)


def recorded_place(record: PastRecord) -> Place:
    """Return the snap point of a real record; never closer than the publisher gives it."""
    text = f"On or near {record.location or 'no name given'}, {nearest_town(record.lon, record.lat)}"
    return Place(text, record.lon, record.lat, record.district, record.lsoa)


def noisy(place: Place, chance: Random) -> Place:
    """Return the same place as another caller gives it: some metres off, in other words."""
    lon, lat = scattered(place.lon, place.lat, 90.0, chance)
    street = place.text.split(", ")[0].lstrip("0123456789 ").removeprefix("On or near ")
    return Place(f"{street}, {nearest_town(lon, lat)}", lon, lat, place.district, place.lsoa)

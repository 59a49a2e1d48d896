"""The small areas of the scheme with their counts of police-recorded demand."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from jru.exchange.police_uk.model import SmallArea

GROUPS: Final = ("violence_sexual", "asb", "public_order", "drugs", "criminal_damage_arson", "other")
COUNTED_DAYS: Final = 90
"""October 2018, January and February 2019: the days that the counts cover."""


@dataclass(frozen=True, slots=True)
class AreaDemand:
    """One LSOA 2011: a point inside it (WGS84 degrees) and its records of three months by group."""

    code: str
    district: str
    lon: float
    lat: float
    records: dict[str, int]


@cache
def load_demand() -> tuple[AreaDemand, ...]:
    """Return the areas of the embedded blueprint, in order of their code."""
    text = (files("jru") / "blueprints" / "north_kent" / "demand.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        AreaDemand(
            code=row["code"],
            district=row["district"],
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            records={group: int(row[group]) for group in GROUPS},
        )
        for row in rows
    )


def small_areas() -> dict[str, SmallArea]:
    """Return what the reader of street-level files needs to know of the areas."""
    return {area.code: SmallArea(area.district, area.lon, area.lat) for area in load_demand()}

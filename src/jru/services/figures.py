"""Figures without persons: counts by district, small ones held back so that nobody can be picked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from jru.domain.incident import Incident
from jru.domain.unit import Unit

SMALL = 5
"""Counts above none and below this are not told (`trust.md` 4.1)."""
MEASURES = {
    "incidents": "incidents opened, each control room's counted once, joined ones once",
    "joint": "of these, incidents that both services had a number for or that were joined",
    "assignments": "commitments of joint units",
    "attendances": "commitments in which the unit reached the scene",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One count as it may be told: the number, or None when it is held back."""

    count: int | None

    @property
    def held_back(self) -> bool:
        """Tell whether the number exists and is not told."""
        return self.count is None


def told(counts: Mapping[str, int]) -> tuple[dict[str, Told], Told]:
    """Return the cells and their total with small counts held back.

    Where the total would give the held-back cells away, the next smallest is held back too (secondary suppression);
    where no other cell is left for that, the total itself is.
    """
    hidden = {name for name, count in counts.items() if 0 < count < SMALL}
    rest = sorted((n for n in counts if n not in hidden and counts[n]), key=lambda n: (counts[n], n))
    if hidden and rest:
        hidden.add(rest[0])
    cells = {name: Told(None if name in hidden else count) for name, count in counts.items()}
    return cells, Told(None if hidden and not rest else sum(counts.values()))


def count_by_district(
    incidents: Iterable[Incident],
    units: Iterable[Unit],
    districts: Iterable[str],
    since: datetime,
    until: datetime,
) -> dict[str, dict[str, int]]:
    """Return each measure's counts by district for what began in [since, until); "elsewhere" is outside the scheme."""
    names = [*districts, "elsewhere"]
    found = {measure: Counter(dict.fromkeys(names, 0)) for measure in MEASURES}
    where: dict[str, str] = {}
    for leg in incidents:
        district = leg.district if leg.district in names else "elsewhere"
        where[leg.incident_id] = district
        if leg.merged_into is None and since <= leg.opened_at < until:
            found["incidents"][district] += 1
            found["joint"][district] += len({ref.agency for ref in leg.refs}) > 1 or bool(leg.merged)
    for unit in units:
        for job in unit.jobs:
            if since <= job.assigned_at < until:
                district = where.get(job.incident_id, "elsewhere")
                found["assignments"][district] += 1
                found["attendances"][district] += "scene" in job.times
    return {measure: dict(counts) for measure, counts in found.items()}

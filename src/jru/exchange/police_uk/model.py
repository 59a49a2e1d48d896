"""What a monthly street-level file looks like, and what became of each of its rows.

Format: data.police.uk, "About data.police.uk downloads", street-level crime files; the `Crime ID` column may be
absent. The files name a month and a snapped point, never a day, an hour or an exact place.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from jru.services.past_records import PastRecord

ATTRIBUTION: Final = (
    "Contains public sector information licensed under the Open Government Licence v3.0 "
    "(source: data.police.uk)."
)

COLUMNS: Final = (
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
OPTIONAL_FIRST_COLUMN: Final = "Crime ID"

GROUPS: Final = {
    "Violence and sexual offences": "violence_sexual",
    "Anti-social behaviour": "asb",
    "Public order": "public_order",
    "Drugs": "drugs",
    "Criminal damage and arson": "criminal_damage_arson",
    "Bicycle theft": "other",
    "Burglary": "other",
    "Other crime": "other",
    "Other theft": "other",
    "Possession of weapons": "other",
    "Robbery": "other",
    "Shoplifting": "other",
    "Theft from the person": "other",
    "Vehicle crime": "other",
}
"""The publisher's types and the coarse groups in which the demand model counts them."""

OUTSIDE: Final = "outside"
"""The one refusal that is no fault of the file: the row belongs to another area."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read at most; a month of one force has about 20,000 rows and 5 MB."""

    file_bytes: int = 64_000_000
    unpacked_bytes: int = 256_000_000
    rows: int = 500_000
    line_bytes: int = 4_000


@dataclass(frozen=True, slots=True)
class SmallArea:
    """A statistical area of the scheme: its district and a point inside it, WGS84 degrees."""

    district: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A row (or, with line 0, a whole file) that was not taken: why, and what to do about it."""

    line: int
    code: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class StreetFile:
    """What became of one file. `problem` is set when nothing of it could be taken; `rows` excludes the header."""

    name: str
    file_hash: str
    rows: int
    taken: tuple[PastRecord, ...]
    not_taken: tuple[NotTaken, ...]
    problem: NotTaken | None = None

    def counts(self) -> Counter[tuple[str, str]]:
        """Return how many rows were taken for each (district, group)."""
        return Counter((record.district, GROUPS[record.kind]) for record in self.taken)

    def reasons(self) -> Counter[str]:
        """Return how many rows were not taken for each code."""
        return Counter(row.code for row in self.not_taken)

    @property
    def faulty(self) -> tuple[NotTaken, ...]:
        """Return the rows that are wrong in themselves, not merely of another area."""
        return tuple(row for row in self.not_taken if row.code != OUTSIDE)

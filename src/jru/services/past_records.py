"""Records of past demand: what a public source says happened where, to the month and never closer.

They feed the demonstration and, later, planning; they are no incidents and never enter the event log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class PastRecord:
    """One row of a public file. `file_hash` and `line` name it for good; place in WGS84 degrees as published.

    `month` is "2018-10"; `kind` is the publisher's own word for the type; the point is the publisher's snap point,
    not where it happened.
    """

    file_hash: str
    line: int
    month: str
    kind: str
    lon: float
    lat: float
    location: str
    lsoa: str
    district: str


@dataclass(frozen=True, slots=True)
class Added:
    """How many records were new and how many the store had already."""

    new: int
    known: int

    def __add__(self, other: Added) -> Added:
        return Added(self.new + other.new, self.known + other.known)


class PastRecords(Protocol):
    """Where past records are kept."""

    def add(self, batch: Sequence[PastRecord]) -> Added:
        """Keep the records that are not there yet, all of the batch or nothing."""
        ...

    def records(self) -> Iterator[PastRecord]:
        """Yield every record, ordered by month, file and line."""
        ...

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how many records there are for each (district, kind)."""
        ...


def import_records(store: PastRecords, records: Sequence[PastRecord]) -> Added:
    """Keep `records` in batches; a record of the same file and line is kept once however often it comes."""
    added = Added(0, 0)
    for start in range(0, len(records), BATCH):
        added += store.add(records[start : start + BATCH])
    return added

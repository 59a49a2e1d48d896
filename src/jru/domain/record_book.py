"""The records of one incident as the log tells them: which count, which were corrected, and by which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from . import record_events as rev
from .agency import Agency
from .detention import Clock, clock_of
from .event_types import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One record. `kind` is its event type; `stream` is where it stands, and where its correction will.

    `size` in bytes is that of an attachment.
    """

    record_id: str
    kind: str
    stream: str
    agency: Agency
    at: datetime
    person: int = 0
    corrects: str | None = None
    corrected_by: str | None = None
    withdrawn: bool = False
    step: str | None = None
    seat: tuple[str, str] | None = None
    size: int = 0

    @property
    def counts(self) -> bool:
        """Tell whether it stands: neither corrected nor withdrawn."""
        return self.corrected_by is None and not self.withdrawn


@dataclass(frozen=True, slots=True)
class Book:
    """All records of one service on an incident, oldest first; nothing ever leaves it."""

    entries: tuple[Entry, ...] = ()

    def get(self, record_id: str) -> Entry | None:
        """Return a record."""
        return next((entry for entry in self.entries if entry.record_id == record_id), None)

    def without(self, record_id: str | None) -> Book:
        """Return the book as it would be without a record: rules for its correction are tested on that."""
        return Book(tuple(entry for entry in self.entries if entry.record_id != record_id))

    def standing(self, kind: type[Event]) -> tuple[Entry, ...]:
        """Return the records of a kind that count."""
        return tuple(e for e in self.entries if e.kind == kind.__name__ and e.counts)

    def history(self, record_id: str) -> tuple[Entry, ...]:
        """Return a record with everything that it corrected, oldest first."""
        found: list[Entry] = []
        entry = self.get(record_id)
        while entry is not None:
            found.append(entry)
            entry = self.get(entry.corrects) if entry.corrects else None
        return tuple(reversed(found))

    def clock(self, person: int) -> Clock | None:
        """Return the clock of one person's detention under section 136."""
        steps = [e for e in self.standing(rev.DetentionStepRecorded) if e.person == person]
        return clock_of((str(e.step), e.at) for e in steps)

    def concluded(self, person: int) -> Entry | None:
        """Return the record that closes the clinical part for a person."""
        return next((e for e in self.standing(rev.CareConcluded) if e.person == person), None)


def evolve(book: Book, stream: str, agency: Agency, happened: Event, at: datetime) -> Book:
    """Return the book after one more event of a service's own stream; what is no record leaves it as it is."""
    if isinstance(happened, rev.RecordWithdrawn):
        return _changed(book, happened.record_id, withdrawn=True)
    if not isinstance(happened, rev.RecordEvent):
        return book
    corrects = getattr(happened, "corrects", None)
    entry = Entry(
        happened.record_id,
        type(happened).__name__,
        stream,
        agency,
        at,
        person=getattr(happened, "person", 0),
        corrects=corrects,
        step=getattr(happened, "step", None),
        seat=(happened.unit_id, happened.seat) if isinstance(happened, rev.ForceRecorded) else None,
        size=getattr(happened, "size", 0),
    )
    if corrects is not None:
        book = _changed(book, corrects, corrected_by=happened.record_id)
    return Book((*book.entries, entry))


def _changed(book: Book, record_id: str, **changes: object) -> Book:
    entries = (replace(e, **changes) if e.record_id == record_id else e for e in book.entries)  # type: ignore[arg-type]
    return Book(tuple(entries))


def book_of(events: Iterable[tuple[str, Agency, Event, datetime]]) -> Book:
    """Return the book that some events make: stream, service, event, when it happened."""
    book = Book()
    for stream, agency, happened, at in events:
        book = evolve(book, stream, agency, happened, at)
    return book

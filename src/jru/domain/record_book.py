"""The records of one incident as the log tells them: which count, which were corrected, and by which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from . import record_events as rev
from .agency import Agency
from .deciding import own
from .detention import Clock, clock_of
from .event_types import Event
from .record_persons import Persons, Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One record. `kind` is its event type; `stream` is where it stands, and where its correction will.

    `size` in bytes is that of an attachment; `same_as` is the other place of a person who has two.
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
    same_as: Place | None = None

    @property
    def place(self) -> Place:
        """Return whom it is about."""
        return Place(self.stream, self.person)

    @property
    def counts(self) -> bool:
        """Tell whether it stands: neither corrected nor withdrawn."""
        return self.corrected_by is None and not self.withdrawn


@dataclass(frozen=True, slots=True)
class Book:
    """All records of one service on an incident, oldest first; nothing ever leaves it.

    `order`: the service's streams of the incidents that are joined, the viewer's own first.
    """

    entries: tuple[Entry, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def persons(self) -> Persons:
        """Return who the records are about."""
        streams = dict.fromkeys((*self.order, *(entry.stream for entry in self.entries)))
        pairs = (frozenset({e.place, e.same_as}) for e in self.entries if e.counts and e.same_as)
        return Persons(tuple(streams), tuple(pairs))

    def knows(self, place: Place) -> bool:
        """Tell whether there is a record about the person of a place."""
        return any(entry.place == place for entry in self.entries)

    def get(self, record_id: str) -> Entry | None:
        """Return a record."""
        return next((entry for entry in self.entries if entry.record_id == record_id), None)

    def beside(self, record_id: str) -> Book:
        """Return the book without a record and without any joining of persons.

        A correction changes one of the records that stand under one number. What stands under another number of the
        same person was recorded before the two were known to be one: it cannot be in the way.
        """
        return replace(
            self, entries=tuple(e for e in self.entries if e.record_id != record_id and not e.same_as)
        )

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

    def about(self, kind: type[Event], person: Place) -> tuple[Entry, ...]:
        """Return the records of a kind that count and are about a person, under whatever number."""
        places = self.persons.one(person)
        return tuple(e for e in self.standing(kind) if e.place in places)

    def clock(self, person: Place) -> Clock | None:
        """Return the clock of one person's detention under section 136."""
        return clock_of((str(e.step), e.at) for e in self.about(rev.DetentionStepRecorded, person))


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
        same_as=_same_as(happened),
    )
    if corrects is not None:
        book = _changed(book, corrects, corrected_by=happened.record_id)
    return replace(book, entries=(*book.entries, entry))


def _same_as(happened: rev.RecordEvent) -> Place | None:
    if not isinstance(happened, rev.PersonsJoined):
        return None
    return Place(own(happened.other_on, happened.agency), happened.other)


def _changed(book: Book, record_id: str, **changes: object) -> Book:
    entries = (replace(e, **changes) if e.record_id == record_id else e for e in book.entries)  # type: ignore[arg-type]
    return replace(book, entries=tuple(entries))


def book_of(events: Iterable[tuple[str, Agency, Event, datetime]], order: tuple[str, ...] = ()) -> Book:
    """Return the book that some events make: stream, service, event, when it happened."""
    book = Book(order=order)
    for stream, agency, happened, at in events:
        book = evolve(book, stream, agency, happened, at)
    return book

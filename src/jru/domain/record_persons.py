"""Which numbers of a service's records stand for one person, also across incidents that were joined.

Persons are counted on the incident where they were recorded. Where incidents are joined, those of the one that the
viewer's unit was sent to are counted from 1, those of the next from 101 and so on, whether or not there are any: nobody
becomes somebody else because two incidents are one. Two numbers are one person only when somebody said so.
"""

from __future__ import annotations

from dataclasses import dataclass

PER_INCIDENT = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A person where they were recorded: the stream, and the number there, from 1."""

    stream: str
    number: int


@dataclass(frozen=True, slots=True)
class Persons:
    """The persons of one service's records. `streams`: where they are counted, the viewer's own place first."""

    streams: tuple[str, ...]
    joined: tuple[frozenset[Place], ...] = ()

    def shown(self, place: Place) -> int:
        """Return the number that tells this person from all others of the incidents; 0 stays nobody."""
        if place.number == 0 or place.stream not in self.streams:
            return place.number
        return place.number + PER_INCIDENT * self.streams.index(place.stream)

    def place(self, shown: int) -> Place | None:
        """Return where records about a person are kept, None for a number that none can have."""
        leg, number = divmod(shown, PER_INCIDENT)
        return Place(self.streams[leg], number) if 0 <= leg < len(self.streams) and number else None

    def one(self, place: Place) -> frozenset[Place]:
        """Return every place of the person who is recorded at this one."""
        found = frozenset({place})
        while len(wider := found.union(*(pair for pair in self.joined if pair & found))) > len(found):
            found = wider
        return found

    def number(self, place: Place) -> int:
        """Return the number under which a person is shown: the lowest, if there are several."""
        here = (each for each in self.one(place) if each == place or each.stream in self.streams)
        return min(map(self.shown, here))

"""Which numbers of a service's records stand for one person, also across incidents that were joined.

Persons are counted on the incident where they were recorded. Who looks at an incident that is joined to another sees
its persons from 1 and the other's from 101: nobody becomes somebody else because two incidents are one. Two numbers are
one person only when somebody said so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PER_INCIDENT = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A person where they were recorded: the stream, and the number there, from 1."""

    stream: str
    number: int


@dataclass(frozen=True, slots=True)
class Persons:
    """The persons of one service's records. `streams`: where there are any, that of the incident asked for first."""

    streams: tuple[str, ...]
    joined: tuple[frozenset[Place], ...] = ()

    def shown(self, place: Place) -> int:
        """Return the number that tells this person from all others of the incidents; 0 stays nobody."""
        if place.number == 0 or place.stream not in self.streams:
            return place.number
        return place.number + PER_INCIDENT * self.streams.index(place.stream)

    def place(self, shown: int, usual: str) -> Place | None:
        """Return where records about a person are kept, None for a number that none can have.

        The first person of all is kept in the `usual` stream.
        """
        leg, number = divmod(shown, PER_INCIDENT)
        streams = self.streams or (usual,)
        return Place(streams[leg], number) if 0 <= leg < len(streams) and number else None

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


def persons_of(
    recorded: Iterable[Place], joined: Iterable[frozenset[Place]], order: tuple[str, ...]
) -> Persons:
    """Return the persons of some records; `order` is that of the incidents' streams."""
    having = {place.stream for place in recorded if place.number}
    return Persons(tuple(stream for stream in order if stream in having), tuple(joined))

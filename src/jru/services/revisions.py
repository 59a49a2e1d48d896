"""What changed since: a number for every visible change, and who could see each record before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jru.domain.agency import Agency, Label

from .access import Relation
from .ports import StoredEvent

HISTORY = 20_000
NOBODY = Relation(frozenset())
SHARED = frozenset({Label.OPERATIONAL, Label.SAFETY})
Audience = tuple[frozenset[Agency], frozenset[Label]]
BOTH: Audience = frozenset(Agency), SHARED
_OWNERS = {"police": frozenset({Agency.POLICE}), "patient": frozenset({Agency.AMBULANCE})}


def audience_of(event: StoredEvent, which: str) -> Audience:
    """Return who may notice an event of an incident: of a service's own stream, whoever reads its labels there."""
    if which not in _OWNERS:
        return BOTH
    return _OWNERS[which], frozenset(part.label for part in event.parts) or frozenset(Label)


def joined(one: Audience | None, other: Audience) -> Audience:
    """Return both audiences as one."""
    return other if one is None else (one[0] | other[0], one[1] | other[1])


@dataclass(frozen=True, slots=True)
class Touch:
    """One record in one change: `before` could see it until then, `audience` may notice the change.

    `labels` are those of what changed: who holds none of them has nothing to notice.
    """

    before: Relation
    audience: frozenset[Agency]
    labels: frozenset[Label] = SHARED

    def __or__(self, other: Touch) -> Touch:
        one, two = self.before, other.before
        before = Relation(
            one.agencies | two.agencies,
            one.units | two.units,
            any_crew=one.any_crew or two.any_crew,
            about=one.about if one.agencies else two.about,
            open=one.open or two.open,
        )
        return Touch(before, self.audience | other.audience, self.labels | other.labels)


class Revisions:
    """Counts changes from a start, keeps the newest of them, and stamps each record with its last one."""

    def __init__(self, start: int) -> None:
        self.number = start
        self.stamps: dict[str, int] = {}
        self.first = start
        self._kept: deque[tuple[int, Mapping[str, Touch]]] = deque(maxlen=HISTORY)

    def note(self, touches: Mapping[str, Touch]) -> None:
        """Count one change of some records."""
        self.number += 1
        for one in touches:
            self.stamps[one] = self.number
        self._kept.append((self.number, touches))

    def after(self, number: int) -> Iterator[tuple[int, Mapping[str, Touch]]]:
        """Yield the changes after a number that are kept, the newest first."""
        for at, touches in reversed(self._kept):
            if at <= number:
                break
            yield at, touches

    def since(self, number: int) -> dict[str, Touch] | None:
        """Return the records touched after a change, or None when that is too long ago or never was."""
        forgotten = self._kept[0][0] - 1 if len(self._kept) == HISTORY else self.first
        if not forgotten <= number <= self.number:
            return None
        found: dict[str, Touch] = {}
        for _, touches in self.after(number):
            for one, touch in touches.items():
                found[one] = found[one] | touch if one in found else touch
        return found

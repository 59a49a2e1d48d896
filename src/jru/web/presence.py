"""Who has which incident open now: held in memory with the live streams, never on record.

A room's session is a desk with a number of its own service, as long as it has a live stream. What a desk says of itself
is forgotten when its last stream ends, and when it has not said it again for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jru.domain.agency import Agency
from jru.errors import TooManyTries
from jru.web.ports import Rows, Viewer

STALE_S = 75.0
LEAST_S = 0.1
"""The shortest time between two words of one desk, in seconds of the real world."""


@dataclass(slots=True)
class Desk:
    """One session at a desk of a room: where it is, what it changes there, and since when it has said so."""

    agency: Agency
    number: int
    incident_id: str | None = None
    field: str | None = None
    said_s: float = float("-inf")


class Presence:
    """The desks that are here. Used on the event loop only."""

    def __init__(self) -> None:
        self._desks: dict[str, Desk] = {}

    def sit(self, secret: str, viewer: Viewer) -> None:
        """Give a room's session its desk: the lowest number of its service that nobody has."""
        if not viewer.role.is_dispatcher or secret in self._desks:
            return
        taken = {desk.number for desk in self._desks.values() if desk.agency is viewer.agency}
        number = next(n for n in range(1, len(taken) + 2) if n not in taken)
        self._desks[secret] = Desk(viewer.agency, number)

    def keep(self, secrets: Iterable[str]) -> None:
        """Forget the desks of sessions that have no live stream any more."""
        here = set(secrets)
        self._desks = {secret: desk for secret, desk in self._desks.items() if secret in here}

    def say(self, secret: str, incident_id: str | None, field: str | None, now_s: float) -> int | None:
        """Note where a desk is and return its number; None for a session without a live stream, which is nowhere."""
        desk = self._desks.get(secret)
        if desk is None:
            return None
        if now_s - desk.said_s < LEAST_S:
            raise TooManyTries("presence.often", "This desk says where it is too often.", retry_after_s=1)
        desk.incident_id, desk.field, desk.said_s = incident_id, field if incident_id else None, now_s
        return desk.number

    def rows(self, shown: Callable[[str], str | None], now_s: float) -> list[Rows]:
        """Return who has what open; `shown` gives the incident as the reader knows it, or None."""
        rows: list[Rows] = []
        for desk in self._desks.values():
            fresh = desk.incident_id is not None and now_s - desk.said_s < STALE_S
            incident_id = shown(desk.incident_id) if fresh and desk.incident_id else None
            if incident_id is not None:
                where = {"incident_id": incident_id, "field": desk.field}
                rows.append({"agency": desk.agency.value, "desk": desk.number, **where})
        return sorted(rows, key=lambda row: (row["agency"], row["desk"]))

    @property
    def open_ids(self) -> frozenset[str]:
        """Return the incidents that anybody has open."""
        return frozenset(desk.incident_id for desk in self._desks.values() if desk.incident_id)

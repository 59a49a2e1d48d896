"""What crossed between the two services in a month: shares, joinings and openings of restricted fields.

A list of references for the privacy officers of both services: when, which incident, by which role of which service,
for what. No content, and nobody of the other service by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from jru.domain import incident_events as iev
from jru.domain import record_events as rev
from jru.domain.agency import Agency, Role
from jru.domain.codec import from_us, to_us
from jru.domain.event_types import Event
from jru.domain.events import read_event
from jru.domain.glass_events import GlassBroken
from jru.domain.record_codes import LAWFUL_BASES
from jru.errors import Forbidden, InvalidInput

from .access import Owned, Relation, Viewer
from .audit_ports import AccessKind, AccessQuery
from .grants import RIGHTS, Subject, role_words
from .ground import Ground
from .ports import StoredEvent
from .records import CrossingRecord, Row
from .wording import iso

PAGE: Final = 500
MOST_ROWS: Final = 5_000
_MONTH = re.compile(r"20\d{2}-(0[1-9]|1[0-2])")
KINDS: Final = {
    "fact": "A fact told to the other service",
    "line": "A line shown to the other room",
    "incident": "An incident shown to the other room",
    "joined": "Two reports joined as one incident",
    "parted": "A joining taken back",
    "opened": "Restricted fields opened by break-glass",
}
_PURPOSES: Final = {
    "line": "A person judged that the other room needs it",
    "incident": "A person judged that the other room needs it",
    "joined": "Both rooms work on the same incident",
    "parted": "It was not the same incident",
    "opened": "A typed reason, reviewed by both services",
}


@dataclass(frozen=True, slots=True)
class _Crossing:
    """One crossing as the log tells it: its kind, why, the incident and the other one of a joining."""

    stored: StoredEvent
    kind: str
    basis: str | None
    incident_id: str
    other_id: str | None = None
    role: str | None = None
    labels: tuple[str, ...] = ()


class Crossings:
    """Reads a month of the log for the privacy officers."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def month(self, viewer: Viewer, month: str) -> Row:
        """Return counts by purpose and the crossings, oldest first, at most 5,000 of them; `month` as "2019-08".

        A crossing belongs to the month in which it was recorded: from then on the other service could read it.
        Raises Forbidden for others than privacy officers, InvalidInput for a month that is none.
        """
        if Subject.CROSSING not in RIGHTS[viewer.role].reach:
            raise Forbidden(
                "role",
                "what crossed between the services is for their privacy officers",
                data={"role": viewer.role},
            )
        since, until = self._bounds(month)
        found = list(self._found(to_us(since), to_us(until)))
        shown = found[:MOST_ROWS]
        rows = self._rows(viewer, shown, to_us(since), to_us(until))
        touched = [i for c in shown for i in (c.incident_id, c.other_id) if i]
        self._ground.auditing.consulted(
            viewer, (), opened=tuple(dict.fromkeys(touched)), why=f"what crossed in {month}"
        )
        return {
            "month": month,
            "since": iso(since),
            "until": iso(until),
            "counts": _counts(found),
            "crossings": rows,
            "left_out": len(found) - len(shown),
        }

    def _bounds(self, month: str) -> tuple[datetime, datetime]:
        if not _MONTH.fullmatch(month):
            raise InvalidInput("month", "a month is written like 2019-08")
        year, number = int(month[:4]), int(month[5:])
        zone = ZoneInfo(self._ground.board.scheme.at(self._ground.clock.now()).time_zone)
        first = datetime(year, number, 1, tzinfo=zone)
        after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
        return first.astimezone(UTC), after.astimezone(UTC)

    def _found(self, since_us: int, until_us: int) -> Iterator[_Crossing]:
        for stored in self._events(since_us, until_us):
            if stored.kind not in _READERS:
                continue
            crossing = _READERS[stored.kind](
                stored, read_event(stored.kind, stored.schema_version, stored.data)
            )
            if crossing is not None:
                yield crossing

    def _events(self, since_us: int, until_us: int) -> Iterator[StoredEvent]:
        """Yield what was recorded within the bounds; times of recording never run back, so the start is searched."""
        log = self._ground.log
        after, end = 0, log.head().seq
        while after < end:
            middle = (after + end) // 2
            probe = log.read(middle, 1)
            if probe and probe[0].recorded_at_us < since_us:
                after = middle + 1
            else:
                end = middle
        while page := log.read(after, PAGE):
            for stored in page:
                if stored.recorded_at_us >= until_us:
                    return
                yield stored
            after = page[-1].seq

    def _rows(self, viewer: Viewer, found: list[_Crossing], since_us: int, until_us: int) -> list[Row]:
        roles = self._roles(since_us, until_us) if found else {}
        numbers: dict[str, str | None] = {}
        records = (self._record(crossing, roles, numbers) for crossing in found)
        gate = self._ground.gate
        return [
            row for record in records if (row := gate.project(viewer, record, viewer.purpose)) is not None
        ]

    def _roles(self, since_us: int, until_us: int) -> dict[tuple[str, str], str]:
        """Return in which role somebody shared or joined an incident: the access log knows it, the event does not."""
        owners = (*(agency.value for agency in Agency), "both")
        found: dict[tuple[str, str], str] = {}
        for kind in (AccessKind.DISCLOSURE, AccessKind.COMBINATION):
            query = AccessQuery(owners, MOST_ROWS, kind=kind, since_us=since_us, until_us=until_us)
            for access in self._ground.auditing.find(query):
                for record in access.accessed.records:
                    found.setdefault((access.accessed.subject, record), access.accessed.role)
        return found

    def _record(
        self, crossing: _Crossing, roles: dict[tuple[str, str], str], numbers: dict[str, str | None]
    ) -> CrossingRecord:
        stored = crossing.stored
        agency = Agency(stored.agency)
        role = crossing.role or roles.get((stored.actor, crossing.incident_id))
        return CrossingRecord(
            relation=Relation(frozenset(Agency), about=Subject.CROSSING),
            at=iso(from_us(stored.recorded_at_us)),
            kind=crossing.kind,
            basis=crossing.basis,
            incident_id=crossing.incident_id,
            incident_number=self._number(crossing.incident_id, numbers),
            other_number=self._number(crossing.other_id, numbers),
            agency=agency.value,
            role=role_words(Role(role)) if role else None,
            labels=crossing.labels,
            actor=Owned(agency, stored.actor),
        )

    def _number(self, incident_id: str | None, known: dict[str, str | None]) -> str | None:
        if incident_id is None:
            return None
        if incident_id not in known:
            leg = self._ground.board.fetch(incident_id)
            known[incident_id] = leg.state.number if leg else None
        return known[incident_id]


def _counts(found: list[_Crossing]) -> list[Row]:
    """Return how often each purpose occurred, by the service that acted; the order is that of the kinds."""
    counted = Counter((c.kind, c.basis, c.stored.agency) for c in found)
    order = list(KINDS)
    purposes = sorted(
        {(kind, basis) for kind, basis, _ in counted}, key=lambda p: (order.index(p[0]), p[1] or "")
    )
    return [
        {
            "kind": kind,
            "words": KINDS[kind],
            "basis": basis,
            "purpose": LAWFUL_BASES.get(basis or "", _PURPOSES.get(kind, basis)),
            "by": {agency.value: counted[kind, basis, agency.value] for agency in Agency},
            "count": sum(counted[kind, basis, agency.value] for agency in Agency),
        }
        for kind, basis in purposes
    ]


def _fact(stored: StoredEvent, happened: Event) -> _Crossing | None:
    assert isinstance(happened, rev.FactShared)  # noqa: S101 - read by its kind
    return _Crossing(stored, "fact", happened.basis, _incident_of(stored))


def _line(stored: StoredEvent, _: Event) -> _Crossing | None:
    return _Crossing(stored, "line", None, _incident_of(stored))


def _shown(stored: StoredEvent, _: Event) -> _Crossing | None:
    return _Crossing(stored, "incident", None, _incident_of(stored))


def _joining(stored: StoredEvent, happened: Event) -> _Crossing | None:
    """Return a joining once: it stands in the streams of both incidents."""
    assert isinstance(happened, (iev.IncidentsMerged, iev.IncidentsUnmerged))  # noqa: S101 - read by its kind
    if _incident_of(stored) != happened.into_id:
        return None
    kind = "joined" if isinstance(happened, iev.IncidentsMerged) else "parted"
    return _Crossing(stored, kind, None, happened.into_id, happened.merged_id)


def _opening(stored: StoredEvent, happened: Event) -> _Crossing | None:
    assert isinstance(happened, GlassBroken)  # noqa: S101 - read by its kind
    labels = tuple(label.value for label in happened.labels)
    return _Crossing(stored, "opened", None, happened.incident_id, role=happened.role, labels=labels)


def _incident_of(stored: StoredEvent) -> str:
    return stored.stream.partition("/")[0]


_READERS: Final[dict[str, Callable[[StoredEvent, Event], _Crossing | None]]] = {
    "FactShared": _fact,
    "LineShared": _line,
    "IncidentShared": _shown,
    "IncidentsMerged": _joining,
    "IncidentsUnmerged": _joining,
    "GlassBroken": _opening,
}

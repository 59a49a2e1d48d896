"""The record of who saw and did what with personal content: written before the answer leaves.

While the access log cannot be written, personal fields stay behind, operational and safety fields go on, and what has
to be recorded waits in a spool until the log works again. Nothing here holds content: ids, labels and field names only.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from jru.clock import Clock
from jru.domain import incident_events as iev
from jru.domain import record_events as rev
from jru.domain.agency import Agency, Label
from jru.domain.codec import to_us
from jru.domain.event_types import Emitted, Part
from jru.domain.shift_events import DebriefRecorded, duty_of
from jru.errors import Unavailable

from .access import Viewer
from .audit_ports import (
    Accessed,
    AccessKind,
    AccessLog,
    AccessQuery,
    AccessSpool,
    AuditUnavailable,
    StoredAccess,
)
from .board import Board
from .grants import RIGHTS, Reach, Subject
from .personal import Personal, Told

RETRY_EVERY = timedelta(seconds=5)
BOTH = "both"
HELD_BACK = "the access log cannot be written: personal fields left out"
OWN_DUTY = "about the person's own duty"
OPENED = (Label.OPERATIONAL, Label.SAFETY)
_MOST_DISTRICTS = 4

_T = TypeVar("_T")
_log = structlog.get_logger("jru.services.auditing")


class Auditing:
    """Records accesses for every use case. Safe between threads; never called under the board's lock."""

    def __init__(self, log: AccessLog, spool: AccessSpool, board: Board, clock: Clock) -> None:
        self._log = log
        self._spool = spool
        self._board = board
        self._clock = clock
        self._lock = threading.Lock()
        self._retry_at: datetime | None = None
        self._lost = 0

    @property
    def available(self) -> bool:
        """Tell whether the access log took the last row that it was given."""
        return self._retry_at is None

    @property
    def rows(self) -> int:
        """Return how many rows the access log has."""
        return self._log.head().seq

    @property
    def retry_at(self) -> datetime | None:
        """Return when the log is tried again, or None while it works."""
        return self._retry_at

    @property
    def waiting(self) -> int:
        """Return how many rows wait in the spool."""
        return self._spool.waiting()

    @property
    def lost(self) -> int:
        """Return how many rows could be kept nowhere since the start."""
        return self._lost

    def consulted(
        self,
        viewer: Viewer,
        fields: Sequence[Personal],
        *,
        opened: Sequence[str] = (),
        told: Told | None = None,
        why: str | None = None,
    ) -> bool:
        """Record a look before its answer leaves; False: the personal fields must stay behind.

        `opened` are the records that the viewer asked for by name: that is recorded even without a personal field.
        `told` is the live stream that brings the fields; what it brought before is not recorded again. `why` is a
        typed reason in place of the one that follows from the relation.
        """
        fresh = told.fresh(fields) if told else list(fields)
        entries = self._looks(viewer, fresh, opened, told, why)
        if not entries:
            return True
        if self._record(entries):
            if told:
                told.bring(fresh)
            return True
        if told:
            entries = self._looks(viewer, told.refuse(fresh), opened, told, why)
        self._keep_aside([_without_personal(entry) for entry in entries])
        return not fresh

    def disclosed(
        self,
        viewer: Viewer,
        records: Sequence[str],
        labels: Sequence[Label],
        *,
        owner: Agency | None,
        why: str,
        recipients: Sequence[str],
        fields: Sequence[str] = (),
    ) -> None:
        """Record that content goes to somebody else; raises Unavailable when that cannot be recorded."""
        entry = self._entry(
            AccessKind.DISCLOSURE, viewer, owner, records, labels, fields, why, tuple(recipients)
        )
        self._must(entry)

    def erased(
        self,
        viewer: Viewer,
        records: Sequence[str],
        labels: Sequence[Label],
        *,
        owner: Agency | None,
        why: str,
        fields: Sequence[str] = (),
    ) -> None:
        """Record an erasure before it is done: the clause in `why`, part hashes in `fields`; raises Unavailable."""
        self._must(self._entry(AccessKind.ERASURE, viewer, owner, records, labels, fields, why))

    def of_command(self, viewer: Viewer, emitted: Iterable[Emitted]) -> tuple[Accessed, ...]:
        """Return what a command does with personal content; it is to be written in the command's transaction."""
        found: dict[tuple[AccessKind, str], Accessed] = {}
        for item in emitted:
            for entry in self._of_event(viewer, item):
                key = entry.kind, entry.owner
                found[key] = _together(found[key], entry) if key in found else entry
        return tuple(found.values())

    def find(self, query: AccessQuery) -> Sequence[StoredAccess]:
        """Return rows of the access log."""
        return self._log.find(query)

    def missed(self, entries: Sequence[Accessed]) -> None:
        """Keep the accesses of a command that was written without them."""
        self._fail("a command's accesses were not written")
        self._keep_aside(entries)

    def reconcile(self) -> None:
        """Try again whether the log works, when that is due, and let it take over what waits."""
        if not self.available and not self._due():
            return
        with self._lock:
            while self._spool.waiting() and (taken := self._spool.take()) is not None:
                name, entries = taken
                if entries and not self._log.holds_spool(name) and not self._record(entries):
                    return
                self._spool.drop(name)
            if not self.available:
                # nothing that waits could tell: without this nobody would ever find out that it works again
                self._record(())

    def _must(self, entry: Accessed) -> None:
        if not self._record([entry]):
            raise audit_unavailable()

    def _record(self, entries: Sequence[Accessed]) -> bool:
        if not self.available and not self._due():
            return False
        try:
            self._log.record(entries)
        except AuditUnavailable as error:
            self._fail(str(error))
            return False
        if not self.available:
            self._retry_at = None
            _log.warning("the access log works again", waiting=self.waiting)
        return True

    def _due(self) -> bool:
        return self._retry_at is not None and self._clock.now() >= self._retry_at

    def _fail(self, reason: str) -> None:
        if self.available:
            _log.error("THE ACCESS LOG CANNOT BE WRITTEN: personal fields stay behind", reason=reason)
        self._retry_at = self._clock.now() + RETRY_EVERY

    def _keep_aside(self, entries: Sequence[Accessed]) -> None:
        if not entries:
            return
        try:
            self._spool.keep(entries)
        except OSError as error:
            self._lost += len(entries)
            _log.error("THE AUDIT SPOOL CANNOT BE WRITTEN EITHER", reason=str(error), lost=self._lost)

    def _looks(
        self,
        viewer: Viewer,
        fields: Sequence[Personal],
        opened: Sequence[str],
        told: Told | None,
        why: str | None,
    ) -> list[Accessed]:
        """Return one entry for each owner of what is shown."""
        listeners = tuple(sorted(told.listeners)) if told else ()
        if listeners:
            viewer = replace(viewer, subject=listeners[0])
        by_owner: dict[Agency | None, list[Personal]] = {}
        if opened:
            by_owner[viewer.agency] = []
        for shown in fields:
            by_owner.setdefault(shown.owner, []).append(shown)
        entries = []
        for owner, shown_of in by_owner.items():
            records = _unique([*opened, *(p.record for p in shown_of)])
            labels = _unique([*(OPENED if opened else ()), *(p.label for p in shown_of)])
            names = _unique(p.field for p in shown_of)
            reason = why or self.justification(viewer, records)
            entries.append(
                self._entry(AccessKind.CONSULTATION, viewer, owner, records, labels, names, reason, listeners)
            )
        return entries

    def _of_event(self, viewer: Viewer, item: Emitted) -> list[Accessed]:
        happened = item.event
        record = duty_of(item.stream) or item.stream.partition("/")[0]
        if isinstance(happened, (iev.IncidentsMerged, iev.IncidentsUnmerged)):
            return self._joining(viewer, happened)
        if isinstance(happened, iev.IncidentShared):
            other = (happened.agency.other.value,)
            why = f"{record} shown to the other service by a person"
            return [
                self._entry(AccessKind.DISCLOSURE, viewer, happened.agency, [record], OPENED, (), why, other)
            ]
        kind, why, to = self._kind_of(viewer, item, record)
        return [
            self._entry(kind, viewer, part.owner, [record], [part.label], [type(happened).__name__], why, to)
            for part in item.parts
            if part.label.is_personal or _is_shared(item, part)
        ]

    def _kind_of(self, viewer: Viewer, item: Emitted, record: str) -> tuple[AccessKind, str, tuple[str, ...]]:
        happened = item.event
        if isinstance(happened, (rev.PersonsJoined, rev.PersonsParted)):
            return AccessKind.COMBINATION, _of_persons(happened, record), ()
        if isinstance(happened, rev.FactShared):
            return AccessKind.DISCLOSURE, f"{happened.basis}: shared by a person", (happened.to.value,)
        if isinstance(happened, DebriefRecorded):
            return AccessKind.COLLECTION, OWN_DUTY, ()
        if isinstance(happened, iev.LineShared):
            return AccessKind.DISCLOSURE, "a line shared by a person", (happened.agency.other.value,)
        if isinstance(happened, rev.RecordWithdrawn) or getattr(happened, "corrects", None):
            return AccessKind.ALTERATION, self.justification(viewer, [record]), ()
        return AccessKind.COLLECTION, self.justification(viewer, [record]), ()

    def _joining(
        self, viewer: Viewer, happened: iev.IncidentsMerged | iev.IncidentsUnmerged
    ) -> list[Accessed]:
        pair = [happened.into_id, happened.merged_id]
        words = "joined" if isinstance(happened, iev.IncidentsMerged) else "parted"
        why = f"{words} by a person of the {happened.agency.value} service"
        legs = [self._board.fetch(one) for one in pair]
        owners = {leg.state.owner for leg in legs if leg is not None}
        return [
            self._entry(AccessKind.COMBINATION, viewer, owner, pair, OPENED, (), why)
            for owner in sorted(owners)
        ]

    def justification(self, viewer: Viewer, records: Sequence[str]) -> str:
        """Return why the viewer may look, from the relation: "assigned to inc_…", "controls medway"."""
        rights = RIGHTS.get(viewer.role)
        units_only = bool(records) and all(one.startswith("unt_") for one in records)
        reach = rights.reach.get(Subject.UNIT if units_only else Subject.INCIDENT) if rights else None
        if reach is Reach.ASSIGNED:
            return self._assigned(viewer, records)
        if reach is Reach.CONTROLS:
            return f"controls {self._districts(records)}"
        if reach is Reach.SUPERVISES:
            return f"supervises {self._districts(records)}"
        return reach.value if reach else f"works as {viewer.role.value}"

    def _assigned(self, viewer: Viewer, records: Sequence[str]) -> str:
        incidents = [one for one in records if one.startswith("inc_")]
        if len(incidents) != 1:
            return f"rides on {viewer.unit_id}"
        aboard = self._board.fetch_unit(viewer.unit_id) if viewer.unit_id else None
        joint = self._board.joint(incidents[0])
        if aboard and joint and aboard.state.incident_id in {leg.incident_id for leg in joint.legs}:
            return f"assigned to {incidents[0]}"
        return f"rides on {viewer.unit_id}, which may take {incidents[0]}"

    def _districts(self, records: Sequence[str]) -> str:
        found = {name for one in records if (name := self._district(one))}
        if not found or len(found) > _MOST_DISTRICTS:
            return "the area of the scheme"
        return ", ".join(sorted(found))

    def _district(self, record: str) -> str | None:
        if record.startswith("unt_"):
            aboard = self._board.units.get(record)
            return aboard.state.district if aboard else None
        leg = self._board.legs.get(record)
        return leg.state.district if leg else None

    def _entry(
        self,
        kind: AccessKind,
        viewer: Viewer,
        owner: Agency | None,
        records: Sequence[str],
        labels: Sequence[Label],
        fields: Sequence[str],
        why: str,
        recipients: tuple[str, ...] = (),
    ) -> Accessed:
        return Accessed(
            kind,
            viewer.subject,
            viewer.agency.value,
            viewer.role.value,
            viewer.unit_id,
            owner.value if owner else BOTH,
            tuple(records),
            tuple(labels),
            tuple(fields),
            viewer.purpose.value,
            why,
            recipients,
            to_us(self._clock.now()),
        )


def audit_unavailable() -> Unavailable:
    """Return the answer to what may not happen unrecorded."""
    return Unavailable(
        "audit",
        "this cannot be recorded now, so personal content is not passed on",
        "dispatch goes on without it; try again in a moment",
    )


def _without_personal(entry: Accessed) -> Accessed:
    """Return what is left of a look when the personal fields stay behind."""
    return replace(entry, labels=OPENED, fields=(), justification=f"{entry.justification}; {HELD_BACK}")


def _together(one: Accessed, other: Accessed) -> Accessed:
    return replace(
        one,
        records=_unique([*one.records, *other.records]),
        labels=_unique([*one.labels, *other.labels]),
        fields=_unique([*one.fields, *other.fields]),
    )


def _unique(values: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))


def _of_persons(happened: rev.PersonsJoined | rev.PersonsParted, record: str) -> str:
    if isinstance(happened, rev.PersonsParted):
        return f"two persons again, by a person: {happened.record_id}"
    theirs = f"{happened.other} of {happened.other_on}"
    return f"person {happened.person} of {record} and {theirs} are one, by a person: {happened.record_id}"


def _is_shared(item: Emitted, part: Part) -> bool:
    return isinstance(item.event, iev.LineShared) and not part.label.is_personal

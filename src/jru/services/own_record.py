"""What somebody did in their own duties: hours, jobs by kind, what they recorded, their debriefs. For them alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jru.domain import shift_commands as sc
from jru.domain.codec import decode, from_us
from jru.domain.deciding import own
from jru.domain.shift_decisions import decide_debrief
from jru.domain.shift_events import CrewChanged, debrief_stream
from jru.domain.unit import Job, Unit
from jru.domain.unit_events import UnitBookedOn
from jru.errors import Forbidden, NotFound

from .access import Owned, Relation, Viewer
from .auditing import OWN_DUTY, audit_unavailable
from .grants import RIGHTS, Subject
from .ground import Decided, Done, Ground
from .oversight import check_period
from .personal import personal_fields
from .ports import StoredEvent
from .recorder import Sent
from .records import OwnDutyRecord, Row
from .session_book import plain_name
from .wording import iso, iso_or_none

Contents = Callable[[StoredEvent, int, Viewer], dict[str, Any] | None]
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Ridden:
    """One duty of somebody: since when and until when they were aboard, and on which seat if it is known."""

    unit: Unit
    since: datetime
    until: datetime | None
    seat: str | None

    def holds(self, job: Job) -> bool:
        """Tell whether they were aboard when a job began."""
        return self.since <= job.assigned_at and (self.until is None or job.assigned_at < self.until)


class OwnRecords:
    """Reads and keeps what belongs to one person; whose it is stands in the log, by who did it."""

    def __init__(self, ground: Ground, contents: Contents) -> None:
        """`contents` returns one part of an event as far as a viewer may be handed it."""
        self._ground = ground
        self._contents = contents

    def record(self, viewer: Viewer, since: datetime, until: datetime) -> Row:
        """Return the viewer's own duties that began in [since, until), the newest first.

        Raises Forbidden for who rides on no unit, Unavailable while looks cannot be put on record.
        """
        check_period(since, until)
        if Subject.OWN_RECORD not in RIGHTS[viewer.role].reach:
            raise Forbidden(
                "role", "only members of a crew have such a record", data={"role": viewer.role.value}
            )
        ridden = [self._ridden(viewer, unit) for unit in self._units(since, until)]
        records = [self._duty(viewer, one) for one in ridden if one is not None]
        rows, shown = [], []
        for record in records:
            row = self._ground.gate.project(viewer, record, viewer.purpose)
            if row is not None:
                rows.append(row)
                shown += personal_fields(viewer, str(row["unit_id"]), record, row)
        if not self._ground.auditing.consulted(viewer, shown, why=OWN_DUTY):
            raise audit_unavailable()
        return {"duties": sorted(rows, key=lambda row: str(row["booked_on_at"]), reverse=True)}

    def debrief(self, viewer: Viewer, command: sc.RecordDebrief, sent: Sent) -> Done:
        """Keep what a member says of a duty that they rode; raises NotFound for any other."""
        ground = self._ground
        unit = ground.unit(command.unit_id).state
        if self._ridden(viewer, unit) is None:
            raise NotFound("unit", "there is no such unit", data={"id": command.unit_id})

        def decided() -> Decided:
            decision = decide_debrief(ground.setting(viewer, sent), unit, command)
            return Decided(decision, {"unit_id": command.unit_id}, "kept for you alone", created=True)

        stream = debrief_stream(command.unit_id, viewer.agency)
        return ground.write(viewer, sent, (stream.partition("/")[0],), decided)

    def _units(self, since: datetime, until: datetime) -> Iterator[Unit]:
        for row in self._ground.log.states(open_only=False):
            if row.kind == "unit":
                unit = decode(Unit, row.body)
                if since <= unit.booked_on_at < until:
                    yield unit

    def _ridden(self, viewer: Viewer, unit: Unit) -> _Ridden | None:
        """Return when somebody was aboard in a duty, or None: who did something in it, or rides on it now, did."""
        events = self._ground.log.stream(unit.unit_id)
        if viewer.unit_id != unit.unit_id and not any(
            event.actor == viewer.subject and event.agency == viewer.agency.value for event in events
        ):
            return None
        since, until, seat = unit.booked_on_at, unit.booked_off_at, None
        for event, seats in self._named(viewer, events):
            at = from_us(event.at_us)
            mine = next((s for s, n in seats.items() if plain_name(n) == plain_name(viewer.name)), None)
            if mine is not None:
                since, seat, until = (at if seat is None else since), mine, unit.booked_off_at
            elif seat in seats:
                until = at
        return _Ridden(unit, since, until, seat)

    def _named(
        self, viewer: Viewer, events: Sequence[StoredEvent]
    ) -> Iterator[tuple[StoredEvent, dict[str, str]]]:
        """Yield who was named for which seat of the own service, in order."""
        for event in events:
            if event.kind not in (UnitBookedOn.__name__, CrewChanged.__name__):
                continue
            for ref in event.parts:
                found = self._contents(event, ref.number, viewer)
                if found:
                    yield event, {seat: str(name) for seat, name in found.items()}

    def _duty(self, viewer: Viewer, ridden: _Ridden) -> OwnDutyRecord:
        unit, agency = ridden.unit, viewer.agency
        seat = next((one for one in unit.seats if one.seat == ridden.seat), None)
        jobs = [job for job in unit.jobs if ridden.holds(job)]
        now = self._ground.clock.now()
        return OwnDutyRecord(
            relation=Relation(
                frozenset({agency}), about=Subject.OWN_RECORD, open=unit.open, person=viewer.subject
            ),
            unit_id=Owned(agency, unit.unit_id),
            call_sign=Owned(agency, unit.call_sign),
            district=Owned(agency, unit.district),
            booked_on_at=Owned(agency, iso(ridden.since)),
            booked_off_at=Owned(agency, iso_or_none(ridden.until)),
            minutes=Owned(agency, round(((ridden.until or now) - ridden.since).total_seconds() / 60)),
            seat=Owned(agency, ridden.seat),
            role=Owned(agency, seat.role if seat else viewer.role.value),
            qualifications=Owned(agency, list(seat.qualifications) if seat else []),
            jobs=Owned(agency, self._kinds(jobs)),
            recorded=Owned(agency, self._recorded(viewer, jobs)),
            debrief=Owned(agency, self._debrief(viewer, unit.unit_id)),
        )

    def _kinds(self, jobs: Sequence[Job]) -> list[Row]:
        types = self._ground.board.scheme.at(self._ground.clock.now()).types
        counted: Counter[str] = Counter()
        for job in jobs:
            joint = self._ground.board.joint(job.incident_id)
            kind = types.get((joint.type if joint else None) or "")
            counted[kind.name if kind else "Type not stated"] += 1
        return [{"kind": kind, "count": count} for kind, count in sorted(counted.items())]

    def _recorded(self, viewer: Viewer, jobs: Sequence[Job]) -> list[Row]:
        """Return what the person recorded for the own service at these jobs, by kind."""
        board = self._ground.board
        legs = dict.fromkeys(leg for job in jobs for leg in board.legs_of(job.incident_id))
        counted = Counter(
            event.kind
            for leg in legs
            for event in self._ground.log.stream(own(leg, viewer.agency))
            if event.actor == viewer.subject
        )
        return [{"kind": _words(kind), "count": count} for kind, count in sorted(counted.items())]

    def _debrief(self, viewer: Viewer, unit_id: str) -> Row | None:
        """Return what the person said last of a duty; no content once it was erased."""
        stream = debrief_stream(unit_id, viewer.agency)
        mine = [event for event in self._ground.log.stream(stream) if event.actor == viewer.subject]
        if not mine:
            return None
        said = self._contents(mine[-1], 0, viewer) or {}
        return {"at": iso(from_us(mine[-1].at_us)), **said}


def _words(kind: str) -> str:
    """Return the kind of an event in words: `ObservationsRecorded` as "Observations recorded"."""
    return _WORD.sub(" ", kind).capitalize()

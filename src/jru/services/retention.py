"""What a privacy officer does about retention: sees what is due, holds, asks, reviews. Erasing is the run's part."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from jru.domain.agency import Agency
from jru.domain.codec import from_us
from jru.domain.deciding import emit
from jru.domain.events import read_event
from jru.domain.retention import Docket, decide_asked, decide_hold, decide_release, decide_review
from jru.domain.retention_commands import (
    AskErasure,
    PlaceHold,
    ReleaseHold,
    ReviewContent,
    RunRetention,
)
from jru.domain.retention_events import ErasureAsked, HoldPlaced, RetentionRun, docket_stream
from jru.domain.retention_policy import Clause
from jru.errors import Forbidden, Unavailable

from .access import Owned, Relation, Subject, Viewer
from .erasing import Eraser
from .grants import RIGHTS
from .ground import Decided, Done, Ground
from .ports import Payloads
from .reading import part_content
from .recorder import Sent
from .records import Row
from .retention_ports import Holdings
from .retention_records import RetentionRecord
from .retention_survey import Finding, Survey, docket_of
from .wording import iso, iso_or_none

TRACKS_EVERY = timedelta(hours=1)
DOCKETS = tuple(docket_stream(agency) for agency in Agency)
"""Held from the look to the last erasure, so that no hold comes between; a crew's track is kept by either service's."""

_log = structlog.get_logger(__name__)


class Retention:
    """Use cases of retention."""

    def __init__(
        self, ground: Ground, payloads: dict[str, Payloads], holdings: Holdings, eraser: Eraser
    ) -> None:
        self._ground = ground
        self._payloads = payloads
        self._holdings = holdings
        self._eraser = eraser
        self._erasing = threading.Lock()
        self._tracks_due_at = ground.clock.now()

    def survey(self, now: datetime) -> Survey:
        """Return a look at everything that is held, under the clauses in force."""
        ground = self._ground
        return Survey(ground.log, self._holdings, clauses_in_force(ground, now), now)

    def due(self, viewer: Viewer) -> Row:
        """Return what is due or waits at the viewer's own service, its holds and requests. Changes nothing."""
        rights = RIGHTS.get(viewer.role)
        if rights is None or Subject.RETENTION not in rights.reach:
            raise Forbidden("role", "retention is for the privacy officers of the two services")
        ground, agency = self._ground, viewer.agency
        now = ground.clock.now()
        found = [f for f in self.survey(now).findings() if f.agency is agency]
        docket = docket_of(ground.log, agency)
        reasons = self._reasons(viewer)
        record = RetentionRecord(
            relation=Relation(frozenset({agency}), about=Subject.RETENTION),
            at=iso(now),
            findings=tuple(Owned(agency, finding_row(one)) for one in found),
            holds=tuple(
                Owned(agency, {**row, "reason": reasons.get(row["hold_id"], "")}) for row in _holds(docket)
            ),
            asked=tuple(Owned(agency, row) for row in self._asked(viewer)),
            clauses=tuple(
                clause_row(clause) for clause in clauses_in_force(ground, now) if clause.agency is agency
            ),
        )
        row = ground.gate.project(viewer, record, viewer.purpose)
        if row is None:
            raise Forbidden("role", "retention is for the privacy officers of the two services")
        return row

    def hold(self, viewer: Viewer, command: PlaceHold, sent: Sent) -> Done:
        """Place a legal hold on an incident of the own service, or on one person of it."""
        legs = self._legs(viewer, command.incident_id)

        def decided() -> Decided:
            hold_id = self._ground.recorder.new_id("hld")
            decision = decide_hold(self._ground.setting(viewer, sent), legs, hold_id, command)
            return Decided(decision, {"hold_id": hold_id}, "held until somebody releases it", created=True)

        return self._write(viewer, sent, decided)

    def release(self, viewer: Viewer, command: ReleaseHold, sent: Sent) -> Done:
        """Release a legal hold of the own service."""

        def decided() -> Decided:
            docket = docket_of(self._ground.log, viewer.agency)
            decision = decide_release(self._ground.setting(viewer, sent), docket, command)
            return Decided(decision, {"hold_id": command.hold_id}, "released: the clocks count again")

        return self._write(viewer, sent, decided)

    def ask(self, viewer: Viewer, command: AskErasure, sent: Sent) -> Done:
        """Record a request to erase; it waits until the incident is closed and reviewed."""
        legs = self._legs(viewer, command.incident_id)

        def decided() -> Decided:
            request_id = self._ground.recorder.new_id("ask")
            decision = decide_asked(self._ground.setting(viewer, sent), legs, request_id, command)
            told = "queued: erased once the incident is closed and somebody has reviewed it"
            return Decided(decision, {"request_id": request_id}, told, created=True)

        return self._write(viewer, sent, decided)

    def review(self, viewer: Viewer, command: ReviewContent, sent: Sent) -> Done:
        """Record what a look at the own service's content found."""
        legs = self._legs(viewer, command.incident_id)

        def decided() -> Decided:
            ended_at = self.survey(sent.received_at).course_of(command.incident_id).ended_at
            decision = decide_review(self._ground.setting(viewer, sent), legs, ended_at, command)
            told = (
                "the next run erases what is due" if command.finding == "erase" else "the request is refused"
            )
            return Decided(decision, told=told)

        return self._write(viewer, sent, decided)

    def run(self, viewer: Viewer, command: RunRetention, sent: Sent) -> Done:
        """Erase what is due of the viewer's own service."""
        ground = self._ground
        with self._erasing, ground.locks.holding(DOCKETS):
            return ground.earlier(viewer, sent) or self._run(viewer, sent)

    def _run(self, viewer: Viewer, sent: Sent) -> Done:
        agency = viewer.agency
        found = (f for f in self.survey(self._ground.clock.now()).findings() if f.agency is agency)
        gone = self._eraser.erase(found, viewer)
        counts = {
            "records": len({one.record_id for one in gone}),
            "parts": sum(len(one.parts) for one in gone),
            "tracks": sum(len(one.tracks) for one in gone),
            "messages": sum(len(one.messages) for one in gone),
        }
        happened = emit(docket_stream(agency), RetentionRun(**counts), sent.received_at)
        told = f"{counts['parts']} parts of {counts['records']} records erased"
        return self._write(viewer, sent, lambda: Decided([happened], dict(counts), told))

    def expire_tracks(self, now: datetime) -> None:
        """Erase positions of crews whose clause is over; once an hour, whoever runs the server.

        Never waits for a run: what the time asks for comes first, and the next call finds what is left.
        """
        if now < self._tracks_due_at or not self._erasing.acquire(blocking=False):
            return
        try:
            self._tracks_due_at = now + TRACKS_EVERY
            with self._ground.locks.holding(DOCKETS):
                self._eraser.erase(self.survey(now).tracks())
        except Unavailable as error:
            _log.error("positions that are due stay for now", reason=str(error))
        finally:
            self._erasing.release()

    def _write(self, viewer: Viewer, sent: Sent, decided: Any) -> Done:
        return self._ground.write(viewer, sent, (docket_stream(viewer.agency),), decided)

    def _legs(self, viewer: Viewer, incident_id: str) -> tuple[str, ...]:
        joint = self._ground.joint(viewer, incident_id)
        return tuple(leg.incident_id for leg in joint.legs)

    def _reasons(self, viewer: Viewer) -> dict[str, str]:
        """Return why each hold was placed and each request made."""
        scope = self._ground.gate.scope(viewer)
        found: dict[str, str] = {}
        for event in self._ground.log.stream(docket_stream(viewer.agency)):
            happened = read_event(event.kind, event.schema_version, event.data)
            content = part_content(self._payloads, event, 0, scope) or {}
            if isinstance(happened, HoldPlaced):
                found[happened.hold_id] = str(content.get("text", ""))
            elif isinstance(happened, ErasureAsked):
                found[happened.request_id] = str(content.get("text", ""))
        return found

    def _asked(self, viewer: Viewer) -> list[Row]:
        reasons = self._reasons(viewer)
        found = []
        for event in self._ground.log.stream(docket_stream(viewer.agency)):
            happened = read_event(event.kind, event.schema_version, event.data)
            if isinstance(happened, ErasureAsked):
                found.append(
                    {
                        "request_id": happened.request_id,
                        "incidents": list(happened.incidents),
                        "person": happened.person,
                        "by": event.actor,
                        "at": iso(from_us(event.at_us)),
                        "reason": reasons.get(happened.request_id, ""),
                    }
                )
        return found


def clauses_in_force(ground: Ground, now: datetime) -> Sequence[Clause]:
    """Return the retention clauses of the scheme in force."""
    scheme = ground.board.scheme
    return scheme.at(now).retention if scheme.adopted else ()


def finding_row(one: Finding) -> Row:
    """Return a finding as it is told: counts and labels, no content."""
    return {
        "agency": one.agency.value,
        "record_id": one.record_id,
        "number": one.number,
        "matter": one.matter.value,
        "state": one.state.value,
        "clause": one.clause,
        "words": one.words,
        "basis": one.basis,
        "due_at": iso_or_none(one.due_at),
        "parts": len(one.parts),
        "labels": dict(sorted(Counter(held.ref.label.value for held in one.parts).items())),
        "tracks": len(one.tracks),
        "messages": len(one.messages),
    }


def clause_row(clause: Clause) -> Row:
    """Return a clause as it is told."""
    return {
        "clause": clause.clause_id,
        "matter": clause.matter.value,
        "labels": sorted(clause.labels),
        "outcomes": sorted(clause.outcomes),
        "trigger": clause.trigger.value,
        "keep": str(clause.keep),
        "review": clause.review,
        "words": clause.words,
    }


def _holds(docket: Docket) -> list[Row]:
    return [
        {
            "hold_id": hold.hold_id,
            "incidents": sorted(hold.incidents),
            "person": hold.person,
            "by": hold.by,
            "at": iso(hold.at),
            "released_at": iso_or_none(hold.released_at),
        }
        for hold in docket.holds.values()
    ]

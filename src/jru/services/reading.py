"""What viewers read: the board, one incident, one unit, what changed - all through the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from jru.domain.agency import Agency, Label, Role
from jru.domain.codec import from_us
from jru.domain.deciding import op, own
from jru.domain.events import read_event
from jru.domain.incident import Incident
from jru.domain.incident_events import IncidentsMerged
from jru.domain.joint import Joint
from jru.domain.unit_events import UnitOffered
from jru.errors import NotFound

from .access import Owned, Viewer
from .board import content_of
from .consequences import verdict_shown
from .erased_words import Gone, gone_from, in_its_place
from .grants import RIGHTS, Reach, Subject
from .ground import Ground
from .incident_view import IncidentView, suitability_full
from .narrative import Line, Narrative
from .noticing import Noticing
from .openings import alerts, glass_row, opened_labels
from .personal import Personal, Told, bared, personal_fields
from .ports import Payloads, Scope, StoredEvent
from .recommending import Recommending
from .records import IncidentDetail, IncidentRecord, Row, UnitRecord
from .scheme_view import scheme_row
from .unit_view import UnitView
from .versions import own_values
from .wording import iso, iso_or_none

FEED_SILENT = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Seen:
    """A row as one kind of viewer sees it, the same row without its personal fields, and these fields."""

    whole: Row
    bare: Row
    fields: tuple[Personal, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """A record as of one change, with its projection for each role and service. Nobody changes a row."""

    stamp: int
    record: IncidentRecord | UnitRecord
    rows: dict[tuple[Role, Agency], Seen | None] = field(default_factory=dict)


class Reading:
    """Builds projected answers; a row is built once per change and projected for each viewer."""

    def __init__(
        self,
        ground: Ground,
        recommending: Recommending,
        payloads: dict[str, Payloads],
        seal_base: Callable[[int], str],
        *,
        synthetic: bool,
        exercise: bool = False,
        rate: Callable[[], float],
    ) -> None:
        self._ground = ground
        self.noticing = Noticing(ground.board, ground.gate)
        self._recommending = recommending
        self._payloads = payloads
        self._incidents = IncidentView(ground, recommending)
        self._units = UnitView(ground, seal_base)
        self._synthetic = synthetic
        self._exercise = exercise
        self._rate = rate
        self._cache: dict[str, _Kept] = {}

    def board(self, viewer: Viewer, told: Told | None = None) -> Row:
        """Return everything on the board that this viewer may see; `told` is the live stream that it is for."""
        ground = self._ground
        with ground.board.lock:
            now = ground.clock.now()
            ids = [i for i, leg in ground.board.legs.items() if leg.state.merged_into is None]
            incidents = [seen for i in ids if (seen := self._incident_row(viewer, i, now))]
            units = [
                seen
                for a in ground.board.open_units()
                if (seen := self._unit_row(viewer, a.state.unit_id, now))
            ]
            answer = {
                "now": iso(now),
                "rate": self._rate(),
                "synthetic": self._synthetic,
                "exercise": self._exercise,
                "seq": ground.board.revision,
                "feeds": self._feeds(viewer, now),
                "alerts": alerts(ground.board.glass, viewer),
            }
        incidents.sort(key=lambda seen: (seen.whole["opened_at"], seen.whole["id"]))
        return {**answer, **self._released(viewer, incidents, units, told)}

    def _released(
        self, viewer: Viewer, incidents: Sequence[Seen], units: Sequence[Seen], told: Told | None
    ) -> Row:
        """Return the rows that may leave, once it is on record who is shown them. Not under the board's lock."""
        fields = [shown for seen in (*incidents, *units) for shown in seen.fields]
        whole = self._ground.auditing.consulted(viewer, fields, told=told)
        return {
            "incidents": [seen.whole if whole else seen.bare for seen in incidents],
            "units": [seen.whole if whole else seen.bare for seen in units],
        }

    def change(self, viewer: Viewer, after: int, told: Told | None = None) -> Row | None:
        """Return the rows that changed after a revision, or None when that is too long ago.

        `told` is the live stream that the rows are for.
        """
        ground = self._ground
        with ground.board.lock:
            touched = ground.board.changed_since(after)
            if touched is None:
                return None
            now = ground.clock.now()
            incidents: list[Seen] = []
            units: list[Seen] = []
            gone: list[str] = []
            # by id: the order of the changes would tell of those that this viewer cannot see
            for one in sorted(touched):
                touch = touched[one]
                if not self.noticing.notices(viewer, one, touch):
                    continue
                is_unit = one.startswith("unt_")
                row = self._unit_row(viewer, one, now) if is_unit else self._incident_row(viewer, one, now)
                if row is not None:
                    (units if is_unit else incidents).append(row)
                elif ground.gate.relates(viewer, touch.before):
                    gone.append(one)
            answer = {
                "now": iso(now),
                "rate": self._rate(),
                "seq": ground.board.revision,
                "more": False,
                "gone": sorted(gone),
                "alerts": alerts(ground.board.glass, viewer),
            }
        return {**answer, **self._released(viewer, incidents, units, told)}

    def heartbeat(self, viewer: Viewer) -> Row:
        """Return the time and the age of the feeds."""
        now = self._ground.clock.now()
        return {"now": iso(now), "rate": self._rate(), "feeds": self._feeds(viewer, now)}

    def _feeds(self, viewer: Viewer, now: datetime) -> list[Row]:
        """Return the feeds; when one was last heard is for its own rooms and supervisors until it falls silent.

        To others it would tell of each message about an incident that they may not know of.
        """
        reach = RIGHTS[viewer.role].reach.get(Subject.INCIDENT) if viewer.role in RIGHTS else None
        own = viewer.agency if reach in (Reach.CONTROLS, Reach.SUPERVISES) else None
        board = self._ground.board
        rows = []
        for agency, partner in board.scheme.at(now).partners.items():
            for sender in partner.senders:
                last = board.last_report.get(sender)
                silent = last is None or now - last > FEED_SILENT
                told = silent or agency is own
                rows.append(
                    {
                        "agency": agency.value,
                        "sender": sender,
                        "last_at": iso_or_none(last if told else None),
                        "silent": silent,
                    }
                )
        return rows

    def _incident_row(self, viewer: Viewer, incident_id: str, now: datetime) -> Seen | None:
        board = self._ground.board
        leg = board.legs.get(incident_id)
        if leg is None or leg.state.merged_into is not None:
            self._cache.pop(incident_id, None)
            return None
        kept = self._cached(incident_id, lambda: self._incidents.record(board.whole(leg.state), now))
        return self._projected(viewer, kept)

    def _unit_row(self, viewer: Viewer, unit_id: str, now: datetime) -> Seen | None:
        aboard = self._ground.board.units.get(unit_id)
        if aboard is None or not aboard.state.open:
            self._cache.pop(unit_id, None)
            return None
        return self._projected(viewer, self._cached(unit_id, lambda: self._units.record(aboard, now)))

    def _projected(self, viewer: Viewer, kept: _Kept) -> Seen | None:
        """Return the row as this viewer may see it; those with one role and service see the same one."""
        if not self._ground.gate.relates(viewer, kept.record.relation):
            return None
        kind = viewer.role, viewer.agency
        if kind not in kept.rows:
            kept.rows[kind] = self._seen(viewer, kept.record)
        return kept.rows[kind]

    def _seen(self, viewer: Viewer, record: IncidentRecord | UnitRecord) -> Seen | None:
        row = self._ground.gate.project(viewer, record, viewer.purpose)
        if row is None:
            return None
        fields = tuple(personal_fields(viewer, record.id, record, row))
        bare = bared(row, fields)
        if isinstance(record, UnitRecord):
            return Seen(_with_names(row), _with_names(bare), fields)
        return Seen(row, bare, fields)

    def _cached(self, one: str, build: Callable[[], IncidentRecord | UnitRecord]) -> _Kept:
        stamp = self._ground.board.stamps.get(one, 0)
        kept = self._cache.get(one)
        if kept is None or kept.stamp != stamp:
            kept = self._cache[one] = _Kept(stamp, build())
        return kept

    def let_go(self) -> None:
        """Keep nothing that was built for rows which are off the board or have changed since."""
        board = self._ground.board
        with board.lock:
            stamps, there = board.stamps, board.legs.keys() | board.units.keys()
            self._cache = {
                one: kept
                for one, kept in self._cache.items()
                if one in there and kept.stamp == stamps.get(one, 0)
            }
            self._incidents.arrivals.let_go()

    def incident(self, viewer: Viewer, incident_id: str) -> Row:
        """Return one incident with its log; raises NotFound when there is none or it is not this viewer's."""
        ground = self._ground
        with ground.board.lock:
            now = ground.clock.now()
            joint = ground.joint(viewer, incident_id)
            record = self._incidents.record(joint, now)
            opening = ground.board.glass.standing_on(viewer.subject, joint, now)
            opened = opened_labels(opening)
            lines, shared, remarks, caller = self._lines(viewer, joint, now, opened)
        row = ground.gate.project(viewer, record, viewer.purpose)
        more = self._detail(joint, now, shared, remarks, caller)
        detail = ground.gate.project(viewer, more, viewer.purpose, opened)
        if row is None or detail is None:
            raise NotFound("incident", "there is no such incident", data={"id": incident_id})
        one = joint.incident_id
        fields = personal_fields(viewer, one, more, detail, opened)
        fields += [Personal(one, "log", ln.label, ln.owner) for ln in lines if ln.label.is_personal]
        legs = [leg.incident_id for leg in joint.legs]
        why = f"restricted fields opened: {opening.glass_id}" if opening else None
        if not ground.auditing.consulted(viewer, fields, opened=legs, why=why):
            detail = bared(detail, fields)
            lines = [line for line in lines if not line.label.is_personal]
        callers = detail.pop("caller", [])
        return {
            **row,
            **detail,
            "caller": callers[-1] if callers else None,
            "remarks": detail.get("remarks", []),
            "log": [_line_row(line) for line in lines],
            "glass": glass_row(opening) if opening else None,
        }

    def shown(self, viewer: Viewer, incident_id: str) -> str | None:
        """Return the incident as this viewer knows it, joined or not; None when it is not theirs to know of."""
        with self._ground.board.lock:
            joint = self._ground.find(viewer, incident_id)
        return joint.incident_id if joint else None

    def _detail(
        self, joint: Joint, now: datetime, shared: list[Row], remarks: list[Owned], caller: list[Owned]
    ) -> IncidentDetail:
        outcome = joint.outcome
        return IncidentDetail(
            relation=self._ground.board.relation(joint),
            suitability_full=suitability_full(verdict_shown(self._ground.board, joint, now)),
            merged=tuple(self._joining(leg) for leg in joint.legs[1:]),
            outcome={
                "need": outcome.need,
                "ended": outcome.ended,
                "risk_arrival": outcome.risk_arrival,
                "risk_leaving": outcome.risk_leaving,
                "contexts": [
                    dict(zip(("code", "source"), c.split(":"), strict=True)) for c in outcome.contexts
                ],
            }
            if outcome
            else None,
            persons=tuple(
                {
                    "person": p.person,
                    "disposal": p.disposal,
                    "conveyed_by": p.conveyed_by,
                    "custody": p.custody,
                    "s136": p.s136,
                    "destination": self._incidents.destination(leg, p.person),
                }
                for leg in joint.legs
                for p in leg.persons
            ),
            own=tuple(Owned(a, own_values(self._ground.board, joint, a)) for a in Agency),
            hours={"police_s": joint.first.police_s, "ambulance_s": joint.first.ambulance_s}
            if joint.first.closed_at
            else None,
            lines=tuple(shared),
            remarks=tuple(remarks),
            caller=tuple(caller),
        )

    def _joining(self, leg: Incident) -> Row:
        """Return a leg with the service whose room joined it, and when; the last joining counts."""
        joined = max(
            (e for e in self._ground.log.stream(op(leg.incident_id)) if self._joins(e, leg)),
            key=lambda event: event.seq,
        )
        return {
            "id": leg.incident_id,
            "number": leg.number,
            "agency": leg.owner.value,
            "by": joined.agency,
            "at": iso(from_us(joined.at_us)),
        }

    @staticmethod
    def _joins(event: StoredEvent, leg: Incident) -> bool:
        if event.kind != "IncidentsMerged":
            return False
        happened = read_event(event.kind, event.schema_version, event.data)
        return isinstance(happened, IncidentsMerged) and happened.merged_id == leg.incident_id

    def _lines(
        self, viewer: Viewer, joint: Joint, now: datetime, opened: frozenset[Label]
    ) -> tuple[list[Line], list[Row], list[Owned], list[Owned]]:
        ground = self._ground
        telling = Narrative(ground.board.scheme.at(now), self._number_of, self._call_sign_of)
        lines: list[Line] = []
        shared: list[Row] = []
        remarks: list[Owned] = []
        caller: list[Owned] = []
        may_read = partial(ground.gate.may_read, viewer, still_open=joint.first.open, opened=opened)
        scope = ground.gate.scope(viewer, opened)
        events = self._events(viewer, joint, also_other=bool(opened))
        gone = gone_from(events)
        for event in events:
            content = self._content(event, scope, gone)
            line = telling.line(event, content)
            if line is None or not may_read(line.label, line.owner):
                continue
            if lines and (lines[-1].at, lines[-1].sentence) == (line.at, line.sentence):
                continue
            lines.append(line)
            said = content(0) if event.kind in ("LineShared", "RemarksRecorded", "CallerRecorded") else None
            if said is None:
                continue
            if event.kind == "LineShared":
                shared.append({"at": iso(line.at), "agency": event.agency, "text": said.get("text")})
            elif event.kind == "RemarksRecorded":
                remark = {"at": iso(line.at), "text": said.get("text"), "label": line.label.value}
                remarks.append(Owned(Agency(event.agency), remark))
            elif (event.seq, 0) not in gone:
                caller.append(Owned(Agency(event.agency), said))
        return lines, shared, remarks, caller

    def _events(self, viewer: Viewer, joint: Joint, *, also_other: bool) -> list[StoredEvent]:
        """Return the events of all legs that may concern this viewer, and of the units while on the incident."""
        log = self._ground.log
        ids = {leg.incident_id for leg in joint.legs}
        events: list[StoredEvent] = []
        for incident_id in ids:
            events += log.stream(op(incident_id))
            events += log.stream(own(incident_id, viewer.agency))
            if also_other:
                events += log.stream(own(incident_id, viewer.agency.other))
        for unit_id in {c.unit_id for c in joint.commitments} | self._on_duty():
            events += _about(ids, log.stream(unit_id))
        return sorted({e.seq: e for e in events}.values(), key=lambda e: (e.at_us, e.seq))

    def _on_duty(self) -> set[str]:
        return {a.state.unit_id for a in self._ground.board.open_units()}

    def _content(
        self, event: StoredEvent, scope: Scope, gone: Gone
    ) -> Callable[[int], dict[str, Any] | None]:
        """Return what gives the contents of an event, or the clause that they were erased under."""

        def content(number: int) -> dict[str, Any] | None:
            words = gone.get((event.seq, number))
            if words is not None:
                return in_its_place(words)
            return part_content(self._payloads, event, number, scope)

        return content

    def _call_sign_of(self, unit_id: str) -> str:
        aboard = self._ground.board.fetch_unit(unit_id)
        return aboard.state.call_sign if aboard else unit_id

    def _number_of(self, incident_id: str) -> str:
        leg = self._ground.board.fetch(incident_id)
        return leg.state.number if leg else incident_id

    def recommendation(self, viewer: Viewer, incident_id: str) -> Row:
        """Return the ranked units for an incident."""
        ground = self._ground
        joint = ground.joint(viewer, incident_id)
        record = self._recommending.record(viewer, joint, ground.clock.now())
        row = ground.gate.project(viewer, record, viewer.purpose)
        if row is None:
            raise NotFound("incident", "there is no such incident", data={"id": incident_id})
        return row

    def unit(self, viewer: Viewer, unit_id: str) -> Row:
        """Return one unit."""
        ground = self._ground
        seen = self._seen(viewer, self._units.record(ground.unit(unit_id), ground.clock.now()))
        if seen is None:
            raise NotFound("unit", "there is no such unit", data={"id": unit_id})
        return seen.whole if ground.auditing.consulted(viewer, seen.fields) else seen.bare

    def scheme(self) -> Row:
        """Return the scheme's vocabulary."""
        ground = self._ground
        return scheme_row(
            ground.board, ground.clock.now(), synthetic=self._synthetic, exercise=self._exercise
        )


def _about(ids: Iterable[str], events: Iterable[StoredEvent]) -> list[StoredEvent]:
    """Return the events of a unit that name one of some incidents, or an offer of one."""
    names = {one.encode() for one in ids}
    found = []
    for event in events:
        if any(name in event.data for name in names):
            found.append(event)
            if event.kind == UnitOffered.__name__:
                offered = read_event(event.kind, event.schema_version, event.data)
                names |= {offered.offer_id.encode()} if isinstance(offered, UnitOffered) else set()
    return found


def part_content(
    payloads: dict[str, Payloads], event: StoredEvent, number: int, scope: Scope
) -> dict[str, Any] | None:
    """Return one part of a stored event, or None when it has none, it was erased or it lies outside the scope."""
    ref = next((p for p in event.parts if p.number == number), None)
    raw = payloads[ref.store].get(event.seq, number, scope) if ref else None
    return content_of(raw) if raw is not None else None


def _with_names(row: Row) -> Row:
    names: dict[str, str] = {}
    for group in row.get("names", []):
        names.update(group)
    left = {name: value for name, value in row.items() if name != "names"}
    return {**left, "seats": [{**seat, "name": names.get(seat["seat"])} for seat in row["seats"]]}


def _line_row(line: Line) -> Row:
    return {
        "at": iso(line.at),
        "recorded_at": iso(line.recorded_at),
        "agency": line.agency,
        "by": line.by,
        "sentence": line.sentence,
        "label": line.label.value,
        "late": line.late,
    }

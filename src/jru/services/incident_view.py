"""An incident as a row: built once per change, then projected for each viewer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint
from jru.domain.incident import Commitment, Hazard, Incident, Reference, Resource
from jru.domain.joint import Joint
from jru.domain.suitability import Suitability
from jru.domain.versions import marks

from .access import Owned
from .arrivals import Arrivals, Spot
from .asked_view import question_row, wait_row
from .consequences import verdict_shown
from .ground import Ground
from .recommending import Recommending, site_row
from .records import IncidentRecord, Row
from .versions import fields_of
from .wording import iso, iso_or_none

WORKING = frozenset({"assigned", "mobile", "scene"})


class IncidentView:
    """Builds incident rows."""

    def __init__(self, ground: Ground, recommending: Recommending) -> None:
        self._ground = ground
        self._recommending = recommending
        self.arrivals = Arrivals(ground)

    def record(self, joint: Joint, now: datetime) -> IncidentRecord:
        """Return the row of a joint incident."""
        board = self._ground.board
        blueprint = board.scheme.at(now)
        first = joint.first
        kind = blueprint.types.get(joint.type or "")
        phase = _phase(joint)
        return IncidentRecord(
            relation=board.relation(joint),
            id=joint.incident_id,
            number=first.number,
            phase=phase,
            stub=first.stub,
            owner=first.owner.value,
            joint=len(joint.agencies) > 1,
            refs=tuple(_ref(r) for r in joint.refs),
            type={"id": kind.type_id, "name": kind.name, "coarse": kind.coarse} if kind else None,
            place=self._place(joint),
            opened_at=iso(first.opened_at),
            since=iso(_since(joint)),
            flags=tuple(sorted(joint.flags)),
            hazards=tuple(self._hazard(h, joint, blueprint) for h in joint.hazards),
            scene_safe=self._scene_safe(joint),
            rvp=site_row(self._recommending.rendezvous(joint, now)) if joint.holding else None,
            candidate=self._candidate(joint, blueprint),
            visible_to=tuple(sorted(a.value for a in joint.visible_to)),
            suitability=suitability_row(verdict_shown(board, joint, now)),
            waits=self._waits(joint, blueprint),
            questions=self._questions(joint, blueprint),
            units=self._units(joint, blueprint, now),
            offers=self._offers(joint, blueprint),
            resources=tuple(_resource(r) for r in joint.resources),
            matches=self._matches(joint),
            due=_due(joint, blueprint, phase),
            closed_at=iso_or_none(first.closed_at),
            bases=tuple(Owned(a, marks(fields_of(board, joint, a))) for a in Agency),
        )

    def _place(self, joint: Joint) -> Row | None:
        for leg in joint.legs:
            entry = self._ground.board.fetch(leg.incident_id)
            if entry and entry.place:
                place = entry.place
                return {
                    "text": place.get("text", ""),
                    "lon": place.get("lon"),
                    "lat": place.get("lat"),
                    "verified": leg.verified,
                    "district": leg.district,
                }
        return None

    def _note(self, joint: Joint, key: str) -> str | None:
        for leg in joint.legs:
            entry = self._ground.board.fetch(leg.incident_id)
            if entry and entry.notes.get(key):
                return entry.notes[key]
        return None

    def destination(self, leg: Incident, person: int) -> str | None:
        """Return where a person of a leg was taken, if anybody said so."""
        entry = self._ground.board.fetch(leg.incident_id)
        return (entry.notes.get(f"person:{person}") if entry else None) or None

    def _hazard(self, hazard: Hazard, joint: Joint, blueprint: Blueprint) -> Row:
        return {
            "code": hazard.code,
            "name": blueprint.hazard_name(hazard.code),
            "holds": hazard in joint.holding,
            "at": iso(hazard.at),
            "by": hazard.agency.value,
            "note": self._note(joint, f"hazard:{hazard.code}"),
            "cleared_at": iso_or_none(hazard.cleared_at),
        }

    def _scene_safe(self, joint: Joint) -> Row | None:
        if joint.scene_safe_at is None:
            return None
        who, _, words = (self._note(joint, "scene_safe") or "police: scene safe").partition(": ")
        return {"at": iso(joint.scene_safe_at), "by": who, "words": words}

    def _candidate(self, joint: Joint, blueprint: Blueprint) -> Row | None:
        rule_id = next((leg.candidate_rule for leg in joint.legs if leg.candidate_rule), None)
        if rule_id is None:
            return None
        rule = next((r for r in blueprint.candidate_rules if r.rule_id == rule_id), None)
        return {"rule": rule_id, "sentence": rule.sentence if rule else "a joint unit was offered"}

    def _notes(self, leg: Incident) -> Mapping[str, str]:
        entry = self._ground.board.fetch(leg.incident_id)
        return entry.notes if entry else {}

    def _waits(self, joint: Joint, blueprint: Blueprint) -> tuple[Row, ...]:
        limits = blueprint.timers.unanswered
        rows = [wait_row(leg, w, self._notes(leg), limits) for leg in joint.legs for w in leg.waits]
        return tuple(sorted(rows, key=lambda row: str(row["requested_at"])))

    def _questions(self, joint: Joint, blueprint: Blueprint) -> tuple[Row, ...]:
        limits = blueprint.timers.unanswered
        rows = [question_row(q, self._notes(leg), limits) for leg in joint.legs for q in leg.questions]
        return tuple(sorted(rows, key=lambda row: str(row["asked_at"])))

    def _units(self, joint: Joint, blueprint: Blueprint, now: datetime) -> tuple[Row, ...]:
        target = self._recommending.target(joint, now) if joint.active else None
        return tuple(u for c in joint.active if (u := self._unit(c, blueprint, target)))

    def _unit(self, spent: Commitment, blueprint: Blueprint, target: Spot | None) -> Row | None:
        aboard = self._ground.board.fetch_unit(spent.unit_id)
        if aboard is None:
            return None
        unit, expected = aboard.state, self.arrivals.of(aboard, target)
        return {
            "unit_id": unit.unit_id,
            "call_sign": unit.call_sign,
            "status": unit.status,
            "word": blueprint.statuses[unit.status].word
            if unit.status in blueprint.statuses
            else unit.status,
            "status_at": iso(unit.status_at or unit.booked_on_at),
            "mode": spent.mode,
            "eta_at": iso_or_none(expected.at if expected else None),
            "eta_from": iso_or_none(expected.known_at if expected else None),
        }

    def _offers(self, joint: Joint, blueprint: Blueprint) -> tuple[Row, ...]:
        """Return the open offers of this incident, and the last answers of units that did not come."""
        ids = {leg.incident_id for leg in joint.legs}
        rows: list[Row] = []
        for aboard in self._ground.board.open_units():
            unit, offer, answer = aboard.state, aboard.state.offer, aboard.state.last_answer
            if offer is not None and offer.incident_id in ids:
                made = {
                    "state": "open",
                    "at": iso(offer.made_at),
                    "expires_at": iso(offer.expires_at),
                    "reason": None,
                }
                rows.append(
                    {
                        "unit_id": unit.unit_id,
                        "call_sign": unit.call_sign,
                        "by_agency": offer.by_agency.value,
                        **made,
                    }
                )
            elif answer is not None and answer.incident_id in ids and answer.result != "accepted":
                reason = blueprint.decline_reasons.get(answer.reason or "", answer.reason)
                got = {"state": answer.result, "at": iso(answer.at), "expires_at": None, "reason": reason}
                rows.append(
                    {
                        "unit_id": unit.unit_id,
                        "call_sign": unit.call_sign,
                        "by_agency": answer.by_agency.value,
                        **got,
                    }
                )
        return tuple(rows)

    def _matches(self, joint: Joint) -> tuple[Row, ...]:
        board = self._ground.board
        rows = []
        for other_id, (score, reasons) in board.suggested_to(joint).items():
            other = board.joint(other_id)
            if other is None:
                continue
            rows.append(
                {
                    "other_id": other_id,
                    "other_number": other.first.number,
                    "agency": other.first.owner.value,
                    "score": score,
                    "reasons": list(reasons),
                    "started_at": iso(other.first.opened_at),
                    "place": self._coarse_place(other),
                    "coarse": self._coarse_type(other),
                }
            )
        return tuple(sorted(rows, key=lambda r: (-float(str(r["score"])), str(r["other_number"]))))

    def _coarse_place(self, other: Joint) -> str | None:
        """Return the other's place for the match review: its text only (matching shows place, time and coarse type)."""
        place = self._place(other)
        return str(place["text"]) if place else None

    def _coarse_type(self, other: Joint) -> str | None:
        blueprint = self._ground.board.scheme.at(self._ground.clock.now())
        kind = blueprint.types.get(other.type or "")
        return kind.coarse.replace("_", " ") if kind else None


def suitability_row(found: Suitability) -> Row:
    """Return a verdict as a row."""
    return {
        "verdict": found.verdict,
        "score": found.score,
        "sentence": found.sentence,
        "nearest_miss": found.nearest_miss,
    }


def suitability_full(found: Suitability) -> Row:
    """Return a verdict with its gates and factors."""
    return {
        **suitability_row(found),
        "gates": [
            {"gate": g.gate, "passed": g.passed, "effect": g.effect, "words": g.words} for g in found.gates
        ],
        "factors": [{"factor": f.factor, "value": f.value, "words": f.words} for f in found.factors],
        "version": found.policy,
    }


def _phase(joint: Joint) -> str:
    """Return waiting while somebody is owed a response: nobody is on it, or one service waits for the other."""
    if not joint.first.open:
        return "closed"
    if joint.active:
        return "active"
    if any(w.arrived_at is None and w.released_at is None for w in joint.waits):
        return "waiting"
    return "active" if joint.worked or any(r.status in WORKING for r in joint.resources) else "waiting"


def _since(joint: Joint) -> datetime:
    if joint.first.closed_at is not None:
        return joint.first.closed_at
    if joint.active:
        return max(c.since for c in joint.active)
    working = [r.at for r in joint.resources if r.status in WORKING]
    if _phase(joint) == "active" and working:
        return min(working)
    ended = [c.until for c in joint.commitments if c.until]
    return max([min((r.clock_start for r in joint.refs), default=joint.first.opened_at), *ended])


def _due(joint: Joint, blueprint: Blueprint, phase: str) -> Row:
    limits = blueprint.timers.waiting.get(joint.urgency)
    if phase != "waiting" or limits is None:
        return {"amber_at": None, "red_at": None}
    since = _since(joint)
    amber, red = limits
    return {"amber_at": iso(since + timedelta(seconds=amber)), "red_at": iso(since + timedelta(seconds=red))}


def _ref(ref: Reference) -> Row:
    return {
        "agency": ref.agency.value,
        "sender": ref.sender,
        "foreign_id": ref.foreign_id,
        "grade": ref.grade,
        "urgency": ref.urgency,
        "clock_start": iso(ref.clock_start),
        "clock_stopped_at": iso_or_none(ref.clock_stopped_at),
        "clock_stopped_by": ref.clock_stopped_by,
        "closed_by_sender": ref.closed,
    }


def _resource(resource: Resource) -> Row:
    return {
        "agency": resource.agency.value,
        "call_sign": resource.call_sign,
        "kind": resource.kind,
        "status": resource.status,
        "at": iso(resource.at),
        "eta_at": iso_or_none(resource.eta_at),
    }

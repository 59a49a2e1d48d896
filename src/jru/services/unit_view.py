"""A unit as a row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint
from jru.domain.breaks import break_due_at
from jru.domain.joint import Joint
from jru.domain.lone import check_due_at, not_for_alone
from jru.domain.unit import Unit, capability, crew_rule_of
from jru.domain.versions import marks

from .access import Owned, Relation
from .ground import Ground
from .records import Row, UnitRecord
from .streams import Aboard
from .versions import unit_fields
from .wording import iso, iso_or_none


class UnitView:
    """Builds unit rows."""

    def __init__(self, ground: Ground, seal_base: Callable[[int], str]) -> None:
        self._ground = ground
        self._seal_base = seal_base

    def record(self, aboard: Aboard, now: datetime) -> UnitRecord:
        """Return the row of a unit; a joint unit is both services' to see."""
        board = self._ground.board
        blueprint = board.scheme.at(now)
        unit = aboard.state
        rule = blueprint.statuses[unit.status]
        able = capability(unit, crew_rule_of(unit, blueprint))
        own = board.joint(unit.incident_id) if unit.incident_id else None
        status_at = unit.status_at or unit.booked_on_at
        return UnitRecord(
            relation=Relation.of_unit(unit.unit_id, is_open=unit.open),
            id=unit.unit_id,
            call_sign=unit.call_sign,
            district=unit.district,
            vehicle_id=unit.vehicle_id,
            status=unit.status,
            word=rule.word,
            police_code=rule.police_code,
            police_word=rule.police_word,
            ambulance_word=rule.ambulance_word,
            status_at=iso(status_at),
            late=aboard.late,
            against_hold=unit.against_hold,
            seats=tuple(
                {
                    "seat": s.seat,
                    "agency": s.agency.value,
                    "role": s.role,
                    "present": s.present,
                    "left_reason": s.left_reason,
                }
                for s in unit.seats
            ),
            names=tuple(Owned(agency, names) for agency, names in sorted(aboard.names.items())),
            joint_complete=able.joint,
            capability=able.words,
            alone=_alone(unit, own, blueprint),
            incident_id=own.incident_id if own else None,
            incident_number=own.first.number if own else None,
            position=self._position(aboard, now, blueprint),
            duty={"start": iso(unit.duty_start), "end": iso(unit.duty_end)},
            break_due_at=iso_or_none(break_due_at(unit, blueprint)),
            breaks=_breaks(unit, blueprint),
            offer=self._offer(unit),
            emergency={"at": iso(unit.emergency_at), "owner": None} if unit.emergency_at else None,
            released={a.value: iso_or_none((unit.released or {}).get(a)) for a in Agency},
            backup=tuple(
                {"agency": b.agency.value, "kind": b.kind, "at": iso(b.at)}
                for b in unit.backups
                if unit.incident_id and b.incident_id == unit.incident_id
            ),
            due={
                "amber_at": iso(status_at + timedelta(seconds=rule.amber_s)) if rule.amber_s else None,
                "red_at": iso(status_at + timedelta(seconds=rule.red_s)) if rule.red_s else None,
            },
            wait=_wait(aboard),
            briefed={a.value: sum(one.agency is a for one in aboard.briefed) for a in Agency},
            briefed_names=tuple(
                Owned(one.agency, {"name": one.name, "at": iso(one.at), "version": one.version})
                for one in aboard.briefed
            ),
            next=self._next(unit, blueprint),
            bases=marks(unit_fields(aboard)),
            base=self._seal_base(board.version(unit.unit_id)),
        )

    def _next(self, unit: Unit, blueprint: Blueprint) -> tuple[str, ...]:
        """Return the usual next statuses; while a hazard holds, the rendezvous point comes before the scene."""
        follows = list(blueprint.statuses[unit.status].follows)
        joint = self._ground.board.joint(unit.incident_id) if unit.incident_id else None
        if joint is None or not unit.has_clinician:
            return tuple(follows)
        if joint.holding:
            held = [s for s in follows if s not in ("scene", "patient")]
            return tuple(dict.fromkeys(["rvp", *held])) if unit.status == "mobile" else tuple(held or follows)
        if unit.status == "mobile":
            return tuple(dict.fromkeys(["scene", *follows]))
        return tuple(follows)

    def _position(self, aboard: Aboard, now: datetime, blueprint: Blueprint) -> Row | None:
        position = aboard.position
        if position is None:
            return None
        stale = (now - position.at).total_seconds() > blueprint.timers.position_stale_s
        return {"lon": position.lon, "lat": position.lat, "at": iso(position.at), "stale": stale}

    def _offer(self, unit: Unit) -> Row | None:
        standing = unit.offer
        joint = self._ground.board.joint(standing.incident_id) if standing else None
        if standing is None or joint is None:
            return None
        blueprint = self._ground.board.scheme.at(standing.made_at)
        kind = blueprint.types.get(joint.type or "")
        entry = self._ground.board.fetch(joint.incident_id)
        place = entry.place if entry else None
        return {
            "id": standing.offer_id,
            "incident_id": joint.incident_id,
            "incident_number": joint.first.number,
            "type": kind.name if kind else None,
            "place": place.get("text") if place else None,
            "by_agency": standing.by_agency.value,
            "made_at": iso(standing.made_at),
            "expires_at": iso(standing.expires_at),
            "target": standing.target,
            "rule": standing.rule,
            "consent_of": standing.consent_of.value if standing.consent_of else None,
        }


def _alone(unit: Unit, on: Joint | None, blueprint: Blueprint) -> Row | None:
    """Return the one person aboard, with the next check and what their own job says against being there alone."""
    seat, since, rule = unit.alone, unit.alone_since, blueprint.lone_worker
    if seat is None or since is None:
        return None
    due = check_due_at(unit, blueprint)
    return {
        "seat": seat.seat,
        "agency": seat.agency.value,
        "role": seat.role,
        "since": iso(since),
        "against": not_for_alone(unit, on, blueprint) if on else None,
        "due": {
            "amber_at": iso(due - timedelta(seconds=rule.warn_s)) if due and rule else None,
            "red_at": iso_or_none(due),
        },
    }


def _breaks(unit: Unit, blueprint: Blueprint) -> Row:
    """Return the break that is planned, and the last one that was taken."""
    planned = unit.planned_break
    site = blueprint.sites.get(planned.site) if planned else None
    plan: Row | None = None
    if planned is not None:
        plan = {
            "at": iso(planned.starts_at),
            "ends_at": iso(planned.ends_at),
            "minutes": planned.minutes,
            "place": site.name if site else None,
        }
    return {
        "planned": plan,
        "began_at": iso_or_none(unit.break_began_at),
        "ended_at": iso_or_none(unit.break_ended_at),
    }


def _wait(aboard: Aboard) -> Row | None:
    """Return where a room asked the unit to wait; without the place once it was erased."""
    wait, where = aboard.state.wait, aboard.wait or {}
    if wait is None:
        return None
    return {
        "text": where.get("text"),
        "lon": where.get("lon"),
        "lat": where.get("lat"),
        "reason": where.get("reason"),
        "by_agency": wait.by_agency.value,
        "at": iso(wait.at),
        "going": wait.going,
    }

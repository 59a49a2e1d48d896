"""What people look at who do not work the incident: duties, vehicles, figures, coded rows, and the label table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jru.domain.agency import Agency, Label
from jru.domain.codec import decode
from jru.domain.incident import Incident
from jru.domain.unit import Unit
from jru.errors import Forbidden, InvalidInput

from .access import WRITES, Owned, Relation, Viewer
from .auditing import audit_unavailable
from .figures import MEASURES, count_by_district, told
from .grants import RIGHTS, Subject
from .ground import Ground
from .personal import personal_fields
from .records import CodedIncidentRecord, DutyRecord, FiguresRecord, Row, VehicleRecord
from .wording import iso, iso_or_none

BOTH = frozenset(Agency)
LONGEST = timedelta(days=366)
DUTIES_SHOWN = timedelta(days=31)
MOST_ROWS = 5_000


class Oversight:
    """Builds these answers, all through the gate."""

    def __init__(self, ground: Ground, pseudonym: Callable[[int], str]) -> None:
        """`pseudonym` hides a number so that nobody outside can find it again, always in the same way."""
        self._ground = ground
        self._pseudonym = pseudonym

    def duties(self, viewer: Viewer) -> list[Row]:
        """Return the duties of the last month: seats and skills of both services, names of the own one."""
        since = self._ground.clock.now() - DUTIES_SHOWN
        units = [u for u in self._units() if u.duty_end >= since]
        records = [self._duty(u) for u in units]
        rows = self._rows(viewer, Subject.DUTY, records)
        shown = [
            field
            for unit, record, row in zip(units, records, rows, strict=True)
            for field in personal_fields(viewer, unit.unit_id, record, row)
        ]
        if not self._ground.auditing.consulted(viewer, shown):
            raise audit_unavailable()
        return sorted(rows, key=lambda row: (row["duty_start"], row["call_sign"]), reverse=True)

    def _duty(self, unit: Unit) -> DutyRecord:
        aboard = self._ground.board.fetch_unit(unit.unit_id)
        names = aboard.names if aboard else {}
        return DutyRecord(
            relation=_relation(Subject.DUTY, is_open=unit.open),
            call_sign=Owned(None, unit.call_sign),
            district=Owned(None, unit.district),
            duty_start=Owned(None, iso(unit.duty_start)),
            duty_end=Owned(None, iso(unit.duty_end)),
            booked_on_at=Owned(None, iso(unit.booked_on_at)),
            booked_off_at=Owned(None, iso_or_none(unit.booked_off_at)),
            seats=tuple(
                Owned(
                    None,
                    {
                        "seat": seat.seat,
                        "agency": seat.agency.value,
                        "role": seat.role,
                        "qualifications": list(seat.qualifications),
                    },
                )
                for seat in unit.seats
            ),
            names=tuple(Owned(agency, dict(held)) for agency, held in sorted(names.items())),
        )

    def vehicles(self, viewer: Viewer) -> list[Row]:
        """Return the joint vehicles, their kit lists, and as what each is on duty."""
        board = self._ground.board
        blueprint = board.scheme.at(self._ground.clock.now())
        out = {a.state.vehicle_id: a.state for a in board.open_units()}
        return self._rows(
            viewer,
            Subject.VEHICLE,
            (
                VehicleRecord(
                    relation=_relation(Subject.VEHICLE),
                    id=vehicle.vehicle_id,
                    registration=vehicle.registration,
                    call_sign=vehicle.call_sign,
                    base=vehicle.base,
                    seats=vehicle.seats,
                    kit=tuple(
                        {"list_id": k, "owner": blueprint.kit[k].owner, "items": list(blueprint.kit[k].items)}
                        for k in vehicle.kit
                    ),
                    on_duty=_on_duty(out.get(vehicle.vehicle_id)),
                )
                for vehicle in blueprint.vehicles.values()
            ),
        )

    def figures(self, viewer: Viewer, since: datetime, until: datetime) -> Row:
        """Return counts by district of what began in [since, until), small ones held back.

        The period is widened and cut to whole local days that have ended: from two answers that lie a moment apart
        nobody works out when and where one incident began.
        """
        check_period(since, until)
        now = self._ground.clock.now()
        since, until = self._ended_days(since, until, now)
        districts = self._ground.board.scheme.at(now).districts
        counted = count_by_district(self._incidents(), self._units(), districts, since, until)
        measures = []
        for measure, counts in counted.items():
            cells, total = told(counts)
            measures.append(
                {
                    "measure": measure,
                    "counts": MEASURES[measure],
                    "total": total.count,
                    "districts": [
                        {"district": name, "count": cell.count, "held_back": cell.held_back}
                        for name, cell in cells.items()
                    ],
                }
            )
        record = FiguresRecord(
            relation=_relation(Subject.FIGURES), since=iso(since), until=iso(until), measures=tuple(measures)
        )
        return self._rows(viewer, Subject.FIGURES, [record])[0]

    def _ended_days(self, since: datetime, until: datetime, now: datetime) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self._ground.board.scheme.at(now).time_zone)
        first, last, today = (_midnight(moment.astimezone(zone)) for moment in (since, until, now))
        last = min(last, today)
        return min(first, last), last

    def coded_incidents(self, viewer: Viewer, since: datetime, until: datetime) -> Row:
        """Return the own service's incidents of a period: a pseudonym, a coarse cell and codes, no exact time.

        Of more than 5,000 the later ones are left out; `left_out` says how many.
        """
        check_period(since, until)
        legs = (leg for leg in self._incidents() if since <= leg.opened_at < until)
        rows = self._rows(viewer, Subject.CODED_INCIDENT, (self._coded(leg) for leg in legs))
        rows.sort(key=lambda row: (row["hour"], row["pseudonym"]))
        shown = rows[:MOST_ROWS]
        return {"incidents": shown, "left_out": len(rows) - len(shown)}

    def _coded(self, leg: Incident) -> CodedIncidentRecord:
        def own(value: object) -> Owned:
            return Owned(leg.owner, value)

        number = int.from_bytes(hashlib.sha256(leg.incident_id.encode()).digest()[:7], "big")
        ref = leg.ref_of(leg.owner)
        return CodedIncidentRecord(
            relation=Relation(frozenset({leg.owner}), about=Subject.CODED_INCIDENT, open=leg.open),
            pseudonym=own(self._pseudonym(number)),
            hour=own(iso(leg.opened_at.replace(minute=0, second=0, microsecond=0))),
            district=own(leg.district),
            cell=own(leg.cell),
            type=own(leg.type),
            grade=own(ref.grade if ref else None),
            flags=tuple(own(flag) for flag in sorted(leg.all_flags)),
            joint_units=own(len({c.unit_id for c in leg.commitments})),
            need=own(leg.outcome.need if leg.outcome else None),
            ended=own(leg.outcome.ended if leg.outcome else None),
            waits=tuple(
                own(
                    {
                        "asked": wait.asked.value,
                        "minutes": _minutes(wait.requested_at, wait.arrived_at),
                    }
                )
                for wait in leg.waits
            ),
        )

    def access_table(self, viewer: Viewer) -> Row:
        """Return who can see and do what, and why: the table itself, for everybody who is signed in."""
        return {
            "labels": [label.value for label in Label],
            "roles": [
                {
                    "role": role.value,
                    "words": rights.words,
                    "agency": role.agency.value if role.agency else None,
                    "purpose": rights.purpose.value,
                    "own": role is viewer.role,
                    "grants": {label.value: grant.value for label, grant in rights.grants.items()},
                    "reach": [
                        {"about": about.value, "because": why.value} for about, why in rights.reach.items()
                    ],
                    "commands": sorted(c.__name__ for c, roles in WRITES.items() if role in roles),
                }
                for role, rights in RIGHTS.items()
            ],
        }

    def _rows(self, viewer: Viewer, about: Subject, records: Any) -> list[Row]:
        """Return what the gate lets through; raises Forbidden for a role that has nothing to do with such records."""
        rights = RIGHTS.get(viewer.role)
        if rights is None or about not in rights.reach:
            raise Forbidden(
                "role",
                f"the role {viewer.role.value} does not look at this ({about.value})",
                data={"role": viewer.role},
            )
        found = (self._ground.gate.project(viewer, record, viewer.purpose) for record in records)
        return [row for row in found if row is not None]

    def _units(self) -> Iterator[Unit]:
        return (
            decode(Unit, row.body) for row in self._ground.log.states(open_only=False) if row.kind == "unit"
        )

    def _incidents(self) -> Iterator[Incident]:
        return (
            decode(Incident, row.body)
            for row in self._ground.log.states(open_only=False)
            if row.kind == "incident"
        )


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _relation(about: Subject, *, is_open: bool = True) -> Relation:
    return Relation(BOTH, about=about, open=is_open)


def _on_duty(unit: Unit | None) -> Row | None:
    if unit is None:
        return None
    return {"call_sign": unit.call_sign, "district": unit.district, "until": iso(unit.duty_end)}


def _minutes(since: datetime, until: datetime | None) -> int | None:
    return round((until - since).total_seconds() / 60) if until else None


def check_period(since: datetime, until: datetime) -> None:
    """Want a period of at most a year that begins before it ends; raises InvalidInput."""
    if not since < until:
        raise InvalidInput("period", "the period ends before it begins", "give `since` before `until`")
    if until - since > LONGEST:
        raise InvalidInput("period", "a period is at most 366 days", "ask for shorter periods")

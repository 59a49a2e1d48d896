"""Incidents and units made of events, as the domain sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from jru.blueprints import embedded_blueprint
from jru.domain import incident, unit
from jru.domain import incident_events as iev
from jru.domain import unit_events as uev
from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint, TaskingPolicy
from jru.domain.blueprint_parsing import parse_blueprint
from jru.domain.event_types import Event
from jru.domain.incident import Incident
from jru.domain.joint import Joint
from jru.domain.unit import Unit

P, A = Agency.POLICE, Agency.AMBULANCE
NOW = datetime(2019, 8, 16, 20, 0, tzinfo=UTC)


@cache
def scheme() -> Blueprint:
    """Return the embedded scheme."""
    return parse_blueprint(embedded_blueprint())


def policy(**changes: object) -> TaskingPolicy:
    """Return the tasking policy of Medway with some changes."""
    return replace(scheme().tasking_for("medway"), **changes)  # type: ignore[arg-type]


def leg(
    owner: Agency = P,
    kind: str | None = "assault_injury",
    grade: str | None = None,
    district: str | None = "medway",
    flags: Iterable[str] = (),
    *more: Event,
    incident_id: str = "inc_1",
) -> Incident:
    """Return one leg."""
    partner = scheme().partners[owner]
    code = grade or ("2" if owner is P else "C2")
    known = partner.grade(code)
    happened: list[Event] = [
        iev.IncidentOpened("1001", owner, stub=False),
        iev.ReferenceAdded(owner, partner.senders[0], "X1", 2019, code, known.urgency if known else 3, NOW),
        iev.TypeSet(owner, kind, None),
        iev.PlaceSet(owner, district, None, verified=district is not None),
        iev.FlagsSet(owner, tuple(flags)),
        *more,
    ]
    state: Incident | None = None
    for number, event in enumerate(happened):
        state = incident.evolve(state, incident_id, event, NOW + timedelta(seconds=number))
    assert state is not None
    return state


def joint(*args: object, **kwargs: object) -> Joint:
    """Return an incident of one leg."""
    return Joint((leg(*args, **kwargs),))  # type: ignore[arg-type]


def crewed(*more: Event, call_sign: str = "JR01", district: str = "medway", hours: float = 6) -> Unit:
    """Return a unit with a full crew, available unless told otherwise."""
    rule = scheme().crew_rules[scheme().districts[district].crew_rule]
    seats = tuple(
        uev.SeatHeld(s.seat, s.agency, min(s.roles).value, tuple(sorted(s.qualifications)))
        for s in rule.seats
    )
    booked = uev.UnitBookedOn(call_sign, call_sign, district, NOW, NOW + timedelta(hours=hours), seats, 1)
    available = uev.StatusSet("available", "2", "clear", None, None, (), against_hold=False)
    state: Unit | None = None
    for number, event in enumerate((booked, available, *more)):
        state = unit.evolve(state, f"unt_{call_sign}", event, NOW + timedelta(seconds=number))
    assert state is not None
    return state

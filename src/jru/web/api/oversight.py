"""What people look at who do not work the incident: duties, vehicles, figures and who may see what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.web.api.answers import Answer
from jru.web.api.fields import Moment
from jru.web.api.looking import reading
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.wire import JsonAnswer

router = APIRouter(route_class=GuardedRoute)
Since = Annotated[Moment, Query(description="From when on, such as 2019-08-01T00:00:00Z.")]
Until = Annotated[Moment, Query(description="Until when, this moment left out; at most 366 days later.")]


class SeatOfDuty(Answer):
    """A seat with what its holder can do."""

    seat: str
    agency: str
    role: str
    qualifications: list[str]


class Duty(Answer):
    """One duty of a unit; `names` hold those of the own service by seat."""

    call_sign: str
    district: str
    duty_start: str
    duty_end: str
    booked_on_at: str
    booked_off_at: str | None
    seats: list[SeatOfDuty]
    names: list[dict[str, str]]


class KitAboard(Answer):
    """What must be aboard by one list."""

    list_id: str
    owner: str
    items: list[str]


class VehicleAnswer(Answer):
    """A joint vehicle."""

    id: str
    registration: str
    call_sign: str
    base: str
    seats: int
    kit: list[KitAboard]


class DistrictCount(Answer):
    """A count; null with `held_back` when it is too small to be told."""

    district: str
    count: int | None
    held_back: bool


class Measure(Answer):
    """One thing counted."""

    measure: str
    counts: str
    total: int | None
    districts: list[DistrictCount]


class Figures(Answer):
    """Counts of a period."""

    since: str
    until: str
    measures: list[Measure]


class CodedIncident(Answer):
    """An incident without anything that tells whose it was."""

    pseudonym: str
    hour: str
    district: str | None
    cell: str | None
    type: str | None
    grade: str | None
    flags: list[str]
    joint_units: int


class CodedIncidents(Answer):
    """The incidents of a period; `left_out` counts those that are too many for one answer."""

    incidents: list[CodedIncident]
    left_out: int


class ReachAnswer(Answer):
    """Which records a role has to do with, and why."""

    about: str
    because: str


class RoleRow(Answer):
    """One role of the table."""

    role: str
    words: str
    agency: str | None
    purpose: str
    own: bool
    grants: dict[str, str]
    reach: list[ReachAnswer]
    commands: list[str]


class AccessTable(Answer):
    """Who can see what, and why."""

    labels: list[str]
    roles: list[RoleRow]


@reading(router, "/duties", "listDuties", "Duties of the last month", "oversight", list[Duty])
async def list_duties(request: Request) -> Response:
    """Return duties with seats and skills; names of the own service only."""
    return JsonAnswer(await run_in_threadpool(services_of(request).oversight.duties, viewer_at(request)))


@reading(
    router, "/vehicles", "listVehicles", "The joint vehicles and their kit", "oversight", list[VehicleAnswer]
)
async def list_vehicles(request: Request) -> Response:
    """Return the vehicles of the scheme in force."""
    return JsonAnswer(await run_in_threadpool(services_of(request).oversight.vehicles, viewer_at(request)))


@reading(router, "/statistics", "getStatistics", "Counts of a period by district", "oversight", Figures)
async def get_statistics(request: Request, since: Since, until: Until) -> Response:
    """Return counts; those below five are held back, and what would give them away with them."""
    oversight = services_of(request).oversight
    return JsonAnswer(await run_in_threadpool(oversight.figures, viewer_at(request), since, until))


@reading(
    router,
    "/statistics/incidents",
    "listCodedIncidents",
    "The own service's incidents without persons",
    "oversight",
    CodedIncidents,
)
async def list_coded_incidents(request: Request, since: Since, until: Until) -> Response:
    """Return pseudonyms, coarse cells, hours and codes; at most 5,000 rows, and how many are left out."""
    oversight = services_of(request).oversight
    return JsonAnswer(await run_in_threadpool(oversight.coded_incidents, viewer_at(request), since, until))


@reading(router, "/access", "getAccessTable", "Who can see what, and why", "oversight", AccessTable)
async def get_access_table(request: Request) -> Response:
    """Return the label table that the program applies."""
    return JsonAnswer(
        await run_in_threadpool(services_of(request).oversight.access_table, viewer_at(request))
    )

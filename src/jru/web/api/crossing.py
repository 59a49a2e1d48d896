"""What crossed between the services in a month, for both privacy officers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.web.api.answers import Answer
from jru.web.api.looking import reading
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.wire import JsonAnswer

router = APIRouter(route_class=GuardedRoute)


class CrossingCount(Answer):
    """How often one purpose occurred, and by which service; `basis` is the lawful basis of a shared fact."""

    kind: str
    words: str
    basis: str | None
    purpose: str
    by: dict[str, int]
    count: int


class Crossing(Answer):
    """One crossing as a reference; `actor` is told to the actor's own service only."""

    at: str
    kind: str
    basis: str | None
    incident_id: str
    incident_number: str | None
    other_number: str | None
    agency: str
    role: str | None
    labels: list[str]
    actor: str | None


class CrossingMonth(Answer):
    """A month, oldest first; `left_out` counts what is counted and not listed."""

    month: str
    since: str
    until: str
    counts: list[CrossingCount]
    crossings: list[Crossing]
    left_out: int


@reading(
    router,
    "/crossings",
    "listCrossings",
    "What crossed between the services in a month",
    "oversight",
    CrossingMonth,
)
async def list_crossings(
    request: Request,
    month: Annotated[
        str, Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", max_length=7, description="Such as 2019-08.")
    ],
) -> Response:
    """Return every share, joining and opening, counted and listed; the look is on record."""
    services = services_of(request)
    return JsonAnswer(await run_in_threadpool(services.crossings.month, viewer_at(request), month))

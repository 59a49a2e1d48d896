"""What somebody did in their own duties: for that person alone."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.web.api.answers import Answer
from jru.web.api.looking import reading
from jru.web.api.oversight import Since, Until
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.wire import JsonAnswer

router = APIRouter(route_class=GuardedRoute)


class Counted(Answer):
    """How often something of one kind was done."""

    kind: str
    count: int


class OwnDuty(Answer):
    """One duty of the person who asks, while they were aboard."""

    unit_id: str
    call_sign: str
    district: str
    booked_on_at: str
    booked_off_at: str | None
    minutes: int
    seat: str | None
    role: str
    qualifications: list[str]
    jobs: list[Counted]
    recorded: list[Counted]
    debrief: dict[str, Any] | None


class OwnRecord(Answer):
    """The person's own duties of a period, the newest first."""

    duties: list[OwnDuty]


@reading(router, "/own-record", "getOwnRecord", "What I did in my own duties", "account", OwnRecord)
async def get_own_record(request: Request, since: Since, until: Until) -> Response:
    """Return hours, jobs by kind, what was recorded, and the own debriefs; nobody else's."""
    records = services_of(request).own_records
    return JsonAnswer(await run_in_threadpool(records.record, viewer_at(request), since, until))

"""What the privacy officers of the two services read: who saw and did what, and a person's own data."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.services.audit_ports import AccessKind
from jru.services.audit_trail import MOST_ROWS, Asked
from jru.web.api.answers import Answer
from jru.web.api.fields import Moment
from jru.web.api.looking import reading
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.wire import JsonAnswer

router = APIRouter(route_class=GuardedRoute)

_INCIDENT = r"^inc_[A-Za-z0-9_-]{1,64}$"
_RECORD = r"^[a-z]{3}_[A-Za-z0-9_-]{1,64}$"
Bound = Annotated[Moment | None, Query(description="Bounds the time of recording; `until` is excluded.")]


class AccessEntry(Answer):
    """One row of the access log, with the labels of the own service."""

    at: str
    recorded_at: str
    kind: str
    by: str
    agency: str
    role: str
    unit_id: str | None
    records: list[str]
    labels: list[str]
    fields: list[str]
    purpose: str
    justification: str
    recipients: list[str]
    late: bool


class AccessPage(Answer):
    """Rows newest first; `next` is the cursor of the page after, or null."""

    entries: list[AccessEntry]
    next: str | None


class PersonExport(Answer):
    """What the own service holds of one person in one incident; `redacted` counts what is about others."""

    service: str
    person: str
    made_at: str
    incident: dict[str, Any]
    caller: dict[str, Any] | None
    remarks: list[dict[str, Any]]
    log: list[dict[str, Any]]
    records: dict[str, list[dict[str, Any]]]
    access: list[dict[str, Any]]
    redacted: dict[str, int]
    check_for_others: list[str]


@reading(
    router, "/audit", "listAccesses", "Who saw and did what with personal content", "oversight", AccessPage
)
async def list_accesses(
    request: Request,
    incident: Annotated[str | None, Query(pattern=_RECORD, max_length=68, description="A record.")] = None,
    person: Annotated[str | None, Query(min_length=1, max_length=120, description="Who looked.")] = None,
    kind: Annotated[AccessKind | None, Query(description="What was done.")] = None,
    since: Bound = None,
    until: Bound = None,
    after: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,17}\.[0-9]{1,6}$", max_length=24, description="Cursor.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows a page.")] = 50,
) -> Response:
    """Return the accesses to the own service's content, for its privacy officer; the look is on record, too."""
    asked = Asked(incident, person, kind, since, until, after, limit)
    trail = services_of(request).audit
    return JsonAnswer(await run_in_threadpool(trail.entries, viewer_at(request), asked))


@reading(
    router, "/audit/export", "exportPerson", "What is held of one person", "oversight", PersonExport, 404
)
async def export_person(
    request: Request,
    incident: Annotated[str, Query(pattern=_INCIDENT, max_length=68, description="The incident.")],
    person: Annotated[
        str,
        Query(
            pattern=r"^(caller|[1-9][0-9]?)$", max_length=6, description="Who asked: `caller`, or a number."
        ),
    ],
    reference: Annotated[
        str,
        Query(
            pattern=r"^[A-Za-z0-9/_. -]{3,40}$", max_length=40, description="The request's number; no name."
        ),
    ],
) -> Response:
    """Return a person's own data as the answer to their request; it is on record as a disclosure."""
    trail = services_of(request).audit
    answer = await run_in_threadpool(trail.export, viewer_at(request), incident, person, reference)
    response = JsonAnswer(answer)
    response.headers["content-disposition"] = "attachment"
    return response

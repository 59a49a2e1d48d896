"""POST /api/v1/presence: a desk says which incident it has open."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.errors import Forbidden, NotFound
from jru.web.api.answers import Answer
from jru.web.api.documents import CHANGE_HEADERS, SIGNED_IN, WRITE_CODES, problems
from jru.web.api.fields import IncidentId, Strict, example
from jru.web.auth import secret_of
from jru.web.doors import UNATTENDED, GuardedRoute, services_of, viewer_at
from jru.web.hub import Hub
from jru.web.wire import JsonAnswer

router = APIRouter(route_class=GuardedRoute, tags=["board"])


class PresenceBody(Strict):
    """The incident that the desk has open, and the field that it changes there; null for none."""

    model_config = example(incident_id="inc_0198b6f2", field="place")

    incident_id: IncidentId | None = None
    field: Literal["grade", "type", "place", "flags", "outcome"] | None = None


class PresenceAnswer(Answer):
    """The desk's own number; null while it has no live stream."""

    desk: int | None = Field(description="Counts from 1 in each room.")


@router.post(
    "/presence",
    operation_id="sayPresence",
    summary="Say what this desk has open",
    responses={200: {"model": PresenceAnswer}, **problems(*WRITE_CODES, 429)},
    openapi_extra={**SIGNED_IN, UNATTENDED: True, "parameters": CHANGE_HEADERS},
)
async def say_presence(request: Request, body: Annotated[PresenceBody, Body()]) -> Response:
    """Tell the other desks, by number, what this one has open; it is held in memory for a minute and never recorded."""
    viewer, services = viewer_at(request), services_of(request)
    if not viewer.role.is_dispatcher:
        raise Forbidden("role", "only the desks of a control room say what they have open")
    if body.incident_id is not None:
        shown = await run_in_threadpool(services.known_as, viewer, body.incident_id)
        if shown is None:
            raise NotFound("incident", "there is no such incident")
    hub: Hub = request.app.state.hub
    return JsonAnswer({"desk": hub.say_presence(secret_of(request)[0], body.incident_id, body.field)})

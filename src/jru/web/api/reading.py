"""Everything that only looks."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.web.api import answers
from jru.web.api.documents import IncidentPath, UnitPath
from jru.web.api.looking import reading
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.groups import board_of, changes_from
from jru.web.wire import JsonAnswer

router = APIRouter(route_class=GuardedRoute)
CursorWord = Annotated[
    str, Query(min_length=1, max_length=512, pattern=r"^[A-Za-z0-9_=.-]+$", description="Sealed cursor.")
]

TakenKeys = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-{}~]+$")]],
    Query(min_length=1, max_length=50, description="The Idempotency-Key of each command."),
]


@reading(router, "/scheme", "getScheme", "The scheme's words and codes", "scheme", answers.Scheme)
async def get_scheme(request: Request) -> Response:
    """Return the scheme in force, as this viewer may see it."""
    return JsonAnswer(await run_in_threadpool(services_of(request).scheme, viewer_at(request)))


@reading(router, "/outbox-key", "getOutboxKey", "The key of a device's outbox", "session", answers.OutboxKey)
async def get_outbox_key(request: Request) -> Response:
    """Return the key under which this viewer's device keeps what could not be sent; the device keeps no copy."""
    return JsonAnswer(await run_in_threadpool(services_of(request).outbox_key, viewer_at(request)))


@reading(
    router,
    "/outbox/missing",
    "findMissingTaps",
    "What the log has lost",
    "session",
    answers.MissingTaps,
    unattended=True,
)
async def find_missing_taps(request: Request, key: TakenKeys) -> Response:
    """Return the keys of taken commands that the log does not hold: it was restored from an older copy.

    A device sends those again, and asks for nothing else than what the server has taken from it.
    """
    find = services_of(request).outbox_missing
    return JsonAnswer({"missing": list(await run_in_threadpool(find, viewer_at(request), key))})


@reading(router, "/board", "getBoard", "Everything open", "board", answers.Board)
async def get_board(request: Request) -> Response:
    """Return open incidents, those closed in the last two hours, and units."""
    _, board = await run_in_threadpool(board_of, services_of(request), viewer_at(request))
    return JsonAnswer(board)


@reading(router, "/changes", "getChanges", "What changed", "board", answers.Changes, 410, unattended=True)
async def get_changes(request: Request, after: CursorWord) -> Response:
    """Return rows changed after a cursor, for clients without a stream; 410 when it is too old."""
    _, changes = await run_in_threadpool(changes_from, services_of(request), viewer_at(request), after)
    return JsonAnswer(changes)


@reading(
    router,
    "/incidents/{incident_id}",
    "getIncident",
    "One incident",
    "incidents",
    answers.IncidentAnswer,
    404,
)
async def get_incident(request: Request, incident_id: IncidentPath) -> Response:
    """Return an incident with its log in sentences."""
    services = services_of(request)
    return JsonAnswer(await run_in_threadpool(services.incident, viewer_at(request), incident_id))


@reading(
    router,
    "/incidents/{incident_id}/recommendation",
    "getRecommendation",
    "Which unit, and why",
    "incidents",
    answers.Recommendation,
    404,
    409,
)
async def get_recommendation(request: Request, incident_id: IncidentPath) -> Response:
    """Return ranked units with travel times, reasons and shortfalls."""
    services = services_of(request)
    return JsonAnswer(await run_in_threadpool(services.recommendation, viewer_at(request), incident_id))


@reading(router, "/units/{unit_id}", "getUnit", "One unit", "units", answers.UnitRow, 404)
async def get_unit(request: Request, unit_id: UnitPath) -> Response:
    """Return a unit."""
    services = services_of(request)
    return JsonAnswer(await run_in_threadpool(services.unit, viewer_at(request), unit_id))


@reading(router, "/places", "findPlaces", "Places by name", "map", list[answers.PlaceFound])
async def find_places(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=200, description="Part of a name, or an address.")],
) -> Response:
    """Return places whose name fits, or that stand in an address; the text is taken literally."""
    services = services_of(request)
    return JsonAnswer(list(await run_in_threadpool(services.places, viewer_at(request), q)))


@reading(
    router,
    "/quarantine",
    "listQuarantine",
    "Messages put aside",
    "reports",
    list[answers.QuarantineEntry],
)
async def list_quarantine(request: Request) -> Response:
    """Return the own service's messages that nobody could use yet."""
    services = services_of(request)
    return JsonAnswer(list(await run_in_threadpool(services.quarantine, viewer_at(request))))


@reading(router, "/map/{layer}", "getMapLayer", "A map layer", "map", answers.MapLayer, 404)
async def get_map_layer(
    request: Request,
    layer: Annotated[Literal["roads", "districts", "sites"], Path(description="Which layer.")],
) -> Response:
    """Return roads, districts or sites as GeoJSON."""
    services = services_of(request)
    response = JsonAnswer(await run_in_threadpool(services.map_layer, viewer_at(request), layer))
    response.headers["cache-control"] = "private, max-age=600"
    return response

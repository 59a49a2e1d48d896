"""Whether the server lives, whether it can work, and its figures."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.web.api.documents import SIGNED_IN, problems
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.metrics import MEDIA_TYPE, Metrics
from jru.web.wire import NO_STORE, JsonAnswer


class Alive(BaseModel):
    """The server answers."""

    status: str


class Ready(BaseModel):
    """What the server needs, and whether it is there; `audit` false leaves it ready, with personal fields held back."""

    ready: bool
    checks: dict[str, bool]


DEGRADED = frozenset({"audit"})
"""What dispatch goes on without."""

router = APIRouter(tags=["operation"])
figures = APIRouter(route_class=GuardedRoute, tags=["operation"])


@router.get("/healthz", operation_id="healthz", summary="Is it alive", responses={200: {"model": Alive}})
async def healthz() -> Response:
    """Tell that the server answers; nothing else is looked at."""
    return JsonAnswer({"status": "ok"})


@router.get(
    "/readyz",
    operation_id="readyz",
    summary="Can it work",
    responses={200: {"model": Ready}, 503: {"model": Ready, "description": "Something is missing."}},
)
async def readyz(request: Request) -> Response:
    """Tell whether everything that serving needs is there."""
    checks = dict(await run_in_threadpool(services_of(request).ready))
    ready = all(there for name, there in checks.items() if name not in DEGRADED)
    headers = {} if ready else {"retry-after": "5"}
    return JsonAnswer({"ready": ready, "checks": checks}, 200 if ready else 503, headers)


@figures.get(
    "/metrics",
    operation_id="metrics",
    summary="Figures, for the administrator",
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems(401, 403, 503)},
    response_class=Response,
    openapi_extra=SIGNED_IN,
)
async def metrics(request: Request) -> Response:
    """Return counts and times in the text form of Prometheus; they count what only one service knows of, too."""
    services_of(request).let_monitor(viewer_at(request))
    counted: Metrics = request.app.state.metrics
    return Response(await run_in_threadpool(counted.text), headers={**NO_STORE, "content-type": MEDIA_TYPE})

"""Signing in at a partner's own directory: there and back again."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Body, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from jru.domain.agency import Agency
from jru.errors import Unauthenticated, Unavailable
from jru.services.federation import Back
from jru.services.signing_in import ChooseJob
from jru.web.api import identity_bodies as bodies
from jru.web.api.documents import problems
from jru.web.api.fields import AgencyWord
from jru.web.api.signing_in import at_directory
from jru.web.cookies import Cookie, cookie_of, drop_cookie, put_cookie
from jru.web.doors import OpenRoute
from jru.web.wire import NO_STORE, JsonAnswer

BELOW = "/api/v1/session/directory"
router = APIRouter(route_class=OpenRoute, tags=["session"])
PartnerPath = Annotated[AgencyWord, Path(description="Whose directory.")]
Sealed = Annotated[str, Query(max_length=4096)]


@router.post(
    "/session/directory/{agency}",
    operation_id="goToDirectory",
    summary="Sign in at a partner's directory",
    responses={
        200: {"model": bodies.AwayAnswer},
        **problems(400, 401, 403, 404, 408, 413, 415, 422, 429, 503),
    },
)
async def go_to_directory(
    request: Request, agency: PartnerPath, body: Annotated[bodies.Nothing, Body()]
) -> Response:
    """Return where the browser signs in, and bind what comes back to this browser."""
    callback = _callback(request, agency)
    away = await at_directory(
        request, Agency(agency), lambda i, me: i.federation.begin(Agency(agency), callback, me)
    )
    response = JsonAnswer({"address": away.address})
    put_cookie(request, response, Cookie.DIRECTORY, away.binder)
    return response


@router.get(
    "/session/directory/{agency}/back",
    operation_id="comeFromDirectory",
    summary="Back from a partner's directory",
    responses={303: {"description": "Back to the sign-in page."}, **problems(404, 422)},
    response_class=RedirectResponse,
    status_code=303,
)
async def come_from_directory(
    request: Request, agency: PartnerPath, state: Sealed = "", code: Sealed = ""
) -> Response:
    """Check what the directory sent, sign in, and show the sign-in page, which goes on from there."""
    back = Back(state, code, cookie_of(request, Cookie.DIRECTORY))
    try:
        found = await at_directory(
            request, Agency(agency), lambda i, me: i.federation.finish(Agency(agency), back, me)
        )
    except Unauthenticated:
        return _home(request, "refused")
    except Unavailable:
        return _home(request, "busy")
    if isinstance(found, ChooseJob):
        jobs = ",".join(f"{job.agency.value}:{job.role.value}" for job in found.jobs)
        return _home(request, f"job={quote(found.ticket)}&jobs={jobs}")
    response = _home(request, "in")
    put_cookie(request, response, Cookie.SESSION, found.secret)
    return response


def _home(request: Request, mark: str) -> RedirectResponse:
    """Return the way to the sign-in page; what stands behind the # never leaves the browser."""
    response = RedirectResponse(f"/#{mark}", 303, NO_STORE)
    drop_cookie(request, response, Cookie.DIRECTORY)
    return response


def _callback(request: Request, agency: str) -> str:
    origins: tuple[str, ...] = request.app.state.origins
    base = origins[0] if origins else f"{request.url.scheme}://{request.url.netloc}"
    return f"{base}{BELOW}/{agency}/back"

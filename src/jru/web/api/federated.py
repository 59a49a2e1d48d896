"""Signing in at a partner's own directory: there and back again."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from jru.domain.agency import Agency
from jru.errors import Unauthenticated
from jru.services.signing_in import ChooseJob
from jru.web.api.documents import problems
from jru.web.api.fields import AgencyWord
from jru.web.api.signing_in import at_directory
from jru.web.auth import set_session
from jru.web.doors import OpenRoute
from jru.web.wire import NO_STORE

COOKIE = "jru_directory"
LIFE_S = 300
BELOW = "/api/v1/session/directory"
router = APIRouter(route_class=OpenRoute, tags=["session"])
PartnerPath = Annotated[AgencyWord, Path(description="Whose directory.")]
Sealed = Annotated[str, Query(max_length=4096)]
_AWAY = {
    303: {"description": "To the directory, or back to the sign-in page."},
    **problems(404, 422, 429, 503),
}


@router.get(
    "/session/directory/{agency}",
    operation_id="goToDirectory",
    summary="Sign in at a partner's directory",
    responses=_AWAY,
    response_class=RedirectResponse,
    status_code=303,
)
async def go_to_directory(request: Request, agency: PartnerPath) -> Response:
    """Send the browser to the directory of its service."""
    back = _callback(request, agency)
    try:
        address, ticket = await at_directory(
            request, Agency(agency), lambda i, _: i.federation.begin(Agency(agency), back)
        )
    except Unauthenticated:
        return _home("refused")
    response = RedirectResponse(address, 303, NO_STORE)
    response.set_cookie(
        COOKIE,
        ticket,
        max_age=LIFE_S,
        path=BELOW,
        httponly=True,
        samesite="lax",  # the directory's page brings the browser back
        secure=request.url.scheme == "https",
    )
    return response


@router.get(
    "/session/directory/{agency}/back",
    operation_id="comeFromDirectory",
    summary="Back from a partner's directory",
    responses=_AWAY,
    response_class=RedirectResponse,
    status_code=303,
)
async def come_from_directory(
    request: Request, agency: PartnerPath, state: Sealed = "", code: Sealed = ""
) -> Response:
    """Check what the directory sent, sign in, and show the sign-in page, which goes on from there."""
    ticket = request.cookies.get(COOKIE, "")[:200]
    try:
        found = await at_directory(
            request,
            Agency(agency),
            lambda i, me: i.federation.finish(Agency(agency), ticket, state, code, me),
        )
    except Unauthenticated:
        return _home("refused")
    if isinstance(found, ChooseJob):
        jobs = ",".join(f"{job.agency.value}:{job.role.value}" for job in found.jobs)
        return _home(f"job={quote(found.ticket)}&jobs={jobs}")
    response = _home("in")
    set_session(request, response, found.secret)
    return response


def _home(mark: str) -> RedirectResponse:
    """Return the way to the sign-in page; what stands behind the # never leaves the browser."""
    response = RedirectResponse(f"/#{mark}", 303, NO_STORE)
    response.delete_cookie(COOKIE, path=BELOW, httponly=True, samesite="lax")
    return response


def _callback(request: Request, agency: str) -> str:
    origins: tuple[str, ...] = request.app.state.origins
    base = origins[0] if origins else f"{request.url.scheme}://{request.url.netloc}"
    return f"{base}{BELOW}/{agency}/back"

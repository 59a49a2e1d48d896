"""Signing in and out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import BaseModel, StringConstraints, model_validator
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.domain.agency import Agency
from jru.errors import NotFound, Unauthenticated
from jru.web.api.answers import SessionAnswer, ViewerAnswer
from jru.web.api.documents import SIGNED_IN, problems
from jru.web.api.fields import AgencyWord, CallSign, RoleWord, Strict, example
from jru.web.auth import secret_of, viewer_of
from jru.web.cookies import Cookie, drop_cookie, put_cookie
from jru.web.doors import OpenRoute, services_of
from jru.web.hub import Hub
from jru.web.ports import Services, Viewer
from jru.web.wire import JsonAnswer

router = APIRouter(route_class=OpenRoute, tags=["session"])


class SignIn(Strict):
    """A role of the demo, or a token.

    A crew role comes with its unit's call sign; `agency` chooses where both services have people in a role.
    """

    model_config = example(role="police_dispatcher")

    role: RoleWord | None = None
    unit: CallSign | None = None
    agency: AgencyWord | None = None
    token: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,512}$")] | None = None

    @model_validator(mode="after")
    def _role_or_token(self) -> SignIn:
        if (self.role is None) == (self.token is None):
            raise ValueError("give either a role (demo only) or a token")
        return self


class SignedIn(BaseModel):
    """Who is signed in now."""

    viewer: ViewerAnswer


class SignedOut(BaseModel):
    """Nobody is signed in any more."""

    viewer: None


def viewer_row(services: Services, viewer: Viewer) -> dict[str, Any]:
    """Return a viewer as the wire shows it."""
    call_sign = None
    if viewer.unit_id is not None:
        try:
            call_sign = services.unit(viewer, viewer.unit_id).get("call_sign")
        except NotFound:
            call_sign = None
    return {
        "name": viewer.name,
        "agency": viewer.agency.value,
        "role": viewer.role.value,
        "unit_id": viewer.unit_id,
        "call_sign": call_sign,
        **services.standing(viewer),
    }


@router.get(
    "/session",
    operation_id="getSession",
    summary="Who am I, and who could I be",
    responses={200: {"model": SessionAnswer}},
)
async def get_session(request: Request) -> Response:
    """Return the viewer of this request (null without one) and, in a demo, the roles to take."""
    services = services_of(request)
    viewer = await viewer_of(services, secret_of(request)[0])
    return JsonAnswer(await run_in_threadpool(_session, services, viewer))


def _session(services: Services, viewer: Viewer | None) -> dict[str, Any]:
    return {
        "demo": services.demo,
        "synthetic": services.synthetic,
        "exercise": services.exercise,
        "viewer": viewer_row(services, viewer) if viewer else None,
        "roles": list(services.demo_roles()) if services.demo else [],
        "directories": [] if services.demo else services.identity.federation.partners(),
    }


@router.post(
    "/session",
    operation_id="signIn",
    summary="Sign in",
    responses={200: {"model": SignedIn}, **problems(400, 401, 403, 404, 408, 413, 415, 422, 503)},
)
async def sign_in(request: Request, body: Annotated[SignIn, Body()]) -> Response:
    """Open a session and put it into a cookie that no script can read."""
    services = services_of(request)
    secret, viewer = await run_in_threadpool(_open, services, body)
    response = JsonAnswer({"viewer": await run_in_threadpool(viewer_row, services, viewer)})
    put_cookie(request, response, Cookie.SESSION, secret)
    return response


def _open(services: Services, body: SignIn) -> tuple[str, Viewer]:
    if body.role is not None:
        agency = Agency(body.agency) if body.agency else None
        return services.open_demo_session(body.role, body.unit, agency)
    secret = body.token or ""
    viewer = services.viewer_for(secret)
    if viewer is None:
        raise Unauthenticated(
            "unauthenticated", "The token is unknown, expired or revoked.", "Get a new one."
        )
    return secret, viewer


@router.delete(
    "/session",
    operation_id="signOut",
    summary="Sign out",
    responses={200: {"model": SignedOut}, **problems(403)},
    openapi_extra=SIGNED_IN,
)
async def sign_out(request: Request) -> Response:
    """End the session here and on the server, its live streams with it."""
    secret, _ = secret_of(request)
    if secret and secret.isascii():
        await run_in_threadpool(services_of(request).end_session, secret)
        hub: Hub = request.app.state.hub
        hub.end_session(secret)
    response = JsonAnswer({"viewer": None})
    drop_cookie(request, response, Cookie.SESSION)
    return response

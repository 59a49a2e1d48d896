"""Signing in, step by step: every answer to a wrong try is the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.domain.agency import Agency, Role
from jru.errors import Unauthenticated
from jru.services.identity import Identity
from jru.services.signing_in import Browser, ChooseJob, Entered, SignedIn
from jru.services.tries import source_of
from jru.web.api import identity_bodies as bodies
from jru.web.api.documents import Responses, problems
from jru.web.api.session import viewer_row
from jru.web.auth import secret_of
from jru.web.cookies import Cookie, cookie_of, put_cookie
from jru.web.doors import HashingRoute, OpenRoute, services_of
from jru.web.lane import Lanes
from jru.web.wire import JsonAnswer

T = TypeVar("T")
Endpoint = TypeVar("Endpoint", bound=Callable[..., Awaitable[Response]])
MAX_CLIENT_CHARS = 200
router = APIRouter(route_class=OpenRoute, tags=["session"])
slow_router = APIRouter(route_class=HashingRoute, tags=["session"])
"""The steps that hash a password."""


def identity_of(request: Request) -> Identity:
    """Return the identity use cases."""
    return services_of(request).identity


def browser_of(request: Request) -> Browser:
    """Return where a request comes from. Blocking: the tablet is looked up."""
    secret, by_cookie = secret_of(request)
    return Browser(
        address=source_of(request.client.host) if request.client else "",
        client=request.headers.get("user-agent", "")[:MAX_CLIENT_CHARS],
        origin=request.headers.get("origin", ""),
        session=secret if by_cookie else "",
        device=identity_of(request).tablets.of_secret(cookie_of(request, Cookie.TABLET)),
    )


async def hashing(request: Request, work: Callable[[Identity, Browser], T]) -> T:
    """Run a step that hashes a password, in its lane."""
    lanes: Lanes = request.app.state.lanes
    return await lanes.hashing.run(lambda: work(identity_of(request), browser_of(request)))


async def signing(request: Request, work: Callable[[Identity, Browser], T]) -> T:
    """Run a step that hashes nothing, in its lane."""
    lanes: Lanes = request.app.state.lanes
    return await lanes.signing.run(lambda: work(identity_of(request), browser_of(request)))


async def at_directory(request: Request, agency: Agency, work: Callable[[Identity, Browser], T]) -> T:
    """Run a step that may wait for a partner's directory, in the lane of that directory."""
    lanes: Lanes = request.app.state.lanes
    return await lanes.directories[agency].run(lambda: work(identity_of(request), browser_of(request)))


async def entered(request: Request, found: Entered) -> Response:
    """Return the answer to a finished sign-in with its cookie, or the jobs to choose from."""
    if isinstance(found, ChooseJob):
        jobs = [{"agency": job.agency.value, "role": job.role.value} for job in found.jobs]
        return JsonAnswer({"viewer": None, "ticket": found.ticket, "jobs": jobs})
    response = JsonAnswer(await run_in_threadpool(_viewer, request, found))
    put_cookie(request, response, Cookie.SESSION, found.secret)
    return response


def _viewer(request: Request, found: SignedIn) -> dict[str, Any]:
    services = services_of(request)
    viewer = services.viewer_for(found.secret, active=True)
    if viewer is None:
        raise Unauthenticated("sign_in.refused", "That did not sign you in.")
    return {"viewer": viewer_row(services, viewer), "ticket": None, "jobs": []}


def _responses(model: type[BaseModel]) -> Responses:
    return {200: {"model": model}, **problems(400, 401, 403, 408, 409, 413, 415, 422, 429, 503)}


def _post(
    path: str, operation: str, summary: str, model: type[BaseModel], to: APIRouter = router
) -> Callable[[Endpoint], Endpoint]:
    return to.post(f"/session{path}", operation_id=operation, summary=summary, responses=_responses(model))


@_post("/password", "givePassword", "Sign in: name and password", bodies.TicketAnswer, slow_router)
async def give_password(request: Request, body: Annotated[bodies.NamePassword, Body()]) -> Response:
    """Check a password; the answer is the same whether or not it is right, and the code is asked for next."""
    ticket = await hashing(
        request, lambda identity, me: identity.signing_in.give_password(body.name, body.password, me)
    )
    return JsonAnswer({"ticket": ticket})


@_post("/code", "giveCode", "Sign in: the code of the authenticator app", bodies.EnteredAnswer)
async def give_code(request: Request, body: Annotated[bodies.TicketCode, Body()]) -> Response:
    """Check a code and sign in; a code works once."""
    found = await signing(request, lambda i, me: i.signing_in.give_code(body.ticket, body.code, me))
    return await entered(request, found)


@_post("/job", "chooseJob", "Sign in: which of several jobs", bodies.EnteredAnswer)
async def choose_job(request: Request, body: Annotated[bodies.TicketJob, Body()]) -> Response:
    """Sign in as one of somebody's jobs."""
    agency, role = Agency(body.agency), Role(body.role)
    found = await signing(request, lambda i, me: i.signing_in.choose_job(body.ticket, agency, role, me))
    return await entered(request, found)


@_post("/passkey/options", "askPasskey", "Sign in: ask for a passkey", bodies.ChallengeAnswer)
async def ask_passkey(request: Request, body: Annotated[bodies.Nothing, Body()]) -> Response:
    """Return a challenge for any passkey of this address; no name is asked for."""
    ticket, options = await signing(request, lambda i, _: i.signing_in.ask_passkey())
    return JsonAnswer({"ticket": ticket, "options": options})


@_post("/passkey", "givePasskey", "Sign in with a passkey", bodies.EnteredAnswer)
async def give_passkey(request: Request, body: Annotated[bodies.TicketUsedPasskey, Body()]) -> Response:
    """Check a passkey's signature and sign in."""
    answer = body.credential.model_dump(exclude_none=True)
    found = await signing(request, lambda i, me: i.signing_in.give_passkey(body.ticket, answer, me))
    return await entered(request, found)


@_post("/setup", "beginSetup", "First set-up: name and one-time secret", bodies.SetupAnswer)
async def begin_setup(request: Request, body: Annotated[bodies.NameSetup, Body()]) -> Response:
    """Check a one-time set-up secret."""
    ticket, account = await signing(
        request, lambda i, me: i.signing_in.begin_setup(body.name, body.secret, me)
    )
    return JsonAnswer({"ticket": ticket, "name": account.name, "full_name": account.full_name})


@_post(
    "/setup/password", "setupPassword", "First set-up: choose a password", bodies.AppSecretAnswer, slow_router
)
async def setup_password(request: Request, body: Annotated[bodies.TicketPassword, Body()]) -> Response:
    """Take a password and return the secret for the authenticator app; nothing holds before its first code."""
    ticket, app = await hashing(
        request, lambda i, _: i.signing_in.choose_password(body.ticket, body.password)
    )
    return JsonAnswer({"ticket": ticket, **app})


@_post("/setup/code", "setupCode", "First set-up: the app's first code", bodies.EnteredAnswer)
async def setup_code(request: Request, body: Annotated[bodies.TicketCode, Body()]) -> Response:
    """End the set-up: password and app hold from now on."""
    found = await signing(request, lambda i, me: i.signing_in.confirm_code(body.ticket, body.code, me))
    return await entered(request, found)


@_post("/setup/passkey/options", "askSetupPasskey", "First set-up: make a passkey", bodies.ChallengeAnswer)
async def ask_setup_passkey(request: Request, body: Annotated[bodies.TicketOnly, Body()]) -> Response:
    """Return a challenge for a new passkey."""
    ticket, options = await signing(request, lambda i, _: i.signing_in.ask_setup_passkey(body.ticket))
    return JsonAnswer({"ticket": ticket, "options": options})


@_post("/setup/passkey", "setupPasskey", "First set-up: keep a passkey", bodies.EnteredAnswer)
async def setup_passkey(request: Request, body: Annotated[bodies.TicketMadePasskey, Body()]) -> Response:
    """End the set-up with a passkey; no password is needed then."""
    answer = body.credential.model_dump()
    found = await signing(
        request, lambda i, me: i.signing_in.give_setup_passkey(body.ticket, body.label, answer, me)
    )
    return await entered(request, found)


@_post("/tablet", "pairTablet", "Pair this tablet with a vehicle", bodies.TabletAnswer)
async def pair_tablet(request: Request, body: Annotated[bodies.PairingCode, Body()]) -> Response:
    """Take a pairing code and put the tablet's secret into a cookie that no script can read."""
    device, secret = await signing(request, lambda i, me: i.tablets.pair(body.code, me))
    row = {"vehicle_id": device.vehicle_id, "label": device.label, "crew": []}
    response = JsonAnswer({"tablet": row})
    put_cookie(request, response, Cookie.TABLET, secret)
    return response


@router.get(
    "/session/tablet",
    operation_id="getTablet",
    summary="Is this a vehicle's tablet, and who can unlock it",
    responses={200: {"model": bodies.TabletAnswer}, **problems(503)},
)
async def get_tablet(request: Request) -> Response:
    """Return the tablet that asks with its crew's names; null for any other browser."""

    def look(identity: Identity, me: Browser) -> dict[str, Any] | None:
        device = me.device
        if device is None:
            return None
        return {
            "vehicle_id": device.vehicle_id,
            "label": device.label,
            "crew": identity.tablets.crew(device),
        }

    return JsonAnswer({"tablet": await signing(request, look)})


@_post("/pin", "unlockTablet", "Unlock a tablet with a PIN", bodies.EnteredAnswer, slow_router)
async def unlock_tablet(request: Request, body: Annotated[bodies.PersonPin, Body()]) -> Response:
    """Sign in on a paired tablet with the PIN of this duty; too many tries take it away."""
    found = await hashing(request, lambda i, me: i.tablets.unlock(me.device, body.person, body.pin, me))
    return await entered(request, found)

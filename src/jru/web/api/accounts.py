"""Accounts and tablets, for those who look after them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from jru.domain.agency import Agency, Employment, Role
from jru.services.accounts import Invited
from jru.services.identity import Identity
from jru.services.wording import iso
from jru.web.api import identity_bodies as bodies
from jru.web.api.documents import SIGNED_IN, problems
from jru.web.api.own_account import guarded_post
from jru.web.api.signing_in import Endpoint, signing
from jru.web.doors import GuardedRoute, viewer_at
from jru.web.wire import JsonAnswer

router = APIRouter(route_class=GuardedRoute, tags=["accounts"])


def _post(path: str, operation: str, summary: str, model: type[BaseModel]) -> Callable[[Endpoint], Endpoint]:
    return guarded_post(router, path, operation, summary, model)


def _get(path: str, operation: str, summary: str, model: object) -> Callable[[Endpoint], Endpoint]:
    return router.get(
        path,
        operation_id=operation,
        summary=summary,
        responses={200: {"model": model}, **problems(401, 403, 503)},
        openapi_extra=SIGNED_IN,
    )


def _jobs(given: Sequence[bodies.Job]) -> list[Employment]:
    return [Employment(Agency(job.agency), Role(job.role), frozenset(job.qualifications)) for job in given]


def _invited(identity: Identity, invited: Invited) -> dict[str, Any]:
    return {"account": identity.accounts.row(invited.account), "setup_secret": invited.setup_secret}


@_get("/accounts", "listAccounts", "The accounts of my service", list[bodies.AccountRow])
async def list_accounts(request: Request) -> Response:
    """Return the accounts that the caller administers."""
    viewer = viewer_at(request)
    return JsonAnswer(await signing(request, lambda i, _: i.accounts.listed(viewer)))


@_post("/accounts", "createAccount", "Make an account", bodies.InvitedAnswer)
async def create_account(request: Request, body: Annotated[bodies.NewAccount, Body()]) -> Response:
    """Make an account and return its one-time set-up secret, which is shown once and holds for three days."""
    viewer, jobs = viewer_at(request), _jobs(body.employments)

    def create(identity: Identity, _me: object) -> dict[str, Any]:
        return _invited(identity, identity.accounts.create(viewer, body.name, body.full_name, jobs))

    return JsonAnswer(await signing(request, create))


@_post("/accounts/{account_id}/disable", "disableAccount", "Shut somebody out", bodies.AccountRow)
async def disable_account(
    request: Request, account_id: bodies.AccountPath, body: Annotated[bodies.Nothing, Body()]
) -> Response:
    """Disable an account: sessions end at once, live streams within a second."""
    viewer = viewer_at(request)
    return JsonAnswer(
        await signing(request, lambda i, _: i.accounts.row(i.accounts.disable(viewer, account_id)))
    )


@_post("/accounts/{account_id}/enable", "enableAccount", "Let somebody in again", bodies.AccountRow)
async def enable_account(
    request: Request, account_id: bodies.AccountPath, body: Annotated[bodies.Nothing, Body()]
) -> Response:
    """Enable an account with the proofs that it has."""
    viewer = viewer_at(request)
    return JsonAnswer(
        await signing(request, lambda i, _: i.accounts.row(i.accounts.enable(viewer, account_id)))
    )


@_post("/accounts/{account_id}/employments", "employ", "Change somebody's roles", bodies.AccountRow)
async def employ(
    request: Request, account_id: bodies.AccountPath, body: Annotated[bodies.Employments, Body()]
) -> Response:
    """Give somebody these roles of the caller's service in place of the former ones; sessions in others end."""
    viewer, jobs = viewer_at(request), _jobs(body.employments)
    return JsonAnswer(
        await signing(request, lambda i, _: i.accounts.row(i.accounts.employ(viewer, account_id, jobs)))
    )


@_post("/accounts/{account_id}/reset", "resetAccount", "Start somebody's set-up anew", bodies.InvitedAnswer)
async def reset_account(
    request: Request, account_id: bodies.AccountPath, body: Annotated[bodies.Nothing, Body()]
) -> Response:
    """Take every proof of an account away and return a new set-up secret."""
    viewer = viewer_at(request)
    return JsonAnswer(await signing(request, lambda i, _: _invited(i, i.accounts.reset(viewer, account_id))))


@_post("/accounts/{account_id}/end-sessions", "endSessions", "End somebody's sessions", bodies.EndedAnswer)
async def end_sessions(
    request: Request, account_id: bodies.AccountPath, body: Annotated[bodies.Nothing, Body()]
) -> Response:
    """End all sessions of an account."""
    viewer = viewer_at(request)
    ended = await signing(request, lambda i, _: i.accounts.end_sessions(viewer, account_id))
    return JsonAnswer({"ended": ended})


@_get("/tablets", "listTablets", "The tablets of the vehicles", list[bodies.TabletRow])
async def list_tablets(request: Request) -> Response:
    """Return every tablet."""
    viewer = viewer_at(request)
    return JsonAnswer(await signing(request, lambda i, _: i.tablets.listed(viewer)))


@_post("/tablets", "offerTablet", "Make a pairing code", bodies.OfferedTablet)
async def offer_tablet(request: Request, body: Annotated[bodies.NewTablet, Body()]) -> Response:
    """Return a pairing code for a tablet of a vehicle; it is shown once and holds for ten minutes."""
    viewer = viewer_at(request)
    device, code = await signing(request, lambda i, _: i.tablets.offer(viewer, body.vehicle_id, body.label))
    row = {"id": device.device_id, "vehicle_id": device.vehicle_id, "code": code}
    return JsonAnswer({**row, "expires_at": iso(device.code_expires_at)})


@_post("/tablets/{device_id}/end", "endTablet", "Unpair a tablet, or report it stolen", bodies.TabletRow)
async def end_tablet(
    request: Request, device_id: bodies.TabletPath, body: Annotated[bodies.EndTablet, Body()]
) -> Response:
    """End a tablet for good: it is refused from now on, and its sessions end."""
    viewer = viewer_at(request)
    return JsonAnswer(await signing(request, lambda i, _: i.tablets.end(viewer, device_id, body.reason)))

"""What somebody does with their own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from jru.services.wording import iso
from jru.web.api import identity_bodies as bodies
from jru.web.api.documents import CHANGE_HEADERS, SIGNED_IN, WRITE_CODES, problems
from jru.web.api.signing_in import Endpoint, hashing, signing
from jru.web.auth import secret_of
from jru.web.cookies import Cookie, put_cookie
from jru.web.doors import GuardedRoute
from jru.web.wire import JsonAnswer

router = APIRouter(route_class=GuardedRoute, tags=["account"])


def guarded_post(
    router: APIRouter, path: str, operation: str, summary: str, model: type[BaseModel]
) -> Callable[[Endpoint], Endpoint]:
    """Return the decorator of a guarded POST that is described whole."""
    return router.post(
        path,
        operation_id=operation,
        summary=summary,
        responses={200: {"model": model}, **problems(*WRITE_CODES, 429)},
        openapi_extra={**SIGNED_IN, "parameters": CHANGE_HEADERS},
    )


def _post(path: str, operation: str, summary: str, model: type[BaseModel]) -> Callable[[Endpoint], Endpoint]:
    return guarded_post(router, f"/account{path}", operation, summary, model)


@router.get(
    "/account",
    operation_id="getOwnAccount",
    summary="My account: where I am signed in, and how",
    responses={200: {"model": bodies.OwnAccountAnswer}, **problems(401, 403, 503)},
    openapi_extra=SIGNED_IN,
)
async def get_own_account(request: Request) -> Response:
    """Return the caller's sessions and proofs."""
    secret = secret_of(request)[0]
    return JsonAnswer(await signing(request, lambda i, _: i.own.whole(secret)))


@_post("/sessions/{session_id}/end", "endOwnSession", "End one of my sessions", bodies.EndedAnswer)
async def end_own_session(
    request: Request, session_id: bodies.SessionPath, body: Annotated[bodies.Nothing, Body()]
) -> Response:
    """End a session at once, its live stream within a second."""
    secret = secret_of(request)[0]
    await signing(request, lambda i, _: i.own.end_session(secret, session_id))
    return JsonAnswer({"ended": 1})


@_post("/sessions/end-others", "endOtherSessions", "End all my other sessions", bodies.EndedAnswer)
async def end_other_sessions(request: Request, body: Annotated[bodies.Nothing, Body()]) -> Response:
    """End every session of the caller but this one."""
    secret = secret_of(request)[0]
    return JsonAnswer({"ended": await signing(request, lambda i, _: i.own.end_others(secret))})


@_post("/password", "changePassword", "Change my password", bodies.EndedAnswer)
async def change_password(request: Request, body: Annotated[bodies.ChangePassword, Body()]) -> Response:
    """Change the password; all other sessions end and this one gets a new secret."""
    secret = secret_of(request)[0]
    ended, fresh = await hashing(
        request, lambda i, me: i.own.change_password(secret, body.present, body.wanted, me)
    )
    response = JsonAnswer({"ended": ended})
    put_cookie(request, response, Cookie.SESSION, fresh)
    return response


@_post("/passkeys/options", "askNewPasskey", "Begin to add a passkey", bodies.ChallengeAnswer)
async def ask_new_passkey(request: Request, body: Annotated[bodies.Nothing, Body()]) -> Response:
    """Return a challenge for one more passkey; needs a fresh sign-in."""
    secret = secret_of(request)[0]
    ticket, options = await signing(request, lambda i, _: i.own.ask_passkey(secret))
    return JsonAnswer({"ticket": ticket, "options": options})


@_post("/passkeys", "keepPasskey", "Add a passkey", bodies.PasskeyKept)
async def keep_passkey(request: Request, body: Annotated[bodies.TicketMadePasskey, Body()]) -> Response:
    """Keep a new passkey."""
    secret, answer = secret_of(request)[0], body.credential.model_dump()
    kept = await signing(
        request, lambda i, me: i.own.keep_passkey(secret, body.ticket, body.label, answer, me)
    )
    return JsonAnswer(kept)


@_post("/passkeys/{passkey_id}/remove", "dropPasskey", "Remove a passkey", bodies.PasskeyKept)
async def drop_passkey(
    request: Request, passkey_id: bodies.PasskeyPath, body: Annotated[bodies.Nothing, Body()]
) -> Response:
    """Remove a passkey, unless it is the last way in."""
    secret = secret_of(request)[0]
    return JsonAnswer(await signing(request, lambda i, _: i.own.drop_passkey(secret, passkey_id)))


@_post("/pin", "setPin", "Set my PIN on this tablet", bodies.PinKept)
async def set_pin(request: Request, body: Annotated[bodies.NewPin, Body()]) -> Response:
    """Keep a PIN for this tablet until the duty ends."""
    secret = secret_of(request)[0]
    until = await hashing(request, lambda i, _: i.tablets.set_pin(secret, body.pin))
    return JsonAnswer({"until": iso(until)})

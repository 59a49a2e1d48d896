"""Whether this browser is told what goes on while its page is not in front."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.services.alert_records import PushAddress
from jru.services.secrets import hashed
from jru.web.api.documents import SIGNED_IN, problems
from jru.web.api.fields import Strict, example
from jru.web.api.identity_bodies import Nothing
from jru.web.api.own_account import guarded_post
from jru.web.auth import secret_of
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.pushing import Pushing
from jru.web.wire import JsonAnswer

router = APIRouter(route_class=GuardedRoute, tags=["notifications"])


class SwitchOn(Strict):
    """What the browser's `PushSubscription` holds; `silent`: its notifications make no sound."""

    model_config = example(
        endpoint="https://push.example/v2/gAAAAA",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        silent=False,
    )

    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,992}$")]
    p256dh: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{87}$")]
    auth: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]
    silent: bool = False


class Notified(BaseModel):
    """Whether this sign-in is told, the key that browsers subscribe with (null: nobody is), whether it works now."""

    key: str | None
    on: bool
    working: bool


class Ended(BaseModel):
    """How many devices of this sign-in were told until now."""

    ended: int


class OnItsWay(BaseModel):
    """A trial message is given to the browser's push service."""

    on_its_way: bool


def _holder(request: Request) -> bytes:
    return hashed(secret_of(request)[0])


@router.get(
    "/notifications",
    operation_id="getNotifications",
    summary="Whether this sign-in is told by notification",
    responses={200: {"model": Notified}, **problems(401, 403, 503)},
    openapi_extra=SIGNED_IN,
)
async def get_notifications(request: Request) -> Response:
    """Return the state of this sign-in and the key to subscribe with."""
    book, holder = services_of(request).push, _holder(request)
    return JsonAnswer(await run_in_threadpool(book.state, viewer_at(request), holder))


@guarded_post(router, "/notifications", "switchOnNotifications", "Tell this browser, too", Notified)
async def switch_on(request: Request, body: Annotated[SwitchOn, Body()]) -> Response:
    """Tell this browser until the sign-in or the duty ends; the same browser again only renews it."""
    book, holder = services_of(request).push, _holder(request)
    address = PushAddress(body.endpoint, _decoded(body.p256dh), _decoded(body.auth))
    await run_in_threadpool(book.subscribe, viewer_at(request), holder, address, silent=body.silent)
    return JsonAnswer(await run_in_threadpool(book.state, viewer_at(request), holder))


@guarded_post(
    router, "/notifications/end", "switchOffNotifications", "Tell no browser of this sign-in", Ended
)
async def switch_off(request: Request, body: Annotated[Nothing, Body()]) -> Response:
    """Tell the browsers of this sign-in no more."""
    return JsonAnswer({"ended": await run_in_threadpool(services_of(request).push.end, _holder(request))})


@guarded_post(router, "/notifications/trial", "tryNotifications", "Send a trial notification", OnItsWay)
async def try_it(request: Request, body: Annotated[Nothing, Body()]) -> Response:
    """Send a message that says that it is a trial to this sign-in's browser."""
    parcel = await run_in_threadpool(services_of(request).push.trial, _holder(request))
    pushing: Pushing = request.app.state.pushing
    pushing.give([parcel])
    return JsonAnswer({"on_its_way": True})


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))

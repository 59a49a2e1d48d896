"""One way for every command: body, times, base, services, answer."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Body
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.domain.commands import Command, OfferUnit
from jru.errors import InvalidInput, Problem
from jru.web.api.documents import CHANGE_HEADERS, PATH_KINDS, SIGNED_IN, WRITE_CODES, Told, problems
from jru.web.api.fields import CommandBody, PathIds
from jru.web.api.unit_bodies import OfferBody
from jru.web.device import Device
from jru.web.doors import UNATTENDED, request_hash, services_of, viewer_at
from jru.web.groups import cursor_at
from jru.web.metrics import Metrics
from jru.web.ports import Done, Sent, Services
from jru.web.wire import JsonAnswer

FUTURE_TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class CommandRoute:
    """One row of the table: address, body, and what a reader of the description is told.

    `unattended`: devices send it by themselves, so that it keeps no session from being idle.
    """

    path: str
    body: type[CommandBody]
    operation: str
    summary: str
    tag: str
    unattended: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names in the address."""
        return tuple(re.findall(r"{(\w+)}", self.path))


def add_command(router: APIRouter, route: CommandRoute) -> None:
    """Add a command's route to the router."""
    router.add_api_route(
        route.path,
        _endpoint(route),
        methods=["POST"],
        operation_id=route.operation,
        summary=route.summary,
        description=inspect.getdoc(route.body),
        tags=[route.tag],
        responses={
            200: {"model": Told, "description": "Done, or done before under the same key."},
            201: {"model": Told, "description": "Done; something new is there."},
            **problems(*WRITE_CODES),
        },
        openapi_extra={
            **SIGNED_IN,
            "parameters": CHANGE_HEADERS,
            **({UNATTENDED: True} if route.unattended else {}),
        },
    )


def _endpoint(route: CommandRoute) -> Callable[..., Awaitable[Response]]:
    async def post(request: Request, body: CommandBody, **path: str) -> Response:
        command = body.command(PathIds(**path))
        return await carry_out(request, command, body)

    parameters = [
        inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request),
        inspect.Parameter(
            "body", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=route.body, default=Body()
        ),
        *(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=PATH_KINDS[name])
            for name in route.names
        ),
    ]
    post.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    post.__name__ = route.operation
    return post


async def carry_out(request: Request, command: Command, body: CommandBody) -> Response:
    """Hand a command to the services and return what they tell."""
    services = services_of(request)
    received_at = services.clock.now()
    check_times(body, received_at)
    sent = await sent_with(request, received_at)
    done = await run_in_threadpool(_execute, services, request, command, sent, body)
    return answer(request, command, done)


async def sent_with(request: Request, received_at: datetime) -> Sent:
    """Return how this request came in."""
    device: Device = request.state.device
    return Sent(
        idem_key=request.state.idem_key,
        received_at=received_at,
        request_hash=request_hash(request, await request.json()),
        device=device.name,
        device_seq=device.seq,
        clock_offset_us=device.ahead_us(received_at),
    )


def _execute(services: Services, request: Request, command: Command, sent: Sent, body: CommandBody) -> Done:
    if isinstance(body, OfferBody) and isinstance(command, OfferUnit) and body.base is not None:
        command = replace(command, base=services.unseal_base(body.base))
    return services.execute(viewer_at(request), command, sent)


def answer(request: Request, command: Command, done: Done) -> Response:
    """Return the services' answer: 201 for something new, 202 for a report put aside, else 200."""
    status = 201 if done.created and not done.repeated else 200
    if "quarantined" in done.outcome:
        status = 202
    metrics: Metrics = request.app.state.metrics
    metrics.count_command(type(command).__name__, repeated=done.repeated)
    services = services_of(request)
    content: dict[str, Any] = {
        "outcome": dict(done.outcome),
        "told": done.told,
        "cursor": cursor_at(services, viewer_at(request), done.seq),
    }
    return JsonAnswer(content, status)


def check_times(body: CommandBody, now: datetime) -> None:
    """Refuse what has not happened yet; InvalidInput names the field."""
    late = [
        name
        for name in body.past
        if (moment := getattr(body, name)) is not None and moment > now + FUTURE_TOLERANCE
    ]
    if late:
        raise InvalidInput(
            "time.future",
            "A time lies more than 10 minutes ahead of the server's clock.",
            "Set the device's clock and send it again.",
            problems=[Problem(name, "lies in the future") for name in late],
        )

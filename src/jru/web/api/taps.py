"""A device's backlog in one request: each tap is answered as if it had come alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter
from pydantic import ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope

from jru.web.api.answers import Answer
from jru.web.api.documents import CHANGE_HEADERS, SIGNED_IN, WRITE_CODES, problems
from jru.web.api.fields import Strict
from jru.web.doors import KEY_HEADER, GuardedRoute
from jru.web.problems import log_unexpected
from jru.web.wire import JsonAnswer, dumps

MOST_TAPS = 50
_OWN_TO_EACH = {
    KEY_HEADER.encode(),
    b"content-length",
    b"content-type",
    b"transfer-encoding",
    b"accept-encoding",
}
_COME_BACK = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}

_EXAMPLE: dict[str, Any] = {
    "taps": [
        {
            "key": "0198b6f2-6c1e-7b1a-8c55-3d2f0f4f6a10",
            "path": "/units/unt_0198b6f2/status",
            "body": {"status": "scene"},
        }
    ]
}

router = APIRouter(route_class=GuardedRoute)


class WaitingTap(Strict):
    """A command that waited on a device: its own key, its address below the interface's root, its body."""

    key: Annotated[str, StringConstraints(pattern=r"^[!-{}~]{1,200}$")]
    path: Annotated[
        str, StringConstraints(pattern=r"^/(incidents|units)/[A-Za-z0-9_-]{1,68}/[A-Za-z0-9_%/-]{1,120}$")
    ]
    body: dict[str, Any]


class TapsBody(Strict):
    """Commands in the order in which they are to be done."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    taps: Annotated[list[WaitingTap], Field(min_length=1, max_length=MOST_TAPS)]


class TapAnswer(Answer):
    """What one of them was answered with: a status and a body as if it had come alone."""

    key: str
    status: int
    answer: dict[str, Any] | None


class TapsTold(Answer):
    """The answers, in order; what stands behind one that cannot be taken now was not tried."""

    answers: list[TapAnswer]


@router.post(
    "/outbox",
    operation_id="sendTaps",
    summary="Send what waited on a device",
    tags=["session"],
    responses={200: {"model": TapsTold}, **problems(*WRITE_CODES)},
    openapi_extra={**SIGNED_IN, "parameters": CHANGE_HEADERS},
)
async def send_taps(request: Request, body: TapsBody) -> Response:
    """Do each command in turn under its own key, and tell what became of each.

    A command that is refused holds up none behind it. One that cannot be taken now ends the turn: it and those
    behind it are sent again, and none is done twice. The key of the request itself is not looked at.
    """
    answers = []
    for tap in body.taps:
        status, content = await _alone(request, tap)
        answers.append({"key": tap.key, "status": status, "answer": content})
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _COME_BACK:
            break
    return JsonAnswer({"answers": answers})


async def _alone(request: Request, tap: WaitingTap) -> tuple[int, dict[str, Any] | None]:
    """Put one command through the whole application, with all its doors, and return its answer."""
    content = dumps(tap.body)
    told: dict[str, Any] = {"status": HTTPStatus.INTERNAL_SERVER_ERROR}
    parts: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            told["status"] = message["status"]
        else:
            parts.append(message.get("body", b""))

    try:
        await request.app(_scope(request.scope, tap, len(content)), receive, send)
    except Exception as error:  # noqa: BLE001 - it was answered as an error; the others must hear their answers
        log_unexpected("tap failed", error)
    return int(told["status"]), _parsed(b"".join(parts))


def _scope(outer: Mapping[str, Any], tap: WaitingTap, size: int) -> Scope:
    headers = [pair for pair in outer["headers"] if pair[0].lower() not in _OWN_TO_EACH]
    headers += [
        (KEY_HEADER.encode(), tap.key.encode()),
        (b"content-type", b"application/json"),
        (b"content-length", str(size).encode()),
    ]
    root = outer["path"].removesuffix("/outbox")
    kept = ("type", "asgi", "http_version", "method", "scheme", "client", "server", "root_path", "extensions")
    return {
        **{name: outer[name] for name in kept if name in outer},
        "path": root + unquote(tap.path),
        "raw_path": (root + tap.path).encode(),
        "query_string": b"",
        "headers": headers,
    }


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

"""The outermost layer: security headers, figures, and the last word on errors that nobody foresaw."""

from __future__ import annotations

import asyncio

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jru.clock import Random
from jru.web.metrics import Metrics
from jru.web.problems import problem, route_name, unexpected

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'"
)
SECURITY_HEADERS: tuple[tuple[str, str], ...] = (
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
)
_STREAM = "text/event-stream"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Watch:
    """Wraps an application; pure ASGI, so that streams pass unbuffered."""

    def __init__(self, app: ASGIApp, metrics: Metrics, random: Random) -> None:
        self._app = app
        self._metrics = metrics
        self._random = random

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Watched(self._app, self._metrics, self._random, scope).serve(receive, send)


class _Watched:
    """One request under watch."""

    def __init__(self, app: ASGIApp, metrics: Metrics, random: Random, scope: Scope) -> None:
        self._app = app
        self._metrics = metrics
        self._random = random
        self._scope = scope
        self._status = 0
        self._is_stream = False

    async def serve(self, receive: Receive, send: Send) -> None:
        """Run the application; answer with a problem document where it broke before it answered."""
        loop = asyncio.get_running_loop()
        begun_s = loop.time()

        async def watched_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._begin(message)
            await send(message)

        try:
            if _has_two_lengths(self._scope):
                await _refused_length()(self._scope, receive, watched_send)
                return
            await self._app(self._scope, receive, watched_send)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last place that can still give an answer
            response = unexpected(error, self._random.bytes(6).hex())
            if self._status == 0:
                await response(self._scope, receive, watched_send)
        finally:
            self._count(loop.time() - begun_s)

    def _begin(self, message: Message) -> None:
        self._status = message["status"]
        headers = MutableHeaders(scope=message)
        self._is_stream = headers.get("content-type", "").startswith(_STREAM)
        for name, value in SECURITY_HEADERS:
            headers.setdefault(name, value)
        if self._scope.get("scheme") == "https":
            headers.setdefault("strict-transport-security", "max-age=31536000; includeSubDomains")

    def _count(self, seconds: float) -> None:
        method = self._scope["method"] if self._scope["method"] in _METHODS else "other"
        self._metrics.count_request(
            method, route_name(self._scope), self._status, None if self._is_stream else seconds
        )


def _has_two_lengths(scope: Scope) -> bool:
    """Tell whether a proxy could have seen another end of this body than this server (RFC 9112, 6.3)."""
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}


def _refused_length() -> Response:
    return problem(
        400,
        "body.length",
        "The request tells the length of its body in two ways.",
        remedy="Send Content-Length or Transfer-Encoding.",
        headers={"connection": "close"},
    )

"""The doors in front of the routes: who calls, from where, with which key, and what exactly the body says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from jru.errors import InvalidInput
from jru.web import strict_json
from jru.web.auth import SameSite, require_owner, require_viewer, secret_of
from jru.web.device import device_of
from jru.web.lane import Lanes
from jru.web.limits import MAX_BODY_BYTES, read_json_bytes
from jru.web.ports import Services, Viewer
from jru.web.problems import Malformed
from jru.web.wire import dumps

KEY_HEADER = "idempotency-key"
# The bar is kept for the keys that the product makes itself, such as those of reports.
_KEY = re.compile(r"[\x21-\x7b\x7d\x7e]{1,200}")
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class ParsedRequest(Request):
    """A request whose body was read and parsed strictly beforehand."""

    def __init__(self, request: Request, raw: bytes, value: object) -> None:
        super().__init__(request.scope, request.receive)
        self._raw = raw
        self._value = value

    async def body(self) -> bytes:
        """Return the raw body."""
        return self._raw

    async def json(self) -> Any:
        """Return the parsed body."""
        return self._value


def services_of(request: Request) -> Services:
    """Return the services that this application serves."""
    services: Services = request.app.state.services
    return services


def viewer_at(request: Request) -> Viewer:
    """Return the viewer whom the door let in."""
    viewer: Viewer = request.state.viewer
    return viewer


def idempotency_key(request: Request) -> str:
    """Return the key of a command; Malformed without a usable one."""
    key = request.headers.get(KEY_HEADER, "")
    if not _KEY.fullmatch(key):
        raise Malformed(
            "idempotency_key",
            "The header Idempotency-Key is missing or not 1 to 200 visible ASCII characters other than |.",
            "Send a new UUID with each command, and the same one when you repeat it.",
        )
    return key


def request_hash(request: Request, value: object) -> bytes:
    """Return what makes two requests the same: method, address and the content of the body."""
    canonical = dumps([request.method, request.url.path, _sorted(value)])
    return hashlib.sha256(canonical).digest()


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value


async def parsed(request: Request, most: int = MAX_BODY_BYTES) -> ParsedRequest:
    """Return the request with its body read within bounds and parsed; Malformed when it is not strict JSON."""
    raw = await read_json_bytes(request, most)
    try:
        value = strict_json.parse(raw)
    except InvalidInput as error:
        raise Malformed(error.code, error.message, error.remedy) from None
    if not isinstance(value, dict):
        raise Malformed("json.not_an_object", "The body is not a JSON object.", "Send {…}.")
    return ParsedRequest(request, raw, value)


class OpenRoute(APIRoute):
    """A route that needs no viewer; what changes something still must come from this site."""

    def get_route_handler(self) -> Handle:
        """Return the route's handler behind its door."""
        handle = super().get_route_handler()
        takes_body = self.body_field is not None

        async def opened(request: Request) -> Response:
            if request.method in _CHANGING:
                same_site: SameSite = request.app.state.same_site
                same_site.check(request, by_cookie=request.method == "DELETE" and secret_of(request)[1])
            return await handle(await parsed(request) if takes_body else request)

        return opened


class HashingRoute(OpenRoute):
    """An open route whose work hashes a password: without room for it the body is not even read."""

    def get_route_handler(self) -> Handle:
        """Return the route's handler behind its door."""
        handle = super().get_route_handler()

        async def admitted(request: Request) -> Response:
            lanes: Lanes = request.app.state.lanes
            await lanes.hashing.admit()
            return await handle(request)

        return admitted


UNATTENDED = "x-unattended"


class GuardedRoute(APIRoute):
    """A route for viewers: authentication first, then the site, then the key, then the body.

    One whose description says so is asked by devices, never by hand: it keeps no session from being idle.
    """

    most_bytes = MAX_BODY_BYTES

    def get_route_handler(self) -> Handle:
        """Return the route's handler behind its door."""
        handle = super().get_route_handler()
        takes_body = self.body_field is not None
        attended = not (self.openapi_extra or {}).get(UNATTENDED)

        async def guarded(request: Request) -> Response:
            services = services_of(request)
            request.state.viewer = await require_viewer(services, request, attended=attended)
            if request.method in _CHANGING:
                require_owner(services, request, request.state.viewer)
                same_site: SameSite = request.app.state.same_site
                same_site.check(request, by_cookie=secret_of(request)[1])
                request.state.idem_key = idempotency_key(request)
                request.state.device = device_of(request)
            return await handle(await parsed(request, self.most_bytes) if takes_body else request)

        return guarded

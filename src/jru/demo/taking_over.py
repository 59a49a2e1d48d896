"""A visitor takes a role over with the first thing they do in it, and hands it back by signing out.

Watches the public interface from outside: which login session belongs to which role, and when it first commands.
Looking on changes nothing, so that a visitor can watch the simulated people work before stepping in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_PATH: Final = "/api/v1/session"
_LONGEST_BODY: Final = 4_096

Part = tuple[str, str | None]
"""A role and, for a crew, the call sign of its unit."""


class TakingOver:
    """ASGI middleware of the demonstration."""

    def __init__(
        self, app: ASGIApp, take: Callable[[str, str | None], None], give: Callable[[str, str | None], None]
    ):
        """Call `take` when a person begins to play a role and `give` when they leave it."""
        self._app = app
        self._take = take
        self._give = give
        self._parts: dict[str, Part] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and look at what concerns sessions."""
        if scope["type"] != "http" or scope["method"] not in ("POST", "DELETE"):
            await self._app(scope, receive, send)
        elif scope["path"] == SESSION_PATH and scope["method"] == "POST":
            await self._login(scope, receive, send)
        else:
            self._acted(scope)
            await self._app(scope, receive, send)

    async def _login(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()

        async def listening() -> Message:
            message = await receive()
            if len(body) < _LONGEST_BODY:
                body.extend(message.get("body", b""))
            return message

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 300:
                self._remember(message, bytes(body))
            await send(message)

        await self._app(scope, listening, noting)

    def _remember(self, message: Message, body: bytes) -> None:
        part = _part_of(body)
        if part is None:
            return
        for name, value in message.get("headers", ()):
            if name.lower() == b"set-cookie":
                for secret in _cookies(value):
                    self._parts[secret] = part

    def _acted(self, scope: Scope) -> None:
        leaves = scope["path"] == SESSION_PATH
        for name, value in scope["headers"]:
            if name != b"cookie":
                continue
            for secret in _cookies(value):
                part = self._parts.get(secret)
                if part is not None and leaves:
                    del self._parts[secret]
                    self._give(*part)
                elif part is not None:
                    self._take(*part)


def _part_of(body: bytes) -> Part | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    if not isinstance(said, dict) or not isinstance(said.get("role"), str):
        return None
    unit = said.get("unit")
    return said["role"], unit if isinstance(unit, str) else None


def _cookies(header: bytes) -> list[str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header.decode("latin-1"))
    except CookieError:
        return []
    return [morsel.value for morsel in jar.values()]

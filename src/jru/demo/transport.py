"""Two ways to the same public interface: over a socket, or straight into the application in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol
from urllib.parse import quote, urlencode

import httpx
from starlette.types import ASGIApp, Message, Scope

HOST: Final = "127.0.0.1"


class Transport(Protocol):
    """Sends one request and returns status and JSON body."""

    async def send(
        self, method: str, path: str, headers: Mapping[str, str], query: Mapping[str, str], body: object
    ) -> tuple[int, dict[str, Any]]:
        """Return what came back; `body` None sends none."""
        ...


class SocketTransport:
    """HTTP over a connection to a running server."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Use a client whose base address is the server's."""
        self._client = client

    async def send(
        self, method: str, path: str, headers: Mapping[str, str], query: Mapping[str, str], body: object
    ) -> tuple[int, dict[str, Any]]:
        """Send over the socket."""
        answer = await self._client.request(
            method, path, headers=dict(headers), params=dict(query) or None, json=body
        )
        return answer.status_code, answer.json()


class DirectTransport:
    """The ASGI interface of the application, with no socket and no HTTP parser between (ASGI 3.0, HTTP scope)."""

    def __init__(self, app: ASGIApp) -> None:
        """Call `app` for every request."""
        self._app = app

    async def send(
        self, method: str, path: str, headers: Mapping[str, str], query: Mapping[str, str], body: object
    ) -> tuple[int, dict[str, Any]]:
        """Call the application and collect its answer."""
        content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        exchange = _Exchange(content)
        await self._app(_scope(method, path, headers, query, len(content)), exchange.receive, exchange.send)
        return exchange.status, json.loads(b"".join(exchange.parts))


class _Exchange:
    def __init__(self, content: bytes) -> None:
        self._content: bytes | None = content
        self.status = 0
        self.parts: list[bytes] = []

    async def receive(self) -> Message:
        content, self._content = self._content, None
        if content is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))


def _scope(
    method: str, path: str, headers: Mapping[str, str], query: Mapping[str, str], length: int
) -> Scope:
    raw = [(b"host", HOST.encode()), (b"content-type", b"application/json")]
    raw += [(b"content-length", str(length).encode())] if length else []
    raw += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": urlencode(query).encode(),
        "root_path": "",
        "headers": raw,
        "client": (HOST, 0),
        "server": (HOST, 0),
    }

"""GET /api/v1/stream: server-sent events for one viewer."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from jru.web.api.documents import SIGNED_IN, problems
from jru.web.auth import secret_of
from jru.web.doors import UNATTENDED, GuardedRoute, viewer_at
from jru.web.hub import Client, Hub

MEDIA_TYPE = "text/event-stream"
MAX_CURSOR_CHARS = 512
router = APIRouter(route_class=GuardedRoute, tags=["board"])


class EventStream(Response):
    """Sends a client's outbox until it ends, the client leaves or falls behind."""

    media_type = MEDIA_TYPE

    def __init__(self, hub: Hub, client: Client) -> None:
        super().__init__(None, 200, {"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub
        self._client = client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the stream."""
        tasks = [
            asyncio.create_task(self._pump(send)),
            asyncio.create_task(_until_disconnect(receive)),
            asyncio.create_task(self._client.dropped.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hub.leave(self._client)
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _pump(self, send: Send) -> None:
        headers = self.raw_headers
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        last = False
        while not last:
            piece, last = await self._client.outbox.take()
            await send({"type": "http.response.body", "body": piece, "more_body": not last})


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@router.get(
    "/stream",
    operation_id="streamBoard",
    summary="Everything open, live",
    responses={
        200: {
            "description": (
                "Events `snapshot` (a Board), `change` (Changes), `presence` (for rooms: `desks`, each with "
                "`agency`, `desk`, `incident_id` and `field`), `heartbeat` every 5 s and `bye`; "
                "`id` is the sealed cursor for Last-Event-ID."
            ),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"type": "string"},
                    "example": (
                        'event: heartbeat\ndata: {"now":"2019-08-16T22:41:07.000000Z","rate":1,"feeds":[],'
                        '"restored_at":null}\n\n'
                    ),
                }
            },
        },
        **problems(401, 403, 422, 503),
    },
    response_class=Response,
    openapi_extra={**SIGNED_IN, UNATTENDED: True},
)
async def stream_board(
    request: Request,
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", max_length=MAX_CURSOR_CHARS, description="Sealed cursor.")
    ] = None,
) -> Response:
    """Open the viewer's live stream: a snapshot, or what changed since Last-Event-ID."""
    hub: Hub = request.app.state.hub
    client = await hub.join(viewer_at(request), secret_of(request)[0], last_event_id or None)
    return EventStream(hub, client)

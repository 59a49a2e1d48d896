"""Photos and documents that belong to one service's records: in by a command, out through the gate."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path
from pydantic import Field, StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.domain.agency import Label
from jru.domain.record_commands import AddAttachment
from jru.errors import InvalidInput
from jru.exchange.attachments import MOST_BYTES, clean, look
from jru.web.api.documents import (
    CHANGE_HEADERS,
    READ_CODES,
    SIGNED_IN,
    WRITE_CODES,
    IncidentPath,
    Told,
    problems,
)
from jru.web.api.fields import CommandBody, PathIds, example
from jru.web.api.posting import carry_out, sent_with
from jru.web.api.record_bodies import PersonNumber
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.lane import Lanes
from jru.web.wire import NO_STORE

_PATH = "/incidents/{incident_id}/attachments"
_SUFFIX = {"image/jpeg": "jpg", "application/pdf": "pdf"}
MOST_BASE64 = MOST_BYTES * 4 // 3 + 4
SMALLEST_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg=="
RecordPath = Annotated[str, Path(pattern=r"^rec_[A-Za-z0-9_-]{1,64}$", description="Record.")]


class AttachmentBody(CommandBody):
    """A JPEG or PNG picture or a PDF document in base64, under one label of the own service.

    What it is, is told by its bytes. A picture is drawn anew, so that nothing hidden in the file is kept.
    """

    model_config = example(person=1, label="police_evidence", title="Broken bottle", content=SMALLEST_PNG)

    person: PersonNumber
    label: Literal["clinical", "police_evidence"]
    title: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    content: Annotated[str, Field(min_length=4, max_length=MOST_BASE64, description="Base64 (RFC 4648).")]

    def command(self, ids: PathIds) -> AddAttachment:
        """Return the command with the content as it came; raises InvalidInput by its size and first bytes."""
        raw = self._bytes()
        return AddAttachment(
            incident_id=ids.incident_id,
            person=self.person,
            label=Label(self.label),
            media_type=look(raw),
            title=self.title,
            content=raw,
            at=self.at,
        )

    def _bytes(self) -> bytes:
        try:
            return base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError):
            raise InvalidInput("base64", "the content is not base64") from None


class LargeRoute(GuardedRoute):
    """A guarded route whose body may hold an attachment."""

    most_bytes = MOST_BASE64 + 4096


def attachment_routes() -> APIRouter:
    """Return the routes of attachments."""
    router = APIRouter(route_class=LargeRoute)
    changing: dict[str, Any] = {**SIGNED_IN, "parameters": CHANGE_HEADERS}

    @router.post(
        _PATH,
        operation_id="addAttachment",
        summary="Add a photo or a document",
        tags=["records"],
        responses={200: {"model": Told}, 201: {"model": Told}, **problems(*WRITE_CODES)},
        openapi_extra=changing,
    )
    async def add_attachment(
        request: Request, incident_id: IncidentPath, body: Annotated[AttachmentBody, Body()]
    ) -> Response:
        """Keep a photo or a document among the own service's records."""
        services, viewer = services_of(request), viewer_at(request)
        sent = await sent_with(request, services.clock.now())

        def admitted() -> AddAttachment:
            command = body.command(PathIds(incident_id=incident_id))
            services.admit(viewer, command, sent)
            return command

        command = await run_in_threadpool(admitted)
        lanes: Lanes = request.app.state.lanes
        found = await lanes.drawing.run(lambda: clean(command.content))
        cleaned = replace(command, media_type=found.media_type, content=found.content)
        return await carry_out(request, cleaned, body)

    files = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _SUFFIX}

    @router.get(
        f"{_PATH}/{{record_id}}",
        operation_id="getAttachment",
        summary="One photo or document",
        tags=["records"],
        response_class=Response,
        responses={200: {"content": files}, **problems(*READ_CODES, 404)},
        openapi_extra=SIGNED_IN,
    )
    async def get_attachment(request: Request, incident_id: IncidentPath, record_id: RecordPath) -> Response:
        """Return the bytes of an attachment, to be saved and never shown as a page."""
        services = services_of(request)
        media_type, content = await run_in_threadpool(
            services.attachment, viewer_at(request), incident_id, record_id
        )
        headers = {
            **NO_STORE,
            "content-disposition": f'attachment; filename="{record_id}.{_SUFFIX[media_type]}"',
            "content-security-policy": "default-src 'none'; sandbox",
            "x-content-type-options": "nosniff",
            "cross-origin-resource-policy": "same-origin",
        }
        return Response(content, headers=headers, media_type=media_type)

    return router

"""Reports of control-room systems: taken, repeated, or put aside whole; never lost."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from fastapi import APIRouter
from pydantic import Field, StringConstraints, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.domain import commands
from jru.errors import InvalidInput, Quarantined
from jru.web import strict_json
from jru.web.api.documents import CHANGE_HEADERS, SIGNED_IN, WRITE_CODES, Told, problems
from jru.web.api.fields import (
    Caller,
    CommandBody,
    Flags,
    ForeignId,
    Hazards,
    Moment,
    PathIds,
    Place,
    ShortText,
    example,
)
from jru.web.api.posting import answer, check_times, sent_with
from jru.web.doors import GuardedRoute, ParsedRequest, services_of, viewer_at
from jru.web.groups import cursor_at
from jru.web.limits import read_json_bytes
from jru.web.metrics import Metrics
from jru.web.ports import Done, Sent, Services, Viewer
from jru.web.problems import violation
from jru.web.wire import JsonAnswer

MAX_REMARKS = 20_000
UNKNOWN_SENDER = "unknown"


class ReportBody(CommandBody):
    """A message of a control-room system about one of its incidents."""

    model_config = example(
        sender="KENTPOL",
        foreign_id="1-0816-4412",
        epoch=2019,
        message_version=1,
        kind="create",
        at="2019-08-16T22:41:07Z",
        grade="2",
        type_code="VP-ASLT",
        place={"text": "High Street, Gillingham", "lon": 0.5481, "lat": 51.3855},
        remarks="Two males fighting, one with a head injury",
        flags=["injury"],
    )
    past: ClassVar[tuple[str, ...]] = ("at", "clock_start")

    sender: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9_-]{0,39}$")]
    foreign_id: ForeignId
    epoch: Annotated[int, Field(ge=0, le=9999)]
    message_version: Annotated[int, Field(ge=0, le=1_000_000)]
    kind: Literal["create", "update", "close"]
    at: Moment
    grade: ShortText | None = None
    type_code: ShortText | None = None
    place: Place | None = None
    remarks: Annotated[str, StringConstraints(max_length=MAX_REMARKS)] = ""
    caller: Caller | None = None
    flags: Flags = []
    hazards: Hazards = []
    clock_start: Moment | None = None

    def command(self, ids: PathIds) -> commands.ReceiveReport:
        """Return the command."""
        return commands.ReceiveReport(
            sender=self.sender,
            foreign_id=self.foreign_id,
            epoch=self.epoch,
            message_version=self.message_version,
            kind=self.kind,
            grade=self.grade,
            type_code=self.type_code,
            place=self.place.given() if self.place else None,
            remarks=self.remarks,
            caller=self.caller.given() if self.caller else None,
            flags=tuple(self.flags),
            hazards=tuple(hazard.given() for hazard in self.hazards),
            clock_start=self.clock_start,
            at=self.at,
        )


def report_routes() -> APIRouter:
    """Return the route of reports."""
    router = APIRouter(route_class=GuardedRoute)
    router.add_api_route(
        "/reports",
        receive_report,
        methods=["POST"],
        operation_id="receiveReport",
        summary="Report from a control-room system",
        description=(
            "Whatever arrives under 256 kB with a valid token is kept: a body that cannot be used is put aside "
            "under its sender, byte for byte, and answered with 202 and the reason."
        ),
        tags=["reports"],
        responses={
            200: {"model": Told, "description": "Known already, with the same content."},
            201: {"model": Told, "description": "Taken."},
            202: {"model": Told, "description": "Put aside for a person to look at; `told` says why."},
            **problems(*(code for code in WRITE_CODES if code not in (404, 422))),
        },
        openapi_extra={
            **SIGNED_IN,
            "parameters": CHANGE_HEADERS,
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ReportBody"}}},
            },
        },
    )
    return router


async def receive_report(request: Request) -> Response:
    """Take a report, or put it aside whole."""
    services = services_of(request)
    viewer = viewer_at(request)
    raw = await read_json_bytes(request)
    received_at = services.clock.now()
    value: object = None
    try:
        value = strict_json.parse(raw)
        body = _understood(value, received_at)
    except InvalidInput as error:
        return await _put_aside(request, viewer, _sender(value), raw, str(error).replace("\n", " "))
    sent = await sent_with(ParsedRequest(request, raw, value), received_at)
    command = body.command(PathIds())
    try:
        done = await run_in_threadpool(_execute, services, viewer, command, sent)
    except Quarantined as error:
        return await _put_aside(request, viewer, body.sender, raw, error.message)
    except InvalidInput as error:
        return await _put_aside(request, viewer, body.sender, raw, str(error).replace("\n", " "))
    return answer(request, command, done)


def _execute(services: Services, viewer: Viewer, command: commands.ReceiveReport, sent: Sent) -> Done:
    return services.execute(viewer, command, sent)


def _understood(value: object, now: datetime) -> ReportBody:
    """Return the report; InvalidInput in words for the person who looks at what was put aside."""
    try:
        body = ReportBody.model_validate(value)
    except ValidationError as error:
        entries = [violation(entry) for entry in error.errors(include_url=False, include_input=False)]
        words = "; ".join(f"{entry['path']}: {entry['message']}" for entry in entries[:10])
        raise InvalidInput("report.invalid", f"The report does not fit its description: {words}") from None
    check_times(body, now)
    return body


def _sender(value: object) -> str:
    sender = value.get("sender") if isinstance(value, dict) else None
    if isinstance(sender, str) and 0 < len(sender) <= 40 and sender.isascii() and sender.isprintable():
        return sender
    return UNKNOWN_SENDER


async def _put_aside(request: Request, viewer: Viewer, sender: str, raw: bytes, reason: str) -> Response:
    services = services_of(request)
    entry = await run_in_threadpool(services.quarantine_raw, viewer, sender, raw, reason[:500])
    metrics: Metrics = request.app.state.metrics
    metrics.count_command("ReceiveReport", quarantined=True)
    content = {
        "outcome": {"quarantined": entry},
        "told": f"Put aside for a person to look at. {reason[:500]}",
        "cursor": cursor_at(services, viewer, services.place(viewer)),
    }
    return JsonAnswer(content, 202)

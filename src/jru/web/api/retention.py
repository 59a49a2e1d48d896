"""Retention: what is due of the own service, legal holds, requests to erase, reviews, and the run itself."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field, StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.domain import retention_commands as commands
from jru.web.api.answers import Answer
from jru.web.api.fields import CommandBody, PathIds, example
from jru.web.api.looking import reading
from jru.web.api.posting import CommandRoute, add_command
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.wire import JsonAnswer

Why = Annotated[str, StringConstraints(min_length=10, max_length=500)]
PersonNumber = Annotated[int, Field(ge=1, le=99)]


class PlaceHoldBody(CommandBody):
    """Why everything of the own service is kept, without names; `person` limits the hold to one of the incident."""

    model_config = example(reason="civil claim, letter of the solicitor of 16 August", person=1)

    reason: Why
    person: PersonNumber | None = None

    def command(self, ids: PathIds) -> commands.PlaceHold:
        """Return the command."""
        return commands.PlaceHold(
            incident_id=ids.incident_id, reason=self.reason, person=self.person, at=self.at
        )


class ReleaseHoldBody(CommandBody):
    """Why the hold is over."""

    model_config = example(reason="the claim was settled out of court")

    reason: Why

    def command(self, ids: PathIds) -> commands.ReleaseHold:
        """Return the command."""
        return commands.ReleaseHold(hold_id=ids.hold_id, reason=self.reason, at=self.at)


class AskErasureBody(CommandBody):
    """Who asked and under which reference, without names; `person` limits it to one of the incident."""

    model_config = example(reason="asked for by the person, reference 2019/12", person=1)

    reason: Why
    person: PersonNumber | None = None

    def command(self, ids: PathIds) -> commands.AskErasure:
        """Return the command."""
        return commands.AskErasure(
            incident_id=ids.incident_id, reason=self.reason, person=self.person, at=self.at
        )


class ReviewContentBody(CommandBody):
    """What a look at the content found: it may go, or the request is refused."""

    model_config = example(finding="erase", reason="no longer necessary for any purpose")

    finding: Literal["erase", "keep"]
    reason: Why
    person: PersonNumber | None = None

    def command(self, ids: PathIds) -> commands.ReviewContent:
        """Return the command."""
        return commands.ReviewContent(
            incident_id=ids.incident_id,
            finding=self.finding,
            reason=self.reason,
            person=self.person,
            at=self.at,
        )


class RunRetentionBody(CommandBody):
    """Nothing more is needed: what is due goes, what is held or waits stays."""

    model_config = example()

    def command(self, ids: PathIds) -> commands.RunRetention:
        """Return the command."""
        return commands.RunRetention(at=self.at)


RETENTION_COMMANDS = (
    CommandRoute(
        "/incidents/{incident_id}/holds", PlaceHoldBody, "placeHold", "Place a legal hold", "retention"
    ),
    CommandRoute(
        "/retention/holds/{hold_id}/release",
        ReleaseHoldBody,
        "releaseHold",
        "Release a legal hold",
        "retention",
    ),
    CommandRoute(
        "/incidents/{incident_id}/erasure-requests",
        AskErasureBody,
        "askErasure",
        "Record a request to erase",
        "retention",
    ),
    CommandRoute(
        "/incidents/{incident_id}/retention-reviews",
        ReviewContentBody,
        "reviewContent",
        "Review what is due or asked for",
        "retention",
    ),
    CommandRoute(
        "/retention/runs",
        RunRetentionBody,
        "runRetention",
        "Erase what is due of the own service",
        "retention",
    ),
)


class FindingAnswer(Answer):
    """Content of one record that stands alike; `state` is due, held, to_review or queued."""

    agency: str
    record_id: str
    number: str
    matter: str
    state: str
    clause: str
    words: str
    basis: str
    due_at: str | None
    parts: int
    labels: dict[str, int]
    tracks: int
    messages: int


class HoldAnswer(Answer):
    """A legal hold of the own service."""

    hold_id: str
    incidents: list[str]
    person: int | None
    by: str
    at: str
    released_at: str | None
    reason: str


class AskedAnswer(Answer):
    """A request to erase, made to the own service."""

    request_id: str
    incidents: list[str]
    person: int | None
    by: str
    at: str
    reason: str


class ClauseAnswer(Answer):
    """A clause in force for the own service."""

    clause: str
    matter: str
    labels: list[str]
    outcomes: list[str]
    trigger: str
    keep: str
    review: bool
    words: str


class RetentionAnswer(Answer):
    """How the content of the own service stands; no content."""

    at: str
    findings: list[FindingAnswer]
    holds: list[HoldAnswer]
    asked: list[AskedAnswer]
    clauses: list[ClauseAnswer]


_router = APIRouter(route_class=GuardedRoute)


@reading(
    _router,
    "/retention/due",
    "getRetention",
    "What is due for erasure at the own service, and what waits",
    "retention",
    RetentionAnswer,
)
async def get_retention(request: Request) -> Response:
    """Return what a run would erase now; nothing changes."""
    return JsonAnswer(await run_in_threadpool(services_of(request).retention.due, viewer_at(request)))


def retention_routes() -> APIRouter:
    """Return the routes of retention."""
    router = APIRouter(route_class=GuardedRoute)
    for route in RETENTION_COMMANDS:
        add_command(router, route)
    router.include_router(_router)
    return router

"""Break-glass: opening restricted fields, closing them, and the review queue."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field, StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from jru.domain import glass_commands as commands
from jru.domain.agency import Label
from jru.web.api.answers import Answer
from jru.web.api.fields import CommandBody, Line, PathIds, example
from jru.web.api.looking import reading
from jru.web.api.posting import CommandRoute, add_command
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.wire import JsonAnswer

LabelWord = Literal["identity", "clinical", "police_evidence"]


class BreakGlassBody(CommandBody):
    """Which fields, and why they are needed now."""

    model_config = example(labels=["clinical"], reason="patient collapsed, crew asks for known allergies")

    labels: Annotated[list[LabelWord], Field(min_length=1, max_length=3)]
    reason: Annotated[str, StringConstraints(min_length=10, max_length=500)]

    def command(self, ids: PathIds) -> commands.BreakGlass:
        """Return the command."""
        labels = tuple(Label(word) for word in self.labels)
        return commands.BreakGlass(incident_id=ids.incident_id, labels=labels, reason=self.reason, at=self.at)


class CloseGlassBody(CommandBody):
    """Nothing more is needed."""

    model_config = example()

    def command(self, ids: PathIds) -> commands.CloseGlass:
        """Return the command."""
        return commands.CloseGlass(glass_id=ids.glass_id, at=self.at)


class ReviewGlassBody(CommandBody):
    """What the privacy officer found; words are needed unless it was justified."""

    model_config = example(finding="justified", words="allergy told to the crew within a minute")

    finding: Literal["justified", "not_justified", "follow_up"]
    words: Line | None = None

    def command(self, ids: PathIds) -> commands.ReviewGlass:
        """Return the command."""
        return commands.ReviewGlass(
            glass_id=ids.glass_id, finding=self.finding, words=self.words or "", at=self.at
        )


GLASS_COMMANDS = (
    CommandRoute(
        "/incidents/{incident_id}/glass",
        BreakGlassBody,
        "breakGlass",
        "Open restricted fields for half an hour",
        "glass",
    ),
    CommandRoute("/glass/{glass_id}/close", CloseGlassBody, "closeGlass", "Close them again", "glass"),
    CommandRoute("/glass/{glass_id}/review", ReviewGlassBody, "reviewGlass", "Review an opening", "glass"),
)


class GlassReview(Answer):
    """One service's finding."""

    agency: str
    finding: str
    at: str
    words: str


class GlassEntry(Answer):
    """One opening; `actor` is told to the actor's own service only."""

    id: str
    labels: list[str]
    at: str
    until: str
    incident_id: str
    incident_number: str | None
    agency: str
    role: str
    actor: str | None
    reason: str
    often: bool
    standing: bool
    closed_at: str | None
    to_review: list[str]
    reviews: list[GlassReview]


_router = APIRouter(route_class=GuardedRoute)


@reading(
    _router, "/glass", "listGlass", "The review queue of the privacy officers", "glass", list[GlassEntry]
)
async def list_glass(request: Request) -> Response:
    """Return all openings, those that the own service has to review first."""
    return JsonAnswer(await run_in_threadpool(services_of(request).glass.queue, viewer_at(request)))


def glass_routes() -> APIRouter:
    """Return the routes of break-glass."""
    router = APIRouter(route_class=GuardedRoute)
    for route in GLASS_COMMANDS:
        add_command(router, route)
    router.include_router(_router)
    return router

"""The exercise space: scripts, the one that is being played, codes to join it by, and debriefs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from pydantic import Field, StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from jru.web.api.fields import Code, Strict
from jru.web.doors import OpenRoute
from jru.web.exercise_port import Exercises
from jru.web.wire import NO_STORE, JsonAnswer

router = APIRouter(prefix="/exercise", route_class=OpenRoute, tags=["exercise"])
Run = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,6}-[a-z][a-z0-9_]{0,39}$")]


class Start(Strict):
    """Which script, which parts `people` play, and how many seconds of it pass in one second."""

    exercise: Code
    people: Annotated[list[Literal["police_room", "ambulance_room", "crew"]], Field(max_length=3)]
    pace: Annotated[float, Field(ge=0.5, le=60, allow_inf_nan=False)] = 1.0


class Pause(Strict):
    """Whether the exercise stands still."""

    paused: bool


class Join(Strict):
    """The code of a part."""

    code: Annotated[
        str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9]{1,12}$")
    ]


def _exercises(request: Request) -> Exercises:
    found: Exercises = request.app.state.exercises
    return found


@router.get("", operation_id="getExercise", summary="Scripts, the exercise of now, and earlier ones")
async def overview(request: Request) -> Response:
    """Return everything that the page of exercises shows."""
    found = _exercises(request)
    return JsonAnswer(await run_in_threadpool(_overview, found))


def _overview(found: Exercises) -> dict[str, Any]:
    return {"exercises": list(found.scripts()), "now": found.now(), "runs": list(found.runs())}


@router.post("/start", operation_id="startExercise", summary="Start a script")
async def start(request: Request, body: Annotated[Start, Body()]) -> Response:
    """Start a script; one at a time."""
    found = _exercises(request)
    return JsonAnswer(await run_in_threadpool(found.start, body.exercise, body.people, body.pace))


@router.post("/pause", operation_id="pauseExercise", summary="Let it stand still, or go on")
async def pause(request: Request, body: Annotated[Pause, Body()]) -> Response:
    """Stop the clock of the exercise, or let it go on."""
    found = _exercises(request)
    return JsonAnswer(await run_in_threadpool(lambda: found.pause(paused=body.paused)))


@router.post("/end", operation_id="endExercise", summary="End it now")
async def end(request: Request) -> Response:
    """End the exercise; what happened so far is debriefed."""
    return JsonAnswer(await run_in_threadpool(_exercises(request).end))


@router.post("/join", operation_id="joinExercise", summary="Which part a code is for")
async def join(request: Request, body: Annotated[Join, Body()]) -> Response:
    """Return the role and the page of a code."""
    return JsonAnswer(await run_in_threadpool(_exercises(request).join, body.code))


@router.get("/debriefs/{run}", operation_id="getDebrief", summary="The debrief of an exercise")
async def debrief(request: Request, run: Run) -> Response:
    """Return a debrief as JSON."""
    return JsonAnswer(await run_in_threadpool(_exercises(request).debrief, run))


@router.get("/debriefs/{run}/page", operation_id="getDebriefPage", summary="The same as one HTML file")
async def debrief_page(request: Request, run: Run) -> Response:
    """Return a debrief as a file that prints."""
    text = await run_in_threadpool(_exercises(request).debrief_page, run)
    named = f'attachment; filename="SYNTHETIC-EXERCISE-{run}.html"'
    return HTMLResponse(text, headers={**NO_STORE, "content-disposition": named})

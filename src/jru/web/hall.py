"""The hall of the exercise space: its own page and routes, and behind it the product in which people practise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from jru import __version__
from jru.clock import Random
from jru.config import Settings
from jru.web import problems
from jru.web.api import exercise
from jru.web.app import PREFIX
from jru.web.auth import SameSite
from jru.web.exercise_port import Exercises
from jru.web.metrics import Metrics
from jru.web.pages import ROOT_FILES, STATIC, add_pages
from jru.web.watch import Watch

PAGE = "/exercise"
_OWN = (PAGE, f"{PREFIX}/exercise", "/assets/", *(f"/{name}" for name in ROOT_FILES))


class Indoors:
    """Which application people are in; entered and left on the loop of the server."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stack = AsyncExitStack()
        self.inside: FastAPI | None = None

    @asynccontextmanager
    async def lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        """Note the loop; leave at the end."""
        self._loop = asyncio.get_running_loop()
        try:
            yield
        finally:
            await self._turn(None)

    def enter(self, app: FastAPI | None) -> None:
        """Let people into an application, or out of the one of before; blocks, from another thread."""
        if self._loop is not None and not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._turn(app), self._loop).result()

    async def _turn(self, app: FastAPI | None) -> None:
        before, self.inside = self.inside, None
        if before is not None:
            await before.state.end_streams()
        await self._stack.aclose()
        self._stack = AsyncExitStack()
        if app is not None:
            await self._stack.enter_async_context(app.router.lifespan_context(app))
        self.inside = app

    async def end_streams(self) -> None:
        """End the live streams of whoever is in, so that the server can stop."""
        if self.inside is not None:
            await self.inside.state.end_streams()


class Doorway:
    """ASGI middleware: what is not the hall's own goes to the application inside."""

    def __init__(self, app: ASGIApp, indoors: Indoors) -> None:
        self._app = app
        self._indoors = indoors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        inside = self._indoors.inside
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or path.startswith(_OWN):
            await self._app(scope, receive, send)
        elif inside is not None:
            await inside(scope, receive, send)
        else:
            await _nobody_in(path)(scope, receive, send)


def _nobody_in(path: str) -> Response:
    if path.startswith("/api/"):
        return problems.problem(
            503,
            "exercise.none",
            "No exercise is running.",
            remedy=f"Start one at {PAGE}.",
            headers={"retry-after": "5"},
        )
    return RedirectResponse(PAGE, 307)


def create_hall(
    exercises: Exercises, indoors: Indoors, settings: Settings, random: Random, *, static: Path = STATIC
) -> FastAPI:
    """Return the application of the exercise space."""

    async def end_streams() -> None:
        await run_in_threadpool(exercises.stop)
        await indoors.end_streams()

    app = FastAPI(
        title="jru exercises",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=indoors.lifespan,
        redirect_slashes=False,
    )
    app.state.exercises = exercises
    app.state.log_level = settings.log_level
    app.state.same_site = SameSite(settings.origins, settings.host)
    app.state.end_streams = end_streams
    app.include_router(exercise.router, prefix=PREFIX)
    add_pages(app, static, {PAGE: "exercise.html"})
    problems.install(app)
    app.add_middleware(Watch, metrics=Metrics(dict), random=random)
    app.add_middleware(Doorway, indoors=indoors)
    return app

"""The application: routes, doors, live streams and the front end around one set of services."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from jru import __version__
from jru.config import Settings
from jru.web import health, problems, stream
from jru.web.api import (
    accounts,
    audit,
    crossing,
    federated,
    notifications,
    oversight,
    own_account,
    own_record,
    presence,
    reading,
    session,
    signing_in,
    taps,
)
from jru.web.api.attachments import attachment_routes
from jru.web.api.commands import command_routes
from jru.web.api.glass import glass_routes
from jru.web.api.records import record_routes
from jru.web.api.reports import report_routes
from jru.web.api.retention import retention_routes
from jru.web.auth import SameSite
from jru.web.hub import Hub, Rhythm
from jru.web.lane import Lanes
from jru.web.metrics import Metrics
from jru.web.openapi import describe
from jru.web.pages import STATIC, add_pages
from jru.web.ports import Services
from jru.web.pushing import Pushing
from jru.web.ticking import Ticking
from jru.web.watch import Watch

PREFIX = "/api/v1"
MIN_GZIP_BYTES = 1024
DESCRIPTION = (
    "Commands are POSTs with an Idempotency-Key; errors are problem documents (RFC 9457). "
    "Times are ISO 8601 in UTC. What a viewer may not see is answered like what does not exist."
)


def create_app(
    services: Services,
    settings: Settings,
    *,
    static: Path = STATIC,
    rhythm: Rhythm | None = None,
) -> FastAPI:
    """Return the application; `static` holds the built front end, `rhythm` the times of streams."""
    metrics = Metrics(services.metrics)
    hub = Hub(services, metrics, max_streams=settings.max_streams, rhythm=rhythm)
    ticking = Ticking(services)
    pushing = Pushing(services)
    lanes = Lanes(services.random.child("lanes"))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await hub.start()
        await ticking.start()
        await pushing.start()
        try:
            yield
        finally:
            await pushing.close()
            await ticking.close()
            await hub.close()
            lanes.close()

    async def end_streams() -> None:
        lanes.close()
        await hub.close()

    app = FastAPI(
        title="jru",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.services = services
    app.state.metrics = metrics
    app.state.hub = hub
    app.state.end_streams = end_streams
    app.state.lanes = lanes
    app.state.pushing = pushing
    app.state.origins = settings.origins
    app.state.log_level = settings.log_level
    app.state.same_site = SameSite(settings.origins, settings.host)
    for router in (
        session.router,
        signing_in.router,
        signing_in.slow_router,
        federated.router,
        own_account.router,
        own_record.router,
        accounts.router,
        notifications.router,
        reading.router,
        oversight.router,
        audit.router,
        crossing.router,
        stream.router,
        taps.router,
        presence.router,
        command_routes(),
        record_routes(),
        attachment_routes(),
        glass_routes(),
        retention_routes(),
        report_routes(),
    ):
        app.include_router(router, prefix=PREFIX)
    app.include_router(health.router)
    app.include_router(health.figures)
    add_pages(app, static)
    problems.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=MIN_GZIP_BYTES, compresslevel=5)
    app.add_middleware(Watch, metrics=metrics, random=services.random)
    _describe_once(app)
    return app


def _describe_once(app: FastAPI) -> None:
    described: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not described:
            described.update(describe(app))
        return described

    app.openapi = openapi  # type: ignore[method-assign]

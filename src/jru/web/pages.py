"""The built front end: pages that are asked for anew, assets that never change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from jru.web.wire import NO_STORE

STATIC = Path(__file__).parent / "static"
PAGES = {
    "/": "index.html",
    "/console": "console.html",
    "/strip": "strip.html",
    "/crew": "crew.html",
    "/desk": "desk.html",
    "/account": "account.html",
}
ROOT_FILES = ("favicon.ico", "favicon.svg", "manifest.webmanifest", "robots.txt", "sw.js", "push.js")
NOT_BUILT = "front end not built: run make run\n"
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


class _Files:
    """Serves files of one directory with one caching rule; a missing directory is said plainly."""

    def __init__(self, directory: Path, caching: str) -> None:
        self._directory = directory
        self._caching = caching
        self._files = StaticFiles(directory=directory, check_dir=False)

    async def get(self, path: str, scope: Scope) -> Response:
        """Return one file's answer."""
        if not self._directory.is_dir():
            return PlainTextResponse(NOT_BUILT, 503, {**NO_STORE, "retry-after": "30"})
        response = await self._files.get_response(path, scope)
        response.headers["cache-control"] = self._caching
        return response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a file below the mount point."""
        response = await self.get(self._files.get_path(scope), scope)
        await response(scope, receive, send)


def page_routes(directory: Path = STATIC, named: Mapping[str, str] = PAGES) -> list[BaseRoute]:
    """Return the routes of the front end in `directory`; `named` gives the file of each page."""
    pages = _Files(directory, _ASK_AGAIN)

    def page(path: str, name: str) -> Route:
        async def serve(request: Request) -> Response:
            try:
                return await pages.get(name, request.scope)
            except HTTPException as error:
                if error.status_code == 404 and path in named:
                    return PlainTextResponse(NOT_BUILT, 503, {**NO_STORE, "retry-after": "30"})
                raise

        return Route(path, serve, methods=["GET"], include_in_schema=False)

    return [
        *(page(path, name) for path, name in named.items()),
        *(page(f"/{name}", name) for name in ROOT_FILES),
        Mount("/assets", _Files(directory / "assets", _FOR_EVER)),
    ]


def add_pages(app: Starlette, directory: Path, named: Mapping[str, str] = PAGES) -> None:
    """Add the front end to an application."""
    app.router.routes.extend(page_routes(directory, named))

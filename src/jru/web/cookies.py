"""The cookies of the product: named, given, read and taken back in one place, so that no flag is forgotten."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

MAX_SECRET_CHARS = 512


class Cookie(StrEnum):
    """What a browser keeps. Each holds one random secret that the server looks up."""

    SESSION = "jru_session"
    TABLET = "jru_tablet"
    DIRECTORY = "jru_directory"

    @property
    def same_site(self) -> Literal["strict", "lax"]:
        """Return when a browser sends it: for our own pages only, or also on the way back from elsewhere."""
        return "lax" if self is Cookie.DIRECTORY else "strict"

    @property
    def life_s(self) -> int | None:
        """Return how long a browser keeps it; None: until it is closed."""
        return {Cookie.TABLET: 400 * 86_400, Cookie.DIRECTORY: 300}.get(self)


def put_cookie(request: Request, response: Response, cookie: Cookie, secret: str) -> None:
    """Give the browser a secret that no script reads, no other host sets and no unencrypted connection carries."""
    response.set_cookie(
        _name(request, cookie),
        secret,
        max_age=cookie.life_s,
        path="/",
        httponly=True,
        samesite=cookie.same_site,
        secure=_encrypted(request),
    )


def drop_cookie(request: Request, response: Response, cookie: Cookie) -> None:
    """Take a secret out of the browser."""
    response.delete_cookie(
        _name(request, cookie),
        path="/",
        httponly=True,
        samesite=cookie.same_site,
        secure=_encrypted(request),
    )


def cookie_of(request: Request, cookie: Cookie) -> str:
    """Return the secret that the browser sent, "" without one that could be ours."""
    secret = request.cookies.get(_name(request, cookie), "")
    return secret if len(secret) <= MAX_SECRET_CHARS and secret.isascii() else ""


def _name(request: Request, cookie: Cookie) -> str:
    """Return the cookie's name: bound to this very host by its prefix where the connection is encrypted."""
    return f"__Host-{cookie}" if _encrypted(request) else cookie.value


def _encrypted(request: Request) -> bool:
    return request.url.scheme == "https"

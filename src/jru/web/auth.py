"""Who is calling: session cookie or bearer token, and whether a browser was tricked into it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from jru.errors import Forbidden, Unauthenticated
from jru.web.cookies import MAX_SECRET_CHARS, Cookie, cookie_of
from jru.web.ports import Services, Viewer

CSRF_HEADER = "x-requested-with"
CSRF_VALUE = "jru"
UNATTENDED_HEADER = "x-jru-unattended"
OUTBOX_HEADER = "jru-outbox"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def bearer_secret(request: Request) -> str | None:
    """Return the token of the Authorization header, or None without such a header."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def secret_of(request: Request) -> tuple[str, bool]:
    """Return the secret that the request carries ("" without) and whether it came as a cookie."""
    secret = bearer_secret(request)
    if secret is not None:
        return secret, False
    return cookie_of(request, Cookie.SESSION), True


async def viewer_of(services: Services, secret: str, *, active: bool = False) -> Viewer | None:
    """Return whose secret this is, or None when it is unknown, expired or revoked; `active`: they do something."""
    if not secret or len(secret) > MAX_SECRET_CHARS or not secret.isascii():
        return None
    return await run_in_threadpool(services.viewer_for, secret, active=active)


async def require_viewer(services: Services, request: Request, *, attended: bool = True) -> Viewer:
    """Return the viewer of a request; Unauthenticated without one.

    What a device sends without anybody touching it keeps no session from being idle: where it says so itself, and
    what nobody ever sends by hand (`attended` False).
    """
    secret, _ = secret_of(request)
    active = attended and request.headers.get(UNATTENDED_HEADER) is None
    viewer = await viewer_of(services, secret, active=active)
    if viewer is None:
        raise Unauthenticated(
            "unauthenticated",
            "There is no valid session or token.",
            "Sign in with POST /api/v1/session or send an Authorization header.",
        )
    return viewer


def require_owner(services: Services, request: Request, viewer: Viewer) -> None:
    """Check that what waited on a device goes under the name of who tapped it; Unauthenticated for anybody else.

    A browser has one session, whichever of its pages sends: else whoever signed in last would have tapped it all.
    """
    owner = request.headers.get(OUTBOX_HEADER)
    if owner is not None and owner != services.outbox_owner(viewer):
        raise Unauthenticated(
            "another_person", "Somebody else is signed in here now.", "It waits until you sign in again."
        )


class SameSite:
    """Refuses state changes that another site's page set off.

    A cookie needs the header X-Requested-With: jru, which a foreign page cannot add. Where a browser names an
    origin it must be this server's; on a loopback address only loopback names count, so that a foreign name
    pointed at this machine (DNS rebinding) gets nothing.
    """

    def __init__(self, origins: Iterable[str], host: str) -> None:
        self._origins = frozenset(origins)
        self._loopback_only = host in LOOPBACK_NAMES

    def check(self, request: Request, by_cookie: bool) -> None:
        """Raise Forbidden (csrf) when the request may come from another site."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise _foreign()
        origin = request.headers.get("origin")
        if origin is not None and not self._is_own(origin, request.headers.get("host", "")):
            raise _foreign()
        sent = request.headers.get(CSRF_HEADER)
        if (by_cookie or sent is not None) and (sent or "").lower() != CSRF_VALUE:
            raise Forbidden(
                "csrf",
                "The header X-Requested-With is missing or says something else.",
                "Send X-Requested-With: jru with a cookie; with a token it can be left out.",
            )

    def _is_own(self, origin: str, host: str) -> bool:
        if origin in self._origins:
            return True
        try:
            parts = urlsplit(origin)
            name = parts.hostname
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or not host or parts.netloc.lower() != host.lower():
            return False
        return not self._loopback_only or name in LOOPBACK_NAMES


def _foreign() -> Forbidden:
    return Forbidden(
        "csrf",
        "The request comes from another site.",
        "Open the product under its own address and try again.",
    )

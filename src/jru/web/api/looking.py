"""One way for every look: who is signed in, an address, a name, and what a reader of the description is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.responses import Response

from jru.web.api.documents import READ_CODES, SIGNED_IN, problems
from jru.web.doors import UNATTENDED

Endpoint = TypeVar("Endpoint", bound=Callable[..., Awaitable[Response]])


def reading(
    router: APIRouter,
    path: str,
    operation: str,
    summary: str,
    tag: str,
    model: object,
    *codes: int,
    unattended: bool = False,
) -> Callable[[Endpoint], Endpoint]:
    """Return what adds a GET for somebody signed in; `codes`: what it answers besides what every look may.

    `unattended`: screens ask for it by themselves, so that it keeps no session from being idle.
    """
    told: dict[str, Any] = {**SIGNED_IN, UNATTENDED: True} if unattended else SIGNED_IN
    return router.get(
        path,
        operation_id=operation,
        summary=summary,
        tags=[tag],
        responses={200: {"model": model}, **problems(*READ_CODES, *codes)},
        openapi_extra=told,
    )

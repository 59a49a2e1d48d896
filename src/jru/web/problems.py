"""Errors as problem documents (RFC 9457): one table from error class to status."""

from __future__ import annotations

import math
import traceback
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from jru.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    JruError,
    NotFound,
    Quarantined,
    Refused,
    TooManyTries,
    Unauthenticated,
    Unavailable,
)
from jru.web.wire import NO_STORE, dumps

MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger("jru.web")


class Malformed(JruError):
    """The request itself is not well formed."""


class TooLarge(JruError):
    """The body is too large."""


class WrongMediaType(JruError):
    """The body is of a type that is not read here."""


class TooSlow(JruError):
    """The body did not arrive in time."""


class CursorTooOld(JruError):
    """The cursor points further back than changes are kept."""


STATUS_OF: Mapping[type[JruError], int] = {
    Refused: 409,
    Conflict: 409,
    NotFound: 404,
    Forbidden: 403,
    InvalidInput: 422,
    TooManyTries: 429,
    Unavailable: 503,
    Quarantined: 202,
    Unauthenticated: 401,
    Malformed: 400,
    TooLarge: 413,
    WrongMediaType: 415,
    TooSlow: 408,
    CursorTooOld: 410,
}
_PLAIN_CODES = {Refused: "refused", Conflict: "conflict", NotFound: "not_found", Forbidden: "forbidden"}
_RESERVED = frozenset({"type", "title", "status", "detail", "code", "remedy", "problems"})
MAX_PROBLEMS = 50


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    remedy: str = "",
    problems: Sequence[Mapping[str, str]] = (),
    extra: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document as a response."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if remedy:
        body["remedy"] = remedy
    if problems:
        body["problems"] = [dict(entry) for entry in problems[:MAX_PROBLEMS]]
    body.update({key: value for key, value in (extra or {}).items() if key not in _RESERVED})
    return Response(dumps(body), status, {**NO_STORE, **(headers or {})}, MEDIA_TYPE)


def of_error(error: JruError) -> Response:
    """Return the document of one of the product's own errors."""
    kind = next(kind for kind in type(error).__mro__ if kind in STATUS_OF or kind is JruError)
    status = STATUS_OF.get(kind, 500)
    if status == 500:
        return unexpected(error)
    if kind is NotFound:
        # The same words for what is absent and what the viewer may not know of.
        return problem(404, "not_found", "There is no such record.", headers=_headers(error))
    return problem(
        status,
        _code(kind, error),
        error.message,
        remedy=error.remedy,
        problems=_problems(error),
        extra=_extra(kind, error),
        headers=_headers(error),
    )


def _code(kind: type[JruError], error: JruError) -> str:
    """Return the code that clients branch on: the class's word, or the error's own where it says more."""
    plain = _PLAIN_CODES.get(kind)
    if plain is None or error.code.rpartition(".")[2] == "unit_taken":
        return error.code.rpartition(".")[2] if plain else error.code
    return plain


def _extra(kind: type[JruError], error: JruError) -> dict[str, object]:
    extra = {"reason_code": error.code} if kind in _PLAIN_CODES else {}
    if kind is Refused:
        extra |= {"reason": error.message}
    return {**extra, **error.data}


def _problems(error: JruError) -> list[dict[str, str]]:
    if not isinstance(error, InvalidInput):
        return []
    return [
        {"path": entry.where, "message": f"{entry.what} {entry.remedy}".strip()} for entry in error.problems
    ]


def _headers(error: JruError) -> dict[str, str]:
    if isinstance(error, Unavailable):
        return {"retry-after": str(max(1, math.ceil(error.retry_after_s)))}
    if isinstance(error, Unauthenticated):
        return {"www-authenticate": 'Bearer realm="jru"'}
    if isinstance(error, TooLarge | TooSlow):
        return {"connection": "close"}
    return {}


def unexpected(error: BaseException, trace_id: str = "") -> Response:
    """Log an error that nobody foresaw and return a document that tells nothing of the inside."""
    log_unexpected("unexpected error", error, error_id=trace_id)
    return problem(
        500,
        "unexpected",
        "Something went wrong on our side; it is logged.",
        remedy="Try again; if it stays, give the error_id to whoever runs the server.",
        extra={"error_id": trace_id} if trace_id else {},
    )


def log_unexpected(event: str, error: BaseException, **more: str) -> None:
    """Log where an error came from; its words are left out, since they may quote what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    _log.error(event, error=type(error).__qualname__, where=where, **more)


_WORDS_OF_STATUS = {
    404: ("not_found", "There is no such record."),
    405: ("method_not_allowed", "This address does not take that method."),
}


def install(app: FastAPI) -> None:
    """Make every error of the application a problem document."""
    app.add_exception_handler(JruError, _on_jru_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)


async def _on_jru_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, JruError)  # noqa: S101 - the type that it is registered for
    if isinstance(error, (Forbidden, TooManyTries, Unauthenticated)):
        _log_denial(request, error)
    return of_error(error)


def _log_denial(request: Request, error: JruError) -> None:
    """Log who was not let in or through, where and by which rule: never which record, secret, name or words."""
    viewer = getattr(request.state, "viewer", None)
    _log.warning(
        "denied",
        code=error.code,
        method=request.method,
        route=route_name(request.scope),
        subject=viewer.subject if viewer is not None else None,
        role=viewer.role.value if viewer is not None else None,
        client=request.client.host if request.client is not None else None,
    )


def route_name(scope: Scope) -> str:
    """Return the address with the names of its parts in place of their values, so that no record is named."""
    if "route" not in scope:
        return "none"
    names = {str(value): f"{{{name}}}" for name, value in scope.get("path_params", {}).items()}
    return "/".join(names.get(part, part) for part in scope["path"].split("/"))


async def _on_validation_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return problem(
        422,
        "invalid",
        "The request does not fit its description.",
        remedy="Correct the fields named; GET /api/v1/openapi.json describes them.",
        problems=[violation(entry) for entry in error.errors()],
    )


def violation(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return one pydantic error as path and message, without the value that was sent."""
    path = ".".join(str(part) for part in entry["loc"] if part != "body")
    return {"path": path[:200], "message": str(entry["msg"]).removeprefix("Value error, ")[:300]}


async def _on_http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    code, words = _WORDS_OF_STATUS.get(
        error.status_code, (HTTPStatus(error.status_code).name.lower(), str(error.detail))
    )
    return problem(error.status_code, code, words, headers=error.headers)

"""Reading a request body within bounds of size and time, before anything else looks at it."""

from __future__ import annotations

import asyncio
import email.message

from starlette.requests import ClientDisconnect, Request

from jru.web.problems import Malformed, TooLarge, TooSlow, WrongMediaType

MAX_BODY_BYTES = 256 * 1024
BODY_TIMEOUT_S = 15.0
SLOWEST_BYTES_PER_S = MAX_BODY_BYTES / BODY_TIMEOUT_S
"""The slowest line that is waited for: a photo gets as much time for each byte as the largest plain body."""


def seconds_for(size: int) -> float:
    """Return how long a body of `size` bytes may take to arrive, in seconds."""
    return max(BODY_TIMEOUT_S, size / SLOWEST_BYTES_PER_S)


async def read_json_bytes(request: Request, most: int = MAX_BODY_BYTES) -> bytes:
    """Return the raw body of a JSON request of at most `most` bytes.

    Raises WrongMediaType, TooLarge (by the announced length or while it arrives), TooSlow or Malformed.
    """
    _check_media_type(request)
    announced = _announced(request)
    if announced > most:
        raise _too_large(most)
    patience = seconds_for(announced)
    try:
        async with asyncio.timeout(patience):
            return await _collect(request, most)
    except TimeoutError:
        raise TooSlow("body.too_slow", f"The body did not arrive within {patience:.0f} s.") from None
    except ClientDisconnect:
        raise Malformed("body.cut", "The connection ended before the body was complete.") from None


def _announced(request: Request) -> int:
    """Return the size in bytes that a request says its body has, 0 when it says none."""
    said = request.headers.get("content-length", "")
    return int(said[:18]) if said.isascii() and said.isdigit() else 0


async def _collect(request: Request, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
    return b"".join(parts)


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        "body.too_large", f"The body is larger than {most // 1024} kB.", "Send less in one request."
    )


def _check_media_type(request: Request) -> None:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise WrongMediaType("body.encoding", "Compressed bodies are not read.", "Send the body as it is.")
    message = email.message.Message()
    message["content-type"] = request.headers.get("content-type", "")
    charset = str(message.get_param("charset") or "utf-8").lower()
    if message.get_content_type() != "application/json" or charset not in ("utf-8", "utf8"):
        raise WrongMediaType(
            "body.media_type", "The body is not application/json.", "Send content-type: application/json."
        )

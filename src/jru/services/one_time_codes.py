"""Codes of an authenticator app: TOTP (RFC 6238) with SHA-1, six digits, 30 seconds, as every app makes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

SECRET_BYTES = 20
DIGITS = 6
STEP_S = 30
DRIFT = 1
"""Steps before and after the present one that are taken, since telephones' clocks differ."""


def step_at(moment: datetime) -> int:
    """Return the number of the 30-second step at a moment."""
    return int(moment.timestamp()) // STEP_S


def code_at(secret: bytes, step: int) -> str:
    """Return the code of one step (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: bytes, code: str, moment: datetime) -> int | None:
    """Return the step that a code belongs to, or None; every step is compared, so that the time tells nothing."""
    now, found = step_at(moment), None
    given = code.encode("utf-8", "surrogatepass")
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), given):
            found = step
    return found


def as_text(secret: bytes) -> str:
    """Return a secret as people type it into an app: base 32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def as_address(secret: bytes, issuer: str, name: str) -> str:
    """Return a secret as the address that apps read from a picture."""
    query = urlencode({"secret": as_text(secret), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{query}"

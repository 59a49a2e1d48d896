"""Secrets of enough chance that nobody guesses them: made here, kept by their SHA-256 only, compared without a hint."""

from __future__ import annotations

import base64
import hashlib
import hmac

from jru.clock import Random

SECRET_BYTES = 32


def new_secret(random: Random, count: int = SECRET_BYTES) -> str:
    """Return a new secret of `count` random bytes, in base64url without padding."""
    return base64.urlsafe_b64encode(random.bytes(count)).rstrip(b"=").decode()


def hashed(secret: str) -> bytes:
    """Return what is kept of a random secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def fits(secret: str, kept: bytes) -> bool:
    """Tell whether a secret is the one of which `kept` was kept."""
    return hmac.compare_digest(hashed(secret), kept)


def typed_secret(typed: str) -> str:
    """Return a secret as it was made from how somebody typed it: blanks, hyphens and case do not count."""
    return "".join(one for one in typed.upper() if one.isalnum())

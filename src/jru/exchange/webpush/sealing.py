"""Seals a message so that one browser alone can open it (RFC 8291 over RFC 8188)."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from pywebpush import WebPusher  # type: ignore[import-untyped]

from jru.services.alert_records import PushAddress


def sealed(address: PushAddress, message: bytes) -> bytes:
    """Return a message for one browser, under a key and a salt of its own. Raises ValueError for no point."""
    keys = {"p256dh": urlsafe_b64encode(address.point), "auth": urlsafe_b64encode(address.secret)}
    return bytes(WebPusher({"endpoint": address.endpoint, "keys": keys}).encode(message)["body"])

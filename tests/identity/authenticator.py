"""An authenticator and an authenticator app in software, as the standards have them."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from jru.services.one_time_codes import code_at, step_at


def b64(raw: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    """Return the bytes of base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey on one device. `verified`: the device checked its user."""

    domain: str = "localhost"
    origin: str = "http://localhost"
    key_id: bytes = b"passkey of example one"
    counter: int = 0
    verified: bool = True
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps(
            {"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}
        ).encode()

    def _state(self, flags: int) -> bytes:
        if self.counts:
            self.counter += 1
        flags |= 0x01 | (0x04 if self.verified else 0)
        domain = hashlib.sha256(self.domain.encode()).digest()
        return domain + bytes([flags]) + self.counter.to_bytes(4, "big")

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer `navigator.credentials.create`."""
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        made = bytes(16) + len(self.key_id).to_bytes(2, "big") + self.key_id + cbor2.dumps(public)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._state(0x40) + made})
        client = self._client("create", options["challenge"])
        return {
            "id": b64(self.key_id),
            "rawId": b64(self.key_id),
            "type": "public-key",
            "response": {"clientDataJSON": b64(client), "attestationObject": b64(attested)},
        }

    def use(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer `navigator.credentials.get`."""
        client = self._client("get", options["challenge"])
        state = self._state(0)
        signature = self.key.sign(state + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return {
            "id": b64(self.key_id),
            "rawId": b64(self.key_id),
            "type": "public-key",
            "response": {
                "clientDataJSON": b64(client),
                "authenticatorData": b64(state),
                "signature": b64(signature),
            },
        }


def code_now(secret: str, clock: Any, ahead: int = 0) -> str:
    """Return what an authenticator app shows for a secret typed into it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return code_at(key, step_at(clock.now()) + ahead)

"""Secrets that must be read again are kept sealed: AES-256 in GCM, bound to what each is for."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jru.clock import Random

NONCE_BYTES = 12


class Vault:
    """Seals and opens secrets with one key of the installation, which lies apart from the database."""

    def __init__(self, key: bytes, random: Random) -> None:
        """`key`: 32 bytes."""
        self._cipher = AESGCM(key)
        self._random = random

    def lock(self, purpose: str, secret: bytes) -> bytes:
        """Return the sealed secret."""
        nonce = self._random.bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, purpose.encode())

    def unlock(self, purpose: str, sealed: bytes) -> bytes:
        """Return the secret; raises ValueError when it was not sealed with this key for this purpose."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise ValueError("not sealed here for this purpose") from error

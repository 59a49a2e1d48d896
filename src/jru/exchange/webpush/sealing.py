"""Seals a message so that one browser alone can open it (RFC 8291 over RFC 8188)."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jru.services.alert_records import PushAddress

CURVE = ec.SECP256R1()
SALT_BYTES = 16
RECORD_BYTES = 4096
_LAST = b"\x02"
"""What ends the only record."""


def sealed(address: PushAddress, message: bytes, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """Return a message for a browser; `own` and `salt` are for this one message. Raises ValueError for no point."""
    point = point_of(own)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, address.point))
    agreed = _derived(shared, address.secret, b"WebPush: info\0" + address.point + point, 32)
    key = _derived(agreed, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(agreed, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(point)]) + point
    return head + AESGCM(key).encrypt(nonce, message + _LAST, None)


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public half of a key, uncompressed."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, purpose).derive(secret)

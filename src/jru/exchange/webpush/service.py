"""Sends one message to one browser: sealed for it (RFC 8291), signed by us (RFC 8292), bounded in time and size."""

from __future__ import annotations

import asyncio
import ssl
from base64 import urlsafe_b64encode
from contextlib import suppress

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from joserfc import jwt
from joserfc.jwk import ECKey

from jru.clock import Clock, Random
from jru.errors import InvalidInput
from jru.exchange.webpush.addresses import NotAdmitted, Target, numbers_of, target_of
from jru.exchange.webpush.sealing import sealed
from jru.services.alert_records import PushAddress, Receipt, Reply

CURVE = ec.SECP256R1()
PATIENCE_S = 8.0
CONNECTED_WITHIN_S = 3.0
MOST_NUMBERS = 4
MAX_ANSWER_BYTES = 16_384
TOKEN_LIFE_S = 3600
"""How long a signature holds; at most a day (RFC 8292, 2)."""
POINT_BYTES = 65
SECRET_BYTES = 16
LONGEST_PAUSE_S = 600.0
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def new_key(random: Random) -> bytes:
    """Return a new key pair on P-256, its private half in PEM."""
    number = int.from_bytes(random.bytes(48), "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(number, CURVE).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


class WebPush:
    """The push services of the browsers, behind the port `jru.services.alert_records.PushService`."""

    def __init__(
        self,
        key: bytes,
        contact: str,
        hosts: tuple[str, ...],
        clock: Clock,
        random: Random,
        patience_s: float = PATIENCE_S,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """`key`: PEM; `contact`: whom a push service writes to; `hosts`: which of them are used.

        `trusted`: whose certificates hold, those of the public authorities by default.

        Raises InvalidInput for a key that is none.
        """
        try:
            private = load_pem_private_key(key, None)
        except (ValueError, TypeError) as error:
            raise _no_key() from error
        if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != CURVE.name:
            raise _no_key()
        point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public_key = urlsafe_b64encode(point).rstrip(b"=").decode()
        self._signer = ECKey.import_key(key)
        self._contact = contact
        self._hosts = hosts
        self._clock = clock
        self._random = random
        self._patience_s = patience_s
        self._trusted = trusted or httpx.create_ssl_context(trust_env=False)

    def check(self, address: PushAddress) -> None:
        """Let pass what may be sent to; raises InvalidInput."""
        target_of(address.endpoint, self._hosts)
        if len(address.point) != POINT_BYTES or len(address.secret) != SECRET_BYTES:
            raise _bad_keys()
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(CURVE, address.point)
        except ValueError as error:
            raise _bad_keys() from error

    async def send(self, address: PushAddress, message: bytes, left_s: int) -> Reply:
        """Send a message that is worth nothing after `left_s` seconds."""
        try:
            target = target_of(address.endpoint, self._hosts)
        except InvalidInput:
            return Reply(Receipt.GONE)  # the list of hosts has become shorter
        body = sealed(address, message)
        try:
            async with asyncio.timeout(min(self._patience_s, max(left_s, 1))):
                return await self._deliver(target, body, left_s)
        except (httpx.HTTPError, OSError, TimeoutError, NotAdmitted):
            return Reply(Receipt.LATER)

    async def _deliver(self, target: Target, body: bytes, left_s: int) -> Reply:
        """Try the addresses of a service one after the other until one can be connected to."""
        for number in (await numbers_of(target))[:MOST_NUMBERS]:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._post(target, number, body, left_s)
        return Reply(Receipt.LATER)

    async def _post(self, target: Target, number: str, body: bytes, left_s: int) -> Reply:
        """Speak to the checked number under the service's name."""
        host = f"[{number}]" if ":" in number else number
        url = f"{target.scheme}://{host}:{target.port}{target.path}"
        headers = {
            "host": target.authority,
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(left_s),
            "urgency": "high",
            **self._signature(target),
        }
        client = httpx.AsyncClient(
            verify=self._trusted,
            timeout=httpx.Timeout(self._patience_s, connect=CONNECTED_WITHIN_S),
            follow_redirects=False,
            trust_env=False,
        )
        named = {"sni_hostname": target.host}
        async with (
            client,
            client.stream("POST", url, content=body, headers=headers, extensions=named) as answer,
        ):
            size = 0
            async for piece in answer.aiter_raw():
                size += len(piece)
                if size > MAX_ANSWER_BYTES:
                    break
            return _reply(answer)

    def _signature(self, target: Target) -> dict[str, str]:
        until_s = int(self._clock.now().timestamp()) + TOKEN_LIFE_S
        claims = {"aud": target.origin, "exp": until_s, "sub": self._contact}
        token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, self._signer)
        return {"authorization": f"vapid t={token},k={self.public_key}"}


def _reply(answer: httpx.Response) -> Reply:
    status = answer.status_code
    if 200 <= status < 300:
        return Reply(Receipt.SENT)
    if status in (404, 410):
        return Reply(Receipt.GONE)
    if status == 429 or status >= 500:
        asked = answer.headers.get("retry-after", "")
        return Reply(Receipt.LATER, min(float(asked), LONGEST_PAUSE_S) if asked.isdecimal() else 0.0)
    return Reply(Receipt.REFUSED)


def _bad_keys() -> InvalidInput:
    return InvalidInput(
        "push.keys", "The browser's keys for notifications are none.", "Switch notifications on anew."
    )


def _no_key() -> InvalidInput:
    return InvalidInput(
        "push.key",
        "The file keys/push.pem holds no P-256 key.",
        "Put the right file back, or move it away: a new one is made at the next start.",
    )

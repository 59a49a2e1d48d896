"""A push service on loopback, and browsers that open what it was handed for them."""

from __future__ import annotations

import json
import ssl
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from jru.clock import SystemClock

PATIENCE_S = 20
T = TypeVar("T")


@dataclass(frozen=True)
class Message:
    """What the push service was handed."""

    path: str
    headers: dict[str, str]
    body: bytes

    def claims(self, key: str) -> dict[str, Any]:
        """Return what the signature says, checked with the key that the browser subscribed with."""
        token, named = (part[2:] for part in self.headers["authorization"].removeprefix("vapid ").split(","))
        assert named == key
        point = urlsafe_b64decode(key + "=")
        numbers = {
            name: urlsafe_b64encode(part).rstrip(b"=").decode()
            for name, part in (("x", point[1:33]), ("y", point[33:]))
        }
        public = ECKey.import_key({"kty": "EC", "crv": "P-256", **numbers})
        return dict(jwt.decode(token, public, algorithms=["ES256"]).claims)


@dataclass
class PushServer:
    """The push service: what to answer next (201 by default), and what arrived."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    arrived: Queue[Message] = field(default_factory=Queue)

    def next(self) -> Message:
        """Return what arrives next."""
        return self.arrived.get(timeout=PATIENCE_S)

    def rest(self) -> list[Message]:
        """Return what has arrived by now."""
        found = []
        try:
            while True:
                found.append(self.arrived.get_nowait())
        except Empty:
            return found


@contextmanager
def push_server(tls: ssl.SSLContext | None = None) -> Iterator[PushServer]:
    """Run a push service."""
    held = PushServer()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, headers = held.answers.pop(0) if held.answers else (201, {})
            self.send_response(status)
            for name, value in {"content-length": "0", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            names = {name.lower(): value for name, value in self.headers.items()}
            held.arrived.put(Message(self.path, names, body))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, name="push-service")
    thread.start()
    held.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Device:
    """A browser as its push service and its pages know it."""

    name: str
    secret: bytes = b"sixteen  secrets"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def point(self) -> bytes:
        """Return the public half of its key."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self, service: str, **more: object) -> dict[str, object]:
        """Return what its page hands in."""
        p256dh, auth = (urlsafe_b64encode(one).rstrip(b"=").decode() for one in (self.point, self.secret))
        return {"endpoint": f"{service}/to/{self.name}", "p256dh": p256dh, "auth": auth} | more

    def opened(self, message: Message) -> bytes:
        """Return what only this browser can read."""
        salt, sender, record = message.body[:16], message.body[21:86], message.body[86:]
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(self.key.curve, sender)
        )
        agreed = HKDF(SHA256(), 32, self.secret, b"WebPush: info\0" + self.point + sender).derive(shared)
        key, nonce = (
            HKDF(SHA256(), size, salt, b"Content-Encoding: " + name + b"\0").derive(agreed)
            for size, name in ((16, b"aes128gcm"), (12, b"nonce"))
        )
        return AESGCM(key).decrypt(nonce, record, None).removesuffix(b"\x02")

    def read(self, message: Message) -> dict[str, Any]:
        """Return the content of a message."""
        told: dict[str, Any] = json.loads(self.opened(message))
        return told


def until(asked: Callable[[], T]) -> T:
    """Return what is asked for once it is there: what the server does apart from an answer takes its time."""
    ends_s, pause = SystemClock().monotonic() + PATIENCE_S, threading.Event()
    while not (found := asked()):
        assert SystemClock().monotonic() < ends_s, "it did not come to be in time"
        pause.wait(0.02)
    return found

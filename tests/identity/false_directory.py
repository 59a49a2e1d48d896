"""A directory that tells what a test makes it tell: forged tokens, odd claims, or nothing at all."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jws
from joserfc.jwk import RSAKey

from jru.clock import SystemClock
from tests.identity.directory import back, begin
from tests.identity.place import Browser

CLIENT_ID = "jru"


class FalseDirectory:
    """Serves discovery, keys and tokens on loopback; the code that it is given names the token that it answers."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "own"})
        self.tokens: dict[str, str] = {}
        self.raw: bytes | None = None
        self.silent = False
        self.released = threading.Event()
        self.asked = threading.Event()
        handler = type("Answer", (_Answer,), {"directory": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="false directory").start()

    def close(self) -> None:
        """Let go of who waits and stop."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def told(self, path: str, form: Mapping[str, list[str]]) -> dict[str, Any]:
        """Return the answer at a path."""
        if path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "/away", "token_endpoint": "/token", "jwks_uri": "/keys"}
            return {"issuer": self.issuer, **{key: self.issuer + at for key, at in places.items()}}
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        return {"token_type": "Bearer", "access_token": "x", "id_token": self.tokens[form["code"][0]]}

    def claims(self, nonce: str, /, **more: object) -> dict[str, Any]:
        """Return claims that hold, with some put in; `...` leaves one out."""
        now_s = int(SystemClock().now().timestamp())
        good: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "somebody",
            "name": "Somebody Example",
            "groups": ["JRU-Dispatch"],
            "nonce": nonce,
            "iat": now_s,
            "exp": now_s + 300,
            "auth_time": now_s,
        }
        return {key: value for key, value in (good | more).items() if value is not ...}

    def signed(self, claims: Mapping[str, Any], key: RSAKey | None = None, kid: str = "own") -> str:
        """Return claims as a token, signed with the directory's key or another one."""
        content = json.dumps(claims).encode()
        return jws.serialize_compact({"alg": "RS256", "kid": kid}, content, key or self.key)

    def come_back(self, browser: Browser, make: Callable[[str], str]) -> str:
        """Begin, take the token made for the nonce back, and return where the browser is sent."""
        sent = {name: values[0] for name, values in parse_qs(urlsplit(begin(browser)).query).items()}
        code = f"code-{len(self.tokens)}"
        self.tokens[code] = make(sent["nonce"])
        return back(browser, f"/session/directory/police/back?state={sent['state']}&code={code}")

    def sign_in(self, browser: Browser, /, **more: object) -> str:
        """Come back with a good token, but for what is put in."""
        return self.come_back(browser, lambda nonce: self.signed(self.claims(nonce, **more)))


class _Answer(BaseHTTPRequestHandler):
    directory: FalseDirectory

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        self._answer(parse_qs(raw.decode()))

    def _answer(self, form: Mapping[str, list[str]]) -> None:
        if self.directory.silent:
            self.directory.asked.set()
            self.directory.released.wait(60)
            return
        body = json.dumps(self.directory.told(self.path, form)).encode()
        if form and self.directory.raw is not None:
            body = self.directory.raw
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def assembled(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes | None) -> str:
    """Return a token put together by hand: with an HMAC under `secret`, or with no signature at all."""
    parts = [encoded(json.dumps(part).encode()) for part in (header, claims)]
    text = ".".join(parts)
    mac = hmac.new(secret, text.encode(), hashlib.sha256).digest() if secret is not None else b""
    return f"{text}.{encoded(mac)}"


def encoded(raw: bytes) -> str:
    """Return bytes in the base64 of tokens."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@contextmanager
def false_directory() -> Iterator[FalseDirectory]:
    """Run a false directory while the block runs."""
    directory = FalseDirectory()
    try:
        yield directory
    finally:
        directory.close()

"""A client of OpenID Connect Core 1.0: discovery, code with PKCE, and an ID token whose every claim is checked."""

from __future__ import annotations

import asyncio
import base64
import re
import threading
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from jru.clock import Clock
from jru.domain.blueprint import SignInAt
from jru.durable import read_secret
from jru.services.federation import Asked, IdentityRefused

T = TypeVar("T")
PATIENCE_S = 8.0
"""How long everything that one step of a sign-in asks of a directory may take together."""
MAX_BYTES = 1_000_000
KEPT_S = 3600.0
LEEWAY_S = 60
ANEW_LEEWAY_S = 10
"""How far a directory's clock may be behind this one's: a proof of shortly before the asking may be another's."""
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
SUBJECT = re.compile(r"[\x20-\x7e]{1,255}")
"""What names somebody within a directory (OpenID Connect Core 1.0, 2)."""
LOOPBACK = frozenset({"localhost", "127.0.0.1"})


@dataclass(frozen=True, slots=True)
class _Found:
    """What a directory says of itself, until when it is taken for true."""

    until_s: float
    authorization: str
    token: str
    keys: KeySet


class OidcDirectory:
    """Directories behind the port `jru.services.federation.Directory`.

    A client secret, where the directory gave one, lies in a file of its own, named after the client's host.
    """

    def __init__(self, clock: Clock, secrets: Path, patience_s: float = PATIENCE_S) -> None:
        """`secrets`: the directory that holds `oidc-HOST.secret` for each issuer with a confidential client.

        Raises OpenSecret when others may read one of them.
        """
        for file in secrets.glob("oidc-*.secret"):
            read_secret(file)
        self._clock = clock
        self._secrets = secrets
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._found: dict[str, _Found] = {}

    def address(self, at: SignInAt, asked: Asked) -> str:
        """Return where a browser goes to sign in; raises IdentityRefused."""
        found = self._within(self._discover(at))
        address: str = prepare_grant_uri(
            found.authorization,
            at.client_id,
            "code",
            redirect_uri=asked.redirect_uri,
            scope=" ".join(at.scopes),
            state=asked.state,
            nonce=asked.nonce,
            **_how_old(at, asked),
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )
        return address

    def claims(self, at: SignInAt, asked: Asked, code: str) -> Mapping[str, Any]:
        """Exchange a code and return the claims of the ID token; raises IdentityRefused."""
        found, token = self._within(self._exchange(at, asked, code))
        return self._verified(at, asked, found, token)

    def _within(self, asking: Coroutine[Any, Any, T]) -> T:
        """Return what asking a directory gives, within the patience, however slowly its answer drips.

        A name is looked up in a thread, which nothing can end: it is left to end by itself when the system's resolver
        gives up, and the loop is closed without waiting for it, as `asyncio.run` would.
        """

        async def bounded() -> T:
            async with asyncio.timeout(self._patience_s):
                return await asking

        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(bounded())
        except TimeoutError as error:
            raise IdentityRefused("the directory took too long") from error
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    async def _exchange(self, at: SignInAt, asked: Asked, code: str) -> tuple[_Found, dict[str, Any]]:
        found = await self._discover(at)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.redirect_uri,
            "client_id": at.client_id,
            "code_verifier": asked.verifier,
        }
        async with _connect() as client:
            return found, await _fetch(client, found.token, form, self._authorization(at))

    def _verified(
        self, at: SignInAt, asked: Asked, found: _Found, token: Mapping[str, Any]
    ) -> dict[str, Any]:
        try:
            read = jwt.decode(str(token.get("id_token", "")), found.keys, algorithms=ALGORITHMS)
            held = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": at.issuer},
                    "aud": {"essential": True, "value": at.client_id},
                },
                {
                    "nonce": asked.nonce,
                    "client_id": at.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            held.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY_S)
            claims = dict(read.claims)
            _check_age(at, asked, claims, self._clock.now().timestamp())
            if not SUBJECT.fullmatch(claims["sub"]):
                raise IdentityRefused("the ID token names nobody")
        except (JoseError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            with self._lock:
                self._found.pop(at.issuer, None)  # keys may have turned: the next sign-in reads them anew
            raise IdentityRefused(f"the ID token does not hold ({type(error).__name__})") from error
        return claims

    async def _discover(self, at: SignInAt) -> _Found:
        """Return what the directory says of itself; read at most once an hour."""
        now_s = self._clock.monotonic()
        with self._lock:
            found = self._found.get(at.issuer)
        if found is not None and now_s < found.until_s:
            return found
        async with _connect() as client:
            told = await _fetch(client, at.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if told.get("issuer") != at.issuer:
                raise IdentityRefused("the directory calls itself otherwise")
            keys = await _fetch(client, _encrypted(told.get("jwks_uri")))
        try:
            key_set = KeySet.import_key_set(keys)  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise IdentityRefused("the directory's keys cannot be read") from error
        found = _Found(
            now_s + KEPT_S,
            _encrypted(told.get("authorization_endpoint")),
            _encrypted(told.get("token_endpoint")),
            key_set,
        )
        with self._lock:
            self._found[at.issuer] = found
        return found

    def _authorization(self, at: SignInAt) -> dict[str, str]:
        """Return what proves the client where it has a secret (RFC 6749, 2.3.1); a public client has PKCE alone."""
        file = self._secrets / f"oidc-{urlsplit(at.issuer).hostname}.secret"
        if not file.exists():
            return {}
        secret = read_secret(file).decode().strip()
        pair = f"{quote_plus(at.client_id)}:{quote_plus(secret)}"
        return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _how_old(at: SignInAt, asked: Asked) -> dict[str, str | int]:
    """Return what tells a directory how old a proof may be; who is asked for it has to tell `auth_time` too."""
    if asked.anew_since is not None:
        return {"max_age": 0, "prompt": "login"}
    return {"max_age": at.max_age_s} if at.max_age_s else {}


def _check_age(at: SignInAt, asked: Asked, claims: Mapping[str, Any], now_s: float) -> None:
    """Refuse who proved too long ago who they are, before they were asked anew, or nobody knows when."""
    oldest = [now_s - at.max_age_s - LEEWAY_S] if at.max_age_s else []
    if asked.anew_since is not None:
        oldest.append(asked.anew_since.timestamp() - ANEW_LEEWAY_S)
    if not oldest:
        return
    proved_s = claims.get("auth_time")
    if isinstance(proved_s, bool) or not isinstance(proved_s, int | float):
        raise IdentityRefused("the directory does not tell when somebody signed in there (auth_time)")
    if not max(oldest) <= proved_s <= now_s + LEEWAY_S:
        raise IdentityRefused("the sign-in at the directory is too old")


def _connect() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=PATIENCE_S, follow_redirects=False, trust_env=False)


async def _fetch(
    client: httpx.AsyncClient,
    address: str,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the JSON object at an address, or the answer to a form, within bounds of time and size."""
    method = "GET" if form is None else "POST"
    sent = {"accept": "application/json", **(headers or {})}
    try:
        async with client.stream(method, address, data=form, headers=sent) as answer:
            if answer.status_code != 200:
                raise IdentityRefused(f"the directory answered {answer.status_code}")
            raw = b""
            async for piece in answer.aiter_bytes():
                raw += piece
                if len(raw) > MAX_BYTES:
                    raise IdentityRefused("the directory's answer is too long")
        found = httpx.Response(200, content=raw).json()
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        raise IdentityRefused(f"the directory did not answer ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise IdentityRefused("the directory's answer is no object")
    return found


def _encrypted(address: object) -> str:
    """Return an address of a directory: over TLS, or on this very machine."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
    except ValueError as error:
        raise IdentityRefused("an address of the directory is none") from error
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return str(address)
    raise IdentityRefused("an address of the directory is not encrypted")

"""A directory that never answers, or drips: its own people are told so in time, and nobody else waits for it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from jru.clock import SystemClock
from jru.domain.agency import Agency, Role
from jru.domain.blueprint import SignInAt
from jru.exchange.oidc.client import OidcDirectory
from jru.services.federation import Asked, IdentityRefused
from tests.identity.directory import begin
from tests.identity.false_directory import FalseDirectory
from tests.identity.place import Place

ASKED = Asked("http://127.0.0.1/back", "state", "nonce", "v" * 50)


def test_a_silent_directory_holds_up_nobody_else(misled: tuple[Place, FalseDirectory]) -> None:
    place, directory = misled
    keyed = place.with_passkey("example.one", Agency.POLICE, Role.POLICE_DISPATCHER)
    coded = place.with_password("example.two", Agency.POLICE, Role.POLICE_DISPATCHER)
    directory.silent = True
    crowd = [place.browser() for _ in range(30)]
    with ThreadPoolExecutor(len(crowd)) as threads:
        going = [threads.submit(begin, browser) for browser in crowd]
        assert directory.asked.wait(10)
        began_s = SystemClock().monotonic()
        try:
            assert place.sign_in(keyed).me() is not None
            assert place.sign_in(coded).me() is not None
            for path in ("/healthz", "/readyz"):
                assert httpx.get(place.url + path, timeout=5).status_code == 200
            took_s = SystemClock().monotonic() - began_s
            assert not any(one.done() and not one.exception() for one in going)
        finally:
            directory.released.set()
    assert took_s < 5


@contextmanager
def dripping(every_s: float) -> Iterator[str]:
    """Yield the address of a server that begins an answer and sends a sign of it now and then, for ever."""
    stopped = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nx-slow: ")
                while not stopped.wait(every_s):
                    connection.sendall(b"x")
            except OSError:
                return

    def accept(server: socket.socket) -> None:
        while not stopped.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, args=(server,), daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        stopped.set()


@pytest.mark.parametrize("every_s", [0.02, 60.0])
def test_all_that_is_asked_of_a_directory_together_has_one_bound(tmp_path: Path, every_s: float) -> None:
    client = OidcDirectory(SystemClock(), tmp_path, patience_s=0.5)
    with dripping(every_s) as issuer:
        at = SignInAt(issuer, "jru", "groups", {})
        began_s = SystemClock().monotonic()
        with pytest.raises(IdentityRefused, match="took too long"):
            client.address(at, ASKED)
        assert SystemClock().monotonic() - began_s < 3


@pytest.mark.timeout(60)
def test_a_name_that_nobody_resolves_is_waited_for_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, released, over = threading.Event(), threading.Event(), threading.Event()

    def unanswered(*_: object, **__: object) -> list[object]:
        asked.set()
        released.wait(60)
        over.set()
        raise socket.gaierror("no answer")

    monkeypatch.setattr(socket, "getaddrinfo", unanswered)
    client = OidcDirectory(SystemClock(), tmp_path, patience_s=0.5)
    try:
        with pytest.raises(IdentityRefused, match="took too long"):
            client.address(SignInAt("https://directory.example", "jru", "groups", {}), ASKED)
        assert asked.is_set()
        assert not over.is_set()
    finally:
        released.set()
    assert over.wait(10)

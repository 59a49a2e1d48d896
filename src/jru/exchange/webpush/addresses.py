"""Which addresses of push services may be spoken to: a browser hands them in, so they are strangers' until checked."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from jru.errors import InvalidInput

MAX_CHARS = 1000
_PATH = re.compile(r"/[!-~]*")
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})


class NotAdmitted(Exception):
    """A name leads to an address that is not of the open internet, or to none."""


@dataclass(frozen=True, slots=True)
class Target:
    """One address, taken apart. `loopback`: this very machine, as in a trial; only there it may be plain HTTP."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def loopback(self) -> bool:
        """Tell whether it is on this machine."""
        return self.host in _LOOPBACK

    @property
    def authority(self) -> str:
        """Return host and port as a Host header has them."""
        usual = {"https": 443, "http": 80}[self.scheme]
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """Return whom a VAPID token is for (RFC 8292, 2)."""
        return f"{self.scheme}://{self.authority}"


def target_of(endpoint: str, hosts: Sequence[str]) -> Target:
    """Return an address that may be sent to, `hosts` being the names that may; raises InvalidInput.

    A host that begins with `*.` stands for every name below it.
    """
    if len(endpoint) > MAX_CHARS or not endpoint.isascii():
        raise _refused("it is too long")
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused("it is no address") from error
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if (
        parts.username is not None
        or parts.password is not None
        or parts.fragment
        or not _PATH.fullmatch(path)
    ):
        raise _refused("it is no address")
    if not any(_matches(host, wanted) for wanted in hosts):
        raise _refused("its host is no push service that this installation uses")
    target = Target(parts.scheme, host, port or (80 if parts.scheme == "http" else 443), path)
    if parts.scheme != "https" and not (parts.scheme == "http" and target.loopback):
        raise _refused("it is not encrypted")
    if target.port != 443 and not target.loopback:
        raise _refused("its port is unusual")
    return target


def _matches(host: str, wanted: str) -> bool:
    return host == wanted or (wanted.startswith("*.") and host.endswith(wanted[1:]))


async def numbers_of(target: Target) -> list[str]:
    """Return the numeric addresses behind a target, all of them of the open internet; raises NotAdmitted.

    Who connects to one of these, and not to the name, cannot be led elsewhere by a second look-up.
    """
    numbers = await _looked_up(target)
    for number in numbers:
        address = ipaddress.ip_address(number.partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        admitted = address.is_loopback if target.loopback else address.is_global and not address.is_multicast
        if not admitted:
            raise NotAdmitted("not of the open internet")
    return numbers


async def _looked_up(target: Target) -> list[str]:
    """Look a name up in a thread that a stopping server need not wait for: nothing can end it."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str]) -> None:
        if not answered.done():
            answered.set_result(found)

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except OSError:
            entries = []
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, list(dict.fromkeys(str(entry[4][0]) for entry in entries)))

    threading.Thread(target=look_up, name="jru-push-name", daemon=True).start()
    found = await answered
    if not found:
        raise NotAdmitted("no address")
    return found


def _refused(why: str) -> InvalidInput:
    return InvalidInput(
        "push.address",
        f"The address of the browser's push service cannot be used: {why}.",
        "Keep the page open and in front, or use another browser.",
    )

"""How often somebody may guess: counted for each name and for each address, with a growing wait, within bounds."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from jru.clock import Clock
from jru.errors import TooManyTries

WINDOW = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
NAMES_KEPT = 20_000


@dataclass(slots=True)
class _Count:
    """What one name or address has tried; `since` begins the window, `until` ends the wait."""

    since: datetime
    tries: int = 0
    until: datetime | None = None
    waits: int = 0


class Tries:
    """Guesses at secrets that can be guessed: passwords, codes, PINs. A signature needs no such count.

    A try counts before it is checked, so that many at once get no further than many in a row. Kept in memory: a
    restart forgives, which costs an attacker more than it gives.
    """

    def __init__(self, clock: Clock, *, most: int, what: str) -> None:
        """Let `most` tries pass in five minutes; `what` is named in the metric and the log."""
        self._clock = clock
        self._most = most
        self.what = what
        self._lock = threading.Lock()
        self._counts: OrderedDict[str, _Count] = OrderedDict()

    def take(self, name: str) -> None:
        """Count a try; raises TooManyTries with the seconds to wait, which says nothing of whether the name exists."""
        now = self._clock.now()
        with self._lock:
            count = self._counts.pop(name, None) or _Count(now)
            self._counts[name] = count
            while len(self._counts) > NAMES_KEPT:
                self._counts.popitem(last=False)
            if count.until is not None and now < count.until:
                raise _wait((count.until - now).total_seconds())
            if now - count.since > WINDOW:
                count.since, count.tries = now, 0
                count.waits = max(0, count.waits - 1)
            count.tries += 1
            if count.tries > self._most:
                wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(count.waits, 10))
                count.until, count.waits = now + wait, count.waits + 1
                count.since, count.tries = now, self._most // 2
                raise _wait(wait.total_seconds())

    def forgive(self, name: str) -> None:
        """Forget what a name has tried: the last try was right."""
        with self._lock:
            self._counts.pop(name, None)


def source_of(address: str) -> str:
    """Return by what an address is counted: itself, or its /64 network in IPv6, of which one sender has all."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _wait(seconds: float) -> TooManyTries:
    return TooManyTries(
        "tries.too_many",
        "There were too many tries.",
        "Wait, or sign in with a passkey.",
        retry_after_s=max(1.0, seconds),
    )

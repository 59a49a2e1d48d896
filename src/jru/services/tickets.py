"""What stands between two steps of a sign-in: kept here for a few minutes, known to the browser by a secret."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from jru.clock import Clock, Random

from .secrets import new_secret

SECRET_BYTES = 24
LIFE = timedelta(minutes=5)
SETUP_LIFE = timedelta(minutes=30)
MOST = 20_000


@dataclass(slots=True)
class Ticket:
    """One half-done sign-in. `account_id` None: the first step failed, which only the last step says."""

    account_id: str | None
    expires_at: datetime
    held: Mapping[str, Any] = field(default_factory=dict)
    tries_left: int = 5


class Tickets:
    """Half-done sign-ins, in memory: who is in the middle of one when the server restarts begins again.

    Each stage has room of its own: a flood of first steps, which anybody can begin, pushes nobody out of a later one.
    """

    def __init__(self, clock: Clock, random: Random) -> None:
        self._clock = clock
        self._random = random
        self._lock = threading.Lock()
        self._stages: dict[str, OrderedDict[str, Ticket]] = {}

    def issue(self, stage: str, account_id: str | None, life: timedelta = LIFE, **held: Any) -> str:
        """Return the secret of a new ticket; the oldest of the stage goes when it has too many."""
        secret = new_secret(self._random, SECRET_BYTES)
        with self._lock:
            tickets = self._stages.setdefault(stage, OrderedDict())
            tickets[secret] = Ticket(account_id, self._clock.now() + life, held)
            while len(tickets) > MOST:
                tickets.popitem(last=False)
        return secret

    def look(self, secret: str, stage: str) -> Ticket | None:
        """Return a ticket of a stage and spend one of its tries."""
        with self._lock:
            tickets = self._stages.setdefault(stage, OrderedDict())
            ticket = tickets.get(secret)
            if ticket is None or ticket.expires_at <= self._clock.now():
                return None
            ticket.tries_left -= 1
            if ticket.tries_left < 0:
                del tickets[secret]
                return None
            return ticket

    def take(self, secret: str, stage: str) -> Ticket | None:
        """Return a ticket of a stage for the last time."""
        ticket = self.look(secret, stage)
        with self._lock:
            mine = ticket is not None and self._stages[stage].pop(secret, None) is not None
            return ticket if mine else None

    def drop(self, secret: str) -> None:
        """Forget a ticket."""
        with self._lock:
            for tickets in self._stages.values():
                tickets.pop(secret, None)

    def sweep(self) -> None:
        """Forget the tickets that have run out."""
        now = self._clock.now()
        with self._lock:
            for tickets in self._stages.values():
                for secret in [secret for secret, ticket in tickets.items() if ticket.expires_at <= now]:
                    del tickets[secret]

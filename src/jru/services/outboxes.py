"""What the server does for the outboxes of crews' devices: whose they are, their keys, what it has lost of theirs."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog

from jru.clock import Clock
from jru.domain.agency import CREW_ROLES

from .access import Viewer
from .ports import EventLog

_log = structlog.get_logger("jru.outboxes")


class Derives(Protocol):
    """What makes secrets of the server's own."""

    def derive(self, purpose: str) -> bytes:
        """Return the 32 bytes that belong to a purpose, always the same."""
        ...


class Outboxes:
    """The server's side of every device's outbox.

    A log that was restored from an older copy does not know of the restore; the devices do, by what it has taken.
    """

    def __init__(self, log: EventLog, seals: Derives, clock: Clock) -> None:
        self._log = log
        self._seals = seals
        self._clock = clock
        self.restored_at: datetime | None = None
        """When a device first showed that this log is older than what was taken; None while none has."""

    def owner(self, viewer: Viewer) -> str:
        """Return whose outbox on a device is this viewer's: a name for the server and one for the person, joined.

        It follows from the person, the service and the role, so that signing in again leads back to it.
        """
        here = self._seals.derive("outbox place")
        whose = self._seals.derive(f"outbox owner {_person(viewer)}")
        return f"{here.hex()[:16]}.{whose.hex()[:32]}"

    def key(self, viewer: Viewer) -> dict[str, Any]:
        """Return the key under which a device keeps what this viewer could not send yet, and whose it is."""
        key = self._seals.derive(f"outbox key {_person(viewer)}")
        return {"owner": self.owner(viewer), "key": base64.b64encode(key).decode()}

    def missing(self, viewer: Viewer, keys: Sequence[str]) -> list[str]:
        """Return those of a crew's taken commands that the log does not hold: it was restored from an older copy."""
        found = [key for key in keys if not self._holds(viewer, key)]
        if found and self.restored_at is None and viewer.role in CREW_ROLES:
            self.restored_at = self._clock.now()
            _log.warning("log is older than its devices", subject=viewer.subject, missing=len(found))
        return found

    def _holds(self, viewer: Viewer, key: str) -> bool:
        stored = self._log.command(key)
        return stored is not None and stored.principal == viewer.subject


def _person(viewer: Viewer) -> str:
    return f"{viewer.subject} {viewer.agency.value} {viewer.role.value}"

"""The read tables as a pure function of the log: rebuilding gives what live running kept."""

from __future__ import annotations

from jru.domain.codec import decode, from_us
from jru.domain.events import read_event
from jru.domain.incident import Incident
from jru.domain.incident_events import IncidentOpened, ReferenceAdded
from jru.domain.unit import Unit

from .ports import Claim, StateRow, StoredEvent
from .recorder import evolved, state_row


def reference_key(sender: str, foreign_id: str, epoch: int) -> str:
    """Return the name under which a foreign incident number is claimed."""
    return f"{sender}|{epoch}|{foreign_id}"


def number_key(number: str, day: str) -> str:
    """Return the name under which a short incident number is claimed for one day (UTC)."""
    return f"{day}|{number}"


class LogProjector:
    """Turns one event and the state before it into the row after it."""

    def project(self, event: StoredEvent, state: bytes | None) -> StateRow | None:
        """Return the read-table row of the event's stream after it."""
        happened = read_event(event.kind, event.schema_version, event.data)
        current: Incident | Unit | None = None
        if state is not None and event.stream.startswith("unt_"):
            current = decode(Unit, state)
        elif state is not None and event.stream.endswith("/op"):
            current = decode(Incident, state)
        after = evolved(event.stream, current, happened, from_us(event.at_us))
        return state_row(event.stream, event.version, after)

    def claims(self, event: StoredEvent) -> tuple[Claim, ...]:
        """Return the names that an event takes."""
        happened = read_event(event.kind, event.schema_version, event.data)
        holder = event.stream.partition("/")[0]
        if isinstance(happened, ReferenceAdded):
            key = reference_key(happened.sender, happened.foreign_id, happened.epoch)
            return (Claim("reference", key, holder),)
        if isinstance(happened, IncidentOpened) and event.version == 1:
            day = from_us(event.received_at_us).date().isoformat()
            return (Claim("number", number_key(happened.number, day), holder),)
        return ()

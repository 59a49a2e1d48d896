"""Each service's own records of an incident: kept, corrected, withdrawn, shared. Written after the end, too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from jru.domain import record_commands as rc
from jru.domain.agency import Agency
from jru.domain.codec import from_us
from jru.domain.deciding import own
from jru.domain.event_types import Event
from jru.domain.events import read_event
from jru.domain.joint import Joint
from jru.domain.record_book import Book, book_of
from jru.domain.record_decisions import Desk, decide

from .access import Viewer
from .ground import Decided, Done, Ground
from .ports import EventLog, StoredEvent
from .recorder import Sent

_TOLD: dict[type[rc.OnRecord], str] = {
    rc.ShareFact: "shared; both services have it on record",
    rc.WithdrawRecord: "withdrawn; it stays in the history",
    rc.JoinPersons: "one person; withdraw it if they are two",
    rc.ReportSituation: "situation report sent to both services",
    rc.ConcludeCare: "care concluded",
}


class RecordKeeping:
    """Use cases about records."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def keep(self, viewer: Viewer, command: rc.OnRecord, sent: Sent) -> Done:
        """Carry out a command about records."""
        ground = self._ground
        joint = ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            now = ground.joint(viewer, command.incident_id)
            record_id = ground.recorder.new_id("rec")
            book = book_on(ground.log, now, viewer)
            decision = decide(Desk(ground.setting(viewer, sent), now, book, record_id), command)
            if isinstance(command, rc.WithdrawRecord):
                return Decided(decision, {"record_id": command.record_id}, _TOLD[rc.WithdrawRecord])
            told = _TOLD.get(type(command), "recorded")
            return Decided(decision, {"record_id": record_id}, told, created=True)

        return ground.write(viewer, sent, tuple(leg.incident_id for leg in joint.legs), decided)


def own_events(log: EventLog, joint: Joint, agency: Agency) -> list[StoredEvent]:
    """Return the events of one service's own streams of all legs, in the order of the log."""
    events = [e for leg in joint.legs for e in log.stream(own(leg.incident_id, agency))]
    return sorted(events, key=lambda event: event.seq)


def book_on(log: EventLog, joint: Joint, viewer: Viewer) -> Book:
    """Return the book of the viewer's own service on an incident, as the viewer counts persons."""
    events = own_events(log, joint, viewer.agency)
    return book_of(_told(events, viewer.agency), streams_of(joint, viewer.agency, viewer))


def streams_of(joint: Joint, agency: Agency, viewer: Viewer) -> tuple[str, ...]:
    """Return one service's own streams of all legs, first that of the leg on which the viewer counts persons."""
    home = joint.home_of(agency, viewer.unit_id).incident_id
    legs = dict.fromkeys((home, *(leg.incident_id for leg in joint.legs)))
    return tuple(own(leg_id, agency) for leg_id in legs)


def _told(events: list[StoredEvent], agency: Agency) -> Iterator[tuple[str, Agency, Event, datetime]]:
    for event in events:
        happened = read_event(event.kind, event.schema_version, event.data)
        yield event.stream, agency, happened, from_us(event.at_us)

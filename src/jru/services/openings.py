"""Which restricted fields are open to whom now: built from the log, kept by the board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from jru.domain.agency import Agency, Label, Role
from jru.domain.codec import from_us
from jru.domain.event_types import Event
from jru.domain.glass import Opening, evolve
from jru.domain.glass_events import GlassBroken, GlassClosed, GlassReviewed
from jru.domain.joint import Joint

from .access import Viewer
from .ports import StoredEvent
from .wording import iso

Row = dict[str, object]


class Glass:
    """All openings, by id; built by applying the events of their stream."""

    def __init__(self) -> None:
        self.openings: dict[str, Opening] = {}
        self.words: dict[tuple[str, str], str] = {}
        self._told: dict[tuple[int, int], tuple[str, str]] = {}

    def apply(self, event: StoredEvent, happened: Event, text: str) -> None:
        """Take in one event of the stream with its words."""
        if not isinstance(happened, (GlassBroken, GlassClosed, GlassReviewed)):
            return
        agency = Agency(event.agency)
        current = self.openings.get(happened.glass_id)
        after = evolve(current, happened, event.actor, agency, from_us(event.at_us))
        if after is not None:
            self.openings[happened.glass_id] = after
        if not isinstance(happened, GlassClosed):
            whose = "reason" if isinstance(happened, GlassBroken) else agency.value
            self.words[happened.glass_id, whose] = text
            self._told[event.seq, 0] = happened.glass_id, whose

    def lose(self, places: Iterable[tuple[int, int]]) -> None:
        """Forget the words that were erased, named by event and part."""
        for place in places:
            told = self._told.pop(place, None)
            if told is not None:
                self.words.pop(told, None)

    def standing_on(self, subject: str, joint: Joint, now: datetime) -> Opening | None:
        """Return what a person has open of an incident, whichever of its legs they named."""
        legs = {leg.incident_id for leg in joint.legs}
        found = (o for o in self.openings.values() if o.subject == subject and o.incident_id in legs)
        return next((o for o in found if o.stands(now)), None)


def opened_labels(opening: Opening | None) -> frozenset[Label]:
    """Return the labels that an opening shows."""
    return frozenset(opening.labels) if opening else frozenset()


def glass_row(opening: Opening) -> Row:
    """Return an opening for the banner of who has it open."""
    return {
        "id": opening.glass_id,
        "labels": [label.value for label in opening.labels],
        "at": iso(opening.at),
        "until": iso(opening.until),
    }


def alerts(glass: Glass, viewer: Viewer) -> list[Row]:
    """Return what the viewer's service has yet to review, as references without anybody's name; empty for others."""
    if viewer.role is not Role.PRIVACY_OFFICER:
        return []
    return [
        {**glass_row(opening), "agency": opening.agency.value, "often": opening.often}
        for opening in glass.openings.values()
        if viewer.agency in opening.to_review
    ]

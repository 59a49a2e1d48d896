"""Break-glass: what is open to whom now, and the review queue of the privacy officers."""

from __future__ import annotations

import structlog

from jru.domain.agency import Role
from jru.domain.glass import Opening, decide_break, decide_close, decide_review
from jru.domain.glass_commands import BreakGlass, CloseGlass, ReviewGlass
from jru.domain.glass_events import STREAM
from jru.errors import Forbidden, NotFound

from .access import Viewer
from .ground import Decided, Done, Ground
from .openings import glass_row
from .recorder import Sent
from .records import Row
from .wording import iso, iso_or_none

_log = structlog.get_logger(__name__)


class BreakingGlass:
    """Use cases of opening, closing and reviewing."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def open(self, viewer: Viewer, command: BreakGlass, sent: Sent) -> Done:
        """Open fields of an incident that the viewer knows of."""
        ground = self._ground
        ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            glass_id = ground.recorder.new_id("brk")
            mine = [o for o in ground.board.glass.openings.values() if o.subject == viewer.subject]
            decision = decide_break(ground.setting(viewer, sent), mine, glass_id, command)
            told = "opened for half an hour; the privacy officers of both services are told"
            return Decided(decision, {"glass_id": glass_id}, told, created=True)

        done = ground.write(viewer, sent, (STREAM,), decided)
        opening = ground.board.glass.openings.get(str(done.outcome["glass_id"]))
        if opening is not None and opening.often:
            _log.warning("restricted fields are opened often", glass_id=opening.glass_id)
        return done

    def close(self, viewer: Viewer, command: CloseGlass, sent: Sent) -> Done:
        """Close fields before their time."""
        ground = self._ground

        def decided() -> Decided:
            opening = self._opening(command.glass_id)
            if opening.subject != viewer.subject:
                raise _absent(command.glass_id)
            return Decided(decide_close(ground.setting(viewer, sent), opening, command), told="closed")

        return ground.write(viewer, sent, (STREAM,), decided)

    def review(self, viewer: Viewer, command: ReviewGlass, sent: Sent) -> Done:
        """Record the finding of the viewer's service."""
        ground = self._ground

        def decided() -> Decided:
            opening = self._opening(command.glass_id)
            return Decided(decide_review(ground.setting(viewer, sent), opening, command), told="reviewed")

        return ground.write(viewer, sent, (STREAM,), decided)

    def _opening(self, glass_id: str) -> Opening:
        opening = self._ground.board.glass.openings.get(glass_id)
        if opening is None:
            raise _absent(glass_id)
        return opening

    def queue(self, viewer: Viewer) -> list[Row]:
        """Return all openings for a privacy officer, those to review first, the newest before the older."""
        if viewer.role is not Role.PRIVACY_OFFICER:
            raise Forbidden("role", "the review queue is for the privacy officers of the two services")
        found = sorted(self._ground.board.glass.openings.values(), key=lambda o: o.at, reverse=True)
        found.sort(key=lambda o: viewer.agency not in o.to_review)
        return [self._row(viewer, opening) for opening in found]

    def _row(self, viewer: Viewer, opening: Opening) -> Row:
        """Return an opening; who it was is told to the own service only, the other gets the reference."""
        words = self._ground.board.glass.words
        leg = self._ground.board.fetch(opening.incident_id)
        return {
            **glass_row(opening),
            "incident_id": opening.incident_id,
            "incident_number": leg.state.number if leg else None,
            "agency": opening.agency.value,
            "role": opening.role,
            "actor": opening.subject if opening.agency is viewer.agency else None,
            "reason": words.get((opening.glass_id, "reason"), ""),
            "often": opening.often,
            "standing": opening.stands(self._ground.clock.now()),
            "closed_at": iso_or_none(opening.closed_at),
            "to_review": [agency.value for agency in opening.to_review],
            "reviews": [
                {
                    "agency": agency.value,
                    "finding": review.finding,
                    "at": iso(review.at),
                    "words": words.get((opening.glass_id, agency.value), ""),
                }
                for agency, review in sorted(opening.reviews.items())
            ],
        }


def _absent(glass_id: str) -> NotFound:
    return NotFound("glass", "there is no such opening", data={"id": glass_id})

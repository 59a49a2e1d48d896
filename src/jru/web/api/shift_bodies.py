"""What may be asked about a unit's duty beside its jobs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from jru.domain import shift_commands as shift
from jru.web.api.fields import Bases, Code, CommandBody, Hazards, PathIds, Place, Reason, example
from jru.web.api.unit_bodies import Seat


class ReadyBody(CommandBody):
    """Vehicle and kit are checked: the unit becomes available."""

    def command(self, ids: PathIds) -> shift.ConfirmReady:
        """Return the command."""
        return shift.ConfirmReady(unit_id=ids.unit_id, at=self.at)


class FillSeatBody(CommandBody):
    """Another person takes a seat."""

    model_config = example(
        seat={
            "seat": "paramedic",
            "agency": "ambulance",
            "role": "paramedic",
            "name": "Paramedic Example Four",
            "qualifications": ["paramedic_registration", "conflict_resolution", "jru_course"],
        }
    )

    seat: Seat

    def command(self, ids: PathIds) -> shift.FillSeat:
        """Return the command."""
        return shift.FillSeat(unit_id=ids.unit_id, filled=self.seat.filled(), at=self.at)


class OnViewBody(CommandBody):
    """The crew comes upon something; a place without coordinates stays unverified."""

    model_config = example(
        type="assault_injury", place={"text": "High Street, Rochester", "lon": 0.505, "lat": 51.388}
    )

    type: Code
    place: Place
    hazards: Hazards = []

    def command(self, ids: PathIds) -> shift.OpenOnView:
        """Return the command."""
        return shift.OpenOnView(
            unit_id=ids.unit_id,
            type=self.type,
            place=self.place.given(),
            hazards=tuple(hazard.given() for hazard in self.hazards),
            at=self.at,
        )


class WaitBody(CommandBody):
    """Where the unit would best wait, and why."""

    model_config = example(place={"text": "Star Hill, Rochester"}, reason="covers both town centres")

    place: Place
    reason: Reason | None = None
    base: Bases = {}

    def command(self, ids: PathIds) -> shift.SuggestWait:
        """Return the command."""
        place, reason = self.place.given(), self.reason or ""
        return shift.SuggestWait(unit_id=ids.unit_id, place=place, reason=reason, base=self.base, at=self.at)


class AnswerWaitBody(CommandBody):
    """Whether the crew goes where it was asked to wait."""

    model_config = example(going=True)

    going: bool

    def command(self, ids: PathIds) -> shift.AnswerWait:
        """Return the command."""
        return shift.AnswerWait(unit_id=ids.unit_id, going=self.going, at=self.at)


class BriefingBody(CommandBody):
    """A member of the crew has read the briefing of this version of the scheme."""

    model_config = example(version=1)

    version: Annotated[int, Field(ge=1, le=1_000_000)]

    def command(self, ids: PathIds) -> shift.ConfirmBriefing:
        """Return the command."""
        return shift.ConfirmBriefing(unit_id=ids.unit_id, version=self.version, at=self.at)


Said = Annotated[str, StringConstraints(max_length=500)]


class DebriefBody(CommandBody):
    """What one member says of a duty that they rode: theirs alone."""

    model_config = example(happened=["near_miss"], helped="one press told both rooms")

    happened: Annotated[list[Literal["injury", "assault", "near_miss"]], Field(max_length=3)] = []
    kit: Said = ""
    helped: Said = ""
    hindered: Said = ""

    def command(self, ids: PathIds) -> shift.RecordDebrief:
        """Return the command."""
        return shift.RecordDebrief(
            unit_id=ids.unit_id,
            happened=tuple(self.happened),
            kit=self.kit,
            helped=self.helped,
            hindered=self.hindered,
            at=self.at,
        )

"""What may be asked about a unit, an offer or a district."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from jru.domain import commands
from jru.domain.blueprint import DistrictStatus
from jru.geo.grid import looks_swapped
from jru.web.api.fields import (
    AgencyWord,
    Bases,
    BaseToken,
    CallSign,
    Code,
    CommandBody,
    IncidentId,
    Lat,
    Lon,
    Moment,
    Name,
    PathIds,
    Reason,
    RoleWord,
    Strict,
    agency,
    example,
    role,
)


class Seat(Strict):
    """Who sits where, in which role."""

    seat: Code
    agency: AgencyWord
    role: RoleWord
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    qualifications: Annotated[list[Code], Field(max_length=20)] = []

    def filled(self) -> commands.SeatFilled:
        """Return it in the domain's form."""
        return commands.SeatFilled(
            self.seat, agency(self.agency), role(self.role), self.name, tuple(self.qualifications)
        )


class BookOnBody(CommandBody):
    """A crew takes a vehicle for a duty."""

    model_config = example(
        call_sign="JR01",
        vehicle_id="JR01",
        district="medway",
        duty_start="2019-08-16T17:00:00Z",
        duty_end="2019-08-17T01:00:00Z",
        seats=[
            {
                "seat": "police_driver",
                "agency": "police",
                "role": "special_constable",
                "name": "Constable Example One",
            },
            {
                "seat": "paramedic",
                "agency": "ambulance",
                "role": "paramedic",
                "name": "Paramedic Example Two",
            },
        ],
    )

    call_sign: CallSign
    vehicle_id: Name
    district: Code
    duty_start: Moment
    duty_end: Moment
    seats: Annotated[list[Seat], Field(min_length=1, max_length=8)]

    def command(self, ids: PathIds) -> commands.BookOn:
        """Return the command."""
        return commands.BookOn(
            call_sign=self.call_sign,
            vehicle_id=self.vehicle_id,
            district=self.district,
            duty_start=self.duty_start,
            duty_end=self.duty_end,
            seats=tuple(seat.filled() for seat in self.seats),
            at=self.at,
        )


class BookOffBody(CommandBody):
    """End the duty."""

    def command(self, ids: PathIds) -> commands.BookOff:
        """Return the command."""
        return commands.BookOff(unit_id=ids.unit_id, at=self.at)


class StatusBody(CommandBody):
    """One tap."""

    model_config = example(status="scene")

    status: Code
    leg: Literal["hospital", "custody", "s136_suite"] | None = None

    def command(self, ids: PathIds) -> commands.SetStatus:
        """Return the command."""
        return commands.SetStatus(unit_id=ids.unit_id, status=self.status, leg=self.leg, at=self.at)


class PositionBody(CommandBody):
    """Where the unit's device is, in WGS84 degrees."""

    model_config = example(lon=0.5481, lat=51.3855, accuracy_m=8, speed_mps=13.4, at="2019-08-16T22:41:07Z")

    lon: Lon
    lat: Lat
    accuracy_m: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)] | None = None
    speed_mps: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _the_right_way_round(self) -> PositionBody:
        if looks_swapped(self.lon, self.lat):
            raise ValueError(
                "lon and lat look swapped: lon comes first and is the smaller one in this country"
            )
        return self

    def command(self, ids: PathIds) -> commands.ReportPosition:
        """Return the command."""
        return commands.ReportPosition(
            unit_id=ids.unit_id,
            lon=self.lon,
            lat=self.lat,
            accuracy_m=self.accuracy_m,
            speed_mps=self.speed_mps,
            at=self.at,
        )


class SeatChangeBody(CommandBody):
    """A crew member leaves or is back."""

    model_config = example(seat="police_driver", present=False, reason="custody")

    seat: Code
    present: bool
    reason: Literal["custody", "hospital", "other"] = "other"

    def command(self, ids: PathIds) -> commands.ChangeSeat:
        """Return the command."""
        return commands.ChangeSeat(
            unit_id=ids.unit_id, seat=self.seat, present=self.present, reason=self.reason, at=self.at
        )


class CheckBody(CommandBody):
    """Whoever is alone aboard is all right."""

    def command(self, ids: PathIds) -> commands.CheckIn:
        """Return the command."""
        return commands.CheckIn(unit_id=ids.unit_id, at=self.at)


class BreakBody(CommandBody):
    """When the crew is to have its break; without minutes as long as the scheme says, without a site at its base."""

    model_config = example(starts_at="2019-08-16T21:30:00Z", minutes=30)

    starts_at: Moment
    minutes: Annotated[int, Field(ge=10, le=120)] | None = None
    site: Code | None = None
    base: Bases = {}

    def command(self, ids: PathIds) -> commands.PlanBreak:
        """Return the command."""
        return commands.PlanBreak(
            unit_id=ids.unit_id,
            starts_at=self.starts_at,
            minutes=self.minutes,
            site=self.site,
            base=self.base,
            at=self.at,
        )


class CancelBreakBody(CommandBody):
    """Take the planned break back."""

    base: Bases = {}

    def command(self, ids: PathIds) -> commands.CancelBreak:
        """Return the command."""
        return commands.CancelBreak(unit_id=ids.unit_id, base=self.base, at=self.at)


class OfferBody(CommandBody):
    """Offer an incident to the unit."""

    model_config = example(incident_id="inc_0198b6f2")

    incident_id: IncidentId
    base: BaseToken | None = Field(
        None, description="The unit row's base that was read; 409 when it has changed."
    )

    def command(self, ids: PathIds) -> commands.OfferUnit:
        """Return the command, without the base."""
        return commands.OfferUnit(unit_id=ids.unit_id, incident_id=self.incident_id, at=self.at)


class AnswerOfferBody(CommandBody):
    """The crew's answer, or a room's by voice."""

    model_config = example(answer="accept")

    answer: Literal["accept", "decline"]
    reason: Code | None = None
    by_voice: bool = False

    def command(self, ids: PathIds) -> commands.AnswerOffer:
        """Return the command."""
        return commands.AnswerOffer(
            unit_id=ids.unit_id,
            offer_id=ids.offer_id,
            accept=self.answer == "accept",
            reason=self.reason,
            by_voice=self.by_voice,
            at=self.at,
        )


class ConsentBody(CommandBody):
    """Whether the other room agrees to an offer that needs its consent."""

    model_config = example(consent=True)

    consent: bool

    def command(self, ids: PathIds) -> commands.ConsentToOffer:
        """Return the command."""
        return commands.ConsentToOffer(
            unit_id=ids.unit_id, offer_id=ids.offer_id, consent=self.consent, at=self.at
        )


class WithdrawBody(CommandBody):
    """Why the offer is taken back."""

    model_config = example(reason="caller cancelled")

    reason: Reason

    def command(self, ids: PathIds) -> commands.WithdrawOffer:
        """Return the command."""
        return commands.WithdrawOffer(
            unit_id=ids.unit_id, offer_id=ids.offer_id, reason=self.reason, at=self.at
        )


class SelfAssignBody(CommandBody):
    """The crew takes a candidate by itself."""

    model_config = example(incident_id="inc_0198b6f2")

    incident_id: IncidentId

    def command(self, ids: PathIds) -> commands.SelfAssign:
        """Return the command."""
        return commands.SelfAssign(unit_id=ids.unit_id, incident_id=self.incident_id, at=self.at)


class DivertBody(CommandBody):
    """A more pressing incident for a committed unit."""

    model_config = example(incident_id="inc_0198b6f2", reason="nearest to a cardiac arrest")

    incident_id: IncidentId
    reason: Reason

    def command(self, ids: PathIds) -> commands.DivertUnit:
        """Return the command."""
        return commands.DivertUnit(
            unit_id=ids.unit_id, incident_id=self.incident_id, reason=self.reason, at=self.at
        )


class StandDownBody(CommandBody):
    """Why the unit is taken off."""

    model_config = example(reason="patrol is dealing")

    reason: Reason

    def command(self, ids: PathIds) -> commands.StandDownUnit:
        """Return the command."""
        return commands.StandDownUnit(unit_id=ids.unit_id, reason=self.reason, at=self.at)


class ReleaseAgencyBody(CommandBody):
    """Which service's part is done."""

    model_config = example(agency="police")

    agency: AgencyWord

    def command(self, ids: PathIds) -> commands.ReleaseAgency:
        """Return the command."""
        return commands.ReleaseAgency(unit_id=ids.unit_id, agency=agency(self.agency), at=self.at)


class BackupBody(CommandBody):
    """What the crew asks for, and from whom."""

    model_config = example(agency="police", kind="patrol")

    agency: AgencyWord
    kind: Literal["patrol", "ambulance", "supervisor", "fire"]

    def command(self, ids: PathIds) -> commands.RequestBackup:
        """Return the command."""
        return commands.RequestBackup(
            unit_id=ids.unit_id, agency=agency(self.agency), kind=self.kind, at=self.at
        )


class EmergencyBody(CommandBody):
    """The crew is in danger."""

    def command(self, ids: PathIds) -> commands.RaiseEmergency:
        """Return the command."""
        return commands.RaiseEmergency(unit_id=ids.unit_id, at=self.at)


class CancelEmergencyBody(CommandBody):
    """Somebody has spoken to the crew."""

    model_config = example(voice_contact=True)

    voice_contact: bool

    def command(self, ids: PathIds) -> commands.CancelEmergency:
        """Return the command."""
        return commands.CancelEmergency(unit_id=ids.unit_id, voice_contact=self.voice_contact, at=self.at)


class DistrictStateBody(CommandBody):
    """A new state of a district, and why."""

    model_config = example(status="paused", reason="no paramedic tonight")

    status: Literal["baseline", "exercise", "live", "paused", "ended"]
    reason: Reason

    def command(self, ids: PathIds) -> commands.SetDistrictState:
        """Return the command."""
        return commands.SetDistrictState(
            district=ids.district_id, status=DistrictStatus(self.status), reason=self.reason, at=self.at
        )

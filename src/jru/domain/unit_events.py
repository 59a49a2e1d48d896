"""What can happen to a unit and to the scheme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .agency import Agency
from .blueprint import DistrictStatus
from .event_types import Event, event


@dataclass(frozen=True, slots=True)
class SeatHeld:
    """A seat as booked: the holder's name is a payload, here stand seat, agency, role and qualifications."""

    seat: str
    agency: Agency
    role: str
    qualifications: tuple[str, ...]


@event("{call_sign} booked on in {vehicle_id}")
@dataclass(frozen=True, slots=True)
class UnitBookedOn(Event):
    """A call sign for one duty."""

    call_sign: str
    vehicle_id: str
    district: str
    duty_start: datetime
    duty_end: datetime
    seats: tuple[SeatHeld, ...]
    scheme_version: int


@event("Booked off")
@dataclass(frozen=True, slots=True)
class UnitBookedOff(Event):
    """The duty ended."""


@event("Status {status}: police {police_code}, ambulance {ambulance_word}")
@dataclass(frozen=True, slots=True)
class StatusSet(Event):
    """One tap, two vocabularies. `against_hold` marks an arrival while the scene was not safe."""

    status: str
    police_code: str
    ambulance_word: str
    incident_id: str | None
    leg: str | None
    skipped: tuple[str, ...]
    against_hold: bool


@event("{seat} left the unit: {reason}")
@dataclass(frozen=True, slots=True)
class SeatLeft(Event):
    """A crew member is away: the joint capability changes at once."""

    seat: str
    reason: str


@event("{seat} is back")
@dataclass(frozen=True, slots=True)
class SeatTaken(Event):
    """A crew member is back."""

    seat: str


@event("All right: {how}")
@dataclass(frozen=True, slots=True)
class CheckedIn(Event):
    """Whoever is alone aboard is all right; `how` is "tap", or "voice" where a room heard it."""

    how: str


@event("Break planned at {starts_at} for {minutes} min, {site}")
@dataclass(frozen=True, slots=True)
class BreakPlanned(Event):
    """When and where the crew is to have its break; a plan of before no longer holds."""

    starts_at: datetime
    minutes: int
    site: str


@event("Planned break cancelled")
@dataclass(frozen=True, slots=True)
class BreakCancelled(Event):
    """No break is planned any more."""


@event("Offered {incident_id} by {by_agency}: {rule}")
@dataclass(frozen=True, slots=True)
class UnitOffered(Event):
    """A room offers an incident; the position used is a payload."""

    offer_id: str
    incident_id: str
    by_agency: Agency
    urgency: int
    expires_at: datetime
    target: str
    rule: str
    consent_of: Agency | None
    eta_s: int | None
    eta_method: str


@event("{agency} consented to the offer")
@dataclass(frozen=True, slots=True)
class OfferConsented(Event):
    """The other room agreed, where the policy asks for it."""

    offer_id: str
    agency: Agency


@event("Offer accepted")
@dataclass(frozen=True, slots=True)
class OfferAccepted(Event):
    """The crew takes it, or a room says so by voice."""

    offer_id: str
    by_voice: bool


@event("Offer declined: {reason}")
@dataclass(frozen=True, slots=True)
class OfferDeclined(Event):
    """The crew, or the room whose consent was asked, says no."""

    offer_id: str
    reason: str


@event("Offer lapsed without an answer")
@dataclass(frozen=True, slots=True)
class OfferLapsed(Event):
    """Nobody answered in time: the room that offered is alarmed."""

    offer_id: str
    incident_id: str
    by_agency: Agency


@event("Offer withdrawn: {reason}")
@dataclass(frozen=True, slots=True)
class OfferWithdrawn(Event):
    """The offer was taken back or outranked."""

    offer_id: str
    reason: str


@event("Assigned to {incident_id} ({mode})")
@dataclass(frozen=True, slots=True)
class UnitAssigned(Event):
    """The unit is committed; `scheme_version` holds for the whole assignment."""

    incident_id: str
    mode: str
    by_agency: Agency
    scheme_version: int


@event("Diverted from {from_id} to {to_id}: {rule}")
@dataclass(frozen=True, slots=True)
class UnitDiverted(Event):
    """Reassigned in one act."""

    from_id: str
    to_id: str
    by_agency: Agency
    rule: str
    scheme_version: int


@event("Stood down from {incident_id} by {by_agency}")
@dataclass(frozen=True, slots=True)
class UnitStoodDown(Event):
    """Taken off the incident before the job was done."""

    incident_id: str
    by_agency: Agency


@event("Clear of {incident_id}")
@dataclass(frozen=True, slots=True)
class UnitCleared(Event):
    """The job is done."""

    incident_id: str


@event("{agency} part released")
@dataclass(frozen=True, slots=True)
class AgencyReleased(Event):
    """One service's part of the joint job is done."""

    incident_id: str
    agency: Agency


@event("Back-up asked from {agency}: {backup}")
@dataclass(frozen=True, slots=True)
class BackupRequested(Event):
    """The crew needs more from one service."""

    incident_id: str | None
    agency: Agency
    backup: str


@event("EMERGENCY: the crew needs help now")
@dataclass(frozen=True, slots=True)
class EmergencyRaised(Event):
    """The crew is in danger."""


@event("Emergency ended by {agency} after voice contact")
@dataclass(frozen=True, slots=True)
class EmergencyCancelled(Event):
    """A room spoke to the crew and ended it."""

    agency: Agency


@event("Blueprint version {version} in force from {effective_at}")
@dataclass(frozen=True, slots=True)
class BlueprintAdopted(Event):
    """A version approved by both partners; the text is a payload. `approvals` are "agency:date" words."""

    version: int
    content_hash: str
    effective_at: datetime
    approvals: tuple[str, ...]


@event("{district} is {status}")
@dataclass(frozen=True, slots=True)
class DistrictStateSet(Event):
    """A district moved between baseline, exercise, live, paused and ended."""

    district: str
    status: DistrictStatus

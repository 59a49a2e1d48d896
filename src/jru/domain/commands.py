"""Everything a person, a crew device or a control-room system may ask for.

A command is intent; `decide` turns it into events or a refusal. Ids come from outside, so that replay is exact.
`at` is when it happened by the sender's clock (aware UTC); None means "as received".
`base` says what the sender had read: the stream version of an offer's unit, else the marks of the values that the
command replaces (`jru.domain.versions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .agency import Agency, Label, Role
from .blueprint import DistrictStatus

Marks = Mapping[str, str]
"""What the sender of a command saw of the values that it replaces: their marks by field."""


@dataclass(frozen=True, slots=True)
class PlaceGiven:
    """A place as somebody gave it: free text always, WGS84 degrees where known."""

    text: str
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class CallerGiven:
    """Who rang: stays with the service that took the call."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class HazardGiven:
    """A hazard code with what was said about it."""

    code: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What all commands share."""

    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCall(Command):
    """A dispatcher opens an incident: place and type are enough."""

    type: str
    place: PlaceGiven
    grade: str | None = None
    foreign_id: str | None = None
    remarks: str = ""
    caller: CallerGiven | None = None
    flags: tuple[str, ...] = ()
    hazards: tuple[HazardGiven, ...] = ()
    clock_start: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReport(Command):
    """A message of a control-room system about one of its incidents. `kind` is create, update or close."""

    sender: str
    foreign_id: str
    epoch: int
    message_version: int
    kind: str
    grade: str | None = None
    type_code: str | None = None
    place: PlaceGiven | None = None
    remarks: str = ""
    caller: CallerGiven | None = None
    flags: tuple[str, ...] = ()
    hazards: tuple[HazardGiven, ...] = ()
    clock_start: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnIncident(Command):
    """A command about one incident."""

    incident_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateIncident(OnIncident):
    """Change the own service's grade, type, place or flags."""

    grade: str | None = None
    type: str | None = None
    place: PlaceGiven | None = None
    flags: tuple[str, ...] | None = None
    base: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareIncident(OnIncident):
    """Show an incident of one service to the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine(OnIncident):
    """Show one chosen or rewritten line to the other service."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNote(OnIncident):
    """Add a line with a label."""

    text: str
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHazard(OnIncident):
    """Report a hazard to both services."""

    code: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearHazard(OnIncident):
    """Take a hazard back, with the reason."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareSceneSafe(OnIncident):
    """A named police person with the right to do so ends the hold."""

    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOther(OnIncident):
    """Ask the other service to come."""

    need: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRequest(OnIncident):
    """Answer the other service's request: yes, no or later."""

    answer: str
    eta_min: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordArrival(OnIncident):
    """The service that was asked for is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRelease(OnIncident):
    """The service that asked, or was asked, may leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuestion(OnIncident):
    """Ask the other room something: its time of arrival (eta), whether one may leave (release), to be rung (call)."""

    about: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(OnIncident):
    """Answer what the other room asked about something: yes, no or later."""

    about: str
    answer: str
    eta_min: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideMatch(OnIncident):
    """A person says whether two incidents are the same happening."""

    other_id: str
    same: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerge(OnIncident):
    """Take a merge back without loss."""

    other_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportResource(OnIncident):
    """A room tells what its own single-service resource does on the incident."""

    call_sign: str
    kind: str
    status: str
    eta_min: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandDownResource(OnIncident):
    """A room stands down a resource; only the ambulance room stands down an ambulance."""

    call_sign: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContextSeen:
    """Something that played a part, and where that is known from: seen, said or record."""

    code: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome(OnIncident):
    """The crew's coding of the whole job."""

    need: str
    ended: str
    risk_arrival: str
    risk_leaving: str
    contexts: tuple[ContextSeen, ...] = ()
    base: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPerson(OnIncident):
    """What became of one person; `person` counts from 1 on this incident."""

    person: int
    disposal: str
    conveyed_by: str | None = None
    destination: str | None = None
    custody: bool = False
    s136: bool = False
    base: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseIncident(OnIncident):
    """End the incident."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenIncident(OnIncident):
    """Open it again."""

    reason: str


@dataclass(frozen=True, slots=True)
class SeatFilled:
    """Who sits where at book-on; the role chosen here counts, never the union of two jobs."""

    seat: str
    agency: Agency
    role: Role
    name: str
    qualifications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOn(Command):
    """A crew takes a vehicle for a duty under a call sign."""

    call_sign: str
    vehicle_id: str
    district: str
    duty_start: datetime
    duty_end: datetime
    seats: tuple[SeatFilled, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnUnit(Command):
    """A command about one unit."""

    unit_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOff(OnUnit):
    """End the duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStatus(OnUnit):
    """One tap: both services are told in their own words. `leg` says where a transport goes."""

    status: str
    leg: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPosition(OnUnit):
    """Where the unit's device is; not an event. WGS84 degrees."""

    lon: float
    lat: float
    accuracy_m: float | None = None
    speed_mps: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeat(OnUnit):
    """A crew member leaves (custody, hospital) or is back."""

    seat: str
    present: bool
    reason: str = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn(OnUnit):
    """Whoever is alone aboard is all right: their own tap, or a room that spoke to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBreak(OnUnit):
    """When the crew is to have its break; by default as long as the scheme says, at the unit's base."""

    starts_at: datetime
    minutes: int | None = None
    site: str | None = None
    base: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBreak(OnUnit):
    """Take the planned break back."""

    base: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferUnit(OnUnit):
    """A room offers an incident to the unit."""

    incident_id: str
    base: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOffer(OnUnit):
    """The crew, or a room by voice, accepts or declines."""

    offer_id: str
    accept: bool
    reason: str | None = None
    by_voice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentToOffer(OnUnit):
    """The other room agrees or objects, where the policy asks for its consent."""

    offer_id: str
    consent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer(OnUnit):
    """The room that offered takes it back."""

    offer_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfAssign(OnUnit):
    """The crew takes a candidate by itself: both rooms are told."""

    incident_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DivertUnit(OnUnit):
    """Move a committed unit to a more pressing incident."""

    incident_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandDownUnit(OnUnit):
    """Take the joint unit off its incident."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAgency(OnUnit):
    """One service's part of the joint job is done."""

    agency: Agency


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBackup(OnUnit):
    """The crew asks for more from one service."""

    agency: Agency
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseEmergency(OnUnit):
    """The crew is in danger: both rooms at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelEmergency(OnUnit):
    """A room ends the emergency after speaking to the crew."""

    voice_contact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDistrictState(Command):
    """Move a district between baseline, exercise, live, paused and ended."""

    district: str
    status: DistrictStatus
    reason: str

"""What can happen to an incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .agency import Agency, Label
from .event_types import Event, event


@event("Incident {number} opened by the {owner} service")
@dataclass(frozen=True, slots=True)
class IncidentOpened(Event):
    """A new incident; a stub stands for one whose first message never came."""

    number: str
    owner: Agency
    stub: bool


@event("{agency} reference {foreign_id}, grade {grade}")
@dataclass(frozen=True, slots=True)
class ReferenceAdded(Event):
    """One control room's own number for the incident, with its response clock."""

    agency: Agency
    sender: str
    foreign_id: str
    epoch: int
    grade: str | None
    urgency: int
    clock_start: datetime


@event("{agency} graded it {grade}")
@dataclass(frozen=True, slots=True)
class GradeSet(Event):
    """A new grade or category of one service. An unknown code is kept with `known` false."""

    agency: Agency
    grade: str
    urgency: int
    known: bool


@event("{agency} clock stopped by {by}")
@dataclass(frozen=True, slots=True)
class ClockStopped(Event):
    """The response clock of one service stopped, by the rule of the scheme."""

    agency: Agency
    by: str


@event("{agency} typed it {type}")
@dataclass(frozen=True, slots=True)
class TypeSet(Event):
    """The joint incident type; `code` is the service's own code when the report carried one."""

    agency: Agency
    type: str | None
    code: str | None


@event("{agency} placed it")
@dataclass(frozen=True, slots=True)
class PlaceSet(Event):
    """Where it is: the log keeps the district and a coarse cell, the exact place is a payload."""

    agency: Agency
    district: str | None
    cell: str | None
    verified: bool


@event("{agency} flags: {flags}")
@dataclass(frozen=True, slots=True)
class FlagsSet(Event):
    """All flags of one service's report."""

    agency: Agency
    flags: tuple[str, ...]


@event("{agency} room's remarks")
@dataclass(frozen=True, slots=True)
class RemarksRecorded(Event):
    """A room's own words: they stay with the sender."""

    agency: Agency


@event("{agency} caller recorded")
@dataclass(frozen=True, slots=True)
class CallerRecorded(Event):
    """Who rang: stays with the sender."""

    agency: Agency


@event("{agency} shared this incident")
@dataclass(frozen=True, slots=True)
class IncidentShared(Event):
    """A person showed the incident to the other service."""

    agency: Agency


@event("{agency} shared a line")
@dataclass(frozen=True, slots=True)
class LineShared(Event):
    """A person showed one line to the other service."""

    agency: Agency


@event("Note by {agency}")
@dataclass(frozen=True, slots=True)
class NoteRecorded(Event):
    """A line with a label."""

    agency: Agency
    label: Label


@event("Visible to both services: {rule}")
@dataclass(frozen=True, slots=True)
class CandidateRecognised(Event):
    """The incident became visible to the other service, by this rule."""

    rule: str


@event("HAZARD {code} reported by {agency}")
@dataclass(frozen=True, slots=True)
class HazardReported(Event):
    """A hazard on the incident; it never lapses by the clock."""

    code: str
    agency: Agency
    holds: bool


@event("Hazard {code} taken back by {agency}")
@dataclass(frozen=True, slots=True)
class HazardCleared(Event):
    """A hazard was taken back by a person."""

    code: str
    agency: Agency


@event("Scene declared safe by police")
@dataclass(frozen=True, slots=True)
class SceneDeclaredSafe(Event):
    """A police person with the right to do so ended the hold."""

    role: str


@event("{by} asked for {asked}: {need}")
@dataclass(frozen=True, slots=True)
class OtherServiceRequested(Event):
    """One service asked for the other; `need` is clinician, police or other."""

    asked: Agency
    by: Agency
    need: str


@event("{asked} answered {answer}")
@dataclass(frozen=True, slots=True)
class OtherServiceAnswered(Event):
    """The answer to the open request."""

    asked: Agency
    answer: str
    eta_at: datetime | None


@event("{asked} arrived ({how})")
@dataclass(frozen=True, slots=True)
class OtherServiceArrived(Event):
    """The service that was asked for is there; `how` is a call sign or "reported"."""

    asked: Agency
    how: str


@event("{released} released")
@dataclass(frozen=True, slots=True)
class OtherServiceReleased(Event):
    """One of the two waiting services may leave."""

    asked: Agency
    released: Agency


@event("{by} asked {asked}: {about}")
@dataclass(frozen=True, slots=True)
class QuestionAsked(Event):
    """One room asked the other something that is no request to come; `about` is eta, release or call."""

    question_id: str
    asked: Agency
    by: Agency
    about: str


@event("{asked} answered {answer} ({about})")
@dataclass(frozen=True, slots=True)
class QuestionAnswered(Event):
    """One answer to a question; a later one stands beside the first."""

    question_id: str
    asked: Agency
    about: str
    answer: str
    eta_at: datetime | None


@event("May be the same incident as {other_id} ({score})")
@dataclass(frozen=True, slots=True)
class MatchSuggested(Event):
    """Two incidents look like one; a person decides."""

    other_id: str
    score: float
    reasons: tuple[str, ...]
    policy: str


@event("Not the same incident as {other_id}")
@dataclass(frozen=True, slots=True)
class MatchRefused(Event):
    """A person said that these are two."""

    other_id: str
    agency: Agency


@event("Joined: {merged_id} is the same incident as {into_id}")
@dataclass(frozen=True, slots=True)
class IncidentsMerged(Event):
    """A person said that these are one; stands in both streams."""

    into_id: str
    merged_id: str
    agency: Agency


@event("Parted again: {merged_id} from {into_id}")
@dataclass(frozen=True, slots=True)
class IncidentsUnmerged(Event):
    """The joining was taken back; stands in both streams."""

    into_id: str
    merged_id: str
    agency: Agency


@event("{agency} {call_sign} ({resource}): {status}")
@dataclass(frozen=True, slots=True)
class ResourceReported(Event):
    """What a room's own single-service resource does."""

    agency: Agency
    call_sign: str
    resource: str
    status: str
    eta_at: datetime | None


@event("Joint? {verdict} {score}")
@dataclass(frozen=True, slots=True)
class SuitabilityAssessed(Event):
    """The verdict as it stood: also recorded when no joint unit was sent (`occasion` "not_sent")."""

    verdict: str
    score: float
    reasons: tuple[str, ...]
    failed_gates: tuple[str, ...]
    nearest_miss: str | None
    policy: str
    occasion: str


@event("{call_sign} committed ({mode})")
@dataclass(frozen=True, slots=True)
class UnitCommitted(Event):
    """A joint unit took the incident; the unit's own stream is the authority for it."""

    unit_id: str
    call_sign: str
    mode: str


@event("{call_sign} left: {reason}")
@dataclass(frozen=True, slots=True)
class UnitReleased(Event):
    """A joint unit's commitment ended."""

    unit_id: str
    call_sign: str
    reason: str


@event("Outcome: {need}, {ended}, risk {risk_arrival} then {risk_leaving}")
@dataclass(frozen=True, slots=True)
class OutcomeRecorded(Event):
    """The crew's coding; `contexts` are "code:source" words."""

    need: str
    ended: str
    risk_arrival: str
    risk_leaving: str
    contexts: tuple[str, ...]


@event("Person {person}: {disposal}")
@dataclass(frozen=True, slots=True)
class PersonOutcomeRecorded(Event):
    """What became of one person."""

    person: int
    disposal: str
    conveyed_by: str | None
    custody: bool
    s136: bool


@event("{agency} closed its log")
@dataclass(frozen=True, slots=True)
class ReferenceClosed(Event):
    """One control room closed its own record."""

    agency: Agency


@event("Closed: {reason}")
@dataclass(frozen=True, slots=True)
class IncidentClosed(Event):
    """The incident ended; the hours are person-seconds of each service on joint units."""

    reason: str
    police_s: int
    ambulance_s: int


@event("Opened again")
@dataclass(frozen=True, slots=True)
class IncidentReopened(Event):
    """The incident is open again."""

    agency: Agency

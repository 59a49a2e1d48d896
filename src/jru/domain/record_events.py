"""What one service records of an incident for itself, and what crosses to the other by an explicit act.

The log keeps ids, person numbers, steps and times; what was written stands in parts of the owner's store. A record is
never changed: `corrects` names the earlier record that a later one replaces.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from .agency import Agency, Label
from .event_types import Event, event

OWN_LABEL = {Agency.POLICE: Label.POLICE_EVIDENCE, Agency.AMBULANCE: Label.CLINICAL}
"""Under which label each service keeps what it records at an incident."""


class RecordEvent(Event, ABC):
    """A record. `quoted`: the log of the incident may tell its words, not only that it is there."""

    __slots__ = ()
    quoted: ClassVar[bool] = False
    record_id: str

    @property
    @abstractmethod
    def label(self) -> Label:
        """Return the label under which it is kept."""

    @property
    @abstractmethod
    def owner(self) -> Agency | None:
        """Return the service whose record it is; None: both."""


class _OwnEvent(RecordEvent):
    """A record that either service makes for itself."""

    __slots__ = ()
    agency: Agency

    @property
    def label(self) -> Label:
        """Return the label under which this service keeps it."""
        return OWN_LABEL[self.agency]

    @property
    def owner(self) -> Agency:
        """Return whose record it is."""
        return self.agency


class PoliceEvent(RecordEvent):
    """A record of the police."""

    __slots__ = ()

    @property
    def label(self) -> Label:
        """Return the label of evidence."""
        return Label.POLICE_EVIDENCE

    @property
    def owner(self) -> Agency:
        """Return the police."""
        return Agency.POLICE


class ClinicalEvent(RecordEvent):
    """A record of the ambulance service about a patient."""

    __slots__ = ()

    @property
    def label(self) -> Label:
        """Return the label of patient records."""
        return Label.CLINICAL

    @property
    def owner(self) -> Agency:
        """Return the ambulance service."""
        return Agency.AMBULANCE


@event("Arrest of person {person} recorded")
@dataclass(frozen=True, slots=True)
class ArrestRecorded(PoliceEvent):
    """An arrest; offence and grounds are a part."""

    record_id: str
    person: int
    corrects: str | None


@event("Use of force on person {person} recorded by {seat}")
@dataclass(frozen=True, slots=True)
class ForceRecorded(PoliceEvent):
    """One officer's use of force; `seat` of the unit says whose, the tactics are a part."""

    record_id: str
    person: int
    corrects: str | None
    unit_id: str
    seat: str


@event("Section 136, person {person}: {step}")
@dataclass(frozen=True, slots=True)
class DetentionStepRecorded(PoliceEvent):
    """A step of a detention under section 136; the event's time is the step's."""

    record_id: str
    person: int
    corrects: str | None
    step: str


@event("Stop and search of person {person} referenced")
@dataclass(frozen=True, slots=True)
class SearchReferenced(PoliceEvent):
    """The number of a stop and search record in the force's own system is a part."""

    record_id: str
    person: int
    corrects: str | None


@event("Body-worn video of {seat} referenced")
@dataclass(frozen=True, slots=True)
class FootageReferenced(PoliceEvent):
    """The number of a body-worn video recording is a part."""

    record_id: str
    corrects: str | None
    seat: str


@event("Observations of person {person} recorded")
@dataclass(frozen=True, slots=True)
class ObservationsRecorded(ClinicalEvent):
    """One set of observations, complete or not; the values are a part."""

    record_id: str
    person: int
    corrects: str | None


@event("Findings and treatment of person {person} recorded")
@dataclass(frozen=True, slots=True)
class CareRecorded(ClinicalEvent):
    """What happened, what was found and what was done, in the clinician's words, as a part."""

    record_id: str
    person: int
    corrects: str | None


@event("Care of person {person} concluded")
@dataclass(frozen=True, slots=True)
class CareConcluded(ClinicalEvent):
    """The disposal, with the reference of the patient record: the clinical part is closed for this person."""

    record_id: str
    person: int
    corrects: str | None


@event("Referral of person {person} made")
@dataclass(frozen=True, slots=True)
class ReferralMade(ClinicalEvent):
    """To whom and why is a part."""

    record_id: str
    person: int
    corrects: str | None


@event("Person {person} described")
@dataclass(frozen=True, slots=True)
class PersonDescribed(_OwnEvent):
    """Who is involved, as one service knows them: name, age and contact are a part."""

    record_id: str
    person: int
    corrects: str | None
    agency: Agency

    @property
    def label(self) -> Label:
        """Return the label of names and contacts."""
        return Label.IDENTITY


@event("Attachment added ({media_type})")
@dataclass(frozen=True, slots=True)
class AttachmentAdded(_OwnEvent):
    """A photo or a document: its title is one part, its bytes are another. `size` in bytes as kept."""

    record_id: str
    person: int
    agency: Agency
    media_type: str
    size: int


@event("A record was withdrawn")
@dataclass(frozen=True, slots=True)
class RecordWithdrawn(_OwnEvent):
    """A record should not have been made, such as about the wrong person; it stays readable as history."""

    record_id: str
    agency: Agency


@event("Two numbers are one person")
@dataclass(frozen=True, slots=True)
class PersonsJoined(_OwnEvent):
    """A service recorded one person under two numbers; `other` is a number on the incident `other_on`.

    Nothing moves: each record keeps its number, and taking this back leaves two persons as they were.
    """

    record_id: str
    agency: Agency
    person: int
    other_on: str
    other: int


@event("Persons who were taken for one are two again")
@dataclass(frozen=True, slots=True)
class PersonsParted(RecordWithdrawn):
    """Two numbers were joined by mistake; `record_id` is that of the joining."""


@event("Shared with {to} ({basis})")
@dataclass(frozen=True, slots=True)
class FactShared(_OwnEvent):
    """A person told the other service one fact; `about` is the record that it came from."""

    quoted: ClassVar[bool] = True

    record_id: str
    about: str | None
    agency: Agency
    to: Agency
    basis: str


@event("Told by {sender} ({basis})")
@dataclass(frozen=True, slots=True)
class FactReceived(_OwnEvent):
    """The other service told one fact; the copy belongs to the service that was told."""

    quoted: ClassVar[bool] = True

    record_id: str
    agency: Agency
    sender: Agency
    basis: str


@event("Situation report by {agency}")
@dataclass(frozen=True, slots=True)
class SituationReported(RecordEvent):
    """A M/ETHANE report: both services read it. `major` tells whether a major incident was declared."""

    quoted: ClassVar[bool] = True

    record_id: str
    agency: Agency
    major: bool

    @property
    def label(self) -> Label:
        """Return the label of what both rooms work with."""
        return Label.OPERATIONAL

    @property
    def owner(self) -> None:
        """Return nobody: it is for both services."""
        return None

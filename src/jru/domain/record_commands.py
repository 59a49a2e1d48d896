"""What may be asked about the records that each service keeps of an incident.

Everything but the ids, person numbers, steps, seats and codes named as such goes to the owner's payload store.
`person` counts from 1 on this incident; persons of an incident that was joined to it count on from 101. `corrects`
names the record that this one replaces, `reason` says why.
"""

from __future__ import annotations

from dataclasses import dataclass

from .agency import Label
from .commands import OnIncident


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord(OnIncident):
    """A command about one service's own records of an incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRecord(OnRecord):
    """Record something anew, or correct an earlier record."""

    corrects: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordArrest(KeepRecord):
    """An officer arrested somebody."""

    person: int
    offence: str
    grounds: str = ""
    custody_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordForce(KeepRecord):
    """One officer used force: one record for each officer, with all their tactics. `seat` says which officer."""

    person: int
    seat: str
    tactics: tuple[str, ...]
    because: tuple[str, ...] = ()
    injured: str = "nobody"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDetentionStep(KeepRecord):
    """A step of a detention under section 136; `at` is when it happened."""

    person: int
    step: str
    safe_place: str | None = None
    conveyed_by: str | None = None
    retained_for: str | None = None
    who: str = ""
    under_18: bool | None = None
    in_dwelling: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSearch(KeepRecord):
    """Name the stop and search record of the force's own system."""

    person: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFootage(KeepRecord):
    """Name a body-worn video recording."""

    seat: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordObservations(KeepRecord):
    """A set of observations: whatever was measured. Units as in `jru.domain.news2`."""

    person: int
    respiration: int | None = None
    spo2: int | None = None
    spo2_scale: int = 1
    on_oxygen: bool | None = None
    systolic: int | None = None
    pulse: int | None = None
    consciousness: str | None = None
    temperature_c: float | None = None
    glucose_mmol: float | None = None
    pain: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCare(KeepRecord):
    """What happened to somebody, what was found, what was done."""

    person: int
    mechanism: str = ""
    findings: str = ""
    treatment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeCare(KeepRecord):
    """Close the clinical part for one person: the disposal, and the patient record's reference where there is one."""

    person: int
    disposal: str
    epcr_ref: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeReferral(KeepRecord):
    """Refer somebody to another service, safeguarding included."""

    person: int
    kind: str
    to: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribePerson(KeepRecord):
    """Who somebody is, as the own service knows them."""

    person: int
    involved_as: str = "other"
    name: str = ""
    age: int | None = None
    born: str = ""
    sex: str | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAttachment(OnRecord):
    """Keep a photo or a document under one label of the own service; `content` is clean already."""

    person: int
    label: Label
    media_type: str
    title: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRecord(OnRecord):
    """Take back a record that should not have been made; it stays readable as history."""

    record_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPersons(OnRecord):
    """Say that two numbers of the own service's records are one person; withdrawn like a record."""

    person: int
    other: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFact(OnRecord):
    """Tell the other service one fact, under a lawful basis; `about` is the record that it comes from."""

    text: str
    basis: str
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSituation(OnRecord):
    """Send a M/ETHANE report to both services."""

    major: bool
    exact_location: str = ""
    type: str = ""
    hazards: str = ""
    access: str = ""
    casualties: str = ""
    services: str = ""

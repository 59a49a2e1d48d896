"""What may be recorded of an incident by one service for itself, and shared with the other."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from jru.domain import record_commands as rc
from jru.web.api.fields import Code, CommandBody, PathIds, Reason, example

RecordId = Annotated[str, StringConstraints(pattern=r"^rec_[A-Za-z0-9_-]{1,64}$")]
PersonNumber = Annotated[
    int, Field(ge=1, le=999, description="Counted from 1 on this incident; of one joined to it, from 101.")
]
Words = Annotated[str, StringConstraints(max_length=2000)]
Remark = Annotated[str, StringConstraints(max_length=300)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Codes = Annotated[list[Code], Field(max_length=20)]


class RecordBody(CommandBody):
    """What all records share: a correction names the record that it replaces, and says why."""

    corrects: RecordId | None = None
    reason: Remark = ""


class ArrestBody(RecordBody):
    """An arrest."""

    model_config = example(
        person=1, offence="Assault occasioning actual bodily harm", grounds="Seen by officers"
    )

    person: PersonNumber
    offence: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    grounds: Words = ""
    custody_ref: Annotated[str, StringConstraints(max_length=60)] = ""

    def command(self, ids: PathIds) -> rc.RecordArrest:
        """Return the command."""
        return rc.RecordArrest(incident_id=ids.incident_id, **self.model_dump())


class ForceBody(RecordBody):
    """One officer's use of force: a record for each officer, with all their tactics."""

    model_config = example(
        person=1, seat="police_driver", tactics=["handcuffs_compliant"], because=["effect_arrest"]
    )

    person: PersonNumber
    seat: Code
    tactics: Annotated[list[Code], Field(min_length=1, max_length=20)]
    because: Codes = []
    injured: Literal["nobody", "person", "officer", "both"] = "nobody"
    note: Words = ""

    def command(self, ids: PathIds) -> rc.RecordForce:
        """Return the command."""
        given = self.model_dump(exclude={"tactics", "because"})
        return rc.RecordForce(
            incident_id=ids.incident_id, tactics=tuple(self.tactics), because=tuple(self.because), **given
        )


class DetentionBody(RecordBody):
    """A step of a detention under section 136; `at` is when it happened."""

    model_config = example(person=1, step="arrived", safe_place="health_suite")

    person: PersonNumber
    step: Code
    safe_place: Code | None = None
    conveyed_by: Code | None = None
    retained_for: Code | None = None
    who: Annotated[str, StringConstraints(max_length=120)] = ""
    under_18: bool | None = None
    in_dwelling: bool | None = None
    note: Words = ""

    def command(self, ids: PathIds) -> rc.RecordDetentionStep:
        """Return the command."""
        return rc.RecordDetentionStep(incident_id=ids.incident_id, **self.model_dump())


class SearchBody(RecordBody):
    """The number of a stop and search record in the force's own system."""

    model_config = example(person=1, reference="SS/2019/1234")

    person: PersonNumber
    reference: Reference

    def command(self, ids: PathIds) -> rc.ReferenceSearch:
        """Return the command."""
        return rc.ReferenceSearch(incident_id=ids.incident_id, **self.model_dump())


class FootageBody(RecordBody):
    """The number of a body-worn video recording."""

    model_config = example(seat="police_second", reference="BWV-0042")

    seat: Code
    reference: Reference

    def command(self, ids: PathIds) -> rc.ReferenceFootage:
        """Return the command."""
        return rc.ReferenceFootage(incident_id=ids.incident_id, **self.model_dump())


class ObservationsBody(RecordBody):
    """A set of observations; whatever was not measured is left out."""

    model_config = example(
        person=1,
        respiration=18,
        spo2=97,
        on_oxygen=False,
        systolic=124,
        pulse=88,
        consciousness="alert",
        temperature_c=36.8,
    )

    person: PersonNumber
    respiration: Annotated[int, Field(ge=0, le=80)] | None = Field(None, description="Breaths a minute.")
    spo2: Annotated[int, Field(ge=0, le=100)] | None = Field(None, description="Per cent.")
    spo2_scale: Annotated[int, Field(ge=1, le=2)] = Field(1, description="2 only where a clinician chose it.")
    on_oxygen: bool | None = Field(None, description="False: on air.")
    systolic: Annotated[int, Field(ge=0, le=300)] | None = Field(None, description="mmHg.")
    pulse: Annotated[int, Field(ge=0, le=300)] | None = Field(None, description="Beats a minute.")
    consciousness: Literal["alert", "confusion", "voice", "pain", "unresponsive"] | None = None
    temperature_c: Annotated[float, Field(ge=20, le=45, allow_inf_nan=False)] | None = None
    glucose_mmol: Annotated[float, Field(ge=0, le=50, allow_inf_nan=False)] | None = None
    pain: Annotated[int, Field(ge=0, le=10)] | None = None

    @field_validator("temperature_c", "glucose_mmol")
    @classmethod
    def _one_decimal(cls, value: float | None) -> float | None:
        return None if value is None else round(value, 1)

    def command(self, ids: PathIds) -> rc.RecordObservations:
        """Return the command."""
        return rc.RecordObservations(incident_id=ids.incident_id, **self.model_dump())


class CareBody(RecordBody):
    """What happened to somebody, what was found, what was done; at least one of them."""

    model_config = example(person=1, mechanism="Fell down three steps", findings="Swollen left ankle")

    person: PersonNumber
    mechanism: Words = ""
    findings: Words = ""
    treatment: Words = ""

    def command(self, ids: PathIds) -> rc.RecordCare:
        """Return the command."""
        return rc.RecordCare(incident_id=ids.incident_id, **self.model_dump())


class ConclusionBody(RecordBody):
    """The disposal, which is all that the clinical part needs, and the reference of the patient record."""

    model_config = example(person=1, disposal="see_and_treat", epcr_ref="ECR-2019-0815")

    person: PersonNumber
    disposal: Code
    epcr_ref: Annotated[str, StringConstraints(max_length=60)] = ""
    destination: Annotated[str, StringConstraints(max_length=80)] = ""

    def command(self, ids: PathIds) -> rc.ConcludeCare:
        """Return the command."""
        return rc.ConcludeCare(incident_id=ids.incident_id, **self.model_dump())


class ReferralBody(RecordBody):
    """A referral, safeguarding included."""

    model_config = example(person=1, kind="safeguarding_adult", to="Duty social worker", note="Lives alone")

    person: PersonNumber
    kind: Code
    to: Annotated[str, StringConstraints(max_length=120)] = ""
    note: Words = ""

    def command(self, ids: PathIds) -> rc.MakeReferral:
        """Return the command."""
        return rc.MakeReferral(incident_id=ids.incident_id, **self.model_dump())


class InvolvedBody(RecordBody):
    """Who somebody is, as the own service knows them; the other service does not see it."""

    model_config = example(person=1, involved_as="patient", name="Example Person", age=34, sex="female")

    person: PersonNumber
    involved_as: Code = "other"
    name: Annotated[str, StringConstraints(max_length=120)] = ""
    age: Annotated[int, Field(ge=0, le=130)] | None = None
    born: Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}-\d{2})?$", max_length=10)] = ""
    sex: Code | None = None
    contact: Annotated[str, StringConstraints(max_length=200)] = ""

    def command(self, ids: PathIds) -> rc.DescribePerson:
        """Return the command."""
        return rc.DescribePerson(incident_id=ids.incident_id, **self.model_dump())


class WithdrawRecordBody(CommandBody):
    """Why a record should not have been made; it stays readable as history."""

    model_config = example(reason="about another person")

    reason: Reason

    def command(self, ids: PathIds) -> rc.WithdrawRecord:
        """Return the command."""
        return rc.WithdrawRecord(
            incident_id=ids.incident_id, record_id=ids.record_id, reason=self.reason, at=self.at
        )


class JoinPersonsBody(CommandBody):
    """Two numbers of the own service's records are one person; withdraw the record if they turn out to be two."""

    model_config = example(person=1, other=2, reason="the same man, he gave another name first")

    person: PersonNumber
    other: PersonNumber
    reason: Reason

    def command(self, ids: PathIds) -> rc.JoinPersons:
        """Return the command."""
        return rc.JoinPersons(incident_id=ids.incident_id, **self.model_dump())


class FactBody(CommandBody):
    """One fact for the other service, with the lawful basis; both services keep it on record."""

    model_config = example(text="Has taken an unknown drug.", basis="vital_interests")

    text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    basis: Code
    about: RecordId | None = Field(None, description="The record that the fact comes from.")

    def command(self, ids: PathIds) -> rc.ShareFact:
        """Return the command."""
        return rc.ShareFact(incident_id=ids.incident_id, **self.model_dump())


class SituationBody(CommandBody):
    """A M/ETHANE report for both services; at least one line beside the major incident."""

    model_config = example(major=False, exact_location="Rear yard", type="Fight", casualties="2, one serious")

    major: bool
    exact_location: Remark = ""
    type: Remark = ""
    hazards: Remark = ""
    access: Remark = ""
    casualties: Remark = ""
    services: Remark = ""

    def command(self, ids: PathIds) -> rc.ReportSituation:
        """Return the command."""
        return rc.ReportSituation(incident_id=ids.incident_id, **self.model_dump())

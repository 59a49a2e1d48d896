"""The records that may leave the product, each field with its label. Names are those of the public interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jru.domain.agency import Label

from .access import Gate, Owned, Relation, label
from .alert_records import AlertRecord
from .part_records import PART_RECORDS
from .retention_records import RetentionRecord

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """A joint incident as a list row."""

    relation: Relation
    id: str = label(Label.OPERATIONAL)
    number: str = label(Label.OPERATIONAL)
    phase: str = label(Label.OPERATIONAL)
    stub: bool = label(Label.OPERATIONAL)
    owner: str = label(Label.OPERATIONAL)
    joint: bool = label(Label.OPERATIONAL)
    refs: tuple[Row, ...] = label(Label.OPERATIONAL)
    type: Row | None = label(Label.OPERATIONAL)
    place: Row | None = label(Label.OPERATIONAL)
    opened_at: str = label(Label.OPERATIONAL)
    since: str = label(Label.OPERATIONAL)
    flags: tuple[str, ...] = label(Label.OPERATIONAL)
    hazards: tuple[Row, ...] = label(Label.SAFETY)
    scene_safe: Row | None = label(Label.SAFETY)
    rvp: Row | None = label(Label.SAFETY)
    candidate: Row | None = label(Label.OPERATIONAL)
    visible_to: tuple[str, ...] = label(Label.OPERATIONAL)
    suitability: Row = label(Label.OPERATIONAL)
    waits: tuple[Row, ...] = label(Label.OPERATIONAL)
    questions: tuple[Row, ...] = label(Label.OPERATIONAL)
    units: tuple[Row, ...] = label(Label.OPERATIONAL)
    offers: tuple[Row, ...] = label(Label.OPERATIONAL)
    resources: tuple[Row, ...] = label(Label.OPERATIONAL)
    matches: tuple[Row, ...] = label(Label.OPERATIONAL)
    due: Row = label(Label.OPERATIONAL)
    closed_at: str | None = label(Label.OPERATIONAL)
    bases: tuple[Owned, ...] = label(Label.OPERATIONAL)


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """What the pane shows beyond the row. The log is a tuple of owned lines, filtered by label before."""

    relation: Relation
    suitability_full: Row = label(Label.OPERATIONAL)
    merged: tuple[Row, ...] = label(Label.OPERATIONAL)
    outcome: Row | None = label(Label.OPERATIONAL)
    persons: tuple[Row, ...] = label(Label.OPERATIONAL)
    own: tuple[Owned, ...] = label(Label.OPERATIONAL)
    hours: Row | None = label(Label.OPERATIONAL)
    lines: tuple[Row, ...] = label(Label.OPERATIONAL)
    remarks: tuple[Owned, ...] = label(Label.IDENTITY)
    caller: tuple[Owned, ...] = label(Label.IDENTITY)


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit on duty as a list row."""

    relation: Relation
    id: str = label(Label.OPERATIONAL)
    call_sign: str = label(Label.OPERATIONAL)
    district: str = label(Label.OPERATIONAL)
    vehicle_id: str = label(Label.OPERATIONAL)
    status: str = label(Label.OPERATIONAL)
    word: str = label(Label.OPERATIONAL)
    police_code: str = label(Label.OPERATIONAL)
    police_word: str = label(Label.OPERATIONAL)
    ambulance_word: str = label(Label.OPERATIONAL)
    status_at: str = label(Label.OPERATIONAL)
    late: bool = label(Label.OPERATIONAL)
    against_hold: bool = label(Label.SAFETY)
    seats: tuple[Row, ...] = label(Label.OPERATIONAL)
    names: tuple[Owned, ...] = label(Label.STAFF)
    joint_complete: bool = label(Label.OPERATIONAL)
    capability: str = label(Label.OPERATIONAL)
    alone: Row | None = label(Label.SAFETY)
    incident_id: str | None = label(Label.OPERATIONAL)
    incident_number: str | None = label(Label.OPERATIONAL)
    position: Row | None = label(Label.OPERATIONAL)
    duty: Row = label(Label.OPERATIONAL)
    break_due_at: str | None = label(Label.OPERATIONAL)
    breaks: Row = label(Label.OPERATIONAL)
    offer: Row | None = label(Label.OPERATIONAL)
    emergency: Row | None = label(Label.SAFETY)
    released: Row = label(Label.OPERATIONAL)
    backup: tuple[Row, ...] = label(Label.OPERATIONAL)
    due: Row = label(Label.OPERATIONAL)
    wait: Row | None = label(Label.OPERATIONAL)
    briefed: Row = label(Label.OPERATIONAL)
    briefed_names: tuple[Owned, ...] = label(Label.STAFF)
    next: tuple[str, ...] = label(Label.OPERATIONAL)
    bases: Row = label(Label.OPERATIONAL)
    base: str = label(Label.OPERATIONAL)


@dataclass(frozen=True, slots=True)
class RecommendationRecord:
    """Which unit, why, and what otherwise."""

    relation: Relation
    incident_id: str = label(Label.OPERATIONAL)
    computed_at: str = label(Label.OPERATIONAL)
    verdict: str = label(Label.OPERATIONAL)
    score: float = label(Label.OPERATIONAL)
    sentence: str = label(Label.OPERATIONAL)
    nearest_miss: str | None = label(Label.OPERATIONAL)
    target: str = label(Label.SAFETY)
    rvp: Row | None = label(Label.SAFETY)
    units: tuple[Row, ...] = label(Label.OPERATIONAL)
    otherwise: Row = label(Label.OPERATIONAL)
    plan: str = label(Label.OPERATIONAL)
    rule: str = label(Label.OPERATIONAL)
    refusal: str | None = label(Label.OPERATIONAL)


@dataclass(frozen=True, slots=True)
class DutyRecord:
    """One duty of a unit, for those who plan: seats and skills are both services', names each one's own."""

    relation: Relation
    call_sign: Owned = label(Label.STAFF)
    district: Owned = label(Label.STAFF)
    duty_start: Owned = label(Label.STAFF)
    duty_end: Owned = label(Label.STAFF)
    booked_on_at: Owned = label(Label.STAFF)
    booked_off_at: Owned = label(Label.STAFF)
    seats: tuple[Owned, ...] = label(Label.STAFF)
    names: tuple[Owned, ...] = label(Label.STAFF)


@dataclass(frozen=True, slots=True)
class OwnDutyRecord:
    """One duty of the person who looks, and of nobody else."""

    relation: Relation
    unit_id: Owned = label(Label.STAFF)
    call_sign: Owned = label(Label.STAFF)
    district: Owned = label(Label.STAFF)
    booked_on_at: Owned = label(Label.STAFF)
    booked_off_at: Owned = label(Label.STAFF)
    minutes: Owned = label(Label.STAFF)
    seat: Owned = label(Label.STAFF)
    role: Owned = label(Label.STAFF)
    qualifications: Owned = label(Label.STAFF)
    jobs: Owned = label(Label.STAFF)
    recorded: Owned = label(Label.STAFF)
    debrief: Owned = label(Label.STAFF)


@dataclass(frozen=True, slots=True)
class VehicleRecord:
    """A joint vehicle with its kit lists."""

    relation: Relation
    id: str = label(Label.OPERATIONAL)
    registration: str = label(Label.OPERATIONAL)
    call_sign: str = label(Label.OPERATIONAL)
    base: str = label(Label.OPERATIONAL)
    seats: int = label(Label.OPERATIONAL)
    kit: tuple[Row, ...] = label(Label.OPERATIONAL)
    on_duty: Row | None = label(Label.OPERATIONAL)


@dataclass(frozen=True, slots=True)
class CodedIncidentRecord:
    """One service's incident for an analyst: a pseudonym, a coarse cell, an hour and codes."""

    relation: Relation
    pseudonym: Owned = label(Label.OPERATIONAL)
    hour: Owned = label(Label.OPERATIONAL)
    district: Owned = label(Label.OPERATIONAL)
    cell: Owned = label(Label.OPERATIONAL)
    type: Owned = label(Label.OPERATIONAL)
    grade: Owned = label(Label.OPERATIONAL)
    flags: tuple[Owned, ...] = label(Label.OPERATIONAL)
    joint_units: Owned = label(Label.OPERATIONAL)
    need: Owned = label(Label.OPERATIONAL)
    ended: Owned = label(Label.OPERATIONAL)
    waits: tuple[Owned, ...] = label(Label.OPERATIONAL)


@dataclass(frozen=True, slots=True)
class FiguresRecord:
    """Counts of a period by district."""

    relation: Relation
    since: str = label(Label.STATISTICS)
    until: str = label(Label.STATISTICS)
    measures: tuple[Row, ...] = label(Label.STATISTICS)


@dataclass(frozen=True, slots=True)
class CrossingRecord:
    """One thing that crossed between the services: a reference, and who it was for the own service only."""

    relation: Relation
    at: str = label(Label.OPERATIONAL)
    kind: str = label(Label.OPERATIONAL)
    basis: str | None = label(Label.OPERATIONAL)
    incident_id: str = label(Label.OPERATIONAL)
    incident_number: str | None = label(Label.OPERATIONAL)
    other_number: str | None = label(Label.OPERATIONAL)
    agency: str = label(Label.OPERATIONAL)
    role: str | None = label(Label.OPERATIONAL)
    labels: tuple[str, ...] = label(Label.OPERATIONAL)
    actor: Owned = label(Label.OPERATIONAL)


RECORDS = (
    IncidentRecord,
    IncidentDetail,
    UnitRecord,
    RecommendationRecord,
    DutyRecord,
    OwnDutyRecord,
    VehicleRecord,
    CodedIncidentRecord,
    FiguresRecord,
    CrossingRecord,
    *PART_RECORDS,
    RetentionRecord,
    AlertRecord,
)


def default_gate() -> Gate:
    """Return the gate over all records; raises TypeError when a field has no label."""
    return Gate(RECORDS)

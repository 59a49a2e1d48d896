"""What each service has recorded of an incident, as it may leave the product: each field with its label."""

from __future__ import annotations

from dataclasses import dataclass

from jru.domain.agency import Label

from .access import Owned, Relation, label


@dataclass(frozen=True, slots=True)
class PolicePart:
    """The police part of an incident."""

    relation: Relation
    incident_id: str = label(Label.OPERATIONAL)
    number: str = label(Label.OPERATIONAL)
    joined: tuple[Owned, ...] = label(Label.POLICE_EVIDENCE)
    involved: tuple[Owned, ...] = label(Label.IDENTITY)
    arrests: tuple[Owned, ...] = label(Label.POLICE_EVIDENCE)
    force: tuple[Owned, ...] = label(Label.POLICE_EVIDENCE)
    detentions: tuple[Owned, ...] = label(Label.POLICE_EVIDENCE)
    searches: tuple[Owned, ...] = label(Label.POLICE_EVIDENCE)
    footage: tuple[Owned, ...] = label(Label.POLICE_EVIDENCE)
    attachments: tuple[Owned, ...] = label(Label.POLICE_EVIDENCE)
    shared: tuple[Owned, ...] = label(Label.POLICE_EVIDENCE)
    received: tuple[Owned, ...] = label(Label.POLICE_EVIDENCE)


@dataclass(frozen=True, slots=True)
class ClinicalPart:
    """The clinical part of an incident."""

    relation: Relation
    incident_id: str = label(Label.OPERATIONAL)
    number: str = label(Label.OPERATIONAL)
    joined: tuple[Owned, ...] = label(Label.CLINICAL)
    involved: tuple[Owned, ...] = label(Label.IDENTITY)
    observations: tuple[Owned, ...] = label(Label.CLINICAL)
    care: tuple[Owned, ...] = label(Label.CLINICAL)
    referrals: tuple[Owned, ...] = label(Label.CLINICAL)
    concluded: tuple[Owned, ...] = label(Label.CLINICAL)
    attachments: tuple[Owned, ...] = label(Label.CLINICAL)
    shared: tuple[Owned, ...] = label(Label.CLINICAL)
    received: tuple[Owned, ...] = label(Label.CLINICAL)


@dataclass(frozen=True, slots=True)
class AttachmentFile:
    """The bytes of an attachment, in base64."""

    relation: Relation
    media_type: str = label(Label.OPERATIONAL)
    police: Owned = label(Label.POLICE_EVIDENCE)
    clinical: Owned = label(Label.CLINICAL)


PART_RECORDS = (PolicePart, ClinicalPart, AttachmentFile)

"""Who answers for facts with each label, and under which law: the register that the partners' agreement confirms.

A service answers for what it enters. The register says what the product assumes until the partners have agreed; what
the product enforces is the label table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .agency import Agency, Label


class Regime(StrEnum):
    """What a controller processes for, and the part of the Data Protection Act that holds then."""

    LAW_ENFORCEMENT = "law enforcement (DPA 2018, Part 3)"
    HEALTH = "health care (UK GDPR; DPA 2018, Part 2)"
    EMPLOYMENT = "employment (UK GDPR; DPA 2018, Part 2)"
    NONE = "no personal data"


@dataclass(frozen=True, slots=True)
class Responsibility:
    """What one service answers for under one label. `holds` says what it enters; "" means that it enters nothing."""

    regime: Regime
    basis: str
    holds: str


_POLICING = "policing by statute and common law; a condition of Schedule 8"
_CARE = "public task (Article 6(1)(e)) and health care (Article 9(2)(h))"
_EMPLOYER = "duties of an employer and a public authority (Article 6(1)(c), (e))"
_VITAL = "public task (Article 6(1)(e)), vital interests and health care (Article 9(2)(c), (h))"
_ENTERS_NONE = Responsibility(Regime.NONE, "", "")
_COUNTS = Responsibility(Regime.NONE, "counts below five are left out", "counts of its own rows")

RESPONSIBILITIES: Mapping[Label, Mapping[Agency, Responsibility]] = {
    Label.OPERATIONAL: {
        Agency.POLICE: Responsibility(
            Regime.LAW_ENFORCEMENT, _POLICING, "place, type, times, number and statuses of its own calls"
        ),
        Agency.AMBULANCE: Responsibility(
            Regime.HEALTH, _CARE, "place, type, times, number and statuses of its own calls"
        ),
    },
    Label.SAFETY: {
        Agency.POLICE: Responsibility(
            Regime.LAW_ENFORCEMENT, _POLICING, "hazards it reports or clears, without the source; scene safe"
        ),
        Agency.AMBULANCE: Responsibility(Regime.HEALTH, _VITAL, "hazards it reports or clears"),
    },
    Label.IDENTITY: {
        Agency.POLICE: Responsibility(
            Regime.LAW_ENFORCEMENT, _POLICING, "callers, persons and remarks that it takes down"
        ),
        Agency.AMBULANCE: Responsibility(
            Regime.HEALTH, _CARE, "callers, patients and remarks that it takes down"
        ),
    },
    Label.CLINICAL: {
        Agency.POLICE: _ENTERS_NONE,
        Agency.AMBULANCE: Responsibility(
            Regime.HEALTH,
            _CARE,
            "observations, care, referrals, disposal and the reference of the patient record",
        ),
    },
    Label.POLICE_INTEL: {
        Agency.POLICE: Responsibility(Regime.LAW_ENFORCEMENT, _POLICING, "intelligence"),
        Agency.AMBULANCE: _ENTERS_NONE,
    },
    Label.POLICE_EVIDENCE: {
        Agency.POLICE: Responsibility(
            Regime.LAW_ENFORCEMENT,
            _POLICING,
            "arrest, use of force, detention, search and footage references",
        ),
        Agency.AMBULANCE: _ENTERS_NONE,
    },
    Label.STAFF: {
        Agency.POLICE: Responsibility(
            Regime.EMPLOYMENT, _EMPLOYER, "names and duties of its own crew members"
        ),
        Agency.AMBULANCE: Responsibility(
            Regime.EMPLOYMENT, _EMPLOYER, "names and duties of its own crew members"
        ),
    },
    Label.STATISTICS: dict.fromkeys(Agency, _COUNTS),
}
"""Label and service. A detention under section 136 and a welfare call are not always law enforcement: the police's
data protection officer decides which of its rows are general processing instead."""

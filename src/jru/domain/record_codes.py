"""The words of the records that each service keeps: code to what people read."""

from __future__ import annotations

from typing import Final

from .agency import Agency
from .news2 import CONSCIOUSNESS

TACTICS: Final = {
    "tactical_communication": "Tactical communication",
    "handcuffs_compliant": "Handcuffs, compliant",
    "handcuffs_not_compliant": "Handcuffs, not compliant",
    "unarmed_skills": "Unarmed skills",
    "ground_restraint": "Ground restraint",
    "limb_restraints": "Limb or body restraints",
    "spit_guard": "Spit guard",
    "baton_drawn": "Baton drawn",
    "baton_used": "Baton used",
    "irritant_drawn": "Irritant spray drawn",
    "irritant_used": "Irritant spray used",
    "ced_drawn": "Taser drawn or aimed",
    "ced_fired": "Taser fired",
    "shield": "Shield",
    "dog": "Dog",
    "other": "Other",
}
FORCE_REASONS: Final = {
    "protect_self": "Protect self",
    "protect_officer": "Protect a colleague",
    "protect_public": "Protect the public",
    "protect_person": "Protect the person",
    "prevent_offence": "Prevent an offence",
    "prevent_escape": "Prevent an escape",
    "effect_arrest": "Make an arrest",
    "effect_search": "Make a search",
    "secure_evidence": "Secure evidence",
    "other": "Other",
}
INJURED: Final = {"nobody": "Nobody", "person": "The person", "officer": "An officer", "both": "Both"}
DETENTION_STEPS: Final = {
    "power_used": "Power used",
    "consulted": "Health professional consulted",
    "ambulance_requested": "Ambulance asked for",
    "ambulance_arrived": "Ambulance there",
    "conveyed": "Left for the place of safety",
    "arrived": "Arrived at the place of safety",
    "kept": "Decided to keep the person where they are",
    "police_retained": "Police kept there",
    "handed_over": "Handed over",
    "extended": "Extended by 12 hours",
    "ended": "Ended",
}
"""Steps of a detention under section 136 of the Mental Health Act 1983, in the usual order."""

SAFE_PLACES: Final = {
    "health_suite": "Health-based place of safety",
    "emergency_department": "Emergency department",
    "police_station": "Police station",
    "private_home": "Private home, with consent",
    "other": "Other suitable place",
}
CONVEYED_BY: Final = {"ambulance": "Ambulance", "joint_unit": "Joint unit", "police": "Police vehicle"}
RETAINED_FOR: Final = {"risk": "Risk", "staffing": "Staffing", "transfer": "Transfer", "other": "Other"}
REFERRALS: Final = {
    "safeguarding_adult": "Safeguarding, adult",
    "safeguarding_child": "Safeguarding, child",
    "mental_health": "Mental health team",
    "gp": "General practitioner",
    "community": "Community or falls team",
    "alcohol_drugs": "Alcohol or drugs service",
    "domestic_abuse": "Domestic abuse service",
    "other": "Other",
}
INVOLVED_AS: Final = {
    "patient": "Patient",
    "suspect": "Suspect",
    "victim": "Victim",
    "witness": "Witness",
    "caller": "Caller",
    "other": "Other",
}
SEXES: Final = {"female": "Female", "male": "Male", "other": "Other", "not_known": "Not known"}
LAWFUL_BASES: Final = {
    "vital_interests": "To protect somebody's life or from serious harm",
    "safeguarding": "To safeguard a child or an adult at risk",
    "crime": "To prevent, detect or prosecute a serious crime",
    "legal_duty": "A law or a court requires it",
    "consent": "The person agreed",
    "public_task": "Needed for the task of this incident",
}
"""Why a fact may cross from one service to the other; the partners' sharing agreement says which apply when."""

SITUATION: Final = {
    "exact_location": "Exact location",
    "type": "Type",
    "hazards": "Hazards",
    "access": "Access",
    "casualties": "Number of casualties",
    "services": "Emergency services",
}
"""The lines of a M/ETHANE report after its first, the major incident."""

RECORD_CODES: Final[dict[str, dict[str, str]]] = {
    "basis": LAWFUL_BASES,
    "consciousness": CONSCIOUSNESS,
    "involved_as": INVOLVED_AS,
    "sex": SEXES,
}
"""The words that both services use."""

OWN_CODES: Final[dict[Agency, dict[str, dict[str, str]]]] = {
    Agency.POLICE: {
        "because": FORCE_REASONS,
        "conveyed_by": CONVEYED_BY,
        "injured": INJURED,
        "retained_for": RETAINED_FOR,
        "safe_place": SAFE_PLACES,
        "step": DETENTION_STEPS,
        "tactics": TACTICS,
    },
    Agency.AMBULANCE: {"kind": REFERRALS},
}
"""The words of each service's own forms."""

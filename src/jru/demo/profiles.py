"""What a call of each type is like: grades, flags, hazards, drink, and words. Invented; shares are assumed.

A share is the chance that a call of the type has the property. Grades are the blueprint's own codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

Shares = dict[str, float]


@dataclass(frozen=True, slots=True)
class Profile:
    """One type of call. `police` and `ambulance` are the grades each service gives it, with their shares."""

    police: Shares
    ambulance: Shares
    words: tuple[str, ...]
    flags: Shares = field(default_factory=dict)
    hazards: Shares = field(default_factory=dict)
    alcohol: float = 0.0
    tense: float = 0.2


_URGENT: Final = {"1": 0.35, "2": 0.65}
_PROMPT: Final = {"1": 0.10, "2": 0.70, "3": 0.20}
_LATER: Final = {"2": 0.25, "3": 0.55, "4": 0.20}
_C_HURT: Final = {"C2": 0.35, "C3": 0.60, "C4": 0.05}
_C_LOW: Final = {"C3": 0.75, "C4": 0.25}
_C_HIGH: Final = {"C1": 0.10, "C2": 0.70, "C3": 0.20}

PROFILES: Final[dict[str, Profile]] = {
    "assault_injury": Profile(
        _URGENT,
        _C_HURT,
        (
            "Male punched outside a pub, bleeding from the face.",
            "Two people hurt after an assault, one on the ground.",
        ),
        {
            "injury": 1.0,
            "violence": 1.0,
            "suspect_present": 0.25,
            "crime_in_progress": 0.4,
            "unconscious": 0.05,
        },
        {"weapon": 0.03, "crowd": 0.05},
        alcohol=0.55,
        tense=0.45,
    ),
    "fight": Profile(
        _URGENT,
        _C_HURT,
        ("Group fighting in the street, about six people.", "Two males fighting outside a takeaway."),
        {"violence": 1.0, "injury": 0.35, "crime_in_progress": 0.7, "suspect_present": 0.5},
        {"weapon": 0.03, "crowd": 0.12},
        alcohol=0.6,
        tense=0.55,
    ),
    "domestic_abuse_injury": Profile(
        _URGENT,
        _C_HURT,
        (
            "Caller says partner has hurt them, small cut to the arm.",
            "Neighbour hears shouting; one person hurt.",
        ),
        {"injury": 0.7, "violence": 1.0, "domestic_abuse": 1.0, "suspect_present": 0.4, "child": 0.25},
        {"weapon": 0.03, "violence_marker": 0.15},
        alcohol=0.4,
        tense=0.45,
    ),
    "sexual_offence": Profile(
        {"1": 0.3, "2": 0.7},
        {"C2": 0.3, "C3": 0.7},
        ("Report of a sexual offence, person is safe now.",),
        {"crime_in_progress": 0.3},
        alcohol=0.3,
    ),
    "weapons": Profile(
        {"1": 1.0},
        {"C1": 0.1, "C2": 0.9},
        ("Caller has seen a male with a knife.", "Person cut in a dispute, knife mentioned."),
        {"violence": 1.0, "injury": 0.5, "suspect_present": 0.5, "crime_in_progress": 1.0},
        {"weapon": 1.0},
        alcohol=0.35,
        tense=0.7,
    ),
    "custody_injury": Profile(
        {"2": 0.7, "3": 0.3},
        {"C3": 0.9, "C4": 0.1},
        ("Detained person has a head wound, officers ask for a clinician.",),
        {"in_custody": 1.0, "injury": 1.0},
        alcohol=0.5,
    ),
    "public_order": Profile(
        _PROMPT,
        _C_LOW,
        ("Male shouting threats at passers-by.", "Customer refuses to leave and threatens staff."),
        {"violence": 0.25},
        alcohol=0.5,
        tense=0.4,
    ),
    "antisocial_behaviour": Profile(
        _LATER,
        _C_LOW,
        (
            "Youths making noise in a car park.",
            "Loud music and shouting for an hour.",
            "Off-road bikes on the field.",
        ),
        alcohol=0.2,
    ),
    "crime_no_injury": Profile(
        _LATER,
        _C_LOW,
        (
            "Window broken, nobody there now.",
            "Bag taken from a parked car.",
            "Fence damaged by persons unknown.",
        ),
    ),
    "drugs": Profile(
        _PROMPT,
        {"C2": 0.4, "C3": 0.6},
        ("Male unwell after taking something, agitated.",),
        {"drugs": 1.0, "unconscious": 0.1},
        {"needles": 0.1},
        alcohol=0.3,
        tense=0.4,
    ),
    "drunk_incapable": Profile(
        _PROMPT,
        {"C2": 0.15, "C3": 0.70, "C4": 0.15},
        (
            "Person asleep on the pavement, smells of drink.",
            "Female very drunk, cannot stand, friends have left.",
        ),
        {"alcohol": 1.0, "unconscious": 0.12, "vulnerable_adult": 0.2},
        alcohol=1.0,
        tense=0.3,
    ),
    "mental_health_crisis": Profile(
        {"1": 0.2, "2": 0.6, "3": 0.2},
        {"C2": 0.25, "C3": 0.75},
        (
            "Caller says friend is in crisis and talks of ending it.",
            "Distressed person on a footbridge, staff talking.",
        ),
        {"mental_health": 1.0, "risk_to_life": 0.35, "self_harm": 0.3, "section_136": 0.12},
        alcohol=0.3,
        tense=0.35,
    ),
    "welfare_concern": Profile(
        {"2": 0.4, "3": 0.6},
        _C_LOW,
        ("Neighbour not seen for two days.", "Caller worried about a relative who does not answer."),
        {"vulnerable_adult": 0.5, "behind_door": 0.2},
    ),
    "collapse_behind_door": Profile(
        {"1": 0.5, "2": 0.5},
        {"C2": 0.8, "C3": 0.2},
        ("Person on the floor behind a locked door, answers faintly.",),
        {"behind_door": 1.0, "risk_to_life": 0.6, "injury": 0.3},
    ),
    "rtc_injury": Profile(
        {"1": 0.6, "2": 0.4},
        {"C2": 0.55, "C3": 0.45},
        (
            "Two cars collided at a junction, one driver holds the neck.",
            "Car into a wall, driver out and walking.",
        ),
        {"injury": 1.0, "trapped": 0.06},
        {"live_traffic": 0.6},
        alcohol=0.15,
    ),
    "overdose_self_harm": Profile(
        {"1": 0.5, "2": 0.5},
        _C_HIGH,
        ("Person has taken tablets, awake and talking.", "Cuts to the arm, caller holding a towel on it."),
        {"self_harm": 1.0, "mental_health": 1.0, "risk_to_life": 0.3, "injury": 0.5},
        alcohol=0.35,
        tense=0.25,
    ),
    "cardiac_arrest": Profile(
        {"1": 1.0},
        {"C1": 1.0},
        ("Person collapsed, not breathing, bystander doing compressions.",),
        {"not_breathing": 1.0, "unconscious": 1.0},
    ),
    "sudden_death": Profile(
        {"2": 1.0},
        {"C3": 1.0},
        ("Person found dead at home, no sign of anything else.",),
    ),
    "child_at_risk": Profile(
        _URGENT,
        {"C3": 1.0},
        ("Child alone in the street at night.",),
        {"child": 1.0},
    ),
    "fall": Profile(
        _LATER,
        {"C2": 0.1, "C3": 0.65, "C4": 0.25},
        ("Person fell on the stairs, hip pain.", "Fell off the kerb, ankle swollen."),
        {"injury": 1.0},
        alcohol=0.2,
    ),
    "breathing_chest_pain": Profile(
        _LATER,
        {"C1": 0.05, "C2": 0.95},
        ("Short of breath since the afternoon.", "Chest pain for twenty minutes."),
    ),
    "medical_other": Profile(
        _LATER,
        {"C2": 0.2, "C3": 0.6, "C4": 0.2},
        ("High temperature and shivering.", "Dizzy and vomiting since the evening."),
        alcohol=0.08,
    ),
}

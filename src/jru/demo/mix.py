"""How many calls of which type come to which service in a week, and how many of them need both services.

Anchors: the counts of police-recorded demand per small area (data.police.uk, three months); mental health is 7 % of
police calls in Kent (Kent Police, 2022); 28.2 % of ambulance call-outs at weekend nights have to do with alcohol
(Scotland); the two services ask each other for help about 15,000 times a year in Kent (AACE, Joint response unit).
What lies between these anchors is assumed, is named so here and in the summary, and must not be quoted as a figure
of Kent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jru.demo.areas import COUNTED_DAYS, AreaDemand
from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint

CROSS_REQUESTS_A_YEAR: Final = 15_000
"""How often the two services ask each other in all of Kent (AACE, Joint response unit)."""

FOUR_DISTRICTS_SHARE: Final = 2_975 / 7_699
"""Share of Kent's recorded violence in the four districts, October 2018 (data.police.uk)."""

MENTAL_HEALTH_SHARE: Final = 0.07
"""Share of police calls that concern mental health (Kent Police, 2022: 36,417 of 504,645)."""

ALCOHOL_SHARE: Final = 0.282
"""Share of ambulance call-outs related to alcohol at weekends from 18:00 to 06:00 (Scotland)."""

CALLED_IN: Final = {
    "violence_sexual": 0.45,
    "asb": 0.90,
    "public_order": 0.60,
    "drugs": 0.50,
    "criminal_damage_arson": 0.30,
    "other": 0.12,
}
"""Share of the records that were a call for attendance at that time; assumed (the rest are reported later)."""

RECORD_TYPES: Final = {
    "violence_sexual": {
        "assault_injury": 0.34,
        "fight": 0.25,
        "domestic_abuse_injury": 0.14,
        "public_order": 0.17,
        "sexual_offence": 0.04,
        "weapons": 0.03,
        "custody_injury": 0.03,
    },
    "asb": {"antisocial_behaviour": 0.85, "drunk_incapable": 0.15},
    "public_order": {"public_order": 0.8, "fight": 0.2},
    "drugs": {"drugs": 1.0},
    "criminal_damage_arson": {"crime_no_injury": 1.0},
    "other": {"crime_no_injury": 1.0},
}
"""What a called-in record of a group was; assumed."""

POLICE_OTHER: Final = {
    "mental_health_crisis": MENTAL_HEALTH_SHARE,
    "welfare_concern": 0.06,
    "rtc_injury": 0.04,
    "drunk_incapable": 0.02,
    "collapse_behind_door": 0.01,
    "child_at_risk": 0.01,
    "overdose_self_harm": 0.01,
    "sudden_death": 0.005,
}
"""Share of all police calls that are no recorded crime; mental health as stated, the others assumed."""

AMBULANCE_PER_POLICE: Final = 0.55
"""Ambulance calls shown for each police call; assumed: a sample of the service's load that includes most of the
calls that may need both services, and single-service illness for scale."""

AMBULANCE_TYPES: Final = {
    "drunk_incapable": 0.115,
    "assault_injury": 0.07,
    "fight": 0.02,
    "drugs": 0.04,
    "overdose_self_harm": 0.07,
    "mental_health_crisis": 0.06,
    "domestic_abuse_injury": 0.01,
    "rtc_injury": 0.03,
    "welfare_concern": 0.02,
    "collapse_behind_door": 0.02,
    "cardiac_arrest": 0.015,
    "sudden_death": 0.005,
    "fall": 0.15,
    "breathing_chest_pain": 0.18,
    "medical_other": 0.14,
}
"""What ambulance calls of an evening are; drink with the flags of `profiles` makes the stated share, rest assumed."""

OTHER: Final = "other calls"
"""The group of calls that no public record counts."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One stream of calls: whose, counted by which group of records, of which type, how many a week."""

    agency: Agency
    group: str
    type_id: str
    a_week: float


def weekly_flows(areas: tuple[AreaDemand, ...]) -> tuple[Flow, ...]:
    """Return every stream of calls with its weekly volume in all areas together, in a fixed order."""
    weeks = COUNTED_DAYS / 7
    flows = []
    for group, types in RECORD_TYPES.items():
        called_in = sum(area.records[group] for area in areas) / weeks * CALLED_IN[group]
        flows += [Flow(Agency.POLICE, group, type_id, called_in * share) for type_id, share in types.items()]
    police = sum(flow.a_week for flow in flows) / (1 - sum(POLICE_OTHER.values()))
    flows += [Flow(Agency.POLICE, OTHER, type_id, police * share) for type_id, share in POLICE_OTHER.items()]
    ambulance = police * AMBULANCE_PER_POLICE / sum(AMBULANCE_TYPES.values())
    flows += [
        Flow(Agency.AMBULANCE, OTHER, type_id, ambulance * share)
        for type_id, share in AMBULANCE_TYPES.items()
    ]
    return tuple(flows)


def need_factor(flows: tuple[Flow, ...], blueprint: Blueprint) -> float:
    """Return by what to multiply a type's joint need so that the week has the stated number of cross requests.

    The blueprint's joint need ranks the types; its level is a proposal, while how often the services really ask each
    other is stated: 15,000 x share of the districts / 52.18 a week.
    """
    by_policy = sum(flow.a_week * blueprint.types[flow.type_id].joint_need for flow in flows)
    return CROSS_REQUESTS_A_YEAR * FOUR_DISTRICTS_SHARE / 52.18 / by_policy

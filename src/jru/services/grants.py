"""Who may know what, as data: the label table, whom each role stands in a relation to, and for which purpose.

The partners' information sharing agreement is the authority for this table; the table is what the program does.
A role that stands in no row, a label without a grant and a kind of record without a relation are denied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from jru.domain.agency import Label, Role


class Purpose(StrEnum):
    """Why somebody looks."""

    RESPONSE = "response"
    SUPERVISION = "supervision"
    REVIEW = "review"
    PLANNING = "planning"
    EVALUATION = "evaluation"
    ADMINISTRATION = "administration"


class Grant(StrEnum):
    """What a role may do with a label.

    Read; read and write; read what its own service owns; that while the incident is open; read and write what its
    own service owns.
    """

    READ = "r"
    WRITE = "rw"
    OWN = "own"
    OWN_OPEN = "own open"
    OWN_WRITE = "own rw"


WRITING = frozenset({Grant.WRITE, Grant.OWN_WRITE})
OWN_ONLY = frozenset({Grant.OWN, Grant.OWN_OPEN, Grant.OWN_WRITE})


class Subject(StrEnum):
    """What a record is about."""

    INCIDENT = "incident"
    UNIT = "unit"
    DUTY = "duty"
    VEHICLE = "vehicle"
    CODED_INCIDENT = "coded incident"
    FIGURES = "figures"
    RETENTION = "retention"
    CROSSING = "crossing"
    OWN_RECORD = "own record"


class Reach(StrEnum):
    """How a role stands to a kind of record, in words that finish "because this person …"."""

    ASSIGNED = "rides on the unit that is on it or may take it"
    CONTROLS = "works in a control room that it concerns"
    WORKS_OPEN = "advises on it while it is open"
    SUPERVISES = "supervises the duty that it belongs to"
    REVIEWS = "reviews the records of the own service"
    PLANS = "plans the duties of the own service"
    KEEPS = "keeps the vehicles, kit or medicines of the scheme"
    COUNTS = "sees figures and rows without persons"
    OWN = "is the person whom it is about"


@dataclass(frozen=True, slots=True)
class Rights:
    """One role's row."""

    words: str
    purpose: Purpose
    reach: Mapping[Subject, Reach]
    grants: Mapping[Label, Grant]


_CREW_REACH = {
    Subject.INCIDENT: Reach.ASSIGNED,
    Subject.UNIT: Reach.ASSIGNED,
    Subject.OWN_RECORD: Reach.OWN,
}
_ROOM_REACH = {Subject.INCIDENT: Reach.CONTROLS, Subject.UNIT: Reach.CONTROLS}
_ON_DUTY = {
    Label.OPERATIONAL: Grant.WRITE,
    Label.SAFETY: Grant.WRITE,
    Label.IDENTITY: Grant.OWN_WRITE,
    Label.STAFF: Grant.OWN,
}
_REVIEW = {Label.OPERATIONAL: Grant.READ, Label.SAFETY: Grant.READ, Label.IDENTITY: Grant.OWN}
_POLICE_OFFICER = Rights(
    "Crew: police",
    Purpose.RESPONSE,
    _CREW_REACH,
    {**_ON_DUTY, Label.POLICE_INTEL: Grant.OWN, Label.POLICE_EVIDENCE: Grant.OWN_WRITE},
)

RIGHTS: dict[Role, Rights] = {
    Role.PARAMEDIC: Rights(
        "Crew: paramedic",
        Purpose.RESPONSE,
        _CREW_REACH,
        {**_ON_DUTY, Label.CLINICAL: Grant.OWN_WRITE},
    ),
    Role.SPECIAL_CONSTABLE: _POLICE_OFFICER,
    Role.CONSTABLE: _POLICE_OFFICER,
    Role.POLICE_DISPATCHER: Rights(
        "Police dispatcher",
        Purpose.RESPONSE,
        _ROOM_REACH,
        {**_ON_DUTY, Label.POLICE_INTEL: Grant.OWN, Label.POLICE_EVIDENCE: Grant.OWN},
    ),
    Role.AMBULANCE_DISPATCHER: Rights(
        "Ambulance dispatcher",
        Purpose.RESPONSE,
        _ROOM_REACH,
        {**_ON_DUTY, Label.CLINICAL: Grant.OWN_OPEN},
    ),
    Role.CLINICAL_DESK: Rights(
        "Clinical desk",
        Purpose.RESPONSE,
        {Subject.INCIDENT: Reach.WORKS_OPEN, Subject.UNIT: Reach.CONTROLS},
        {
            Label.OPERATIONAL: Grant.WRITE,
            Label.SAFETY: Grant.WRITE,
            Label.IDENTITY: Grant.OWN,
            Label.CLINICAL: Grant.OWN_WRITE,
        },
    ),
    Role.DUTY_SUPERVISOR: Rights(
        "Duty supervisor",
        Purpose.SUPERVISION,
        {
            Subject.INCIDENT: Reach.SUPERVISES,
            Subject.UNIT: Reach.SUPERVISES,
            Subject.DUTY: Reach.SUPERVISES,
            Subject.VEHICLE: Reach.SUPERVISES,
            Subject.FIGURES: Reach.COUNTS,
        },
        {
            **_REVIEW,
            Label.CLINICAL: Grant.OWN,
            Label.POLICE_INTEL: Grant.OWN,
            Label.POLICE_EVIDENCE: Grant.OWN,
            Label.STAFF: Grant.OWN,
            Label.STATISTICS: Grant.READ,
        },
    ),
    Role.CLINICAL_LEAD: Rights(
        "Clinical lead",
        Purpose.REVIEW,
        {Subject.INCIDENT: Reach.REVIEWS, Subject.FIGURES: Reach.COUNTS},
        {**_REVIEW, Label.CLINICAL: Grant.OWN, Label.STATISTICS: Grant.READ},
    ),
    Role.POLICE_REVIEWER: Rights(
        "Police reviewer",
        Purpose.REVIEW,
        {Subject.INCIDENT: Reach.REVIEWS, Subject.FIGURES: Reach.COUNTS},
        {
            **_REVIEW,
            Label.POLICE_INTEL: Grant.OWN,
            Label.POLICE_EVIDENCE: Grant.OWN,
            Label.STATISTICS: Grant.READ,
        },
    ),
    Role.PRIVACY_OFFICER: Rights(
        "Privacy officer",
        Purpose.REVIEW,
        {
            Subject.INCIDENT: Reach.REVIEWS,
            Subject.UNIT: Reach.REVIEWS,
            Subject.FIGURES: Reach.COUNTS,
            Subject.RETENTION: Reach.REVIEWS,
            Subject.CROSSING: Reach.REVIEWS,
        },
        {Label.OPERATIONAL: Grant.READ, Label.SAFETY: Grant.READ, Label.STATISTICS: Grant.READ},
    ),
    Role.SCHEME_LEAD: Rights(
        "Scheme lead",
        Purpose.PLANNING,
        {Subject.DUTY: Reach.PLANS, Subject.VEHICLE: Reach.KEEPS, Subject.FIGURES: Reach.COUNTS},
        {Label.OPERATIONAL: Grant.READ, Label.STAFF: Grant.OWN, Label.STATISTICS: Grant.READ},
    ),
    Role.DUTY_PLANNER: Rights(
        "Duty planner",
        Purpose.PLANNING,
        {Subject.DUTY: Reach.PLANS, Subject.FIGURES: Reach.COUNTS},
        {Label.STAFF: Grant.OWN_WRITE, Label.STATISTICS: Grant.READ},
    ),
    Role.SPECIALS_COORDINATOR: Rights(
        "Specials coordinator",
        Purpose.PLANNING,
        {Subject.DUTY: Reach.PLANS},
        {Label.STAFF: Grant.OWN_WRITE},
    ),
    Role.FLEET_LEAD: Rights(
        "Fleet lead",
        Purpose.PLANNING,
        {Subject.VEHICLE: Reach.KEEPS},
        {Label.OPERATIONAL: Grant.READ},
    ),
    Role.MEDICINES_LEAD: Rights(
        "Medicines lead",
        Purpose.PLANNING,
        {Subject.VEHICLE: Reach.KEEPS},
        {Label.OPERATIONAL: Grant.READ},
    ),
    Role.PERFORMANCE_ANALYST: Rights(
        "Performance analyst",
        Purpose.EVALUATION,
        {Subject.CODED_INCIDENT: Reach.COUNTS, Subject.FIGURES: Reach.COUNTS},
        {Label.OPERATIONAL: Grant.OWN, Label.STATISTICS: Grant.READ},
    ),
    Role.INSPECTOR: Rights(
        "Inspector",
        Purpose.EVALUATION,
        {Subject.FIGURES: Reach.COUNTS},
        {Label.STATISTICS: Grant.READ},
    ),
    Role.SYSTEM_ADMINISTRATOR: Rights("System administrator", Purpose.ADMINISTRATION, {}, {}),
}
"""The label table. The administrator looks after accounts and settings and sees no record."""

GRANTS: Mapping[Role, Mapping[Label, Grant]] = {role: rights.grants for role, rights in RIGHTS.items()}


def role_words(role: Role) -> str:
    """Return a role as people call it."""
    return RIGHTS[role].words if role in RIGHTS else role.value.replace("_", " ")


REQUEST: Mapping[Label, Grant] = {
    Label.OPERATIONAL: Grant.READ,
    Label.SAFETY: Grant.READ,
    Label.IDENTITY: Grant.OWN,
    Label.CLINICAL: Grant.OWN,
    Label.POLICE_EVIDENCE: Grant.OWN,
}
"""What a privacy officer sees of one incident while answering the person whom it is about; each such answer is on
record as a disclosure. Names of staff and intelligence are not in it."""

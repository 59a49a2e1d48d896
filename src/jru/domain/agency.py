"""Agencies, roles, labels and the people who hold them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Agency(StrEnum):
    """A partner service of the scheme."""

    __hash__ = str.__hash__  # kept by the text itself: these are looked up for every field that leaves

    POLICE = "police"
    AMBULANCE = "ambulance"

    @property
    def other(self) -> Agency:
        """Return the partner."""
        return Agency.AMBULANCE if self is Agency.POLICE else Agency.POLICE

    @property
    def letter(self) -> str:
        """Return the one-letter tag that screens put beside the colour."""
        return "P" if self is Agency.POLICE else "A"


class Role(StrEnum):
    """The one list of role ids: code, label table, blueprint and documents use these words."""

    __hash__ = str.__hash__  # kept by the text itself: these are looked up for every field that leaves

    PARAMEDIC = "paramedic"
    SPECIAL_CONSTABLE = "special_constable"
    CONSTABLE = "constable"
    POLICE_DISPATCHER = "police_dispatcher"
    AMBULANCE_DISPATCHER = "ambulance_dispatcher"
    DUTY_SUPERVISOR = "duty_supervisor"
    CLINICAL_DESK = "clinical_desk"
    CLINICAL_LEAD = "clinical_lead"
    POLICE_REVIEWER = "police_reviewer"
    SCHEME_LEAD = "scheme_lead"
    DUTY_PLANNER = "duty_planner"
    SPECIALS_COORDINATOR = "specials_coordinator"
    FLEET_LEAD = "fleet_lead"
    MEDICINES_LEAD = "medicines_lead"
    PERFORMANCE_ANALYST = "performance_analyst"
    INSPECTOR = "inspector"
    PRIVACY_OFFICER = "privacy_officer"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SYSTEM = "system"

    @property
    def agency(self) -> Agency | None:
        """Return the one service that the role belongs to; None: each has its own."""
        return _AGENCY_OF.get(self)

    @property
    def is_crew(self) -> bool:
        """Tell whether the role rides in the joint vehicle."""
        return self in CREW_ROLES

    @property
    def is_dispatcher(self) -> bool:
        """Tell whether the role works a control-room desk."""
        return self in (Role.POLICE_DISPATCHER, Role.AMBULANCE_DISPATCHER)


_POLICE = (
    *(Role.SPECIAL_CONSTABLE, Role.CONSTABLE, Role.POLICE_DISPATCHER, Role.POLICE_REVIEWER),
    Role.SPECIALS_COORDINATOR,
)
_AMBULANCE = (
    *(Role.PARAMEDIC, Role.AMBULANCE_DISPATCHER, Role.CLINICAL_DESK, Role.CLINICAL_LEAD),
    Role.MEDICINES_LEAD,
)
_AGENCY_OF = {**dict.fromkeys(_POLICE, Agency.POLICE), **dict.fromkeys(_AMBULANCE, Agency.AMBULANCE)}

CREW_ROLES = frozenset({Role.PARAMEDIC, Role.SPECIAL_CONSTABLE, Role.CONSTABLE})


class Label(StrEnum):
    """What kind of fact a field holds; access is granted by label."""

    __hash__ = str.__hash__  # kept by the text itself: these are looked up for every field that leaves

    OPERATIONAL = "operational"
    SAFETY = "safety"
    IDENTITY = "identity"
    CLINICAL = "clinical"
    POLICE_INTEL = "police_intel"
    POLICE_EVIDENCE = "police_evidence"
    STAFF = "staff"
    STATISTICS = "statistics"

    @property
    def is_personal(self) -> bool:
        """Tell whether a field with this label is about a person, so that every look at it is recorded."""
        return self not in (Label.OPERATIONAL, Label.SAFETY, Label.STATISTICS)


@dataclass(frozen=True, slots=True)
class Employment:
    """One person's job with one agency: a person may hold two, and the one chosen at book-on counts."""

    agency: Agency
    role: Role
    qualifications: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class ForeignRef:
    """An incident number of another system, unique by (sender, foreign id, epoch)."""

    sender: str
    foreign_id: str
    epoch: int

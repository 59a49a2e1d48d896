"""A scheme as data: everything that differs from one joint response unit to the next.

The classes here are what the rest of the code reads; `blueprint_parsing` makes them out of a TOML file.
Durations are seconds (`_s`) or minutes (`_min`), money is pounds sterling, clock times are local to `time_zone`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from jru.domain.agency import Agency, Role
from jru.domain.exercise import Exercise
from jru.domain.retention_policy import Clause


class DistrictStatus(StrEnum):
    """How far a district has come: nothing is offered unless `exercise` or `live`."""

    BASELINE = "baseline"
    EXERCISE = "exercise"
    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"

    @property
    def offers(self) -> bool:
        """Tell whether joint units may be offered."""
        return self in (DistrictStatus.EXERCISE, DistrictStatus.LIVE)


@dataclass(frozen=True, slots=True)
class Grade:
    """One agency's own grade or category; `urgency` is the shared scale 1 (life) to 5 (no attendance).

    `target_s` is the time within which nine in ten (ambulance) or each (police) should be reached, `mean_target_s`
    the mean. `unit_stops_clock` says whether the arrival of a joint unit that cannot convey stops the clock.
    """

    code: str
    name: str
    urgency: int
    target_s: int | None = None
    mean_target_s: int | None = None
    unit_stops_clock: bool = False


@dataclass(frozen=True, slots=True)
class SignInAt:
    """A partner's own directory (OpenID Connect): what each value of a claim lets somebody work as.

    `max_age_s`: how long ago somebody may have proved there who they are; 0: no matter, unless they are asked anew.
    """

    issuer: str
    client_id: str
    claim: str
    roles: Mapping[str, Role]
    scopes: tuple[str, ...] = ("openid", "profile")
    max_age_s: int = 46_800


@dataclass(frozen=True, slots=True)
class Partner:
    """One of the two services, with its own vocabulary."""

    agency: Agency
    name: str
    short_name: str
    senders: tuple[str, ...]
    grades: tuple[Grade, ...]
    talkgroup: str = ""
    direct_line: str = ""
    references: tuple[str, ...] = ()
    card: tuple[str, ...] = ()
    sign_in: SignInAt | None = None

    def grade(self, code: str) -> Grade | None:
        """Return the grade with this code, or None when the agency does not use it."""
        return next((grade for grade in self.grades if grade.code == code), None)


@dataclass(frozen=True, slots=True)
class Site:
    """A base, hospital, custody suite, police station or rendezvous point. WGS84 degrees."""

    site_id: str
    kind: str
    name: str
    lon: float
    lat: float
    district: str | None = None


@dataclass(frozen=True, slots=True)
class DutyPattern:
    """On which weekdays (0 = Monday) a duty starts, and its local start and end.

    An end at or before the start is on the next day.
    """

    pattern_id: str
    weekdays: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class SeatRule:
    """A seat of the vehicle: whose it is, and what its holder must be."""

    seat: str
    agency: Agency
    roles: frozenset[Role]
    qualifications: frozenset[str]


@dataclass(frozen=True, slots=True)
class CrewRule:
    """The seats that make a unit joint; `minimum` counts the seats each agency needs for joint work."""

    rule_id: str
    seats: tuple[SeatRule, ...]
    minimum: dict[Agency, int]


@dataclass(frozen=True, slots=True)
class DivertRule:
    """Who may move a unit from one grade to another: urgency may only become more pressing, unless told."""

    by: Agency
    from_owner: Agency | None
    from_urgency_at_least: int
    to_urgency_at_most: int
    sentence: str


@dataclass(frozen=True, slots=True)
class TaskingPolicy:
    """The two services' agreement on who sends the unit.

    `consent` names per offering room what the other room gives: "told" or "consents".
    `tie_rule` is "first" (the first committed claim) or "more_urgent" (the more urgent offer while unanswered).
    `out_of_district` is "never", "told" or "consents": what a send beyond the unit's districts needs.
    `sentences` has one plain sentence for each of `SENTENCES`.
    """

    policy_id: str
    may_offer: frozenset[Agency]
    consent: dict[Agency, str]
    tie_rule: str
    divert: tuple[DivertRule, ...]
    out_of_district: str
    keep_ambulance_categories: frozenset[str]
    always_offer_categories: frozenset[str]
    always_offer_within_s: int
    stand_down_ambulance: frozenset[Agency]
    scene_safe_roles: frozenset[Role]
    sentences: dict[str, str]


@dataclass(frozen=True, slots=True)
class District:
    """One district of the scheme."""

    district_id: str
    name: str
    ons_code: str
    pattern: str
    crew_rule: str
    tasking: str
    base: str


@dataclass(frozen=True, slots=True)
class DistrictState:
    """A dated state of a district: by whom and why."""

    district: str
    status: DistrictStatus
    since: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A joint vehicle: kit is a list id of each service."""

    vehicle_id: str
    registration: str
    call_sign: str
    base: str
    kit: tuple[str, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class KitList:
    """What must be aboard, by owner."""

    kit_id: str
    owner: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentType:
    """A joint incident type with both services' codes. `score` 0-5 is how well a joint unit suits it.

    `joint_need` and `transport` are shares 0-1. `holds` keeps the unit at the rendezvous point until the scene is
    declared safe, `ambulance_as_well` keeps a conveying ambulance coming, `only_if_nearest` limits the unit to jobs
    where nobody is nearer, `specialists` leaves the lead to specialists while the unit holds the scene.
    """

    type_id: str
    name: str
    coarse: str
    police_codes: tuple[str, ...]
    ambulance_codes: tuple[str, ...]
    score: int
    joint_need: float
    transport: float
    expected_job_min: int
    suspect_present_backup: bool = False
    rcrp_test: bool = False
    ambulance_as_well: bool = False
    only_if_nearest: bool = False
    specialists: bool = False
    holds: bool = False


@dataclass(frozen=True, slots=True)
class HazardType:
    """A hazard code; `holds` keeps every unit with a clinician at the rendezvous point until the scene is safe."""

    code: str
    name: str
    holds: bool


@dataclass(frozen=True, slots=True)
class SuitabilityPolicy:
    """Weights and thresholds of the suitability score, versioned; `gates` maps each of `GATES` to "block" or "warn".

    `hold_hazards` repeats the codes of the hazards that hold, for quick look-up.
    """

    version: str
    yes_at: float
    consider_at: float
    gates: dict[str, str]
    both_asked_bonus: float
    eta_gain_full_s: int
    coverage_last_unit: float
    hold_hazards: frozenset[str]


@dataclass(frozen=True, slots=True)
class StatusRule:
    """A unit status: one internal word and what each service's system is told.

    `amber_s` and `red_s` are the time-in-status limits; `follows` are the usual next statuses, the first one being
    the crew's big button. `on_incident` marks those that need an assignment.
    """

    status_id: str
    word: str
    police_code: str
    police_word: str
    ambulance_word: str
    follows: tuple[str, ...]
    on_incident: bool
    available: bool
    divertible: bool
    amber_s: int | None = None
    red_s: int | None = None


@dataclass(frozen=True, slots=True)
class CandidateRule:
    """When an incident of `owner` becomes visible to the other service. Empty sets do not restrict."""

    rule_id: str
    owner: Agency
    types: frozenset[str]
    flags: frozenset[str]
    urgency_at_most: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Timers:
    """Time limits in seconds; `waiting` maps urgency to (amber, red) for an incident nobody attends.

    `unanswered` is (amber, red) for what one room asked the other.
    """

    offer_timeout_s: int
    position_stale_s: int
    position_unusable_s: int
    readying_s: int
    waiting: dict[int, tuple[int, int]]
    break_due_after_s: int
    break_length_s: int
    closed_visible_s: int
    unanswered: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LoneWorkerRule:
    """How often whoever is alone aboard says that they are all right (s), and where a lone clinician is not sent."""

    check_every_s: int
    warn_s: int
    types: frozenset[str]
    flags: frozenset[str]
    hazards: frozenset[str]
    sentence: str


@dataclass(frozen=True, slots=True)
class MatchPolicy:
    """How far apart two reports of one happening may be, and the score from which a person is asked."""

    version: str
    distance_m: float
    time_s: float
    suggest_at: float
    weight_distance: float
    weight_time: float
    weight_type: float


@dataclass(frozen=True, slots=True)
class UnitCost:
    """A dated unit cost: `cost_class` is fiscal, cashable or economic; `value_gbp` None means the adopter enters it."""

    cost_id: str
    item: str
    value_gbp: float | None
    unit: str
    price_base: str
    cost_class: str
    agency: str
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Approval:
    """One partner's signature under a version."""

    agency: Agency
    by: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class BriefingText:
    """What a crew is told under one heading; without a district it holds for all that have no text of their own."""

    heading: str
    text: str
    district: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Aftercare:
    """Where one service wants an injury, an assault or a near miss reported, or whom a member speaks to."""

    agency: Agency
    about: str
    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that no public source states, with the reason it was chosen."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One scheme at one version."""

    name: str
    title: str
    version: int
    time_zone: str
    effective_at: datetime
    partners: dict[Agency, Partner]
    districts: dict[str, District]
    states: tuple[DistrictState, ...]
    patterns: dict[str, DutyPattern]
    crew_rules: dict[str, CrewRule]
    tasking: dict[str, TaskingPolicy]
    candidate_rules: tuple[CandidateRule, ...]
    vehicles: dict[str, Vehicle]
    sites: dict[str, Site]
    kit: dict[str, KitList]
    types: dict[str, IncidentType]
    hazards: dict[str, HazardType]
    suitability: SuitabilityPolicy
    matching: MatchPolicy
    statuses: dict[str, StatusRule]
    timers: Timers
    costs: tuple[UnitCost, ...]
    approvals: tuple[Approval, ...]
    assumptions: tuple[Assumption, ...] = ()
    retention: tuple[Clause, ...] = ()
    lone_worker: LoneWorkerRule | None = None
    briefing: tuple[BriefingText, ...] = ()
    aftercare: tuple[Aftercare, ...] = ()
    exercises: dict[str, Exercise] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)
    qualifications: dict[str, str] = field(default_factory=dict)
    closing_reasons: dict[str, str] = field(default_factory=dict)
    decline_reasons: dict[str, str] = field(default_factory=dict)
    outcome_codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def state_of(self, district: str, at: datetime) -> DistrictState | None:
        """Return the district's latest state that began at or before `at`, or None before the first."""
        begun = [s for s in self.states if s.district == district and s.since <= at]
        return max(begun, key=lambda s: s.since, default=None)

    def tasking_for(self, district: str | None) -> TaskingPolicy:
        """Return the tasking policy of a district; outside every district the first district's policy holds."""
        if district in self.districts:
            return self.tasking[self.districts[district].tasking]
        return next(iter(self.tasking.values()))

    def in_area(self, unit_district: str, incident_district: str | None) -> bool:
        """Tell whether an incident lies in a unit's area: the districts that share its tasking policy."""
        home, there = self.districts.get(unit_district), self.districts.get(incident_district or "")
        return home is not None and there is not None and home.tasking == there.tasking

    def within_reach(self, unit_district: str, incident_district: str | None) -> bool:
        """Tell whether a unit may be sent to an incident: in its area, or where the policy lets it leave that."""
        leaves = self.tasking_for(incident_district).out_of_district != "never"
        return leaves or self.in_area(unit_district, incident_district)

    def district_name(self, district: str) -> str:
        """Return a district in words; one that the scheme no longer has by its id."""
        return self.districts[district].name if district in self.districts else district

    def hazard_name(self, code: str) -> str:
        """Return a hazard in words; an incident type that holds counts as a hazard of its own name."""
        if code in self.hazards:
            return self.hazards[code].name
        return self.types[code].name if code in self.types else f"unknown hazard {code}"

"""What the API answers, as descriptions: the rows themselves come from the services, already projected."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import WithJsonSchema

from jru.web.api.fields import AgencyWord

Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Word = str
DistrictWord = Literal["baseline", "exercise", "live", "paused", "ended"]


class Answer(BaseModel):
    """Part of an answer; later versions may add fields."""

    model_config = {"extra": "allow"}


class Relieved(Answer):
    """Somebody else took this person's seat of a unit that is on duty."""

    call_sign: str
    at: Time


class ViewerAnswer(Answer):
    """Who looks; `notes` are the labels under which they may write notes."""

    name: str
    agency: AgencyWord
    role: Word
    unit_id: str | None
    call_sign: str | None
    notes: list[str]
    relieved: Relieved | None


class RoleToTake(Answer):
    """One role of the demo."""

    id: Word
    name: str
    agency: AgencyWord
    place: str
    unit: str | None


class DirectoryAnswer(Answer):
    """A partner whose people sign in at their own directory."""

    agency: AgencyWord
    name: str


class SessionAnswer(Answer):
    """Who is signed in, and the demo's roles."""

    demo: bool
    synthetic: bool
    exercise: bool
    viewer: ViewerAnswer | None
    roles: list[RoleToTake]
    directories: list[DirectoryAnswer]


class OutboxKey(Answer):
    """Whose outbox it is, and the key that opens it (AES-256, base64)."""

    owner: str
    key: str


class MissingTaps(Answer):
    """The keys of taken commands that the log does not hold."""

    missing: list[str]


class PlaceAnswer(Answer):
    """A place; coordinates where they are known and may be seen."""

    text: str
    lon: float | None
    lat: float | None
    verified: bool
    district: str | None


class Reference(Answer):
    """One service's reference of a joint incident."""

    agency: AgencyWord
    sender: str | None
    foreign_id: str | None
    grade: str | None
    urgency: int | None = Field(description="1 (most urgent) to 5.")
    clock_start: Time | None
    clock_stopped_at: Time | None
    clock_stopped_by: str | None
    closed_by_sender: bool


class HazardAnswer(Answer):
    """A hazard, told to both services."""

    code: Word
    name: str
    holds: bool
    at: Time
    by: str
    note: str | None
    cleared_at: Time | None


class Due(Answer):
    """When a row turns amber and red."""

    amber_at: Time | None
    red_at: Time | None


class RoomAnswer(Answer):
    """What one room answered the other."""

    at: Time
    answer: Literal["yes", "no", "later"]
    eta_at: Time | None
    reason: str | None


class QuestionRow(Answer):
    """What one room asked the other, and all answers."""

    id: str
    asked: AgencyWord
    by: AgencyWord
    about: Literal["eta", "release", "call"]
    words: str | None
    asked_at: Time
    answers: list[RoomAnswer]
    settled_at: Time | None = Field(description="Since when it needs no answer: it has happened.")
    due: Due


class Wait(Answer):
    """How long one service waits for the other."""

    asked: AgencyWord
    by: str
    need: str
    requested_at: Time
    answered_at: Time | None = Field(description="When it was first answered.")
    answer: Literal["yes", "no", "later"] | None = Field(description="The latest answer.")
    eta_at: Time | None
    answers: list[RoomAnswer]
    arrived_at: Time | None
    released_at: Time | None
    due: Due


class SuitabilityAnswer(Answer):
    """Should a joint unit go."""

    verdict: Literal["yes", "consider", "no", "hold"]
    score: float
    sentence: str
    nearest_miss: str | None


class MatchAnswer(Answer):
    """A suggestion that another incident is the same happening."""

    other_id: str
    other_number: str | None
    agency: AgencyWord
    score: float
    reasons: list[str]


class IncidentRow(Answer):
    """One incident as this viewer may see it."""

    id: str
    number: str
    phase: Literal["waiting", "active", "closed"]
    stub: bool
    owner: AgencyWord
    joint: bool
    refs: list[Reference]
    type: dict[str, Any] | None
    place: PlaceAnswer | None
    opened_at: Time
    since: Time
    flags: list[str]
    hazards: list[HazardAnswer]
    scene_safe: dict[str, Any] | None
    rvp: dict[str, Any] | None
    candidate: dict[str, Any] | None
    visible_to: list[AgencyWord]
    suitability: SuitabilityAnswer | None
    waits: list[Wait]
    questions: list[QuestionRow]
    units: list[dict[str, Any]]
    resources: list[dict[str, Any]]
    matches: list[MatchAnswer]
    due: Due
    closed_at: Time | None
    bases: list[dict[str, str]] = Field(
        description="One entry: by field, the mark of what the viewer's own service would replace; for `base`."
    )


class LogLine(Answer):
    """One thing that happened, in a sentence."""

    at: Time
    recorded_at: Time
    agency: Literal["police", "ambulance", "joint", "system"]
    by: str
    sentence: str
    label: Word
    late: bool


class OpenedGlass(Answer):
    """Which restricted fields of an incident the viewer has opened, and until when."""

    id: str
    labels: list[str]
    at: Time
    until: Time


class IncidentAnswer(IncidentRow):
    """An incident with everything that this viewer may see of it; `glass` is what they opened of it.

    `withheld` names personal fields left out while the audit is down.
    """

    withheld: list[str] = []
    log: list[LogLine]
    suitability_full: dict[str, Any] | None
    lines: list[dict[str, Any]]
    remarks: list[dict[str, Any]]
    caller: dict[str, Any] | None
    merged: list[dict[str, Any]]
    outcome: dict[str, Any] | None
    persons: list[dict[str, Any]]
    own: list[dict[str, Any]] = Field(
        description="One entry: grade, type, place and flags as the viewer's own service set them."
    )
    hours: dict[str, Any] | None
    glass: OpenedGlass | None


class UnitRow(Answer):
    """One unit as this viewer may see it; `withheld` names personal fields left out while the audit is down."""

    withheld: list[str] = []
    id: str
    call_sign: str
    district: str
    vehicle_id: str
    status: Word
    word: str
    police_code: str | None
    police_word: str | None
    ambulance_word: str | None
    status_at: Time
    late: bool
    seats: list[dict[str, Any]]
    joint_complete: bool
    capability: str
    alone: dict[str, Any] | None = Field(
        description="The one person left aboard: since when, when the next check is due, and what bars the job."
    )
    incident_id: str | None
    incident_number: str | None
    position: dict[str, Any] | None
    duty: dict[str, Any]
    break_due_at: Time | None
    breaks: dict[str, Any] = Field(description="The break that is planned, and the last one taken.")
    offer: dict[str, Any] | None
    emergency: dict[str, Any] | None
    released: dict[str, Any]
    backup: list[dict[str, Any]]
    due: Due
    wait: dict[str, Any] | None
    briefed: dict[str, int]
    briefed_names: list[dict[str, Any]] = []
    next: list[str]
    bases: dict[str, str] = Field(
        description="By field, the mark of what a command would replace; for `base`."
    )
    base: str = Field(description="Opaque version token for commands that rely on what was read.")


class Feed(Answer):
    """A control-room system, and when it was last heard."""

    agency: AgencyWord
    sender: str
    last_at: Time | None
    silent: bool


class GlassAlert(Answer):
    """A reference to an opening of restricted fields that the own service has yet to review."""

    id: str
    labels: list[str]
    at: Time
    until: Time
    agency: str
    often: bool


class Board(Answer):
    """Everything open that this viewer may see; `alerts` are for privacy officers, empty for others."""

    now: Time
    rate: float
    synthetic: bool
    exercise: bool
    cursor: str
    feeds: list[Feed]
    restored_at: Time | None = Field(
        description="When a device showed that the log is older than what was taken: it was restored."
    )
    incidents: list[IncidentRow]
    units: list[UnitRow]
    alerts: list[GlassAlert]


class Changes(Answer):
    """Whole rows that replace those of the same id, and ids that are gone."""

    now: Time
    rate: float
    cursor: str
    more: bool
    incidents: list[IncidentRow]
    units: list[UnitRow]
    gone: list[str]
    alerts: list[GlassAlert]


class RankedUnit(Answer):
    """One unit of a recommendation."""

    rank: int
    unit_id: str
    call_sign: str
    eta_s: float | None
    eta_words: str
    distance_m: float | None
    method: str
    joint_complete: bool
    can_offer: bool
    reasons: list[str]
    shortfalls: list[dict[str, Any]]
    sentence: str
    divert_from: str | None


class Recommendation(Answer):
    """Ranked units with reasons, and what each service would send otherwise."""

    incident_id: str
    computed_at: Time
    verdict: str
    sentence: str
    nearest_miss: str | None
    target: str
    rvp: dict[str, Any] | None
    units: list[RankedUnit]
    otherwise: dict[str, Any]
    rule: str
    refusal: str | None


class DistrictAnswer(Answer):
    """A district, what a duty there looks like, and its dated state."""

    id: str
    name: str
    base: str
    crew_rule: str
    duty: dict[str, str]
    status: DistrictWord
    since: Time | None
    by: str | None
    reason: str | None


class Scheme(Answer):
    """The scheme: its words, codes, districts and timers."""

    name: str
    title: str
    version: str | int
    time_zone: str
    synthetic: bool
    exercise: bool
    partners: dict[str, Any]
    types: list[dict[str, Any]]
    hazards: list[dict[str, Any]]
    flags: dict[str, str]
    qualifications: dict[str, str]
    vehicles: list[dict[str, Any]]
    crew_rules: dict[str, list[dict[str, Any]]]
    statuses: list[dict[str, Any]]
    districts: list[DistrictAnswer]
    closing_reasons: dict[str, str]
    decline_reasons: dict[str, str]
    outcome_codes: dict[str, Any]
    sites: list[dict[str, Any]]
    briefing: list[dict[str, Any]]
    timers: dict[str, Any]


class PlaceFound(Answer):
    """A place whose name fits; `partial` where the name is only a part of what was asked, as a street of an address."""

    name: str
    lon: float
    lat: float
    precision: str
    partial: bool


class QuarantineEntry(Answer):
    """A message that was put aside."""

    id: str
    sender: str
    reason: str
    received_at: Time
    size: int


class MapLayer(Answer):
    """A GeoJSON feature collection."""

    type: str
    features: list[dict[str, Any]]

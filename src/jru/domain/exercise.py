"""A scripted incident to practise with: what is given, what comes at which second, and who should do what by when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jru.domain.agency import Agency


class Part(StrEnum):
    """Who takes part: two rooms and the crew of the joint unit."""

    POLICE_ROOM = "police_room"
    AMBULANCE_ROOM = "ambulance_room"
    CREW = "crew"

    @property
    def agency(self) -> Agency | None:
        """Return the service of a room; the crew is of both."""
        return _AGENCIES.get(self)

    @property
    def words(self) -> str:
        """Return the part in words."""
        return self.value.replace("_", " ")


_AGENCIES = {Part.POLICE_ROOM: Agency.POLICE, Part.AMBULANCE_ROOM: Agency.AMBULANCE}
ROOMS = frozenset(_AGENCIES)
EVERYBODY = frozenset(Part)


class Doing(StrEnum):
    """What a step does. The first five come from a room's own system, the others from people who take part."""

    REPORT = "report"
    UPDATE = "update"
    CLOSE = "close"
    SILENT = "silent"
    BACK = "back"
    SCENE_SAFE = "scene_safe"
    ASK = "ask"
    SEND = "send"
    OFFER = "offer"
    DIVERT = "divert"
    HAZARD = "hazard"
    LINE = "line"
    SEAT_LEAVES = "seat_leaves"
    SEAT_BACK = "seat_back"
    WORSE = "worse"
    CONSULT = "consult"
    USE_POWER = "use_power"
    BACKUP = "backup"
    EMERGENCY = "emergency"
    END_EMERGENCY = "end_emergency"

    @property
    def of_system(self) -> bool:
        """Tell whether a room's system does it, whoever plays the room."""
        return self in _OF_SYSTEMS


_OF_SYSTEMS = frozenset({Doing.REPORT, Doing.UPDATE, Doing.CLOSE, Doing.SILENT, Doing.BACK})


@dataclass(frozen=True, slots=True)
class Needs:
    """Which keys a step of one kind must have and may have beside those of every step, and who may do it."""

    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    by: frozenset[Part] = ROOMS


def _keys(*names: str) -> frozenset[str]:
    return frozenset(names)


_INCIDENT = _keys("incident")
_POLICE_OR_CREW = frozenset({Part.POLICE_ROOM, Part.CREW})
_CREW = frozenset({Part.CREW})
NEEDS: dict[Doing, Needs] = {
    Doing.REPORT: Needs(_keys("incident", "grade", "words"), _keys("flags", "hazards", "place", "sends")),
    Doing.UPDATE: Needs(_keys("incident", "words"), _keys("grade", "flags", "hazards")),
    Doing.CLOSE: Needs(_INCIDENT),
    Doing.SILENT: Needs(),
    Doing.BACK: Needs(),
    Doing.SCENE_SAFE: Needs(_keys("incident", "words"), by=_POLICE_OR_CREW),
    Doing.ASK: Needs(_INCIDENT),
    Doing.SEND: Needs(_INCIDENT),
    Doing.OFFER: Needs(_INCIDENT),
    Doing.DIVERT: Needs(_INCIDENT),
    Doing.HAZARD: Needs(_keys("incident", "hazards"), _keys("words"), EVERYBODY),
    Doing.LINE: Needs(_keys("incident", "words"), by=EVERYBODY),
    Doing.SEAT_LEAVES: Needs(_keys("seat", "reason"), by=_CREW),
    Doing.SEAT_BACK: Needs(_keys("seat"), by=_CREW),
    Doing.WORSE: Needs(_INCIDENT, by=_CREW),
    Doing.CONSULT: Needs(_INCIDENT, by=_CREW),
    Doing.USE_POWER: Needs(_INCIDENT, by=_CREW),
    Doing.BACKUP: Needs(_keys("backup"), by=_CREW),
    Doing.EMERGENCY: Needs(by=_CREW),
    Doing.END_EMERGENCY: Needs(),
}
"""The optional keys of a step that belong to its kind."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a caller's words and WGS84 degrees."""

    text: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Found:
    """What the crew finds there when the machine plays it; nobody knows it before."""

    need: str
    patients: int
    transport: bool
    custody: bool
    on_scene_s: int
    risk: str


@dataclass(frozen=True, slots=True)
class Scripted:
    """One happening of a script, which either room or both may be told of."""

    incident_id: str
    type_id: str
    place: Spot
    found: Found


@dataclass(frozen=True, slots=True)
class Step:
    """Something that comes at a second of the exercise; before 0: while it is being set up."""

    step_id: str
    at_s: int
    do: Doing
    by: Part
    told: str
    incident: str | None = None
    grade: str | None = None
    words: str | None = None
    flags: tuple[str, ...] | None = None
    hazards: tuple[str, ...] | None = None
    place: Spot | None = None
    sends: bool | None = None
    seat: str | None = None
    reason: str | None = None
    backup: str | None = None

    @property
    def given(self) -> frozenset[str]:
        """Return the keys that it has beside those of every step."""
        optional = (
            "incident",
            "grade",
            "words",
            "flags",
            "hazards",
            "place",
            "sends",
            "seat",
            "reason",
            "backup",
        )
        return frozenset(name for name in optional if getattr(self, name) is not None)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one of `who` should do within how many seconds of a step; or must not do, ever or before something else."""

    who: tuple[Part, ...]
    does: str
    why: str
    incident: str | None = None
    after: str | None = None
    within_s: int | None = None
    not_before: str | None = None
    never: bool = False


@dataclass(frozen=True, slots=True)
class Exercise:
    """One script. `aims` says to each part what it practises, `given` what everybody knows beforehand."""

    exercise_id: str
    title: str
    minutes: int
    unit: str
    given: str
    aims: dict[Part, str]
    incidents: dict[str, Scripted]
    steps: tuple[Step, ...]
    expectations: tuple[Expectation, ...]

    def step(self, step_id: str) -> Step:
        """Return a step by its id; the checks have seen that it is there."""
        return next(step for step in self.steps if step.step_id == step_id)

"""What really happens in the simulated night, and the calls that tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jru.demo.places import Place
from jru.domain.agency import Agency


@dataclass(frozen=True, slots=True)
class Call:
    """One call to one control room, as its own system would report it."""

    agency: Agency
    at: datetime
    grade: str
    type_code: str
    place: Place
    remarks: str
    caller: tuple[str, str]
    flags: tuple[str, ...]
    hazards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What people find when they get there; nobody in the rooms knows it before.

    `need` is dual, police_only, ambulance_only or neither. `on_scene_s` is how long the work takes.
    """

    need: str
    patients: int
    transport: bool
    custody: bool
    on_scene_s: float
    weapon: bool
    risk_arrival: str
    risk_leaving: str
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One real happening with its first call and, when both services were called apart, the second one."""

    number: int
    type_id: str
    first: Call
    second: Call | None
    truth: Truth
    source: str

    @property
    def at(self) -> datetime:
        """Return when the first call came."""
        return self.first.at

    @property
    def place(self) -> Place:
        """Return where it is, as the first caller says."""
        return self.first.place

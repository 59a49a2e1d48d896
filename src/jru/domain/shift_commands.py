"""What a crew does in the course of its duty beside its jobs, and what a room suggests to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from .commands import Command, HazardGiven, Marks, OnUnit, PlaceGiven, SeatFilled


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShift(OnUnit):
    """A command about one unit's duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReady(OnShift):
    """The crew has checked vehicle and kit: the unit becomes available."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FillSeat(OnShift):
    """Another person takes a seat, or one that nobody held; the scheme's rule for the seat holds as at book-on."""

    filled: SeatFilled


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOnView(OnShift):
    """The crew comes upon something: an incident of its own service begins, and the unit is at it."""

    type: str
    place: PlaceGiven
    hazards: tuple[HazardGiven, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestWait(OnShift):
    """A room says where a unit without a job would best wait, and why."""

    place: PlaceGiven
    reason: str = ""
    base: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWait(OnShift):
    """The crew says whether it goes there."""

    going: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmBriefing(OnShift):
    """A member of the crew has read the briefing of this version of the scheme."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDebrief(Command):
    """What one member says of a duty that they rode; also after it has ended, so the unit need not be theirs now."""

    unit_id: str
    happened: tuple[str, ...] = ()
    kit: str = ""
    helped: str = ""
    hindered: str = ""

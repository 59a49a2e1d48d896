"""A script in the terms of the simulated people: its happenings with their calls, and the duty of its crew."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from jru.demo.crews import Duty
from jru.demo.happening import Call, Happening, Truth
from jru.demo.night import vehicle_duties
from jru.demo.places import Place
from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint
from jru.domain.exercise import Doing, Exercise, Scripted, Step
from jru.errors import InvalidInput

FIRST_DAY: Final = date(2019, 8, 16)
"""The day on which every exercise begins, or the first one after it on which its unit is on duty."""

INTO_DUTY: Final = timedelta(minutes=90)
SET_UP: Final = timedelta(minutes=28)
"""How long before second 0 the simulated people begin, so that the crew has checked its vehicle by then."""

_DAYS_TRIED: Final = 14
_CONTEXTS: Final = ("alcohol", "drugs", "mental_health", "domestic_abuse", "violence", "child")


def duty_of(blueprint: Blueprint, script: Exercise) -> Duty:
    """Return the duty that the script's unit is on; raises InvalidInput when it is never sent out."""
    zone = ZoneInfo(blueprint.time_zone)
    first = max(FIRST_DAY, blueprint.effective_at.astimezone(zone).date())
    for days in range(_DAYS_TRIED):
        for duty in vehicle_duties(blueprint, first + timedelta(days=days)):
            if duty.vehicle.vehicle_id == script.unit:
                return duty
    raise InvalidInput(
        "exercise.no_duty",
        f"{script.unit} is on no duty in the two weeks from {first:%d %B %Y}, so {script.title!r} cannot be played.",
        "Give its district a pattern and a [[state]] of exercise or live.",
    )


def begin_of(duty: Duty) -> datetime:
    """Return second 0 of an exercise."""
    return duty.start + INTO_DUTY


def happenings_of(blueprint: Blueprint, script: Exercise, begin: datetime) -> dict[str, Happening]:
    """Return the script's incidents as what really happens; the earlier report is the first call."""
    found: dict[str, Happening] = {}
    for number, scripted in enumerate(script.incidents.values(), 1):
        reports = sorted(
            (s for s in script.steps if s.do is Doing.REPORT and s.incident == scripted.incident_id),
            key=lambda step: step.at_s,
        )
        calls = [_call(blueprint, scripted, step, begin) for step in reports]
        second = calls[1] if len(calls) > 1 else None
        truth = _truth(scripted, reports)
        found[scripted.incident_id] = Happening(number, scripted.type_id, calls[0], second, truth, "script")
    return found


def _call(blueprint: Blueprint, scripted: Scripted, step: Step, begin: datetime) -> Call:
    agency = step.by.agency or Agency.POLICE
    kind = blueprint.types[scripted.type_id]
    spot = step.place or scripted.place
    return Call(
        agency=agency,
        at=begin + timedelta(seconds=step.at_s),
        grade=step.grade or "",
        type_code=(kind.police_codes if agency is Agency.POLICE else kind.ambulance_codes)[0],
        place=Place(spot.text, spot.lon, spot.lat, "", ""),
        remarks=f"SYNTHETIC: {step.words}",
        caller=("Caller Example", "01632 960199"),
        flags=step.flags or (),
        hazards=step.hazards or (),
    )


def _truth(scripted: Scripted, reports: list[Step]) -> Truth:
    told = scripted.found
    flags = {flag for step in reports for flag in step.flags or ()}
    return Truth(
        need=told.need,
        patients=told.patients,
        transport=told.transport,
        custody=told.custody,
        on_scene_s=float(told.on_scene_s),
        weapon=any("weapon" in (step.hazards or ()) for step in reports),
        risk_arrival=told.risk,
        risk_leaving="calm",
        contexts=tuple(flag for flag in _CONTEXTS if flag in flags),
    )

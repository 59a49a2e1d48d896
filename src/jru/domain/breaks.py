"""Breaks of a crew: one that is planned, the one that falls due by the scheme, and what a job would cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import singledispatch
from zoneinfo import ZoneInfo

from . import commands as cmd
from . import unit_events as ev
from .blueprint import Blueprint
from .deciding import Decision, Setting, emit
from .refusal import Refusal
from .unit import Unit

LATE = timedelta(minutes=5)
"""A break may be planned for a moment that has just passed: the crew stops now."""


@singledispatch
def decide_break(command: cmd.OnUnit, setting: Setting, unit: Unit) -> Decision:
    """Plan a crew's break, in place of one that was planned before, or take the plan back."""
    raise TypeError(f"no rule for {type(command).__name__}")


@decide_break.register
def _(command: cmd.PlanBreak, setting: Setting, unit: Unit) -> Decision:
    blueprint = setting.blueprint
    length = timedelta(minutes=command.minutes or blueprint.timers.break_length_s // 60)
    if not setting.now - LATE <= command.starts_at <= unit.duty_end - length:
        until = local_time(unit.duty_end - length, blueprint)
        return Refusal("outside_duty", f"a break of {unit.call_sign} begins from now until {until}")
    site = command.site or base_of(unit, blueprint)
    if site not in blueprint.sites:
        return Refusal("unknown_site", f"the scheme has no site {site!r}")
    if unit.status == "meal":
        return Refusal("on_break", f"{unit.call_sign} has its break now")
    planned = ev.BreakPlanned(command.starts_at, round(length.total_seconds() / 60), site)
    return [emit(unit.unit_id, planned, setting.at(command))]


@decide_break.register
def _(command: cmd.CancelBreak, setting: Setting, unit: Unit) -> Decision:
    if unit.planned_break is None:
        return Refusal("nothing_changed", f"no break of {unit.call_sign} is planned")
    return [emit(unit.unit_id, ev.BreakCancelled(), setting.at(command))]


def base_of(unit: Unit, blueprint: Blueprint) -> str:
    """Return the site that the unit works from."""
    vehicle = blueprint.vehicles.get(unit.vehicle_id)
    district = blueprint.districts.get(unit.district) or next(iter(blueprint.districts.values()))
    return vehicle.base if vehicle else district.base


def local_time(at: datetime, blueprint: Blueprint) -> str:
    """Return a moment as the scheme's clocks show it."""
    return f"{at.astimezone(ZoneInfo(blueprint.time_zone)):%H:%M}"


def break_due_at(unit: Unit, blueprint: Blueprint) -> datetime | None:
    """Return when the crew's break falls due: a set time after book-on, once a duty and before it ends."""
    if unit.break_ended_at is not None or unit.status == "meal":
        return None
    due = unit.booked_on_at + timedelta(seconds=blueprint.timers.break_due_after_s)
    return due if due < unit.duty_end else None


def break_cost(unit: Unit, blueprint: Blueprint, now: datetime, job_s: float) -> str | None:
    """Say which break a job of this length would cost or put off; None for none."""
    due, planned = break_due_at(unit, blueprint), unit.planned_break
    if due is not None and now >= due:
        late = (now - due).total_seconds() / 60
        return f"break {late:.0f} min overdue" if late >= 1 else "break due"
    done = now + timedelta(seconds=job_s)
    if planned is not None and planned.starts_at < done:
        missed = now >= planned.ends_at
        return (
            f"break of {local_time(planned.starts_at, blueprint)} {'missed' if missed else 'would be lost'}"
        )
    if due is not None and due < done:
        return f"break due {local_time(due, blueprint)}, before the job ends"
    return None

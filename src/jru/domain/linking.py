"""Joining two incidents that are one happening, parting them again, and ending them."""

from __future__ import annotations

from datetime import datetime

from . import incident_events as ev
from .agency import Agency, Label
from .commands import CloseIncident, DecideMatch, Unmerge
from .deciding import Decision, Setting, emit, op, text_part
from .event_types import Emitted, Part
from .joint import Joint
from .refusal import Refusal


def decide_match(setting: Setting, one: Joint, two: Joint, command: DecideMatch) -> Decision:
    """Join two incidents, or record that they are two. The older one stands for the whole."""
    if one.incident_id == two.incident_id:
        return Refusal("same_incident", "these are joined already")
    agency, at, why = setting.by.agency, setting.at(command), _why(command.reason)
    if not command.same:
        pair = ((one, two), (two, one))
        return [emit(op(a.incident_id), ev.MatchRefused(b.incident_id, agency), at, *why) for a, b in pair]
    if not (one.first.open and two.first.open):
        return Refusal("closed", "both incidents must be open to be joined")
    if one.active and two.active:
        return Refusal("both_committed", "a joint unit is on each of them: stand one down first")
    if Agency.POLICE in one.agencies & two.agencies:
        return Refusal("two_police_references", "a joint incident carries one police reference at most")
    into, merged = sorted((one, two), key=lambda j: (not j.active, j.first.opened_at, j.incident_id))
    joined = ev.IncidentsMerged(into.incident_id, merged.incident_id, agency)
    return [emit(op(into.incident_id), joined, at, *why), emit(op(merged.incident_id), joined, at, *why)]


def _why(reason: str) -> tuple[Part, ...]:
    return (text_part(Label.OPERATIONAL, None, reason),) if reason else ()


def decide_unmerge(setting: Setting, joint: Joint, command: Unmerge) -> Decision:
    """Take one leg out again with what had been joined to it before; both sides keep everything they had."""
    leg = next((g for g in joint.legs[1:] if g.incident_id == command.other_id), None)
    if leg is None or leg.merged_into is None:
        return Refusal("not_joined", "these two are not joined")
    if any(g.active for g in joint.branch(leg)):
        return Refusal("committed", "a joint unit is on the joined part: stand it down first")
    parted = ev.IncidentsUnmerged(leg.merged_into, leg.incident_id, setting.by.agency)
    at, why = setting.at(command), _why(command.reason)
    return [emit(op(leg.merged_into), parted, at, *why), emit(op(leg.incident_id), parted, at, *why)]


def decide_close(setting: Setting, joint: Joint, command: CloseIncident, hours: tuple[int, int]) -> Decision:
    """Close the own service's log; the incident ends when every service's log is closed.

    `hours` are the person-seconds that joint units gave, police first.
    """
    if not joint.first.open:
        return Refusal("closed", "the incident is closed")
    if command.reason not in setting.blueprint.closing_reasons:
        return Refusal("unknown_code", f"the scheme has no closing reason {command.reason!r}")
    if joint.active:
        return Refusal(
            "unit_committed", f"{joint.active[0].call_sign} is still on it: clear or stand it down first"
        )
    if joint.outcome_missing:
        return Refusal("outcome_missing", "a joint unit attended: its outcome comes first")
    agency, at = setting.by.agency, setting.at(command)
    emitted = [
        emit(op(leg.incident_id), ev.ReferenceClosed(agency), at)
        for leg in joint.legs
        if any(ref.agency is agency and not ref.closed for ref in leg.refs)
    ]
    if all(ref.closed or ref.agency is agency for ref in joint.refs):
        emitted += close_all(joint, command.reason, hours, at)
    return emitted or Refusal("not_your_log", f"the {agency.value} service has no open log on this incident")


def close_all(joint: Joint, reason: str, hours: tuple[int, int], at: datetime) -> list[Emitted]:
    """End every leg; the hours stand on the first."""
    return [
        emit(op(leg.incident_id), ev.IncidentClosed(reason, *(hours if leg is joint.first else (0, 0))), at)
        for leg in joint.legs
    ]

"""What may be done with an incident: commands to events, or a refusal with its reason."""

from __future__ import annotations

from datetime import timedelta
from functools import singledispatch

from . import commands as cmd
from . import incident_events as ev
from .agency import Agency, Label, Role
from .asking import (
    answer_question,
    answer_request,
    leg_waiting_for,
    record_arrival,
    record_release,
    request_other,
)
from .blueprint import HazardType
from .deciding import Decision, Setting, emit, op, stream_for, text_part
from .event_types import Emitted
from .joint import Joint
from .refusal import Refusal
from .reporting import hazard_event
from .tasking import may_stand_down_resource
from .words import label_words

NOTE_LABELS = {
    Agency.POLICE: frozenset({Label.OPERATIONAL, Label.IDENTITY, Label.POLICE_EVIDENCE, Label.POLICE_INTEL}),
    Agency.AMBULANCE: frozenset({Label.OPERATIONAL, Label.IDENTITY, Label.CLINICAL}),
}
RESOURCE_STATUSES = frozenset({"assigned", "mobile", "scene", "left"})
SOURCES = frozenset({"seen", "said", "record"})
_CLOSED = Refusal("closed", "the incident is closed; open it again first")
_OPEN_ALWAYS = (cmd.ReopenIncident, cmd.RecordNote, cmd.RecordOutcome, cmd.RecordPerson, cmd.ShareLine)


def decide(setting: Setting, joint: Joint, command: cmd.OnIncident) -> Decision:
    """Decide a command about one incident; after the end only notes, outcomes and opening again are taken."""
    if not joint.first.open and not isinstance(command, _OPEN_ALWAYS):
        return _CLOSED
    return _decide(command, setting, joint)


@singledispatch
def _decide(command: cmd.OnIncident, setting: Setting, joint: Joint) -> Decision:
    raise TypeError(f"no rule for {type(command).__name__}")


@_decide.register
def _(command: cmd.ShareIncident, setting: Setting, joint: Joint) -> Decision:
    agency = setting.by.agency
    if agency.other in joint.visible_to and agency in joint.visible_to:
        return Refusal("already_visible", "both services see this incident already")
    return [emit(op(joint.incident_id), ev.IncidentShared(agency), setting.at(command))]


@_decide.register
def _(command: cmd.ShareLine, setting: Setting, joint: Joint) -> Decision:
    agency, at = setting.by.agency, setting.at(command)
    emitted: list[Emitted] = []
    if agency.other not in joint.visible_to:
        emitted.append(emit(op(joint.incident_id), ev.IncidentShared(agency), at))
    line = text_part(Label.OPERATIONAL, None, command.text)
    return [*emitted, emit(op(joint.incident_id), ev.LineShared(agency), at, line)]


@_decide.register
def _(command: cmd.RecordNote, setting: Setting, joint: Joint) -> Decision:
    agency = setting.by.agency
    if command.label not in NOTE_LABELS[agency]:
        return Refusal(
            "label_not_yours", f"the {agency.value} service does not write {label_words(command.label)} notes"
        )
    owner = None if command.label is Label.OPERATIONAL else agency
    note = text_part(command.label, owner, command.text)
    stream = stream_for(joint.leg_of(agency).incident_id, command.label, agency)
    return [emit(stream, ev.NoteRecorded(agency, command.label), setting.at(command), note)]


@_decide.register
def _(command: cmd.ReportHazard, setting: Setting, joint: Joint) -> Decision:
    """Keep the danger with the whole and with the own leg: whoever is parted later, nobody loses it."""
    known: HazardType | None = setting.blueprint.hazards.get(command.code)
    if known is None:
        return Refusal("unknown_hazard", f"the scheme has no hazard {command.code!r}")
    if any(h.code == command.code and h.cleared_at is None for h in joint.hazards) and not known.holds:
        return Refusal("already_reported", f"{known.name} is reported already; add a note for more")
    given = cmd.HazardGiven(command.code, command.note)
    agency = setting.by.agency
    legs = dict.fromkeys((joint.incident_id, joint.leg_of(agency).incident_id))
    return [hazard_event(setting, leg, agency, given, setting.at(command)) for leg in legs]


@_decide.register
def _(command: cmd.ClearHazard, setting: Setting, joint: Joint) -> Decision:
    found = [h for h in joint.hazards if h.code == command.code and h.cleared_at is None]
    if not found:
        return Refusal("no_such_hazard", f"no open hazard {command.code!r} on this incident")
    if any(h.holds for h in found) and not _may_declare_safe(setting, joint):
        return Refusal(
            "not_entitled", "only police with the right to do so end a hazard that holds clinicians"
        )
    cleared = ev.HazardCleared(command.code, setting.by.agency)
    reason = text_part(Label.SAFETY, None, command.reason)
    legs = [leg for leg in joint.legs if any(h in found for h in leg.hazards)]
    return [emit(op(leg.incident_id), cleared, setting.at(command), reason) for leg in legs]


def _may_declare_safe(setting: Setting, joint: Joint) -> bool:
    policy = setting.blueprint.tasking_for(joint.district)
    return setting.by.agency is Agency.POLICE and setting.by.role in policy.scene_safe_roles


@_decide.register
def _(command: cmd.DeclareSceneSafe, setting: Setting, joint: Joint) -> Decision:
    if not _may_declare_safe(setting, joint):
        return Refusal("not_entitled", "only a police person with the right to do so declares the scene safe")
    if not joint.holding:
        return Refusal("no_hold", "no hazard on this incident holds anybody")
    at = setting.at(command)
    declared = ev.SceneDeclaredSafe(setting.by.role)
    who = text_part(Label.SAFETY, None, f"{setting.by.name}: {command.words or 'scene safe'}")
    return [emit(op(leg.incident_id), declared, at, who) for leg in joint.legs if leg.holding]


@_decide.register
def _(command: cmd.RequestOther, setting: Setting, joint: Joint) -> Decision:
    return request_other(setting, joint, command)


@_decide.register
def _(command: cmd.AnswerRequest, setting: Setting, joint: Joint) -> Decision:
    return answer_request(setting, joint, command)


@_decide.register
def _(command: cmd.AnswerQuestion, setting: Setting, joint: Joint) -> Decision:
    return answer_question(setting, joint, command)


@_decide.register
def _(command: cmd.RecordArrival, setting: Setting, joint: Joint) -> Decision:
    return record_arrival(setting, joint, command)


@_decide.register
def _(command: cmd.RecordRelease, setting: Setting, joint: Joint) -> Decision:
    return record_release(setting, joint, command)


@_decide.register
def _(command: cmd.ReportResource, setting: Setting, joint: Joint) -> Decision:
    agency, at = setting.by.agency, setting.at(command)
    if command.status not in RESOURCE_STATUSES:
        return Refusal("unknown_code", "a resource is assigned, mobile, scene or left")
    if any(r.call_sign == command.call_sign and r.agency is not agency for r in joint.resources):
        return Refusal(
            "not_your_resource", f"{command.call_sign} belongs to the {agency.other.value} service"
        )
    eta_at = at + timedelta(minutes=command.eta_min) if command.eta_min is not None else None
    reported = ev.ResourceReported(agency, command.call_sign, command.kind, command.status, eta_at)
    emitted = [emit(op(joint.leg_of(agency).incident_id), reported, at)]
    waiting = leg_waiting_for(joint, agency)
    if command.status == "scene" and waiting is not None:
        arrived = ev.OtherServiceArrived(agency, command.call_sign)
        emitted.append(emit(op(waiting.incident_id), arrived, at))
    return emitted


@_decide.register
def _(command: cmd.StandDownResource, setting: Setting, joint: Joint) -> Decision:
    resource = next((r for r in joint.resources if r.call_sign == command.call_sign), None)
    if resource is None or resource.status in ("left", "stood_down"):
        return Refusal("no_such_resource", f"{command.call_sign} is not on this incident")
    policy = setting.blueprint.tasking_for(joint.district)
    allowed = may_stand_down_resource(policy, setting.by.agency, resource.agency, joint)
    if isinstance(allowed, Refusal):
        return allowed
    leg = next(g for g in joint.legs if resource in g.resources)
    stood = ev.ResourceReported(resource.agency, resource.call_sign, resource.kind, "stood_down", None)
    reason = text_part(Label.OPERATIONAL, None, command.reason)
    return [emit(op(leg.incident_id), stood, setting.at(command), reason)]


@_decide.register
def _(command: cmd.RecordOutcome, setting: Setting, joint: Joint) -> Decision:
    codes = setting.blueprint.outcome_codes
    given = {"need": command.need, "ended": command.ended}
    for group, code in [*given.items(), ("risk", command.risk_arrival), ("risk", command.risk_leaving)]:
        if code not in codes.get(group, {}):
            return Refusal("unknown_code", f"the scheme has no {group} {code!r}")
    for context in command.contexts:
        if context.code not in codes.get("context", {}):
            return Refusal("unknown_code", f"the scheme has no context {context.code!r}")
        if context.source not in SOURCES:
            return Refusal("unknown_code", "a context is known from: seen, said or record")
    if not (setting.by.unit_id or Role(setting.by.role).is_dispatcher):
        return Refusal("not_entitled", "the crew codes the outcome, or a room for it")
    if not joint.commitments:
        return Refusal("no_unit", "no joint unit was on this incident")
    contexts = tuple(sorted(f"{c.code}:{c.source}" for c in command.contexts))
    outcome = ev.OutcomeRecorded(
        command.need, command.ended, command.risk_arrival, command.risk_leaving, contexts
    )
    return [emit(op(joint.incident_id), outcome, setting.at(command))]


@_decide.register
def _(command: cmd.RecordPerson, setting: Setting, joint: Joint) -> Decision:
    codes = setting.blueprint.outcome_codes
    if command.disposal not in codes.get("disposal", {}):
        return Refusal("unknown_code", f"the scheme has no disposal {command.disposal!r}")
    if command.conveyed_by is not None and command.conveyed_by not in codes.get("conveyed_by", {}):
        return Refusal("unknown_code", f"nobody conveys by {command.conveyed_by!r}")
    if command.person < 1:
        return Refusal("person_skipped", "persons are counted from 1")
    if command.person > len(joint.persons) + 1:
        return Refusal("person_skipped", f"record person {len(joint.persons) + 1} first")
    person = ev.PersonOutcomeRecorded(
        command.person, command.disposal, command.conveyed_by, command.custody, command.s136
    )
    parts = (text_part(Label.OPERATIONAL, None, command.destination),) if command.destination else ()
    return [emit(op(joint.incident_id), person, setting.at(command), *parts)]


@_decide.register
def _(command: cmd.ReopenIncident, setting: Setting, joint: Joint) -> Decision:
    if joint.first.open:
        return Refusal("open", "the incident is open")
    at = setting.at(command)
    return [emit(op(leg.incident_id), ev.IncidentReopened(setting.by.agency), at) for leg in joint.legs]

"""A control room's desk: calls, changes, matches, ends."""

from __future__ import annotations

from jru.domain import commands as cmd
from jru.domain.asking import ask_question
from jru.domain.deciding import Setting
from jru.domain.incident_decisions import decide
from jru.domain.joint import Joint
from jru.domain.linking import decide_close, decide_match, decide_unmerge
from jru.domain.refusal import Refusal
from jru.domain.reporting import decide_update, open_incident, own_number, told_by_call
from jru.domain.words import QUESTION

from . import versions
from .access import Viewer
from .consequences import person_seconds
from .ground import Decided, Done, Ground
from .numbering import Numbering
from .recorder import Sent


class Intake:
    """Use cases of a control room's desk, before a unit is chosen."""

    def __init__(self, ground: Ground, numbering: Numbering) -> None:
        self._ground = ground
        self._numbering = numbering

    def take_call(self, viewer: Viewer, command: cmd.TakeCall, sent: Sent) -> Done:
        """Open an incident; type and place are enough."""
        ground = self._ground
        setting = ground.setting(viewer, sent)
        refusal = _unknown_codes(setting, command)
        place = ground.place(command.place)

        def attempt(number: str) -> Decided:
            if refusal is not None:
                return Decided(refusal)
            incident_id = ground.recorder.new_id("inc")
            ref = own_number(setting, number, command.foreign_id)
            told = told_by_call(command, viewer.agency, ref, place)
            opened = open_incident(setting, incident_id, number, told, setting.at(command), stub=False)
            return self._numbering.opened(opened, incident_id, number, ref, sent)

        return self._numbering.open(viewer, sent, attempt)

    def update(self, viewer: Viewer, command: cmd.UpdateIncident, sent: Sent) -> Done:
        """Change the own service's grade, type, place or flags."""
        ground = self._ground
        joint = ground.joint(viewer, command.incident_id)
        place = ground.place(command.place)

        def decided() -> Decided:
            now = ground.joint(viewer, command.incident_id)
            leg = now.leg_of(viewer.agency)
            decision = decide_update(ground.setting(viewer, sent), leg, command, place)
            shown = versions.on_incident(ground.log, ground.board, viewer, now, command, decision)
            return Decided(shown, told="changed")

        return ground.write(viewer, sent, _names(joint), decided)

    def on_incident(self, viewer: Viewer, command: cmd.OnIncident, sent: Sent) -> Done:
        """Carry out any command that looks at one incident only."""
        ground = self._ground
        joint = ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            now = ground.joint(viewer, command.incident_id)
            decision = decide(ground.setting(viewer, sent), now, command)
            shown = versions.on_incident(ground.log, ground.board, viewer, now, command, decision)
            return Decided(shown, told=_TOLD.get(type(command), "recorded"))

        return ground.write(viewer, sent, _names(joint), decided)

    def ask(self, viewer: Viewer, command: cmd.AskQuestion, sent: Sent) -> Done:
        """Ask the other room a question."""
        ground = self._ground
        joint = ground.joint(viewer, command.incident_id)
        told = f"the {viewer.agency.other.value} room is asked: {QUESTION.get(command.about, command.about)}"

        def decided() -> Decided:
            now, new_id = ground.joint(viewer, command.incident_id), ground.recorder.new_id("qst")
            return Decided(ask_question(ground.setting(viewer, sent), now, command, new_id), told=told)

        return ground.write(viewer, sent, _names(joint), decided)

    def match(self, viewer: Viewer, command: cmd.DecideMatch, sent: Sent) -> Done:
        """Say whether two incidents are one. The other one may be known by its suggestion only."""
        ground = self._ground
        one = ground.joint(viewer, command.incident_id)
        two = self._counterpart(viewer, one, command.other_id)

        def decided() -> Decided:
            first = ground.joint(viewer, command.incident_id)
            second = self._counterpart(viewer, first, command.other_id)
            told = "joined" if command.same else "kept apart"
            return Decided(decide_match(ground.setting(viewer, sent), first, second, command), told=told)

        return ground.write(viewer, sent, (*_names(one), *_names(two)), decided)

    def _counterpart(self, viewer: Viewer, one: Joint, other_id: str) -> Joint:
        ground = self._ground
        other = ground.board.joint(other_id)
        named = ground.board.suggested_to(one)
        if other is not None and (other.incident_id in named or other.incident_id == one.incident_id):
            return other
        return ground.joint(viewer, other_id)

    def unmerge(self, viewer: Viewer, command: cmd.Unmerge, sent: Sent) -> Done:
        """Take a joining back."""
        ground = self._ground
        joint = ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            now = ground.joint(viewer, command.incident_id)
            leg = next((g for g in now.legs if g.incident_id == command.other_id), now.first)
            told = f"{leg.number} stands by itself again"
            return Decided(decide_unmerge(ground.setting(viewer, sent), now, command), told=told)

        return ground.write(viewer, sent, _names(joint), decided)

    def close(self, viewer: Viewer, command: cmd.CloseIncident, sent: Sent) -> Done:
        """Close the own service's log."""
        ground = self._ground
        joint = ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            now = ground.joint(viewer, command.incident_id)
            hours = person_seconds(ground.board, now)
            return Decided(decide_close(ground.setting(viewer, sent), now, command, hours), told="closed")

        return ground.write(viewer, sent, _names(joint), decided)


def _names(joint: Joint) -> tuple[str, ...]:
    return tuple(leg.incident_id for leg in joint.legs)


def _unknown_codes(setting: Setting, command: cmd.TakeCall) -> Refusal | None:
    blueprint = setting.blueprint
    if command.type not in blueprint.types:
        return Refusal("unknown_type", f"the scheme has no incident type {command.type!r}")
    if command.grade is not None and blueprint.partners[setting.by.agency].grade(command.grade) is None:
        return Refusal(
            "unknown_grade", f"the {setting.by.agency.value} service has no grade {command.grade!r}"
        )
    for flag in command.flags:
        if flag not in blueprint.flags:
            return Refusal("unknown_flag", f"the scheme has no flag {flag!r}")
    for hazard in command.hazards:
        if hazard.code not in blueprint.hazards:
            return Refusal("unknown_hazard", f"the scheme has no hazard {hazard.code!r}")
    return None


_TOLD: dict[type[cmd.OnIncident], str] = {
    cmd.ShareIncident: "both services see it now",
    cmd.ShareLine: "line shared",
    cmd.RecordNote: "noted",
    cmd.DeclareSceneSafe: "scene recorded as safe",
    cmd.RequestOther: "the other service is asked",
    cmd.AnswerRequest: "answered",
    cmd.AnswerQuestion: "answered",
}

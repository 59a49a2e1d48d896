"""A crew's duty beside its jobs: ready, who sits where, what it comes upon, where to wait."""

from __future__ import annotations

from jru.domain import shift_commands as sc
from jru.domain.reporting import own_number
from jru.domain.shift_decisions import decide, decide_on_view

from . import versions
from .access import Viewer
from .ground import Decided, Done, Ground
from .numbering import Numbering
from .recorder import Sent

_TOLD: dict[type[sc.OnShift], str] = {
    sc.ConfirmReady: "ready; both rooms told",
    sc.FillSeat: "crew changed; both rooms told",
    sc.SuggestWait: "asked to wait there",
    sc.AnswerWait: "both rooms told",
    sc.ConfirmBriefing: "briefing read",
}


class Shift:
    """Use cases about a unit's duty."""

    def __init__(self, ground: Ground, numbering: Numbering) -> None:
        self._ground = ground
        self._numbering = numbering

    def keep(self, viewer: Viewer, command: sc.OnShift, sent: Sent) -> Done:
        """Carry out a command that looks at the unit's duty only."""
        ground = self._ground
        ground.unit(command.unit_id)

        def decided() -> Decided:
            aboard = ground.unit(command.unit_id)
            unit = aboard.state
            joint = ground.board.joint(unit.incident_id) if unit.incident_id else None
            decision = decide(ground.setting(viewer, sent), unit, joint, command)
            decision = versions.on_unit(ground.log, viewer, aboard, command, decision)
            told = f"{unit.call_sign}: {_TOLD[type(command)]}"
            return Decided(decision, {"unit_id": unit.unit_id}, told)

        return ground.write(viewer, sent, (command.unit_id,), decided)

    def on_view(self, viewer: Viewer, command: sc.OpenOnView, sent: Sent) -> Done:
        """Open what the crew came upon, with the unit at the scene; both rooms see it at once."""
        ground = self._ground
        setting = ground.setting(viewer, sent)
        place = ground.place(command.place)

        def attempt(number: str) -> Decided:
            unit = ground.unit(command.unit_id).state
            incident_id = ground.recorder.new_id("inc")
            ref = own_number(setting, number)
            opened = decide_on_view(setting, unit, incident_id, number, ref, place, command)
            return self._numbering.opened(opened, incident_id, number, ref, sent)

        return self._numbering.open(viewer, sent, attempt)

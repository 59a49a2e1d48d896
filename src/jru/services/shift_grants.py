"""Who may do what in the course of a crew's duty beside its jobs, and how that is said."""

from __future__ import annotations

from jru.domain import commands as cmd
from jru.domain import shift_commands as sc
from jru.domain.agency import CREW_ROLES, Role

_ROOMS = frozenset({Role.POLICE_DISPATCHER, Role.AMBULANCE_DISPATCHER})

SHIFT_WRITES: dict[type[cmd.Command], frozenset[Role]] = {
    sc.ConfirmReady: CREW_ROLES,
    sc.FillSeat: CREW_ROLES | _ROOMS,
    sc.OpenOnView: CREW_ROLES,
    sc.SuggestWait: _ROOMS,
    sc.AnswerWait: CREW_ROLES,
    sc.ConfirmBriefing: CREW_ROLES,
    sc.RecordDebrief: CREW_ROLES,
}

SHIFT_DEEDS: dict[type[cmd.Command], str] = {
    sc.ConfirmReady: "say that vehicle and kit are checked",
    sc.FillSeat: "fill a unit's seat",
    sc.OpenOnView: "open an incident on view",
    sc.SuggestWait: "suggest where a unit waits",
    sc.AnswerWait: "answer where a unit waits",
    sc.ConfirmBriefing: "confirm a briefing",
    sc.RecordDebrief: "debrief a duty",
}

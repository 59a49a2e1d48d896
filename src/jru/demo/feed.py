"""A control room's own system: it reports calls as they come, what is learnt later, and how they end."""

from __future__ import annotations

from typing import Final

from jru.clock import Random
from jru.demo.api import Answer, Row, iso
from jru.demo.director import Steps
from jru.demo.fleet import Job
from jru.demo.happening import Call, Happening
from jru.demo.response import Response
from jru.demo.rooms import Room

BY_TELEPHONE: Final = {"4", "5", "C4", "C5"}
"""Grades that are mostly dealt with by telephone."""

TELEPHONE_SHARE: Final = 0.6
"""Share of such calls without attendance; assumed."""

FOLLOW_UP_SHARE: Final = 0.2
"""Share of calls about which more is learnt; assumed."""

_LEARNT: Final = (
    "Second caller says the same.",
    "Caller rings back, nothing new.",
    "Caller has left the place.",
)


class Feed:
    """Sends one room's calls."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def call(self, happening: Happening, call: Call) -> Steps:
        """Report a call, see that somebody goes, and report its end."""
        room = self._room
        chance = room.chance.child(f"call/{happening.number}")
        knife_later = "weapon" in call.hazards and happening.type_id != "weapons"
        opened = await self._open(happening, call, knife_later)
        incident_id = opened.outcome.get("incident_id")
        if not opened.ok or not isinstance(incident_id, str):
            return
        room.hear(room.delay_s(8, 15, chance))
        if knife_later or chance.uniform() < FOLLOW_UP_SHARE:
            later = self._learn(happening, call, knife_later, chance.child("learn"))
            room.world.director.start(later, "follow-up", room.delay_s(90, 200, chance))
        yield room.delay_s(20, 60, chance)
        if "other_service_asked" in call.flags and room.played:
            need = "clinician" if room.agency == "police" else "police"
            await room.api.post(f"/incidents/{incident_id}/requests", {"need": need})
        if call.grade in BY_TELEPHONE and chance.uniform() < TELEPHONE_SHARE:
            yield room.delay_s(600, 1800, chance)
            await room.report(happening, "close", 90)
            return
        job = self._job(happening, call, incident_id)
        async for wait_s in Response(room, job, chance.child("response")).steps():
            yield wait_s

    async def _open(self, happening: Happening, call: Call, knife_later: bool) -> Answer:
        hazards = [code for code in call.hazards if not (knife_later and code == "weapon")]
        place = {"text": call.place.text, "lon": call.place.lon, "lat": call.place.lat}
        return await self._room.report(
            happening,
            "create",
            1,
            clock_start=iso(call.at),
            grade=call.grade,
            type_code=call.type_code,
            place=place,
            remarks=call.remarks,
            caller={"name": call.caller[0], "phone": call.caller[1]},
            flags=list(call.flags),
            hazards=[{"code": code} for code in hazards],
        )

    async def _learn(self, happening: Happening, call: Call, knife: bool, chance: Random) -> Steps:
        """Send a second message: now and then a knife has been seen."""
        row = self._room.watch.find(self._room.world.reference(happening, call.agency))
        if row is None or row["phase"] == "closed":
            return
        changes: Row = {"remarks": f"SYNTHETIC: {chance.choice(_LEARNT)}", "flags": list(call.flags)}
        if knife:
            changes["remarks"] = "SYNTHETIC: Caller now says one of them has a knife."
            changes["hazards"] = [{"code": "weapon", "note": "knife seen by the caller"}]
        await self._room.report(happening, "update", 2, grade=call.grade, **changes)
        self._room.hear(10)
        yield 0

    def _job(self, happening: Happening, call: Call, incident_id: str) -> Job:
        room = self._room
        grade = room.world.blueprint.partners[room.agency].grade(call.grade)
        return Job(
            agency=room.agency,
            incident_id=incident_id,
            foreign_id=room.world.reference(happening, room.agency),
            happening=happening,
            place=call.place,
            urgency=grade.urgency if grade else 3,
            since=call.at,
            reason="own",
            grade=call.grade,
        )

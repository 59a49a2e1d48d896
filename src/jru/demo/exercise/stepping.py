"""Does one step of a script through the public interface: of a system always, of people only where none play."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from jru.demo.api import Answer, Api, Row, iso
from jru.demo.crews import Crew
from jru.demo.fleet import Job
from jru.demo.happening import Happening
from jru.demo.response import Response
from jru.demo.rooms import Room
from jru.domain.agency import Agency
from jru.domain.exercise import Doing, Part, Step

DONE: Final = "done"
LEFT: Final = "left to whoever plays it"
HELD: Final = "kept by the silent system"
_SENDS_AFTER_S: Final = 30.0
_BACKUP_FROM: Final = {"ambulance": "ambulance"}
_ILL: Final = {
    "respiration": 28,
    "spo2": 91,
    "on_oxygen": False,
    "systolic": 96,
    "pulse": 126,
    "consciousness": "pain",
}

Send = Callable[[], Awaitable[Answer]]


class Stepping:
    """Knows who stands for each part, and which messages a silent system keeps."""

    def __init__(self, rooms: dict[Agency, Room], crew: Crew, happenings: dict[str, Happening]) -> None:
        self._rooms = rooms
        self._crew = crew
        self._happenings = happenings
        self._versions: dict[tuple[str, Agency], int] = {}
        self._kept: dict[Agency, list[Send]] = {}

    def played(self, part: Part) -> bool:
        """Tell whether the machine plays a part."""
        return self._crew.played if part.agency is None else self._rooms[part.agency].played

    async def do(self, step: Step) -> str:
        """Do a step and return what became of it in words."""
        if step.do.of_system:
            return await self._system(step, self._rooms[step.by.agency or Agency.POLICE])
        if not self.played(step.by):
            return LEFT
        if step.do is Doing.SEND:
            return await self._send_vehicle(step)
        answer = await self._act(step)
        for room in self._rooms.values():
            room.hear(10)
        return DONE if answer.ok else f"refused: {answer.why}"

    async def _system(self, step: Step, room: Room) -> str:
        agency = room.agency
        if step.do is Doing.SILENT:
            self._kept[agency] = []
            return DONE
        if step.do is Doing.BACK:
            words = [_told(await send()) for send in self._kept.pop(agency, [])]
            return next((told for told in words if told != DONE), DONE)
        send = self._message(step, room)
        if agency in self._kept:
            self._kept[agency].append(send)
            return HELD
        return _told(await send())

    def _message(self, step: Step, room: Room) -> Send:
        """Return what sends a room's message, with the time of now whenever it leaves."""
        happening = self._happenings[step.incident or ""]
        kinds = {Doing.REPORT: "create", Doing.UPDATE: "update", Doing.CLOSE: "close"}
        version = self._versions.get((step.incident or "", room.agency), 0) + 1
        self._versions[step.incident or "", room.agency] = version
        changes = self._changes(step, happening, room)
        changes["at"] = iso(room.api.now)

        async def send() -> Answer:
            answer = await room.report(happening, kinds[step.do], version, **changes)
            for each in self._rooms.values():
                each.hear(10)
            if step.sends and answer.ok:
                job = self._job(room, happening, str(answer.outcome.get("incident_id")), "own")
                response = Response(room, job, room.chance.child(f"sends/{step.step_id}"))
                room.world.director.start(response.steps(), "sends", _SENDS_AFTER_S)
            return answer

        return send

    def _changes(self, step: Step, happening: Happening, room: Room) -> Row:
        changes: Row = {}
        if step.do is Doing.REPORT:
            call = (
                happening.second
                if happening.second and happening.second.agency is room.agency
                else happening.first
            )
            place = {"text": call.place.text, "lon": call.place.lon, "lat": call.place.lat}
            changes |= {"clock_start": iso(call.at), "type_code": call.type_code, "place": place}
            changes["caller"] = {"name": call.caller[0], "phone": call.caller[1]}
        if step.words:
            changes["remarks"] = f"SYNTHETIC: {step.words}"
        if step.grade:
            changes["grade"] = step.grade
        if step.flags is not None:
            changes["flags"] = list(step.flags)
        if step.hazards:
            changes["hazards"] = [{"code": code} for code in step.hazards]
        return changes

    async def _incident(self, step: Step) -> str:
        """Return the id under which an incident stands now, for a room that knows of it."""
        happening = self._happenings[step.incident or ""]
        own = self._rooms[step.by.agency or Agency.POLICE]
        for room in (own, self._rooms[own.agency.other]):
            await room.watch.look(unconditionally=True)
            for agency in (room.agency, room.agency.other):
                row = room.watch.find(room.world.reference(happening, agency))
                if row is not None:
                    return str(row["id"])
        return "inc_unknown"

    async def _act(self, step: Step) -> Answer:
        """Do what a person of the part would do."""
        incident = f"/incidents/{await self._incident(step)}" if step.incident else ""
        words = f"SYNTHETIC: {step.words}" if step.words else ""
        agency = step.by.agency
        officer, medic = self._crew.devices or (self._rooms[Agency.POLICE].api,) * 2
        api = self._rooms[agency].api if agency else officer
        unit = f"/units/{self._crew.unit_id}"
        named: dict[Doing, tuple[Api, str, Row]] = {
            Doing.SCENE_SAFE: (api, f"{incident}/scene-safe", {"words": words}),
            Doing.ASK: (
                api,
                f"{incident}/requests",
                {"need": "clinician" if agency is Agency.POLICE else "police"},
            ),
            Doing.LINE: (api, f"{incident}/lines", {"text": words}),
            Doing.HAZARD: (api, f"{incident}/hazards", {"code": (step.hazards or ("",))[0], "note": words}),
            Doing.OFFER: (api, f"{unit}/offers", {"incident_id": incident.rpartition("/")[2]}),
            Doing.DIVERT: (
                api,
                f"{unit}/divert",
                {"incident_id": incident.rpartition("/")[2], "reason": step.told},
            ),
            Doing.SEAT_LEAVES: (
                api,
                f"{unit}/seats",
                {"seat": step.seat, "present": False, "reason": step.reason},
            ),
            Doing.SEAT_BACK: (api, f"{unit}/seats", {"seat": step.seat, "present": True}),
            Doing.WORSE: (medic, f"{incident}/clinical/observations", {"person": 1, **_ILL}),
            Doing.CONSULT: (api, f"{incident}/police/detentions", {"person": 1, "step": "consulted"}),
            Doing.USE_POWER: (api, f"{incident}/police/detentions", {"person": 1, "step": "power_used"}),
            Doing.BACKUP: (
                api,
                f"{unit}/backup",
                {"agency": _BACKUP_FROM.get(step.backup or "", "police"), "kind": step.backup},
            ),
            Doing.EMERGENCY: (api, f"{unit}/emergency", {}),
            Doing.END_EMERGENCY: (api, f"{unit}/emergency/cancel", {"voice_contact": True}),
        }
        sender, path, body = named[step.do]
        return await sender.post(path, body)

    async def _send_vehicle(self, step: Step) -> str:
        room = self._rooms[step.by.agency or Agency.POLICE]
        incident_id = await self._incident(step)
        job = self._job(room, self._happenings[step.incident or ""], incident_id, "backup")
        response = Response(room, job, room.chance.child(f"sends/{step.step_id}"))
        room.world.director.start(response.steps(), "sends")
        return DONE

    def _job(self, room: Room, happening: Happening, incident_id: str, reason: str) -> Job:
        grades = room.world.blueprint.partners[room.agency].grades
        calls = [call for call in (happening.first, happening.second) if call and call.agency is room.agency]
        grade = calls[0].grade if calls else min(grades, key=lambda known: known.urgency).code
        known = room.world.blueprint.partners[room.agency].grade(grade)
        return Job(
            agency=room.agency,
            incident_id=incident_id,
            foreign_id=room.world.reference(happening, calls[0].agency) if calls else None,
            happening=happening,
            place=happening.place,
            urgency=known.urgency if known and reason == "own" else 1,
            since=room.api.now,
            reason=reason,
            grade=grade,
        )


def _told(answer: Answer) -> str:
    return DONE if answer.ok else f"not taken: {answer.why}"

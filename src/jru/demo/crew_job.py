"""What a simulated crew does about one incident, from "mobile" to "available"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jru.clock import Random
from jru.demo.api import Api, Row
from jru.demo.car import Car
from jru.demo.director import Steps
from jru.demo.habits import Habits
from jru.demo.happening import Truth
from jru.demo.places import distance_m
from jru.demo.recording import CrewRecords
from jru.demo.watch import Watch, holds, own_resources, place_of
from jru.demo.world import World
from jru.geo.journey import LonLat

SELF_CONVEY_SHARE: Final = 0.15
"""Share of patients for hospital whom the joint unit takes itself; assumed: such a vehicle rarely conveys."""

FORCE_BACKUP_SHARE: Final = 0.25
"""Share of incidents with violence on arrival where the crew asks for a patrol; assumed."""

STAY_AT_RVP_S: Final = 5400.0
WAIT_FOR_AMBULANCE_S: Final = 3600.0
HANDOVER_S: Final = 1200.0
SEARCH_S: Final = 420.0
LOOK_S: Final = 30.0
WORK_LOOK_S: Final = 300.0


class CrewJob:
    """Works jobs for one crew; every tap goes through the public interface."""

    def __init__(
        self,
        world: World,
        watch: Watch,
        car: Car,
        api: Api,
        medic: Api,
        records: CrewRecords,
        played: Callable[[], bool],
        habits: Habits,
    ) -> None:
        """Tap with the police device's `api`, code persons with the paramedic's."""
        self._world = world
        self._watch = watch
        self._car = car
        self._api = api
        self._medic = medic
        self._records = records
        self._played = played
        self._habits = habits
        self._incident_id = ""
        self._references: frozenset[str] = frozenset()

    async def follow(self, row: Row) -> Steps:
        """Drive where the status says, while a person has the crew's device."""
        target = self._target_of(row)
        if target is None:
            await self._car.send_position()
            return

        async def same_way() -> bool:
            await self._watch.look(unconditionally=True)
            now = self._watch.units.get(self._car.unit_id)
            return now is not None and now["status"] == row["status"]

        async for wait_s in self._car.drive(target, same_way, live=True):
            yield wait_s

    def _target_of(self, row: Row) -> LonLat | None:
        incident = self._watch.incidents.get(row["incident_id"] or "")
        if incident is None:
            return None
        if row["status"] == "mobile":
            rvp = incident["rvp"]
            return (rvp["lon"], rvp["lat"]) if rvp and holds(incident) else place_of(incident)
        if row["status"] in ("scene", "patient"):
            return place_of(incident)
        return self._hospital() if row["status"] == "transport" else None

    async def work(self, incident_id: str, chance: Random) -> Steps:
        """Work one incident to its end, or until the crew is taken off it or taken over."""
        self._incident_id = incident_id
        incident = self._incident()
        if incident is None:
            yield LOOK_S
            return
        self._references = _references(incident)
        truth = self._world.happening_of(incident).truth
        yield 15 + chance.exponential(25)
        if not await self._tap("mobile"):
            yield LOOK_S
            return
        async for wait_s in self._reach(chance):
            yield wait_s
        if await self._still_ours():
            async for wait_s in self._at_scene(truth, chance):
                yield wait_s

    async def _at_scene(self, truth: Truth, chance: Random) -> Steps:
        """Work there and code it; or code that the crew never got past the rendezvous point."""
        ended = "held_at_rvp_released"
        if not self._held():
            await self._tap("scene")
            ended = "not_found" if chance.uniform() < self._habits.not_found else "attended"
            async for wait_s in self._treat(truth, chance) if ended == "attended" else _search():
                yield wait_s
        if await self._still_ours():
            async for wait_s in self._end(truth, ended, chance):
                yield wait_s

    async def _reach(self, chance: Random) -> Steps:
        """Drive to the scene, by way of the rendezvous point while a hazard holds."""
        incident = self._incident()
        rvp = incident["rvp"] if incident and holds(incident) else None
        target = (rvp["lon"], rvp["lat"]) if rvp else self._place()
        if target is not None:
            async for wait_s in self._car.drive(target, self._go_on, live=self._world.director.live):
                yield wait_s
        if not await self._still_ours() or not self._held():
            if rvp and self._place() and await self._still_ours():
                async for wait_s in self._last_stretch():
                    yield wait_s
            return
        await self._tap("rvp")
        waited_s = 0.0
        while waited_s < STAY_AT_RVP_S and self._held():
            yield LOOK_S
            waited_s += LOOK_S
            if not await self._still_ours():
                return
        if not self._held():
            async for wait_s in self._last_stretch():
                yield wait_s

    async def _last_stretch(self) -> Steps:
        place = self._place()
        if place is not None:
            async for wait_s in self._car.drive(place, self._go_on, live=self._world.director.live):
                yield wait_s

    async def _treat(self, truth: Truth, chance: Random) -> Steps:
        yield 45 + chance.exponential(60)
        if truth.patients:
            await self._tap("patient")
            await self._records.at_patient(self._incident_id, truth, chance.child("observations"))
        if truth.risk_arrival == "violence" and chance.uniform() < FORCE_BACKUP_SHARE:
            await self._back_up("police", "patrol")
        convey = truth.transport and chance.uniform() < SELF_CONVEY_SHARE
        work_s = truth.on_scene_s * (0.4 if truth.need == "neither" else 1.0)
        if truth.transport and not convey:
            yield min(480.0, work_s)
            work_s = max(0.0, work_s - 480.0)
            await self._ask_ambulance()
        while work_s > 0:
            yield min(WORK_LOOK_S, work_s)
            work_s -= WORK_LOOK_S
            if not await self._still_ours():
                return
        if convey:
            async for wait_s in self._convey(chance):
                yield wait_s
        elif truth.transport:
            async for wait_s in self._await_ambulance():
                yield wait_s

    async def _ask_ambulance(self) -> None:
        await self._watch.look()
        incident = self._incident()
        if incident is not None and not own_resources(incident, "ambulance"):
            await self._back_up("ambulance", "ambulance")

    async def _back_up(self, agency: str, kind: str) -> None:
        await self._api.post(f"/units/{self._car.unit_id}/backup", {"agency": agency, "kind": kind})

    async def _await_ambulance(self) -> Steps:
        waited_s = 0.0
        while waited_s < WAIT_FOR_AMBULANCE_S and await self._still_ours():
            incident = self._incident()
            if incident is None or own_resources(incident, "ambulance", "scene", "left"):
                return
            yield WORK_LOOK_S / 2
            waited_s += WORK_LOOK_S / 2

    async def _convey(self, chance: Random) -> Steps:
        await self._tap("transport", leg="hospital")
        target = self._hospital()
        if target is not None:
            async for wait_s in self._car.drive(target, self._go_on, live=self._world.director.live):
                yield wait_s
        await self._tap("destination")
        yield 120.0
        await self._tap("handover")
        yield HANDOVER_S * (0.6 + 0.8 * chance.uniform())

    async def _end(self, truth: Truth, ended: str, chance: Random) -> Steps:
        """Code the outcome, clear and be available again."""
        if ended != "held_at_rvp_released":
            await self._tap("clearing")
            yield 90 + chance.exponential(120)
            if not await self._still_ours():
                return
        nobody = ended != "attended"
        await self._api.post(
            f"/incidents/{self._incident_id}/outcome",
            {
                "need": "neither" if nobody else truth.need,
                "ended": ended,
                "risk_arrival": "calm" if nobody else truth.risk_arrival,
                "risk_leaving": "calm" if nobody else truth.risk_leaving,
                "contexts": [] if nobody else [{"code": code, "source": "seen"} for code in truth.contexts],
            },
        )
        if not nobody:
            await self._records.after_work(self._incident_id, truth, chance.child("records"))
            await self._code_persons(truth)
        await self._tap("available")
        await self._car.send_position()

    async def _code_persons(self, truth: Truth) -> None:
        unit = self._watch.units.get(self._car.unit_id) or {}
        for person in range(1, truth.patients + 1):
            conveyed = truth.transport and person == 1
            body: Row = {
                "person": person,
                "disposal": "conveyed_ed" if conveyed else "see_and_treat",
                "custody": False,
                "s136": False,
            }
            if conveyed:
                body["conveyed_by"] = (
                    "joint_unit" if unit.get("status") in ("handover", "destination") else "ambulance"
                )
            await self._medic.post(f"/incidents/{self._incident_id}/persons", body)
            reference = f"SYNTHETIC-ECR-{self._incident_id[-6:]}-{person}"
            await self._records.conclude(self._incident_id, person, body["disposal"], reference)
        if truth.custody:
            body = {
                "person": truth.patients + 1,
                "disposal": "custody",
                "conveyed_by": "police",
                "custody": True,
            }
            await self._api.post(f"/incidents/{self._incident_id}/persons", {**body, "s136": False})

    async def _tap(self, status: str, **more: str) -> bool:
        body: Row = {"status": status, **more}
        return (await self._api.post(f"/units/{self._car.unit_id}/status", body)).ok

    async def _go_on(self) -> bool:
        """Tell whether to drive on; without people watching, nothing changes on the way that could not wait."""
        return not self._world.director.live or await self._still_ours()

    async def _still_ours(self) -> bool:
        await self._watch.look(unconditionally=self._world.director.live)
        unit = self._watch.units.get(self._car.unit_id)
        if unit is None or not self._played():
            return False
        now_on = self._watch.incidents.get(unit["incident_id"] or "")
        if (
            now_on is not None
            and now_on["id"] != self._incident_id
            and _references(now_on) & self._references
        ):
            self._incident_id = now_on["id"]  # joined to another one that now stands for both
        return bool(unit["incident_id"] == self._incident_id)

    def _incident(self) -> Row | None:
        return self._watch.incidents.get(self._incident_id)

    def _held(self) -> bool:
        incident = self._incident()
        return incident is not None and holds(incident)

    def _place(self) -> LonLat | None:
        incident = self._incident()
        return place_of(incident) if incident else None

    def _hospital(self) -> LonLat | None:
        sites = [(s.lon, s.lat) for s in self._world.blueprint.sites.values() if s.kind == "hospital"]
        return min(sites, key=lambda site: distance_m(self._car.at, site), default=None)


def _references(incident: Row) -> frozenset[str]:
    return frozenset(ref["foreign_id"] for ref in incident["refs"])


async def _search() -> Steps:
    yield SEARCH_S

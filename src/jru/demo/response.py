"""One single-service vehicle's job: from the queue to the scene, the work there, and the end of the log."""

from __future__ import annotations

from typing import Final

from jru.clock import Random
from jru.demo.api import Row
from jru.demo.director import Steps
from jru.demo.fleet import Job, Vehicle
from jru.demo.places import TOWNS, distance_m
from jru.demo.rooms import Room
from jru.demo.watch import dealt_with, holds, open_waits, own_resources
from jru.domain.agency import Agency
from jru.geo.journey import LonLat

LOOK_S: Final = 40.0
MOBILISE_S: Final = 60.0
ASK_AFTER_S: Final = 180.0
"""Mean time on scene until the need for the other service is clear; assumed."""

SECURE_S: Final = 420.0
"""Mean time for police to make a scene with a weapon safe; assumed."""

HANDOVER_S: Final = 1500.0
"""Time at the hospital before an ambulance is clear; assumed."""

TOGETHER_S: Final = 480.0
"""How long the first service stays once the other one is there; assumed."""

LONGEST_WAIT_S: Final = 3 * 3600.0
OTHER_WORK_MEAN_S: Final = 1200.0
"""Mean time a vehicle is busy with work that is not shown before it is free again; assumed."""

_KEPT: Final = ("C1", "C1T", "C2")


class Response:
    """What one vehicle does about one incident."""

    def __init__(self, room: Room, job: Job, chance: Random) -> None:
        self._room = room
        self._job = job
        self._chance = chance

    @property
    def _truth_asks(self) -> bool:
        other = "ambulance_only" if self._job.agency is Agency.POLICE else "police_only"
        return self._job.happening.truth.need in ("dual", other)

    async def steps(self) -> Steps:
        """Wait for a vehicle, go, work, and close the log of the own service."""
        self._room.fleet.ask(self._job, self._room.api.now)
        async for wait_s in self._queue():
            yield wait_s
        vehicle = self._job.vehicle
        if vehicle is not None:
            async for wait_s in self._attend(vehicle):
                yield wait_s
        async for wait_s in self._finish():
            yield wait_s

    async def _queue(self) -> Steps:
        while self._job.vehicle is None:
            if not self._needed():
                self._room.fleet.drop(self._job)
                return
            yield LOOK_S

    def _needed(self) -> bool:
        """Tell whether a vehicle of the own service must still come."""
        row = self._room.row(self._job)
        if row is None or row["phase"] == "closed" or dealt_with(row):
            return False
        if self._job.reason == "backup":
            return True
        if self._job.reason == "asked" and not open_waits(row, self._job.agency):
            return False
        return not row["units"] or self._keeps_own(row)

    def _keeps_own(self, row: Row) -> bool:
        """Tell whether the own service comes although a joint unit is on it."""
        if self._job.agency is Agency.AMBULANCE:
            kind = self._room.world.blueprint.types[self._job.happening.type_id]
            return self._job.grade in _KEPT or kind.ambulance_as_well
        return self._job.urgency == 1 and ("suspect_present" in row["flags"] or holds(row))

    async def _attend(self, vehicle: Vehicle) -> Steps:
        target: LonLat = (self._job.place.lon, self._job.place.lat)
        travel_s = self._room.world.driving.seconds(vehicle.at, target)
        await self._room.resource(self._job, "assigned", travel_s + MOBILISE_S)
        self._room.hear(20)
        left_s = travel_s + MOBILISE_S
        while left_s > 0:
            yield min(LOOK_S, left_s)
            left_s -= LOOK_S
            if left_s > 0 and self._joint_unit_there() and not self._needed():
                await self._stand_down(vehicle, target, 1 - left_s / (travel_s + MOBILISE_S))
                return
        async for wait_s in self._hold():
            yield wait_s
        await self._room.resource(self._job, "scene")
        self._room.hear(15)
        async for wait_s in self._work():
            yield wait_s
        await self._leave(vehicle, target)

    def _joint_unit_there(self) -> bool:
        row = self._room.row(self._job)
        return row is None or any(unit["status"] in ("scene", "patient") for unit in row["units"])

    async def _stand_down(self, vehicle: Vehicle, target: LonLat, share: float) -> None:
        path = f"/incidents/{self._job.incident_id}/resources/{vehicle.call_sign}/stand-down"
        await self._room.api.post(path, {"reason": "joint unit is dealing"})
        here = vehicle.at
        done = min(1.0, max(0.0, share))
        place = (here[0] + (target[0] - here[0]) * done, here[1] + (target[1] - here[1]) * done)
        self._room.fleet.release(vehicle, place, self._room.api.now)

    async def _hold(self) -> Steps:
        """Let an ambulance wait at a distance until police declare the scene safe."""
        waited_s = 0.0
        while self._job.agency is Agency.AMBULANCE and waited_s < LONGEST_WAIT_S:
            row = self._room.row(self._job)
            if row is None or not holds(row):
                return
            yield LOOK_S
            waited_s += LOOK_S

    async def _work(self) -> Steps:
        truth = self._job.happening.truth
        work_s = truth.on_scene_s * (0.6 + 0.4 * self._chance.uniform())
        if self._job.agency is Agency.POLICE and self._holding():
            secure_s = self._room.delay_s(120, SECURE_S, self._chance)
            yield secure_s
            await self._declare_safe()
        if self._truth_asks and self._job.reason == "own":
            ask_s = self._room.delay_s(60, ASK_AFTER_S, self._chance)
            yield ask_s
            await self._ask()
            async for wait_s in self._other_service():
                yield wait_s
            work_s = max(TOGETHER_S, work_s / 2)
        yield work_s

    def _holding(self) -> bool:
        row = self._room.row(self._job)
        return row is not None and holds(row)

    async def _declare_safe(self) -> None:
        if self._room.played and self._holding() and self._job.vehicle is not None:
            words = f"{self._job.vehicle.call_sign}: weapon secured"
            await self._room.api.post(f"/incidents/{self._job.incident_id}/scene-safe", {"words": words})
            self._room.hear(10)

    async def _ask(self) -> None:
        """Ask the other service, unless it is there, coming or asked already."""
        row = self._room.row(self._job)
        other = self._job.agency.other
        if row is None or not self._room.played or row["units"] or row["joint"]:
            return
        if open_waits(row, other) or own_resources(row, other):
            return
        need = "clinician" if self._job.agency is Agency.POLICE else "police"
        await self._room.api.post(f"/incidents/{self._job.incident_id}/requests", {"need": need})
        self._room.hear(15)

    async def _other_service(self) -> Steps:
        """Wait until somebody of the other service is there."""
        waited_s = 0.0
        while waited_s < LONGEST_WAIT_S:
            row = self._room.row(self._job)
            if row is None or row["phase"] == "closed":
                return
            if own_resources(row, self._job.agency.other, "scene", "left") or self._joint_unit_there():
                return
            yield LOOK_S
            waited_s += LOOK_S

    async def _leave(self, vehicle: Vehicle, target: LonLat) -> None:
        await self._room.resource(self._job, "left")
        truth = self._job.happening.truth
        place, busy_s = target, self._chance.exponential(OTHER_WORK_MEAN_S)
        if self._job.agency is Agency.AMBULANCE and (truth.transport or self._job.reason == "backup"):
            place = self._hospital(target)
            busy_s += self._room.world.driving.seconds(target, place) + HANDOVER_S
        self._room.world.director.start(self._back(vehicle, place, busy_s), "back")

    async def _back(self, vehicle: Vehicle, place: LonLat, busy_s: float) -> Steps:
        yield busy_s
        self._room.fleet.release(vehicle, place, self._room.api.now)

    def _hospital(self, place: LonLat) -> LonLat:
        sites = [s for s in self._room.world.blueprint.sites.values() if s.kind == "hospital"]
        if not sites:
            return TOWNS[0][1:]
        return min(((s.lon, s.lat) for s in sites), key=lambda site: distance_m(place, site))

    async def _finish(self) -> Steps:
        """Let the own system report the end, once nobody is at work there any more."""
        if self._job.reason != "own":
            await self._release()
            return
        for _ in range(200):
            row = self._room.row(self._job)
            if row is None or row["phase"] == "closed":
                return
            if not row["units"] and not own_resources(row, self._job.agency.other):
                break
            yield 90
        if self._room.played:
            await self._room.report(self._job.happening, "close", 90)

    async def _release(self) -> None:
        """Say that the service that was asked for is done."""
        row = self._room.row(self._job)
        if self._job.reason != "asked" or row is None or row["phase"] == "closed":
            return
        there = [wait for wait in row["waits"] if wait["arrived_at"] and not wait["released_at"]]
        if any(wait["asked"] == self._job.agency for wait in there):
            await self._room.api.post(f"/incidents/{self._job.incident_id}/requests/release", {})

"""A simulated control room: its system that reports calls, its desk that decides, its vehicles."""

from __future__ import annotations

from typing import Final

from jru.clock import Random
from jru.demo.api import Answer, Api, Row, iso
from jru.demo.director import Process
from jru.demo.fleet import Fleet, Job
from jru.demo.happening import Happening
from jru.demo.watch import Watch
from jru.demo.world import World
from jru.domain.agency import Agency

BETWEEN_LOOKS_S: Final = 30.0
"""A dispatcher looks at the board at most this often, however much happens."""

SENDERS: Final = {Agency.POLICE: "KENTPOL", Agency.AMBULANCE: "SECAMB"}


class Room:
    """What the people and systems of one room share."""

    def __init__(
        self, world: World, agency: Agency, api: Api, watch: Watch, fleet: Fleet, chance: Random
    ) -> None:
        """Speak for `agency` through `api`, which holds the dispatcher's token."""
        self.world = world
        self.agency = agency
        self.role = f"{agency}_dispatcher"
        self.api = api
        self.watch = watch
        self.fleet = fleet
        self.chance = chance
        self.desk: Process | None = None
        self.looked_at = world.start

    @property
    def played(self) -> bool:
        """Tell whether the simulators still play this room's desk."""
        return self.world.director.plays(self.role)

    def hear(self, after_s: float) -> None:
        """Let the desk look up within some seconds."""
        if self.desk is not None:
            since_s = (self.api.now - self.looked_at).total_seconds()
            self.world.director.wake(self.desk, max(after_s, BETWEEN_LOOKS_S - since_s))

    def row(self, job: Job) -> Row | None:
        """Return a job's incident as this room sees it, also after it was joined to another."""
        found = self.watch.find(job.foreign_id) if job.foreign_id else None
        return found or self.watch.incidents.get(job.incident_id)

    def delay_s(self, least_s: float, mean_s: float, chance: Random) -> float:
        """Return how long a person takes: never less than a minimum."""
        return least_s + chance.exponential(max(0.0, mean_s - least_s))

    async def report(self, happening: Happening, kind: str, version: int, **changes: object) -> Answer:
        """Send a message of this room's own system about one of its incidents."""
        world = self.world
        body: Row = {
            "sender": SENDERS[self.agency],
            "foreign_id": world.reference(happening, self.agency),
            "epoch": world.start.year,
            "message_version": version,
            "kind": kind,
            "at": iso(self.api.now),
            **changes,
        }
        return await self.api.post("/reports", body)

    async def resource(self, job: Job, status: str, eta_s: float | None = None) -> Answer:
        """Report what one of the own vehicles does."""
        vehicle = job.vehicle
        if vehicle is None:
            raise ValueError(f"incident {job.incident_id} has no vehicle to report")
        body: Row = {"call_sign": vehicle.call_sign, "kind": vehicle.kind, "status": status}
        if eta_s is not None:
            body["eta_min"] = max(1, round(eta_s / 60))
        return await self.api.post(f"/incidents/{job.incident_id}/resources", body)

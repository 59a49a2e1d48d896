"""The single-service vehicles of one control room: who is free, who is nearest, who waits for one.

How many vehicles there are for the calls shown is assumed and chosen so that a police wait for a clinician without a
joint unit is of the order of the only published mean (36 minutes, London 2011; "prior, other scheme").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jru.demo.driving import Driving
from jru.demo.happening import Happening
from jru.demo.places import Place
from jru.domain.agency import Agency
from jru.geo.journey import LonLat

PATROLS: Final = 17
AMBULANCES: Final = 13
RESERVE: Final = 1
"""Vehicles kept free for urgent calls: a call of urgency 3 or later takes no vehicle beyond these."""

URGENT: Final = 2
RAISED_AFTER: Final = timedelta(minutes=45)
"""After this wait a dispatcher treats a call as one step more urgent, but never as one for a life; assumed."""


@dataclass(slots=True)
class Vehicle:
    """One patrol or ambulance."""

    call_sign: str
    kind: str
    at: LonLat
    free: bool = True


@dataclass(slots=True, eq=False)
class Job:
    """One incident's claim to a vehicle of one service: `reason` is own, asked or backup."""

    agency: Agency
    incident_id: str
    foreign_id: str | None
    happening: Happening
    place: Place
    urgency: int
    since: datetime
    reason: str
    grade: str
    vehicle: Vehicle | None = None
    dropped: bool = False


class Fleet:
    """The vehicles of one service and the jobs that wait for one; the most urgent first, then the oldest."""

    def __init__(self, vehicles: list[Vehicle], driving: Driving) -> None:
        self.vehicles = vehicles
        self._driving = driving
        self._queue: list[Job] = []

    def ask(self, job: Job, now: datetime) -> None:
        """Put a job into the queue and hand out what is free."""
        self._queue.append(job)
        self.hand_out(now)

    def drop(self, job: Job) -> None:
        """Take a job out of the queue: it no longer needs a vehicle."""
        job.dropped = True
        if job in self._queue:
            self._queue.remove(job)

    def release(self, vehicle: Vehicle, at: LonLat, now: datetime) -> None:
        """Take a vehicle back where it stands now."""
        vehicle.free = True
        vehicle.at = at
        self.hand_out(now)

    def hand_out(self, now: datetime) -> None:
        """Give each waiting job the nearest free vehicle, as far as they go."""
        self._queue.sort(key=lambda job: (_pressing(job, now), job.since, job.incident_id))
        for job in list(self._queue):
            free = [vehicle for vehicle in self.vehicles if vehicle.free]
            if not free or (_pressing(job, now) > URGENT and len(free) <= RESERVE):
                return
            target = (job.place.lon, job.place.lat)
            nearest = min(free, key=lambda v: (self._driving.seconds(v.at, target), v.call_sign))
            nearest.free = False
            job.vehicle = nearest
            self._queue.remove(job)

    def wait_s(self) -> float:
        """Return a dispatcher's rough guess of how long a new job would wait for a vehicle."""
        free = sum(vehicle.free for vehicle in self.vehicles)
        return 0.0 if free > RESERVE else 600.0 + 300.0 * len(self._queue)


def _pressing(job: Job, now: datetime) -> int:
    """Return a job's urgency, one step higher once it has waited too long; nothing overtakes the first."""
    if job.urgency <= URGENT or now - job.since <= RAISED_AFTER:
        return job.urgency
    return job.urgency - 1


def fleet_of(agency: Agency, posts: list[LonLat], driving: Driving) -> Fleet:
    """Return one service's vehicles, spread over its posts in turn."""
    police = agency is Agency.POLICE
    letter, kind, count = ("P", "patrol", PATROLS) if police else ("A", "ambulance", AMBULANCES)
    first = 201 if police else 101
    vehicles = [Vehicle(f"{letter}{first + i}", kind, posts[i % len(posts)]) for i in range(count)]
    return Fleet(vehicles, driving)

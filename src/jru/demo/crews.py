"""A simulated joint crew: books on, checks the vehicle, answers offers, takes jobs by itself, has a break, goes home.

A person who opens one of the crew's devices takes the taps over; the vehicle then follows the status that is tapped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jru.clock import Random
from jru.demo.api import Api, Row, iso, moment
from jru.demo.car import Car
from jru.demo.crew_job import CrewJob
from jru.demo.director import Steps
from jru.demo.habits import Habits
from jru.demo.ledger import Ledger
from jru.demo.places import distance_m
from jru.demo.recording import CrewRecords
from jru.demo.watch import Watch, own_resources, place_of
from jru.demo.world import World
from jru.domain.agency import Agency
from jru.domain.blueprint import SeatRule, Vehicle

CHECK_S: Final = 780.0
"""Mean length of the vehicle and kit check in the protected first quarter of an hour; assumed."""

IDLE_LOOK_S: Final = 120.0
LIVE_LOOK_S: Final = 10.0
BREAK_AFTER: Final = timedelta(hours=4)
LAST_JOB_BEFORE: Final = timedelta(minutes=35)
"""A crew takes no new job in the last minutes of its duty; assumed."""

UNHEARD_S: Final = 150.0

SELF_ASSIGN_WITHIN_M: Final = 6000.0
NAMES: Final = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True, slots=True)
class Duty:
    """One vehicle's duty of the night."""

    vehicle: Vehicle
    district: str
    seats: tuple[SeatRule, ...]
    start: datetime
    end: datetime
    first_name: int


ApiFor = Callable[[str, Agency, str | None], Api]


class Crew:
    """The people of one joint vehicle for one duty."""

    def __init__(
        self, world: World, duty: Duty, api_for: ApiFor, ledger: Ledger, chance: Random, habits: Habits
    ) -> None:
        """Get tokens from `api_for(role, agency, unit id)`; `devices` are police and paramedic, once booked on."""
        self._world = world
        self.duty = duty
        self._api_for = api_for
        self._ledger = ledger
        self._chance = chance
        self._habits = habits
        self.devices: tuple[Api, Api] | None = None
        base = world.blueprint.sites[duty.vehicle.base]
        self._car = Car(world.driving, (base.lon, base.lat))
        self._home = self._car.at
        self._had_break = False
        self._considered: set[str] = set()

    @property
    def call_sign(self) -> str:
        """Return the unit's call sign."""
        return self.duty.vehicle.call_sign

    @property
    def unit_id(self) -> str:
        """Return the id of the unit, or nothing before it has booked on."""
        return self._car.unit_id

    @property
    def roles(self) -> list[str]:
        """Return the roles aboard."""
        return sorted({role.value for seat in self.duty.seats for role in seat.roles})

    @property
    def played(self) -> bool:
        """Tell whether the simulators still play this crew."""
        return self._world.director.plays(*self.roles, unit=self.call_sign)

    async def steps(self) -> Steps:
        """Work one duty."""
        police = next(seat for seat in self.duty.seats if seat.agency is Agency.POLICE)
        medic = next(seat for seat in self.duty.seats if seat.agency is Agency.AMBULANCE)
        role = min(role.value for role in police.roles)
        unit_id = await self._book_on(self._api_for(role, Agency.POLICE, None))
        if unit_id is None:
            return
        api = self._api_for(role, Agency.POLICE, unit_id).on_device(f"{self.call_sign}-police")
        self._car.api = api
        self._car.unit_id = unit_id
        medic_role = min(role.value for role in medic.roles)
        medic_api = self._api_for(medic_role, Agency.AMBULANCE, unit_id)
        medic_api.on_device(f"{self.call_sign}-ambulance")
        self.devices = api, medic_api
        watch = Watch(api, self._world.tally, self._ledger)
        await self._car.send_position()
        yield CHECK_S * (0.9 + 0.25 * self._chance.uniform())
        if self.played:
            await self._tap(api, unit_id, "available")
        seats = [seat.seat for seat in self.duty.seats if seat.agency is Agency.POLICE]
        records = CrewRecords(api, medic_api, seats, self._habits)
        job = CrewJob(
            self._world, watch, self._car, api, medic_api, records, lambda: self.played, self._habits
        )
        while True:
            await watch.look(unconditionally=self._world.director.live)
            row = watch.units.get(unit_id)
            if row is None or row["status"] == "off":
                return
            async for wait_s in self._next(api, watch, job, row):
                yield wait_s
            if self.played and await self._go_home(api, unit_id, watch):
                return

    async def _next(self, api: Api, watch: Watch, job: CrewJob, row: Row) -> Steps:
        """Do what is due now, or wait."""
        if not self.played:
            async for wait_s in job.follow(row):
                yield wait_s
            yield LIVE_LOOK_S
        elif row["incident_id"]:
            chance = self._chance.child(f"job/{row['incident_id']}/{self._world.tally.changes}")
            async for wait_s in job.work(row["incident_id"], chance):
                yield wait_s
        elif row["offer"]:
            unheard = self._chance.uniform() < self._habits.unheard
            yield UNHEARD_S if unheard else 5 + self._chance.exponential(9)
            if not unheard:
                await self._answer(api, row)
        elif self._break_is_due(row):
            async for wait_s in self._take_break(api, row["id"]):
                yield wait_s
        elif not await self._take_one(api, watch, row):
            await self._car.send_position()
            yield LIVE_LOOK_S if self._world.director.live else IDLE_LOOK_S

    async def _book_on(self, api: Api) -> str | None:
        duty = self.duty
        seats = []
        for i, seat in enumerate(duty.seats):
            rank = "Constable" if seat.agency is Agency.POLICE else "Paramedic"
            seats.append(
                {
                    "seat": seat.seat,
                    "agency": seat.agency.value,
                    "role": min(role.value for role in seat.roles),
                    "name": f"{rank} Example {NAMES[(duty.first_name + i) % len(NAMES)]}",
                    "qualifications": sorted(seat.qualifications),
                }
            )
        body: Row = {
            "call_sign": self.call_sign,
            "vehicle_id": duty.vehicle.vehicle_id,
            "district": duty.district,
            "duty_start": iso(duty.start),
            "duty_end": iso(duty.end),
            "seats": seats,
        }
        booked = await api.post("/units", body)
        unit_id = booked.outcome.get("unit_id")
        return unit_id if booked.ok and isinstance(unit_id, str) else None

    async def _tap(self, api: Api, unit_id: str, status: str) -> None:
        await api.post(f"/units/{unit_id}/status", {"status": status})

    async def _answer(self, api: Api, row: Row) -> None:
        standing = row["offer"]
        left = self.duty.end - api.now
        body: Row = {"answer": "accept"}
        if left < LAST_JOB_BEFORE:
            body = {"answer": "decline", "reason": "end_of_duty"}
        elif self._chance.uniform() < self._habits.decline:
            body = {"answer": "decline", "reason": self._chance.choice(("not_joint", "cover", "too_far"))}
        await api.post(f"/units/{row['id']}/offers/{standing['id']}/answer", body)

    def _break_is_due(self, row: Row) -> bool:
        return (
            not self._had_break
            and row["status"] == "available"
            and self._now - self.duty.start >= BREAK_AFTER
        )

    @property
    def _now(self) -> datetime:
        return self._world.director.now

    async def _take_break(self, api: Api, unit_id: str) -> Steps:
        self._had_break = True
        await self._tap(api, unit_id, "meal")
        yield float(self._world.blueprint.timers.break_length_s)
        if self.played:
            await self._tap(api, unit_id, "available")
            await self._car.send_position()

    async def _take_one(self, api: Api, watch: Watch, row: Row) -> bool:
        """Now and then take a candidate near by without being asked; both rooms are told."""
        if row["status"] != "available" or self.duty.end - self._now < LAST_JOB_BEFORE:
            return False
        for incident in watch.waiting():
            if incident["id"] in self._considered or not self._tempting(incident):
                continue
            self._considered.add(incident["id"])
            if self._chance.child(f"self/{incident['id']}").uniform() < self._habits.self_assign:
                taken = await api.post(f"/units/{row['id']}/self-assign", {"incident_id": incident["id"]})
                return taken.ok
        return False

    def _tempting(self, incident: Row) -> bool:
        place = place_of(incident)
        if place is None or incident["units"] or incident["suitability"]["verdict"] != "yes":
            return False
        opened = moment(incident["opened_at"]) or self._now
        there = own_resources(incident, "police", "scene") or own_resources(incident, "ambulance", "scene")
        near = distance_m(self._car.at, place) <= SELF_ASSIGN_WITHIN_M
        return near and not there and self._now - opened > timedelta(seconds=90)

    async def _go_home(self, api: Api, unit_id: str, watch: Watch) -> bool:
        """Book off once the duty is over and nothing is in hand."""
        row = watch.units.get(unit_id)
        if self._now < self.duty.end or row is None or row["incident_id"] or row["offer"]:
            return False
        return (await api.post(f"/units/{unit_id}/book-off", {})).ok

"""A whole night: the scheme's duties, two rooms, their crews and the calls, put on one stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from jru.clock import Random, Sleep, VirtualClock
from jru.demo.api import Row
from jru.demo.areas import load_demand
from jru.demo.cast import Cast, Stage
from jru.demo.crews import Duty
from jru.demo.demand import Demand
from jru.demo.driving import Router
from jru.demo.feed import Feed
from jru.demo.happening import Happening
from jru.demo.transport import Transport
from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint
from jru.domain.duty import duties
from jru.services.past_records import PastRecord

WIND_DOWN: Final = timedelta(minutes=90)
"""How long after the last call open jobs are still worked."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which night: calls come from `start` to `end` (aware UTC)."""

    day: date
    start: datetime
    end: datetime
    records: tuple[PastRecord, ...] = ()


def plan_night(
    blueprint: Blueprint, day: date, begins: time, ends: time, records: Sequence[PastRecord] = ()
) -> Plan:
    """Return the night that begins on a local day; an end at or before the beginning is on the next day."""
    zone = ZoneInfo(blueprint.time_zone)
    last = day + timedelta(days=1) if ends <= begins else day
    start = datetime.combine(day, begins, zone).astimezone(ZoneInfo("UTC"))
    end = datetime.combine(last, ends, zone).astimezone(ZoneInfo("UTC"))
    return Plan(day, start, end, tuple(records))


def vehicle_duties(blueprint: Blueprint, day: date) -> list[Duty]:
    """Return the duties of all vehicles on a local day: a vehicle goes out for those districts of its base that are
    live or in exercise then.
    """
    found: list[Duty] = []
    names = 0
    for vehicle in blueprint.vehicles.values():
        for district in blueprint.districts.values():
            pattern = blueprint.patterns[district.pattern]
            windows = duties(pattern, blueprint.time_zone, day, day) if district.base == vehicle.base else []
            if windows and _offers(blueprint, district.district_id, windows[0].start_utc):
                seats = blueprint.crew_rules[district.crew_rule].seats
                start, end = windows[0].start_utc, windows[0].end_utc
                found.append(Duty(vehicle, district.district_id, seats, start, end, names))
                names += len(seats)
                break
    return found


def _offers(blueprint: Blueprint, district: str, at: datetime) -> bool:
    state = blueprint.state_of(district, at)
    return state is not None and state.status.offers


class Night:
    """One simulated night against a running product."""

    def __init__(
        self,
        blueprint: Blueprint,
        plan: Plan,
        stage: Stage,
        transport: Transport,
        clock: VirtualClock,
        sleep: Sleep,
        router: Router,
        chance: Random,
    ) -> None:
        """Speak through `transport`; all chance comes from `chance`."""
        self.plan = plan
        self.duties = vehicle_duties(blueprint, plan.day)
        self._cast = Cast(blueprint, stage, transport, clock, sleep, router, chance, plan.start, plan.end)
        self.tally = self._cast.tally
        self.ledger = self._cast.ledger
        self.director = self._cast.director
        self._rooms = self._cast.rooms
        self._people(Demand(blueprint, load_demand(), plan.records), chance.child("demand"))

    def _people(self, demand: Demand, chance: Random) -> None:
        """Put everybody on the stage and every call into the queue."""
        self._cast.open_desks()
        for duty in self.duties:
            self._cast.bring(duty)
        happenings = demand.draw(self.plan.start, self.plan.end, chance)
        self._cast.world.enter(happenings)
        feeds = {agency: Feed(room) for agency, room in self._rooms.items()}
        for happening in happenings:
            self._enter(happening, feeds)

    def _enter(self, happening: Happening, feeds: dict[Agency, Feed]) -> None:
        for call in filter(None, (happening.first, happening.second)):
            self.director.start_at(feeds[call.agency].call(happening, call), "call", call.at)

    @property
    def ends(self) -> datetime:
        """Return when the last crew is home at the latest."""
        return max([self.plan.end, *(duty.end for duty in self.duties)]) + WIND_DOWN

    async def run(self, until: datetime | None = None) -> None:
        """Let the night pass, up to a moment or to its end."""
        await self.director.run(until or self.ends)

    async def details(self) -> dict[str, Row]:
        """Return the full records of the incidents that joint units were on."""
        api = self._rooms[Agency.POLICE].api
        for room in self._rooms.values():
            await room.watch.look(unconditionally=True)
        wanted = sorted({incident for _, incident in (*self.ledger.attended, *self.ledger.at_rvp)})
        answers = {incident_id: await api.get(f"/incidents/{incident_id}") for incident_id in wanted}
        return {incident_id: answer.body for incident_id, answer in answers.items() if answer.ok}

    async def close(self) -> None:
        """Send everybody home."""
        await self.director.close()

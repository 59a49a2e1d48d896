"""The people of a scheme on one stage: two rooms with their desks and vehicles, and the crews that come on duty."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol

from jru.clock import Random, Sleep, VirtualClock
from jru.demo.api import Api, Tally
from jru.demo.crews import Crew, Duty
from jru.demo.desk import Desk
from jru.demo.director import Director, Timers
from jru.demo.driving import Driving, Router
from jru.demo.fleet import fleet_of
from jru.demo.habits import USUAL, Habits
from jru.demo.ledger import Ledger
from jru.demo.rooms import Room
from jru.demo.transport import Transport
from jru.demo.watch import Watch
from jru.demo.world import World
from jru.domain.agency import Agency, Role
from jru.domain.blueprint import Blueprint
from jru.geo.journey import LonLat

BOOKS_ON_AFTER: Final = timedelta(seconds=20)


class Tokens(Protocol):
    """What gives a program its identity at the public interface."""

    def issue_token(self, role: Role, agency: Agency, unit_id: str | None = None) -> str:
        """Return a new bearer token; `unit_id` may be a call sign."""
        ...


class Stage(Tokens, Timers, Protocol):
    """The running product as the demonstration needs it beside its public interface."""


class Cast:
    """Everybody who is played, each with a token of their own."""

    def __init__(
        self,
        blueprint: Blueprint,
        stage: Stage,
        transport: Transport,
        clock: VirtualClock,
        sleep: Sleep,
        router: Router,
        chance: Random,
        start: datetime,
        end: datetime,
    ) -> None:
        """Speak through `transport`; all chance comes from `chance`. Calls come from `start` to `end`."""
        self.tally = Tally()
        self.ledger = Ledger()
        self.director = Director(clock, stage, sleep)
        self._stage = stage
        self._transport = transport
        self._clock = clock
        self._chance = chance
        self.world = World(
            blueprint, self.director, Driving(router), self.tally, chance.child("world"), start, end
        )
        self.rooms = {agency: self._room(agency) for agency in Agency}

    def api(self, role: str, agency: Agency, unit: str | None) -> Api:
        """Return a client with a new token."""
        token = self._stage.issue_token(Role(role), agency, unit)
        keys = self._chance.child(f"keys/{role}/{unit}")
        return Api(self._transport, token, keys, self._clock, self.tally)

    def _room(self, agency: Agency) -> Room:
        api = self.api(f"{agency}_dispatcher", agency, None)
        watch = Watch(api, self.tally, self.ledger)
        fleet = fleet_of(agency, self._posts(agency), self.world.driving)
        return Room(self.world, agency, api, watch, fleet, self._chance.child(f"room/{agency}"))

    def _posts(self, agency: Agency) -> list[LonLat]:
        kinds = ("police_station",) if agency is Agency.POLICE else ("hospital", "rvp")
        sites = self.world.blueprint.sites.values()
        return [(site.lon, site.lat) for site in sites if site.kind in kinds]

    def open_desks(self) -> None:
        """Let both dispatchers begin to look at the board."""
        for room in self.rooms.values():
            room.desk = self.director.start(Desk(room).steps(), f"desk {room.agency}", 30.0, endless=True)

    def bring(self, duty: Duty, habits: Habits = USUAL) -> Crew:
        """Let a crew come on duty when its duty begins, or at once when it has begun."""
        chance = self._chance.child(f"crew/{duty.vehicle.call_sign}")
        crew = Crew(self.world, duty, self.api, self.ledger, chance, habits)
        process = self.director.start_at(crew.steps(), duty.vehicle.call_sign, duty.start + BOOKS_ON_AFTER)
        self.world.crews[duty.vehicle.call_sign] = process
        return crew

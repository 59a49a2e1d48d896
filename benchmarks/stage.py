"""A whole system in a directory of its own, with a fleet as large as a claim needs."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from jru.blueprints import embedded_blueprint
from jru.bootstrap import System, build
from jru.clock import SeededRandom, VirtualClock
from jru.config import Settings
from jru.domain import commands as cmd
from jru.domain.agency import Agency, Role
from jru.services.access import Viewer
from jru.services.ground import Done
from jru.services.recorder import Sent

FRIDAY_NIGHT = datetime(2019, 8, 16, 19, 0, tzinfo=UTC)
MEDWAY_TOWNS = (0.50, 51.35, 0.59, 51.39)
NORTH_KENT = (0.20, 51.33, 0.95, 51.44)
"""Areas as west, south, east and north."""

POLICE = Viewer("police-room", "Police dispatcher Example", Agency.POLICE, Role.POLICE_DISPATCHER)
AMBULANCE = Viewer(
    "ambulance-room", "Ambulance dispatcher Example", Agency.AMBULANCE, Role.AMBULANCE_DISPATCHER
)
ROOMS = {Agency.POLICE: POLICE, Agency.AMBULANCE: AMBULANCE}

SENDERS = {Agency.POLICE: "KENTPOL", Agency.AMBULANCE: "SECAMB"}
CODES = {
    Agency.POLICE: ("VP-ASLT", "VP-FGHT", "PS-DRNK", "PS-DRUG"),
    Agency.AMBULANCE: ("TR-ASLT", "TR-FGHT", "MD-ALC", "MD-DRUG"),
}
GRADES = {Agency.POLICE: ("1", "2"), Agency.AMBULANCE: ("C2", "C3")}

_VEHICLE = """
[[vehicle]]
id = "{0}"
registration = "EX {0}"
call_sign = "{0}"
base = "base_medway"
kit = ["vehicle", "paramedic", "police_personal", "police_vehicle", "joint"]
seats = 5
source = "invented"
assumed = {{ id = "invented for a measurement" }}
"""


def call_sign(number: int) -> str:
    """Return the call sign of a vehicle that a measurement adds."""
    return f"EX{number:03d}"


def fleet_blueprint(vehicles: int) -> str:
    """Return the embedded scheme with more vehicles."""
    return embedded_blueprint() + "".join(_VEHICLE.format(call_sign(n)) for n in range(vehicles))


@dataclass(frozen=True, slots=True)
class Stage:
    """An open system, the clock that it runs on, and the units on duty."""

    system: System
    clock: VirtualClock
    units: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def send(self, viewer: Viewer, command: cmd.Command) -> Done:
        """Let a viewer do something now."""
        key = f"{next(self._numbers):08x}-7c31-7a54-9d1e-3b52f8c4a6e1"
        sent = Sent(key, self.clock.now(), hashlib.sha256(key.encode()).digest())
        return self.system.services.execute(viewer, command, sent)

    def book_on(self, number: int) -> str:
        """Put a fully crewed unit on duty and make it available; return its id."""
        now = self.clock.now()
        rule = self.system.services.ground.board.scheme.at(now).crew_rules["specials"]
        seats = tuple(
            cmd.SeatFilled(
                s.seat, s.agency, min(s.roles), f"Constable Example {number}", tuple(s.qualifications)
            )
            for s in rule.seats
        )
        sign = call_sign(number)
        command = cmd.BookOn(
            call_sign=sign,
            vehicle_id=sign,
            district="medway",
            duty_start=now,
            duty_end=now + timedelta(hours=8),
            seats=seats,
        )
        unit_id = str(self.send(POLICE, command).outcome["unit_id"])
        self.send(crew_of(unit_id), cmd.SetStatus(unit_id=unit_id, status="available"))
        return unit_id


def first_report(
    agency: Agency,
    foreign_id: str,
    chance: random.Random,
    area: tuple[float, float, float, float] = MEDWAY_TOWNS,
) -> cmd.ReceiveReport:
    """Return a room's first message about an incident somewhere in an area."""
    return cmd.ReceiveReport(
        sender=SENDERS[agency],
        foreign_id=foreign_id,
        epoch=2019,
        message_version=1,
        kind="create",
        grade=GRADES[agency][1],
        type_code=chance.choice(CODES[agency]),
        place=anywhere(chance, area),
        remarks="caller says it is outside the shop, nobody hurt badly",
        flags=("injury", "violence"),
    )


def fill(ready: Stage, incidents: int, area: tuple[float, float, float, float] = MEDWAY_TOWNS) -> list[str]:
    """Let both rooms report this many incidents, in turn; return their ids."""
    chance = random.Random(incidents)
    found = []
    for number in range(incidents):
        agency = (Agency.POLICE, Agency.AMBULANCE)[number % 2]
        done = ready.send(ROOMS[agency], first_report(agency, f"OPEN-{number}", chance, area))
        found.append(str(done.outcome["incident_id"]))
    return found


def spread_out(ready: Stage, area: tuple[float, float, float, float]) -> None:
    """Let every unit on duty report that it is somewhere in an area."""
    chance = random.Random(len(ready.units))
    for unit_id in ready.units:
        place = anywhere(chance, area)
        assert place.lon is not None
        assert place.lat is not None
        ready.send(crew_of(unit_id), cmd.ReportPosition(unit_id=unit_id, lon=place.lon, lat=place.lat))


def crew_of(unit_id: str) -> Viewer:
    """Return the police member of a unit's crew."""
    return Viewer(f"crew-{unit_id}", "Constable Example", Agency.POLICE, Role.SPECIAL_CONSTABLE, unit_id)


def anywhere(chance: random.Random, area: tuple[float, float, float, float] = MEDWAY_TOWNS) -> cmd.PlaceGiven:
    """Return a place in an area."""
    west, south, east, north = area
    lon, lat = chance.uniform(west, east), chance.uniform(south, north)
    return cmd.PlaceGiven(f"{chance.randrange(1, 200)} Example Street", round(lon, 5), round(lat, 5))


@contextmanager
def stage(vehicles: int, *, on_duty: bool = True, seed: int = 1) -> Iterator[Stage]:
    """Open a new system at eight on a Friday evening, with this many vehicles, manned or not."""
    with TemporaryDirectory(prefix="jru-bench-") as folder:
        clock = VirtualClock(FRIDAY_NIGHT, rate=1.0)
        settings = Settings(data=Path(folder))
        system = build(
            settings,
            clock=clock,
            random=SeededRandom(seed),
            demo=True,
            blueprint_text=fleet_blueprint(vehicles),
        )
        try:
            ready = Stage(system, clock)
            for number in range(vehicles if on_duty else 0):
                ready.units.append(ready.book_on(number))
            yield ready
        finally:
            system.close()

"""One simulated shift from one seed: a server, its rooms, crews' devices, and all that goes wrong between them."""

from __future__ import annotations

import functools
import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from starlette.requests import Request

from jru.clock import SeededRandom, VirtualClock
from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label
from jru.errors import JruError
from jru.services.identity import Identity
from jru.services.recorder import Sent
from jru.services.testing import MemoryEventLog, MemoryPositions, MemoryQuarantine, MemorySpool, MemoryTokens
from jru.services.testing_retention import MemoryHoldings, MemoryRegister
from jru.web.auth import require_owner
from jru.web.problems import STATUS_OF
from tests.services.world import (
    AMBULANCE,
    GILLINGHAM,
    GRAVESEND,
    POLICE,
    SITTINGBOURNE,
    START,
    World,
    officer,
    paramedic,
)
from tests.sync.device import PATIENCE_S, UNDO_S, Answer, Device, Tap

SHIFT_S = 3 * 3600.0
TAPS = 40
NOTHING = Answer(0)
PORTAL = Answer(404, "a page of a guest network", ours=False)
VEHICLES = {"JR01": "medway", "JR02": "gravesham"}


@dataclass(frozen=True)
class Weather:
    """How much goes wrong in one shift: chances of a request, and how many faults there are."""

    lost: float
    unheard: float
    doubled: float
    portal: float
    slow: float
    faults: int

    @classmethod
    def drawn(cls, chance: SeededRandom) -> Weather:
        """Draw a weather: some shifts are calm in one way and wild in another."""

        def some(most: float) -> float:
            return chance.choice((0.0, most / 4, most))

        return cls(some(0.4), some(0.4), some(0.3), some(0.2), some(0.4), chance.below(12))


@functools.cache
def nobodys_identity() -> Identity:
    """Return an identity for servers at which nobody signs in: to make one takes as long as a password's hash."""
    return World().services.identity


class Shift:
    """A server with two rooms and two vehicles, and two devices in each of them."""

    def __init__(self, seed: int) -> None:
        self.chance = SeededRandom(f"shift {seed}")
        self.weather = Weather.drawn(self.chance)
        self.clock = VirtualClock(START)
        self.world = self._world(MemoryEventLog(self.clock))
        self.up = True
        self.life = 0
        self.backups: list[Any] = []
        self.restored = 0
        self.refused_to_rooms = 0
        self.most_together = 0
        self.numbers = itertools.count()
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self.units = [self.world.ready(call_sign, district) for call_sign, district in VEHICLES.items()]
        self.incidents = [
            self.world.call(room, kind, at)
            for room, kind, at in (
                (POLICE, "assault_injury", GILLINGHAM),
                (AMBULANCE, "fall", SITTINGBOURNE),
                (POLICE, "fight", GRAVESEND),
            )
        ]
        self.devices = [
            Device(
                f"{who.__name__} {n}",
                who(unit),
                self,
                self.chance.child(f"{unit} {who.__name__}"),
                self.clock.now,
            )
            for n, unit in enumerate(self.units)
            for who in (officer, paramedic)
        ]
        self.links = {device.name: True for device in self.devices}
        self.signed_in = {device.name: device.who for device in self.devices}

    # Time.

    def now_s(self) -> float:
        return self.clock.monotonic()

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (self.now_s() + seconds, next(self.numbers), work))

    def run(self, until_s: float) -> None:
        """Let everything happen that is due until then."""
        while self._queue and self._queue[0][0] <= until_s:
            due, _, work = heapq.heappop(self._queue)
            self.clock.advance(max(0.0, due - self.now_s()))
            work()
        self.clock.advance(max(0.0, until_s - self.now_s()))

    # The link.

    def send(self, device: Device, taps: list[Tap], answered: Callable[[list[Answer | None]], None]) -> None:
        """Carry taps to the server and the answers back, or lose either; a device waits so long and no longer."""
        given = False

        def give(answers: list[Answer | None]) -> None:
            nonlocal given
            if not given:
                given = True
                answered(answers)

        nothing: list[Answer | None] = [NOTHING] * len(taps)
        self.later(PATIENCE_S, lambda: give(nothing))
        if not self.links[device.name] or self._happens(self.weather.lost):
            if self._happens(0.5):
                self.later(0.01, lambda: give(nothing))
            return
        if self._happens(self.weather.portal):
            self.later(0.05, lambda: give([PORTAL] * len(taps)))
            return
        self.later(self._delay(), lambda: self._arrive(device, taps, give))

    def _arrive(self, device: Device, taps: list[Tap], give: Callable[[list[Answer | None]], None]) -> None:
        if not self.up:
            return
        self.most_together = max(self.most_together, len(taps))
        if self._happens(self.weather.doubled):
            self.answers(device, taps)
        if self._happens(self.weather.unheard):
            # The server may not have come to the end of them.
            self.answers(device, taps[: 1 + self.chance.below(len(taps))])
            return
        answers, life = self.answers(device, taps), self.life

        def come() -> None:
            if life == self.life and self.links[device.name]:
                give(answers)

        self.later(self._delay(), come)

    def ask(self, device: Device, keys: list[str], told: Callable[[list[str]], None]) -> None:
        """Ask the server which of these it does not know; nobody answers while there is no link."""
        if self.up and self.links[device.name]:
            missing = self.missing(device, keys)
            self.later(self._delay(), lambda: told(missing))

    def _delay(self) -> float:
        if self._happens(self.weather.slow):
            return 7.0 * self.chance.uniform()
        return 0.02 + 0.2 * self.chance.uniform()

    def _happens(self, part: float) -> bool:
        return self.chance.uniform() < part

    # The server.

    def answers(self, device: Device, taps: list[Tap]) -> list[Answer | None]:
        """Do each in turn until one cannot be taken now; those behind it have no answer."""
        found: list[Answer | None] = []
        for tap in taps:
            found.append(answer := self.answer(device, tap))
            if answer.status >= 500 or answer.status in (408, 429):
                break
        return found + [None] * (len(taps) - len(found))

    def answer(self, device: Device, tap: Tap) -> Answer:
        """Do what a tap asks for, as the web's door does."""
        viewer = self.signed_in[device.name]
        headers = [(b"jru-outbox", self.world.services.outbox_owner(device.who).encode())]
        sent = Sent(tap.key, self.clock.now(), f"{tap.path} {tap.command!r}".encode())
        try:
            require_owner(self.world.services, Request({"type": "http", "headers": headers}), viewer)  # type: ignore[arg-type]
            self.world.services.execute(viewer, tap.command, sent)
        except JruError as error:
            status = next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
            return Answer(status, error.message)
        return Answer(200)

    def missing(self, device: Device, keys: list[str]) -> list[str]:
        """Return the keys that the log does not know."""
        return self.world.services.outbox_missing(device.who, keys)

    def die(self, log: Any = None) -> None:
        """Kill the server; it starts again a while later, from its log or from the one given."""
        if not self.up:
            return
        self.up, self.life = False, self.life + 1
        kept = log or self.world.log.copied()
        self.later(1 + 60 * self.chance.uniform(), lambda: self.start(kept))

    def start(self, log: Any) -> None:
        """Start on a log; each device hears of it within some seconds."""
        self.world = self._world(log.copied())
        self.up = True
        for device in self.devices:
            self.back(device)

    def _world(self, log: MemoryEventLog) -> World:
        positions, quarantine = MemoryPositions(), MemoryQuarantine()
        store = SimpleNamespace(
            log=log,
            access_log=log.access_log,
            payloads=log.payloads,
            spool=MemorySpool(),
            positions=positions,
            quarantine=quarantine,
            tokens=MemoryTokens(),
            holdings=MemoryHoldings(log, positions, quarantine),
            register=MemoryRegister(),
            identity=nobodys_identity(),
        )
        return World(clock=self.clock, store=store)

    def rebuilt(self) -> World:
        """Return a server that has just started on what the log holds now."""
        return self._world(self.world.log.copied())

    def restore(self) -> None:
        """Put the oldest backup in the place of the log."""
        if self.backups:
            self.restored += 1
            self.die(self.backups[0].copied())

    def back(self, device: Device) -> None:
        """Let a device notice that the server can be heard."""

        def notice() -> None:
            if self.up and self.links[device.name]:
                for page in device.pages:
                    page.reconnect()

        self.later(5 * self.chance.uniform(), notice)

    # What people do.

    def plan(self) -> None:
        """Lay out a shift: taps, rooms' acts and faults, each at a moment of its own."""
        for device in self.devices:
            device.open()
        for work, count in ((self.crew_taps, TAPS), (self.room_acts, 20), (self.fault, self.weather.faults)):
            for _ in range(count):
                self.later(SHIFT_S * self.chance.uniform(), work)

    def room_acts(self) -> None:
        """Let a room offer a job, take a call, end an emergency or close a log."""
        if not self.up:
            return
        room, world = self.chance.choice((POLICE, AMBULANCE)), self.world
        unit, incident = self.chance.choice(self.units), self.chance.choice(self.incidents)
        acts: list[cmd.Command] = [cmd.OfferUnit(unit_id=unit, incident_id=incident)] * 4
        acts.append(cmd.CancelEmergency(unit_id=unit, voice_contact=True))
        acts.append(cmd.RecordNote(incident_id=incident, text="from the room", label=Label.OPERATIONAL))
        if self._happens(0.2):
            acts = [cmd.CloseIncident(incident_id=incident, reason="attended")]
        try:
            if self._happens(0.2):
                self.incidents = [*self.incidents[-4:], world.call(room, "assault_injury", GILLINGHAM)]
            else:
                world.do(room, self.chance.choice(acts), key=f"room-{next(self.numbers)}")
            world.services.tick()
            for device in self.devices:
                self.later(45 * self.chance.uniform(), lambda device=device: self.answer_offer(device))
        except JruError:
            self.refused_to_rooms += 1

    def answer_offer(self, device: Device) -> None:
        """Let a crew accept what it is offered, with one tap."""
        unit = str(device.who.unit_id)
        aboard = self.world.board.fetch_unit(unit)
        if device.pages and aboard and aboard.state.offer and self._happens(0.6):
            offer = aboard.state.offer.offer_id
            answer = cmd.AnswerOffer(unit_id=unit, offer_id=offer, accept=True)
            device.pages[0].tap(f"/units/{unit}/offers/{offer}/answer", answer, f"tap-{next(self.numbers)}")

    def crew_taps(self) -> None:
        """Let somebody tap something, and sometimes think better of it."""
        device = self.chance.choice(self.devices)
        if not device.pages:
            return
        page = self.chance.choice(device.pages)
        for _ in range(1 + self.chance.below(3)):
            path, command = self._something(device)
            tap = page.tap(path, command, f"tap-{next(self.numbers)}")
        if path.endswith("/status") and self._happens(0.5):
            self.later(UNDO_S * self.chance.uniform(), lambda: page.alive and page.take_back(tap))

    def _something(self, device: Device) -> tuple[str, cmd.Command]:
        unit = str(device.who.unit_id)
        aboard = self.world.board.fetch_unit(unit)
        state = aboard.state if aboard else None
        incident = (state and state.incident_id) or self.chance.choice(self.incidents)
        on, at = f"/units/{unit}", f"/incidents/{incident}"
        status = self.chance.choice(("mobile", "scene", "patient", "clearing", "available"))
        options: list[tuple[str, cmd.Command]] = [
            *[(f"{on}/status", cmd.SetStatus(unit_id=unit, status=status))] * 4,
            (f"{on}/self-assign", cmd.SelfAssign(unit_id=unit, incident_id=incident)),
            (f"{on}/emergency", cmd.RaiseEmergency(unit_id=unit)),
            (f"{on}/backup", cmd.RequestBackup(unit_id=unit, agency=Agency.POLICE, kind="patrol")),
            (f"{at}/notes", cmd.RecordNote(incident_id=incident, text="seen", label=Label.OPERATIONAL)),
            (f"{at}/hazards", cmd.ReportHazard(incident_id=incident, code="weapon")),
            (f"{at}/scene-safe", cmd.DeclareSceneSafe(incident_id=incident)),
        ]
        return self.chance.choice(options)

    # What goes wrong.

    def fault(self) -> None:
        """Let one thing go wrong, and mend it some minutes later."""
        device = self.chance.choice(self.devices)
        self.chance.choice(
            (
                self.die,
                self.restore,
                lambda: self.backups.append(self.world.log.copied()),
                lambda: self.cut(device),
                lambda: self.drop_device(device),
                lambda: self.swap(device),
                lambda: self.jump(device),
                lambda: device.pages and device.open(),
            )
        )()

    def cut(self, device: Device) -> None:
        """Take a device's link away for up to half an hour."""
        self.links[device.name] = False

        def mend() -> None:
            self.links[device.name] = True
            self.back(device)

        self.later(1800 * self.chance.uniform(), mend)

    def drop_device(self, device: Device) -> None:
        """Kill a device; it is opened again within twenty minutes."""
        device.kill()
        self.later(1200 * self.chance.uniform(), lambda: device.pages or device.open())

    def swap(self, device: Device) -> None:
        """Let somebody else sign in in the same browser for a while."""
        others = [other.who for other in self.devices if other.who.unit_id == device.who.unit_id]
        self.signed_in[device.name] = next(one for one in others if one != device.who)

        def back() -> None:
            self.signed_in[device.name] = device.who
            self.back(device)

        self.later(1200 * self.chance.uniform(), back)

    def jump(self, device: Device) -> None:
        """Set a device's clock wrong by up to twenty minutes, either way."""
        device.skew = timedelta(minutes=40 * self.chance.uniform() - 20)
        self.later(1200 * self.chance.uniform(), lambda: setattr(device, "skew", timedelta()))

    def heal(self) -> None:
        """End all faults, and give everybody the time that the longest pauses need."""
        self.run(self.now_s() + 3600)
        self.weather = replace(self.weather, lost=0.0, unheard=0.0, doubled=0.0, portal=0.0, slow=0.0)
        assert self.up
        for device in self.devices:
            self.links[device.name] = True
            if not device.pages:
                device.open()
            self.back(device)
        self.run(self.now_s() + 600)


def played(seed: int) -> Shift:
    """Play one shift to its end."""
    shift = Shift(seed)
    shift.plan()
    shift.run(shift.now_s() + SHIFT_S)
    shift.heal()
    return shift

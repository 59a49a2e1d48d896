"""The whole of the services in memory, and short ways to let rooms and crews act."""

from __future__ import annotations

import functools
import hashlib
import hmac
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from jru.blueprints import embedded_blueprint
from jru.clock import SeededRandom, VirtualClock
from jru.domain import commands as cmd
from jru.domain.agency import Agency, Role
from jru.domain.blueprint import Blueprint
from jru.domain.blueprint_parsing import parse_blueprint
from jru.domain.codec import from_us
from jru.domain.versions import Replacing, marks
from jru.services.access import Viewer
from jru.services.alert_records import NoPush, PushService
from jru.services.auditing import Auditing
from jru.services.board import Board
from jru.services.consequences import Consequences
from jru.services.governing import adopt_blueprint
from jru.services.ground import Done, Ground
from jru.services.identity import Identity
from jru.services.ports import EVERYTHING, StoredEvent
from jru.services.push_book import PushPorts
from jru.services.reading import part_content
from jru.services.recorder import Recorder, Sent
from jru.services.records import default_gate
from jru.services.system import Maps, Services
from jru.services.testing import (
    BoxAreas,
    MemoryEventLog,
    MemoryPositions,
    MemoryQuarantine,
    MemorySpool,
    MemoryTokens,
    StraightRoads,
)
from jru.services.testing_accounts import MemorySubscriptions, memory_identity
from jru.services.testing_retention import MemoryHoldings, MemoryRegister
from jru.services.versions import fields_of, unit_fields

START = datetime(2019, 8, 16, 20, 0, tzinfo=UTC)
"""A Friday evening in summer, inside the hours of every district."""

POLICE = Viewer("desk:police", "Police desk", Agency.POLICE, Role.POLICE_DISPATCHER)
AMBULANCE = Viewer("desk:ambulance", "Ambulance desk", Agency.AMBULANCE, Role.AMBULANCE_DISPATCHER)
SUPERVISOR = Viewer("desk:duty", "Inspector Example", Agency.POLICE, Role.DUTY_SUPERVISOR)

GILLINGHAM = (0.5503, 51.3911)
SITTINGBOURNE = (0.7340, 51.3390)
GRAVESEND = (0.3680, 51.4410)
NOWHERE = (1.3500, 51.3500)
BOXES = {
    "medway": (0.40, 51.30, 0.66, 51.50),
    "swale": (0.66, 51.25, 1.00, 51.50),
    "dartford": (0.15, 51.38, 0.28, 51.50),
    "gravesham": (0.28, 51.30, 0.40, 51.50),
}
_crew_numbers = itertools.count(1)


@functools.cache
def scheme_of(text: str) -> Blueprint:
    """Return a parsed blueprint; the same text is parsed once."""
    return parse_blueprint(text)


@functools.cache
def embedded() -> str:
    """Return the text of the embedded blueprint."""
    return embedded_blueprint()


def north_kent() -> Blueprint:
    """Return the embedded scheme."""
    return scheme_of(embedded())


class TagSeal:
    """Hides nothing, but notices a forgery."""

    def seal(self, purpose: str, number: int) -> str:
        tag = hmac.new(b"test", f"{purpose}|{number}".encode(), hashlib.sha256).hexdigest()[:16]
        return f"{number}.{tag}"

    def unseal(self, purpose: str, token: str) -> int:
        number, _, _ = token.partition(".")
        if not number.isdecimal() or not hmac.compare_digest(self.seal(purpose, int(number)), token):
            raise ValueError("not a token of this system")
        return int(number)

    def derive(self, purpose: str) -> bytes:
        return hmac.new(b"test", purpose.encode(), hashlib.sha256).digest()


class Deaf:
    """A log that tells nobody of new events: for a system that is looked at once."""

    def __init__(self, log: MemoryEventLog) -> None:
        self._log = log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def subscribe(self, listener: object) -> None:
        """Forget the listener."""


class World:
    """Services over the in-memory ports. `World.again()` starts a second system on the same log."""

    def __init__(
        self,
        before: World | None = None,
        *,
        blueprint_text: str | None = None,
        start: datetime = START,
        clock: VirtualClock | None = None,
        store: Any = None,
        push: PushService | None = None,
    ) -> None:
        """Begin in memory; on `store` when there is one; or as a second system on the ports of `before`."""
        self.clock = before.clock if before else clock or VirtualClock(start)
        ports = before or store
        self.log: MemoryEventLog = MemoryEventLog(self.clock)
        if ports is not None:
            self.log = Deaf(before.log) if before else store.log  # type: ignore[assignment]
        self.access_log = ports.access_log if ports else self.log.access_log
        self.spool = ports.spool if ports else MemorySpool()
        self.payloads = ports.payloads if ports else self.log.payloads
        self.positions = ports.positions if ports else MemoryPositions()
        self.quarantine = ports.quarantine if ports else MemoryQuarantine()
        self.tokens = ports.tokens if ports else MemoryTokens()
        self.holdings = ports.holdings if ports else MemoryHoldings(self.log, self.positions, self.quarantine)
        self.register = ports.register if ports else MemoryRegister()
        self.random = SeededRandom(2 if before else 1)
        self.numbers: Iterator[int] = (
            before.numbers if before else itertools.count(self.log.head().seq * 1000)
        )
        self.board = Board(self.log, self._contents, scheme_of, self._start())
        self.board.load()
        self.auditing = Auditing(self.access_log, self.spool, self.board, self.clock)
        self.ground = Ground(
            log=self.log,
            board=self.board,
            recorder=Recorder(self.log, self.board, self.auditing, self.clock, self.random.child("ids")),
            consequences=Consequences(self.board),
            gate=default_gate(),
            auditing=self.auditing,
            positions=self.positions,
            quarantine=self.quarantine,
            tokens=self.tokens,
            roads=StraightRoads(),
            areas=BoxAreas(BOXES),
            clock=self.clock,
            random=self.random.child("numbers"),
        )
        for position in self.positions.latest().values():
            self.board.place_unit(position)
        self.services = Services(
            ground=self.ground,
            payloads=dict(self.payloads),
            holdings=self.holdings,
            register=self.register,
            seals=TagSeal(),
            maps=Maps(roads=dict, districts=dict, search=lambda text: []),
            identity=getattr(store, "identity", None)
            or Identity.over(
                memory_identity(self.random.child("vault")),
                self.board,
                self.clock,
                self.random.child("identity"),
            ),
            demo=True,
            synthetic=True,
            clock=self.clock,
            random=self.random.child("web"),
            push_ports=PushPorts(MemorySubscriptions(), push or NoPush()),
        )
        if not self.board.scheme.adopted:
            adopt_blueprint(self.ground, blueprint_text or embedded(), scheme_of, self.clock.now())

    def _start(self) -> datetime:
        return max(self.clock.now(), from_us(self.log.head().recorded_at_us))

    def _contents(self, event: StoredEvent, number: int) -> dict[str, Any] | None:
        return part_content(self.payloads, event, number, EVERYTHING)

    def again(self) -> World:
        """Return a second system built from the same log as it stands."""
        return World(self)

    def do(
        self,
        viewer: Viewer,
        command: cmd.Command,
        *,
        key: str | None = None,
        content: bytes | None = None,
        fill: bool = True,
    ) -> Done:
        """Execute a command; keys and contents are new unless given, and the sender has looked just before."""
        if fill and isinstance(command, Replacing) and not command.base:
            command = replace(command, base=self.bases(viewer, command))
        number = next(self.numbers)
        sent = Sent(key or f"key-{number}", self.clock.now(), content or f"content-{number}".encode())
        return self.services.execute(viewer, command, sent)

    def bases(self, viewer: Viewer, command: cmd.Command) -> dict[str, str]:
        """Return the marks of what a command is about, as everybody may see them now."""
        if isinstance(command, cmd.OnIncident):
            joint = self.board.joint(command.incident_id)
            return marks(fields_of(self.board, joint, viewer.agency)) if joint else {}
        aboard = self.board.fetch_unit(command.unit_id) if isinstance(command, cmd.OnUnit) else None
        return marks(unit_fields(aboard)) if aboard else {}

    def wait(self, seconds: float) -> None:
        """Let time pass and do what it asks for."""
        self.clock.advance(seconds)
        self.services.tick()

    def call(
        self,
        viewer: Viewer,
        kind: str = "assault_injury",
        at: tuple[float, float] | None = GILLINGHAM,
        text: str = "High Street",
        **more: Any,
    ) -> str:
        """Let a room take a call; return the incident's id."""
        self.clock.advance(5)
        place = cmd.PlaceGiven(text, *(at or (None, None)))
        done = self.do(viewer, cmd.TakeCall(type=kind, place=place, **more))
        return str(done.outcome["incident_id"])

    def report(self, viewer: Viewer, foreign_id: str, version: int, kind: str, **more: Any) -> Done:
        """Let a room's system send a message."""
        sender = "KENTPOL" if viewer.agency is Agency.POLICE else "SECAMB"
        content = more.pop("content", None)
        report = cmd.ReceiveReport(
            sender=sender, foreign_id=foreign_id, epoch=2019, message_version=version, kind=kind, **more
        )
        return self.do(viewer, report, content=content or repr(report).encode())

    def book_on(self, call_sign: str = "JR01", district: str = "medway", **more: Any) -> str:
        """Book a full crew on; return the unit's id."""
        self.clock.advance(5)
        command = cmd.BookOn(
            call_sign=call_sign,
            vehicle_id=call_sign,
            district=district,
            duty_start=self.clock.now(),
            duty_end=self.clock.now() + more.pop("duty", timedelta(hours=6)),
            seats=crew_of(district),
        )
        room = more.pop("viewer", POLICE)
        return str(self.do(room, command).outcome["unit_id"])

    def ready(self, call_sign: str = "JR01", district: str = "medway") -> str:
        """Book a full crew on and make it available."""
        unit_id = self.book_on(call_sign, district)
        self.tap(unit_id, "available")
        return unit_id

    def tap(self, unit_id: str, *statuses: str, at: datetime | None = None) -> None:
        """Let the crew tap statuses, ten seconds apart."""
        for status in statuses:
            self.clock.advance(10)
            self.do(officer(unit_id), cmd.SetStatus(unit_id=unit_id, status=status, at=at))

    def offer(self, viewer: Viewer, unit_id: str, incident_id: str) -> str:
        """Let a room offer an incident; return the offer's id."""
        self.clock.advance(5)
        return str(
            self.do(viewer, cmd.OfferUnit(unit_id=unit_id, incident_id=incident_id)).outcome["offer_id"]
        )

    def send(self, viewer: Viewer, unit_id: str, incident_id: str) -> None:
        """Offer an incident and let the crew accept."""
        offer_id = self.offer(viewer, unit_id, incident_id)
        self.clock.advance(5)
        if self.unit(unit_id)["offer"]["consent_of"]:
            other = AMBULANCE if viewer is POLICE else POLICE
            self.do(other, cmd.ConsentToOffer(unit_id=unit_id, offer_id=offer_id, consent=True))
        self.do(officer(unit_id), cmd.AnswerOffer(unit_id=unit_id, offer_id=offer_id, accept=True))

    def code(self, unit_id: str, incident_id: str) -> None:
        """Let the crew record an outcome."""
        self.do(officer(unit_id), outcome(incident_id))

    def close(self, viewer: Viewer, incident_id: str, reason: str = "attended") -> None:
        """Let a room close its log."""
        self.do(viewer, cmd.CloseIncident(incident_id=incident_id, reason=reason))

    def row(self, viewer: Viewer, incident_id: str) -> dict[str, Any]:
        """Return one incident as a viewer sees it."""
        return self.services.incident(viewer, incident_id)

    def unit(self, unit_id: str, viewer: Viewer = POLICE) -> dict[str, Any]:
        """Return one unit as a viewer sees it."""
        return self.services.unit(viewer, unit_id)

    def listed(self, viewer: Viewer) -> set[str]:
        """Return the incidents on a viewer's board."""
        return {row["id"] for row in self.services.board(viewer)["incidents"]}

    def kinds(self, stream: str) -> list[str]:
        """Return the kinds of event in a stream."""
        return [event.kind for event in self.log.stream(stream)]


def outcome(incident_id: str, **more: Any) -> cmd.RecordOutcome:
    """Return an ordinary outcome."""
    given = {"need": "dual", "ended": "attended", "risk_arrival": "tense", "risk_leaving": "calm"}
    return cmd.RecordOutcome(incident_id=incident_id, **{**given, **more})


def officer(unit_id: str) -> Viewer:
    """Return the police member of a unit's crew."""
    return Viewer(
        f"crew:police:{unit_id}", "Constable Example One", Agency.POLICE, Role.SPECIAL_CONSTABLE, unit_id
    )


def paramedic(unit_id: str) -> Viewer:
    """Return the paramedic of a unit's crew."""
    return Viewer(f"crew:amb:{unit_id}", "Paramedic Example Two", Agency.AMBULANCE, Role.PARAMEDIC, unit_id)


def crew_of(district: str, scheme: Blueprint | None = None) -> tuple[cmd.SeatFilled, ...]:
    """Return a full crew for a district, of obviously invented people."""
    scheme = scheme or north_kent()
    rule = scheme.crew_rules[scheme.districts[district].crew_rule]
    return tuple(
        cmd.SeatFilled(
            seat.seat,
            seat.agency,
            min(seat.roles),
            f"Example {seat.seat}",
            tuple(sorted(seat.qualifications)),
        )
        for seat in rule.seats
    )

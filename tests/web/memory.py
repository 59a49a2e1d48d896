"""A small system in memory behind the web's port: enough to try doors, problems and streams without the product."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from jru.clock import SeededRandom, VirtualClock
from jru.domain import commands as cmd
from jru.domain.agency import Agency, Role
from jru.domain.blueprint_parsing import parse_blueprint
from jru.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from jru.services.alert_records import NoPush
from jru.services.board import Board
from jru.services.identity import Identity
from jru.services.personal import Told
from jru.services.push_book import PushBook, PushPorts
from jru.services.records import default_gate
from jru.services.testing import MemoryEventLog
from jru.services.testing_accounts import MemorySubscriptions, memory_identity
from jru.web.ports import Done, Sent, Viewer
from jru.web.wire import iso

START = datetime(2019, 8, 16, 22, 0, tzinfo=UTC)
POLICE = Viewer("disp-p", "Dispatcher Example One", Agency.POLICE, Role.POLICE_DISPATCHER, None)
AMBULANCE = Viewer("disp-a", "Dispatcher Example Two", Agency.AMBULANCE, Role.AMBULANCE_DISPATCHER, None)
ADMINISTRATOR = Viewer("admin", "Somebody Example", Agency.POLICE, Role.SYSTEM_ADMINISTRATOR, None)
CREW = Viewer("crew-p", "Constable Example One", Agency.POLICE, Role.CONSTABLE, "unt_1")


class MemoryOversight:
    """Nothing to oversee."""

    def duties(self, viewer: Viewer) -> list[dict[str, Any]]:
        return []

    vehicles = duties

    def figures(self, viewer: Viewer, since: datetime, until: datetime) -> dict[str, Any]:
        return {"since": iso(since), "until": iso(until), "measures": []}

    def coded_incidents(self, viewer: Viewer, since: datetime, until: datetime) -> dict[str, Any]:
        return {"incidents": [], "left_out": 0}

    def access_table(self, viewer: Viewer) -> dict[str, Any]:
        return {"labels": [], "roles": []}


class MemoryGlass:
    """Nothing was opened."""

    def queue(self, viewer: Viewer) -> list[dict[str, Any]]:
        return []


class MemoryRetention:
    """Nothing is due."""

    def due(self, viewer: Viewer) -> dict[str, Any]:
        return {"at": iso(START), "findings": [], "holds": [], "asked": [], "clauses": []}


class MemoryAudit:
    """Nobody looked at anything."""

    def entries(self, viewer: Viewer, asked: object) -> dict[str, Any]:
        return {"entries": [], "next": None}

    def export(self, viewer: Viewer, incident_id: str, person: str, why: str) -> dict[str, Any]:
        raise NotFound("incident", "no incident")


class MemoryOwnRecords:
    """Nobody rode."""

    def record(self, viewer: Viewer, since: datetime, until: datetime) -> dict[str, Any]:
        return {"duties": []}


class MemoryCrossings:
    """Nothing crossed."""

    def month(self, viewer: Viewer, month: str) -> dict[str, Any]:
        return {"month": month, "since": "", "until": "", "counts": [], "crossings": [], "left_out": 0}


class MemorySystem:
    """Rows in a dictionary, a counter for a log."""

    demo = True
    synthetic = True
    exercise = False
    oversight = MemoryOversight()
    glass = MemoryGlass()
    retention = MemoryRetention()
    audit = MemoryAudit()
    crossings = MemoryCrossings()
    own_records = MemoryOwnRecords()

    def __init__(self) -> None:
        self.clock = VirtualClock(START)
        self.random = SeededRandom("web")
        self.board_of_nothing = Board(
            MemoryEventLog(self.clock), lambda _event, _number: None, parse_blueprint, START
        )
        self.board_of_nothing.load()
        self.identity = Identity.over(
            memory_identity(self.random.child("vault")),
            self.board_of_nothing,
            self.clock,
            self.random.child("identity"),
        )
        self.push = PushBook(
            PushPorts(MemorySubscriptions(), NoPush()),
            self.board_of_nothing,
            default_gate(),
            lambda _holder: None,
            lambda _holder: None,
            self.clock,
            self.random.child("push"),
        )
        self.head_seq = 0
        self._listeners: list[Callable[[int], None]] = []
        self._lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Forget everything but how far the log has come."""
        self.rows: dict[str, dict[str, Any]] = {}
        self.touched: dict[str, int] = {}
        self.shown: dict[str, set[str]] = {}
        self.first_seq = self.head_seq
        self.secrets: dict[str, Viewer] = {
            "police": POLICE,
            "ambulance": AMBULANCE,
            "admin": ADMINISTRATOR,
            "crew": CREW,
        }
        self.done: dict[str, tuple[bytes, Done]] = {}
        self.aside: list[tuple[str, bytes, str]] = []
        self.received: list[cmd.Command] = []
        self.broken: BaseException | None = None
        self.computed = 0

    @property
    def rate(self) -> float:
        return self.clock.rate

    def admit(self, viewer: Viewer, command: cmd.Command) -> None:
        if self.broken is not None:
            raise self.broken

    def execute(self, viewer: Viewer, command: cmd.Command, sent: Sent) -> Done:
        if self.broken is not None:
            raise self.broken
        with self._lock:
            known = self.done.get(sent.idem_key)
            if known is not None:
                return self._again(known, sent)
            done = self._carry_out(viewer, command)
            self.received.append(command)
            self.done[sent.idem_key] = (sent.request_hash, done)
            return done

    def _again(self, known: tuple[bytes, Done], sent: Sent) -> Done:
        if known[0] != sent.request_hash:
            raise Conflict("key_reused", "The key was used for another command.")
        return Done(known[1].outcome, known[1].told, known[1].seq, repeated=True, created=False)

    def _carry_out(self, viewer: Viewer, command: cmd.Command) -> Done:
        if isinstance(command, cmd.TakeCall):
            if not viewer.role.is_dispatcher:
                raise Forbidden("role", "Only a control room takes calls.")
            incident_id = f"inc_{len(self.rows) + 1}"
            self.touch(incident_id, type=command.type, owner=viewer.agency.value)
            return self._said({"incident_id": incident_id, "number": incident_id[4:]}, created=True)
        if isinstance(command, cmd.OnIncident | cmd.OfferUnit) and command.incident_id in self.rows:
            if isinstance(command, cmd.CloseIncident) and command.reason == "refused":
                raise Refused(
                    "no_outcome", "It needs an outcome first.", data={"rule": "outcome before close"}
                )
            self.touch(command.incident_id)
            return self._said({}, created=False)
        if isinstance(command, cmd.ReceiveReport):
            if command.type_code == "ODD":
                raise InvalidInput("type_code", "The code ODD is unknown.")
            self.touch(f"inc_{command.foreign_id}", owner=viewer.agency.value)
            return self._said({"incident_id": f"inc_{command.foreign_id}", "number": "1"}, created=True)
        raise NotFound("incident", "There is no such incident inc_secret.")

    def _said(self, outcome: dict[str, object], *, created: bool) -> Done:
        return Done(outcome, "Done.", self.head_seq, repeated=False, created=created)

    def let_monitor(self, viewer: Viewer) -> None:
        if viewer is not ADMINISTRATOR:
            raise Forbidden("role", "Figures are for the administrator.")

    def place(self, viewer: Viewer) -> int:
        return self.head_seq

    def known_as(self, viewer: Viewer, one: str) -> str | None:
        return one if one in self.rows and self._visible(viewer, one) else None

    def touch(self, one: str, **values: object) -> None:
        """Change one row and tell the listeners, as a commit does."""
        with self._lock:
            self.head_seq += 1
            self.rows[one] = {"id": one, **self.rows.get(one, {}), **values, "seq": self.head_seq}
            self.touched[one] = self.head_seq
            self.shown.setdefault(one, set()).update(
                viewer.agency.value for viewer in (POLICE, AMBULANCE) if self._visible(viewer, one)
            )
            seq = self.head_seq
        for listener in list(self._listeners):
            listener(seq)

    def _visible(self, viewer: Viewer, one: str) -> bool:
        row = self.rows[one]
        return row.get("owner") in (None, viewer.agency.value) or bool(row.get("shared"))

    def quarantine_raw(self, viewer: Viewer, sender: str, raw: bytes, reason: str) -> str:
        self.aside.append((sender, raw, reason))
        return f"qtn_{len(self.aside)}"

    def board(self, viewer: Viewer, told: Told | None = None) -> dict[str, Any]:
        with self._lock:
            rows = [dict(row) for one, row in self.rows.items() if self._visible(viewer, one)]
            return {
                **self.heartbeat(viewer),
                "synthetic": True,
                "exercise": False,
                "seq": self.head_seq,
                "incidents": rows,
                "units": [],
                "alerts": [],
            }

    def change(self, viewer: Viewer, after_seq: int, told: Told | None = None) -> dict[str, Any]:
        with self._lock:
            self.computed += 1
            if not self.first_seq <= after_seq <= self.head_seq:
                raise NotFound("cursor_too_old", "too long ago")
            changed = [one for one, seq in self.touched.items() if seq > after_seq]
            rows = [dict(self.rows[one]) for one in changed if self._visible(viewer, one)]
            gone = [
                one
                for one in changed
                if not self._visible(viewer, one) and viewer.agency.value in self.shown[one]
            ]
            time = {"now": iso(self.clock.now()), "rate": self.rate}
            rest = {"units": [], "gone": gone, "more": False, "alerts": []}
            return {**time, "seq": self.head_seq, "incidents": rows, **rest}

    def heartbeat(self, viewer: Viewer) -> dict[str, Any]:
        return {"now": iso(self.clock.now()), "rate": self.rate, "feeds": [], "restored_at": None}

    def incident(self, viewer: Viewer, incident_id: str) -> dict[str, Any]:
        row = self.rows.get(incident_id)
        if row is None or not self._visible(viewer, incident_id):
            raise NotFound("incident", f"{viewer.name} may not see {incident_id}.")
        return dict(row)

    def record_part(self, viewer: Viewer, agency: Agency, incident_id: str) -> dict[str, Any]:
        return {"incident_id": self.incident(viewer, incident_id)["id"], "number": "1"}

    def handover(self, viewer: Viewer, incident_id: str, person: int) -> dict[str, Any]:
        return {"incident_id": self.incident(viewer, incident_id)["id"], "text": "A: not recorded"}

    def attachment(self, viewer: Viewer, incident_id: str, record_id: str) -> tuple[str, bytes]:
        raise NotFound("record", f"{viewer.name} may not see {record_id} of {incident_id}.")

    def recommendation(self, viewer: Viewer, incident_id: str) -> dict[str, Any]:
        return self.incident(viewer, incident_id)

    def unit(self, viewer: Viewer, unit_id: str) -> dict[str, Any]:
        if unit_id != "unt_1":
            raise NotFound("unit", "no unit")
        return {"id": unit_id, "call_sign": "JR01"}

    def scheme(self, viewer: Viewer) -> dict[str, Any]:
        return {"name": "north_kent", "padding": "x" * 4000}

    def places(self, viewer: Viewer, query: str) -> list[dict[str, Any]]:
        return [{"name": query, "lon": 0.5, "lat": 51.4, "precision": "town"}]

    def quarantine(self, viewer: Viewer) -> list[dict[str, Any]]:
        return []

    def map_layer(self, viewer: Viewer, name: str) -> dict[str, Any]:
        return {"type": "FeatureCollection", "features": []}

    def viewer_for(self, secret: str, *, active: bool = False) -> Viewer | None:
        return self.secrets.get(secret)

    def open_demo_session(
        self, role: str, unit: str | None, agency: Agency | None = None
    ) -> tuple[str, Viewer]:
        for viewer in (POLICE, AMBULANCE, CREW):
            if viewer.role.value == role:
                secret = self.random.bytes(16).hex()
                self.secrets[secret] = viewer
                return secret, viewer
        raise Forbidden("role", "The demo has no such role.")

    def end_session(self, secret: str) -> None:
        self.secrets.pop(secret, None)

    def standing(self, viewer: Viewer) -> dict[str, Any]:
        return {"notes": ["operational"], "relieved": None}

    def demo_roles(self) -> list[dict[str, Any]]:
        return [
            {
                "id": "police_dispatcher",
                "name": "Police",
                "agency": "police",
                "place": "console",
                "unit": None,
            }
        ]

    def subscribe(self, listener: Callable[[int], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def ready(self) -> dict[str, bool]:
        return {"log": self.broken is None}

    def metrics(self) -> dict[str, float]:
        return {"open incidents": float(len(self.rows))}

    def tick(self) -> None:
        return

    def next_timer(self) -> datetime | None:
        return None

    def seal(self, seq: int) -> str:
        return f"c{seq * 7919 + 13}"

    def unseal(self, cursor: str) -> int:
        number = int(cursor[1:]) - 13 if cursor[:1] == "c" and cursor[1:].isdigit() else -1
        if number < 0 or number % 7919:
            raise InvalidInput("cursor", "The cursor is forged.")
        return number // 7919

    def outbox_key(self, viewer: Viewer) -> dict[str, Any]:
        return {"owner": self.outbox_owner(viewer), "key": "A" * 43 + "="}

    def outbox_missing(self, viewer: Viewer, keys: Sequence[str]) -> list[str]:
        return list(keys)

    def outbox_owner(self, viewer: Viewer) -> str:
        return f"here.{viewer.subject}"

    def unseal_base(self, token: str) -> int:
        if not token.startswith("b"):
            raise InvalidInput("base", "The base is forged.")
        return int(token[1:])

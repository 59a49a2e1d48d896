"""The product's use cases behind one door: whoever speaks to them comes as a viewer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from jru.clock import Clock, Random
from jru.domain import commands as cmd
from jru.domain import glass_commands, retention_commands
from jru.domain import record_commands as rc
from jru.domain import shift_commands as sc
from jru.domain.agency import Agency, Label, Role
from jru.domain.retention_events import ContentErased
from jru.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused

from .access import Viewer, note_labels
from .audit_trail import AuditTrail
from .auditing import HELD_BACK
from .crossing import Crossings
from .dispatching import Dispatching
from .erasing import Eraser
from .glass import BreakingGlass
from .governing import Governing
from .ground import Done, Ground
from .handover import atmist
from .identity import Identity
from .intake import Intake
from .numbering import Numbering
from .outboxes import Outboxes
from .oversight import Oversight
from .own_record import OwnRecords
from .personal import Personal, Told
from .ports import Payloads, StoredEvent
from .push_book import PushBook, PushPorts
from .reading import Reading, part_content
from .recommending import Recommending
from .record_keeping import RecordKeeping
from .record_view import RecordView
from .recorder import Sent
from .records import Row
from .reports import Reports
from .retention import Retention
from .retention_ports import ErasureRegister, Holdings
from .scheme_view import sites_geojson
from .session_book import PREFIX
from .sessions import Sessions
from .shift import Shift
from .turning import Turning
from .wording import iso, iso_or_none

QUARANTINE_SHOWN = 200
MAX_PLACES = 12
_FALLIBLE = (Conflict, Forbidden, NotFound, Refused)
TURN_EVERY = timedelta(minutes=1)


class Seal(Protocol):
    """Hides numbers that leave: cursors and versions, so that gaps tell nothing. Raises ValueError for a forgery.

    Also the source of keys that leave: each is for one purpose and tells nothing of any other.
    """

    def seal(self, purpose: str, number: int) -> str:
        """Return an opaque token."""
        ...

    def unseal(self, purpose: str, token: str) -> int:
        """Return the number behind a token."""
        ...

    def derive(self, purpose: str) -> bytes:
        """Return the 32 bytes that belong to a purpose, always the same."""
        ...


@dataclass(frozen=True, slots=True)
class Maps:
    """What the screens draw and search; GeoJSON in WGS84."""

    roads: Callable[[], Row]
    districts: Callable[[], Row]
    search: Callable[[str], Sequence[Row]]


Verb = Callable[[Viewer, Any, Sent], Done]


@dataclass(slots=True)
class Services:
    """All use cases. Methods block; errors are those of `jru.errors`."""

    ground: Ground
    payloads: dict[str, Payloads]
    holdings: Holdings
    register: ErasureRegister
    seals: Seal
    maps: Maps
    identity: Identity
    demo: bool
    synthetic: bool
    clock: Clock
    random: Random
    push_ports: PushPorts
    exercise: bool = False
    sessions: Sessions = field(init=False)
    outboxes: Outboxes = field(init=False)
    push: PushBook = field(init=False)
    reading: Reading = field(init=False)
    dispatching: Dispatching = field(init=False)
    intake: Intake = field(init=False)
    reports: Reports = field(init=False)
    shift: Shift = field(init=False)
    own_records: OwnRecords = field(init=False)
    records: RecordKeeping = field(init=False)
    parts: RecordView = field(init=False)
    oversight: Oversight = field(init=False)
    glass: BreakingGlass = field(init=False)
    eraser: Eraser = field(init=False)
    retention: Retention = field(init=False)
    audit: AuditTrail = field(init=False)
    crossings: Crossings = field(init=False)
    _turning: Turning = field(init=False)
    _next_turn: datetime = field(init=False)
    _verbs: dict[type[cmd.Command], Verb] = field(init=False)
    _listeners: list[Callable[[int], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        recommending = Recommending(self.ground)
        numbering = Numbering(self.ground)
        self.intake = Intake(self.ground, numbering)
        self.reports = Reports(self.ground, numbering)
        self.dispatching = Dispatching(self.ground, recommending)
        self.shift = Shift(self.ground, numbering)
        scope = self.ground.gate.scope
        self.own_records = OwnRecords(
            self.ground, lambda event, n, viewer: part_content(self.payloads, event, n, scope(viewer))
        )
        self.records = RecordKeeping(self.ground)
        self.parts = RecordView(self.ground, self.payloads)
        self.sessions = Sessions(self.ground, demo=self.demo)
        self.outboxes = Outboxes(self.ground.log, self.seals, self.clock)
        self.reading = Reading(
            self.ground,
            recommending,
            self.payloads,
            lambda version: self.seals.seal("base", version),
            synthetic=self.synthetic,
            exercise=self.exercise,
            rate=lambda: self.clock.rate,
        )
        self.glass = BreakingGlass(self.ground)
        self.eraser = Eraser(self.ground, self.holdings, self.register)
        self.retention = Retention(self.ground, self.payloads, self.holdings, self.eraser)
        self.audit = AuditTrail(
            self.ground,
            self.reading.incident,
            lambda viewer, incident_id: self.parts.part(viewer, viewer.agency, incident_id),
        )
        self.crossings = Crossings(self.ground)
        self.oversight = Oversight(self.ground, lambda number: self.seals.seal("pseudonym", number))
        self.push = PushBook(
            self.push_ports,
            self.ground.board,
            self.ground.gate,
            self._viewer_held,
            self.identity.sessions.ending,
            self.clock,
            self.random.child("push"),
        )
        self._turning = Turning(self.ground.board, self.clock.now())
        self._next_turn = self.clock.now() + TURN_EVERY
        self._verbs = self._table(Governing(self.ground))
        self.ground.log.subscribe(self._committed)
        self.identity.sessions.subscribe(self._tell)

    def _table(self, governing: Governing) -> dict[type[cmd.Command], Verb]:
        intake, units = self.intake, self.dispatching
        special: dict[type[cmd.Command], Verb] = {
            cmd.TakeCall: intake.take_call,
            cmd.ReceiveReport: self.reports.receive,
            cmd.UpdateIncident: intake.update,
            cmd.AskQuestion: intake.ask,
            cmd.DecideMatch: intake.match,
            cmd.Unmerge: intake.unmerge,
            cmd.CloseIncident: intake.close,
            cmd.BookOn: units.book_on,
            cmd.ReportPosition: units.position,
            cmd.OfferUnit: units.offer,
            cmd.AnswerOffer: units.answer,
            cmd.ConsentToOffer: units.consent,
            cmd.WithdrawOffer: units.withdraw,
            cmd.SelfAssign: units.self_assign,
            cmd.DivertUnit: units.divert,
            cmd.StandDownUnit: units.stand_down,
            sc.OpenOnView: self.shift.on_view,
            sc.RecordDebrief: self.own_records.debrief,
            cmd.SetDistrictState: governing.set_district_state,
            glass_commands.BreakGlass: self.glass.open,
            glass_commands.CloseGlass: self.glass.close,
            glass_commands.ReviewGlass: self.glass.review,
            retention_commands.PlaceHold: self.retention.hold,
            retention_commands.ReleaseHold: self.retention.release,
            retention_commands.AskErasure: self.retention.ask,
            retention_commands.ReviewContent: self.retention.review,
            retention_commands.RunRetention: self.retention.run,
        }
        return special

    def _verb(self, command: cmd.Command) -> Verb:
        found = self._verbs.get(type(command))
        if found is not None:
            return found
        if isinstance(command, rc.OnRecord):
            return self.records.keep
        if isinstance(command, sc.OnShift):
            return self.shift.keep
        return self.dispatching.on_unit if isinstance(command, cmd.OnUnit) else self.intake.on_incident

    @property
    def rate(self) -> float:
        """Return how fast the clock runs against the world."""
        return self.clock.rate

    @property
    def head_seq(self) -> int:
        """Return the board's revision, which counts every change; what leaves is made of `place`."""
        return self.ground.board.revision

    def execute(self, viewer: Viewer, command: cmd.Command, sent: Sent) -> Done:
        """Let a viewer do something; raises Forbidden, Refused, Conflict, NotFound, InvalidInput or Unavailable."""
        try:
            self._let_in(viewer, command)
            done = self._verb(command)(viewer, command, sent)
        except _FALLIBLE:
            # Its answer may have been lost on the way: what was done then is not refused for what has changed since.
            before = self.ground.done_before(viewer, sent)
            if before is None:
                raise
            done = before
        if isinstance(command, cmd.ReportPosition):
            self._tell()
        return replace(done, seq=self.place(viewer))

    def admit(self, viewer: Viewer, command: cmd.Command, sent: Sent) -> None:
        """Let a command in before anything is done for it, or done before; Forbidden, or NotFound for a record."""
        try:
            self._let_in(viewer, command)
        except (Forbidden, NotFound):
            if self.ground.done_before(viewer, sent) is None:
                raise

    def _let_in(self, viewer: Viewer, command: cmd.Command) -> None:
        self.ground.gate.accept(viewer, command)
        if isinstance(command, rc.OnRecord):
            self.ground.joint(viewer, command.incident_id)

    def place(self, viewer: Viewer) -> int:
        """Return how far a viewer has been told when told everything: the last change that they could notice."""
        return self.reading.noticing.place(viewer)

    def quarantine_raw(self, viewer: Viewer, sender: str, raw: bytes, reason: str) -> str:
        """Keep a message that could not even be read; return its id."""
        if not viewer.role.is_dispatcher:
            raise Forbidden("role", "only a control room sends reports")
        sent = Sent("", self.clock.now(), b"")
        done = self.reports.put_aside(viewer, sender, raw, reason, sent)
        return str(done.outcome["quarantined"])

    def board(self, viewer: Viewer, told: Told | None = None) -> Row:
        """Return the board as this viewer may see it; `told` is the live stream that it is for."""
        place = self.place(viewer)
        return {**self.reading.board(viewer, told), "restored_at": self._restored_at(), "seq": place}

    def change(self, viewer: Viewer, after_seq: int, told: Told | None = None) -> Row:
        """Return what changed after a revision; raises NotFound, code "cursor_too_old", when too long ago.

        `told` is what the live stream that asks has brought its listeners before.
        """
        place = self.place(viewer)
        # Whoever has been told everything goes on from there, however long ago that was.
        since = self.head_seq if place <= after_seq <= self.head_seq else after_seq
        found = self.reading.change(viewer, since, told)
        if found is None:
            raise NotFound("cursor_too_old", "too long ago: fetch the board anew")
        return {**found, "seq": place}

    def heartbeat(self, viewer: Viewer) -> Row:
        """Return the time and the age of the feeds."""
        return {**self.reading.heartbeat(viewer), "restored_at": self._restored_at()}

    def _restored_at(self) -> str | None:
        return iso_or_none(self.outboxes.restored_at)

    def incident(self, viewer: Viewer, incident_id: str) -> Row:
        """Return one incident with its log."""
        return self.reading.incident(viewer, incident_id)

    def record_part(self, viewer: Viewer, agency: Agency, incident_id: str) -> Row:
        """Return what one service has recorded of an incident."""
        return self.parts.part(viewer, agency, incident_id)

    def handover(self, viewer: Viewer, incident_id: str, person: int) -> Row:
        """Return the ATMIST hand-over of one person from what is recorded."""
        part = self.record_part(viewer, Agency.AMBULANCE, incident_id)
        now = self.clock.now()
        zone = self.ground.board.scheme.at(now).time_zone
        return atmist(part, self.incident(viewer, incident_id), person, zone, now)

    def attachment(self, viewer: Viewer, incident_id: str, record_id: str) -> tuple[str, bytes]:
        """Return the media type and the bytes of an attachment of the own service."""
        return self.parts.attachment(viewer, incident_id, record_id)

    def known_as(self, viewer: Viewer, incident_id: str) -> str | None:
        """Return the incident as this viewer knows it, joined or not; None when it is not theirs to know of."""
        return self.reading.shown(viewer, incident_id)

    def recommendation(self, viewer: Viewer, incident_id: str) -> Row:
        """Return the ranked units for an incident."""
        return self.reading.recommendation(viewer, incident_id)

    def unit(self, viewer: Viewer, unit_id: str) -> Row:
        """Return one unit."""
        return self.reading.unit(viewer, unit_id)

    def scheme(self, viewer: Viewer) -> Row:
        """Return the scheme's vocabulary."""
        return self.reading.scheme()

    def places(self, viewer: Viewer, query: str) -> list[Row]:
        """Return places whose name begins like the query, or stands in it."""
        return list(self.maps.search(query))[:MAX_PLACES]

    def quarantine(self, viewer: Viewer) -> list[Row]:
        """Return what waits in quarantine for the viewer's own service."""
        if not (viewer.role.is_dispatcher or viewer.role is Role.DUTY_SUPERVISOR):
            raise Forbidden("role", "the quarantine is for control rooms and supervisors")
        waiting = self.ground.quarantine.list(viewer.agency.value, limit=QUARANTINE_SHOWN)
        fields = [Personal(q.quarantine_id, "reason", Label.IDENTITY, viewer.agency) for q in waiting]
        whole = self.ground.auditing.consulted(viewer, fields)
        return [
            {
                "id": q.quarantine_id,
                "sender": q.sender,
                "reason": q.reason if whole else HELD_BACK,
                "received_at": iso(q.received_at),
                "size": len(q.raw),
            }
            for q in waiting
        ]

    def map_layer(self, viewer: Viewer, name: str) -> Row:
        """Return a map layer as GeoJSON."""
        layers = {"roads": self.maps.roads, "districts": self.maps.districts}
        if name == "sites":
            return sites_geojson(self.ground.board.scheme.at(self.clock.now()))
        if name not in layers:
            raise NotFound("map_layer", f"there is no map layer {name!r}: roads, districts, sites")
        return layers[name]()

    def viewer_for(self, secret: str, *, active: bool = False) -> Viewer | None:
        """Return who holds a secret; `active`: somebody did something, so that their session is not idle."""
        if secret.startswith(PREFIX):
            return self.identity.sessions.viewer_for(secret, active=active)
        return self.sessions.viewer_for(secret)

    def _viewer_held(self, holder: bytes) -> Viewer | None:
        """Return for whom a session or a token of which this is kept still stands."""
        return self.identity.sessions.viewer_held(holder) or self.sessions.viewer_held(holder)

    def open_demo_session(
        self, role: str, unit: str | None, agency: Agency | None = None
    ) -> tuple[str, Viewer]:
        """Open a session in a demo role."""
        return self.sessions.open_demo(role, unit, agency)

    def end_session(self, secret: str) -> None:
        """End a session."""
        if secret.startswith(PREFIX):
            self.identity.sessions.end_secret(secret, "signed out")
        else:
            self.sessions.end(secret)

    def standing(self, viewer: Viewer) -> Row:
        """Return under which labels the viewer may write notes, and on which unit they were relieved."""
        return {"notes": note_labels(viewer), "relieved": self.identity.sessions.relief(viewer)}

    def demo_roles(self) -> list[Row]:
        """Return the roles of the demonstration."""
        return self.sessions.demo_roles()

    def issue_token(self, role: Role, agency: Agency, unit_id: str | None = None, days: int = 30) -> str:
        """Return a new bearer token for a program or a person."""
        subject = f"token:{role.value}:{agency.value}:{unit_id or 'room'}"
        return self.sessions.issue(subject, agency, role, unit_id, timedelta(days=days))

    def subscribe(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Call `listener` with the revision after each change; returns what ends it."""
        self._listeners = [*self._listeners, listener]

        def unsubscribe() -> None:
            self._listeners = [kept for kept in self._listeners if kept is not listener]

        return unsubscribe

    def _committed(self, events: Sequence[StoredEvent]) -> None:
        self.ground.board.apply(events)
        if any(event.kind == ContentErased.__name__ for event in events):
            self.reading.let_go()
            self.ground.consequences.let_go()
        self._tell()

    def _tell(self) -> None:
        revision = self.ground.board.revision
        for listener in self._listeners:
            listener(revision)

    def tick(self) -> None:
        """Do what the time asks for: end offers nobody answered, let go of what ended, see what has turned."""
        now, board = self.clock.now(), self.ground.board
        self.dispatching.lapse_due(now)
        before = board.revision
        board.forget(now, board.scheme.at(now).timers.closed_visible_s)
        self._turning.turn(now)
        self.reading.let_go()
        self.retention.expire_tracks(now)
        self.ground.auditing.reconcile()
        turned, self._next_turn = now >= self._next_turn, now + TURN_EVERY
        if board.revision != before:
            self._tell()
        if turned:
            self.identity.sweep()

    def next_timer(self) -> datetime | None:
        """Return when `tick` next has something to do."""
        due = (self.dispatching.next_lapse(), self.ground.auditing.retry_at, self._next_turn)
        return min(moment for moment in due if moment is not None)

    def ready(self) -> Mapping[str, bool]:
        """Return whether each part works."""
        board = self.ground.board
        return {
            "log": self.ground.log.head().seq >= 0,
            "scheme": board.scheme.adopted,
            "audit": self.ground.auditing.available,
        }

    def let_monitor(self, viewer: Viewer) -> None:
        """Let the server's administrator read its figures; raises Forbidden for everybody else."""
        if viewer.role is not Role.SYSTEM_ADMINISTRATOR:
            raise Forbidden("role", "the figures of the server are for its administrator")

    def metrics(self) -> Mapping[str, float]:
        """Return figures for monitoring; counts only."""
        board, auditing = self.ground.board, self.ground.auditing
        pushed = self.push.figures()
        with board.lock:
            return {
                **pushed,
                "log_head": float(self.ground.log.head().seq),
                "access_log_head": float(auditing.rows),
                "audit_unavailable": float(not auditing.available),
                "audit_spooled": float(auditing.waiting),
                "audit_lost": float(auditing.lost),
                "open_incidents": float(sum(leg.state.open for leg in board.legs.values())),
                "units_on_duty": float(sum(a.state.open for a in board.units.values())),
            }

    def seal(self, seq: int) -> str:
        """Return a cursor for a revision."""
        return self.seals.seal("cursor", seq)

    def unseal(self, cursor: str) -> int:
        """Return the revision of a cursor; raises InvalidInput for a forged one."""
        return self._unseal("cursor", cursor)

    def outbox_owner(self, viewer: Viewer) -> str:
        """Return whose outbox on a device is this viewer's."""
        return self.outboxes.owner(viewer)

    def outbox_key(self, viewer: Viewer) -> Row:
        """Return the key under which a device keeps what this viewer could not send yet, and whose it is."""
        return self.outboxes.key(viewer)

    def outbox_missing(self, viewer: Viewer, keys: Sequence[str]) -> list[str]:
        """Return those of a crew's taken commands that the log does not hold."""
        return self.outboxes.missing(viewer, keys)

    def unseal_base(self, token: str) -> int:
        """Return the version of a base token; raises InvalidInput for a forged one."""
        return self._unseal("base", token)

    def _unseal(self, purpose: str, token: str) -> int:
        try:
            return self.seals.unseal(purpose, token)
        except ValueError as error:
            raise InvalidInput(purpose, f"this {purpose} was not made here") from error

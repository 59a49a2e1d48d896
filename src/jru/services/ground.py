"""What every use case stands on, and the way from a decision to the log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from jru.clock import Clock, Random
from jru.domain.commands import PlaceGiven
from jru.domain.deciding import Decision, PlaceFound, Setting, op
from jru.domain.joint import Joint
from jru.domain.refusal import Refusal
from jru.errors import Conflict, NotFound, Refused, Unavailable

from .access import Gate, Viewer
from .audit_ports import AuditUnavailable
from .auditing import Auditing, audit_unavailable
from .board import Board, content_of
from .consequences import Consequences
from .ports import (
    Areas,
    Claim,
    EventLog,
    KeyReused,
    Positions,
    Quarantine,
    Roads,
    Tokens,
    VersionTaken,
)
from .recorder import DrawnUp, Recorder, Sent, Unfolding
from .streams import Aboard

TRIES = 5


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a command: ids, one sentence, and the board's revision after it."""

    outcome: dict[str, object]
    told: str
    seq: int
    repeated: bool = False
    created: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A use case's answer before it is written."""

    decision: Decision
    outcome: dict[str, object] = field(default_factory=dict)
    told: str = ""
    claims: tuple[Claim, ...] = ()
    created: bool = False


@dataclass(slots=True)
class _Named:
    """The lock of one name, kept while anybody holds it or waits for it."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    users: int = 0


class Locks:
    """One lock for each name, so that two commands about the same thing wait for each other and no others do."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._named: dict[str, _Named] = {}

    @contextmanager
    def holding(self, names: Iterable[str]) -> Iterator[None]:
        """Hold the locks of some names, always taken in the same order."""
        ordered = sorted(set(names))
        with self._door:
            wanted = [self._named.setdefault(name, _Named()) for name in ordered]
            for named in wanted:
                named.users += 1
        held = 0
        try:
            for named in wanted:
                named.lock.acquire()
                held += 1
            yield
        finally:
            for named in wanted[:held]:
                named.lock.release()
            with self._door:
                for name, named in zip(ordered, wanted, strict=True):
                    named.users -= 1
                    if not named.users:
                        del self._named[name]


@dataclass(slots=True)
class Ground:
    """The ports and the board."""

    log: EventLog
    board: Board
    recorder: Recorder
    consequences: Consequences
    gate: Gate
    auditing: Auditing
    positions: Positions
    quarantine: Quarantine
    tokens: Tokens
    roads: Roads
    areas: Areas
    clock: Clock
    random: Random
    locks: Locks = field(default_factory=Locks)

    def setting(self, viewer: Viewer, sent: Sent) -> Setting:
        """Return what a decision stands on."""
        return Setting(viewer.by, sent.received_at, self.board.scheme.at(sent.received_at))

    def joint(self, viewer: Viewer, incident_id: str) -> Joint:
        """Return the joint incident, or raise NotFound when there is none or it is not this viewer's to know of."""
        joint = self.find(viewer, incident_id)
        if joint is None:
            raise NotFound("incident", "there is no such incident", data={"id": incident_id})
        return joint

    def find(self, viewer: Viewer, incident_id: str) -> Joint | None:
        """Return the joint incident, or None when there is none or it is not this viewer's to know of."""
        joint = self.board.joint(incident_id)
        if joint is not None and self.gate.relates(viewer, self.board.relation(joint)):
            return joint
        if incident_id in self.board.legs:
            # What is in memory is found sooner than that something is nowhere: who may not know waits as long.
            self.log.state(op(incident_id))
        return None

    def unit(self, unit_id: str) -> Aboard:
        """Return a unit, or raise NotFound."""
        aboard = self.board.fetch_unit(unit_id)
        if aboard is None:
            raise NotFound("unit", "there is no such unit", data={"id": unit_id})
        return aboard

    def place(self, given: PlaceGiven | None) -> PlaceFound | None:
        """Return what the map says of a place; a point outside the scheme's map stays, unverified."""
        if given is None:
            return None
        if given.lon is None or given.lat is None:
            return PlaceFound(given.text, None, None, None, None, verified=False)
        district = self.areas.district_of(given.lon, given.lat)
        cell = self.areas.cell_of(given.lon, given.lat)
        return PlaceFound(given.text, given.lon, given.lat, district, cell, verified=district is not None)

    def write(self, viewer: Viewer, sent: Sent, names: Sequence[str], decide: Callable[[], Decided]) -> Done:
        """Decide and append under the locks of `names`; a race lost on a version is decided again.

        Raises Refused, Conflict (an idempotency key used for other content) or Unavailable.
        """
        for _ in range(TRIES):
            with self.locks.holding(names):
                prepared = self._prepare(viewer, sent, names, decide)
                if isinstance(prepared, Done):
                    return prepared
                if isinstance(prepared, frozenset):
                    names = (*names, *prepared)
                    continue
                try:
                    return self._append(*prepared)
                except VersionTaken:
                    continue
        raise Unavailable("contention", "others keep changing the same record", "send the same command again")

    def _prepare(
        self, viewer: Viewer, sent: Sent, names: Sequence[str], decide: Callable[[], Decided]
    ) -> tuple[Decided, DrawnUp] | Done | frozenset[str]:
        """Return what is to be appended; or what became of the very same command before.

        Or the records that it changes and that are not locked: they were joined or parted since the names were read.
        """
        decided = decide()
        if isinstance(decided.decision, Refusal):
            earlier = self.earlier(viewer, sent)
            if earlier is not None:
                return earlier
            raise refused(decided.decision)
        emitted = decided.decision
        unfolding = Unfolding(self.board, emitted)
        if any(item.stream.endswith("/op") for item in emitted):
            after = self.consequences.of(self.setting(viewer, sent), emitted, unfolding)
            unfolding.add(after[len(emitted) :])
        unlocked = self._known(unfolding) - set(names)
        if unlocked:
            return frozenset(unlocked)
        outcome: dict[str, object] = {"ids": decided.outcome, "told": decided.told}
        return decided, self.recorder.draw_up(viewer, sent, unfolding, outcome, decided.claims)

    def _known(self, unfolding: Unfolding) -> set[str]:
        """Return the incidents and units that a command changes and that others may be changing."""
        ids = {stream.partition("/")[0] for stream in unfolding.versions}
        return {one for one in ids if one in self.board.legs or one in self.board.units}

    def _append(self, decided: Decided, drawn_up: DrawnUp) -> Done:
        try:
            appended = self.recorder.record(drawn_up)
        except KeyReused as error:
            raise key_reused(error) from error
        except AuditUnavailable as error:
            raise audit_unavailable() from error
        if appended.repeated:
            return repeated(appended.outcome, self.board.revision)
        return Done(decided.outcome, decided.told, self.board.revision, created=decided.created)

    def done_before(self, viewer: Viewer, sent: Sent) -> Done | None:
        """Return what became of this very command of this person before, or None."""
        stored = self.log.command(sent.idem_key)
        if stored is None or (stored.principal, stored.request_hash) != (viewer.subject, sent.request_hash):
            return None
        return repeated(stored.outcome, self.board.revision)

    def earlier(self, viewer: Viewer, sent: Sent) -> Done | None:
        """Return the stored outcome when this very command was done before; its effect may refuse it now."""
        stored = self.log.command(sent.idem_key)
        if stored is None:
            return None
        if stored.request_hash != sent.request_hash or stored.principal != viewer.subject:
            raise key_reused(KeyReused(sent.idem_key))
        return repeated(stored.outcome, self.board.revision)


def key_reused(error: KeyReused) -> Conflict:
    """Return the answer to an idempotency key that came with other content."""
    return Conflict("key_reused", str(error), "make a new key for a new command", {"key": error.idem_key})


def repeated(outcome: bytes, revision: int) -> Done:
    """Return the stored outcome of a command that came again."""
    stored = content_of(outcome)
    return Done(dict(stored["ids"]), str(stored["told"]), revision, repeated=True)


def refused(refusal: Refusal) -> Refused:
    """Return a refusal as an error for the edge."""
    facts: dict[str, object] = {"reason": refusal.reason, **refusal.facts}
    if refusal.rule:
        facts["rule"] = refusal.rule
    return Refused(refusal.code, refusal.reason, data=facts)

"""The one thread that writes: a bounded queue, group commit, acknowledgement after the commit only."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import structlog
from sqlalchemy import Table

from jru.clock import Clock
from jru.domain.codec import to_us
from jru.services.audit_ports import Accessed
from jru.services.ports import Append, Appended, Head, LogBusy, StoredEvent
from jru.store.batch import Accesses, Batch, Done, Failed, Heads, Job, Tip, Work
from jru.store.engines import WriteConnection
from jru.store.rows import stored_event
from jru.store.statements import Statements

QUEUE_LIMIT = 2_048
BATCH_LIMIT = 256
IDLE_S = 1.0

_log = structlog.get_logger(__name__)


class OutcomeUnknown(LogBusy):
    """The commit failed and nobody can tell yet whether it was kept: send the same key again."""


class Upkeep(Protocol):
    """What the writer thread does between batches."""

    def __call__(self, connection: WriteConnection, heads: Heads, *, idle: bool) -> None:
        """Look after files and old rows; `idle` says that nothing waits."""
        ...

    def finish(self, connection: WriteConnection, heads: Heads) -> None:
        """Do what is to be done before the writer stops."""
        ...


class _Ticket:
    """One caller's place in the queue."""

    __slots__ = ("_answered", "outcome", "work")

    def __init__(self, work: Work) -> None:
        self.work = work
        self.outcome: Done | Failed | None = None
        self._answered = threading.Lock()
        self._answered.acquire()

    def answer(self, outcome: Done | Failed) -> None:
        self.outcome = outcome
        self._answered.release()

    def wait(self) -> Any:
        self._answered.acquire()
        if isinstance(self.outcome, Done):
            return self.outcome.answer
        assert self.outcome is not None  # noqa: S101 - the lock opens with an outcome only
        raise self.outcome.error


class Writer:
    """Takes commands and other writes from any thread; `connect` gives the database, afresh after a failure."""

    def __init__(
        self,
        connect: Callable[[], WriteConnection],
        payload_tables: Mapping[str, Table],
        clock: Clock,
        read_tip: Callable[[WriteConnection, Statements], Tip],
        upkeep: Upkeep,
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._read_tip = read_tip
        self._upkeep = upkeep
        connection = connect()
        self.statements = Statements(connection.dialect, payload_tables)
        try:
            self._tip = read_tip(connection, self.statements)
        except BaseException:
            connection.close()
            raise
        self._connection: WriteConnection | None = connection
        self._committed = self._tip.heads
        self._listeners: tuple[Callable[[Sequence[StoredEvent]], None], ...] = ()
        self._queue: queue.SimpleQueue[_Ticket | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="jru-writer", daemon=True)
        self._thread.start()

    @property
    def head(self) -> Head:
        """Return the last committed event's place and hash."""
        return self._committed.log

    @property
    def heads(self) -> Heads:
        """Return where both chains end."""
        return self._committed

    def subscribe(self, listener: Callable[[Sequence[StoredEvent]], None]) -> None:
        """Call `listener` with the events of each commit, on the writer thread, before the callers go on."""
        self._listeners = (*self._listeners, listener)

    def append(self, command: Append) -> Appended:
        """Store a command durably; see `jru.services.ports.EventLog.append`."""
        answer: Appended = self._submit(command)
        return answer

    def note(self, entries: Sequence[Accessed]) -> None:
        """Store accesses durably, with whatever else is committed at that moment."""
        self._submit(Accesses(tuple(entries)))

    def run(self, job: Job) -> Any:
        """Run a write of another kind in the next transaction and return what it returns."""
        return self._submit(job)

    def close(self) -> None:
        """Take no more, finish what waits, and stop."""
        with self._door:
            if not self._closing:
                self._closing = True
                self._queue.put(None)
        self._thread.join()

    def _submit(self, work: Work) -> Any:
        if threading.current_thread() is self._thread:
            raise RuntimeError("a listener of the log must not write: the writer would wait for itself")
        ticket = _Ticket(work)
        with self._door:
            if self._closing:
                raise LogBusy("the log is closing; nothing was written")
            if self._queue.qsize() >= QUEUE_LIMIT:
                raise LogBusy(f"{QUEUE_LIMIT} commands wait already; nothing was written")
            self._queue.put(ticket)
        return ticket.wait()

    def _serve(self) -> None:
        while True:
            tickets, last = self._take()
            if tickets:
                self._settle(tickets)
            if last:
                break
            self._look_after(partial(self._upkeep, idle=not tickets))
        self._look_after(self._upkeep.finish)
        self._drop_connection()

    def _take(self) -> tuple[list[_Ticket], bool]:
        """Return what waits, at most a batch, and whether it is the last; waits a moment for the first."""
        tickets: list[_Ticket] = []
        try:
            ticket = self._queue.get(timeout=IDLE_S)
            while ticket is not None:
                tickets.append(ticket)
                if len(tickets) == BATCH_LIMIT:
                    return tickets, False
                ticket = self._queue.get_nowait()
        except queue.Empty:
            return tickets, False
        return tickets, True

    def _settle(self, tickets: Sequence[_Ticket]) -> None:
        """Commit a batch and answer everyone in it, whatever happens."""
        try:
            outcomes = self._commit([ticket.work for ticket in tickets])
        except Exception as error:  # noqa: BLE001 - every caller must get an answer
            _log.exception("the log cannot be written")
            self._drop_connection()
            # The words of the error may quote what was to be written.
            name = type(error).__name__
            refusal = LogBusy(f"the log cannot be written now ({name}); nothing was written")
            outcomes = [Failed(refusal)] * len(tickets)
        for ticket, outcome in zip(tickets, outcomes, strict=True):
            ticket.answer(outcome)

    def _commit(self, works: Sequence[Work]) -> Sequence[Done | Failed]:
        """Write a batch; raises when nothing was committed for certain."""
        connection = self._connection or self._reopen()
        recorded_at_us = max(to_us(self._clock.now()), _latest_us(self._tip.heads))
        batch = Batch(connection, self.statements, self._tip, recorded_at_us)
        connection.begin()
        outcomes = batch.run(works)
        try:
            connection.commit()
        except Exception:  # noqa: BLE001 - whatever failed, the outcome is looked up
            _log.exception("a commit failed; its outcome is looked up")
            return self._look_up(works, outcomes)
        self._tip.advance(batch.heads, batch.versions)
        self._committed = batch.heads
        if batch.events:
            self._publish(batch.events)
        return outcomes

    def _look_up(self, works: Sequence[Work], outcomes: Sequence[Done | Failed]) -> list[Done | Failed]:
        """Return what became of each command of a failed commit, from a new connection."""
        self._drop_connection()
        try:
            connection = self._reopen()
            return [self._look_up_one(connection, *pair) for pair in zip(works, outcomes, strict=True)]
        except Exception:  # noqa: BLE001 - every caller must get an answer
            _log.exception("the outcome of a commit is unknown")
            self._drop_connection()
            return [Failed(OutcomeUnknown("whether this was kept is unknown; send it again"))] * len(works)

    def _look_up_one(self, connection: WriteConnection, work: Work, outcome: Done | Failed) -> Done | Failed:
        if isinstance(outcome, Failed):
            return outcome
        if not isinstance(work, Append):
            return Failed(OutcomeUnknown("whether this was kept is unknown; send it again"))
        if connection.one(self.statements.command, (work.idem_key,)) is None:
            return Failed(LogBusy("the commit failed; nothing was written"))
        return outcome

    def _publish(self, events: Sequence[StoredEvent]) -> None:
        for listener in self._listeners:
            try:
                listener(events)
            except Exception:  # noqa: BLE001 - what was committed stays committed
                _log.exception("a listener of the log failed", seq=events[-1].seq)

    def _reopen(self) -> WriteConnection:
        connection = self._connect()
        try:
            self._tip = self._read_tip(connection, self.statements)
        except Exception:
            connection.close()
            raise
        missed = connection.all(self.statements.events_after, (self._committed.log.seq,))
        self._connection, self._committed = connection, self._tip.heads
        if missed:
            self._publish([stored_event(row) for row in missed])
        return connection

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception:  # noqa: BLE001 - it is given up anyway
                _log.exception("a broken connection could not be closed")

    def _look_after(self, duty: Callable[[WriteConnection, Heads], None]) -> None:
        if self._connection is None:
            return
        try:
            duty(self._connection, self._committed)
        except Exception:  # noqa: BLE001 - commands come first
            _log.exception("the upkeep of the log failed")
            self._drop_connection()


def _latest_us(heads: Heads) -> int:
    return max(heads.log.recorded_at_us, heads.access.recorded_at_us)

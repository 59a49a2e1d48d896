"""Durable commands a second through the use cases, beside a bare loop that keeps the same bytes.

Each caller is a crew with its rooms: a report comes in, is offered, accepted, driven to, noted, coded and closed,
each step a durable command. What they wrote is then appended again through the store alone, and by the bare loop, by as
many callers, each sending its next command when the last is answered.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from benchmarks.bare_loop import BareLoop, rows_of
from benchmarks.figures import Figure, median, rounded, spread
from benchmarks.stage import AMBULANCE, GRADES, POLICE, ROOMS, Stage, crew_of, first_report, stage
from jru.bootstrap import PAYLOAD_STORES
from jru.clock import SystemClock, SystemRandom
from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label
from jru.services.ports import Append, Appended, EventLog
from jru.store.opening import open_store

LIMIT = 0.5
JOBS_A_DUTY = 6
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """Commands a second, and the processor time of all threads for one."""

    per_s: float
    processor_us: float


@dataclass(frozen=True, slots=True)
class Done:
    """What the callers sent; the first `begun` commands of each came before the measurement."""

    begun: int
    of_callers: list[list[Append]]

    @property
    def events(self) -> float:
        """Return the events of one command on average."""
        sent = [command for mine in self.of_callers for command in mine[self.begun :]]
        return sum(len(command.events) for command in sent) / len(sent)


class Kept:
    """The log, and a list of what each caller gave it."""

    def __init__(self, log: EventLog) -> None:
        self._append = log.append
        self._mine = threading.local()
        self.of_callers: list[list[Append]] = []

    def begin(self) -> list[Append]:
        """Start the list of the calling thread, and return it."""
        mine: list[Append] = []
        self._mine.commands = mine
        self.of_callers.append(mine)
        return mine

    def append(self, command: Append) -> Appended:
        """Append, and remember what."""
        appended = self._append(command)
        self._mine.commands.append(command)
        return appended


def jobs(ready: Stage, caller: int) -> Iterator[None]:
    """Do one command after the other, job by job, for ever."""
    chance = random.Random(caller)
    unit_id = ready.book_on(caller)
    yield
    for number in count():
        agency = (Agency.POLICE, Agency.AMBULANCE)[(caller + number) % 2]
        yield from _job(ready, chance, agency, unit_id, f"{caller}-{number:06d}")
        if number % JOBS_A_DUTY == JOBS_A_DUTY - 1:
            ready.send(crew_of(unit_id), cmd.BookOff(unit_id=unit_id))
            yield
            unit_id = ready.book_on(caller)
            yield


def _job(
    ready: Stage, chance: random.Random, agency: Agency, unit_id: str, foreign_id: str
) -> Iterator[None]:
    send, crew, room = ready.send, crew_of(unit_id), ROOMS[agency]

    first = first_report(agency, foreign_id, chance)

    def later(version: int, kind: str) -> cmd.ReceiveReport:
        changed = {"grade": GRADES[agency][0], "message_version": version, "kind": kind}
        return replace(first, **changed, place=None, remarks="")

    incident = str(send(room, first).outcome["incident_id"])
    yield
    for note in ("two people, one holding his hand", "shop has closed its door"):
        send(room, cmd.RecordNote(incident_id=incident, text=note, label=Label.OPERATIONAL))
        yield
    offer = str(send(POLICE, cmd.OfferUnit(unit_id=unit_id, incident_id=incident)).outcome["offer_id"])
    yield
    send(crew, cmd.AnswerOffer(unit_id=unit_id, offer_id=offer, accept=True))
    yield
    send(crew, cmd.SetStatus(unit_id=unit_id, status="mobile"))
    yield
    send(room, later(2, "update"))
    yield
    for status in ("scene", "patient"):
        send(crew, cmd.SetStatus(unit_id=unit_id, status=status))
        yield
    send(
        AMBULANCE,
        cmd.RecordNote(incident_id=incident, text="cut to the hand, walks", label=Label.OPERATIONAL),
    )
    yield
    outcome = cmd.RecordOutcome(
        incident_id=incident,
        need="dual",
        ended="attended",
        risk_arrival="tense",
        risk_leaving="calm",
        contexts=(cmd.ContextSeen("alcohol", "seen"),),
    )
    send(crew, outcome)
    yield
    send(crew, cmd.SetStatus(unit_id=unit_id, status="available"))
    yield
    send(room, later(3, "close"))
    yield


def through_services(callers: int, seconds: float) -> tuple[Measured, Done]:
    """Measure the use cases on a new database."""
    with stage(callers, on_duty=False) as ready:
        recorder = ready.system.services.ground.recorder
        kept = Kept(recorder._log)
        recorder._log = kept  # type: ignore[assignment]
        counts, begun = [0] * callers, [0] * callers
        start = threading.Barrier(callers + 1)

        def call(caller: int) -> None:
            mine = kept.begin()
            steps = jobs(ready, caller)
            next(steps)
            begun[caller] = len(mine)
            start.wait()
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                next(steps)
                counts[caller] += 1

        measured = _all_at_once(callers, call, start, lambda: sum(counts))
        return measured, Done(max(begun), kept.of_callers)


def through_store(done: Done) -> Measured:
    """Append what was decided again, through the store alone."""
    with TemporaryDirectory(prefix="jru-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'jru.sqlite'}"
        store = open_store(url, Path(folder), SystemClock(), SystemRandom(), PAYLOAD_STORES)
        try:
            return _again(done.of_callers, done.begun, store.log.append)
        finally:
            store.close()


def through_bare_loop(done: Done) -> Measured:
    """Append the same rows again, by the bare loop."""
    rows = [list(map(rows_of, mine)) for mine in done.of_callers]
    with TemporaryDirectory(prefix="jru-bench-") as folder:
        bare = BareLoop(Path(folder))
        try:
            return _again(rows, done.begun, bare.append)
        finally:
            bare.close()


def _again(of_callers: list[list[T]], begun: int, append: Callable[[T], object]) -> Measured:
    """Let as many callers append what each had; what came before the measurement is not measured."""
    start = threading.Barrier(len(of_callers) + 1)

    def call(caller: int) -> None:
        for one in of_callers[caller][:begun]:
            append(one)
        start.wait()
        for one in of_callers[caller][begun:]:
            append(one)

    return _all_at_once(len(of_callers), call, start, lambda: sum(len(mine) - begun for mine in of_callers))


def _all_at_once(
    callers: int, call: Callable[[int], None], start: threading.Barrier, total: Callable[[], int]
) -> Measured:
    """Run the callers, from the moment that all are ready until the last is done."""
    with ThreadPoolExecutor(callers) as pool:
        running = [pool.submit(call, caller) for caller in range(callers)]
        start.wait()
        begun, worked = time.perf_counter(), time.process_time()
        for one in running:
            one.result()
        took_s, worked_s = time.perf_counter() - begun, time.process_time() - worked
    return Measured(total() / took_s, worked_s / total() * 1e6)


def measure(*, short: bool) -> Iterator[Figure]:
    """Measure at 8 and 32 callers, all ways in turns, so that a busy machine troubles all alike."""
    for callers in (2,) if short else (8, 32):
        rounds, seconds = (1, 0.2) if short else (3, 4.0)
        runs = []
        for _ in range(rounds):
            services, done = through_services(callers, seconds)
            runs.append((services, through_store(done), through_bare_loop(done), done.events))
        yield _figure(callers, runs)


def _figure(callers: int, runs: list[tuple[Measured, Measured, Measured, float]]) -> Figure:
    ratios = [services.per_s / bare.per_s for services, _store, bare, _events in runs]
    store_ratios = [store.per_s / bare.per_s for _services, store, bare, _events in runs]
    ours, stored, bare = ([run[place] for run in runs] for place in range(3))
    return Figure(
        claim=f"durable_commands_{callers}_callers",
        value=median(ratios),
        unit="of the bare loop",
        limit=LIMIT,
        at_least=True,
        peer={"name": "bare SQLite loop, same bytes", **_told(bare)},
        more={
            **_told(ours),
            "ratio_range": spread(ratios),
            "store_alone": {**_told(stored), "ratio": rounded(median(store_ratios))},
            "callers": callers,
            "events_per_command": rounded(median([run[3] for run in runs])),
        },
    )


def _told(measured: list[Measured]) -> dict[str, object]:
    rates = [one.per_s for one in measured]
    return {
        "per_s": rounded(median(rates)),
        "range": spread(rates),
        "processor_us": rounded(median([one.processor_us for one in measured])),
    }

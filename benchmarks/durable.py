"""Durable commands a second through the use cases, beside a bare loop that keeps the same bytes.

Each caller is a crew with its rooms: a report comes in, is offered, accepted, driven to, noted, coded and closed,
each step a durable command. What they wrote is then appended again by the bare loop, by as many callers, each
sending its next command when the last is answered.
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

from benchmarks.bare_loop import BareLoop, Rows, rows_of
from benchmarks.figures import Figure, median, rounded, spread
from benchmarks.stage import AMBULANCE, GRADES, POLICE, ROOMS, Stage, crew_of, first_report, stage
from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label
from jru.services.ports import Append, Appended, EventLog

LIMIT = 0.5
JOBS_A_DUTY = 6


@dataclass(frozen=True, slots=True)
class Measured:
    """Commands a second, processor time of all threads for one, and what one wrote on average."""

    per_s: float
    processor_us: float
    events: float = 0.0
    rows: tuple[tuple[Rows, ...], ...] = ()


class Kept:
    """The log, and a list of what each caller gave it."""

    def __init__(self, log: EventLog) -> None:
        self._append = log.append
        self._mine = threading.local()
        self.of_callers: list[list[Append]] = []

    def begin(self) -> None:
        """Start the list of the calling thread."""
        self._mine.commands = []
        self.of_callers.append(self._mine.commands)

    def append(self, command: Append) -> Appended:
        """Append, and remember what."""
        appended = self._append(command)
        self._mine.commands.append(command)
        return appended


def jobs(ready: Stage, caller: int) -> Iterator[None]:
    """Do one command after the other, job by job, for ever."""
    chance = random.Random(caller)
    unit_id = ready.units[caller]
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


def through_services(callers: int, seconds: float) -> Measured:
    """Measure the use cases on a new database."""
    with stage(callers) as ready:
        recorder = ready.system.services.ground.recorder
        kept = Kept(recorder._log)
        recorder._log = kept  # type: ignore[assignment]
        counts = [0] * callers
        start = threading.Barrier(callers + 1)

        def call(caller: int) -> None:
            kept.begin()
            steps = jobs(ready, caller)
            start.wait()
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                next(steps)
                counts[caller] += 1

        took_s, worked_s = _all_at_once(callers, call, start)
        done = [command for mine in kept.of_callers for command in mine]
        rows = tuple(tuple(map(rows_of, mine)) for mine in kept.of_callers)
        total = sum(counts)
        return Measured(
            total / took_s, worked_s / total * 1e6, sum(len(c.events) for c in done) / len(done), rows
        )


def through_bare_loop(rows: tuple[tuple[Rows, ...], ...]) -> Measured:
    """Append the same rows again, from as many callers."""
    with TemporaryDirectory(prefix="jru-bench-") as folder:
        bare = BareLoop(Path(folder))
        start = threading.Barrier(len(rows) + 1)

        def call(caller: int) -> None:
            start.wait()
            for one in rows[caller]:
                bare.append(one)

        took_s, worked_s = _all_at_once(len(rows), call, start)
        bare.close()
        total = sum(map(len, rows))
        return Measured(total / took_s, worked_s / total * 1e6)


def _all_at_once(callers: int, call: Callable[[int], None], start: threading.Barrier) -> tuple[float, float]:
    """Run the callers; return how long they took and how long the processors worked, in seconds."""
    with ThreadPoolExecutor(callers) as pool:
        running = [pool.submit(call, caller) for caller in range(callers)]
        start.wait()
        begun, worked = time.perf_counter(), time.process_time()
        for one in running:
            one.result()
        return time.perf_counter() - begun, time.process_time() - worked


def measure(*, short: bool) -> Iterator[Figure]:
    """Measure at 8 and 32 callers, both ways in turns, so that a busy machine troubles both alike."""
    for callers in (2,) if short else (8, 32):
        rounds, seconds = (1, 0.2) if short else (3, 4.0)
        pairs = []
        for _ in range(rounds):
            services = through_services(callers, seconds)
            pairs.append((services, through_bare_loop(services.rows)))
        ours, bare = [p[0].per_s for p in pairs], [p[1].per_s for p in pairs]
        ratios = [one / other for one, other in zip(ours, bare, strict=True)]
        yield Figure(
            claim=f"durable_commands_{callers}_callers",
            value=median(ratios),
            unit="of the bare loop",
            limit=LIMIT,
            at_least=True,
            peer={
                "name": "bare SQLite loop, same bytes",
                "per_s": rounded(median(bare)),
                "range": spread(bare),
                "processor_us": rounded(median([p[1].processor_us for p in pairs])),
            },
            more={
                "per_s": rounded(median(ours)),
                "range": spread(ours),
                "ratio_range": spread(ratios),
                "processor_us": rounded(median([p[0].processor_us for p in pairs])),
                "callers": callers,
                "events_per_command": rounded(median([p[0].events for p in pairs])),
            },
        )

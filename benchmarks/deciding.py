"""How long a decision takes: a recommendation over 200 units, and what follows from a report among 500 incidents.

Both through the use cases, without the write: the graph of the roads is loaded, the board is in memory.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator

from benchmarks.figures import Figure, median, quantile, rounded, spread
from benchmarks.stage import POLICE, ROOMS, Stage, anywhere, crew_of, fill, first_report, stage
from jru.domain import commands as cmd
from jru.domain.agency import Agency
from jru.domain.deciding import Setting
from jru.domain.refusal import Refusal
from jru.domain.reporting import open_incident, told_by_report

RECOMMEND_LIMIT_MS = 20.0
REPORT_LIMIT_MS = 10.0


def recommending(units: int, incidents: int, calls: int, rounds: int) -> Figure:
    """Measure a recommendation with this many units on duty, each with a position of its own."""
    with stage(units) as ready:
        ids = fill(ready, incidents)
        chance = random.Random(2)
        for unit_id in ready.units:
            where = anywhere(chance)
            assert where.lon is not None
            assert where.lat is not None
            fix = cmd.ReportPosition(unit_id=unit_id, lon=where.lon, lat=where.lat, accuracy_m=8.0)
            ready.send(crew_of(unit_id), fix)
        services = ready.system.services

        def recommend(number: int) -> None:
            row = services.recommendation(POLICE, ids[number % len(ids)])
            assert len(row["units"]) == units

        return _figure(
            "recommend",
            recommend,
            calls,
            rounds,
            RECOMMEND_LIMIT_MS,
            units_on_duty=units,
            incidents=incidents,
        )


def taking_in(incidents: int, calls: int, rounds: int) -> Figure:
    """Measure candidate rule, suitability and matching of a new report against this many open incidents."""
    with stage(2) as ready:
        fill(ready, incidents)
        chance = random.Random(3)
        ground = ready.system.services.ground
        new = [_opened(ready, chance, number) for number in range(min(calls, 200))]

        def follow(number: int) -> None:
            setting, emitted = new[number % len(new)]
            assert len(ground.consequences.of(setting, emitted)) > len(emitted)

        return _figure(
            "suitability_and_matching", follow, calls, rounds, REPORT_LIMIT_MS, incidents=incidents
        )


def _opened(ready: Stage, chance: random.Random, number: int) -> tuple[Setting, list]:  # type: ignore[type-arg]
    """Return what a new report opens, before anything follows from it."""
    agency = (Agency.POLICE, Agency.AMBULANCE)[number % 2]
    ground, viewer = ready.system.services.ground, ROOMS[agency]
    now = ready.clock.now()
    setting = Setting(viewer.by, now, ground.board.scheme.at(now))
    command = first_report(agency, f"NEW-{number}", chance)
    told = told_by_report(command, agency, setting.blueprint, ground.place(command.place))
    incident_id = ground.recorder.new_id("inc")
    opened = open_incident(setting, incident_id, str(number), told, now, stub=False)
    assert not isinstance(opened, Refusal)
    return setting, opened


def _figure(
    claim: str, call: Callable[[int], None], calls: int, rounds: int, limit_ms: float, **more: object
) -> Figure:
    for number in range(min(calls, 20)):
        call(number)
    tails_ms, middles_ms, own_tails_ms = [], [], []
    for _ in range(rounds):
        gc.collect()
        took_ms = [_took_ms(call, number) for number in range(calls)]
        tails_ms.append(quantile([wall for wall, _own in took_ms], 0.99))
        own_tails_ms.append(quantile([own for _wall, own in took_ms], 0.99))
        middles_ms.append(median([wall for wall, _own in took_ms]))
    more.update(range=spread(tails_ms), median=rounded(median(middles_ms)), calls=calls)
    return Figure(
        claim=f"{claim}_p99",
        value=median(tails_ms),
        unit="ms",
        limit=limit_ms,
        more={**more, "processor_p99": rounded(median(own_tails_ms))},
    )


def _took_ms(call: Callable[[int], None], number: int) -> tuple[float, float]:
    """Return how long a call took, and how much of that the processor worked for it."""
    start, start_own = time.perf_counter(), time.thread_time()
    call(number)
    return (time.perf_counter() - start) * 1000, (time.thread_time() - start_own) * 1000


def measure(*, short: bool) -> Iterator[Figure]:
    """Measure both."""
    if short:
        yield recommending(3, 2, 5, 1)
        yield taking_in(4, 5, 1)
        return
    yield recommending(200, 50, 300, 3)
    yield taking_in(500, 300, 3)

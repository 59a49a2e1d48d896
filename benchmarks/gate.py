"""What the gate costs: 1,000 records of 30 fields projected for a viewer, and on record who was shown what.

A third of the fields are about persons. The time holds projection, finding what is personal, and the rows of the
access log, durable on SQLite before the answer would leave.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import make_dataclass
from typing import Any

from benchmarks.figures import Figure, median, spread
from benchmarks.stage import POLICE, stage
from jru.domain.agency import Agency, Label
from jru.services.access import Gate, Owned, Relation, label
from jru.services.personal import Personal, personal_fields

LIMIT_MS = 30.0
FIELDS = 30
BOTH = frozenset(Agency)
_PERSONAL = (Label.IDENTITY, Label.STAFF, Label.POLICE_EVIDENCE, Label.CLINICAL)
_LABELS = tuple(
    _PERSONAL[n // 3 % len(_PERSONAL)] if n % 3 == 0 else (Label.OPERATIONAL, Label.SAFETY)[n % 2]
    for n in range(FIELDS)
)


def record_class() -> type[Any]:
    """Return a record class of 30 labelled fields."""
    named = [(f"field_{n}", object, label(wanted)) for n, wanted in enumerate(_LABELS)]
    return make_dataclass("WideRecord", [("relation", Relation), *named], frozen=True, slots=True)


def records(made: type[Any], count: int) -> list[Any]:
    """Return records whose personal values are owned, by each service in turn."""
    agencies = tuple(Agency)
    return [
        made(
            Relation(BOTH),
            *(
                Owned(agencies[(one + n) % 2], f"value {n}") if wanted.is_personal else f"value {n}"
                for n, wanted in enumerate(_LABELS)
            ),
        )
        for one in range(count)
    ]


def measure(*, short: bool) -> Iterator[Figure]:
    """Measure the median of many answers."""
    count, rounds = (20, 3) if short else (1_000, 60)
    made = record_class()
    gate, rows = Gate([made]), records(made, count)
    with stage(1, on_duty=False) as ready:
        auditing = ready.system.services.ground.auditing
        before, times_ms = auditing.rows, []
        for _ in range(rounds):
            begun = time.perf_counter()
            shown: list[Personal] = []
            for number, record in enumerate(rows):
                row = gate.project(POLICE, record, POLICE.purpose)
                assert row is not None, "a room sees the records of both services"
                shown += personal_fields(POLICE, f"inc_{number}", record, row)
            if not auditing.consulted(POLICE, shown):
                raise SystemExit("the access log could not be written")
            times_ms.append((time.perf_counter() - begun) * 1000)
        written = auditing.rows - before
    yield Figure(
        "project_and_audit",
        median(times_ms),
        "ms",
        LIMIT_MS,
        more={
            "records": count,
            "fields": FIELDS,
            "answers": rounds,
            "access_rows": written,
            "range": spread(times_ms),
        },
    )

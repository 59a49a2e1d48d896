"""The simulated rooms report the end of a job as a real one's system would, soon after the last one has left."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import date, time
from typing import Any

import pytest

from jru.bootstrap import DATABASE_FILE
from jru.config import Settings
from jru.demo.show import Programme, Show

Told = list[tuple[str, int, dict[str, Any]]]
LATEST_MIN = 15.0


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """The operational events of each incident of one night: kind, time and fields."""
    directory = tmp_path_factory.mktemp("night")
    show = Show(Programme(date(2019, 8, 16), 7, time(18), time(2), 0.0, None), Settings(data=directory))
    show.play()
    show.close()
    query = "SELECT stream, kind, at_us, data FROM event WHERE stream LIKE 'inc_%/op' ORDER BY seq"
    found: dict[str, Told] = defaultdict(list)
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as database:
        for stream, kind, at_us, data in database.execute(query):
            found[stream].append((kind, at_us, json.loads(data)))
    return found


def last_left_us(told: Told) -> int | None:
    """Return when the last vehicle left, or None when none came."""
    left = [
        at_us
        for kind, at_us, fields in told
        if kind == "UnitReleased"
        or (kind == "ResourceReported" and fields["status"] in ("left", "stood_down"))
    ]
    return max(left, default=None)


def joined(night: dict[str, Told]) -> dict[str, Told]:
    """Return joined incidents as one each: they end together, when the last vehicle of any of them has left."""
    found = dict(night)
    for stream, told in night.items():
        for kind, _, fields in told:
            other = f"{fields.get('merged_id')}/op"
            if kind == "IncidentsMerged" and other in found and other != stream and stream in found:
                found[stream] = [*found[stream], *found.pop(other)]
    return found


@pytest.mark.slow
def test_a_log_is_closed_soon_after_the_last_one_has_left(night: dict[str, Told]) -> None:
    lags = {
        stream: (end[0] - left) / 60e6
        for stream, told in joined(night).items()
        if (end := [at_us for kind, at_us, _ in told if kind == "IncidentClosed"])
        and (left := last_left_us(told)) is not None
    }
    assert len(lags) > 50
    assert {stream: lag for stream, lag in lags.items() if lag > LATEST_MIN} == {}


@pytest.mark.slow
def test_every_job_of_a_joint_unit_ends_with_its_hours(night: dict[str, Told]) -> None:
    jobs = [told for told in night.values() if any(kind == "UnitCommitted" for kind, _, _ in told)]
    assert len(jobs) >= 5
    for told in jobs:
        (ended,) = [fields for kind, _, fields in told if kind == "IncidentClosed"]
        assert ended["police_s"] > 0
        assert ended["ambulance_s"] > 0

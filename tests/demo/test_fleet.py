"""Single-service vehicles are handed out to the most urgent call, nearest first, and a reserve is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from jru.clock import SeededRandom
from jru.demo.areas import load_demand
from jru.demo.demand import Demand
from jru.demo.driving import Driving
from jru.demo.fleet import RAISED_AFTER, Fleet, Job, Vehicle
from jru.demo.happening import Happening
from jru.domain.agency import Agency
from jru.domain.blueprint_parsing import parse_blueprint
from jru.geo.nomap import NoMapRouter

NOW = datetime(2019, 8, 16, 21, tzinfo=UTC)
CHATHAM, FAVERSHAM = (0.52862, 51.38652), (0.88411, 51.31835)


@pytest.fixture(scope="module")
def happening() -> Happening:
    blueprint = parse_blueprint(
        (files("jru") / "blueprints/north_kent/blueprint.toml").read_text(encoding="utf-8")
    )
    night = Demand(blueprint, load_demand()).draw(NOW, NOW + timedelta(hours=1), SeededRandom(1))
    return next(h for h in night if h.place.district == "medway")


def _job(happening: Happening, name: str, urgency: int, since: datetime = NOW) -> Job:
    return Job(Agency.POLICE, name, None, happening, happening.place, urgency, since, "own", "2")


def _fleet(*places: tuple[float, float]) -> Fleet:
    vehicles = [Vehicle(f"P{201 + i}", "patrol", place) for i, place in enumerate(places)]
    return Fleet(vehicles, Driving(NoMapRouter()))


def test_the_nearest_free_vehicle_goes(happening: Happening) -> None:
    fleet = _fleet(FAVERSHAM, CHATHAM)
    job = _job(happening, "inc_1", 1)
    fleet.ask(job, NOW)
    assert job.vehicle is fleet.vehicles[1]
    assert not fleet.vehicles[1].free


def test_a_call_that_can_wait_leaves_a_reserve(happening: Happening) -> None:
    fleet = _fleet(CHATHAM)
    job, urgent = _job(happening, "inc_1", 3), _job(happening, "inc_2", 2)
    fleet.ask(job, NOW)
    assert job.vehicle is None
    fleet.ask(urgent, NOW)
    assert urgent.vehicle is not None


def test_a_call_that_waited_too_long_is_raised_and_goes_next(happening: Happening) -> None:
    fleet = _fleet(CHATHAM)
    first = _job(happening, "inc_1", 1)
    fleet.ask(first, NOW)
    old, new = _job(happening, "inc_2", 3), _job(happening, "inc_3", 2, NOW + timedelta(minutes=50))
    fleet.ask(old, NOW)
    later = NOW + RAISED_AFTER + timedelta(minutes=6)
    fleet.ask(new, later)
    assert first.vehicle is not None
    fleet.release(first.vehicle, CHATHAM, later)
    assert old.vehicle is not None
    assert new.vehicle is None


def test_nothing_that_waited_goes_before_a_life(happening: Happening) -> None:
    fleet = _fleet(CHATHAM)
    first = _job(happening, "inc_1", 1)
    fleet.ask(first, NOW)
    later = NOW + RAISED_AFTER + timedelta(minutes=30)
    old, life = _job(happening, "inc_2", 2), _job(happening, "inc_3", 1, later)
    fleet.ask(old, NOW)
    fleet.ask(life, later)
    assert first.vehicle is not None
    fleet.release(first.vehicle, CHATHAM, later)
    assert life.vehicle is not None
    assert old.vehicle is None


def test_a_dropped_job_gets_no_vehicle(happening: Happening) -> None:
    fleet = _fleet(CHATHAM)
    first, second = _job(happening, "inc_1", 1), _job(happening, "inc_2", 1)
    fleet.ask(first, NOW)
    fleet.ask(second, NOW)
    fleet.drop(second)
    assert first.vehicle is not None
    fleet.release(first.vehicle, CHATHAM, NOW)
    assert second.vehicle is None
    assert fleet.vehicles[0].free

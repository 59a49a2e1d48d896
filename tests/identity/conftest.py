"""A place for each test that moves its clock or spoils it, and one that lasts for a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jru.bootstrap import build
from jru.clock import SeededRandom, SystemClock, VirtualClock
from jru.config import Settings
from jru.web.server import serving
from tests.identity.false_directory import FalseDirectory, false_directory
from tests.identity.place import START, Place, opened
from tests.identity.schemes import scheme_with


@contextmanager
def opened_place(directory: Path) -> Iterator[Place]:
    """Serve the product outside demo mode, on SQLite, behind a real socket."""
    clock = VirtualClock(START)
    system = opened(directory, clock)
    try:
        with serving(system.app) as url:
            place = Place(system, url, clock)
            yield place
            place.close()
    finally:
        system.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A new product with nobody in it."""
    with opened_place(tmp_path) as place:
        yield place


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A product for tests that leave others alone."""
    with opened_place(tmp_path_factory.mktemp("lasting")) as place:
        yield place


@contextmanager
def misled_place(directory: Path, **keys: str) -> Iterator[tuple[Place, FalseDirectory]]:
    """Serve the product with a false directory of the police, at today's time, by which tokens are judged."""
    clock = VirtualClock(SystemClock().now())
    with false_directory() as false:
        system = build(
            Settings(data=directory),
            clock=clock,
            random=SeededRandom("misled"),
            blueprint_text=scheme_with(false.issuer, **keys),
        )
        try:
            with serving(system.app) as url:
                place = Place(system, url, clock)
                yield place, false
                place.close()
        finally:
            system.close()


@pytest.fixture
def misled(tmp_path: Path) -> Iterator[tuple[Place, FalseDirectory]]:
    """A new product whose police directory is false."""
    with misled_place(tmp_path) as both:
        yield both


@pytest.fixture(scope="module")
def lasting_misled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, FalseDirectory]]:
    """The same for tests that leave others alone."""
    with misled_place(tmp_path_factory.mktemp("misled")) as both:
        yield both

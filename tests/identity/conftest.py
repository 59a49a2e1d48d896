"""A place for each test that moves its clock or spoils it, and one that lasts for a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jru.clock import VirtualClock
from jru.web.server import serving
from tests.identity.place import START, Place, opened


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

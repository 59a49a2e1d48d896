"""The served product with a push service beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jru.clock import VirtualClock
from jru.web.server import serving
from tests.identity.place import START, Place, opened
from tests.push.service import PushServer, push_server


@contextmanager
def pushing_place(directory: Path) -> Iterator[Place]:
    """Serve the product with push services on loopback."""
    clock = VirtualClock(START)
    system = opened(directory, clock, push_hosts=("127.0.0.1",))
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
    with pushing_place(tmp_path) as place:
        yield place


@pytest.fixture
def service() -> Iterator[PushServer]:
    """A push service."""
    with push_server() as held:
        yield held

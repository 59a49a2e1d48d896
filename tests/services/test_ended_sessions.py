"""A secret that is ended is nobody's, whoever looks it up at that very moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from jru.domain.agency import Agency, Role
from jru.services.ports import AccessToken
from jru.services.sessions import Sessions
from jru.services.testing import MemoryTokens
from tests.services.world import World

TOO_LONG_S = 0.3
"""So long a look-up is held up: who ends the secret in the meantime is through, unless it has to wait its turn."""


class Watched(MemoryTokens):
    """Tokens that do something between being read and being answered."""

    meanwhile: Callable[[], object] | None = None

    def get(self, token_hash: bytes) -> AccessToken | None:
        found = super().get(token_hash)
        todo, self.meanwhile = self.meanwhile, None
        if todo:
            todo()
        return found


class Clock:
    """The world's clock, which does something when it is asked."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.meanwhile: Callable[[], object] | None = None

    def now(self) -> datetime:
        todo, self.meanwhile = self.meanwhile, None
        if todo:
            todo()
        return self._world.clock.now()


def opened() -> tuple[Sessions, Watched, Clock, str]:
    world = World()
    tokens, clock = Watched(), Clock(world)
    ground = replace(world.ground, tokens=tokens, clock=clock)  # type: ignore[arg-type]
    sessions = Sessions(ground, demo=False)
    secret = sessions.issue("token:room", Agency.POLICE, Role.POLICE_DISPATCHER, None, timedelta(hours=1))
    return sessions, tokens, clock, secret


def test_a_look_at_a_known_secret_does_not_bring_it_back() -> None:
    sessions, _, clock, secret = opened()
    assert sessions.viewer_for(secret)
    clock.meanwhile = lambda: sessions.end(secret)
    sessions.viewer_for(secret)
    assert clock.meanwhile is None
    assert sessions.viewer_for(secret) is None


def test_a_first_look_at_a_secret_does_not_bring_it_back() -> None:
    sessions, tokens, _, secret = opened()
    ending = threading.Thread(target=sessions.end, args=(secret,))

    def end_meanwhile() -> None:
        ending.start()
        ending.join(TOO_LONG_S)

    tokens.meanwhile = end_meanwhile
    sessions.viewer_for(secret)
    ending.join()
    assert sessions.viewer_for(secret) is None

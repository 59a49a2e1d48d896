"""Who has what open: by desk, for rooms, and nothing of what a viewer may not know of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest

from jru.config import Settings
from jru.domain.agency import Agency, Role
from jru.web.app import create_app
from jru.web.hub import Rhythm
from jru.web.ports import Viewer
from jru.web.presence import STALE_S, Presence
from jru.web.server import serving
from tests.web.listening import Stream, listening
from tests.web.memory import AMBULANCE, POLICE, MemorySystem

SECOND = Viewer("disp-q", "Dispatcher Example Three", Agency.POLICE, Role.POLICE_DISPATCHER, None)
QUICK = Rhythm(coalesce_s=0.02, check_s=0.1, heartbeat_s=0.3, life_s=600)
_keys = count(1)


@pytest.fixture
def system() -> MemorySystem:
    system = MemorySystem()
    system.secrets["police2"] = SECOND
    return system


@pytest.fixture
def url(system: MemorySystem, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = create_app(system, Settings(), static=tmp_path_factory.mktemp("none"), rhythm=QUICK)
    with serving(app) as url:
        yield url


def say(url: str, who: str, incident_id: str | None, field: str | None = None) -> httpx.Response:
    """Let a desk say where it is."""
    headers = {"authorization": f"Bearer {who}", "idempotency-key": f"p{next(_keys)}"}
    body = {"incident_id": incident_id, "field": field}
    return httpx.post(f"{url}/api/v1/presence", json=body, headers=headers)


def told(stream: Stream) -> list[dict[str, Any]]:
    """Return the desks of the next frame that tells of them."""
    while (heard := stream.next("heartbeat")).event != "presence":
        pass
    assert heard.cursor is None
    desks: list[dict[str, Any]] = heard.content["desks"]
    return desks


def test_desks_see_each_other_and_the_other_room_only_where_it_may(system: MemorySystem, url: str) -> None:
    system.touch("inc_hidden", owner="police")
    system.touch("inc_shared", owner="police", shared=True)
    with listening(url, "ambulance") as other, listening(url, "police") as one:
        with listening(url, "police2") as two:
            two.next()
            hidden = say(url, "police2", "inc_hidden", "place")
            assert (hidden.status_code, hidden.json()) == (200, {"desk": 2})
            there = {"agency": "police", "desk": 2, "incident_id": "inc_hidden", "field": "place"}
            assert told(one) == [there]
            assert say(url, "police", "inc_shared").json() == {"desk": 1}
            here = {"agency": "police", "desk": 1, "incident_id": "inc_shared", "field": None}
            assert told(one) == [here, there]
            # The first that the other room hears is of what it sees: nothing came before.
            assert told(other) == [here]
            assert say(url, "ambulance", "inc_hidden").status_code == 404
            with listening(url, "police") as late:
                assert told(late) == [here, there]
        assert told(one) == [here]


def test_only_desks_say_where_they_are_and_not_too_often(system: MemorySystem, url: str) -> None:
    system.touch("inc_a", owner="police")
    assert say(url, "crew", "inc_a").status_code == 403
    assert say(url, "police", "inc_a").json() == {"desk": None}
    assert say(url, "police", "inc_a", "remarks").status_code == 422


def test_a_desk_that_says_nothing_for_a_while_is_not_there() -> None:
    presence = Presence()
    presence.sit("a", POLICE)
    presence.sit("b", AMBULANCE)
    assert presence.say("a", "inc_1", "grade", 100.0) == 1
    assert presence.say("b", "inc_2", None, 100.0) == 1
    with pytest.raises(Exception, match="too often"):
        presence.say("a", "inc_1", None, 100.01)
    assert presence.open_ids == {"inc_1", "inc_2"}
    assert [row["field"] for row in presence.rows(lambda one: one, 100.0)] == [None, "grade"]
    assert presence.rows({"inc_2": "inc_joined"}.get, 100.0) == [
        {"agency": "ambulance", "desk": 1, "incident_id": "inc_joined", "field": None}
    ]
    assert presence.rows(lambda one: one, 100.0 + STALE_S) == []
    presence.keep(["b"])
    assert presence.say("a", "inc_1", None, 200.0) is None

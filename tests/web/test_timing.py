"""How long "there is no such record" takes tells nothing of what there is.

Hidden and absent ids are asked for in turn over one connection, in an order drawn anew for each round, so that
whatever else the machine does falls on both alike; medians are compared.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import httpx
import pytest

from jru.clock import VirtualClock
from jru.domain.agency import Agency, Role
from jru.web.server import serving
from tests.web.product import Caller, opened

MOST_SHARE = 0.05
MOST_S = 0.0005
ABSENT = "inc_00000000-0000-7000-8000-000000000000"
LINES = 60


@dataclass
class Served:
    """Somebody who may not know of the two incidents."""

    caller: Caller
    hidden: dict[str, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve one hidden incident that is open and one that closed so long ago that it lies in the log only."""
    system = opened(tmp_path_factory.mktemp("timing"))
    clock = system.clock
    assert isinstance(clock, VirtualClock)
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        police = Caller(client, system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE))
        caller = Caller(client, system.issue_token(Role.AMBULANCE_DISPATCHER, Agency.AMBULANCE))
        place = {"text": "High Street", "lon": 0.5481, "lat": 51.3855}
        hidden = {}
        for name in ("forgotten", "open"):
            one = police.did("/incidents", {"type": "fight", "place": place})["incident_id"]
            for number in range(LINES):
                note = {"text": f"line {number}", "label": "operational"}
                police.did(f"/incidents/{one}/notes", note)
            if name == "forgotten":
                police.did(f"/incidents/{one}/close", {"reason": "attended"})
                clock.advance(26 * 3600)
                system.tick()
            hidden[name] = str(one)
        yield Served(caller, hidden)
    system.close()


def medians_s(caller: Caller, paths: list[str], rounds: int) -> list[float]:
    """Return the median time of an answer for each address, asked in turn."""
    times: list[list[float]] = [[] for _ in paths]
    order = list(range(len(paths)))
    draws = random.Random(7)
    answers = {caller.get(path).content for path in paths}
    assert len(answers) == 1
    for _ in range(rounds):
        draws.shuffle(order)
        for which in order:
            begun = perf_counter()
            answer = caller.get(paths[which])
            times[which].append(perf_counter() - begun)
            assert answer.status_code == 404
    return [statistics.median(found) for found in times]


def check(served: Served, form: str, name: str, requests: int) -> None:
    """Compare hidden with absent; one run in which the machine was disturbed is not held against it."""
    paths = [form.format(served.hidden[name]), form.format(ABSENT)]
    told = []
    for _ in range(3):
        hidden_s, absent_s = medians_s(served.caller, paths, requests // 2)
        apart_s = abs(hidden_s - absent_s)
        if apart_s <= max(MOST_SHARE * absent_s, MOST_S):
            return
        told.append(f"{hidden_s * 1e3:.2f} ms for hidden, {absent_s * 1e3:.2f} ms for absent")
    pytest.fail(f"{form} tells {name} from absent by its time: {'; '.join(told)}")


FORMS = ("/incidents/{}/recommendation", "/incidents/{}/clinical")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["open", "forgotten"])
def test_two_thousand_requests_tell_no_hidden_incident_from_none(served: Served, name: str) -> None:
    check(served, "/incidents/{}", name, requests=2000)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["open", "forgotten"])
@pytest.mark.parametrize("form", FORMS)
def test_a_hidden_record_takes_as_long_as_none(served: Served, form: str, name: str) -> None:
    check(served, form, name, requests=120)


@pytest.mark.soak
@pytest.mark.parametrize("name", ["open", "forgotten"])
@pytest.mark.parametrize("form", FORMS)
def test_two_thousand_requests_tell_no_hidden_record_from_none(served: Served, form: str, name: str) -> None:
    check(served, form, name, requests=2000)

"""Break-glass over HTTP: the privacy officers hear of it on their open streams, and nobody else does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from jru.bootstrap import System
from jru.domain.agency import Agency, Role
from jru.web.server import serving
from tests.web.listening import Stream, listening
from tests.web.product import Caller, call, opened

REASON = "crew asks for allergies, patient cannot speak"


@dataclass
class Night:
    """A served product with two incidents and both privacy officers' tokens."""

    system: System
    url: str
    client: httpx.Client
    police: Caller
    officers: dict[Agency, str]

    def officer(self, agency: Agency) -> Caller:
        """Return a privacy officer."""
        return Caller(self.client, self.officers[agency])

    def opened(self, label: str) -> str:
        """Let the police room open fields of a new incident; return the opening's id."""
        made = self.police.did("/incidents", call("High Street, Gillingham"))
        body = {"labels": [label], "reason": REASON}
        glass_id: str = self.police.did(f"/incidents/{made['incident_id']}/glass", body)["glass_id"]
        return glass_id


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    system = opened(tmp_path_factory.mktemp("glass"))
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        police = Caller(client, system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE))
        officers = {agency: system.issue_token(Role.PRIVACY_OFFICER, agency) for agency in Agency}
        yield Night(system, url, client, police, officers)
    system.close()


def shown(stream: Stream) -> list[str]:
    """Return the alerts of the next board or change."""
    return [alert["id"] for alert in stream.next("heartbeat").content["alerts"]]


def shown_until(stream: Stream, enough: Callable[[list[str]], bool]) -> list[str]:
    """Return the alerts of the first change that shows enough."""
    while not enough(ids := shown(stream)):
        continue
    return ids


@pytest.mark.parametrize("agency", list(Agency))
def test_an_open_stream_of_a_privacy_officer_brings_the_alert_and_takes_it_away(
    night: Night, agency: Agency
) -> None:
    with listening(night.url, night.officers[agency], wait_s=20) as stream:
        before = shown(stream)
        glass_id = night.opened("clinical")
        assert shown_until(stream, lambda ids: glass_id in ids) == [*before, glass_id]
        night.officer(agency).did(f"/glass/{glass_id}/review", {"finding": "justified"})
        assert shown_until(stream, lambda ids: glass_id not in ids) == before


def test_who_asks_for_changes_hears_of_it_too(night: Night) -> None:
    officer = night.officer(Agency.AMBULANCE)
    cursor = officer.get("/board").json()["cursor"]
    glass_id = night.opened("identity")
    changes = officer.get("/changes", params={"after": cursor}).json()
    assert glass_id in {alert["id"] for alert in changes["alerts"]}


def test_no_other_stream_is_told_that_anything_happened(night: Night) -> None:
    room = night.system.issue_token(Role.AMBULANCE_DISPATCHER, Agency.AMBULANCE)
    with listening(night.url, room, wait_s=20) as stream:
        stream.next("heartbeat")
        night.opened("clinical")
        made = Caller(night.client, room).did("/incidents", call("Canterbury Street, Gillingham"))
        content: dict[str, Any] = {"incidents": []}
        while made["incident_id"] not in {row["id"] for row in content["incidents"]}:
            content = stream.next("heartbeat").content
            assert content["incidents"], "a change that brings nothing tells that something happened"
        assert content["alerts"] == []

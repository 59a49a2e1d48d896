"""Ids of others, fields that nobody asked for, and sessions that somebody else chose get nobody anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from jru.bootstrap import System
from jru.clock import VirtualClock
from jru.domain.agency import Agency, Role
from jru.web.server import serving
from tests.web.product import SEATS, Caller, Scene, opened, set_scene
from tests.web.test_route_table import SIGNING_IN, body_of

SMUGGLED: tuple[tuple[str, object], ...] = (
    ("owner", "police"),
    ("agency_of_record", "ambulance"),
    ("visible_to", ["police", "ambulance"]),
    ("role", "system_administrator"),
    ("subject", "desk:police"),
    ("id", "inc_chosen"),
    ("__class__", "x"),
)


@dataclass
class Served:
    """The product with both rooms, the first crew and a second vehicle on duty."""

    system: System
    client: httpx.Client
    police: Caller
    ambulance: Caller
    crew: Caller
    scene: Scene
    second_unit: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    system = opened(tmp_path_factory.mktemp("reaching"))
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        police = Caller(client, system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE))
        ambulance = Caller(client, system.issue_token(Role.AMBULANCE_DISPATCHER, Agency.AMBULANCE))
        scene = set_scene(police, ambulance)
        seats = [
            {"seat": seat, "agency": agency, "role": role, "name": f"Second {seat}", "qualifications": held}
            for seat, agency, role, held in SEATS
        ]
        duty = {"duty_start": "2019-08-16T17:00:00Z", "duty_end": "2019-08-17T01:00:00Z"}
        unit = {"call_sign": "JR02", "vehicle_id": "JR02", "district": "medway", "seats": seats, **duty}
        second = police.did("/units", unit)["unit_id"]
        police.did(f"/units/{scene.unit_id}/offers/{scene.offer_id}/answer", {"answer": "accept"})
        clock = system.clock
        assert isinstance(clock, VirtualClock)
        clock.advance(2 * 3600)  # past the times in the documented examples
        crew = Caller(client, system.issue_token(Role.PARAMEDIC, Agency.AMBULANCE, scene.unit_id))
        yield Served(system, client, police, ambulance, crew, scene, second)
    system.close()


def commands(served: Served) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield address and documented body of everything that takes one from somebody who is signed in."""
    description = served.system.app.openapi()
    scene = served.scene
    values = {
        "incident_id": scene.incident_id, "unit_id": scene.unit_id, "offer_id": scene.offer_id, "code": "dog",
        "call_sign": "P212", "record_id": "rec_1", "glass_id": "brk_1", "district_id": "dartford",
        "account_id": "acc_1", "session_id": "ses_1", "passkey_id": "crd_1", "device_id": "dev_1", "hold_id": "hld_1",
    }  # fmt: skip
    for path, item in description["paths"].items():
        if "requestBody" in item.get("post", {}) and not path.startswith(SIGNING_IN):
            yield path.format(**values).removeprefix("/api/v1"), body_of(description, item["post"], scene)


@pytest.mark.parametrize(("field", "value"), SMUGGLED)
def test_a_field_that_is_not_asked_for_is_refused_and_nothing_is_done(
    served: Served, field: str, value: object
) -> None:
    before = served.system.head().seq
    taken = []
    for address, body in commands(served):
        if field in body or address == "/session":
            continue
        answer = served.police.post(address, {**body, field: value})
        # A report that does not fit is put aside for a person, whole and unused.
        wanted = 202 if address == "/reports" else 422
        if answer.status_code != wanted:
            taken.append(f"{address}: {answer.status_code}")
    assert taken == []
    assert served.system.head().seq == before


def test_a_crew_acts_for_no_other_unit(served: Served) -> None:
    before = served.system.head().seq
    entered = []
    for address, body in commands(served):
        if address.startswith(f"/units/{served.scene.unit_id}/"):
            other = address.replace(served.scene.unit_id, served.second_unit)
            status = served.crew.post(other, body).status_code
            # A duty of the past is debriefed, too: one that was not ridden answers like one that never was.
            if status != (404 if address.endswith("/debrief") else 403):
                entered.append(f"{other}: {status}")
    assert entered == []
    assert served.system.head().seq == before


def test_nobody_reads_or_withdraws_the_records_of_the_other_service_by_their_id(served: Served) -> None:
    scene, system = served.scene, served.system
    officer = Caller(served.client, system.issue_token(Role.CONSTABLE, Agency.POLICE, scene.unit_id))
    arrest = officer.did(
        f"/incidents/{scene.incident_id}/police/arrests", {"person": 1, "offence": "affray"}
    )["record_id"]
    address = f"/incidents/{scene.incident_id}/records"
    mine = served.crew.post(f"{address}/{arrest}/withdraw", {"reason": "not mine"})
    absent = served.crew.post(f"{address}/rec_0/withdraw", {"reason": "not mine"})
    assert mine.status_code == absent.status_code
    assert mine.content == absent.content
    for caller in (served.crew, served.ambulance):
        assert caller.get(f"/incidents/{scene.incident_id}/police").status_code == 403
        found = caller.get(f"/incidents/{scene.incident_id}/attachments/{arrest}")
        nothing = caller.get(f"/incidents/{scene.incident_id}/attachments/rec_0")
        assert (found.status_code, found.content) == (nothing.status_code, nothing.content)


def test_a_session_that_somebody_chose_before_is_not_the_one_that_is_opened(served: Served) -> None:
    """Fixation: the cookie that an attacker planted stays worthless after the victim has signed in."""
    planted = "A" * 43
    with httpx.Client(base_url=served.client.base_url, cookies={"jru_session": planted}) as victim:
        answer = victim.post(
            "/api/v1/session", json={"role": "police_dispatcher"}, headers={"x-requested-with": "jru"}
        )
        assert answer.status_code == 200
        opened_one = answer.cookies["jru_session"]
        assert opened_one != planted
        again = victim.post(
            "/api/v1/session", json={"role": "police_dispatcher"}, headers={"x-requested-with": "jru"}
        )
        assert again.cookies["jru_session"] not in (planted, opened_one)
    with httpx.Client(base_url=served.client.base_url, cookies={"jru_session": planted}) as attacker:
        assert attacker.get("/api/v1/board").status_code == 401

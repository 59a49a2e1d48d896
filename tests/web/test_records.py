"""What one service records is absent from every answer to the other, and shared facts are there, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import httpx
import pytest

from jru.web.server import serving
from tests.web.product import Caller, opened, set_scene, tokens

OBSERVED = {
    "person": 1,
    "respiration": 26,
    "spo2": 90,
    "on_oxygen": True,
    "systolic": 88,
    "pulse": 135,
    "consciousness": "voice",
    "temperature_c": 34.9,
}
FINDINGS, OFFENCE = "ZEBRAWOUND", "ZEBRACRIME"


@dataclass
class Night:
    """A served product with a crew at an incident."""

    people: dict[str, Caller]
    incident_id: str
    client: httpx.Client

    def at(self, path: str) -> str:
        """Return an address below the incident."""
        return f"/incidents/{self.incident_id}{path}"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    system = opened(tmp_path_factory.mktemp("records"))
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        rooms = {name: Caller(client, token) for name, token in tokens(system, None).items()}
        scene = set_scene(rooms["police_dispatcher"], rooms["ambulance_dispatcher"])
        people = {name: Caller(client, token) for name, token in tokens(system, scene.unit_id).items()}
        people["special_constable"].did(
            f"/units/{scene.unit_id}/offers/{scene.offer_id}/answer", {"answer": "accept"}
        )
        yield Night(people, scene.incident_id, client)
    system.close()


AMBULANCE_SIDE = ("paramedic", "ambulance_dispatcher")
POLICE_SIDE = ("special_constable", "police_dispatcher")


def stream_of(night: Night, who: str, cursor: str) -> str:
    """Return what a viewer's stream tells of what changed after a cursor."""
    caller = night.people[who]
    headers = {"authorization": f"Bearer {caller._token}", "last-event-id": cursor}
    told = ""
    with (
        suppress(httpx.ReadTimeout),
        night.client.stream("GET", "/api/v1/stream", headers=headers, timeout=1.5) as answer,
    ):
        for part in answer.iter_text():
            told += part
    return told


def heard(night: Night, who: str, cursor: str) -> str:
    """Return all that a viewer can get of the incident: row, board, changes, stream, parts, errors."""
    caller = night.people[who]
    paths = [night.at(""), "/board", night.at("/police"), night.at("/clinical"), night.at("/handover")]
    answers = [caller.get(path) for path in paths]
    answers.append(caller.get("/changes", params={"after": cursor}))
    assert all(answer.status_code in (200, 403) for answer in answers)
    texts = [answer.text + str(answer.headers) for answer in answers]
    return "\n".join([*texts, stream_of(night, who, cursor)])


def test_the_two_parts_stay_apart_in_every_answer(night: Night) -> None:
    cursors = {who: caller.get("/board").json()["cursor"] for who, caller in night.people.items()}
    medic, officer = night.people["paramedic"], night.people["special_constable"]
    medic.did(night.at("/clinical/observations"), OBSERVED)
    care = medic.did(night.at("/clinical/care"), {"person": 1, "findings": FINDINGS})["record_id"]
    officer.did(night.at("/police/arrests"), {"person": 1, "offence": OFFENCE})
    force = {"person": 1, "seat": "police_driver", "tactics": ["handcuffs_compliant"], "note": OFFENCE}
    officer.did(night.at("/police/force"), force)
    for who in POLICE_SIDE:
        seen = heard(night, who, cursors[who])
        assert OFFENCE in seen
        assert FINDINGS not in seen
        assert "bservations" not in seen
        assert care not in seen
    for who in AMBULANCE_SIDE:
        seen = heard(night, who, cursors[who])
        assert FINDINGS in seen
        assert OFFENCE not in seen
        assert "handcuffs" not in seen.lower()
        assert "se of force" not in seen
    (row,) = night.people["ambulance_dispatcher"].get(night.at("/clinical")).json()["observations"]
    assert row["news2"] == {
        "total": 20,
        "band": "emergency",
        "words": "Emergency",
        "points": dict.fromkeys(
            ("respiration", "spo2", "systolic", "pulse", "consciousness", "temperature_c"), 3
        )
        | {"on_oxygen": 2},
        "missing": [],
    }


def test_a_part_that_is_not_yours_is_refused_alike_whether_or_not_anything_is_there(night: Night) -> None:
    for who, path in (("police_dispatcher", "clinical"), ("paramedic", "police")):
        caller = night.people[who]
        there = caller.get(night.at(f"/{path}"))
        absent = caller.get(f"/incidents/inc_nothing/{path}")
        assert there.status_code == absent.status_code == 403
        assert there.content == absent.content
    supervisor = night.people["duty_supervisor"]
    assert supervisor.get(night.at("/police")).json()["arrests"]
    assert supervisor.get(night.at("/clinical")).status_code == 403


def test_the_other_service_records_nothing_for_it(night: Night) -> None:
    for who in ("paramedic", "ambulance_dispatcher", "police_dispatcher", "duty_supervisor"):
        answer = night.people[who].post(night.at("/police/arrests"), {"person": 1, "offence": "x"})
        assert answer.status_code == 403
    for who in ("special_constable", "police_dispatcher", "ambulance_dispatcher"):
        assert night.people[who].post(night.at("/clinical/observations"), OBSERVED).status_code == 403


def test_what_is_shared_reaches_the_other_side_with_its_basis(night: Night) -> None:
    cursor = night.people["police_dispatcher"].get("/board").json()["cursor"]
    fact = {"text": "Head injury, may be confused.", "basis": "vital_interests"}
    night.people["paramedic"].did(night.at("/facts"), fact)
    assert fact["text"] in heard(night, "police_dispatcher", cursor)
    (received,) = night.people["special_constable"].get(night.at("/police")).json()["received"]
    assert received["said"] == {"text": fact["text"], "basis": "vital_interests"}
    (shared,) = night.people["paramedic"].get(night.at("/clinical")).json()["shared"]
    assert shared["id"] == received["id"]


def test_a_weapon_reaches_both_services(night: Night) -> None:
    night.people["paramedic"].did(night.at("/hazards"), {"code": "weapon", "note": "knife in the kitchen"})
    for who in (*POLICE_SIDE, *AMBULANCE_SIDE):
        hazards = night.people[who].get(night.at("")).json()["hazards"]
        assert [(h["code"], h["note"]) for h in hazards] == [("weapon", "knife in the kitchen")]


def test_the_handover_is_there_as_lines_and_as_text(night: Night) -> None:
    medic = night.people["paramedic"]
    found = medic.get(night.at("/handover"), params={"person": 1}).json()
    text = medic.get(night.at("/handover/text"), params={"person": 1})
    assert text.headers["content-type"].startswith("text/plain")
    assert text.headers["cache-control"] == "no-store"
    assert text.text == found["text"]
    assert FINDINGS in text.text
    assert [line["letter"] for line in found["lines"]] == list("ATMIST")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clinical/observations", {"person": 1, "pulse": 301}),
        ("/clinical/observations", {"person": 1, "spo2_scale": 3}),
        ("/clinical/observations", {"person": 1, "temperature_c": 19.9}),
        ("/clinical/observations", {"person": 0, "pulse": 80}),
        ("/clinical/observations", {"person": 1, "pulse": "80"}),
        ("/clinical/observations", {"person": 1, "pulse": 80, "label": "operational"}),
        ("/clinical/conclusion", {"person": 1, "epcr_ref": "ECR-1"}),
        ("/police/force", {"person": 1, "seat": "police_driver", "tactics": []}),
        ("/facts", {"text": "no basis"}),
        ("/situation", {"major": "no"}),
    ],
)
def test_a_body_that_does_not_fit_is_refused_with_the_field(night: Night, path: str, body: object) -> None:
    who = "special_constable" if "police" in path else "paramedic"
    answer = night.people[who].post(night.at(path), body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["problems"]


def test_codes_are_those_of_the_own_service(night: Night) -> None:
    police = json.loads(night.people["police_dispatcher"].get("/records/codes").text)["codes"]
    ambulance = json.loads(night.people["paramedic"].get("/records/codes").text)["codes"]
    assert "tactics" in police
    assert "tactics" not in ambulance
    assert police["basis"] == ambulance["basis"]

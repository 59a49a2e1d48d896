"""The audit over HTTP, on SQLite: rows are there before the answer, and a store that refuses them stops names only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from jru.bootstrap import DATABASE_FILE, System
from jru.cli import app
from jru.domain.agency import Agency, Role
from jru.web.server import serving
from tests.web.product import Caller, Scene, call, opened, set_scene

NAMED = {"name": "Araminta Example", "phone": "01632 960123"}


@dataclass
class Served:
    """The product with two rooms and two privacy officers."""

    system: System
    client: httpx.Client
    data: Path
    police: Caller
    ambulance: Caller
    officers: dict[Agency, Caller]
    scene: Scene

    def change_database(self, statement: str) -> None:
        """Change the database behind the product's back."""
        with sqlite3.connect(self.data / DATABASE_FILE) as connection:
            connection.execute(statement)
        connection.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    system = opened(tmp_path)

    def caller(role: Role, agency: Agency) -> Caller:
        return Caller(client, system.issue_token(role, agency))

    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        police = caller(Role.POLICE_DISPATCHER, Agency.POLICE)
        ambulance = caller(Role.AMBULANCE_DISPATCHER, Agency.AMBULANCE)
        officers = {agency: caller(Role.PRIVACY_OFFICER, agency) for agency in Agency}
        scene = set_scene(police, ambulance)
        yield Served(system, client, tmp_path, police, ambulance, officers, scene)
    system.close()


def test_a_look_is_there_for_the_officer_to_read(served: Served) -> None:
    incident = served.police.did("/incidents", call("High Street", grade="2", caller=NAMED))["incident_id"]
    served.police.get(f"/incidents/{incident}")
    params = {"incident": incident, "kind": "consultation"}
    (row,) = served.officers[Agency.POLICE].get("/audit", params=params).json()["entries"]
    assert (row["role"], row["records"]) == ("police_dispatcher", [incident])
    assert "identity" in row["labels"]
    assert served.officers[Agency.AMBULANCE].get("/audit", params=params).json()["entries"] == []


def test_pages_are_followed_by_their_cursor(served: Served) -> None:
    for _ in range(5):
        served.police.get(f"/incidents/{served.scene.incident_id}")
    params = {"incident": served.scene.incident_id, "limit": "2", "kind": "consultation"}
    looks, after = 0, None
    for _ in range(9):
        more = {"after": after} if after else {}
        page = served.officers[Agency.POLICE].get("/audit", params=params | more).json()
        looks += sum(row["role"] == "police_dispatcher" for row in page["entries"])
        after = page["next"]
        if after is None:
            break
    assert looks == 5


def test_others_are_refused(served: Served) -> None:
    assert served.police.get("/audit").status_code == 403
    params = {"incident": served.scene.incident_id, "person": "caller", "reference": "SAR 12"}
    assert served.police.get("/audit/export", params=params).status_code == 403


@pytest.mark.parametrize(
    "params", [{"after": "x"}, {"limit": "0"}, {"incident": "'; --"}, {"kind": "peeking"}]
)
def test_what_cannot_be_asked_for_is_refused(served: Served, params: dict[str, str]) -> None:
    assert served.officers[Agency.POLICE].get("/audit", params=params).status_code == 422


def test_a_person_gets_their_own_data(served: Served) -> None:
    incident = served.police.did("/incidents", call("High Street", grade="2", caller=NAMED))["incident_id"]
    params = {"incident": incident, "person": "caller", "reference": "SAR 12"}
    answer = served.officers[Agency.POLICE].get("/audit/export", params=params)
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.json()["caller"]["name"] == "Araminta Example"
    assert "Araminta" not in served.officers[Agency.AMBULANCE].get("/audit/export", params=params).text


def test_a_store_that_refuses_audit_rows_stops_names_and_nothing_else(served: Served) -> None:
    served.change_database(
        "CREATE TRIGGER access_log_full BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    board = served.police.get("/board").json()
    assert board["units"][0]["withheld"] == ["names"]
    assert "Example police_driver" not in json.dumps(board)
    body = call("Station Road", grade="1", caller=NAMED, hazards=[{"code": "weapon"}])
    incident = served.police.did("/incidents", body)["incident_id"]
    row = served.police.get(f"/incidents/{incident}")
    assert "Araminta" not in row.text
    assert [hazard["code"] for hazard in row.json()["hazards"]] == ["weapon"]
    ready = served.client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["audit"]) == (200, False)
    token = served.system.issue_token(Role.SYSTEM_ADMINISTRATOR, Agency.POLICE)
    figures = served.client.get("/metrics", headers={"authorization": f"Bearer {token}"})
    assert "jru_audit_unavailable 1.0" in figures.text
    assert (served.data / "spool" / "access.jsonl").exists()


def test_rows_are_listed_at_the_shell(served: Served) -> None:
    served.police.get(f"/incidents/{served.scene.incident_id}")
    arguments = [
        "audit",
        "list",
        "police",
        "--data",
        str(served.data),
        "--incident",
        served.scene.incident_id,
    ]
    said = CliRunner().invoke(app, arguments)
    assert said.exit_code == 0
    assert served.scene.incident_id in said.output
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json", "--limit", "1"]).output)
    assert len(told["entries"]) == 1
    other = CliRunner().invoke(app, [*arguments[:2], "ambulance", *arguments[3:]])
    assert other.output == ""

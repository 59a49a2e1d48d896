"""`jru access`: the table from the code, and why one person may see a record or not."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from jru.cli import app
from jru.domain.agency import Agency, Role
from jru.errors import InvalidInput, JruError, NotFound
from jru.services.grants import RIGHTS
from jru.web.server import serving
from tests.web.product import Caller, Scene, opened, set_scene, tokens


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    data = tmp_path_factory.mktemp("access")
    system = opened(data)
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        held = tokens(system, None)
        scene = set_scene(
            Caller(client, held["police_dispatcher"]), Caller(client, held["ambulance_dispatcher"])
        )
        token = system.issue_token(Role.SPECIAL_CONSTABLE, Agency.POLICE, scene.unit_id)
        officer = Caller(client, token)
        officer.did(f"/units/{scene.unit_id}/offers/{scene.offer_id}/answer", {"answer": "accept"})
        arrest = {"person": 1, "offence": "ZEBRAOFFENCE"}
        record = officer.did(f"/incidents/{scene.incident_id}/police/arrests", arrest)["record_id"]
    system.close()
    (data / "record").write_text(record)
    return data, scene


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["access", *arguments])


def test_the_matrix_is_printed_with_every_role() -> None:
    lines = run("matrix").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(RIGHTS)
    rows = json.loads(run("matrix", "--json").stdout)
    assert {row["role"]: row["clinical"] for row in rows}["paramedic"] == "own rw"


def test_why_a_room_sees_an_incident_and_another_role_does_not(kept: tuple[Path, Scene]) -> None:
    data, scene = kept
    seen = run("explain", "police_dispatcher", scene.incident_id, "--data", str(data))
    assert seen.exit_code == 0, seen.output
    assert "place (operational): police_dispatcher reads and writes operational" in seen.stdout
    denied = run("explain", "inspector@police", scene.incident_id, "--data", str(data))
    assert denied.exit_code == 1
    assert denied.stdout.startswith("no ")
    assert "no relation to any incident" in denied.stdout


def test_why_a_crew_sees_its_unit(kept: tuple[Path, Scene]) -> None:
    data, scene = kept
    answer = run("explain", "paramedic/JR01", scene.unit_id, "--json", "--data", str(data))
    whole, *fields = json.loads(answer.stdout)
    assert whole["allowed"]
    assert "rides on the unit" in whole["rule"]
    assert {f["field"] for f in fields if f["label"] == "staff"} == {"names", "briefed_names"}
    assert run("explain", "paramedic", scene.unit_id, "--data", str(data)).exit_code == 1


@pytest.mark.parametrize(
    ("user", "error", "says"),
    [
        ("king", InvalidInput, "no account and no role"),
        ("inspector", InvalidInput, "both services"),
        ("paramedic@police", InvalidInput, "belongs to the ambulance"),
        ("paramedic/JR77", InvalidInput, "no unit is on duty"),
    ],
)
def test_a_person_who_is_none_is_said(
    kept: tuple[Path, Scene], user: str, error: type[JruError], says: str
) -> None:
    data, scene = kept
    answer = run("explain", user, scene.incident_id, "--data", str(data))
    assert isinstance(answer.exception, error)
    assert says in str(answer.exception)


def test_a_person_with_an_account_is_explained_in_each_of_their_jobs(kept: tuple[Path, Scene]) -> None:
    data, scene = kept
    jobs = ("--job", "police:police_dispatcher", "--job", "police:inspector")
    made = CliRunner().invoke(
        app, ["accounts", "create", "example.one", "--full-name", "Example One", *jobs, "--data", str(data)]
    )
    assert made.exit_code == 0, made.output
    answer = run("explain", "example.one", scene.incident_id, "--data", str(data))
    lines = answer.stdout.splitlines()
    assert answer.exit_code == 0, answer.output
    assert [line for line in lines if line.startswith("yes") and "as police_dispatcher" in line]
    assert [line for line in lines if line.startswith("no") and "as inspector" in line]
    CliRunner().invoke(app, ["accounts", "disable", "example.one", "--data", str(data)])
    refused = run("explain", "example.one", scene.incident_id, "--data", str(data))
    assert "disabled" in str(refused.exception)


def test_a_record_that_is_none_is_said(kept: tuple[Path, Scene]) -> None:
    data, _ = kept
    answer = run("explain", "police_dispatcher", "inc_nothing", "--data", str(data))
    assert isinstance(answer.exception, NotFound)


def test_why_one_record_is_read_by_its_service_and_by_nobody_else(kept: tuple[Path, Scene]) -> None:
    data, _ = kept
    record = (data / "record").read_text()
    read = run("explain", "special_constable/JR01", record, "--data", str(data))
    assert read.exit_code == 0, read.output
    assert "ArrestRecorded (police_evidence): special_constable reads and writes" in read.stdout
    for user, rule in (
        ("paramedic/JR01", "paramedic holds no grant for police_evidence"),
        ("special_constable", "only somebody who"),
    ):
        denied = run("explain", user, record, "--data", str(data))
        assert (denied.exit_code, denied.stdout[:3]) == (1, "no ")
        assert rule in denied.stdout
        assert "ZEBRAOFFENCE" not in denied.stdout + read.stdout
    absent = run("explain", "paramedic", "rec_nothing", "--data", str(data))
    assert isinstance(absent.exception, NotFound)

"""Every route for every role: who is let in, who is forbidden, who is told that there is no such thing.

The table is written by hand, not derived from the rights that the program applies; a route without a row fails, and so
does a row without a route. `+` let in (what the command then does is its own affair), `-` forbidden (403), `0` no such
record (404).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from jru.clock import VirtualClock
from jru.domain.agency import Agency, Role
from jru.services.grants import RIGHTS
from jru.web.server import serving
from tests.web.product import Caller, Scene, opened, set_scene
from tests.web.route_table import COLUMNS, FOR_ALL, TABLE
from tests.web.worlds import agencies_of

pytestmark = pytest.mark.slow

QUERIES: dict[str, dict[str, Any]] = {
    "findPlaces": {"q": "Gill"},
    "findMissingTaps": {"key": "k1"},
    "getStatistics": {"since": "2019-08-16T00:00:00Z", "until": "2019-08-17T00:00:00Z"},
    "listCodedIncidents": {"since": "2019-08-16T00:00:00Z", "until": "2019-08-17T00:00:00Z"},
    "getOwnRecord": {"since": "2019-08-16T00:00:00Z", "until": "2019-08-17T00:00:00Z"},
    "listCrossings": {"month": "2019-08"},
    "exportPerson": {"incident": "{incident_id}", "person": "caller", "reference": "SAR 2019/1"},
    "getHandover": {"person": 1},
    "getHandoverText": {"person": 1},
}
SIGNING_IN = "/api/v1/session/"
"""Steps before anybody is anybody: each needs what the one before it gave, or a tablet that was paired."""
LAST = ("closeIncident", "bookOff")
"""Commands after which others find nothing more to do."""
LET_IN = frozenset({200, 201, 202, 409, 410})
SIGNS = {403: "-", 404: "0"}


def columns() -> list[tuple[Role, Agency]]:
    """Return the roles of each service, in the order of the table."""
    return [(role, agency) for role in RIGHTS for agency in agencies_of(role)]


def rows() -> dict[str, str]:
    """Return the table: operation -> one sign for each column."""
    found = {}
    for line in TABLE.strip().splitlines():
        operation, *signs = line.split()
        found[operation] = "".join(signs)
    return found


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    system = opened(tmp_path_factory.mktemp("routes"))
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        desks = [
            Caller(client, system.issue_token(Role(f"{agency.value}_dispatcher"), agency))
            for agency in Agency
        ]
        clock = system.clock
        assert isinstance(clock, VirtualClock)
        scene = set_scene(*desks)
        desks[0].did(f"/units/{scene.unit_id}/offers/{scene.offer_id}/answer", {"answer": "accept"})
        callers = [
            Caller(client, system.issue_token(role, agency, scene.unit_id if role.is_crew else None))
            for role, agency in columns()
        ]
        description = system.app.openapi()
        clock.advance(2 * 3600)  # past the times in the documented examples
        yield {
            operation["operationId"]: "".join(
                sign_of(caller, description, scene, method, path, operation) for caller in callers
            )
            for method, path, operation in operations(description)
        }
    system.close()


def operations(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the operations that the table is about, those that end something last."""
    found = [
        (method, path, operation)
        for path, item in description["paths"].items()
        for method, operation in item.items()
        if operation["operationId"] not in FOR_ALL and not path.startswith(SIGNING_IN)
    ]
    return sorted(found, key=lambda one: one[2]["operationId"] in LAST)


def sign_of(
    caller: Caller,
    description: dict[str, Any],
    scene: Scene,
    method: str,
    path: str,
    operation: dict[str, Any],
) -> str:
    """Ask and return the sign of the answer."""
    values = {
        "incident_id": scene.incident_id, "unit_id": scene.unit_id, "offer_id": scene.offer_id,
        "record_id": "rec_1", "glass_id": "brk_1", "hold_id": "hld_1", "code": "weapon", "call_sign": "P212",
        "district_id": "dartford", "layer": "districts", "account_id": "acc_1", "session_id": "ses_1",
        "passkey_id": "crd_1", "device_id": "dev_1",
    }  # fmt: skip
    address = path.format(**values).removeprefix("/api/v1")
    if method == "get":
        asked = QUERIES.get(operation["operationId"], {})
        query = {name: str(value).format(**values) for name, value in asked.items()}
        if operation["operationId"] == "getChanges":
            query = {"after": caller.get("/board").json()["cursor"]}
        answer = caller.get(address, params=query)
    else:
        answer = caller.post(address, body_of(description, operation, scene))
    status = answer.status_code
    known = status in LET_IN or status in SIGNS
    return SIGNS.get(status, "+") if known else f"[{status} {answer.text[:300]}]"


def body_of(description: dict[str, Any], operation: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """Return the documented example of a body with ids that are there."""
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    model = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    example = dict((model.get("examples") or [{}])[0])
    real = {"other_id": scene.other_id, "incident_id": scene.other_id}
    return example | {key: value for key, value in real.items() if key in example}


def test_every_route_has_a_row_and_every_row_a_route(observed: dict[str, str]) -> None:
    assert set(rows()) == set(observed)


def test_every_role_of_each_service_has_a_column() -> None:
    assert COLUMNS.split() == [f"{role.value}@{agency.value}" for role, agency in columns()]
    assert {len(signs) for signs in rows().values()} == {len(COLUMNS.split())}


def test_each_role_is_let_in_where_the_table_says_so_and_nowhere_else(observed: dict[str, str]) -> None:
    names = COLUMNS.split()
    wrong = [
        f"{operation} as {name}: {got}, the table says {wanted}"
        for operation, signs in rows().items()
        for name, wanted, got in zip(names, signs, observed.get(operation, ""), strict=True)
        if wanted != got
    ]
    assert wrong == []


def test_what_is_open_to_everybody_is_named(observed: dict[str, str]) -> None:
    assert not set(rows()) & FOR_ALL.keys()

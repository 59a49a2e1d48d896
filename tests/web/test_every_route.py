"""Every route is called as every role, against the whole product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from jru.bootstrap import System
from jru.domain.agency import Role
from jru.services.access import GRANTS
from jru.web.server import serving
from tests.web.product import ROLES, Caller, Scene, opened, set_scene, tokens

OPEN = {"/healthz", "/readyz"}
OPEN_BELOW = "/api/v1/session"
"""Signing in, step by step: nobody has a session yet."""


@dataclass
class Product:
    """The served product with everybody signed in."""

    system: System
    client: httpx.Client
    callers: dict[str, Caller]
    scene: Scene
    description: dict[str, Any]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    system = opened(tmp_path_factory.mktemp("product"))
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        rooms = {name: Caller(client, token) for name, token in tokens(system, None).items()}
        scene = set_scene(rooms["police_dispatcher"], rooms["ambulance_dispatcher"])
        callers = {name: Caller(client, token) for name, token in tokens(system, scene.unit_id).items()}
        description = client.get("/api/v1/openapi.json").json()
        yield Product(system, client, callers, scene, description)
    system.close()


def filled(path: str, scene: Scene) -> str:
    """Return an address with real ids."""
    values = {
        "incident_id": scene.incident_id,
        "unit_id": scene.unit_id,
        "offer_id": scene.offer_id,
        "glass_id": "brk_none",
        "hold_id": "hld_none",
        "code": "weapon",
        "call_sign": "P212",
        "record_id": "rec_1",
        "district_id": "dartford",
        "layer": "districts",
        "account_id": "acc_1",
        "session_id": "ses_1",
        "passkey_id": "crd_1",
        "device_id": "dev_1",
        "agency": "police",
    }
    return path.format(**values)


def operations(product: Product) -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of everything but the stream."""
    return [
        (method, path, operation)
        for path, item in product.description["paths"].items()
        for method, operation in item.items()
        if path != "/api/v1/stream"
    ]


def body_of(product: Product, operation: dict[str, Any]) -> dict[str, Any] | None:
    """Return the documented example of an operation's body, with ids that are there."""
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    name = schema["$ref"].rpartition("/")[2]
    model = product.description["components"]["schemas"][name]
    example = dict((model.get("examples") or [{}])[0])
    real = {"other_id": product.scene.other_id, "incident_id": product.scene.incident_id}
    return example | {key: value for key, value in real.items() if key in example}


def request(
    product: Product, method: str, path: str, operation: dict[str, Any], who: str | None
) -> httpx.Response:
    """Call one operation as somebody."""
    caller = product.callers[who] if who else Caller(product.client, "nobody")
    address = filled(path, product.scene)
    params = {"q": "Gill"} if path.endswith("/places") else {}
    if "/statistics" in path or path.endswith("/own-record"):
        params = {"since": "2019-08-16T00:00:00Z", "until": "2019-08-17T00:00:00Z"}
    if path.endswith("/crossings"):
        params = {"month": "2019-08"}
    if path.endswith("/changes"):
        board = caller.get("/board").json()
        params = {"after": board.get("cursor", "x")}
    if method == "post":
        return caller.post(address.removeprefix("/api/v1"), body_of(product, operation))
    if address.startswith("/api/v1"):
        return caller.get(address.removeprefix("/api/v1"), params=params)
    return product.client.get(address)


def test_every_role_with_grants_is_called(product: Product) -> None:
    assert {Role(name) for name in ROLES} == set(GRANTS)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_route_breaks_for_any_role(product: Product, role: str) -> None:
    broken = []
    for method, path, operation in operations(product):
        if method == "delete":
            continue
        answer = request(product, method, path, operation, role)
        documented = {int(code) for code in operation["responses"] if code.isdigit()}
        if answer.status_code >= 500 or answer.status_code not in documented:
            broken.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
    assert broken == []


def test_every_route_but_the_open_ones_needs_a_session(product: Product) -> None:
    product.client.cookies.clear()
    entered = []
    for method, path, operation in operations(product):
        if path in OPEN or path.startswith(OPEN_BELOW):
            continue
        answer = request(product, method, path, operation, None)
        if answer.status_code != 401:
            entered.append(f"{method} {path}: {answer.status_code}")
        assert operation["security"] == [{"session": []}, {"bearer": []}]
    assert entered == []


def test_the_description_is_whole(product: Product) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(product)]
    assert len(ids) == len(set(ids))
    known = {tag["name"] for tag in product.description["tags"]}
    for method, path, operation in operations(product):
        assert operation["summary"], path
        assert set(operation["tags"]) <= known
        if method == "post" and path not in OPEN and not path.startswith(OPEN_BELOW):
            names = {parameter["name"] for parameter in operation["parameters"]}
            assert "Idempotency-Key" in names, path
            assert {"400", "401", "403", "413", "415"} <= operation["responses"].keys(), path
    assert product.description["openapi"].startswith("3.1")
    assert product.description["components"]["securitySchemes"].keys() == {"session", "bearer"}


def unbounded(schema: Any, where: str) -> list[str]:
    """Return the places of a schema where a value may be of any size."""
    if not isinstance(schema, dict):
        return []
    found = []
    kind = schema.get("type")
    if kind == "string" and not schema.keys() & {"maxLength", "pattern", "enum", "const", "format"}:
        found.append(where)
    if kind in ("integer", "number") and not {"minimum", "maximum"} <= schema.keys():
        found.append(where)
    if kind == "array" and "maxItems" not in schema:
        found.append(where)
    if kind == "object" and schema.get("additionalProperties") is not False and "maxProperties" not in schema:
        found.append(where)
    for name, inner in schema.get("properties", {}).items():
        found += unbounded(inner, f"{where}.{name}")
    for inner in [schema.get("items"), *schema.get("anyOf", [])]:
        found += unbounded(inner, where)
    return found


def test_every_field_that_comes_in_has_a_bound(product: Product) -> None:
    schemas = product.description["components"]["schemas"]
    bodies = {
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for _, _, operation in operations(product)
        if "requestBody" in operation
    }
    inner = {"Place", "Caller", "Hazard", "Seat", "Context"}
    assert inner <= schemas.keys()
    assert [place for name in sorted(bodies | inner) for place in unbounded(schemas[name], name)] == []
    for _, path, operation in operations(product):
        for parameter in operation.get("parameters", []):
            assert unbounded(parameter["schema"], f"{path} {parameter['name']}") == []


def test_what_was_done_is_there_to_read(product: Product) -> None:
    scene, crew = product.scene, product.callers["paramedic"]
    room = product.callers["police_dispatcher"]
    row = room.get(f"/incidents/{scene.incident_id}").json()
    assert row["id"] == scene.incident_id
    assert crew.get(f"/units/{scene.unit_id}").json()["call_sign"] == "JR01"
    assert room.get(f"/incidents/{scene.incident_id}/recommendation").status_code == 200

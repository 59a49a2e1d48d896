"""Generated requests, good and bad, against the whole product: never a 5xx, always the answer described.

The live stream has tests of its own; commands run on a log of real SQLite.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi import checks

from jru.config import Settings
from jru.web.app import create_app
from jru.web.server import serving
from tests.web.memory import MemorySystem
from tests.web.product import Caller, opened, set_scene, tokens

MAX_ANSWER_S = 5.0
EXAMPLES = 8
LEFT_OUT = {"streamBoard", "signIn", "signOut", "goToDirectory", "comeFromDirectory"}
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
KEPT_THOUGH_BAD = {"receiveReport"}
"""Reports are put aside rather than refused."""

document = create_app(MemorySystem(), Settings(), static=Path("none")).openapi()  # type: ignore[arg-type]
schema = schemathesis.openapi.from_dict(
    document, config=SchemathesisConfig.from_dict({"generation": {"allow-x00": False}})
)
operations = {
    operation.definition.raw["operationId"]: operation
    for operation in (result.ok() for result in schema.get_all_operations())
}


@dataclass(frozen=True)
class Target:
    """The served product, whose token is used, and ids that are there."""

    url: str
    session: requests.Session
    tokens: dict[str, str]
    ids: dict[str, str]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    system = opened(tmp_path_factory.mktemp("schemathesis"))
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        rooms = {name: Caller(client, token) for name, token in tokens(system, None).items()}
        scene = set_scene(rooms["police_dispatcher"], rooms["ambulance_dispatcher"])
        ids = {
            "incident_id": scene.incident_id,
            "unit_id": scene.unit_id,
            "offer_id": scene.offer_id,
            "district_id": "dartford",
        }
        with requests.Session() as session:
            yield Target(url, session, tokens(system, scene.unit_id), ids)
    system.close()


def takes_something(name: str) -> bool:
    """Tell whether an operation has any input that could be bad."""
    raw = operations[name].definition.raw
    return "requestBody" in raw or bool(raw.get("parameters"))


TRIED = [
    (name, mode)
    for name in sorted(operations.keys() - LEFT_OUT)
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or takes_something(name)
]


@pytest.mark.parametrize(("name", "mode"), TRIED)
def test_any_request_gets_an_answer_as_described(target: Target, name: str, mode: GenerationMode) -> None:
    """Half of the requests name records that are there; all roles take turns."""
    operation = operations[name]
    wanted = CHECKS if mode is GenerationMode.NEGATIVE and name not in KEPT_THOUGH_BAD else CHECKS[:-1]
    taken = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        real=st.booleans(),
        who=st.sampled_from(sorted(target.tokens)),
    )
    def run(case: Any, real: bool, who: str) -> None:
        nonlocal taken
        if real and mode is GenerationMode.POSITIVE:
            names = case.path_parameters or {}
            names.update({key: value for key, value in target.ids.items() if key in names})
        headers = {"Authorization": f"Bearer {target.tokens[who]}"}
        answer = case.call(base_url=target.url, session=target.session, headers=headers, timeout=10)
        case.validate_response(answer, checks=wanted, headers=headers)
        assert answer.elapsed < MAX_ANSWER_S
        taken += 1

    run()
    assert taken > 0


def test_every_operation_is_tried_but_the_stream_and_the_session() -> None:
    assert operations.keys() >= LEFT_OUT
    assert len(operations) > 50

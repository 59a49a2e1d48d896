"""The examples of the interface's description can be sent as they stand: their words are words of the scheme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from jru.bootstrap import System, build
from jru.clock import SeededRandom, VirtualClock
from jru.config import Settings
from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint
from jru.domain.incident_decisions import RESOURCE_STATUSES
from jru.domain.unit_decisions import BACKUP
from jru.web.server import serving
from tests.services.world import north_kent
from tests.web.product import START, Caller, Scene, set_scene, tokens

WHO = (
    "police_dispatcher",
    "special_constable",
    "paramedic",
    "ambulance_dispatcher",
    "duty_supervisor",
    "privacy_officer",
)
ABOUT_PEOPLE = tuple(f"/api/v1/{name}" for name in ("session", "account", "tablets", "notifications"))
"""Who signs in, how, and where they are told: their examples name nothing of a scheme."""
SENT_WRONGLY = {202, 400, 404, 405, 413, 415, 422, 500, 503}


class Described:
    """The served product, its description, and somebody of each role that gives commands."""

    def __init__(self, system: System, client: httpx.Client) -> None:
        rooms = {name: Caller(client, token) for name, token in tokens(system, None).items()}
        self.scene: Scene = set_scene(rooms["police_dispatcher"], rooms["ambulance_dispatcher"])
        self.callers = {
            name: Caller(client, token) for name, token in tokens(system, self.scene.unit_id).items()
        }
        self.description = client.get("/api/v1/openapi.json").json()

    def examples(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield address and example of every command."""
        schemas = self.description["components"]["schemas"]
        for path, item in self.description["paths"].items():
            content = item.get("post", {}).get("requestBody", {}).get("content", {})
            if not content or path.startswith(ABOUT_PEOPLE):
                continue
            name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
            for example in schemas[name].get("examples", [{}]):
                yield path, example


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    directory = tmp_path_factory.mktemp("examples")
    clock = VirtualClock(START + timedelta(hours=2))
    system = build(Settings(data=directory), clock=clock, random=SeededRandom("examples"), demo=True)
    with serving(system.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield Described(system, client)
    system.close()


def words_of(scheme: Blueprint, path: str) -> dict[str, set[str]]:
    """Return for each field that holds a code what it may hold there."""
    codes = scheme.outcome_codes
    agency = {code for a in Agency for grade in scheme.partners[a].grades for code in (grade.code,)}
    police_codes = {code for kind in scheme.types.values() for code in kind.police_codes}
    return {
        **(
            {} if path.endswith("/situation") else {"type": set(scheme.types)}
        ),  # there in the crew's own words
        "type_code": police_codes,
        "grade": agency,
        "sender": {sender for partner in scheme.partners.values() for sender in partner.senders},
        "flags": set(scheme.flags),
        "code": set(codes["context"]) if path.endswith("/outcome") else set(scheme.hazards),
        "status": (
            set(RESOURCE_STATUSES)
            if path.endswith("/resources")
            else {"baseline", "exercise", "live", "paused", "ended"}
            if "/districts/" in path
            else set(scheme.statuses)
        ),
        "district": set(scheme.districts),
        "vehicle_id": set(scheme.vehicles),
        "seat": {seat.seat for rule in scheme.crew_rules.values() for seat in rule.seats},
        "qualifications": set(scheme.qualifications),
        "ended": set(codes["ended"]),
        "risk_arrival": set(codes["risk"]),
        "risk_leaving": set(codes["risk"]),
        "disposal": set(codes["disposal"]),
        "conveyed_by": set(codes["conveyed_by"]),
        **({"reason": set(scheme.closing_reasons)} if path.endswith("/close") else {}),
        **({"need": set(codes["need"])} if path.endswith("/outcome") else {}),
        **({"kind": set(BACKUP)} if path.endswith("/backup") else {}),
    }


def strange(value: object, known: dict[str, set[str]], name: str = "") -> list[str]:
    """Return the codes of an example that the scheme does not know."""
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in strange(item, known, key)]
    if isinstance(value, list):
        return [found for item in value for found in strange(item, known, name)]
    return [f"{name}: {value}"] if name in known and value not in known[name] else []


def test_every_code_of_an_example_is_a_word_of_the_scheme(product: Described) -> None:
    found = {path: strange(example, words_of(north_kent(), path)) for path, example in product.examples()}
    assert {path: codes for path, codes in found.items() if codes} == {}


def test_every_example_is_taken_as_it_stands_or_refused_by_a_rule_only(product: Described) -> None:
    scene, wrong = product.scene, []
    ids = {"incident_id": scene.incident_id, "unit_id": scene.unit_id, "offer_id": scene.offer_id}
    names = {**ids, "code": "weapon", "call_sign": "P212", "district_id": "dartford"}
    for path, example in sorted(product.examples(), key=lambda one: "off" in one[0].rpartition("/")[2]):
        # What is named by other ids must be made first; the tests of records and of openings do.
        if not set(re.findall(r"{(\w+)}", path)) <= names.keys():
            continue
        real = {"other_id": scene.other_id, "incident_id": scene.incident_id}
        body = example | {key: value for key, value in real.items() if key in example}
        for who in WHO:
            answer = product.callers[who].post(path.format_map(names).removeprefix("/api/v1"), body)
            if answer.status_code != 403:
                break
        code = answer.json().get("reason_code", "")
        if answer.status_code in SENT_WRONGLY or code.startswith("unknown") or answer.status_code == 403:
            wrong.append(f"{path} as {who}: {answer.status_code} {answer.text[:200]}")
    assert wrong == []


def test_the_example_of_a_report_becomes_an_incident_of_its_type(product: Described) -> None:
    example = next(example for path, example in product.examples() if path.endswith("/reports"))
    fresh = {**example, "foreign_id": "1-0816-4499"}
    incident = product.callers["police_dispatcher"].did("/reports", fresh)["incident_id"]
    row = product.callers["police_dispatcher"].get(f"/incidents/{incident}").json()
    assert row["type"]["id"] == "assault_injury"

"""The whole product on SQLite in a directory of its own, with one of everything to talk about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from jru.bootstrap import System, build
from jru.clock import SeededRandom, VirtualClock
from jru.config import Settings
from jru.domain.agency import Agency, Role
from jru.services.grants import RIGHTS

START = datetime(2019, 8, 16, 21, 0, tzinfo=UTC)
ROLES = {role.value: role.agency or Agency.POLICE for role in RIGHTS}
SEATS = (
    ("police_driver", "police", "special_constable", ["response_driver", "personal_safety", "jru_course"]),
    ("police_second", "police", "special_constable", ["personal_safety", "jru_course"]),
    ("paramedic", "ambulance", "paramedic", ["paramedic_registration", "conflict_resolution", "jru_course"]),
)


def opened(directory: Path) -> System:
    """Return the product with a clock that stands still."""
    settings = Settings(data=directory, push_hosts=("push.example",))
    return build(settings, clock=VirtualClock(START), random=SeededRandom("web tests"), demo=True)


class Caller:
    """Somebody with a token."""

    def __init__(self, client: httpx.Client, token: str) -> None:
        self._client = client
        self._token = token
        self._keys = 0

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Look."""
        headers = {"authorization": f"Bearer {self._token}"}
        return self._client.get(f"/api/v1{path}", headers=headers, **more)

    def post(self, path: str, body: object) -> httpx.Response:
        """Send a command with a fresh key."""
        self._keys += 1
        key = f"{self._token[:12]}-{self._keys}"
        headers = {"authorization": f"Bearer {self._token}", "idempotency-key": key}
        return self._client.post(f"/api/v1{path}", json=body, headers=headers)

    def did(self, path: str, body: object) -> dict[str, Any]:
        """Send a command that must succeed, and return its outcome."""
        answer = self.post(path, body)
        assert answer.status_code in (200, 201), f"{path}: {answer.text}"
        outcome: dict[str, Any] = answer.json()["outcome"]
        return outcome


@dataclass(frozen=True)
class Scene:
    """Ids of what is there: two incidents, a unit on duty with an open offer."""

    incident_id: str
    other_id: str
    unit_id: str
    offer_id: str


def call(text: str, **more: Any) -> dict[str, Any]:
    """Return the body of a call in Gillingham."""
    return {
        "type": "assault_injury",
        "place": {"text": text, "lon": 0.5481, "lat": 51.3855},
        "flags": ["injury"],
        **more,
    }


def set_scene(police: Caller, ambulance: Caller) -> Scene:
    """Book a unit on, take two calls and offer one."""
    seats = [
        {"seat": seat, "agency": agency, "role": role, "name": f"Example {seat}", "qualifications": held}
        for seat, agency, role, held in SEATS
    ]
    duty = {"duty_start": "2019-08-16T17:00:00Z", "duty_end": "2019-08-17T01:00:00Z"}
    unit = {"call_sign": "JR01", "vehicle_id": "JR01", "district": "medway", "seats": seats, **duty}
    unit_id = police.did("/units", unit)["unit_id"]
    police.did(f"/units/{unit_id}/status", {"status": "available"})
    police.did(f"/units/{unit_id}/position", {"lon": 0.55, "lat": 51.38, "at": "2019-08-16T21:00:00Z"})
    incident_id = police.did("/incidents", call("High Street, Gillingham", grade="2"))["incident_id"]
    other_id = ambulance.did("/incidents", call("Canterbury Street, Gillingham", grade="C2"))["incident_id"]
    offer = police.did(f"/units/{unit_id}/offers", {"incident_id": incident_id})
    return Scene(incident_id, other_id, unit_id, offer["offer_id"])


def tokens(system: System, unit_id: str | None) -> dict[str, str]:
    """Return a token of every role; crew roles ride on `unit_id`."""
    return {
        name: system.issue_token(Role(name), agency, unit_id if Role(name).is_crew else None)
        for name, agency in ROLES.items()
    }

"""The whole product behind a real socket, on a Friday night in August, for browsers and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from jru.bootstrap import System, build
from jru.clock import SeededRandom, VirtualClock
from jru.config import Settings
from jru.domain.agency import Agency, Role
from jru.web.server import serving

START = datetime(2019, 8, 16, 22, 41, tzinfo=UTC)
"""Friday 16 August 2019, 23:41 on the rooms' clocks."""

DUTY_START = START - timedelta(hours=5, minutes=41)
DUTY_END = START + timedelta(hours=2, minutes=19)
SENDERS = {Agency.POLICE: "KENTPOL", Agency.AMBULANCE: "SECAMB"}
QUALIFIED = {
    "police_driver": ["response_driver", "personal_safety", "jru_course"],
    "police_second": ["personal_safety", "jru_course"],
    "paramedic": ["paramedic_registration", "conflict_resolution", "jru_course"],
}
DISTRICTS = {"JR01": ("medway", "special_constable"), "JR02": ("gravesham", "constable")}
GILLINGHAM = {"text": "High Street, Gillingham", "lon": 0.5481, "lat": 51.3855}


class Program:
    """A control room's own system, or a crew's device, that speaks to the interface with a token."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=f"{url}/api/v1", headers={"authorization": f"Bearer {token}"}, timeout=10
        )
        self._keys = count(1)
        self._name = token[:12]

    def get(self, path: str) -> Any:
        """Return what stands under a path."""
        answer = self._http.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return answer.json()

    def post(self, path: str, body: object) -> httpx.Response:
        """Send a command under a fresh key."""
        key = f"{self._name}-{next(self._keys)}"
        return self._http.post(path, json=body, headers={"idempotency-key": key})

    def do(self, path: str, body: object) -> dict[str, Any]:
        """Send a command that must be taken, and return its outcome."""
        answer = self.post(path, body)
        assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
        outcome: dict[str, Any] = answer.json()["outcome"]
        return outcome

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()


@dataclass(frozen=True)
class Stage:
    """A running server with both rooms' programs; call signs on duty have their ids in `units`."""

    system: System
    clock: VirtualClock
    url: str
    programs: dict[Agency, Program]
    units: dict[str, str]

    def report(self, agency: Agency, foreign_id: str, **more: Any) -> dict[str, Any]:
        """Let a room's own system report an incident."""
        body = {
            "sender": SENDERS[agency],
            "foreign_id": foreign_id,
            "epoch": 2019,
            "message_version": 1,
            "kind": "create",
            "at": self.clock.now().isoformat(),
            "place": GILLINGHAM,
            "flags": [],
            "hazards": [],
            **more,
        }
        return self.programs[agency].do("/reports", body)

    def put_on_duty(self, call_sign: str) -> str:
        """Book a full crew on, ready beside its base; return the unit's id."""
        district, police_role = DISTRICTS[call_sign]
        police = self.programs[Agency.POLICE]
        seats = [
            {
                "seat": seat,
                "agency": "ambulance" if seat == "paramedic" else "police",
                "role": "paramedic" if seat == "paramedic" else police_role,
                "name": f"Example {number}",
                "qualifications": held,
            }
            for number, (seat, held) in enumerate(QUALIFIED.items(), 1)
        ]
        unit = {
            "call_sign": call_sign,
            "vehicle_id": call_sign,
            "district": district,
            "duty_start": DUTY_START.isoformat(),
            "duty_end": DUTY_END.isoformat(),
            "seats": seats,
        }
        unit_id: str = police.do("/units", unit)["unit_id"]
        police.do(f"/units/{unit_id}/status", {"status": "available"})
        where = (0.5477, 51.3966) if call_sign == "JR01" else (0.3382, 51.4356)
        at = self.clock.now().isoformat()
        police.do(f"/units/{unit_id}/position", {"lon": where[0], "lat": where[1], "at": at})
        self.units[call_sign] = unit_id
        return unit_id


@contextmanager
def open_stage(
    directory: Path, *, demo: bool = True, at: datetime = START, seed: str = "browser tests"
) -> Iterator[Stage]:
    """Serve the product from `directory`, whatever it holds; its clock runs as fast as the world's.

    A server that is started again needs a chance of its own: it makes keys that must be new.
    """
    clock = VirtualClock(at, rate=1.0)
    settings = Settings(data=directory, push_hosts=("127.0.0.1",))
    system = build(settings, clock=clock, random=SeededRandom(seed), demo=demo)
    programs: dict[Agency, Program] = {}
    try:
        with serving(system.app) as url:
            for agency in SENDERS:
                role = Role(f"{agency}_dispatcher")
                programs[agency] = Program(url, system.issue_token(role, agency))
            yield Stage(system, clock, url, programs, {})
            for program in programs.values():
                program.close()
    finally:
        system.close()

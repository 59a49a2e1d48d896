"""A joint vehicle on the road: where it is, and the positions its device sends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from jru.demo.api import Api, iso
from jru.demo.director import Steps
from jru.demo.driving import BLUE, Driving, nearby
from jru.geo.journey import LonLat

POSITION_S: Final = 45.0
"""How often the device sends its position on the way."""

LIVE_POSITION_S: Final = 20.0
ACCURACY_M: Final = 8.0


class Car:
    """The simulated vehicle of one crew."""

    def __init__(self, driving: Driving, at: LonLat) -> None:
        self.at = at
        self.api: Api | None = None
        self.unit_id = ""
        self._driving = driving

    async def send_position(self, speed_mps: float = 0.0) -> None:
        """Send where the vehicle is now."""
        if self.api is None:
            return
        body = {
            "lon": round(self.at[0], 6),
            "lat": round(self.at[1], 6),
            "accuracy_m": ACCURACY_M,
            "speed_mps": round(speed_mps, 1),
            "at": iso(self.api.now),
        }
        await self.api.post(f"/units/{self.unit_id}/position", body)

    async def drive(
        self, target: LonLat, go_on: Callable[[], Awaitable[bool]], *, mode: str = BLUE, live: bool = False
    ) -> Steps:
        """Follow the road to a place, sending positions; stop where `go_on` says so."""
        if nearby(self.at, target, 30):
            return
        way = self._driving.way(self.at, target, mode=mode)
        speed_mps = way.distance_m / way.eta_s if way.eta_s else 0.0
        gone_s, step_s = 0.0, LIVE_POSITION_S if live else POSITION_S
        while gone_s < way.eta_s:
            wait_s = min(step_s, way.eta_s - gone_s)
            yield wait_s
            gone_s += wait_s
            self.at = way.at(gone_s)
            await self.send_position(speed_mps if gone_s < way.eta_s else 0.0)
            if not await go_on():
                return
        self.at = target

"""When and how a simulated dispatcher offers the joint unit: by the recommendation, the most pressing call first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from jru.demo.api import Row, moment
from jru.demo.rooms import Room
from jru.demo.watch import holds, own_resources, place_of

LONGEST_WAY_S: Final = 1500
"""A joint unit farther away than this is not offered."""

CONSIDER_AFTER: Final = timedelta(minutes=6)
"""How long a dispatcher waits before offering a unit that is only worth considering; assumed."""

OTHER_ROOM_AFTER: Final = timedelta(minutes=3)
"""How long the room that does not own the incident leaves the first move to the other; assumed."""

DUTY_LEFT: Final = timedelta(minutes=40)
"""A unit with less of its duty left is not offered; assumed."""

AGAIN_AFTER: Final = timedelta(minutes=10)
WORTH_ASKING: Final = 3.0
"""From this score on the dispatcher asks for the recommendation; the row's own verdict may be older than a unit's
becoming free."""


class Offering:
    """One dispatcher's offers."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._not_before: dict[str, datetime] = {}
        self._had_a_unit: set[str] = set()

    async def offer(self, rows: list[Row]) -> None:
        """Offer each free unit to the call where it is worth most."""
        self._had_a_unit.update(row["id"] for row in rows if row["units"])
        free = [unit["id"] for unit in self._room.watch.units.values() if self._may_be_offered(unit)]
        if not free:
            return
        for row in sorted((row for row in rows if self._worth(row)), key=_most_pressing):
            unit_id = await self._offer_best(row, free)
            free = [other for other in free if other != unit_id]
            if not free:
                return

    def _may_be_offered(self, unit: Row) -> bool:
        left = (moment(unit["duty"]["end"]) or self._room.api.now) - self._room.api.now
        return unit["status"] == "available" and not unit["offer"] and left >= DUTY_LEFT

    def _worth(self, row: Row) -> bool:
        """Tell whether a dispatcher would think of the joint unit here, now."""
        now = self._room.api.now
        if (
            row["id"] in self._had_a_unit
            or place_of(row) is None
            or now < self._not_before.get(row["id"], now)
        ):
            return False
        if row["owner"] != self._room.agency and now - _opened(row, now) < OTHER_ROOM_AFTER:
            return False
        if _asked(row) or holds(row):
            return True
        there = own_resources(row, "police", "scene") or own_resources(row, "ambulance", "scene")
        return row["suitability"]["score"] >= WORTH_ASKING and not there

    async def _offer_best(self, row: Row, free: list[str]) -> str | None:
        """Ask for the recommendation and follow it; return the unit that was offered."""
        room, now = self._room, self._room.api.now
        self._not_before[row["id"]] = now + AGAIN_AFTER
        found = await room.api.get(f"/incidents/{row['id']}/recommendation")
        if not found.ok or found.body["refusal"] or found.body["verdict"] == "no":
            return None
        ripe_at = _opened(row, now) + CONSIDER_AFTER
        if found.body["verdict"] == "consider" and not _asked(row) and now < ripe_at:
            self._not_before[row["id"]] = ripe_at
            return None
        for unit in found.body["units"]:
            if unit["unit_id"] in free and _acceptable(unit):
                offered = await room.api.post(f"/units/{unit['unit_id']}/offers", {"incident_id": row["id"]})
                if offered.ok:
                    room.world.ring(unit["call_sign"])
                    return str(unit["unit_id"])
        return None


def _opened(row: Row, now: datetime) -> datetime:
    return moment(row["opened_at"]) or now


def _asked(row: Row) -> bool:
    """Tell whether one service waits for the other here."""
    return any(not wait["arrived_at"] and not wait["released_at"] for wait in row["waits"])


def _most_pressing(row: Row) -> tuple[bool, int, float, str, str]:
    urgency = min((ref["urgency"] for ref in row["refs"]), default=5)
    return not _asked(row), urgency, -row["suitability"]["score"], row["opened_at"], row["id"]


def _acceptable(unit: Row) -> bool:
    """Tell whether a dispatcher would send this unit: able, near and of this area."""
    stops = {"out_of_area", "break_due", "seat_missing", "beyond_limit"}
    short = {shortfall["code"] for shortfall in unit["shortfalls"]}
    return unit["can_offer"] and not short & stops and (unit["eta_s"] or 0) <= LONGEST_WAY_S

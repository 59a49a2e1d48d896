"""When a unit on its way is expected, by road from the newest position it has sent.

Reckoned from the time of that position, or from the assignment when that came later, not from now: the same position
gives the same time, whoever looks and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .ground import Ground
from .streams import Aboard

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a unit is expected, and from when what is known of its way is."""

    at: datetime
    known_at: datetime


class Arrivals:
    """Expected arrivals; a way is asked of the roads once for each position and target."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._known: dict[str, tuple[Spot, Spot, float | None]] = {}

    def of(self, aboard: Aboard, target: Spot | None) -> Arrival | None:
        """Return when a unit is expected at a place; None when it is not on its way or the way is not known."""
        job = aboard.state.job
        if job is None or not aboard.state.on_the_way or target is None:
            return None
        start, known_at = self._start(aboard, job.assigned_at)
        eta_s = self._eta_s(aboard.state.unit_id, start, target)
        if eta_s is None:
            return None
        set_off = max(known_at, job.assigned_at)
        return Arrival(set_off + timedelta(seconds=round(eta_s)), known_at)

    def let_go(self) -> None:
        """Forget the ways of units that are on none."""
        units = self._ground.board.units
        self._known = {
            one: known for one, known in self._known.items() if one in units and units[one].state.on_the_way
        }

    def _start(self, aboard: Aboard, assigned_at: datetime) -> tuple[Spot, datetime]:
        """Return where the unit was last, and when; its base when it had no position that could be used."""
        blueprint = self._ground.board.scheme.at(assigned_at)
        position = aboard.position
        oldest = assigned_at - timedelta(seconds=blueprint.timers.position_unusable_s)
        if position is not None and position.at >= oldest:
            return (position.lon, position.lat), position.at
        vehicle = blueprint.vehicles.get(aboard.state.vehicle_id)
        base = blueprint.sites[vehicle.base if vehicle else blueprint.districts[aboard.state.district].base]
        return (base.lon, base.lat), assigned_at

    def _eta_s(self, unit_id: str, start: Spot, target: Spot) -> float | None:
        known = self._known.get(unit_id)
        if known is None or known[:2] != (start, target):
            (way,) = self._ground.roads.times_to(target, [start])
            known = self._known[unit_id] = start, target, way.eta_s
        return known[2]

"""What changes by the clock alone: duty hours, dated states and versions of the scheme, positions growing old."""

from __future__ import annotations

from datetime import datetime

from jru.domain.blueprint import DistrictStatus
from jru.domain.duty import on_duty

from .board import Board

Standing = dict[str, tuple[int, DistrictStatus | None, bool]]


class Turning:
    """Touches the records whose rows would read otherwise now than when they last changed."""

    def __init__(self, board: Board, now: datetime) -> None:
        self._board = board
        self._standing = self._districts(now)
        self._stale = self._old_positions(now)

    def turn(self, now: datetime) -> None:
        """Do it for this moment."""
        board = self._board
        with board.lock:
            standing, stale = self._districts(now), self._old_positions(now)
            changed = {
                d for d in standing.keys() | self._standing if standing.get(d) != self._standing.get(d)
            }
            touched = [*board.legs_in(changed), *(unit_id for unit_id, _ in stale ^ self._stale)]
            if {v[0] for v in standing.values()} != {v[0] for v in self._standing.values()}:
                touched = [*board.legs, *board.units]
            self._standing, self._stale = standing, stale
            board.touch(touched)

    def _districts(self, now: datetime) -> Standing:
        scheme = self._board.scheme
        if not scheme.adopted:
            return {}
        blueprint = scheme.at(now)
        return {
            district: (blueprint.version, scheme.status_of(district, now), on_duty(blueprint, district, now))
            for district in blueprint.districts
        }

    def _old_positions(self, now: datetime) -> set[tuple[str, datetime]]:
        if not self._board.scheme.adopted:
            return set()
        limit_s = self._board.scheme.at(now).timers.position_stale_s
        with self._board.lock:
            return {
                (unit_id, aboard.position.at)
                for unit_id, aboard in self._board.units.items()
                if aboard.position and (now - aboard.position.at).total_seconds() > limit_s
            }

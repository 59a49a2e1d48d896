"""The scheme in force: blueprint versions by effective time, and the districts' states by date."""

from __future__ import annotations

from datetime import datetime

from jru.domain.blueprint import Blueprint, DistrictState, DistrictStatus
from jru.domain.event_types import Event
from jru.domain.unit_events import DistrictStateSet

STREAM = "scheme"


class Scheme:
    """All adopted versions and all district states, oldest first; built by applying the scheme's events."""

    def __init__(self) -> None:
        self._versions: list[tuple[datetime, Blueprint]] = []
        self._states: list[DistrictState] = []

    def adopt(self, effective_at: datetime, blueprint: Blueprint) -> None:
        """Put a version into force from its effective time."""
        self._versions = sorted(
            [*self._versions, (effective_at, blueprint)], key=lambda v: (v[0], v[1].version)
        )

    def apply(self, happened: Event, at: datetime, by: str, reason: str) -> None:
        """Take in an event of the scheme's stream, other than an adoption, whose text is a payload."""
        if isinstance(happened, DistrictStateSet):
            state = DistrictState(happened.district, happened.status, at, by, reason)
            self._states = [*self._states, state]

    def has(self, number: int) -> bool:
        """Tell whether a version of this number was adopted."""
        return any(blueprint.version == number for _, blueprint in self._versions)

    @property
    def adopted(self) -> bool:
        """Tell whether any version was adopted."""
        return bool(self._versions)

    def at(self, moment: datetime) -> Blueprint:
        """Return the version in force at a moment; before the first one, the first."""
        for effective_at, blueprint in reversed(self._versions):
            if effective_at <= moment:
                return blueprint
        return self._versions[0][1]

    def version(self, number: int, moment: datetime) -> Blueprint:
        """Return a version by its number, for an assignment that began under it."""
        return next((b for _, b in reversed(self._versions) if b.version == number), self.at(moment))

    def state_of(self, district: str | None, moment: datetime) -> DistrictState | None:
        """Return a district's state: what a supervisor set last, else what the blueprint dates say."""
        if district is None:
            return None
        set_by_people = [s for s in self._states if s.district == district and s.since <= moment]
        planned = self.at(moment).state_of(district, moment)
        found = [*([planned] if planned else []), *set_by_people]
        return max(found, key=lambda s: s.since, default=None)

    def status_of(self, district: str | None, moment: datetime) -> DistrictStatus | None:
        """Return a district's status, or None outside the scheme."""
        state = self.state_of(district, moment)
        return state.status if state else None

"""What is really the case in the simulated night, apart from what anybody has been told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jru.clock import Random
from jru.demo.api import Row, Tally, moment
from jru.demo.calls import draw_happening
from jru.demo.director import Director, Process
from jru.demo.driving import Driving
from jru.demo.happening import Happening
from jru.demo.mix import Flow
from jru.demo.places import Place
from jru.demo.profiles import PROFILES
from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint


@dataclass(slots=True)
class World:
    """Shared by all simulated people; `end` is when no more calls come."""

    blueprint: Blueprint
    director: Director
    driving: Driving
    tally: Tally
    chance: Random
    start: datetime
    end: datetime
    by_reference: dict[str, Happening] = field(default_factory=dict)
    in_hand: set[str] = field(default_factory=set)
    crews: dict[str, Process] = field(default_factory=dict)

    def ring(self, call_sign: str, within_s: float = 4.0) -> None:
        """Let a crew's device sound: its crew looks at it within some seconds."""
        crew = self.crews.get(call_sign)
        if crew is not None:
            self.director.wake(crew, within_s)

    def enter(self, happenings: Sequence[Happening]) -> None:
        """Give every call the number that its control room's system will give it."""
        for happening in happenings:
            self.by_reference[self.reference(happening, happening.first.agency)] = happening
            if happening.second is not None:
                self.by_reference[self.reference(happening, happening.second.agency)] = happening

    def reference(self, happening: Happening, agency: Agency) -> str:
        """Return the foreign number of a happening in one control room's system."""
        if agency is Agency.POLICE:
            return f"1-{self.start:%m%d}-{4000 + happening.number}"
        return f"{77000 + happening.number}"

    def happening_of(self, row: Row) -> Happening:
        """Return what really happens at an incident; for one that a person has entered, something is drawn."""
        for ref in row["refs"]:
            found = self.by_reference.get(ref["foreign_id"])
            if found is not None:
                return found
        return self._invented(row)

    def _invented(self, row: Row) -> Happening:
        type_id = row["type"]["id"] if row["type"] and row["type"]["id"] in PROFILES else "public_order"
        given = row["place"] or {}
        base = next(iter(self.blueprint.sites.values()))
        lon, lat = given.get("lon") or base.lon, given.get("lat") or base.lat
        place = Place(given.get("text") or "somewhere", lon, lat, given.get("district") or "", "")
        flow = Flow(Agency(row["owner"]), "entered by hand", type_id, 0.0)
        at = moment(row["opened_at"]) or self.start
        chance = self.chance.child(f"entered/{row['id']}")
        found = draw_happening(0, at, flow, place, "entered by hand", self.blueprint, 1.0, chance)
        for ref in row["refs"]:
            self.by_reference[ref["foreign_id"]] = found
        return found

    def same(self, one: Row, other_number: str, rows: Sequence[Row]) -> bool:
        """Tell whether two incidents are one happening, as a person comparing them would find out."""
        other = next((row for row in rows if row["number"] == other_number), None)
        mine = {self.by_reference.get(ref["foreign_id"]) for ref in one["refs"]}
        if other is None:
            return any(h is not None and h.second is not None for h in mine)
        return bool(mine & {self.by_reference.get(ref["foreign_id"]) for ref in other["refs"]} - {None})

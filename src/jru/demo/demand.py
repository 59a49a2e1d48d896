"""Draw the calls of a night: how many, when, where, of which type, and what is really the matter."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from jru.clock import Random
from jru.demo.areas import GROUPS, AreaDemand
from jru.demo.calls import draw_happening
from jru.demo.happening import Happening
from jru.demo.mix import Flow, need_factor, weekly_flows
from jru.demo.places import Place, invented_place, recorded_place
from jru.demo.shape import hours_between, share_of_week
from jru.domain.blueprint import Blueprint
from jru.exchange.police_uk.model import GROUPS as RECORD_GROUPS
from jru.services.past_records import PastRecord

_STREET_GROUPS = ("violence_sexual", "asb", "public_order")
"""The groups that stand in for the places of calls which no public record counts."""


@dataclass(frozen=True, slots=True)
class _When:
    at: datetime
    flow: Flow
    name: str


class Demand:
    """The demand of one scheme; the same chance gives the same night."""

    def __init__(
        self, blueprint: Blueprint, areas: Sequence[AreaDemand], records: Sequence[PastRecord] = ()
    ) -> None:
        """Use the areas' counts, or, when given, imported records for places and types."""
        self._blueprint = blueprint
        self._zone = ZoneInfo(blueprint.time_zone)
        self._flows = weekly_flows(tuple(areas))
        self._need_factor = need_factor(self._flows, blueprint)
        self._from_areas = {
            group: _AreaDraw(areas, _columns(group)) for group in (*GROUPS, *_others(self._flows))
        }
        self._from_records = {
            group: [record for record in records if RECORD_GROUPS[record.kind] in _columns(group)]
            for group in self._from_areas
        }

    def expected(self, start: datetime, end: datetime) -> float:
        """Return the mean number of happenings between two aware moments."""
        a_week = sum(flow.a_week for flow in self._flows)
        return a_week * sum(self._share(at) * part for at, part in hours_between(start, end))

    def draw(self, start: datetime, end: datetime, chance: Random) -> list[Happening]:
        """Return the happenings between two aware moments, in order of their first call."""
        whens = [when for flow in self._flows for when in self._times(flow, start, end, chance)]
        whens.sort(key=lambda when: (when.at, when.name))
        return [self._happening(i, when, chance.child(when.name)) for i, when in enumerate(whens, start=1)]

    def _times(self, flow: Flow, start: datetime, end: datetime, chance: Random) -> list[_When]:
        """Return the times of one flow: a Poisson stream whose rate is constant within an hour."""
        name = f"{flow.agency}/{flow.group}/{flow.type_id}"
        stream = chance.child(f"times/{name}")
        whens: list[_When] = []
        for at, part in hours_between(start, end):
            rate_an_hour = flow.a_week * self._share(at)
            into_h = stream.exponential(1 / rate_an_hour) if rate_an_hour else part
            while into_h < part:
                moment = at + timedelta(seconds=round(into_h * 3600))
                whens.append(_When(moment, flow, f"{name}/{len(whens)}"))
                into_h += stream.exponential(1 / rate_an_hour)
        return whens

    def _share(self, at: datetime) -> float:
        return share_of_week(at.astimezone(self._zone))

    def _happening(self, number: int, when: _When, chance: Random) -> Happening:
        place, source = self._place(when.flow.group, chance.child("place"))
        return draw_happening(
            number,
            when.at,
            when.flow,
            place,
            source,
            self._blueprint,
            self._need_factor,
            chance.child("call"),
        )

    def _place(self, group: str, chance: Random) -> tuple[Place, str]:
        records = self._from_records[group]
        if records:
            record = records[chance.below(len(records))]
            return recorded_place(record), f"record of {record.month}"
        return invented_place(self._from_areas[group].draw(chance), chance), "counts per area"


class _AreaDraw:
    """Draws an area with a chance in proportion to its records of some groups."""

    def __init__(self, areas: Sequence[AreaDemand], groups: Sequence[str]) -> None:
        self._areas = areas
        self._sums = list(accumulate(sum(area.records[group] for group in groups) for area in areas))

    def draw(self, chance: Random) -> AreaDemand:
        return self._areas[bisect(self._sums, chance.below(self._sums[-1]))]


def _columns(group: str) -> tuple[str, ...]:
    return (group,) if group in GROUPS else _STREET_GROUPS


def _others(flows: Sequence[Flow]) -> list[str]:
    return sorted({flow.group for flow in flows} - set(GROUPS))

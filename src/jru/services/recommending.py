"""Which joint unit, why, and what otherwise - with the roads as they are known."""

from __future__ import annotations

from datetime import datetime

from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint, Site
from jru.domain.dispatch import Candidate, Ranked, otherwise, recommend
from jru.domain.incident import Resource
from jru.domain.joint import Joint
from jru.domain.matching import distance_m
from jru.domain.offer import Way
from jru.domain.refusal import Refusal
from jru.domain.suitability import Suitability, assess, situation
from jru.domain.tasking import Allowed, may_offer

from .access import Viewer
from .consequences import situation_now
from .ground import Ground
from .ports import TravelTime
from .records import RecommendationRecord, Row
from .streams import Aboard
from .wording import iso

_SLACK_S = 60


class Recommending:
    """Ranks units for incidents."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def rendezvous(self, joint: Joint, now: datetime) -> Site | None:
        """Return the rendezvous point nearest to the incident, or None without a place or a point."""
        place = self._place(joint)
        sites = [s for s in self._ground.board.scheme.at(now).sites.values() if s.kind == "rvp"]
        if place is None or not sites:
            return None
        return min(sites, key=lambda s: (distance_m(s.lon, s.lat, *place), s.site_id))

    def _place(self, joint: Joint) -> tuple[float, float] | None:
        for leg in joint.legs:
            entry = self._ground.board.fetch(leg.incident_id)
            place = entry.place if entry else None
            if place and place.get("lon") is not None and place.get("lat") is not None:
                return float(place["lon"]), float(place["lat"])
        return None

    def ranked(self, joint: Joint, now: datetime) -> list[Ranked]:
        """Return every unit on duty, ranked for an incident."""
        ground = self._ground
        blueprint = ground.board.scheme.at(now)
        on_duty = ground.board.open_units()
        target = self.target(joint, now)
        ways = self._ways(on_duty, target, now)
        candidates = [
            Candidate(a.state, way.eta_s, way.distance_m, way.method, self._age_s(a, now))
            for a, way in zip(on_duty, ways, strict=True)
        ]
        return recommend(candidates, joint, blueprint, now, to_rvp=bool(joint.holding))

    def target(self, joint: Joint, now: datetime) -> tuple[float, float] | None:
        """Return where a unit goes: the rendezvous point while a hazard holds, else the place; None without one."""
        point = self.rendezvous(joint, now) if joint.holding else None
        return (point.lon, point.lat) if point else self._place(joint)

    def _ways(
        self, units: list[Aboard], target: tuple[float, float] | None, now: datetime
    ) -> list[TravelTime]:
        if target is None:
            return [TravelTime(None, None, "no-place")] * len(units)
        blueprint = self._ground.board.scheme.at(now)
        return list(self._ground.roads.times_to(target, [self._where(a, now, blueprint) for a in units]))

    def where(self, aboard: Aboard, now: datetime) -> tuple[float, float]:
        """Return the unit's position, or its base when it has none that can be used."""
        return self._where(aboard, now, self._ground.board.scheme.at(now))

    def _where(self, aboard: Aboard, now: datetime, blueprint: Blueprint) -> tuple[float, float]:
        position = aboard.position
        age = self._age_s(aboard, now)
        if position is not None and age is not None and age <= blueprint.timers.position_unusable_s:
            return position.lon, position.lat
        vehicle = blueprint.vehicles.get(aboard.state.vehicle_id)
        base = blueprint.sites[vehicle.base if vehicle else blueprint.districts[aboard.state.district].base]
        return base.lon, base.lat

    def _age_s(self, aboard: Aboard, now: datetime) -> float | None:
        return (now - aboard.position.at).total_seconds() if aboard.position else None

    def way(self, aboard: Aboard, joint: Joint, now: datetime) -> Way:
        """Return what an offer records of the unit's way."""
        found = self._ways([aboard], self.target(joint, now), now)[0]
        lon, lat = self.where(aboard, now)
        status = self._ground.board.scheme.status_of(joint.district, now)
        return Way(found.eta_s, found.method, lon, lat, status)

    def suitability(self, joint: Joint, now: datetime, best: Ranked | None) -> Suitability:
        """Return the verdict with the best unit's arrival and the time it wins over the next best response."""
        blueprint = self._ground.board.scheme.at(now)
        plain = situation_now(self._ground.board, joint, now)
        facts = situation(
            joint,
            blueprint,
            now,
            units_left=plain.units_left,
            on_duty=plain.on_duty,
            status=plain.district_status,
            elsewhere=plain.elsewhere,
            eta_s=best.eta_s if best else None,
            gain_s=self._gain_s(joint, now, best),
        )
        return assess(facts, blueprint)

    def _gain_s(self, joint: Joint, now: datetime, best: Ranked | None) -> float | None:
        """Return how much sooner both skills are there than the later of the two services' own resources."""
        if best is None or best.eta_s is None:
            return None
        arrivals = []
        for agency in Agency:
            coming = [
                r
                for r in joint.resources
                if r.agency is agency and r.status in ("assigned", "mobile", "scene")
            ]
            times = [t for t in (_arrival_s(r, now) for r in coming) if t is not None]
            if not times:
                return None
            arrivals.append(max(0.0, min(times)))
        return max(arrivals) - best.eta_s

    def record(self, viewer: Viewer, joint: Joint, now: datetime) -> RecommendationRecord:
        """Return the recommendation as it may leave."""
        ground = self._ground
        blueprint = ground.board.scheme.at(now)
        units = self.ranked(joint, now)
        best = next((u for u in units if u.can_offer), None)
        found = self.suitability(joint, now, best)
        first = best or (units[0] if units else None)
        allowed = self._allowed(viewer, joint, now, first)
        point = self.rendezvous(joint, now) if joint.holding else None
        return RecommendationRecord(
            relation=ground.board.relation(joint),
            incident_id=joint.incident_id,
            computed_at=iso(now),
            verdict=found.verdict,
            score=found.score,
            sentence=found.sentence,
            nearest_miss=found.nearest_miss,
            target="rvp" if joint.holding else "scene",
            rvp=site_row(point),
            units=tuple(
                self._row(u, not isinstance(self._allowed(viewer, joint, now, u), Refusal)) for u in units
            ),
            otherwise={a.value: otherwise(joint, a, blueprint, now) for a in Agency},
            plan=_plan(joint, blueprint),
            rule=allowed.rule or "",
            refusal=allowed.reason if isinstance(allowed, Refusal) else None,
        )

    def _allowed(self, viewer: Viewer, joint: Joint, now: datetime, unit: Ranked | None) -> Allowed | Refusal:
        ground = self._ground
        blueprint = ground.board.scheme.at(now)
        aboard = ground.board.fetch_unit(unit.unit_id) if unit else None
        district = aboard.state.district if aboard else next(iter(blueprint.districts))
        return may_offer(
            blueprint.tasking_for(joint.district),
            viewer.agency,
            joint,
            ground.board.scheme.status_of(joint.district, now),
            unit.eta_s if unit else None,
            in_area=aboard is None or blueprint.in_area(district, joint.district),
        )

    def _row(self, unit: Ranked, room_may: bool) -> Row:
        divert_from = self._ground.board.joint(unit.divert_from) if unit.divert_from else None
        return {
            "rank": unit.rank,
            "unit_id": unit.unit_id,
            "call_sign": unit.call_sign,
            "eta_s": None if unit.eta_s is None else round(unit.eta_s),
            "eta_words": eta_words(unit.eta_s),
            "distance_m": None if unit.distance_m is None else round(unit.distance_m),
            "method": unit.method,
            "joint_complete": unit.joint_complete,
            "can_offer": unit.can_offer and room_may,
            "reasons": list(unit.reasons),
            "shortfalls": [{"code": s.code, "words": s.words, "blocks": s.blocks} for s in unit.shortfalls],
            "sentence": unit.sentence,
            "divert_from": divert_from.first.number if divert_from else None,
        }


def _plan(joint: Joint, blueprint: Blueprint) -> str:
    """Say whether the joint unit goes instead of the two separate responses or as well as an ambulance."""
    kind = blueprint.types.get(joint.type or "")
    policy = blueprint.tasking_for(joint.district)
    keeps = joint.grade_of(Agency.AMBULANCE) in policy.keep_ambulance_categories
    if keeps or (kind is not None and kind.ambulance_as_well):
        return "as well as an ambulance"
    return "instead of a patrol and an ambulance"


def _arrival_s(resource: Resource, now: datetime) -> float | None:
    if resource.status == "scene":
        return 0.0
    return (resource.eta_at - now).total_seconds() if resource.eta_at else None


def eta_words(eta_s: float | None) -> str:
    """Return a travel time as a person would say it; no seconds, and marked while nothing was calibrated."""
    if eta_s is None:
        return "beyond the travel limit"
    return f"about {max(1, round(eta_s / _SLACK_S))} min (not calibrated)"


def site_row(site: Site | None) -> Row | None:
    """Return a site as a row."""
    return {"name": site.name, "lon": site.lon, "lat": site.lat} if site else None

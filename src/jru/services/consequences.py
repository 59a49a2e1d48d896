"""What follows from an event without anybody asking: candidates, verdicts, match suggestions, endings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice

from jru.domain import incident_events as iev
from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint
from jru.domain.deciding import Setting, emit, op
from jru.domain.duty import on_duty
from jru.domain.event_types import Emitted
from jru.domain.incident import Incident
from jru.domain.joint import Joint, candidate_rule
from jru.domain.linking import close_all
from jru.domain.matching import Sighting, find_matches
from jru.domain.suitability import Situation, Suitability, assess, situation
from jru.domain.tasking import outranks
from jru.domain.unit import Unit, capability, crew_rule_of
from jru.domain.words import CLOSED_BY_ROOM

from .board import Board
from .recorder import Unfolding

MOST_SUGGESTIONS = 3
ENOUGH_FREE = 2
"""No verdict tells more free units apart: none, the last one, another stays."""
MOST_ASSESSED = 4096


def situation_now(board: Board, joint: Joint, at: datetime) -> Situation:
    """Return what the verdict looks at, with the joint units that are free now."""
    blueprint = board.scheme.at(at)
    district = joint.district
    near = {name for name in blueprint.districts if blueprint.in_area(name, district)}
    units = [u.state for u in board.open_units()]
    if blueprint.tasking_for(district).out_of_district == "never":
        units = [u for u in units if u.district in near]
    free = partial(_free, joint, blueprint)
    left = sum(1 for _ in islice((u for u in units if u.district in near and free(u)), ENOUGH_FREE))
    return situation(
        joint,
        blueprint,
        at,
        units_left=max(left, min(ENOUGH_FREE, len(joint.active))),
        on_duty=bool(units) or (district is not None and on_duty(blueprint, district, at)),
        status=board.scheme.status_of(district, at),
        elsewhere=left == 0 and any(free(u) for u in units if u.district not in near),
    )


def _free(joint: Joint, blueprint: Blueprint, unit: Unit) -> bool:
    """Tell whether a unit could be sent to an incident: complete, on no other one, and not being asked for one."""
    rule, offer = blueprint.statuses[unit.status], unit.offer
    if (
        unit.job is not None
        or not rule.available
        or not capability(unit, crew_rule_of(unit, blueprint)).joint
    ):
        return False
    if offer is None or any(leg.incident_id == offer.incident_id for leg in joint.legs):
        return True
    return outranks(blueprint.tasking_for(joint.district), joint, offer)


def person_seconds(board: Board, joint: Joint) -> tuple[int, int]:
    """Return the person-seconds that joint units gave to an incident, police first; by the seats as booked."""
    police = ambulance = 0.0
    for spent in joint.commitments:
        aboard = board.fetch_unit(spent.unit_id)
        if aboard is None or spent.until is None:
            continue
        seconds = (spent.until - spent.since).total_seconds()
        seats = [seat.agency for seat in aboard.state.seats]
        police += seconds * seats.count(Agency.POLICE)
        ambulance += seconds * seats.count(Agency.AMBULANCE)
    return round(police), round(ambulance)


def verdict_now(board: Board, joint: Joint, at: datetime) -> Suitability:
    """Return the suitability of an incident as things stand."""
    blueprint = board.scheme.at(at)
    facts = situation_now(board, joint, at)
    found = board.assessed.get((blueprint.version, facts))
    if found is None:
        found = assess(facts, blueprint)
        if len(board.assessed) >= MOST_ASSESSED:
            board.assessed.clear()
        board.assessed[blueprint.version, facts] = found
    return found


def verdict_shown(board: Board, joint: Joint, at: datetime) -> Suitability:
    """Return the verdict for a row: as things stand; after the end, as it was last recorded."""
    if joint.first.closed_at is None:
        return verdict_now(board, joint, at)
    ended = joint.first.closed_at
    facts = situation(joint, board.scheme.at(at), ended, status=board.scheme.status_of(joint.district, ended))
    found, last = assess(facts, board.scheme.at(at)), joint.first.verdict
    if last is None or "hold" in (found.verdict, last.verdict):
        return found
    return replace(found, verdict=last.verdict, score=last.score, nearest_miss=None)


class Consequences:
    """Adds to a decision what the scheme makes of it."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._sighted: dict[str, tuple[Incident, Sighting]] = {}

    def of(
        self, setting: Setting, emitted: Sequence[Emitted], unfolding: Unfolding | None = None
    ) -> list[Emitted]:
        """Return the decision with its consequences, in order; `unfolding` holds the decision, where there is one."""
        after = list(emitted)
        wholes: dict[str, Joint] = {}
        for joint in self._after(unfolding or Unfolding(self._board, emitted)):
            wholes[joint.incident_id] = joint
        for joint in wholes.values():
            after += self._follow(setting, joint, emitted)
        return after

    def _after(self, unfolding: Unfolding) -> list[Joint]:
        """Return the joint incidents that the events touch, as they will be."""
        states = {s.incident_id: s for s in unfolding.states.values() if isinstance(s, Incident)}

        def as_it_will_be(incident_id: str) -> Incident | None:
            return states.get(incident_id) or self._current(incident_id)

        return [Joint.around(state, as_it_will_be) for state in states.values()]

    def _current(self, incident_id: str) -> Incident | None:
        leg = self._board.fetch(incident_id)
        return leg.state if leg else None

    def _follow(self, setting: Setting, joint: Joint, emitted: Sequence[Emitted]) -> list[Emitted]:
        stream, at = op(joint.incident_id), setting.now
        found: list[Emitted] = []
        if not joint.first.open:
            just_now = any(isinstance(item.event, iev.IncidentClosed) for item in emitted)
            return self._verdict(setting, joint, "not_sent") if just_now else []
        if self._all_closed(joint):
            ended = close_all(joint, CLOSED_BY_ROOM, person_seconds(self._board, joint), at)
            return [*self._verdict(setting, joint, "not_sent"), *ended]
        visible = len(joint.visible_to) == len(Agency)
        if not visible and joint.first.candidate_rule is None:
            rule = candidate_rule(joint, setting.blueprint)
            if rule is not None:
                found.append(emit(stream, iev.CandidateRecognised(rule), at))
                visible = True
        last = joint.first.verdict
        held = last is not None and last.verdict == "hold"
        if visible and (joint.active or joint.holding or held or not joint.commitments):
            found += self._verdict(setting, joint, "candidate" if last is None else "changed")
        if any(isinstance(item.event, (iev.PlaceSet, iev.TypeSet)) for item in emitted):
            found += self._matches(setting, joint, emitted)
        return found

    def _all_closed(self, joint: Joint) -> bool:
        closed = bool(joint.refs) and all(ref.closed for ref in joint.refs) and not joint.active
        return closed and not joint.outcome_missing

    def _verdict(self, setting: Setting, joint: Joint, occasion: str) -> list[Emitted]:
        visible = len(joint.visible_to) == len(Agency) or occasion == "candidate"
        if occasion == "not_sent" and (joint.commitments or not visible):
            return []
        found = verdict_now(self._board, joint, setting.now)
        last = joint.first.verdict
        if occasion == "changed" and last is not None and last.verdict == found.verdict:
            return []
        assessed = iev.SuitabilityAssessed(
            found.verdict,
            found.score,
            tuple(f"{f.factor}={f.value:g}" for f in found.factors),
            found.failed,
            found.nearest_miss,
            found.policy,
            occasion,
        )
        return [emit(op(joint.incident_id), assessed, setting.now)]

    def _matches(self, setting: Setting, joint: Joint, emitted: Sequence[Emitted]) -> list[Emitted]:
        place = next(
            (i.parts[0].content for i in emitted if isinstance(i.event, iev.PlaceSet) and i.parts), None
        )
        mine = self.sighting(joint, place)
        known = {s.other_id for leg in joint.legs for s in leg.suggestions}
        known |= {r for leg in joint.legs for r in leg.refused} | {leg.incident_id for leg in joint.legs}
        known |= set(self._board.suggested_to(joint))
        others = [other for other in self._open_sightings() if other.incident_id not in known]
        return [
            emit(
                op(joint.incident_id),
                iev.MatchSuggested(m.other_id, m.score, m.reasons, setting.blueprint.matching.version),
                setting.now,
            )
            for m in find_matches(mine, others, setting.blueprint)[:MOST_SUGGESTIONS]
        ]

    def _open_sightings(self) -> list[Sighting]:
        """Return what matching may know of every open incident; one that did not change is not looked at again."""
        board, before = self._board, self._sighted
        now: dict[str, tuple[Incident, Sighting]] = {}
        with board.lock:
            for leg in board.open_legs():
                state = leg.state
                if state.merged_into is not None:
                    continue
                kept = before.get(state.incident_id)
                if kept is None or kept[0] is not state or state.merged:
                    kept = state, self.sighting(board.whole(state))
                now[state.incident_id] = kept
            self._sighted = now
        return [sighting for _, sighting in now.values()]

    def let_go(self) -> None:
        """Forget what was seen; it is looked at again when it is next needed."""
        with self._board.lock:
            self._sighted = {}

    def sighting(self, joint: Joint, place: dict[str, object] | None = None) -> Sighting:
        """Return what matching may know of an incident: place, time and type."""
        if place is None:
            legs = [self._board.legs.get(leg.incident_id) for leg in joint.legs]
            place = next((leg.place for leg in legs if leg is not None and leg.place), {})
        lon, lat = place.get("lon"), place.get("lat")
        return Sighting(
            joint.incident_id,
            joint.agencies or frozenset({joint.first.owner}),
            float(lon) if isinstance(lon, (int, float)) else None,
            float(lat) if isinstance(lat, (int, float)) else None,
            min((ref.clock_start for ref in joint.refs), default=joint.first.opened_at),
            joint.type,
        )

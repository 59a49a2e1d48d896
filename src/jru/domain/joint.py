"""The joint incident: one happening seen through all its legs.

A merge moves nothing. It links legs, and everything joint is computed over the linked legs; so taking a merge back
restores both exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from .agency import Agency
from .asked import Question, Wait
from .blueprint import Blueprint
from .incident import (
    Commitment,
    Hazard,
    Incident,
    Outcome,
    PersonOutcome,
    Reference,
    Resource,
)


@dataclass(frozen=True, slots=True)
class Joint:
    """One happening: `legs[0]` is the leg that others were merged into."""

    legs: tuple[Incident, ...]

    @classmethod
    def around(cls, leg: Incident, find: Callable[[str], Incident | None]) -> Joint:
        """Return the joint incident that a leg belongs to: joinings form a tree, the whole is all of it."""
        root = leg
        while root.merged_into is not None and (above := find(root.merged_into)) is not None:
            root = above
        return cls(tuple(_branch(root, find)))

    def branch(self, leg: Incident) -> tuple[Incident, ...]:
        """Return a leg of this incident with everything joined to it."""
        by_id = {each.incident_id: each for each in self.legs}
        return tuple(_branch(leg, by_id.get))

    @property
    def first(self) -> Incident:
        """Return the leg that stands for the whole."""
        return self.legs[0]

    @property
    def incident_id(self) -> str:
        """Return the id of the whole."""
        return self.first.incident_id

    def leg_of(self, agency: Agency) -> Incident:
        """Return the leg that a service's own words belong to, so that parting leaves them with it; else the first."""
        return next((leg for leg in self.legs if leg.ref_of(agency)), self.first)

    def home_of(self, agency: Agency, unit_id: str | None) -> Incident:
        """Return the leg on which a unit, or nobody's unit: a room, counts the persons of a service's records.

        A unit that was sent before the legs were one goes on where it began, and a room counts with the first such
        unit. For everybody else the service's own leg counts, so that parting leaves their words with it.
        """
        before = [
            (commitment, leg)
            for leg in self.legs
            for commitment in leg.commitments
            if unit_id in (None, commitment.unit_id)
            and (leg.joined_at is None or commitment.since < leg.joined_at)
        ]
        if not before:
            return self.leg_of(agency)
        pick = min if unit_id is None else max
        return pick(before, key=lambda found: found[0].since)[1]

    @property
    def refs(self) -> tuple[Reference, ...]:
        """Return all references, police first."""
        refs = [ref for leg in self.legs for ref in leg.refs]
        return tuple(sorted(refs, key=lambda r: (r.agency is not Agency.POLICE, r.foreign_id)))

    @property
    def agencies(self) -> frozenset[Agency]:
        """Return the services that hold a reference."""
        return frozenset(ref.agency for ref in self.refs)

    @property
    def flags(self) -> frozenset[str]:
        """Return all flags."""
        return frozenset().union(*(leg.all_flags for leg in self.legs))

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """Return all hazards in the order they were reported, each once though it may stand on two legs."""
        found = dict.fromkeys(h for leg in self.legs for h in leg.hazards)
        return tuple(sorted(found, key=lambda h: h.at))

    @property
    def scene_safe_at(self) -> datetime | None:
        """Return when the scene was last declared safe."""
        return max((leg.scene_safe_at for leg in self.legs if leg.scene_safe_at), default=None)

    @property
    def holding(self) -> tuple[Hazard, ...]:
        """Return the hazards that hold clinicians at the rendezvous point now."""
        return tuple(sorted((h for leg in self.legs for h in leg.holding), key=lambda h: h.at))

    @property
    def waits(self) -> tuple[Wait, ...]:
        """Return all requests between the services."""
        return tuple(sorted((w for leg in self.legs for w in leg.waits), key=lambda w: w.requested_at))

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return all questions between the rooms."""
        return tuple(sorted((q for leg in self.legs for q in leg.questions), key=lambda q: q.asked_at))

    @property
    def both_asked(self) -> bool:
        """Tell whether both services have been asked for."""
        return len(self.agencies) == 2 or bool(self.waits)

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Return the single-service resources; of what several legs tell of one, the newest counts."""
        newest: dict[tuple[Agency, str], Resource] = {}
        for resource in (r for leg in self.legs for r in leg.resources):
            known = newest.get((resource.agency, resource.call_sign))
            if known is None or resource.at >= known.at:
                newest[resource.agency, resource.call_sign] = resource
        return tuple(newest.values())

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """Return all commitments of joint units."""
        return tuple(c for leg in self.legs for c in leg.commitments)

    @property
    def active(self) -> tuple[Commitment, ...]:
        """Return the commitments that have not ended."""
        return tuple(c for c in self.commitments if c.until is None)

    @property
    def outcome(self) -> Outcome | None:
        """Return the crew's coding."""
        return next((leg.outcome for leg in self.legs if leg.outcome), None)

    @property
    def outcome_missing(self) -> bool:
        """Tell whether a joint unit attended and nobody has coded what came of it."""
        return self.outcome is None and any(c.ended == "cleared" for c in self.commitments)

    @property
    def worked(self) -> bool:
        """Tell whether the joint work is done and coded, and nobody has opened the incident again since."""
        return self.outcome is not None and not self.active and not self.first.reopened

    @property
    def persons(self) -> tuple[PersonOutcome, ...]:
        """Return the outcomes by person."""
        return tuple(p for leg in self.legs for p in leg.persons)

    @property
    def type(self) -> str | None:
        """Return the incident type."""
        return next((leg.type for leg in self.legs if leg.type), None)

    @property
    def district(self) -> str | None:
        """Return the district."""
        return next((leg.district for leg in self.legs if leg.district), None)

    @property
    def placed(self) -> bool:
        """Tell whether it is known where it is, in the scheme or outside."""
        return any(leg.district is not None or leg.cell is not None for leg in self.legs)

    @property
    def urgency(self) -> int:
        """Return the most pressing grade on the shared scale 1 to 5."""
        return min((ref.urgency for ref in self.refs), default=5)

    def grade_of(self, agency: Agency) -> str | None:
        """Return one service's own grade."""
        return next((ref.grade for ref in self.refs if ref.agency is agency), None)

    @property
    def visible_to(self) -> frozenset[Agency]:
        """Return the services that may see the incident: the owner's, and the other's once there is a reason."""
        owners = frozenset(leg.owner for leg in self.legs)
        first = self.first
        if any(
            leg.candidate_rule or leg.shared_by or leg.waits or leg.questions or leg.commitments
            for leg in self.legs
        ):
            return owners | {first.owner.other}
        return owners


def _branch(leg: Incident, find: Callable[[str], Incident | None]) -> Iterator[Incident]:
    """Yield a leg and everything joined to it, in the order of joining."""
    yield leg
    for name in leg.merged:
        below = find(name)
        if below is not None:
            yield from _branch(below, find)


def candidate_rule(joint: Joint, blueprint: Blueprint) -> str | None:
    """Return the id of the blueprint's rule that shows the incident to the other service, or None."""
    for rule in blueprint.candidate_rules:
        ref = next((r for r in joint.refs if r.agency is rule.owner), None)
        if ref is None:
            continue
        if rule.types and joint.type not in rule.types:
            continue
        if rule.flags and not rule.flags & joint.flags:
            continue
        if rule.urgency_at_most is not None and ref.urgency > rule.urgency_at_most:
            continue
        return rule.rule_id
    return None

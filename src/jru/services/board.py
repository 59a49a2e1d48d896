"""The state of now, in memory: built from the log, kept by applying each commit, read by everybody.

Every visible change is counted, positions included; the touched records of each answer "what changed since".
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from jru.domain.agency import Agency, Label
from jru.domain.blueprint import Blueprint
from jru.domain.codec import decode, from_us, to_us
from jru.domain.event_types import Event
from jru.domain.events import read_event
from jru.domain.glass_events import STREAM as GLASS
from jru.domain.incident import Incident
from jru.domain.incident_events import ReferenceAdded
from jru.domain.joint import Joint
from jru.domain.retention_events import ContentErased
from jru.domain.shift_events import debrief_stream
from jru.domain.suitability import Situation, Suitability
from jru.domain.unit import Unit, capability, crew_rule_of
from jru.domain.unit_events import BlueprintAdopted, DistrictStateSet

from .access import Relation
from .openings import Glass
from .ports import EventLog, Position, StateRow, StoredEvent
from .revisions import BOTH, NOBODY, Audience, Revisions, Touch, audience_of, joined
from .scheme import STREAM, Scheme
from .streams import Aboard, Fresh, Leg, Part, aboard_after, closed_since, incidents_of, leg_after

MOST_COMING = 10_000
FEED_TAIL = 2000
"""So many of the newest events are looked through at start for when each feed was last heard."""

Contents = Callable[[StoredEvent, int], dict[str, Any] | None]
Audiences = dict[str, Audience]


class Board:
    """Open incidents, units on duty and the scheme. Safe between threads."""

    def __init__(
        self, log: EventLog, contents: Contents, parse: Callable[[str], Blueprint], start: datetime
    ) -> None:
        """`contents` reads one part of a stored event; `parse` reads a blueprint text."""
        self._log = log
        self._contents = contents
        self._parse = parse
        self._start = start
        self.lock = threading.RLock()
        self.legs: dict[str, Leg] = {}
        self.units: dict[str, Aboard] = {}
        self.scheme = Scheme()
        self.glass = Glass()
        self.versions: dict[str, int] = {}
        self.last_report: dict[str, datetime] = {}
        self.fresh: dict[str, Fresh] = {}
        self._coming: dict[str, None] = {}
        self._open: dict[str, Leg] = {}
        self._offered: dict[str, set[str]] = {}
        self._on_duty: list[Aboard] | None = None
        self.assessed: dict[tuple[int, Situation], Suitability] = {}
        self._shown: dict[str, Relation] = {}
        self._named_by: dict[str, set[str]] = {}
        self._holders: dict[tuple[str, str, int], str] = {}
        self._revisions = Revisions(to_us(start))

    @property
    def revision(self) -> int:
        """Return the number of the last visible change."""
        return self._revisions.number

    @property
    def stamps(self) -> Mapping[str, int]:
        """Return the last change of each record."""
        return self._revisions.stamps

    @property
    def first_revision(self) -> int:
        """Return the number before the first change."""
        return self._revisions.first

    def changes_after(self, revision: int) -> Iterator[tuple[int, Mapping[str, Touch]]]:
        """Yield the changes after a revision, the newest first; call it under the lock."""
        return self._revisions.after(revision)

    def shown_to(self, one: str) -> Relation:
        """Return who may see a record, as it was last told."""
        return self._shown.get(one, NOBODY)

    def changed_since(self, revision: int) -> dict[str, Touch] | None:
        """Return the records touched after a revision, or None when that is too long ago."""
        with self.lock:
            return self._revisions.since(revision)

    def load(self) -> None:
        """Read from the log what is open or was closed a short while ago."""
        for stream in (STREAM, GLASS):
            for event in self._log.stream(stream):
                self._apply_one(event, {})
        streams = {row.stream for row in self._log.states(open_only=True)}
        if self.scheme.adopted:
            visible_s = self.scheme.at(self._start).timers.closed_visible_s
            streams |= closed_since(self._log, to_us(self._start - timedelta(seconds=visible_s)))
        for stream in sorted(streams):
            for event in self._log.stream(stream):
                self._apply_one(event, {})
        tail = max(0, self._log.head().seq - FEED_TAIL)
        for event in self._log.read(tail, FEED_TAIL):
            self._hear(event, read_event(event.kind, event.schema_version, event.data))
        self._shown = {one: self._relation(one, self._offered) for one in [*self.legs, *self.units]}

    def apply(self, events: Sequence[StoredEvent]) -> None:
        """Take in one commit."""
        with self.lock:
            touched: Audiences = {}
            for event in events:
                self._apply_one(event, touched)
            self._touch(touched)

    def place_unit(self, position: Position) -> bool:
        """Take in a device position; tell whether it is the newest of an open unit."""
        with self.lock:
            aboard = self.units.get(position.unit_id)
            if aboard is None or (aboard.position is not None and aboard.position.at >= position.at):
                return False
            aboard.position = position
            coming = [self._whole_id(i) for i in [aboard.state.incident_id] if i and aboard.state.on_the_way]
            self.touch({position.unit_id, *coming})
            return True

    def touch(self, ids: Iterable[str]) -> None:
        """Count a change of some records that everybody may notice."""
        with self.lock:
            self._touch(dict.fromkeys(ids, BOTH))

    def _touch(self, ids: Audiences) -> None:
        if not ids:
            return
        offered = self._offered
        touches: dict[str, Touch] = {}
        for one, audience in sorted(self._with_relatives(ids, offered).items()):
            touches[one] = Touch(self._shown.get(one, NOBODY), *audience)
            leg = self.legs.get(one)
            if leg is None and one not in self.units:
                continue
            if leg is None or not _as_reckoned(leg, offered):
                self._shown[one] = self._relation(one, offered)
            if leg is not None:
                leg.reckoned = leg.state, frozenset(offered.get(one, ()))
                leg.matched = leg.in_matches
        self._revisions.note(touches)

    def _with_relatives(self, ids: Audiences, offered: Mapping[str, set[str]]) -> Audiences:
        """Add the whole of every leg, its counterparts in matches, and the units on it or asked for it."""
        found: Audiences = {}
        for one, audience in ids.items():
            related = {one}
            leg = self.legs.get(one)
            if leg is not None:
                related.add(self._whole_id(one))
                if Label.OPERATIONAL in audience[1] and not _as_reckoned(leg, offered):
                    related |= self._beside(self.whole(leg.state), offered)
            for each in related:
                found[each] = joined(found.get(each), audience)
        return found

    def _beside(self, joint: Joint, offered: Mapping[str, set[str]]) -> set[str]:
        found = {c.unit_id for c in joint.active}
        for leg in joint.legs:
            found |= offered.get(leg.incident_id, set())
        held = [self.legs.get(leg.incident_id) for leg in joint.legs]
        if all(leg is not None and leg.matched == leg.in_matches for leg in held):
            return found
        for leg in joint.legs:
            others = {s.other_id for s in leg.suggestions} | set(leg.refused)
            found |= {self._whole_id(i) for i in others | self._named_by.get(leg.incident_id, set())}
        return found

    def relation(self, joint: Joint) -> Relation:
        """Return who may know of an incident: its services, the crews on it or asked, every crew for a candidate."""
        with self.lock:
            return self._relation_of(joint, self._offered)

    def _relation_of(self, joint: Joint, offered: Mapping[str, set[str]]) -> Relation:
        units = {c.unit_id for c in joint.commitments}
        units.update(*(offered.get(leg.incident_id, ()) for leg in joint.legs))
        visible = joint.visible_to
        waiting = joint.first.open and not joint.active and len(visible) > 1
        return Relation(visible, frozenset(units), any_crew=waiting, open=joint.first.open)

    def _relation(self, one: str, offered: Mapping[str, set[str]]) -> Relation:
        if one in self.units:
            return Relation.of_unit(one, is_open=self.units[one].state.open)
        state = self.legs[one].state
        return NOBODY if state.merged_into is not None else self._relation_of(self.whole(state), offered)

    def _apply_one(self, event: StoredEvent, touched: Audiences) -> None:
        fresh = self.fresh.pop(event.event_id, None)
        happened = fresh.happened if fresh else read_event(event.kind, event.schema_version, event.data)
        part = fresh.part if fresh else partial(self._part, event)
        if isinstance(happened, ContentErased):
            self.glass.lose(happened.places)
            if self._is_past(event.stream):
                return
        self.versions[event.stream] = event.version
        if event.stream == STREAM:
            self._apply_scheme(event, happened, part, touched)
        elif event.stream == GLASS:
            self.glass.apply(event, happened, str(part(0).get("text", "")))
            touched[GLASS] = BOTH
        elif event.stream.startswith("unt_"):
            self._apply_unit(event, happened, part, touched, fresh)
        elif event.stream.startswith("inc_"):
            self._apply_incident(event, happened, part, touched, fresh)
            self._hear(event, happened)

    def _is_past(self, stream: str) -> bool:
        """Tell whether a stream is of a record that left memory: what becomes of it changes no screen."""
        one = stream.partition("/")[0]
        past = one[:4] in ("inc_", "unt_") and one not in self.legs and one not in self.units
        if past:
            self.versions.pop(stream, None)
        return past

    def _part(self, event: StoredEvent, number: int) -> dict[str, Any]:
        return (self._contents(event, number) or {}) if number < len(event.parts) else {}

    def _apply_scheme(self, event: StoredEvent, happened: Event, part: Part, touched: Audiences) -> None:
        content = part(0)
        if isinstance(happened, BlueprintAdopted):
            self.scheme.adopt(happened.effective_at, self._parse(str(content["text"])))
            touched |= dict.fromkeys([*self.legs, *self.units], BOTH)
        elif isinstance(happened, DistrictStateSet):
            self.scheme.apply(happened, from_us(event.at_us), event.actor, str(content.get("text", "")))
            touched |= dict.fromkeys(self.legs_in({happened.district}), BOTH)

    def _apply_unit(
        self, event: StoredEvent, happened: Event, part: Part, touched: Audiences, fresh: Fresh | None
    ) -> None:
        unit_id = event.stream
        aboard = self.units.get(unit_id)
        if aboard is None and event.version > 1:
            aboard = self._fold_unit(unit_id, event.version)
        before = self._counts_as(aboard.state) if aboard else (False, False, None)
        shown_on = incidents_of(aboard.state) if aboard else []
        self._note_offer(aboard, standing=False)
        aboard = aboard_after(aboard, event, happened, part, fresh)
        if isinstance(happened, ContentErased):
            left = self._fold_unit(unit_id, event.version) or aboard
            aboard.names, aboard.position = left.names, None
            aboard.wait, aboard.briefed = left.wait, left.briefed
        self._note_offer(aboard, standing=True)
        self.units[unit_id] = aboard
        self._coming.pop(unit_id, None)
        self._on_duty = None
        concerned = [unit_id, *(self._whole_id(i) for i in [*shown_on, *incidents_of(aboard.state)])]
        touched |= dict.fromkeys(concerned, BOTH)
        if self._counts_as(aboard.state) != before:
            touched |= dict.fromkeys(self._legs_in_area(aboard.state), BOTH)

    def _note_offer(self, aboard: Aboard | None, *, standing: bool) -> None:
        offer = aboard.state.offer if aboard else None
        if aboard is None or offer is None:
            return
        asked = self._offered.setdefault(offer.incident_id, set())
        (asked.add if standing else asked.discard)(aboard.state.unit_id)
        if not asked:
            del self._offered[offer.incident_id]

    def _counts_as(self, state: Unit) -> tuple[bool, bool, str | None]:
        """Return what verdicts look at: whether the unit is on duty, is free and joint complete, and is asked."""
        blueprint = self.scheme.at(state.booked_on_at)
        rule = blueprint.statuses.get(state.status)
        free = state.open and state.job is None and rule is not None and rule.available
        asked = state.offer.incident_id if state.offer else None
        return state.open, free and capability(state, crew_rule_of(state, blueprint)).joint, asked

    def _legs_in_area(self, state: Unit) -> list[str]:
        """Return the open legs whose verdict may turn with a unit."""
        blueprint = self.scheme.at(state.booked_on_at)
        asking = {leg.state.district for leg in self._open.values()}
        reached = {district for district in asking if blueprint.within_reach(state.district, district)}
        return [one for one, leg in self._open.items() if leg.state.district in reached]

    def open_legs(self) -> list[Leg]:
        """Return the legs that are not closed."""
        with self.lock:
            return list(self._open.values())

    def legs_in(self, districts: Iterable[str | None]) -> list[str]:
        """Return the legs on the board that lie in some districts."""
        wanted = set(districts)
        return [one for one, leg in self.legs.items() if leg.state.district in wanted]

    def _apply_incident(
        self, event: StoredEvent, happened: Event, part: Part, touched: Audiences, fresh: Fresh | None
    ) -> None:
        incident_id, _, which = event.stream.partition("/")
        touched[incident_id] = joined(touched.get(incident_id), audience_of(event, which))
        if which != "op":
            return
        leg = self.legs.get(incident_id)
        if leg is None and event.version > 1:
            leg = self._fold_leg(incident_id, event.version)
        leg = leg_after(leg, incident_id, event, happened, part, fresh)
        if isinstance(happened, ContentErased):
            left = self._fold_leg(incident_id, event.version) or leg
            leg.place, leg.notes = left.place, left.notes
        self.legs[incident_id] = leg
        self._coming.pop(incident_id, None)
        if leg.state.open:
            self._open[incident_id] = leg
        else:
            self._open.pop(incident_id, None)
        if isinstance(happened, ReferenceAdded):
            self._holders[happened.sender, happened.foreign_id, happened.epoch] = incident_id
        for suggestion in leg.state.suggestions:
            self._named_by.setdefault(suggestion.other_id, set()).add(incident_id)

    def _hear(self, event: StoredEvent, happened: Event) -> None:
        """Note when a control-room system was last heard."""
        sender = None
        if event.idem_key.startswith("report|"):
            sender = event.idem_key.split("|")[1]
            leg = self.legs.get(event.stream.partition("/")[0])
            name, _, version = event.idem_key.rpartition("|")
            if leg is not None and version.isdecimal():
                leg.heard[name] = max(int(version), leg.heard.get(name, 0))
        if isinstance(happened, ReferenceAdded):
            sender = happened.sender
        if sender is not None:
            received = from_us(event.received_at_us)
            self.last_report[sender] = max(received, self.last_report.get(sender, received))

    def _fold_unit(self, unit_id: str, before: int) -> Aboard | None:
        aboard: Aboard | None = None
        for event in self._log.stream(unit_id):
            if event.version < before:
                happened = read_event(event.kind, event.schema_version, event.data)
                aboard = aboard_after(aboard, event, happened, partial(self._part, event))
        return aboard

    def _fold_leg(self, incident_id: str, before: int) -> Leg | None:
        leg: Leg | None = None
        for event in self._log.stream(f"{incident_id}/op"):
            if event.version < before:
                happened = read_event(event.kind, event.schema_version, event.data)
                leg = leg_after(leg, incident_id, event, happened, partial(self._part, event))
        return leg

    def expect(self, new_id: str) -> None:
        """Know that an id was made just now, so that nobody looks in the log for what cannot be there."""
        with self.lock:
            self._coming[new_id] = None
            if len(self._coming) > MOST_COMING:
                del self._coming[next(iter(self._coming))]

    def fetch(self, incident_id: str) -> Leg | None:
        """Return a leg, from the log when it left memory, or None when it never was."""
        with self.lock:
            leg = self.legs.get(incident_id)
            if leg is None and incident_id.startswith("inc_") and incident_id not in self._coming:
                return self._fold_leg(incident_id, 1 << 62)
            return leg

    def holder(self, sender: str, foreign_id: str, epoch: int) -> str | None:
        """Return the leg in memory that holds a control room's number; None: look in the log."""
        return self._holders.get((sender, foreign_id, epoch))

    def fetch_unit(self, unit_id: str) -> Aboard | None:
        """Return a unit, from the log when it left memory, or None when it never was."""
        with self.lock:
            aboard = self.units.get(unit_id)
            if aboard is None and unit_id.startswith("unt_") and unit_id not in self._coming:
                return self._fold_unit(unit_id, 1 << 62)
            return aboard

    def version(self, stream: str) -> int:
        """Return the last version of a stream."""
        found = self.versions.get(stream)
        if found is not None:
            return found
        one = stream.partition("/")[0]
        leg = self.legs.get(one)
        if one in self._coming or (leg is not None and leg.begun_here):
            return 0
        row: StateRow | None = self._log.state(stream)
        return row.version if row else 0

    def _whole_id(self, incident_id: str) -> str:
        leg = self.legs.get(incident_id)
        while leg is not None and leg.state.merged_into is not None:
            incident_id = leg.state.merged_into
            leg = self.legs.get(incident_id)
        return incident_id

    def whole(self, state: Incident) -> Joint:
        """Return the joint incident that a leg belongs to."""
        return Joint.around(state, self._state)

    def _state(self, incident_id: str) -> Incident | None:
        """Return a leg's state; once it left memory, from the read table: that takes as long as finding none."""
        leg = self.legs.get(incident_id)
        if leg is not None or not incident_id.startswith("inc_") or incident_id in self._coming:
            return leg.state if leg else None
        row = self._log.state(f"{incident_id}/op")
        return decode(Incident, row.body) if row else None

    def joint(self, incident_id: str) -> Joint | None:
        """Return the joint incident that an id belongs to, or None when there is none."""
        with self.lock:
            state = self._state(incident_id)
            return self.whole(state) if state else None

    def legs_of(self, incident_id: str) -> tuple[str, ...]:
        """Return the ids of all legs of the joint incident that an id belongs to."""
        joint = self.joint(incident_id)
        return tuple(leg.incident_id for leg in joint.legs) if joint else (incident_id,)

    def suggested_to(self, joint: Joint) -> dict[str, tuple[float, tuple[str, ...]]]:
        """Return the undecided suggestions that name a joint incident, from either side: other id -> score, reasons.

        Of several about one pair the strongest counts.
        """
        mine = {leg.incident_id for leg in joint.legs}
        refused = {r for leg in joint.legs for r in leg.refused}
        pairs = [(s.other_id, s) for leg in joint.legs for s in leg.suggestions]
        for naming in {n for leg_id in mine for n in self._named_by.get(leg_id, ())}:
            if naming in self.legs:
                said = self.legs[naming].state.suggestions
                pairs += [(naming, s) for s in said if s.other_id in mine]
        found: dict[str, tuple[float, tuple[str, ...]]] = {}
        for other_id, s in sorted(pairs, key=lambda pair: (pair[1].score, pair[1].reasons)):
            found[self._whole_id(other_id)] = (s.score, s.reasons)
        open_ids = {i for i in found if (named := self.legs.get(i)) and named.state.open}
        return {i: found[i] for i in sorted(open_ids - mine - refused)}

    def forget(self, now: datetime, visible_s: int) -> None:
        """Let go of what ended long ago; it stays in the log."""
        limit = now - timedelta(seconds=visible_s)
        with self.lock:
            old = [i for i, g in self.legs.items() if g.state.closed_at and g.state.closed_at < limit]
            gone = [
                u for u, a in self.units.items() if a.state.booked_off_at and a.state.booked_off_at < limit
            ]
            self.touch([*old, *gone])
            for one in [*old, *gone]:
                leg = self.legs.pop(one, None)
                if leg is not None:
                    self._unname(leg.state)
                for ref in leg.state.refs if leg else ():
                    self._holders.pop((ref.sender, ref.foreign_id, ref.epoch), None)
                self.units.pop(one, None)
                self._shown.pop(one, None)
                self._revisions.stamps.pop(one, None)
                self._on_duty = None
                told = (debrief_stream(one, agency) for agency in Agency)
                for stream in (one, f"{one}/op", f"{one}/police", f"{one}/patient", *told):
                    self.versions.pop(stream, None)

    def _unname(self, state: Incident) -> None:
        """Forget whom an incident named; who named it is kept, since it may be opened again."""
        for other_id in [*(s.other_id for s in state.suggestions), *state.refused]:
            names = self._named_by.get(other_id, set())
            names.discard(state.incident_id)
            if not names:
                self._named_by.pop(other_id, None)

    def open_units(self) -> list[Aboard]:
        """Return the units on duty, by call sign."""
        with self.lock:
            if self._on_duty is None:
                on = [a for a in self.units.values() if a.state.open]
                self._on_duty = sorted(on, key=lambda a: a.state.call_sign)
            return list(self._on_duty)


def _as_reckoned(leg: Leg, offered: Mapping[str, set[str]]) -> bool:
    """Tell whether nothing has changed that decides who may see a leg that stands alone."""
    state = leg.state
    if leg.reckoned is None or leg.reckoned[0] is not state or state.merged or state.merged_into:
        return False
    return leg.reckoned[1] == offered.get(state.incident_id, frozenset())


def content_of(raw: bytes) -> dict[str, Any]:
    """Return a payload's content."""
    loaded: dict[str, Any] = json.loads(raw)
    return loaded

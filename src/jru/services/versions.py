"""Nothing is overwritten unseen: two versions of one value, and whose the other is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jru.domain import commands as cmd
from jru.domain import incident_events as iev
from jru.domain import unit_events as uev
from jru.domain.agency import Agency
from jru.domain.codec import from_us
from jru.domain.deciding import Decision, op
from jru.domain.event_types import Event
from jru.domain.events import read_event
from jru.domain.joint import Joint
from jru.domain.refusal import Refusal
from jru.domain.shift_events import WaitSuggested
from jru.domain.versions import (
    Replacing,
    Version,
    break_value,
    incident_fields,
    person_value,
    place_value,
    shown,
    unseen,
)
from jru.errors import Conflict

from .access import Viewer
from .board import Board
from .ports import EventLog, StoredEvent
from .streams import Aboard
from .wording import iso


def fields_of(board: Board, joint: Joint, agency: Agency) -> dict[str, object]:
    """Return everything of an incident that commands of a service replace, in plain JSON by field."""
    place = _place(board, joint.leg_of(agency).incident_id)
    first = board.fetch(joint.incident_id)
    notes = first.notes if first else {}
    persons = {
        f"person.{p.person}": person_value(p, notes.get(f"person:{p.person}", ""))
        for p in joint.first.persons
    }
    return {**incident_fields(joint, agency), "place": place, **persons}


def own_values(board: Board, joint: Joint, agency: Agency) -> dict[str, object]:
    """Return what a service's own room has set of an incident: what it sees when it changes that."""
    fields = fields_of(board, joint, agency)
    return {name: fields[name] for name in ("grade", "type", "place", "flags")}


def _place(board: Board, incident_id: str) -> dict[str, object] | None:
    entry = board.fetch(incident_id)
    place = entry.place if entry else None
    return place_value(place.get("text", ""), place.get("lon"), place.get("lat")) if place else None


def unit_fields(aboard: Aboard) -> dict[str, object]:
    """Return everything of a unit that commands replace, in plain JSON by field."""
    where = aboard.wait if aboard.state.wait else None
    wait = {name: where.get(name) for name in ("text", "lon", "lat", "reason")} if where else None
    return {"break": break_value(aboard.state), "wait": wait}


def on_incident(
    log: EventLog, board: Board, viewer: Viewer, joint: Joint, command: cmd.Command, decision: Decision
) -> Decision:
    """Return a decision about an incident; raises Conflict where it replaces what its sender was not shown."""
    if isinstance(command, Replacing) and not isinstance(decision, Refusal):
        legs = (joint.leg_of(viewer.agency), *joint.legs)
        found = unseen(command, fields_of(board, joint, viewer.agency))
        _check(log, [op(leg.incident_id) for leg in legs], viewer, command, found)
    return decision


def on_unit(
    log: EventLog, viewer: Viewer, aboard: Aboard, command: cmd.Command, decision: Decision
) -> Decision:
    """Return a decision about a unit; raises Conflict where it replaces what its sender was not shown."""
    if isinstance(command, Replacing) and not isinstance(decision, Refusal):
        found = unseen(command, unit_fields(aboard))
        _check(log, (aboard.state.unit_id,), viewer, command, found)
    return decision


def _check(
    log: EventLog, streams: Iterable[str], viewer: Viewer, command: Replacing, found: tuple[Version, ...]
) -> None:
    authors = [(version, _author(log, streams, viewer.agency, version.field)) for version in found]
    rows = [
        _row(version, author)
        for version, author in authors
        if author is None or author.idem_key not in shown(command, version.field)
    ]
    if not rows:
        return
    raise Conflict(
        "changed",
        "Somebody changed this after you read it.",
        "Keep theirs, or send yours again in its place.",
        {"versions": rows},
    )


def _row(version: Version, author: StoredEvent | None) -> dict[str, object]:
    return {
        "field": version.field,
        "theirs": version.theirs,
        "yours": version.mine,
        "base": version.base,
        "agency": author.agency if author else None,
        "by": author.actor if author else None,
        "at": iso(from_us(author.at_us)) if author else None,
    }


def _author(log: EventLog, streams: Iterable[str], agency: Agency, field: str) -> StoredEvent | None:
    """Return the newest event that gave a field its value, in the first stream that has one."""
    name, _, number = field.partition(".")
    sets = _SETS[name]
    for stream in streams:
        for stored in reversed(log.stream(stream)):
            happened = read_event(stored.kind, stored.schema_version, stored.data)
            if sets(happened, agency, number):
                return stored
    return None


def _own(*kinds: type[Event]) -> Callable[[Event, Agency, str], bool]:
    return lambda happened, agency, _: (
        isinstance(happened, kinds) and getattr(happened, "agency", None) is agency
    )


def _any(*kinds: type[Event]) -> Callable[[Event, Agency, str], bool]:
    return lambda happened, _agency, _number: isinstance(happened, kinds)


_SETS: dict[str, Callable[[Event, Agency, str], bool]] = {
    "grade": _own(iev.GradeSet, iev.ReferenceAdded),
    "flags": _own(iev.FlagsSet),
    "type": _any(iev.TypeSet),
    "place": _any(iev.PlaceSet),
    "outcome": _any(iev.OutcomeRecorded),
    "person": lambda e, _, number: isinstance(e, iev.PersonOutcomeRecorded) and e.person == int(number),
    "break": _any(uev.BreakPlanned),
    "wait": _any(WaitSuggested),
}

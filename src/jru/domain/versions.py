"""What a command replaces, and whether its sender was shown it.

Each value that a command can replace is a field with a mark, a short digest of the value. Rows carry the marks of what
they show; a command names the marks that its sender saw. Unrelated changes leave a field's mark alone, so they are no
reason to refuse anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import singledispatch

from . import commands as cmd
from .agency import Agency
from .codec import canonical, plain
from .incident import Outcome, PersonOutcome
from .joint import Joint
from .shift_commands import SuggestWait
from .unit import Unit

Replacing = (
    cmd.UpdateIncident | cmd.RecordOutcome | cmd.RecordPerson | cmd.PlanBreak | cmd.CancelBreak | SuggestWait
)
"""The commands that put a value in another's place."""
Fields = Mapping[str, object]
"""Values in plain JSON by the name of their field."""


@dataclass(frozen=True, slots=True)
class Version:
    """One field on which two persons differ: what stands there now, with its mark, and what was sent."""

    field: str
    theirs: object
    mine: object
    base: str


def mark(value: object) -> str:
    """Return 12 characters that stand for a value in plain JSON."""
    return hashlib.blake2b(canonical(value), digest_size=6).hexdigest()


def marks(fields: Fields) -> dict[str, str]:
    """Return the mark of each field that holds a value."""
    return {name: mark(value) for name, value in fields.items() if value is not None}


def unseen(command: Replacing, now: Fields) -> tuple[Version, ...]:
    """Return what a command would replace without its sender having been shown it.

    A field without a base was empty to whoever sent the command. Who sends what stands there replaces nothing.
    """
    return tuple(
        Version(name, there, mine, mark(there))
        for name, mine in replaced_by(command).items()
        if (there := now.get(name)) is not None and mine != there and mark(there) not in shown(command, name)
    )


def shown(command: Replacing, field: str) -> frozenset[str]:
    """Return what the sender names as shown of a field: marks, and keys of own commands that set it."""
    return frozenset(command.base.get(field, "").split())


@singledispatch
def replaced_by(command: Replacing) -> dict[str, object]:
    """Return the fields that a command replaces, with their new values in plain JSON."""
    raise TypeError(f"no fields of {type(command).__name__}")


@replaced_by.register
def _(command: cmd.UpdateIncident) -> dict[str, object]:
    place = command.place and place_value(command.place.text, command.place.lon, command.place.lat)
    flags = None if command.flags is None else sorted(set(command.flags))
    given = {"grade": command.grade, "type": command.type, "place": place, "flags": flags}
    return {name: value for name, value in given.items() if value is not None}


@replaced_by.register
def _(command: cmd.RecordOutcome) -> dict[str, object]:
    contexts = tuple(sorted(f"{c.code}:{c.source}" for c in command.contexts))
    return {
        "outcome": plain(
            Outcome(command.need, command.ended, command.risk_arrival, command.risk_leaving, contexts)
        )
    }


@replaced_by.register
def _(command: cmd.RecordPerson) -> dict[str, object]:
    person = PersonOutcome(
        command.person, command.disposal, command.conveyed_by, command.custody, command.s136
    )
    return {f"person.{command.person}": person_value(person, command.destination or "")}


@replaced_by.register
def _(command: cmd.PlanBreak) -> dict[str, object]:
    return {"break": _break_value(command.starts_at, command.minutes, command.site)}


@replaced_by.register
def _(command: cmd.CancelBreak) -> dict[str, object]:
    return {"break": None}


@replaced_by.register
def _(command: SuggestWait) -> dict[str, object]:
    place = command.place
    return {"wait": {**place_value(place.text, place.lon, place.lat), "reason": command.reason or None}}


def place_value(text: object, lon: object, lat: object) -> dict[str, object]:
    """Return a place as a field holds it; degrees."""
    return {"text": text, "lon": lon, "lat": lat}


def person_value(person: PersonOutcome, destination: str) -> dict[str, object]:
    """Return what became of one person as a field holds it."""
    return {**plain(person), "destination": destination}


def incident_fields(joint: Joint, agency: Agency) -> dict[str, object]:
    """Return what the log keeps of an incident that commands of a service replace; None for what is not there yet.

    The exact place and a person's destination are contents: whoever reads them adds them.
    """
    leg = joint.leg_of(agency)
    ref = leg.ref_of(agency)
    return {
        "grade": ref.grade if ref else None,
        "type": leg.type,
        "flags": list((leg.flags or {}).get(agency, ())) or None,
        "outcome": plain(joint.outcome) if joint.outcome else None,
    }


def break_value(unit: Unit) -> dict[str, object] | None:
    """Return a unit's planned break as a field holds it, or None."""
    planned = unit.planned_break
    return _break_value(planned.starts_at, planned.minutes, planned.site) if planned else None


def _break_value(starts_at: datetime, minutes: int | None, site: str | None) -> dict[str, object]:
    return {"at": starts_at.astimezone(UTC).isoformat(), "minutes": minutes, "site": site}

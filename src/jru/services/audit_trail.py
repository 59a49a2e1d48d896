"""The access log as the privacy officer of one service reads it, and the answer to a person's request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jru.domain.agency import Agency, Label, Role
from jru.domain.codec import from_us, to_us
from jru.errors import Forbidden, InvalidInput

from .access import Viewer
from .audit_ports import AccessKind, AccessQuery, StoredAccess
from .auditing import BOTH, audit_unavailable
from .ground import Ground
from .personal import Personal
from .records import Row
from .wording import iso

MOST_ROWS = 200
CALLER = "caller"
_FOREIGN = {
    Agency.POLICE: frozenset({Label.CLINICAL}),
    Agency.AMBULANCE: frozenset({Label.POLICE_INTEL, Label.POLICE_EVIDENCE}),
}
Look = Callable[[Viewer, str], Row]
Find = Callable[[AccessQuery], Sequence[StoredAccess]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows a privacy officer asks for; `after` is the cursor of the page before."""

    incident: str | None = None
    person: str | None = None
    kind: AccessKind | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: str | None = None
    limit: int = MOST_ROWS


class AuditTrail:
    """Reads the access log for one service: rows about its own content, and its own labels."""

    def __init__(self, ground: Ground, incident: Look, part: Look) -> None:
        """`incident` and `part` return an incident and the own service's records of it, through the gate."""
        self._ground = ground
        self._incident = incident
        self._part = part

    def entries(self, viewer: Viewer, asked: Asked) -> Row:
        """Return rows newest first with the cursor of the next page; raises Forbidden or Unavailable."""
        _check(viewer)
        shown = Personal(asked.incident or "access_log", "access log", Label.STAFF, viewer.agency)
        rows, cursor = page(self._ground.auditing.find, viewer.agency, asked)
        if not self._ground.auditing.consulted(viewer, [shown]):
            raise audit_unavailable()
        return {"entries": rows, "next": cursor}

    def export(self, viewer: Viewer, incident_id: str, person: str, why: str) -> Row:
        """Return what the own service holds of one person in an incident, others left out by label and number.

        `person` is "caller" or the number of a person. It is on record as a disclosure before it leaves; raises
        Forbidden, NotFound or Unavailable.
        """
        _check(viewer)
        asking = replace(viewer, answers_request=True)
        incident = self._incident(asking, incident_id)
        part = self._part(asking, incident_id)
        redacted: dict[str, int] = {}
        answer = {
            "incident": {name: incident.get(name) for name in _OF_INCIDENT},
            **_of_caller(incident, person, redacted),
            "log": _lines(incident["log"], redacted),
            "records": {
                name: _of_person(name, held, person, redacted)
                for name, held in part.items()
                if isinstance(held, list)
            },
        }
        labels = [label for label in Label if label in _exported(viewer.agency)]
        self._ground.auditing.disclosed(
            viewer,
            [incident_id],
            labels,
            owner=viewer.agency,
            why=f"request of the person concerned ({person}): {why}",
            recipients=[f"person:{person}"],
            fields=sorted(answer),
        )
        told = every_row(self._ground.auditing.find, viewer.agency, Asked(incident=incident_id))
        return {
            **answer,
            "access": [{name: row[name] for name in _OF_ACCESS} for row in told],
            "service": viewer.agency.value,
            "person": person,
            "made_at": iso(self._ground.clock.now()),
            "redacted": redacted,
            "check_for_others": ["remarks", "records"],
        }


def page(find: Find, agency: Agency, asked: Asked) -> tuple[list[Row], str | None]:
    """Return one service's rows and the cursor of the next page.

    A cursor is a moment and how many rows of that moment were given, so that it tells nothing of other rows.
    """
    until_us = to_us(asked.until) if asked.until else None
    skip = 0
    if asked.after is not None:
        moment_us, skip = _place(asked.after)
        until_us = moment_us + 1 if until_us is None else min(until_us, moment_us + 1)
    limit = max(1, min(asked.limit, MOST_ROWS))
    query = AccessQuery(
        owners=(agency.value, BOTH),
        limit=limit + 1,
        record=asked.incident,
        subject=asked.person,
        kind=asked.kind,
        since_us=to_us(asked.since) if asked.since else None,
        until_us=until_us,
        skip=skip,
    )
    found = find(query)
    given = found[:limit]
    cursor = _cursor(given, asked.after) if len(found) > limit else None
    return [_row(agency, access) for access in given], cursor


def every_row(find: Find, agency: Agency, asked: Asked) -> Iterator[Row]:
    """Yield one service's rows of all pages, the newest first."""
    cursor = asked.after
    while True:
        rows, cursor = page(find, agency, replace(asked, after=cursor))
        yield from rows
        if cursor is None:
            return


_OF_INCIDENT = ("id", "number", "opened_at", "closed_at", "type", "place", "hazards", "outcome")
_OF_ACCESS = ("at", "kind", "agency", "role", "labels", "recipients")


def _check(viewer: Viewer) -> None:
    if viewer.role is not Role.PRIVACY_OFFICER:
        raise Forbidden("role", "the access log is for the privacy officers of the two services")


def _row(agency: Agency, stored: StoredAccess) -> Row:
    entry = stored.accessed
    return {
        "at": iso(from_us(entry.at_us)),
        "recorded_at": iso(from_us(stored.recorded_at_us)),
        "kind": entry.kind.value,
        "by": entry.subject,
        "agency": entry.agency,
        "role": entry.role,
        "unit_id": entry.unit_id,
        "records": list(entry.records),
        "labels": [label.value for label in entry.labels if label not in _FOREIGN[agency]],
        "fields": list(entry.fields),
        "purpose": entry.purpose,
        "justification": entry.justification,
        "recipients": list(entry.recipients),
        "late": entry.spooled is not None,
    }


def _cursor(given: Sequence[StoredAccess], after: str | None) -> str:
    last_us = given[-1].recorded_at_us
    same = sum(access.recorded_at_us == last_us for access in given)
    if after is not None and _place(after)[0] == last_us:
        same += _place(after)[1]
    return f"{last_us}.{same}"


def _place(cursor: str) -> tuple[int, int]:
    moment, _, given = cursor.partition(".")
    try:
        return int(moment), int(given)
    except ValueError as error:
        raise InvalidInput("cursor", "this cursor was not made here") from error


def _exported(agency: Agency) -> frozenset[Label]:
    own = Label.POLICE_EVIDENCE if agency is Agency.POLICE else Label.CLINICAL
    return frozenset({Label.OPERATIONAL, Label.SAFETY, Label.IDENTITY, own})


def _of_caller(incident: Row, person: str, redacted: dict[str, int]) -> Row:
    """Return who rang and what they said, for the caller only."""
    caller, remarks = incident.get("caller"), incident.get("remarks") or []
    if person == CALLER:
        return {"caller": caller, "remarks": remarks}
    if caller is not None:
        redacted["caller"] = 1
    if remarks:
        redacted["remarks"] = len(remarks)
    return {"caller": None, "remarks": []}


def _lines(log: list[Row], redacted: dict[str, int]) -> list[Row]:
    """Return the lines that are about nobody, without who wrote them; a line does not say whom it is about."""
    kept = [line for line in log if not Label(line["label"]).is_personal]
    if len(kept) < len(log):
        redacted["log"] = len(log) - len(kept)
    return [{name: line[name] for name in ("at", "agency", "sentence", "label")} for line in kept]


def _of_person(name: str, held: list[Any], person: str, redacted: dict[str, int]) -> list[Any]:
    """Return the records under this person's number; one without a number may be about anybody."""
    kept = [row for row in held if str(row.get("person")) == person]
    if len(kept) < len(held):
        redacted[name] = len(held) - len(kept)
    return [_unsigned(row) for row in kept]


def _unsigned(value: Any) -> Any:
    """Return a row without who made it: names of staff are other people's."""
    if isinstance(value, dict):
        return {name: _unsigned(held) for name, held in value.items() if name != "by"}
    return [_unsigned(held) for held in value] if isinstance(value, list) else value

"""How long each service keeps what: clauses as data, from the retention tables of a blueprint."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .agency import Agency, Label

MOST_YEARS = 100
_PERIOD = re.compile(r"([1-9]\d{0,4}) (day|month|year)s?")
_UNITS_A_YEAR = {"day": 366, "month": 12, "year": 1}


class Matter(StrEnum):
    """What a clause is about."""

    INCIDENT = "incident"
    DUTY = "duty"
    POSITIONS = "positions"
    QUARANTINE = "quarantine"


class Trigger(StrEnum):
    """What starts the clock of a clause."""

    INCIDENT_CLOSED = "incident_closed"
    OUTCOME = "outcome"
    DUTY_ENDED = "duty_ended"
    RECEIVED = "received"


TRIGGERS = {
    Matter.INCIDENT: (Trigger.INCIDENT_CLOSED, Trigger.OUTCOME),
    Matter.DUTY: (Trigger.DUTY_ENDED,),
    Matter.POSITIONS: (Trigger.DUTY_ENDED,),
    Matter.QUARANTINE: (Trigger.RECEIVED,),
}
"""What may start the clock of each matter."""

_SHARED = {Matter.INCIDENT: (Label.OPERATIONAL, Label.SAFETY, Label.IDENTITY)}
_POLICE_ONLY = {Matter.INCIDENT: (Label.POLICE_INTEL, Label.POLICE_EVIDENCE)}
_AMBULANCE_ONLY = {Matter.INCIDENT: (Label.CLINICAL,)}
_DUTY = (Label.OPERATIONAL, Label.STAFF)


def labels_kept(agency: Agency, matter: Matter) -> tuple[Label, ...]:
    """Return the labels under which a service keeps content of a matter; none: the matter has no labels."""
    if matter is Matter.DUTY:
        return _DUTY
    own = _POLICE_ONLY if agency is Agency.POLICE else _AMBULANCE_ONLY
    return (*_SHARED.get(matter, ()), *own.get(matter, ()))


@dataclass(frozen=True, slots=True)
class Period:
    """A number of days, or of months or years by the calendar."""

    count: int
    unit: str

    def after(self, moment: datetime) -> datetime:
        """Return the end of the period that begins at a moment; a day that the month lacks is its last."""
        if self.unit == "day":
            return moment + timedelta(days=self.count)
        months = moment.month - 1 + self.count * (12 if self.unit == "year" else 1)
        year, month = moment.year + months // 12, months % 12 + 1
        day = min(moment.day, calendar.monthrange(year, month)[1])
        return moment.replace(year=year, month=month, day=day)

    @property
    def least(self) -> timedelta:
        """Return a length that the period never falls short of."""
        return timedelta(days=self.count * {"day": 1, "month": 28, "year": 365}[self.unit])

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count > 1 else ''}"


def period_of(text: str) -> Period | None:
    """Return the period that a text such as "7 years" names, or None when it names none of at most 100 years."""
    found = _PERIOD.fullmatch(text)
    if found is None or int(found[1]) > MOST_YEARS * _UNITS_A_YEAR[found[2]]:
        return None
    return Period(int(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: whose content of which matter and labels is kept how long after what.

    Empty `outcomes` make it the general clause; one that names an outcome of the incident goes before it. With
    `review` a person looks before anything is erased. `words` is the text that stands in place of what was erased.
    """

    clause_id: str
    agency: Agency
    matter: Matter
    labels: frozenset[Label]
    outcomes: frozenset[str]
    trigger: Trigger
    keep: Period
    review: bool
    words: str

    def covers(self, agency: Agency, matter: Matter, label: Label | None) -> bool:
        """Tell whether the clause is about such content."""
        return self.agency is agency and self.matter is matter and (label is None or label in self.labels)


def clauses_for(
    clauses: Iterable[Clause], agency: Agency, matter: Matter, label: Label | None, outcomes: frozenset[str]
) -> tuple[Clause, ...]:
    """Return the clauses that hold for content: those of its outcomes if there are any, else the general one."""
    covering = [clause for clause in clauses if clause.covers(agency, matter, label)]
    special = tuple(clause for clause in covering if clause.outcomes & outcomes)
    return special or tuple(clause for clause in covering if not clause.outcomes)

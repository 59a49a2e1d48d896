"""What one room asked the other, as an incident keeps it: nothing that was answered is ever replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .agency import Agency


@dataclass(frozen=True, slots=True)
class Answer:
    """What one room said to the other; `number` counts the answers as they were recorded, for their words."""

    at: datetime
    answer: str
    eta_at: datetime | None
    number: int


@dataclass(frozen=True, slots=True)
class Wait:
    """One service waiting for the other: requested, answered, arrived, released.

    `answered_at` is when it was first answered, whatever was said later; `answer` and `eta_at` are the latest.
    """

    asked: Agency
    by: Agency
    need: str
    requested_at: datetime
    answered_at: datetime | None = None
    answer: str | None = None
    eta_at: datetime | None = None
    arrived_at: datetime | None = None
    released_at: datetime | None = None
    answers: tuple[Answer, ...] = ()

    @property
    def open(self) -> bool:
        """Tell whether nobody has come and nobody was let go."""
        return self.arrived_at is None and self.released_at is None


@dataclass(frozen=True, slots=True)
class Question:
    """What one room asked the other, with every answer in the order of their times.

    `settled_at`: since when it needs no answer, because what it asked about has happened.
    """

    question_id: str
    asked: Agency
    by: Agency
    about: str
    asked_at: datetime
    answers: tuple[Answer, ...] = ()
    settled_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Tell whether the other room still owes an answer."""
        return not self.answers and self.settled_at is None


def answered(
    before: tuple[Answer, ...], at: datetime, answer: str, eta_at: datetime | None
) -> tuple[Answer, ...]:
    """Return the answers with one more, in the order of their times whichever was recorded first."""
    more = Answer(at, answer, eta_at, len(before))
    return tuple(sorted((*before, more), key=lambda one: (one.at, one.number)))

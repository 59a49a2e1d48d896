"""What one room asked of the other, as parts of an incident's row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from jru.domain.asked import Answer, Question, Wait
from jru.domain.incident import Incident

from .records import Row
from .wording import iso, iso_or_none

Notes = Mapping[str, str]


def wait_row(leg: Incident, wait: Wait, notes: Notes, limits: tuple[int, int]) -> Row:
    """Return a request to come with every answer; `notes` are the words on its leg, `limits` amber and red (s)."""
    number = leg.waits.index(wait)
    owed = wait.open and wait.answered_at is None
    return {
        "asked": wait.asked.value,
        "by": wait.by.value,
        "need": notes.get(f"need:{number}") or wait.need,
        "requested_at": iso(wait.requested_at),
        "answered_at": iso_or_none(wait.answered_at),
        "answer": wait.answer,
        "eta_at": iso_or_none(wait.eta_at),
        "answers": [_answer(one, notes.get(f"why:{number}:{one.number}")) for one in wait.answers],
        "arrived_at": iso_or_none(wait.arrived_at),
        "released_at": iso_or_none(wait.released_at),
        "due": _due(wait.requested_at if owed else None, limits),
    }


def question_row(question: Question, notes: Notes, limits: tuple[int, int]) -> Row:
    """Return a question between the rooms with every answer."""
    name = question.question_id
    return {
        "id": name,
        "asked": question.asked.value,
        "by": question.by.value,
        "about": question.about,
        "words": notes.get(f"words:{name}") or None,
        "asked_at": iso(question.asked_at),
        "answers": [_answer(one, notes.get(f"why:{name}:{one.number}")) for one in question.answers],
        "settled_at": iso_or_none(question.settled_at),
        "due": _due(question.asked_at if question.open else None, limits),
    }


def _answer(one: Answer, reason: str | None) -> Row:
    return {
        "at": iso(one.at),
        "answer": one.answer,
        "eta_at": iso_or_none(one.eta_at),
        "reason": reason or None,
    }


def _due(since: datetime | None, limits: tuple[int, int]) -> Row:
    """Return when an answer that is owed turns amber and red; what was answered never does."""
    amber, red = (iso(since + timedelta(seconds=limit)) if since else None for limit in limits)
    return {"amber_at": amber, "red_at": red}

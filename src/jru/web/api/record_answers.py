"""What each service has recorded of an incident, as the interface shows it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field


class SharedFact(BaseModel):
    """A fact that was told to the other service."""

    at: str
    basis: str
    text: str | None


class Record(BaseModel):
    """One record. What was corrected or withdrawn stays among the others, with its state."""

    id: str
    person: int = Field(description="Counted from 1; 0 where it is about nobody in particular.")
    recorded_as: int = Field(
        description="The person's number when it was recorded; another one was joined to it since."
    )
    at: str
    recorded_at: str
    by: str
    state: Literal["counts", "corrected", "withdrawn"]
    corrects: str | None
    corrected_by: str | None
    reason: str | None = Field(description="Why it corrects another, or how it is known that two are one.")
    withdrawn_because: str | None
    erased: bool = Field(description="Its words have been erased when their time had come.")
    erased_under: str | None = Field(description="The retention clause that its words were erased under.")
    shared: list[SharedFact]
    said: dict[str, Any] = Field(description="What was recorded, by the names of the command's fields.")


class Score(BaseModel):
    """NEWS2: support for the record, not a diagnostic device."""

    total: int | None = Field(description="None while anything is missing.")
    band: Literal["low", "urgent", "emergency", "incomplete"]
    words: str
    points: dict[str, int]
    missing: list[str]


class Observations(Record):
    """A set of observations with its score."""

    news2: Score


class DetentionClock(BaseModel):
    """The clock of a detention under section 136."""

    started_at: str
    ends_at: str
    extended: bool
    stopped_at: str | None


class Detention(BaseModel):
    """One person's detention: clock, steps in order, and what asks for a second look."""

    person: int
    clock: DetentionClock | None
    concerns: list[str]
    steps: list[Record]


class PolicePartAnswer(BaseModel):
    """The police part; a list that the viewer's role may not see is absent."""

    incident_id: str
    number: str
    joined: list[Record] | None = None
    involved: list[Record] | None = None
    arrests: list[Record] | None = None
    force: list[Record] | None = None
    detentions: list[Detention] | None = None
    searches: list[Record] | None = None
    footage: list[Record] | None = None
    attachments: list[Record] | None = None
    shared: list[Record] | None = None
    received: list[Record] | None = None
    withheld: list[str] | None = Field(
        None, description="Lists left out while looks cannot be put on record."
    )


class ClinicalPartAnswer(BaseModel):
    """The clinical part; a list that the viewer's role may not see is absent."""

    incident_id: str
    number: str
    joined: list[Record] | None = None
    involved: list[Record] | None = None
    observations: list[Observations] | None = None
    care: list[Record] | None = None
    referrals: list[Record] | None = None
    concluded: list[Record] | None = None
    attachments: list[Record] | None = None
    shared: list[Record] | None = None
    received: list[Record] | None = None
    withheld: list[str] | None = Field(
        None, description="Lists left out while looks cannot be put on record."
    )


class HandoverLine(BaseModel):
    """One line of ATMIST."""

    letter: str
    word: str
    text: str


class Handover(BaseModel):
    """An ATMIST hand-over without a name; `text` is the same as plain lines, short enough for a QR code."""

    incident_id: str
    person: int
    made_at: str
    lines: list[HandoverLine]
    risks: list[str]
    text: str


class RecordCodes(BaseModel):
    """The codes of the viewer's own records with their words."""

    codes: dict[str, dict[str, str]]

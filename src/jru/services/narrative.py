"""The log of an incident in sentences, each line with its label and owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jru.domain import incident_events as iev
from jru.domain import unit_events as uev
from jru.domain.agency import Agency, Label
from jru.domain.blueprint import Blueprint
from jru.domain.codec import from_us
from jru.domain.event_types import EVENT_TYPES, Event
from jru.domain.events import read_event
from jru.domain.record_codes import SITUATION
from jru.domain.record_events import RecordEvent, SituationReported
from jru.domain.words import code_words, plain, small

from .ports import StoredEvent
from .wording import LATE_S

_JOINT_EVENTS = (iev.CandidateRecognised, iev.SuitabilityAssessed, iev.MatchSuggested, uev.OfferLapsed)
_SAFETY = (
    iev.HazardReported,
    iev.HazardCleared,
    iev.SceneDeclaredSafe,
    uev.EmergencyRaised,
    uev.EmergencyCancelled,
)
_SAID_BETTER: dict[type[Event], str] = {iev.OtherServiceRequested: "need", uev.OfferWithdrawn: "reason"}
"""Events with a code in this field and a person's own words beside it: the words stand in its place."""
_SILENT = (iev.UnitCommitted, iev.UnitReleased, uev.UnitBookedOn, uev.UnitBookedOff)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence; `owner` None means that both services may hold it."""

    at: datetime
    recorded_at: datetime
    agency: str
    by: str
    sentence: str
    label: Label
    owner: Agency | None
    late: bool


class Narrative:
    """Turns stored events into lines."""

    def __init__(
        self, blueprint: Blueprint, number_of: Callable[[str], str], call_sign_of: Callable[[str], str]
    ) -> None:
        """`number_of` gives the short number of an incident id, `call_sign_of` the call sign of a unit id."""
        self._blueprint = blueprint
        self._number_of = number_of
        self._call_sign_of = call_sign_of

    def line(self, event: StoredEvent, content: Callable[[int], dict[str, Any] | None]) -> Line | None:
        """Return the sentence of an event, or None for one that another event tells already."""
        happened = read_event(event.kind, event.schema_version, event.data)
        if isinstance(happened, _SILENT):
            return None
        label, owner = self._label(event, happened)
        at, recorded = from_us(event.at_us), from_us(event.recorded_at_us)
        agency = "system" if event.actor == "system" else event.agency
        return Line(
            at,
            recorded,
            "joint" if isinstance(happened, _JOINT_EVENTS) else agency,
            event.actor,
            self._whose(event.stream) + self._sentence(happened, content),
            label,
            owner,
            (recorded - at).total_seconds() > LATE_S,
        )

    def _whose(self, stream: str) -> str:
        """Return how a sentence about a unit begins; several units may be on one incident."""
        return f"{self._call_sign_of(stream)}: " if stream.startswith("unt_") else ""

    def _label(self, event: StoredEvent, happened: Event) -> tuple[Label, Agency | None]:
        agency = Agency(event.agency)
        if isinstance(happened, (iev.RemarksRecorded, iev.CallerRecorded)):
            return Label.IDENTITY, agency
        if isinstance(happened, iev.NoteRecorded):
            return happened.label, None if happened.label is Label.OPERATIONAL else agency
        if isinstance(happened, _SAFETY):
            return Label.SAFETY, None
        if isinstance(happened, RecordEvent):
            return happened.label, happened.owner
        return Label.OPERATIONAL, None

    def _sentence(self, happened: Event, content: Callable[[int], dict[str, Any] | None]) -> str:
        kind = EVENT_TYPES[type(happened).__name__]
        words = {f.name: self._word(kind.cls, f.name, getattr(happened, f.name)) for f in fields(kind.cls)}  # type: ignore[arg-type]
        if isinstance(happened, iev.OutcomeRecorded):
            words = {name: small(word) for name, word in words.items()}
        said = _quoted(happened, content)
        coded = _SAID_BETTER.get(kind.cls)
        if said and coded is not None:
            return kind.sentence.format(**{**words, coded: said})
        sentence = kind.sentence.format(**words) + self._expected(happened)
        return f"{sentence}: {said}" if said else sentence

    def _expected(self, happened: Event) -> str:
        """Return when somebody is expected, as the rooms' clocks show it, after what a room answered."""
        if not isinstance(happened, (iev.OtherServiceAnswered, iev.QuestionAnswered)) or not happened.eta_at:
            return ""
        return f", expected {happened.eta_at.astimezone(ZoneInfo(self._blueprint.time_zone)):%H:%M}"

    def _word(self, kind: type[Event], name: str, value: object) -> str:
        blueprint = self._blueprint
        text = str(value) if value is not None else "unknown"
        known = code_words(kind, name, text, blueprint)
        if known is not None:
            return known
        if isinstance(value, Agency):
            return blueprint.partners[value].short_name
        if name.endswith("_id") and text.startswith("inc_"):
            return self._number_of(text)
        if name == "type" and text in blueprint.types:
            return blueprint.types[text].name
        if name == "status" and text in blueprint.statuses:
            return blueprint.statuses[text].word
        if name == "code" and (text in blueprint.hazards or text in blueprint.types):
            return blueprint.hazard_name(text)
        if name == "rule":
            return next((r.sentence for r in blueprint.candidate_rules if r.rule_id == text), text)
        if isinstance(value, tuple):
            return ", ".join(blueprint.flags.get(str(v), str(v)) for v in value) or "none"
        return plain(text)


def _quoted(happened: Event, content: Callable[[int], dict[str, Any] | None]) -> str:
    """Return the words that go with an event; those of a record are read in its own part."""
    if isinstance(happened, RecordEvent) and not happened.quoted:
        return "corrects an earlier record" if getattr(happened, "corrects", None) else ""
    told = content(0) or {}
    if isinstance(happened, SituationReported):
        major = "MAJOR INCIDENT DECLARED" if happened.major else "no major incident"
        return "; ".join(
            [major, *(f"{words}: {told[key]}" for key, words in SITUATION.items() if key in told)]
        )
    return _said(told)


def _said(content: dict[str, Any]) -> str:
    if "text" in content:
        return str(content["text"])
    return ", ".join(str(v) for v in content.values() if isinstance(v, str) and v)

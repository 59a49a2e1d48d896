"""The product's own codes as people read them: the same words in the log, the lists and the refusals.

Codes of the scheme have their words in the blueprint.
"""

from __future__ import annotations

from . import incident_events as iev
from . import record_events as rev
from . import unit_events as uev
from .agency import Agency, Label
from .blueprint import Blueprint
from .record_codes import DETENTION_STEPS, LAWFUL_BASES

RESOURCE_STATUS = {
    "assigned": "Assigned",
    "mobile": "Mobile",
    "scene": "At scene",
    "left": "Left scene",
    "stood_down": "Stood down",
}
QUESTION = {"eta": "time of arrival", "release": "may we leave", "call": "ring us"}
VERDICT = {"yes": "YES", "consider": "CONSIDER", "no": "NO", "hold": "HOLD at RVP"}
CLOSED_BY_ROOM = "closed_by_room"
_PRODUCT: dict[tuple[type, str], dict[str, str]] = {
    (iev.CandidateRecognised, "rule"): {"offered": "a joint unit was offered"},
    (iev.IncidentClosed, "reason"): {CLOSED_BY_ROOM: "every room has closed its log"},
    (iev.QuestionAsked, "about"): QUESTION,
    (iev.QuestionAnswered, "about"): QUESTION,
    (iev.ResourceReported, "status"): RESOURCE_STATUS,
    (iev.SuitabilityAssessed, "verdict"): VERDICT,
    (rev.DetentionStepRecorded, "step"): DETENTION_STEPS,
    (rev.FactShared, "basis"): LAWFUL_BASES,
    (rev.FactReceived, "basis"): LAWFUL_BASES,
    (uev.CheckedIn, "how"): {"tap": "said by the crew", "voice": "heard by a room"},
    (uev.OfferDeclined, "reason"): {
        "consent_refused": "the other room did not agree",
        "took_another": "the crew took another incident",
    },
    (uev.OfferWithdrawn, "reason"): {
        "withdrawn": "taken back by its room",
        "outranked": "a more urgent incident came first",
    },
    (uev.UnitAssigned, "mode"): {
        Agency.POLICE.value: "offered by the police room",
        Agency.AMBULANCE.value: "offered by the ambulance room",
        "self": "the crew took it",
        "on_view": "the crew came upon it",
    },
}
_OUTCOME_GROUPS = {
    (iev.OutcomeRecorded, "need"): "need",
    (iev.OutcomeRecorded, "ended"): "ended",
    (iev.OutcomeRecorded, "risk_arrival"): "risk",
    (iev.OutcomeRecorded, "risk_leaving"): "risk",
    (iev.PersonOutcomeRecorded, "disposal"): "disposal",
}
_LABELS = {Label.POLICE_INTEL: "police intelligence", Label.POLICE_EVIDENCE: "police evidence"}


def code_words(kind: type, name: str, code: str, blueprint: Blueprint) -> str | None:
    """Return the code in a field of an event type in words, or None where the field holds no code."""
    group = _OUTCOME_GROUPS.get((kind, name))
    if group is not None:
        return blueprint.outcome_codes.get(group, {}).get(code)
    scheme: dict[str, str] = {}
    if (kind, name) == (iev.IncidentClosed, "reason"):
        scheme = blueprint.closing_reasons
    elif (kind, name) == (uev.OfferDeclined, "reason"):
        scheme = blueprint.decline_reasons
    return scheme.get(code) or _PRODUCT.get((kind, name), {}).get(code)


def label_words(label: Label) -> str:
    """Return a label as people say it."""
    return _LABELS.get(label, label.value)


def plain(code: str) -> str:
    """Return an id of plain words - a role, a seat - as people say it."""
    return code.replace("_", " ")


def small(words: str) -> str:
    """Return words as they stand within a sentence: an abbreviation keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]

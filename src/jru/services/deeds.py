"""What each command does and who may, in words: for the person who may not."""

from __future__ import annotations

from collections.abc import Iterable

from jru.domain import commands as cmd
from jru.domain import glass_commands as glass
from jru.domain import retention_commands as keeping
from jru.domain.agency import CREW_ROLES, Label, Role
from jru.domain.words import label_words, plain

from .record_grants import RECORD_DEEDS
from .shift_grants import SHIFT_DEEDS

DEEDS: dict[type[cmd.Command], str] = {
    cmd.TakeCall: "take a call",
    cmd.ReceiveReport: "send a control room's reports",
    cmd.UpdateIncident: "change an incident's grade, type, place or flags",
    cmd.ShareIncident: "show an incident to the other service",
    cmd.ShareLine: "share a line with the other service",
    cmd.RecordNote: "write a note",
    cmd.ReportHazard: "report a hazard",
    cmd.ClearHazard: "take a hazard back",
    cmd.DeclareSceneSafe: "record a scene as safe",
    cmd.RequestOther: "ask for the other service",
    cmd.AnswerRequest: "answer the other service's request",
    cmd.AskQuestion: "ask the other room a question",
    cmd.AnswerQuestion: "answer the other room's question",
    cmd.RecordArrival: "record the other service's arrival",
    cmd.RecordRelease: "record that a service was released",
    cmd.DecideMatch: "join two incidents or keep them apart",
    cmd.Unmerge: "part joined incidents",
    cmd.ReportResource: "report a service's own vehicle",
    cmd.StandDownResource: "stand a service's own vehicle down",
    cmd.RecordOutcome: "record the outcome",
    cmd.RecordPerson: "record what became of a person",
    cmd.CloseIncident: "close an incident",
    cmd.ReopenIncident: "open an incident again",
    cmd.BookOn: "book a unit on",
    cmd.BookOff: "book a unit off",
    cmd.SetStatus: "set a unit's status",
    cmd.ReportPosition: "report a unit's position",
    cmd.ChangeSeat: "change who is aboard a unit",
    cmd.CheckIn: "record that whoever is alone aboard is all right",
    cmd.PlanBreak: "plan a crew's break",
    cmd.CancelBreak: "take a planned break back",
    cmd.OfferUnit: "offer a unit an incident",
    cmd.AnswerOffer: "answer an offer",
    cmd.ConsentToOffer: "consent to the other room's offer",
    cmd.WithdrawOffer: "take an offer back",
    cmd.SelfAssign: "take an incident for a unit",
    cmd.DivertUnit: "move a unit to another incident",
    cmd.StandDownUnit: "stand a unit down",
    cmd.ReleaseAgency: "release one service's part of a unit",
    cmd.RequestBackup: "ask for back-up for a unit",
    cmd.RaiseEmergency: "raise a crew's emergency",
    cmd.CancelEmergency: "end a crew's emergency",
    cmd.SetDistrictState: "change the state of a district",
    **RECORD_DEEDS,
    **SHIFT_DEEDS,
    glass.BreakGlass: "open restricted fields",
    glass.CloseGlass: "close restricted fields",
    glass.ReviewGlass: "review an opening of restricted fields",
    keeping.PlaceHold: "place a legal hold",
    keeping.ReleaseHold: "release a legal hold",
    keeping.AskErasure: "ask for an erasure",
    keeping.ReviewContent: "review what is due for erasure",
    keeping.RunRetention: "erase what is due",
}
"""Each command as it finishes "may not …"."""

_GROUPS = (
    (frozenset({Role.POLICE_DISPATCHER, Role.AMBULANCE_DISPATCHER}), "a control room"),
    (CREW_ROLES, "the unit's crew"),
)


def may_not(role: Role, command: type[cmd.Command], roles: Iterable[Role]) -> str:
    """Return the sentence for a role that may not give a command: what, and who may."""
    deed = DEEDS.get(command, "do this")
    return f"{_one(role)} may not {deed}: only {_who(frozenset(roles))} may"


def may_not_write(role: Role, label: Label) -> str:
    """Return the sentence for a role that may not write notes with a label."""
    return f"{_one(role)} may not write {label_words(label)} notes"


def _who(roles: frozenset[Role]) -> str:
    found = []
    for group, words in _GROUPS:
        if group <= roles:
            found.append(words)
            roles -= group
    return " or ".join([*found, *map(_one, sorted(roles))]) or "nobody"


def _one(role: Role) -> str:
    words = plain(role)
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"

"""What each service may record of an incident, correct, withdraw and share: commands to events, or a refusal."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import singledispatch
from typing import Any

from . import record_codes as codes
from . import record_commands as rc
from . import record_events as rev
from .agency import Agency, Label, Role
from .deciding import Decision, Setting, emit, op, own
from .detention import Clock, may_end, may_extend
from .event_types import Event, Part
from .incident_events import IncidentShared
from .joint import Joint
from .news2 import CONSCIOUSNESS
from .record_book import Book, Entry
from .record_persons import Place
from .refusal import Refusal

_IN_THE_LOG = frozenset({"incident_id", "at", "corrects", "person", "seat", "step"})
"""Fields of record commands that the log itself keeps; everything else is written to the owner's store."""

MOST_ATTACHMENTS = 60
MOST_ATTACHED_BYTES = 96 * 1024 * 1024
"""What one service may attach to one incident; what was withdrawn is kept, and so counts."""

_NOT_YOURS = {
    Agency.POLICE: Refusal("not_entitled", "only the police keep this record"),
    Agency.AMBULANCE: Refusal("not_entitled", "only the ambulance service keeps this record"),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What a decision about records stands on: the incident, the own service's book, and the new record's id.

    `person`: where the person is recorded whom the command is about.
    """

    setting: Setting
    joint: Joint
    book: Book
    record_id: str
    person: Place | None = None

    @property
    def agency(self) -> Agency:
        """Return the service that records."""
        return self.setting.by.agency

    @property
    def stream(self) -> str:
        """Return the stream of the own service."""
        return own(self.joint.leg_of(self.agency).incident_id, self.agency)

    def others(self, command: rc.KeepRecord) -> Book:
        """Return the book that a rule is tested on: for a correction, what else stands under that record's number."""
        return self.book.beside(command.corrects) if command.corrects else self.book

    def about(self, command: rc.OnRecord, shown: int) -> tuple[Desk, rc.OnRecord] | None:
        """Return desk and command for the person of a number, counted where their records are; None: there is none.

        Somebody new is counted on the own incident only: at another one its own crew may begin with the same number.
        A correction stays with the number under which its record was made, whatever number the person has by now.
        """
        persons = self.book.persons
        place = persons.place(shown)
        if place is None or (place.stream != persons.streams[0] and not self.book.knows(place)):
            return None
        entry = self.book.get(getattr(command, "corrects", None) or "")
        if entry is not None and entry.place in persons.one(place):
            place = entry.place
        return replace(self, person=place), replace(command, person=place.number)  # type: ignore[call-arg]

    def held(self, kind: type[Event], command: rc.KeepRecord) -> tuple[Entry, ...]:
        """Return what counts of a kind about the person, beside what the command corrects."""
        return self.others(command).about(kind, self.person) if self.person else ()

    def clock(self, command: rc.KeepRecord) -> Clock | None:
        """Return the person's clock under section 136, as it is beside what the command corrects."""
        return self.others(command).clock(self.person) if self.person else None


def decide(desk: Desk, command: rc.OnRecord) -> Decision:
    """Decide a command about records; they may be written after the incident has closed, too."""
    refusal = _not_there(desk) or _unknown_words(desk, command)
    if refusal is not None:
        return refusal
    if shown := getattr(command, "person", 0):
        found = desk.about(command, shown)
        if found is None:
            return _nobody(shown)
        desk, command = found
    return _decide(command, desk)


def _nobody(shown: int) -> Refusal:
    return Refusal("no_such_person", f"there is no person {shown} in your service's records")


def _not_there(desk: Desk) -> Refusal | None:
    """Refuse a crew that was never sent to the incident."""
    by = desk.setting.by
    if not Role(by.role).is_crew or any(c.unit_id == by.unit_id for c in desk.joint.commitments):
        return None
    return Refusal("not_on_it", "your unit has not been on this incident")


def _unknown_words(desk: Desk, command: rc.OnRecord) -> Refusal | None:
    for name, known in _words_of(desk, command).items():
        given = getattr(command, name)
        for word in given if isinstance(given, tuple) else (given,):
            if word is not None and word not in known:
                return Refusal("unknown_code", f"there is no {name.replace('_', ' ')} {word!r}")
    return None


def _words_of(desk: Desk, command: rc.OnRecord) -> dict[str, Iterable[str]]:
    """Return the coded fields of a command with the words they may hold."""
    known: dict[str, Iterable[str]] = {
        **codes.RECORD_CODES,
        **codes.OWN_CODES[desk.agency],
        "consciousness": CONSCIOUSNESS,
        "disposal": desk.setting.blueprint.outcome_codes.get("disposal", {}),
    }
    return {f.name: known[f.name] for f in fields(command) if f.name in known}


def _content(command: rc.OnRecord) -> dict[str, object]:
    """Return what a command says beyond what the log keeps; what was left empty is left out."""
    given = {f.name: getattr(command, f.name) for f in fields(command) if f.name not in _IN_THE_LOG}
    return {name: value for name, value in given.items() if value not in (None, "", ())}


def _kept(desk: Desk, command: rc.KeepRecord, happened: rev.RecordEvent) -> Decision:
    """Return a new record, or the correction of a record that counts and is of the same kind."""
    if happened.owner is not desk.agency:
        return _NOT_YOURS[happened.owner or desk.agency.other]
    stream = desk.person.stream if desk.person else desk.stream
    if command.corrects is not None:
        entry = desk.book.get(command.corrects)
        if entry is None or entry.kind != type(happened).__name__:
            return Refusal("no_such_record", "there is no such record to correct")
        if not entry.counts:
            return Refusal("already_corrected", "that record was corrected or withdrawn: correct the newest")
        if not command.reason.strip():
            return Refusal("no_reason", "say why the record is corrected")
        if desk.person and entry.stream != stream:
            return Refusal(
                "other_incident", "that person is of the other incident: withdraw it, record it anew"
            )
        stream = entry.stream
    part = Part(happened.label, happened.owner, _content(command))
    return [emit(stream, happened, desk.setting.at(command), part)]


@singledispatch
def _decide(command: rc.OnRecord, desk: Desk) -> Decision:
    raise TypeError(f"no rule for {type(command).__name__}")


@_decide.register
def _(command: rc.RecordArrest, desk: Desk) -> Decision:
    return _kept(desk, command, rev.ArrestRecorded(desk.record_id, command.person, command.corrects))


@_decide.register
def _(command: rc.RecordForce, desk: Desk) -> Decision:
    if not command.tactics:
        return Refusal("no_tactic", "name at least one tactic")
    unit_id = desk.setting.by.unit_id or ""
    mine = (unit_id, command.seat)
    if any(e.seat == mine for e in desk.held(rev.ForceRecorded, command)):
        return Refusal(
            "already_recorded", "this officer's use of force on this person is recorded: correct that record"
        )
    happened = rev.ForceRecorded(desk.record_id, command.person, command.corrects, unit_id, command.seat)
    return _kept(desk, command, happened)


@_decide.register
def _(command: rc.RecordDetentionStep, desk: Desk) -> Decision:
    if command.step == "extended":
        why_not = may_extend(desk.clock(command), desk.setting.at(command))
        if why_not is not None:
            return Refusal("no_extension", why_not)
        if not command.who:
            return Refusal("no_doctor", "name the doctor who extended the detention")
    if command.step == "ended" and (why_not := may_end(desk.clock(command))) is not None:
        return Refusal("already_ended", why_not)
    happened = rev.DetentionStepRecorded(desk.record_id, command.person, command.corrects, command.step)
    return _kept(desk, command, happened)


@_decide.register
def _(command: rc.ReferenceSearch, desk: Desk) -> Decision:
    return _kept(desk, command, rev.SearchReferenced(desk.record_id, command.person, command.corrects))


@_decide.register
def _(command: rc.ReferenceFootage, desk: Desk) -> Decision:
    return _kept(desk, command, rev.FootageReferenced(desk.record_id, command.corrects, command.seat))


@_decide.register
def _(command: rc.RecordObservations, desk: Desk) -> Decision:
    if not _content(command).keys() - {"spo2_scale", "reason"}:
        return Refusal("nothing_measured", "give at least one measurement")
    return _kept(desk, command, rev.ObservationsRecorded(desk.record_id, command.person, command.corrects))


@_decide.register
def _(command: rc.RecordCare, desk: Desk) -> Decision:
    if not _content(command).keys() - {"reason"}:
        return Refusal("nothing_said", "say what happened, what was found or what was done")
    return _kept(desk, command, rev.CareRecorded(desk.record_id, command.person, command.corrects))


@_decide.register
def _(command: rc.ConcludeCare, desk: Desk) -> Decision:
    if desk.held(rev.CareConcluded, command):
        return Refusal("already_concluded", "the care of this person is concluded: correct that record")
    return _kept(desk, command, rev.CareConcluded(desk.record_id, command.person, command.corrects))


@_decide.register
def _(command: rc.MakeReferral, desk: Desk) -> Decision:
    return _kept(desk, command, rev.ReferralMade(desk.record_id, command.person, command.corrects))


@_decide.register
def _(command: rc.DescribePerson, desk: Desk) -> Decision:
    if desk.held(rev.PersonDescribed, command):
        return Refusal("already_described", "this person is described: correct that record")
    return _kept(
        desk, command, rev.PersonDescribed(desk.record_id, command.person, command.corrects, desk.agency)
    )


@_decide.register
def _(command: rc.AddAttachment, desk: Desk) -> Decision:
    if command.label is not rev.OWN_LABEL[desk.agency]:
        return Refusal("label_not_yours", f"the {desk.agency.value} service does not keep such attachments")
    if (too_much := _too_much(desk.book, len(command.content))) is not None:
        return too_much
    happened = rev.AttachmentAdded(
        desk.record_id, command.person, desk.agency, command.media_type, len(command.content)
    )
    about: dict[str, Any] = {
        "title": command.title,
        "sha256": hashlib.sha256(command.content).hexdigest(),
    }
    kept: dict[str, object] = {"base64": base64.b64encode(command.content).decode()}
    parts = (Part(command.label, desk.agency, about), Part(command.label, desk.agency, kept))
    stream = desk.person.stream if desk.person else desk.stream
    return [emit(stream, happened, desk.setting.at(command), *parts)]


def _too_much(book: Book, size: int) -> Refusal | None:
    attached = [entry.size for entry in book.entries if entry.kind == rev.AttachmentAdded.__name__]
    if len(attached) >= MOST_ATTACHMENTS:
        return Refusal("too_many", f"an incident holds at most {MOST_ATTACHMENTS} attachments of a service")
    if sum(attached) + size > MOST_ATTACHED_BYTES:
        most = MOST_ATTACHED_BYTES >> 20
        return Refusal("too_much", f"the attachments of a service to an incident hold at most {most} MiB")
    return None


@_decide.register
def _(command: rc.WithdrawRecord, desk: Desk) -> Decision:
    entry = desk.book.get(command.record_id)
    if entry is None or entry.kind == rev.FactReceived.__name__:
        return Refusal("no_such_record", "there is no such record of your service")
    if entry.kind == rev.FactShared.__name__:
        return Refusal("shared", "what was shared is known to the other service: share a correction")
    if not entry.counts:
        return Refusal("already_corrected", "that record was corrected or withdrawn already")
    if not command.reason.strip():
        return Refusal("no_reason", "say why the record is withdrawn")
    kind = rev.PersonsParted if entry.kind == rev.PersonsJoined.__name__ else rev.RecordWithdrawn
    happened = kind(command.record_id, desk.agency)
    reason = Part(happened.label, desk.agency, {"reason": command.reason})
    return [emit(entry.stream, happened, desk.setting.at(command), reason)]


@_decide.register
def _(command: rc.JoinPersons, desk: Desk) -> Decision:
    persons = desk.book.persons
    one, other = desk.person, persons.place(command.other)
    if one is None or not desk.book.knows(one):
        return _nobody(persons.shown(one) if one else command.person)
    if other is None or not desk.book.knows(other):
        return _nobody(command.other)
    if other in persons.one(one):
        return Refusal("one_already", "these are one person already")
    if not command.reason.strip():
        return Refusal("no_reason", "say how you know that they are one person")
    happened = rev.PersonsJoined(
        desk.record_id, desk.agency, one.number, other.stream.partition("/")[0], other.number
    )
    reason = Part(happened.label, desk.agency, {"reason": command.reason})
    return [emit(one.stream, happened, desk.setting.at(command), reason)]


@_decide.register
def _(command: rc.ShareFact, desk: Desk) -> Decision:
    agency, other, at = desk.agency, desk.agency.other, desk.setting.at(command)
    if command.about is not None and desk.book.get(command.about) is None:
        return Refusal("no_such_record", "there is no such record of your service")
    joint, text = desk.joint, {"text": command.text}
    theirs = own(joint.leg_of(other).incident_id, other)
    shared = rev.FactShared(desk.record_id, command.about, agency, other, command.basis)
    received = rev.FactReceived(desk.record_id, other, agency, command.basis)
    emitted = [
        emit(desk.stream, shared, at, Part(shared.label, agency, dict(text))),
        emit(theirs, received, at, Part(received.label, other, dict(text))),
    ]
    if other not in desk.joint.visible_to:
        emitted.insert(0, emit(op(joint.incident_id), IncidentShared(agency), at))
    return emitted


@_decide.register
def _(command: rc.ReportSituation, desk: Desk) -> Decision:
    said = _content(command)
    said.pop("major")
    if not said:
        return Refusal("nothing_said", "fill at least one line of the report")
    happened: Event = rev.SituationReported(desk.record_id, desk.agency, command.major)
    return [
        emit(
            op(desk.joint.leg_of(desk.agency).incident_id),
            happened,
            desk.setting.at(command),
            Part(Label.OPERATIONAL, None, said),
        )
    ]

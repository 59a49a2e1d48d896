"""Messages of control-room systems: taken in any order, once each; what cannot be used is put aside whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from jru.domain import commands as cmd
from jru.domain import incident_events as iev
from jru.domain.agency import ForeignRef
from jru.domain.blueprint import Partner
from jru.domain.codec import encode
from jru.domain.deciding import Decision, Setting, emit, op, own
from jru.domain.incident import Incident
from jru.domain.refusal import Refusal
from jru.domain.reporting import Told, change_incident, open_incident, told_by_report
from jru.errors import Conflict, Refused

from .access import Viewer
from .ground import Decided, Done, Ground
from .numbering import Numbering
from .ports import Quarantined
from .projection import reference_key
from .recorder import Sent

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,19}")
"""What an unknown code may look like, since it is kept in the log: too little for a name or an address."""


@dataclass(frozen=True, slots=True)
class Said:
    """What newer messages about the same incident have said already, as kinds of event; None: this is the newest."""

    kinds: frozenset[str] | None = None

    @property
    def is_newest(self) -> bool:
        """Tell whether no newer message was taken before."""
        return self.kinds is None

    def leave(self, told: Told, leg: Incident) -> Told:
        """Return what an older message still adds: words and hazards, and what no newer message has said."""
        if self.kinds is None:
            return told
        ref = leg.ref_of(told.agency)
        graded = "GradeSet" in self.kinds or (leg.stub and ref is not None and ref.grade is not None)
        typed = "TypeSet" in self.kinds
        return replace(
            told,
            grade=None if graded else told.grade,
            type=None if typed else told.type,
            type_code=None if typed else told.type_code,
            place=None if "PlaceSet" in self.kinds else told.place,
            flags=None if "FlagsSet" in self.kinds else told.flags,
        )


class Reports:
    """Use cases of a control room's own system."""

    def __init__(self, ground: Ground, numbering: Numbering) -> None:
        self._ground = ground
        self._numbering = numbering

    def receive(self, viewer: Viewer, command: cmd.ReceiveReport, sent: Sent) -> Done:
        """Take a control-room message; what cannot be used is put aside whole, never dropped.

        The message's own name (sender, number, version) is the idempotency key: the same again does nothing.
        """
        partner = self._ground.board.scheme.at(sent.received_at).partners[viewer.agency]
        fault = _fault(command, partner)
        if fault:
            return self.put_aside(viewer, command.sender, encode(command), fault, sent)
        sent = replace(sent, idem_key=f"{_messages_of(command)}{command.message_version}")
        try:
            return self._take(viewer, command, sent)
        except (Conflict, Refused) as error:
            return self.put_aside(viewer, command.sender, encode(command), error.message, sent)

    def _take(self, viewer: Viewer, command: cmd.ReceiveReport, sent: Sent) -> Done:
        holder = self._ground.board.holder(command.sender, command.foreign_id, command.epoch)
        if holder is None and command.kind != "create":
            holder = self._holder(command)
        if holder is None:
            try:
                return self._open(viewer, command, sent)
            except Conflict:
                holder = self._holder(command)  # another message about it came in at the same moment
                if holder is None:
                    raise
        return self._change(viewer, command, holder, sent)

    def _holder(self, command: cmd.ReceiveReport) -> str | None:
        key = reference_key(command.sender, command.foreign_id, command.epoch)
        return self._ground.log.claim("reference", key)

    def _told(self, setting: Setting, command: cmd.ReceiveReport) -> Told:
        place = self._ground.place(command.place)
        return told_by_report(command, setting.by.agency, setting.blueprint, place)

    def _open(self, viewer: Viewer, command: cmd.ReceiveReport, sent: Sent) -> Done:
        ground = self._ground
        setting = ground.setting(viewer, sent)
        told = self._told(setting, command)
        ref = ForeignRef(command.sender, command.foreign_id, command.epoch)

        def attempt(number: str) -> Decided:
            incident_id = ground.recorder.new_id("inc")
            at = setting.at(command)
            opened = open_incident(setting, incident_id, number, told, at, stub=command.kind != "create")
            if command.kind == "close" and not isinstance(opened, Refusal):
                opened = [*opened, emit(op(incident_id), iev.ReferenceClosed(viewer.agency), at)]
            return self._numbering.opened(opened, incident_id, number, ref, sent)

        return self._numbering.open(viewer, sent, attempt)

    def _change(self, viewer: Viewer, command: cmd.ReceiveReport, holder: str, sent: Sent) -> Done:
        ground = self._ground
        setting = ground.setting(viewer, sent)
        given = self._told(setting, command)

        def decided() -> Decided:
            leg = ground.board.fetch(holder)
            assert leg is not None  # noqa: S101 - a claimed reference has its stream
            said = self._said_by_newer(setting, holder, command)
            decision = self._decide(setting, leg.state, given, said, command)
            outcome: dict[str, object] = {"incident_id": holder, "number": leg.state.number}
            return Decided(decision, outcome, f"incident {leg.state.number} changed")

        return ground.write(viewer, sent, ground.board.legs_of(holder), decided)

    def _said_by_newer(self, setting: Setting, holder: str, command: cmd.ReceiveReport) -> Said:
        """Look through what the sender's other messages made of the incident; each event bears its message's name."""
        name = _messages_of(command)
        leg = self._ground.board.fetch(holder)
        if leg is not None and leg.begun_here and leg.heard.get(name[:-1], 0) <= command.message_version:
            return Said(None)
        events = [
            *self._ground.log.stream(op(holder)),
            *self._ground.log.stream(own(holder, setting.by.agency)),
        ]
        newer = [
            e.kind
            for e in events
            if e.idem_key.startswith(name) and int(e.idem_key.removeprefix(name)) > command.message_version
        ]
        return Said(frozenset(newer) if newer else None)

    def _decide(
        self, setting: Setting, leg: Incident, given: Told, said: Said, command: cmd.ReceiveReport
    ) -> Decision:
        at, agency = setting.at(command), setting.by.agency
        fills = leg.stub and command.kind == "create"
        changed = change_incident(setting, leg, said.leave(given, leg), at, fills_stub=fills)
        if isinstance(changed, Refusal) or not said.is_newest:
            return changed
        ref = leg.ref_of(agency)
        if command.kind == "close" and ref is not None and not ref.closed:
            return [*changed, emit(op(leg.incident_id), iev.ReferenceClosed(agency), at)]
        if command.kind == "close" or leg.open:
            return changed
        legs = self._ground.board.legs_of(leg.incident_id)
        return [*(emit(op(each), iev.IncidentReopened(agency), at) for each in legs), *changed]

    def put_aside(self, viewer: Viewer, sender: str, raw: bytes, reason: str, sent: Sent) -> Done:
        """Keep a message that cannot be used, under its sender's service."""
        ground = self._ground
        quarantine_id = ground.recorder.new_id("qtn")
        entry = Quarantined(quarantine_id, sender[:40], viewer.agency.value, reason, raw, sent.received_at)
        ground.quarantine.add(entry)
        return Done({"quarantined": quarantine_id}, reason, ground.board.revision)


def _messages_of(command: cmd.ReceiveReport) -> str:
    """Return how the keys of all messages about one incident begin; its version follows."""
    return f"report|{reference_key(command.sender, command.foreign_id, command.epoch)}|"


def _fault(command: cmd.ReceiveReport, partner: Partner) -> str:
    if command.sender not in partner.senders:
        return f"sender {command.sender!r} is not one of the {partner.agency.value} service's"
    if command.kind == "create" and command.place is None:
        return "a first report needs a place"
    for name, code in (("grade", command.grade), ("type_code", command.type_code)):
        if code and not _CODE.fullmatch(code):
            return f"{name} is no code: at most 20 letters, digits and . _ / + -"
    return ""

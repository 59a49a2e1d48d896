"""How incidents come in and are told apart: calls, control-room messages, matches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from jru.domain import commands as cmd
from jru.domain import incident_events as iev
from jru.domain.agency import ForeignRef
from jru.domain.blueprint import Partner
from jru.domain.codec import encode
from jru.domain.deciding import Decision, Setting, emit, op
from jru.domain.incident import Incident
from jru.domain.incident_decisions import decide
from jru.domain.joint import Joint
from jru.domain.linking import decide_close, decide_match, decide_unmerge
from jru.domain.refusal import Refusal
from jru.domain.reporting import (
    Told,
    change_incident,
    decide_update,
    open_incident,
    told_by_call,
    told_by_report,
)
from jru.errors import Conflict, Refused

from .access import Viewer
from .ground import Decided, Done, Ground
from .ports import Claim, ClaimTaken, Quarantined
from .projection import number_key, reference_key
from .recorder import Sent

_NUMBER_TRIES = 20


class Intake:
    """Use cases of a control room's desk, before a unit is chosen."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def take_call(self, viewer: Viewer, command: cmd.TakeCall, sent: Sent) -> Done:
        """Open an incident; type and place are enough."""
        ground = self._ground
        setting = ground.setting(viewer, sent)
        refusal = _unknown_codes(setting, command)
        place = ground.place(command.place)

        def attempt(number: str) -> Decided:
            if refusal is not None:
                return Decided(refusal)
            incident_id = ground.recorder.new_id("inc")
            ref = ForeignRef(
                setting.blueprint.partners[viewer.agency].senders[0],
                command.foreign_id or f"JRU-{sent.received_at:%m%d}-{number}",
                sent.received_at.year,
            )
            told = told_by_call(command, viewer.agency, ref, place)
            opened = open_incident(setting, incident_id, number, told, setting.at(command), stub=False)
            return self._opened(opened, incident_id, number, ref, sent)

        return self._open(viewer, sent, attempt)

    def _opened(
        self, decision: Decision, incident_id: str, number: str, ref: ForeignRef, sent: Sent
    ) -> Decided:
        day = sent.received_at.date().isoformat()
        claims = (
            Claim("reference", reference_key(ref.sender, ref.foreign_id, ref.epoch), incident_id),
            Claim("number", number_key(number, day), incident_id),
        )
        outcome: dict[str, object] = {"incident_id": incident_id, "number": number}
        return Decided(decision, outcome, f"incident {number} opened", claims, created=True)

    def _open(self, viewer: Viewer, sent: Sent, attempt: Callable[[str], Decided]) -> Done:
        """Write with a short number that nobody has today; numbers are drawn, so that a gap tells nothing."""
        ground = self._ground
        for _ in range(_NUMBER_TRIES):
            number = str(1000 + ground.random.below(9000))
            try:
                return ground.write(viewer, sent, ("intake",), partial(attempt, number))
            except ClaimTaken as taken:
                if taken.claim.kind != "number":
                    earlier = ground.earlier(viewer, sent)
                    if earlier is not None:
                        return earlier
                    reason = "this incident number is in use already"
                    raise Conflict("reference_taken", reason, "open the incident that has it") from taken
        raise Conflict("numbers_taken", "no short number is free today")

    def receive_report(self, viewer: Viewer, command: cmd.ReceiveReport, sent: Sent) -> Done:
        """Take a control-room message; what cannot be used is put aside whole, never dropped.

        The message's own name (sender, number, version) is the idempotency key: the same again does nothing.
        """
        partner = self._ground.board.scheme.at(sent.received_at).partners[viewer.agency]
        fault = _report_fault(command, partner)
        if fault:
            return self.put_aside(viewer, command.sender, _raw(command), fault, sent)
        key = f"report|{reference_key(command.sender, command.foreign_id, command.epoch)}|{command.message_version}"
        sent = replace(sent, idem_key=key)
        try:
            return self._take_report(viewer, command, sent)
        except Conflict as conflict:
            return self.put_aside(viewer, command.sender, _raw(command), conflict.message, sent)
        except Refused as refused:
            return self.put_aside(viewer, command.sender, _raw(command), refused.message, sent)

    def _take_report(self, viewer: Viewer, command: cmd.ReceiveReport, sent: Sent) -> Done:
        ground = self._ground
        setting = ground.setting(viewer, sent)
        told = told_by_report(command, viewer.agency, setting.blueprint, ground.place(command.place))
        holder = ground.log.claim(
            "reference", reference_key(command.sender, command.foreign_id, command.epoch)
        )
        if holder is None:
            assert told.ref is not None  # noqa: S101 - a report always names itself
            ref = told.ref

            def attempt(number: str) -> Decided:
                incident_id = ground.recorder.new_id("inc")
                at = setting.at(command)
                opened = open_incident(setting, incident_id, number, told, at, stub=command.kind != "create")
                if command.kind == "close" and not isinstance(opened, Refusal):
                    opened = [*opened, emit(op(incident_id), iev.ReferenceClosed(viewer.agency), at)]
                return self._opened(opened, incident_id, number, ref, sent)

            return self._open(viewer, sent, attempt)

        def change() -> Decided:
            leg = ground.board.fetch(holder)
            assert leg is not None  # noqa: S101 - a claimed reference has its stream
            outcome: dict[str, object] = {"incident_id": holder, "number": leg.state.number}
            decision = self._change(setting, leg.state, told, command)
            return Decided(decision, outcome, f"incident {leg.state.number} changed")

        return ground.write(viewer, sent, (holder,), change)

    def _change(self, setting: Setting, leg: Incident, told: Told, command: cmd.ReceiveReport) -> Decision:
        at = setting.at(command)
        fills = leg.stub and command.kind == "create"
        changed = change_incident(setting, leg, told, at, fills_stub=fills)
        if isinstance(changed, Refusal):
            return changed
        ref = leg.ref_of(setting.by.agency)
        if command.kind == "close" and ref is not None and not ref.closed:
            changed = [*changed, emit(op(leg.incident_id), iev.ReferenceClosed(setting.by.agency), at)]
        elif command.kind != "close" and not leg.open:
            changed = [emit(op(leg.incident_id), iev.IncidentReopened(setting.by.agency), at), *changed]
        return changed

    def put_aside(self, viewer: Viewer, sender: str, raw: bytes, reason: str, sent: Sent) -> Done:
        """Keep a message that cannot be used, under its sender's service."""
        ground = self._ground
        quarantine_id = ground.recorder.new_id("qtn")
        entry = Quarantined(quarantine_id, sender[:40], viewer.agency.value, reason, raw, sent.received_at)
        ground.quarantine.add(entry)
        return Done({"quarantined": quarantine_id}, reason, ground.board.revision)

    def update(self, viewer: Viewer, command: cmd.UpdateIncident, sent: Sent) -> Done:
        """Change the own service's grade, type, place or flags."""
        ground = self._ground
        joint = ground.joint(viewer, command.incident_id)
        place = ground.place(command.place)

        def decided() -> Decided:
            now = ground.joint(viewer, command.incident_id)
            leg = next((g for g in now.legs if g.ref_of(viewer.agency)), now.first)
            if command.base is not None and command.base != ground.board.version(op(now.incident_id)):
                raise Conflict("stale", "the incident changed since you read it", "look again, then repeat")
            return Decided(decide_update(ground.setting(viewer, sent), leg, command, place), told="changed")

        return ground.write(viewer, sent, _names(joint), decided)

    def on_incident(self, viewer: Viewer, command: cmd.OnIncident, sent: Sent) -> Done:
        """Carry out any command that looks at one incident only."""
        ground = self._ground
        joint = ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            now = ground.joint(viewer, command.incident_id)
            return Decided(
                decide(ground.setting(viewer, sent), now, command), told=_TOLD.get(type(command), "recorded")
            )

        return ground.write(viewer, sent, _names(joint), decided)

    def match(self, viewer: Viewer, command: cmd.DecideMatch, sent: Sent) -> Done:
        """Say whether two incidents are one. The other one may be known by its suggestion only."""
        ground = self._ground
        one = ground.joint(viewer, command.incident_id)
        two = self._counterpart(viewer, one, command.other_id)

        def decided() -> Decided:
            first = ground.joint(viewer, command.incident_id)
            second = self._counterpart(viewer, first, command.other_id)
            told = "joined" if command.same else "kept apart"
            return Decided(decide_match(ground.setting(viewer, sent), first, second, command), told=told)

        return ground.write(viewer, sent, (*_names(one), *_names(two)), decided)

    def _counterpart(self, viewer: Viewer, one: Joint, other_id: str) -> Joint:
        ground = self._ground
        other = ground.board.joint(other_id)
        named = ground.board.suggested_to(one)
        if other is not None and (other.incident_id in named or other.incident_id == one.incident_id):
            return other
        return ground.joint(viewer, other_id)

    def unmerge(self, viewer: Viewer, command: cmd.Unmerge, sent: Sent) -> Done:
        """Take a joining back."""
        ground = self._ground
        joint = ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            now = ground.joint(viewer, command.incident_id)
            return Decided(decide_unmerge(ground.setting(viewer, sent), now, command), told="parted")

        return ground.write(viewer, sent, _names(joint), decided)

    def close(self, viewer: Viewer, command: cmd.CloseIncident, sent: Sent) -> Done:
        """Close the own service's log."""
        ground = self._ground
        joint = ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            now = ground.joint(viewer, command.incident_id)
            hours = person_seconds(ground, now)
            return Decided(decide_close(ground.setting(viewer, sent), now, command, hours), told="closed")

        return ground.write(viewer, sent, _names(joint), decided)


def person_seconds(ground: Ground, joint: Joint) -> tuple[int, int]:
    """Return the person-seconds that joint units gave to an incident, police first; by the seats as booked."""
    police = ambulance = 0.0
    for spent in joint.commitments:
        aboard = ground.board.fetch_unit(spent.unit_id)
        if aboard is None or spent.until is None:
            continue
        seconds = (spent.until - spent.since).total_seconds()
        seats = [seat.agency.letter for seat in aboard.state.seats]
        police += seconds * seats.count("P")
        ambulance += seconds * seats.count("A")
    return round(police), round(ambulance)


def _names(joint: Joint) -> tuple[str, ...]:
    return tuple(leg.incident_id for leg in joint.legs)


def _unknown_codes(setting: Setting, command: cmd.TakeCall) -> Refusal | None:
    blueprint = setting.blueprint
    if command.type not in blueprint.types:
        return Refusal("unknown_type", f"the scheme has no incident type {command.type!r}")
    if command.grade is not None and blueprint.partners[setting.by.agency].grade(command.grade) is None:
        return Refusal(
            "unknown_grade", f"the {setting.by.agency.value} service has no grade {command.grade!r}"
        )
    for flag in command.flags:
        if flag not in blueprint.flags:
            return Refusal("unknown_flag", f"the scheme has no flag {flag!r}")
    for hazard in command.hazards:
        if hazard.code not in blueprint.hazards:
            return Refusal("unknown_hazard", f"the scheme has no hazard {hazard.code!r}")
    return None


def _report_fault(command: cmd.ReceiveReport, partner: Partner) -> str:
    if command.sender not in partner.senders:
        return f"sender {command.sender!r} is not one of the {partner.agency.value} service's"
    if command.kind == "create" and command.place is None:
        return "a first report needs a place"
    return ""


def _raw(command: cmd.ReceiveReport) -> bytes:
    return encode(command)


_TOLD: dict[type[cmd.OnIncident], str] = {
    cmd.ShareIncident: "both services see it now",
    cmd.ShareLine: "line shared",
    cmd.RecordNote: "noted",
    cmd.DeclareSceneSafe: "scene recorded as safe",
    cmd.RequestOther: "the other service is asked",
}

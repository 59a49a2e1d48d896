"""Units: booking, status, offers, and everything two rooms and a crew do with one vehicle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from jru.domain import commands as cmd
from jru.domain import offer as offers
from jru.domain.agency import Agency, Role
from jru.domain.blueprint import Blueprint
from jru.domain.deciding import Decision, Setting
from jru.domain.joint import Joint
from jru.domain.refusal import Refusal
from jru.domain.unit import Unit
from jru.domain.unit_decisions import decide, decide_book_on
from jru.errors import Conflict, InvalidInput, NotFound, Refused

from . import versions
from .access import Viewer
from .ground import Decided, Done, Ground
from .ports import Position
from .recommending import Recommending
from .recorder import Sent
from .streams import Aboard

FUTURE_S = 60
WORST_ACCURACY_M = 500.0
_C = TypeVar("_C", cmd.ConsentToOffer, cmd.WithdrawOffer)
SYSTEM = Viewer("system", "the system", Agency.POLICE, Role.SYSTEM)


class Dispatching:
    """Use cases about units on duty."""

    def __init__(self, ground: Ground, recommending: Recommending) -> None:
        self._ground = ground
        self._recommending = recommending

    def book_on(self, viewer: Viewer, command: cmd.BookOn, sent: Sent) -> Done:
        """Begin a duty; a call sign or a vehicle is on duty once."""
        ground = self._ground

        def decided() -> Decided:
            unit_id = ground.recorder.new_id("unt")
            clash = self._clash(command)
            decision = clash or decide_book_on(self._setting(viewer, sent, None), unit_id, command)
            return Decided(decision, {"unit_id": unit_id}, f"{command.call_sign} booked on", created=True)

        return ground.write(viewer, sent, ("book-on",), decided)

    def _clash(self, command: cmd.BookOn) -> Refusal | None:
        for aboard in self._ground.board.open_units():
            if aboard.state.call_sign == command.call_sign:
                return Refusal("on_duty", f"{command.call_sign} is on duty already: book it off first")
            if aboard.state.vehicle_id == command.vehicle_id:
                return Refusal("on_duty", f"vehicle {command.vehicle_id} is out as {aboard.state.call_sign}")
        return None

    def _setting(self, viewer: Viewer, sent: Sent, aboard: Aboard | None) -> Setting:
        """Return the setting; an assignment keeps the blueprint version it began under."""
        scheme = self._ground.board.scheme
        blueprint: Blueprint = scheme.at(sent.received_at)
        if aboard is not None and aboard.state.job is not None:
            blueprint = scheme.version(aboard.state.job.scheme_version, sent.received_at)
        return Setting(viewer.by, sent.received_at, blueprint)

    def _own_joint(self, aboard: Aboard) -> Joint | None:
        incident_id = aboard.state.incident_id
        return self._ground.board.joint(incident_id) if incident_id else None

    def _names(self, aboard: Aboard, *joints: Joint | None) -> tuple[str, ...]:
        legs = [leg.incident_id for joint in joints if joint for leg in joint.legs]
        return (aboard.state.unit_id, *legs)

    def on_unit(self, viewer: Viewer, command: cmd.OnUnit, sent: Sent) -> Done:
        """Carry out a command that looks at the unit and the incident it is on."""
        ground = self._ground
        aboard = ground.unit(command.unit_id)

        def decided() -> Decided:
            now = ground.unit(command.unit_id)
            decision = decide(self._setting(viewer, sent, now), now.state, self._own_joint(now), command)
            decision = versions.on_unit(ground.log, viewer, now, command, decision)
            return Decided(decision, {"unit_id": command.unit_id}, f"{now.state.call_sign}: recorded")

        return ground.write(viewer, sent, self._names(aboard, self._own_joint(aboard)), decided)

    def offer(self, viewer: Viewer, command: cmd.OfferUnit, sent: Sent) -> Done:
        """Offer an incident to a unit."""
        ground = self._ground
        aboard = ground.unit(command.unit_id)
        joint = ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            now, target = ground.unit(command.unit_id), ground.joint(viewer, command.incident_id)
            if command.base is not None and command.base != ground.board.version(command.unit_id):
                raise Conflict("stale", "the unit changed since you read it", "look again, then offer again")
            offer_id = ground.recorder.new_id("off")
            way = self._recommending.way(now, target, sent.received_at)
            setting = self._setting(viewer, sent, None)
            decision = offers.decide_offer(setting, now.state, target, way, offer_id, command)
            decision = self._with_winner(decision, now)
            told = f"{now.state.call_sign} offered {target.first.number}"
            return Decided(decision, {"offer_id": offer_id}, told, created=True)

        return ground.write(viewer, sent, self._names(aboard, joint), decided)

    def _with_winner(self, decision: Decision, aboard: Aboard) -> Decision:
        """Tell the loser the winner's incident number only where both services may know it."""
        if not isinstance(decision, Refusal) or decision.code != "unit_taken":
            return decision
        unit = aboard.state
        incident_id = unit.incident_id or (unit.offer.incident_id if unit.offer else None)
        joint = self._ground.board.joint(incident_id) if incident_id else None
        if joint is None or len(joint.visible_to) < len(Agency):
            return decision
        facts = {**decision.facts, "incident_number": joint.first.number}
        return Refusal(
            decision.code, f"{decision.reason} (incident {joint.first.number})", decision.rule, facts
        )

    def answer(self, viewer: Viewer, command: cmd.AnswerOffer, sent: Sent) -> Done:
        """Accept or decline an offer."""
        ground = self._ground
        aboard = ground.unit(command.unit_id)
        joint = self._offered_joint(aboard)

        def decided() -> Decided:
            now = ground.unit(command.unit_id)
            decision = offers.decide_answer(
                self._setting(viewer, sent, None), now.state, self._offered_joint(now), command
            )
            told = "accepted" if command.accept else "declined"
            return Decided(decision, {"offer_id": command.offer_id}, f"{now.state.call_sign} {told}")

        return ground.write(viewer, sent, self._names(aboard, joint), decided)

    def _offered_joint(self, aboard: Aboard) -> Joint | None:
        standing = aboard.state.offer
        return self._ground.board.joint(standing.incident_id) if standing else None

    def consent(self, viewer: Viewer, command: cmd.ConsentToOffer, sent: Sent) -> Done:
        """Agree to the other room's offer, or object."""
        return self._about_offer(viewer, command, sent, offers.decide_consent)

    def withdraw(self, viewer: Viewer, command: cmd.WithdrawOffer, sent: Sent) -> Done:
        """Take an offer back."""
        return self._about_offer(viewer, command, sent, offers.decide_withdraw)

    def _about_offer(
        self, viewer: Viewer, command: _C, sent: Sent, rule: Callable[[Setting, Unit, _C], Decision]
    ) -> Done:
        ground = self._ground
        ground.unit(command.unit_id)

        def decided() -> Decided:
            now = ground.unit(command.unit_id)
            decision = rule(self._setting(viewer, sent, None), now.state, command)
            return Decided(decision, {"offer_id": command.offer_id}, "recorded")

        return ground.write(viewer, sent, (command.unit_id,), decided)

    def self_assign(self, viewer: Viewer, command: cmd.SelfAssign, sent: Sent) -> Done:
        """Let the crew take a candidate."""
        ground = self._ground
        aboard = ground.unit(command.unit_id)
        joint = ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            now, target = ground.unit(command.unit_id), ground.joint(viewer, command.incident_id)
            status = ground.board.scheme.status_of(target.district, sent.received_at)
            setting = self._setting(viewer, sent, None)
            decision = offers.decide_self_assign(setting, now.state, target, status, command)
            return Decided(
                decision, {"unit_id": command.unit_id}, f"{now.state.call_sign} going; both rooms told"
            )

        return ground.write(viewer, sent, self._names(aboard, joint), decided)

    def divert(self, viewer: Viewer, command: cmd.DivertUnit, sent: Sent) -> Done:
        """Move a committed unit to a more pressing incident."""
        ground = self._ground
        aboard = ground.unit(command.unit_id)
        joint = ground.joint(viewer, command.incident_id)

        def decided() -> Decided:
            now, target = ground.unit(command.unit_id), ground.joint(viewer, command.incident_id)
            setting = self._setting(viewer, sent, None)
            status = ground.board.scheme.status_of(target.district, sent.received_at)
            decision = offers.decide_divert(setting, now.state, self._own_joint(now), target, status, command)
            told = f"{now.state.call_sign} diverted to {target.first.number}"
            return Decided(decision, {"unit_id": command.unit_id}, told)

        return ground.write(viewer, sent, self._names(aboard, joint, self._own_joint(aboard)), decided)

    def stand_down(self, viewer: Viewer, command: cmd.StandDownUnit, sent: Sent) -> Done:
        """Take a unit off its incident."""
        ground = self._ground
        aboard = ground.unit(command.unit_id)

        def decided() -> Decided:
            now = ground.unit(command.unit_id)
            setting = self._setting(viewer, sent, now)
            decision = offers.decide_stand_down(setting, now.state, self._own_joint(now), command)
            decision = versions.on_unit(ground.log, viewer, now, command, decision)
            return Decided(decision, {"unit_id": command.unit_id}, f"{now.state.call_sign} stood down")

        return ground.write(viewer, sent, self._names(aboard, self._own_joint(aboard)), decided)

    def position(self, viewer: Viewer, command: cmd.ReportPosition, sent: Sent) -> Done:
        """Take a device position: kept in the position table, never in the log."""
        ground = self._ground
        aboard = ground.unit(command.unit_id)
        at = command.at or sent.received_at
        if at > sent.received_at + timedelta(seconds=FUTURE_S):
            raise InvalidInput("future_position", "the position is more than a minute in the future")
        if command.accuracy_m is not None and command.accuracy_m > WORST_ACCURACY_M:
            raise InvalidInput("inaccurate", "a position more than 500 m inaccurate is not used")
        if not aboard.state.open:
            raise NotFound("unit", "this unit is not on duty", data={"id": command.unit_id})
        position = Position(
            command.unit_id,
            command.lon,
            command.lat,
            command.accuracy_m,
            command.speed_mps,
            at,
            sent.received_at,
            viewer.subject,
        )
        ground.positions.put([position])
        ground.board.place_unit(position)
        return Done({}, "position taken", ground.board.revision)

    def lapse_due(self, now: datetime) -> int:
        """End the offers whose time has run out; return how many."""
        ended = 0
        for aboard in self._ground.board.open_units():
            standing = aboard.state.offer
            if standing is not None and standing.expires_at <= now:
                sent = Sent(f"lapse|{standing.offer_id}", now, standing.offer_id.encode())
                ended += self._lapse(aboard.state.unit_id, sent)
        return ended

    def _lapse(self, unit_id: str, sent: Sent) -> int:
        ground = self._ground

        def decided() -> Decided:
            now = ground.unit(unit_id)
            return Decided(offers.decide_lapse(self._setting(SYSTEM, sent, None), now.state), told="lapsed")

        try:
            ground.write(SYSTEM, sent, (unit_id,), decided)
        except Refused:
            return 0
        return 1

    def next_lapse(self) -> datetime | None:
        """Return when the next offer runs out."""
        due = [a.state.offer.expires_at for a in self._ground.board.open_units() if a.state.offer]
        return min(due, default=None)

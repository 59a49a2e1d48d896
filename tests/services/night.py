"""What two rooms and two crews may do, in any order: the rules of a random night."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label
from jru.domain.blueprint import DistrictStatus
from jru.domain.codec import encode
from jru.domain.incident import Incident
from jru.domain.unit import Unit
from jru.errors import Conflict, Forbidden, InvalidInput, JruError, NotFound, Refused
from jru.services.access import Viewer
from tests.services.snapshots import Client
from tests.services.world import (
    AMBULANCE,
    GILLINGHAM,
    GRAVESEND,
    NOWHERE,
    POLICE,
    SITTINGBOURNE,
    SUPERVISOR,
    World,
    officer,
    outcome,
    paramedic,
)

ROOMS = [POLICE, AMBULANCE]
KINDS = ["assault_injury", "fight", "public_order", "fall", "weapons", "mental_health_crisis"]
PLACES = [GILLINGHAM, (GILLINGHAM[0] + 0.001, GILLINGHAM[1]), SITTINGBOURNE, GRAVESEND, NOWHERE, None]
GRADES = {Agency.POLICE: ["1", "2", "3"], Agency.AMBULANCE: ["C1", "C2", "C3"]}
OPENING = {"CandidateRecognised", "IncidentShared", "OtherServiceRequested", "UnitCommitted"}
PRIVATE = {
    Agency.POLICE: [Label.IDENTITY, Label.POLICE_EVIDENCE],
    Agency.AMBULANCE: [Label.IDENTITY, Label.CLINICAL],
}
VEHICLES = {"JR01": "medway", "JR02": "gravesham"}
EXPECTED = (Refused, NotFound, Forbidden, Conflict, InvalidInput)

POOLS: dict[int, Sequence[Any]] = {}


def among(*options: Any) -> st.SearchStrategy[Any]:
    """Return a strategy over some options, which a plain random draw can use too."""
    strategy = st.sampled_from(options)
    POOLS[id(strategy)] = options
    return strategy


room = among(*ROOMS)
pick = among(*range(60))
yes_or_no = among(True, False)
soon = among(0, 0, 0, 5, 45, 200)


class Rules(RuleBasedStateMachine):
    """The machine."""

    def __init__(self, world: World | None = None) -> None:
        super().__init__()
        self.world = world or World()
        self.incidents: list[str] = []
        self.units: list[str] = []
        self.secrets = 0
        self.clients: dict[str, Client] = {}
        self.messages = 0
        self.steps = 0

    @initialize()
    def crews(self) -> None:
        for call_sign, district in VEHICLES.items():
            self.units.append(self.world.ready(call_sign, district))
        self.call(POLICE, "assault_injury", GILLINGHAM, 2, 0)
        self.call(AMBULANCE, "assault_injury", PLACES[1], 2, 0)
        self.call(POLICE, "fight", SITTINGBOURNE, 0, 0)

    # What the rooms and crews may do.

    def attempt(self, viewer: Viewer, command: cmd.Command) -> dict[str, Any]:
        """Execute a command; a refusal must say why."""
        self.world.clock.advance(1)
        try:
            return dict(self.world.do(viewer, command).outcome)
        except EXPECTED as error:
            refused = error
        assert refused.code, refused
        assert len(refused.message) > 10, refused
        assert refused.data.get("reason", refused.message) == refused.message
        return {}

    def secret(self, agency: Agency) -> str:
        """Return a text that only one service may ever read."""
        self.secrets += 1
        return f"SECRET-{agency.value}-{self.secrets}"

    def one(self, number: int) -> str:
        return self.incidents[number % len(self.incidents)]

    def unit(self, number: int) -> str:
        return self.units[number % len(self.units)]

    def crew(self, number: int, *, police: bool) -> Viewer:
        return officer(self.unit(number)) if police else paramedic(self.unit(number))

    def anybody(self, number: int) -> Viewer:
        people = [POLICE, AMBULANCE, *(f(u) for u in self.units for f in (officer, paramedic))]
        return people[number % len(people)]

    def at(self, seconds: int) -> Any:
        return self.world.clock.now() - timedelta(seconds=seconds) if seconds else None

    @rule(viewer=room, kind=among(*KINDS), place=among(*PLACES), grade=pick, ago=soon)
    def call(self, viewer: Viewer, kind: str, place: Any, grade: int, ago: int) -> None:
        given = cmd.PlaceGiven(f"PLACE-{len(self.incidents)}", *(place or (None, None)))
        grades = GRADES[viewer.agency]
        caller = cmd.CallerGiven(self.secret(viewer.agency), self.secret(viewer.agency))
        done = self.attempt(
            viewer,
            cmd.TakeCall(
                type=kind,
                place=given,
                grade=grades[grade % len(grades)],
                remarks=self.secret(viewer.agency),
                caller=caller,
                at=self.at(ago),
            ),
        )
        self.incidents.append(str(done["incident_id"]))

    @rule(
        viewer=room,
        number=among(0, 1, 2, 3),
        version=among(1, 2, 3, 4),
        kind=among("create", "update", "close"),
        grade=pick,
        flags=among((), ("injury",), ("violence", "injury"), ("green",)),
        place=among(*PLACES[:3]),
    )
    def message(
        self,
        viewer: Viewer,
        number: int,
        version: int,
        kind: str,
        grade: int,
        flags: tuple[str, ...],
        place: Any,
    ) -> None:
        grades = [*GRADES[viewer.agency], "ZZ"]
        done = self.world.report(
            viewer,
            f"M{number}",
            version,
            kind,
            grade=grades[grade % len(grades)],
            place=cmd.PlaceGiven(f"PLACE-M{number}", *place) if kind == "create" else None,
            type_code="VP-FGHT" if viewer is POLICE else "TR-FALL",
            flags=flags,
            remarks=self.secret(viewer.agency),
        )
        found = str(done.outcome.get("incident_id", ""))
        if found and found not in self.incidents:
            self.incidents.append(found)

    @precondition(lambda self: self.incidents)
    @rule(who=pick, which=pick, code=among("weapon", "dog"), ago=soon)
    def hazard(self, who: int, which: int, code: str, ago: int) -> None:
        note = "note for everybody"
        self.attempt(
            self.anybody(who),
            cmd.ReportHazard(incident_id=self.one(which), code=code, note=note, at=self.at(ago)),
        )

    @precondition(lambda self: self.incidents)
    @rule(who=pick, which=pick, clear=yes_or_no, ago=soon)
    def safe(self, who: int, which: int, clear: bool, ago: int) -> None:
        incident_id = self.one(which)
        declare = cmd.DeclareSceneSafe(incident_id=incident_id, at=self.at(ago))
        withdraw = cmd.ClearHazard(incident_id=incident_id, code="weapon", reason="a toy", at=self.at(ago))
        self.attempt(self.anybody(who), withdraw if clear else declare)

    @precondition(lambda self: self.incidents)
    @rule(who=pick, which=pick, act=among(0, 1, 2, 3, 4, 5), about=among("eta", "release", "call"))
    def waits(self, who: int, which: int, act: int, about: str) -> None:
        incident_id = self.one(which)
        commands = [
            cmd.RequestOther(incident_id=incident_id, need="somebody"),
            cmd.AnswerRequest(incident_id=incident_id, answer="yes", eta_min=5),
            cmd.RecordArrival(incident_id=incident_id),
            cmd.RecordRelease(incident_id=incident_id),
            cmd.AskQuestion(incident_id=incident_id, about=about),
            cmd.AnswerQuestion(incident_id=incident_id, about=about, answer="yes", eta_min=5),
        ]
        self.attempt(self.anybody(who), commands[act])

    @precondition(lambda self: self.incidents)
    @rule(who=pick, which=pick, label=pick)
    def private_note(self, who: int, which: int, label: int) -> None:
        viewer = self.anybody(who)
        labels = PRIVATE[viewer.agency]
        note = cmd.RecordNote(
            incident_id=self.one(which), text=self.secret(viewer.agency), label=labels[label % len(labels)]
        )
        self.attempt(viewer, note)

    @precondition(lambda self: self.incidents)
    @rule(who=pick, which=pick, act=among(0, 1, 2))
    def share(self, who: int, which: int, act: int) -> None:
        incident_id = self.one(which)
        note = cmd.RecordNote(incident_id=incident_id, text="for both", label=Label.OPERATIONAL)
        commands = [
            cmd.ShareIncident(incident_id=incident_id),
            cmd.ShareLine(incident_id=incident_id, text="a line"),
            note,
        ]
        self.attempt(self.anybody(who), commands[act])

    @precondition(lambda self: self.incidents)
    @rule(
        viewer=room,
        which=pick,
        grade=pick,
        kind=among(None, *KINDS),
        place=among(*PLACES),
    )
    def update(self, viewer: Viewer, which: int, grade: int, kind: str | None, place: Any) -> None:
        grades = [None, *GRADES[viewer.agency]]
        given = cmd.PlaceGiven("PLACE-new", *place) if place else None
        self.attempt(
            viewer,
            cmd.UpdateIncident(
                incident_id=self.one(which), grade=grades[grade % len(grades)], type=kind, place=given
            ),
        )

    @precondition(lambda self: len(self.incidents) > 1)
    @rule(viewer=room, which=pick, other=pick, same=among(True, True, True, False))
    def match(self, viewer: Viewer, which: int, other: int, same: bool) -> None:
        self.attempt(
            viewer, cmd.DecideMatch(incident_id=self.one(which), other_id=self.one(other), same=same)
        )

    @precondition(lambda self: len(self.incidents) > 1)
    @rule(viewer=room, which=pick, other=pick)
    def part(self, viewer: Viewer, which: int, other: int) -> None:
        whole, leg = self.one(which), self.one(other)
        self.attempt(viewer, cmd.Unmerge(incident_id=whole, other_id=leg, reason="two"))

    @precondition(lambda self: len(self.incidents) > 1)
    @rule(viewer=room, which=pick, other=pick)
    def join_and_part(self, viewer: Viewer, which: int, other: int) -> None:
        """Join two incidents and part them at once: every leg is as it was."""
        before = self.bare_states()
        join = cmd.DecideMatch(incident_id=self.one(which), other_id=self.one(other), same=True)
        try:
            self.world.do(viewer, join)
        except JruError:
            return
        kinds = ("IncidentsMerged", "IncidentClosed")
        last = [event for event in self.world.log.read(0, 1 << 20) if event.kind in kinds][-1]
        if last.kind == "IncidentClosed":
            return
        joined = json.loads(last.data)
        part = cmd.Unmerge(incident_id=joined["into_id"], other_id=joined["merged_id"], reason="two")
        self.world.do(viewer, part)
        assert self.bare_states() == before

    def bare_states(self) -> dict[str, bytes]:
        """Return the exact state of every leg, without what the scheme alone makes of it."""
        return {
            one: encode(replace(self.state(one), verdict=None, candidate_rule=None)) for one in self.incidents
        }

    def state(self, incident_id: str) -> Incident:
        leg = self.world.board.fetch(incident_id)
        assert leg is not None
        return leg.state

    @precondition(lambda self: self.incidents)
    @rule(viewer=room, who=pick, which=pick)
    def offer(self, viewer: Viewer, who: int, which: int) -> None:
        self.attempt(viewer, cmd.OfferUnit(unit_id=self.unit(who), incident_id=self.one(which)))

    @rule(
        who=pick,
        police=yes_or_no,
        accept=among(True, True, False),
        room_says=yes_or_no,
        ago=soon,
    )
    def answer(self, who: int, police: bool, accept: bool, room_says: bool, ago: int) -> None:
        unit_id = self.unit(who)
        offer = self.aboard(unit_id).offer
        viewer = POLICE if room_says else self.crew(who, police=police)
        self.attempt(
            viewer,
            cmd.AnswerOffer(
                unit_id=unit_id,
                offer_id=offer.offer_id if offer else "off_none",
                accept=accept,
                reason="too_far",
                at=self.at(ago),
            ),
        )

    @rule(viewer=room, who=pick, which=pick, far=among(0, 1, 2, 3, 4, 5), coded=yes_or_no)
    def job(self, viewer: Viewer, who: int, which: int, far: int, coded: bool) -> None:
        """Send a unit and let it get so far with the job."""
        unit_id = self.open_unit(who)
        self.attempt(officer(unit_id), cmd.SetStatus(unit_id=unit_id, status="available"))
        try:
            self.world.send(viewer, unit_id, self.live_incident(viewer, which))
        except EXPECTED:
            return
        for status in ("mobile", "scene", "patient", "clearing", "available")[:far]:
            self.attempt(officer(unit_id), cmd.SetStatus(unit_id=unit_id, status=status))
        if coded:
            self.attempt(officer(unit_id), outcome(self.aboard(unit_id).jobs[-1].incident_id))

    def open_unit(self, number: int) -> str:
        """Return a unit on duty, booking one on when there is none."""
        on = [unit_id for unit_id in self.units if self.aboard(unit_id).open]
        if not on:
            on = [self.world.ready("JR01")]
            self.units += on
        return on[number % len(on)]

    def live_incident(self, viewer: Viewer, number: int) -> str:
        """Return an open incident of a district that a room sees, taking a call when there is none."""
        rows = self.world.services.board(viewer)["incidents"]
        found = [r["id"] for r in rows if r["phase"] != "closed" and r["place"] and r["place"]["district"]]
        if not found:
            self.call(viewer, "assault_injury", GILLINGHAM, 1, 0)
            return self.incidents[-1]
        return str(found[number % len(found)])

    @rule(viewer=room, who=pick)
    def confirm_a_suggestion(self, viewer: Viewer, who: int) -> None:
        """Join a pair that was suggested to a room."""
        pairs = [
            (row["id"], match["other_id"])
            for row in self.world.services.board(viewer)["incidents"]
            for match in row["matches"]
        ]
        if pairs:
            one, two = pairs[who % len(pairs)]
            self.attempt(viewer, cmd.DecideMatch(incident_id=one, other_id=two, same=True))

    def aboard(self, unit_id: str) -> Unit:
        found = self.world.board.fetch_unit(unit_id)
        assert found is not None
        return found.state

    @precondition(lambda self: any(self.aboard(u).offer for u in self.units))
    @rule(viewer=room, who=pick, act=among(0, 1, 2))
    def about_offer(self, viewer: Viewer, who: int, act: int) -> None:
        unit_id = self.unit(who)
        offer = self.aboard(unit_id).offer
        offer_id = offer.offer_id if offer else "off_none"
        commands = [
            cmd.ConsentToOffer(unit_id=unit_id, offer_id=offer_id, consent=True),
            cmd.ConsentToOffer(unit_id=unit_id, offer_id=offer_id, consent=False),
            cmd.WithdrawOffer(unit_id=unit_id, offer_id=offer_id, reason="changed"),
        ]
        self.attempt(viewer, commands[act])

    @precondition(lambda self: self.incidents)
    @rule(who=pick, police=yes_or_no, which=pick)
    def self_assign(self, who: int, police: bool, which: int) -> None:
        command = cmd.SelfAssign(unit_id=self.unit(who), incident_id=self.one(which))
        self.attempt(self.crew(who, police=police), command)

    @precondition(lambda self: self.incidents)
    @rule(viewer=room, who=pick, which=pick, divert=yes_or_no)
    def move(self, viewer: Viewer, who: int, which: int, divert: bool) -> None:
        unit_id = self.unit(who)
        if divert:
            command: cmd.OnUnit = cmd.DivertUnit(unit_id=unit_id, incident_id=self.one(which), reason="x")
        else:
            command = cmd.StandDownUnit(unit_id=unit_id, reason="x")
        self.attempt(viewer, command)

    @rule(
        who=pick,
        police=yes_or_no,
        status=among("available", "available", "mobile", "rvp", "scene", "patient", "clearing", "meal"),
        ago=soon,
    )
    def tap(self, who: int, police: bool, status: str, ago: int) -> None:
        command = cmd.SetStatus(unit_id=self.unit(who), status=status, at=self.at(ago))
        self.attempt(self.crew(who, police=police), command)

    @rule(who=pick, seat=among("paramedic", "police_second"), present=yes_or_no)
    def seat(self, who: int, seat: str, present: bool) -> None:
        command = cmd.ChangeSeat(unit_id=self.unit(who), seat=seat, present=present)
        self.attempt(self.crew(who, police=True), command)

    @rule(who=pick, act=among(0, 0, 0, 1, 1, 1, 2, 3, 4, 4, 4))
    def crew_acts(self, who: int, act: int) -> None:
        unit_id = self.unit(who)
        commands = [
            cmd.ReleaseAgency(unit_id=unit_id, agency=Agency.AMBULANCE),
            cmd.RequestBackup(unit_id=unit_id, agency=Agency.POLICE, kind="patrol"),
            cmd.RaiseEmergency(unit_id=unit_id),
            cmd.BookOff(unit_id=unit_id),
            cmd.ReportPosition(unit_id=unit_id, lon=GILLINGHAM[0], lat=GILLINGHAM[1]),
        ]
        self.attempt(self.crew(who, police=True), commands[act])

    @rule(viewer=room, who=pick)
    def end_emergency(self, viewer: Viewer, who: int) -> None:
        self.attempt(viewer, cmd.CancelEmergency(unit_id=self.unit(who), voice_contact=True))

    @rule(call_sign=among(*sorted(VEHICLES)))
    def book_on_again(self, call_sign: str) -> None:
        on_duty = {self.aboard(unit_id).call_sign for unit_id in self.units if self.aboard(unit_id).open}
        if call_sign not in on_duty:
            self.units.append(self.world.ready(call_sign, VEHICLES[call_sign]))

    @precondition(lambda self: self.incidents)
    @rule(viewer=room, which=pick, status=among("mobile", "scene", "left"), down=yes_or_no)
    def resource(self, viewer: Viewer, which: int, status: str, down: bool) -> None:
        incident_id, call_sign = self.one(which), f"{viewer.agency.letter}1"
        report = cmd.ReportResource(incident_id=incident_id, call_sign=call_sign, kind="car", status=status)
        stand_down = cmd.StandDownResource(incident_id=incident_id, call_sign=call_sign, reason="x")
        self.attempt(viewer, stand_down if down else report)

    @precondition(lambda self: self.incidents)
    @rule(who=pick, which=pick, person=among(0, 1, 2, 3))
    def code(self, who: int, which: int, person: int) -> None:
        incident_id = self.one(which)
        if person:
            command: cmd.OnIncident = cmd.RecordPerson(
                incident_id=incident_id, person=person, disposal="see_and_treat"
            )
        else:
            command = outcome(incident_id)
        self.attempt(self.anybody(who), command)

    @precondition(lambda self: self.incidents)
    @rule(viewer=room, which=pick, act=among("close", "close", "reopen"))
    def end(self, viewer: Viewer, which: int, act: str) -> None:
        incident_id = self.one(which)
        if act == "close":
            self.attempt(viewer, cmd.CloseIncident(incident_id=incident_id, reason="attended"))
        else:
            self.attempt(viewer, cmd.ReopenIncident(incident_id=incident_id, reason="again"))

    @rule(status=among(DistrictStatus.LIVE, DistrictStatus.LIVE, DistrictStatus.PAUSED))
    def district(self, status: DistrictStatus) -> None:
        self.attempt(SUPERVISOR, cmd.SetDistrictState(district="medway", status=status, reason="x"))

    @rule(seconds=among(1, 30, 30, 100, 100, 1000, 1000, 8000))
    def time_passes(self, seconds: int) -> None:
        self.world.wait(seconds)

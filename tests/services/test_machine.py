"""Two rooms and two crews do anything in any order; what must always hold is looked at after every step."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from jru.domain import commands as cmd
from jru.domain import incident, unit
from jru.domain.agency import Agency, Label
from jru.domain.blueprint import DistrictStatus
from jru.domain.codec import encode, from_us
from jru.domain.events import read_event
from jru.domain.incident import Incident
from jru.domain.unit import Unit
from jru.errors import Conflict, Forbidden, InvalidInput, JruError, NotFound, Refused
from jru.services.access import Viewer
from jru.services.projection import LogProjector
from tests.services.snapshots import Client, differences, rows_of
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


class Night(RuleBasedStateMachine):
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
    @rule(who=pick, which=pick, act=among(0, 1, 2, 3))
    def waits(self, who: int, which: int, act: int) -> None:
        incident_id = self.one(which)
        commands = [
            cmd.RequestOther(incident_id=incident_id, need="somebody"),
            cmd.AnswerRequest(incident_id=incident_id, answer="yes", eta_min=5),
            cmd.RecordArrival(incident_id=incident_id),
            cmd.RecordRelease(incident_id=incident_id),
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
        one, two = self.one(which), self.one(other)
        before = {i: encode(self.state(i)) for i in self.incidents}
        try:
            self.world.do(viewer, cmd.DecideMatch(incident_id=one, other_id=two, same=True))
        except JruError:
            return
        joined = next(e for e in reversed(self.world.log.read(0, 1 << 20)) if e.kind == "IncidentsMerged")
        verdicts = {"SuitabilityAssessed", "CandidateRecognised", "MatchSuggested", "IncidentClosed"}
        after = [e.kind for e in self.world.log.read(joined.seq, 1 << 20)]
        merged_id = json.loads(joined.data)["merged_id"]
        self.world.do(viewer, cmd.Unmerge(incident_id=one, other_id=merged_id, reason="two"))
        after += [e.kind for e in self.world.log.read(joined.seq, 1 << 20)]
        if not verdicts & set(after):
            assert {i: encode(self.state(i)) for i in self.incidents} == before

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

    # What must always hold.

    @invariant()
    def the_log_has_no_gaps(self) -> None:
        versions: dict[str, int] = defaultdict(int)
        for number, event in enumerate(self.world.log.read(0, 1 << 20), start=1):
            versions[event.stream] += 1
            assert (event.seq, event.version) == (number, versions[event.stream])

    @invariant()
    def replay_gives_the_live_state(self) -> None:
        states: dict[str, Any] = {}
        for event in self.world.log.read(0, 1 << 20):
            happened = read_event(event.kind, event.schema_version, event.data)
            at = from_us(event.at_us)
            if event.stream.startswith("unt_"):
                states[event.stream] = unit.evolve(states.get(event.stream), event.stream, happened, at)
            elif event.stream.endswith("/op"):
                one = event.stream.removesuffix("/op")
                states[event.stream] = incident.evolve(states.get(event.stream), one, happened, at)
        for stream, state in states.items():
            row = self.world.log.state(stream)
            assert row is not None
            assert encode(state) == row.body
            live = self.aboard(stream) if isinstance(state, Unit) else self.state(stream.removesuffix("/op"))
            assert state == live

    @invariant()
    def a_unit_is_on_one_incident_and_both_records_agree(self) -> None:
        on: dict[str, list[str]] = defaultdict(list)
        for incident_id in self.incidents:
            for commitment in self.state(incident_id).active:
                on[commitment.unit_id].append(incident_id)
        for unit_id in self.units:
            job = self.aboard(unit_id).job
            assert len(on[unit_id]) == (1 if job else 0), (unit_id, on[unit_id])
            if job:
                joint = self.world.board.joint(job.incident_id)
                assert joint is not None
                assert on[unit_id][0] in {leg.incident_id for leg in joint.legs}
                assert joint.first.open

    @invariant()
    def joinings_are_a_tree_and_nothing_is_lost(self) -> None:
        for incident_id in self.incidents:
            joint = self.world.board.joint(incident_id)
            assert joint is not None
            assert incident_id in {leg.incident_id for leg in joint.legs}
            assert len({leg.incident_id for leg in joint.legs}) == len(joint.legs)
            assert len({leg.open for leg in joint.legs}) == 1
            assert sum(ref.agency is Agency.POLICE for ref in joint.refs) <= 1

    @invariant()
    def hidden_incidents_and_secrets_stay_with_their_service(self) -> None:
        for viewer in ROOMS:
            hidden = self.hidden_from(viewer.agency)
            answers = [self.world.services.board(viewer)]
            for incident_id in self.incidents:
                if incident_id in hidden:
                    with pytest.raises(NotFound):
                        self.world.row(viewer, incident_id)
                    with pytest.raises(NotFound):
                        self.world.services.recommendation(viewer, incident_id)
                else:
                    answers.append(self.world.row(viewer, incident_id))
                    answers.append(self.world.services.recommendation(viewer, incident_id))
            text = json.dumps(answers)
            assert f"SECRET-{viewer.agency.other.value}" not in text
            self.assert_hidden(hidden, answers)

    def hidden_from(self, agency: Agency) -> set[str]:
        """Return what a service may not know of, by the events alone."""
        hidden = set()
        for incident_id in self.incidents:
            joint = self.world.board.joint(incident_id)
            assert joint is not None
            kinds = {k for leg in joint.legs for k in self.world.kinds(f"{leg.incident_id}/op")}
            if agency not in {leg.owner for leg in joint.legs} and not kinds & OPENING:
                hidden.add(incident_id)
        return hidden

    def assert_hidden(self, hidden: set[str], answers: list[dict[str, Any]]) -> None:
        for answer in answers:
            for row in [answer, *answer.get("incidents", [])]:
                without = {k: v for k, v in row.items() if k not in ("matches", "incidents")}
                text = json.dumps(without)
                assert not [one for one in hidden if one in text]

    @invariant()
    def hazards_reach_both_services(self) -> None:
        for incident_id in self.incidents:
            joint = self.world.board.joint(incident_id)
            assert joint is not None
            if len(joint.visible_to) < 2:
                continue
            told = sorted(h.code for h in joint.hazards)
            for viewer in ROOMS:
                row = self.world.row(viewer, incident_id)
                assert sorted(h["code"] for h in row["hazards"]) == told
                assert (row["suitability"]["verdict"] == "hold") == bool(joint.holding)

    @invariant()
    def changes_add_up_to_the_board(self) -> None:
        viewers = [POLICE, AMBULANCE, SUPERVISOR]
        viewers += [who(unit_id) for unit_id in self.units[-2:] for who in (officer, paramedic)]
        for viewer in viewers:
            client = self.clients.get(viewer.subject)
            if client is None:
                self.clients[viewer.subject] = Client(self.world.services, viewer)
                continue
            client.catch_up(self.world.services)
            fresh = rows_of(self.world.services.board(viewer))
            assert differences(client.rows, fresh) == [], viewer.subject

    @invariant()
    def a_restart_shows_the_same_board(self) -> None:
        self.steps += 1
        if self.steps % 4:
            return
        self.world.services.tick()
        again = self.world.again().services
        for viewer in (*ROOMS, SUPERVISOR, *map(officer, self.units), *map(paramedic, self.units)):
            before, after = self.world.services.board(viewer), again.board(viewer)
            assert differences(rows_of(before), rows_of(after)) == [], viewer.subject
            assert after["feeds"] == before["feeds"]

    def teardown(self) -> None:
        self.the_read_tables_come_from_the_log()

    def the_read_tables_come_from_the_log(self) -> None:
        projector, states, claims = LogProjector(), {}, {}
        for event in self.world.log.read(0, 1 << 20):
            before = states.get(event.stream)
            row = projector.project(event, before.body if before else None)
            if row is not None:
                states[event.stream] = row
            claims |= {(c.kind, c.key): c.value for c in projector.claims(event)}
        assert states == {row.stream: row for row in self.world.log.states(open_only=False)}
        assert all(self.world.log.claim(kind, key) == value for (kind, key), value in claims.items())


RULES = [found for f in vars(Night).values() if (found := getattr(f, "hypothesis_stateful_rule", None))]
RULES += [found for found in RULES if found.function.__name__ in ("job", "tap", "waits", "answer")] * 2
CHECKS = [f for f in vars(Night).values() if hasattr(f, "hypothesis_stateful_invariant")]
STEPS_BETWEEN_CHECKS = 6


def play(seed: int, steps: int, night: Night | None = None, *, checked: bool = True) -> None:
    """Play a night of so many steps, drawn from all rules alike, and look at everything now and then.

    The state machine of Hypothesis prefers short runs of few rules and shrinks what it finds; this one goes deep.
    """
    chance = Random(seed)
    night = night or Night()
    night.crews()
    for step in range(steps):
        found = chance.choice(RULES)
        if all(fits(night) for fits in found.preconditions):
            drawn = {name: chance.choice(POOLS[id(given)]) for name, given in found.arguments.items()}
            found.function(night, **drawn)
        if checked and step % STEPS_BETWEEN_CHECKS == 0:
            for check in CHECKS:
                check(night)
    night.the_read_tables_come_from_the_log()


QUICK = settings(
    max_examples=5,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(
    max_examples=300, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("seed", range(3))
def test_a_deep_night(seed: int) -> None:
    play(seed, 120)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 400))
def test_many_deep_nights(seed: int) -> None:
    play(seed, 400)


TestNight = Night.TestCase
TestNight.settings = QUICK


@pytest.mark.soak
class TestLongNight(Night.TestCase):  # type: ignore[misc]
    """Many nights, other ones each time."""

    settings = LONG

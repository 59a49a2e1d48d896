"""A night of two rooms and two crews, at random: what must hold after every step."""

from __future__ import annotations

import json
from collections import defaultdict
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant

from jru.domain import incident, unit
from jru.domain.agency import Agency
from jru.domain.codec import encode, from_us
from jru.domain.events import read_event
from jru.domain.joint import Joint
from jru.domain.unit import Unit
from jru.errors import NotFound
from jru.services.projection import LogProjector
from tests.services.night import (
    OPENING,
    POOLS,
    ROOMS,
    Rules,
)
from tests.services.snapshots import Client, differences, rows_of
from tests.services.world import (
    AMBULANCE,
    POLICE,
    SUPERVISOR,
    officer,
    paramedic,
)


class Night(Rules):
    """The rules of a night with what must always hold."""

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
                assert (row["suitability"]["verdict"] == "hold") == self.holds_by_the_log(joint)

    def holds_by_the_log(self, joint: Joint) -> bool:
        """Tell by the events alone whether a hazard keeps clinicians away: told, not taken back, not declared safe."""
        for leg in joint.legs:
            open_hazards: dict[str, list[int]] = defaultdict(list)
            for event in self.world.log.stream(f"{leg.incident_id}/op"):
                body = json.loads(event.data)
                if event.kind == "HazardReported" and body["holds"]:
                    open_hazards[body["code"]].append(event.at_us)
                elif event.kind == "HazardCleared":
                    open_hazards.pop(body["code"], None)
                elif event.kind == "SceneDeclaredSafe":
                    for code, seen_at in open_hazards.items():
                        open_hazards[code] = [at for at in seen_at if at > event.at_us]
            if any(open_hazards.values()):
                return True
        return False

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


RULES = [found for f in vars(Rules).values() if (found := getattr(f, "hypothesis_stateful_rule", None))]
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

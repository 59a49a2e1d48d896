"""One person left on the unit: asked in time, and no clinician alone is sent to violence, weapons or drink."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jru.domain import incident_events as iev
from jru.domain import unit
from jru.domain import unit_events as uev
from jru.domain.blueprint import LoneWorkerRule
from jru.domain.dispatch import Candidate, recommend
from jru.domain.event_types import Event
from jru.domain.joint import Joint
from jru.domain.lone import check_due_at, not_for_alone, refuse_alone
from jru.domain.unit import Unit
from tests.unit.domain.scenes import NOW, A, P, crewed, joint, scheme

POLICE_AWAY = (uev.SeatLeft("police_driver", "custody"), uev.SeatLeft("police_second", "custody"))
CLINICIAN_AWAY = (uev.SeatLeft("paramedic", "hospital"), uev.SeatLeft("police_second", "hospital"))
SEATS = ("paramedic", "police_driver", "police_second")


def rule() -> LoneWorkerRule:
    found = scheme().lone_worker
    assert found is not None
    return found


def then(state: Unit, happened: Event, at: datetime) -> Unit:
    return unit.evolve(state, state.unit_id, happened, at)


def test_the_next_check_counts_from_when_the_others_left() -> None:
    alone = crewed(*POLICE_AWAY)
    assert alone.alone is not None
    assert alone.alone.seat == "paramedic"
    assert alone.alone_since == NOW + timedelta(seconds=3)
    assert check_due_at(alone, scheme()) == NOW + timedelta(seconds=3 + rule().check_every_s)


def test_a_check_puts_the_next_one_off_and_company_ends_it() -> None:
    checked = then(crewed(*POLICE_AWAY), uev.CheckedIn("tap"), NOW + timedelta(minutes=10))
    assert check_due_at(checked, scheme()) == NOW + timedelta(minutes=10, seconds=rule().check_every_s)
    back = then(checked, uev.SeatTaken("police_driver"), NOW + timedelta(minutes=11))
    assert (back.alone, check_due_at(back, scheme())) == (None, None)
    again = then(back, uev.SeatLeft("police_driver", "other"), NOW + timedelta(minutes=30))
    assert check_due_at(again, scheme()) == NOW + timedelta(minutes=30, seconds=rule().check_every_s)


def test_an_officer_alone_is_asked_too_and_barred_from_nothing() -> None:
    officer = crewed(*CLINICIAN_AWAY)
    assert check_due_at(officer, scheme()) is not None
    assert not_for_alone(officer, joint(P, "weapons", None, "medway", ["violence"]), scheme()) is None


def test_a_scheme_without_the_rule_asks_nobody_and_bars_nothing() -> None:
    silent = replace(scheme(), lone_worker=None)
    alone = crewed(*POLICE_AWAY)
    assert check_due_at(alone, silent) is None
    assert refuse_alone(alone, joint(P, "weapons"), silent) is None


@pytest.mark.parametrize(
    ("incident", "words"),
    [
        (joint(P, "drunk_incapable"), "drunk and incapable"),
        (joint(P, "fall", None, "medway", ["violence"]), "violence used or threatened"),
        (
            joint(P, "fall", None, "medway", (), iev.HazardReported("weapon", P, holds=True)),
            "knife or other weapon",
        ),
    ],
)
def test_what_bars_is_told_in_words_with_the_rule(incident: Joint, words: str) -> None:
    found = refuse_alone(crewed(*POLICE_AWAY), incident, scheme())
    assert found is not None
    assert (found.code, found.rule) == ("alone", rule().sentence)
    assert words in found.reason
    assert "the paramedic is alone" in found.reason


def test_a_hazard_that_was_taken_back_bars_nothing_and_a_scene_declared_safe_still_does() -> None:
    alone, seen = crewed(*POLICE_AWAY), iev.HazardReported("weapon", P, holds=True)
    back = joint(P, "fall", None, "medway", (), seen, iev.HazardCleared("weapon", P))
    assert not_for_alone(alone, back, scheme()) is None
    safe = joint(P, "fall", None, "medway", (), seen, iev.SceneDeclaredSafe("police_dispatcher"))
    assert not_for_alone(alone, safe, scheme()) == "knife or other weapon"


def test_the_recommendation_takes_the_offer_away_and_says_why() -> None:
    candidates = [Candidate(crewed(*POLICE_AWAY), 240.0, 2600.0, "road", 10.0)]
    (found,) = recommend(candidates, joint(P, "fight"), scheme(), NOW + timedelta(minutes=1))
    assert not found.can_offer
    assert "alone aboard, and the incident says fight" in found.sentence
    (calm,) = recommend(candidates, joint(A, "fall"), scheme(), NOW + timedelta(minutes=1))
    assert calm.can_offer


MOVES = st.lists(st.tuples(st.sampled_from([*SEATS, "check"]), st.integers(0, 3600)), min_size=1, max_size=12)


@given(MOVES)
def test_alone_is_exactly_one_aboard_and_no_check_brings_the_next_one_forward(
    moves: list[tuple[str, int]],
) -> None:
    state = crewed()
    for what, seconds in moves:
        at = NOW + timedelta(seconds=10 + seconds)
        due = check_due_at(state, scheme())
        if what == "check":
            state = then(state, uev.CheckedIn("tap"), at)
            later = check_due_at(state, scheme())
            assert (due is None) is (later is None)
            assert due is None or later is None or due <= later
        else:
            away = any(s.seat == what and s.present for s in state.seats)
            state = then(state, uev.SeatLeft(what, "other") if away else uev.SeatTaken(what), at)
        aboard = sum(s.present for s in state.seats)
        assert (state.alone is not None) is (aboard == 1) is (state.alone_since is not None)
        barred = not_for_alone(state, joint(P, "weapons"), scheme()) is not None
        assert barred is (aboard == 1 and state.present(A) == 1)

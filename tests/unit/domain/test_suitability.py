"""Should a joint unit go: verdict, gates, reasons, and what would change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jru.domain import incident_events as iev
from jru.domain.agency import Agency
from jru.domain.blueprint import DistrictStatus
from jru.domain.joint import Joint, candidate_rule
from jru.domain.suitability import RCRP_FLAGS, Situation, Suitability, assess, situation
from tests.unit.domain.scenes import NOW, A, P, joint, leg, scheme

LIVE = DistrictStatus.LIVE


def verdict(incident: Joint, **facts: object) -> Suitability:
    given: dict[str, object] = {"units_left": 2, "on_duty": True, "status": LIVE, **facts}
    return assess(situation(incident, scheme(), NOW, **given), scheme())  # type: ignore[arg-type]


situations = st.builds(
    Situation,
    type=st.sampled_from([None, "no_such_type", *scheme().types]),
    flags=st.frozensets(st.sampled_from(sorted(scheme().flags)), max_size=4),
    holding=st.lists(st.sampled_from(sorted(scheme().suitability.hold_hazards)), max_size=2, unique=True).map(
        tuple
    ),
    both_asked=st.booleans(),
    urgency=st.integers(1, 5),
    first_response=st.booleans(),
    district_status=st.sampled_from([None, *DistrictStatus]),
    on_duty=st.booleans(),
    units_left=st.integers(0, 3),
    gain_s=st.none() | st.floats(-3600, 3600, allow_nan=False),
    elsewhere=st.booleans(),
    placed=st.booleans(),
)


@given(situations)
def test_every_verdict_has_a_score_a_sentence_and_its_policy(facts: Situation) -> None:
    found = assess(facts, scheme())
    assert found.verdict in ("yes", "consider", "no", "hold")
    assert 0 <= found.score <= 5
    assert found.sentence
    assert found.policy == scheme().suitability.version
    assert all(0 <= factor.value <= 1 and factor.words for factor in found.factors)
    assert all(gate.words for gate in found.gates)


@given(situations)
def test_a_hazard_that_holds_wins_over_everything(facts: Situation) -> None:
    assert (assess(facts, scheme()).verdict == "hold") == bool(facts.holding)


@given(situations)
def test_whatever_is_not_a_yes_says_what_would_make_it_one_or_that_nothing_does(facts: Situation) -> None:
    found = assess(facts, scheme())
    assert (found.nearest_miss is None) == (found.verdict == "yes")
    if found.nearest_miss:
        assert found.nearest_miss.startswith(("would be ", "no single change"))


@given(situations, st.floats(0, 3600, allow_nan=False), st.floats(0, 3600, allow_nan=False))
def test_more_time_won_never_lowers_the_score(facts: Situation, one: float, two: float) -> None:
    less, more = sorted((one, two))
    lower = assess(replace(facts, gain_s=less), scheme()).score
    assert assess(replace(facts, gain_s=more), scheme()).score >= lower


@given(situations)
def test_that_both_were_asked_never_lowers_the_score(facts: Situation) -> None:
    alone = assess(replace(facts, both_asked=False), scheme()).score
    assert assess(replace(facts, both_asked=True), scheme()).score >= alone


def test_an_assault_with_injury_is_a_yes() -> None:
    found = verdict(joint())
    assert (found.verdict, found.sentence, found.failed) == ("yes", "assault with injury", ())


def test_a_fall_is_a_no_until_somebody_asks_for_the_other_service() -> None:
    found = verdict(joint(A, "fall"))
    assert found.verdict == "no"
    assert found.nearest_miss == "would be CONSIDER 3.1/5 if: the other service is asked for too"
    asked = verdict(joint(A, "fall", None, "medway", (), iev.OtherServiceRequested(P, A, "police")))
    assert asked.verdict == "consider"
    assert asked.nearest_miss == "no single change makes it joint; the type scores 1 of 5"


@pytest.mark.parametrize(
    ("facts", "gate", "miss"),
    [
        ({"units_left": 0}, "vehicle", "a joint unit were free"),
        ({"on_duty": False}, "hours", "a joint unit were on duty here"),
        ({"status": DistrictStatus.PAUSED}, "area", "the district were live"),
    ],
)
def test_a_single_failed_gate_is_the_nearest_miss(facts: dict[str, object], gate: str, miss: str) -> None:
    found = verdict(joint(), **facts)
    assert found.verdict in ("no", "consider")
    assert found.failed == (gate,)
    assert found.nearest_miss is not None
    assert found.nearest_miss.startswith("would be YES")
    assert miss in found.nearest_miss


@pytest.mark.parametrize("status", [None, *(s for s in DistrictStatus if not s.offers)])
def test_outside_live_districts_the_verdict_is_still_given_and_never_a_yes(
    status: DistrictStatus | None,
) -> None:
    found = verdict(joint(), status=status)
    assert found.verdict == "consider"
    assert "area" in found.failed


def test_the_police_test_of_a_welfare_call() -> None:
    nothing = verdict(joint(P, "welfare_concern"))
    assert "rcrp" in nothing.failed
    assert nothing.verdict != "yes"
    for flag in RCRP_FLAGS:
        assert "rcrp" not in verdict(joint(P, "welfare_concern", None, "medway", (flag,))).failed
    asked = iev.OtherServiceRequested(A, P, "clinician")
    assert "rcrp" not in verdict(joint(P, "welfare_concern", None, "medway", (), asked)).failed


def test_a_category_1_call_close_by_is_a_yes_whatever_the_score() -> None:
    incident = joint(A, "breathing_chest_pain", "C1")
    assert verdict(incident).verdict == "no"
    near = verdict(incident, eta_s=300.0)
    assert near.verdict == "yes"
    assert near.sentence.startswith("first response")


KNIFE = iev.HazardReported("weapon", A, holds=True)
SAFE = iev.SceneDeclaredSafe("constable")


def test_a_knife_holds_until_police_speak_and_not_by_the_clock() -> None:
    held = joint(P, "assault_injury", None, "medway", (), KNIFE)
    assert verdict(held).verdict == "hold"
    late = situation(held, scheme(), NOW + timedelta(days=3650), units_left=2, status=LIVE)
    assert assess(late, scheme()).verdict == "hold"
    safe = joint(P, "assault_injury", None, "medway", (), KNIFE, SAFE)
    assert verdict(safe).verdict == "yes"
    again = joint(P, "assault_injury", None, "medway", (), KNIFE, SAFE, KNIFE)
    assert verdict(again).verdict == "hold"


def test_a_knife_taken_back_holds_nobody() -> None:
    cleared = joint(P, "assault_injury", None, "medway", (), KNIFE, iev.HazardCleared("weapon", P))
    assert verdict(cleared).verdict == "yes"


def test_the_last_unit_counts_for_less_than_one_of_two() -> None:
    assert verdict(joint(), units_left=1).score < verdict(joint(), units_left=2).score


@pytest.mark.parametrize(
    ("owner", "kind", "grade", "flags", "rule"),
    [
        (P, "assault_injury", "2", (), "police_type"),
        (P, "fight", "2", (), None),
        (P, "fight", "2", ("injury",), "police_injury"),
        (P, "fight", "2", ("other_service_asked",), "police_asked"),
        (P, "mental_health_crisis", "2", (), None),
        (P, "mental_health_crisis", "2", ("self_harm",), "police_mental_health"),
        (P, "weapons", "1", (), "police_hold"),
        (A, "fall", "C1", (), None),
        (A, "fall", "C3", ("violence",), "ambulance_violence"),
        (A, "fight", "C3", (), "ambulance_type"),
        (A, "drugs", "C3", (), "ambulance_drink_drugs"),
        (A, "fall", "C3", ("injury",), None),
    ],
)
def test_when_an_incident_of_one_service_is_shown_to_the_other(
    owner: Agency, kind: str, grade: str, flags: tuple[str, ...], rule: str | None
) -> None:
    assert candidate_rule(Joint((leg(owner, kind, grade, "medway", flags),)), scheme()) == rule

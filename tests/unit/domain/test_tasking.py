"""The two services' agreement: each answer with the sentence of its rule."""

import pytest

from jru.domain import incident_events as iev
from jru.domain.agency import Agency
from jru.domain.blueprint import DistrictStatus, TaskingPolicy
from jru.domain.refusal import Refusal
from jru.domain.tasking import Allowed, may_divert, may_leave_districts, may_offer, may_stand_down_resource
from tests.unit.domain.scenes import A, P, joint, policy

LIVE = DistrictStatus.LIVE
SAYS = policy().sentences


def offer(
    rules: TaskingPolicy,
    by: Agency = P,
    status: DistrictStatus | None = LIVE,
    eta_s: float | None = 300.0,
    *,
    in_area: bool = True,
    **incident: object,
) -> Allowed | Refusal:
    return may_offer(rules, by, joint(**incident), status, eta_s, in_area=in_area)


def test_either_room_may_offer_with_the_sentence_that_says_so() -> None:
    for by in Agency:
        assert offer(policy(), by) == Allowed(SAYS["may_offer"])


def test_a_room_that_may_not_offer_is_told_by_which_rule() -> None:
    found = offer(policy(may_offer=frozenset({A})))
    assert isinstance(found, Refusal)
    assert (found.code, found.rule) == ("room_may_not_offer", SAYS["may_not_offer"])


def test_the_other_room_consents_where_the_policy_says_so() -> None:
    found = offer(policy(consent={P: "consents", A: "told"}))
    assert found == Allowed(SAYS["consent"], consent_of=A)
    assert offer(policy(consent={P: "consents", A: "told"}), A) == Allowed(SAYS["may_offer"])


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("told", Allowed(SAYS["out_of_district"])),
        ("consents", Allowed(SAYS["out_of_district"], consent_of=A)),
    ],
)
def test_out_of_the_units_districts(word: str, expected: Allowed) -> None:
    assert offer(policy(out_of_district=word), in_area=False) == expected


def test_never_out_of_the_units_districts() -> None:
    found = offer(policy(out_of_district="never"), in_area=False)
    assert isinstance(found, Refusal)
    assert (found.code, found.rule) == ("out_of_district", SAYS["out_of_district"])


def test_a_category_1_call_close_by_is_offered_by_anybody_anywhere() -> None:
    strict = policy(may_offer=frozenset({P}), out_of_district="never")
    found = offer(strict, A, eta_s=599.0, in_area=False, owner=A, grade="C1")
    assert found == Allowed(SAYS["c1_always"])


@pytest.mark.parametrize(("eta_s", "grade"), [(601.0, "C1"), (None, "C1"), (10.0, "C2"), (10.0, "C1T")])
def test_what_is_far_or_less_urgent_goes_by_the_ordinary_rules(eta_s: float | None, grade: str) -> None:
    strict = policy(may_offer=frozenset({P}))
    assert isinstance(offer(strict, A, eta_s=eta_s, owner=A, grade=grade), Refusal)


@pytest.mark.parametrize("status", [None, *(s for s in DistrictStatus if not s.offers)])
def test_nothing_at_all_is_offered_where_the_scheme_does_not_work(status: DistrictStatus | None) -> None:
    found = offer(policy(), status=status, owner=A, grade="C1", eta_s=1.0)
    assert isinstance(found, Refusal)
    assert found.code == "district_not_live"
    assert (status.value if status else "outside every district") in found.reason


def test_an_exercise_offers_like_a_live_district() -> None:
    assert isinstance(offer(policy(), status=DistrictStatus.EXERCISE), Allowed)


def test_a_divert_rule_is_of_one_room_one_owner_and_two_urgencies() -> None:
    low, high = joint(grade="3"), joint(grade="1", incident_id="inc_2")
    found = may_divert(policy(), P, low, high)
    assert isinstance(found, Allowed)
    assert found.rule in {rule.sentence for rule in policy().divert}
    for by, current, new in ((P, high, low), (A, joint(grade="2"), high), (P, low, joint(grade="2"))):
        refused = may_divert(policy(), by, current, new)
        assert isinstance(refused, Refusal)
        assert refused.rule == SAYS["no_divert"]


def test_a_move_out_of_the_districts_waits_for_no_consent_and_so_is_refused_unless_always_offered() -> None:
    low, c1 = joint(), joint(A, grade="C1")
    consents = policy(out_of_district="consents")
    refused = may_leave_districts(consents, low, in_area=False)
    assert refused is not None
    assert refused.rule == SAYS["out_of_district"]
    assert may_leave_districts(consents, c1, in_area=False) is None
    assert may_leave_districts(consents, low, in_area=True) is None
    assert may_leave_districts(policy(out_of_district="told"), low, in_area=False) is None


def test_only_the_ambulance_room_stands_down_an_ambulance() -> None:
    found = may_stand_down_resource(policy(), P, A, joint(A, grade="C3"))
    assert isinstance(found, Refusal)
    assert found.rule == SAYS["stand_down_ambulance"]
    assert isinstance(may_stand_down_resource(policy(), A, A, joint(A, grade="C3")), Allowed)


def test_police_stand_down_their_own_and_the_ambulance_room_does_not() -> None:
    assert isinstance(may_stand_down_resource(policy(), P, P, joint()), Allowed)
    assert isinstance(may_stand_down_resource(policy(), A, P, joint()), Refusal)


@pytest.mark.parametrize(("grade", "stays"), [("C1", True), ("C1T", True), ("C2", True), ("C3", False)])
def test_a_joint_unit_on_its_way_never_replaces_the_ambulance(grade: str, stays: bool) -> None:
    committed = iev.UnitCommitted("unt_1", "JR01", "police")
    found = may_stand_down_resource(policy(), A, A, joint(A, "fall", grade, "medway", (), committed))
    assert isinstance(found, Refusal) is stays
    if isinstance(found, Refusal):
        assert found.rule == SAYS["keep_ambulance"]
    coded = iev.OutcomeRecorded("dual", "attended", "calm", "calm", ())
    after = joint(A, "fall", grade, "medway", (), committed, coded)
    assert isinstance(may_stand_down_resource(policy(), A, A, after), Allowed)

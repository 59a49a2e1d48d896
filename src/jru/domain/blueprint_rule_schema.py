"""The tables of a blueprint that say what happens: tasking, candidates, types, hazards, policies, statuses, limits."""

from __future__ import annotations

from jru.domain import blueprint as shapes
from jru.domain.agency import Agency, Role
from jru.domain.blueprint_tables import Key, Table, nested
from jru.domain.blueprint_values import (
    identifier,
    many,
    mapping,
    number,
    one_of,
    pair,
    ref,
    switch,
    text,
    whole,
)
from jru.domain.blueprint_vocabulary import COARSE_CLASSES, GATES, SENTENCES

_DAY_S = 86_400
_HOUR_S = 3_600
_AGENCY = one_of(Agency)
_AGENCIES = many(_AGENCY, 1, frozenset)
_ID = identifier()
_CODE = text(20, pattern=r"[A-Za-z0-9][A-Za-z0-9_+./-]*", shape="a code: letters, digits and _ + . / -")
_SENTENCE = text(300, pattern=r"[A-Z0-9].*[.]", shape="a sentence: a capital first, a full stop last")
_SHARE = number(0, 1)
_LIMIT_S = whole(1, _DAY_S)


def _urgencies(found: dict[object, object]) -> dict[int, object]:
    return {int(str(urgency)): limits for urgency, limits in found.items()}


def _suitability(**values: object) -> shapes.SuitabilityPolicy:
    return shapes.SuitabilityPolicy(hold_hazards=frozenset(), **values)  # type: ignore[arg-type]


DIVERT = Table(
    (
        Key("by", _AGENCY),
        Key("from_owner", _AGENCY, None),
        Key("from_urgency_at_least", whole(1, 5)),
        Key("to_urgency_at_most", whole(1, 5)),
        Key("sentence", _SENTENCE),
    ),
    shapes.DivertRule,
    provenance=False,
)
_CATEGORIES = many(ref("ambulance_grade", what="ambulance category"), 1, frozenset)
TASKING = Table(
    (
        Key("id", _ID, attribute="policy_id"),
        Key("may_offer", _AGENCIES),
        Key("consent", mapping(_AGENCY, one_of(("told", "consents")))),
        Key("tie_rule", one_of(("first", "more_urgent"))),
        Key("out_of_district", one_of(("never", "told", "consents"))),
        Key("keep_ambulance_categories", _CATEGORIES),
        Key("always_offer_categories", _CATEGORIES),
        Key("always_offer_within_s", _LIMIT_S),
        Key("stand_down_ambulance", _AGENCIES),
        Key("scene_safe_roles", many(one_of(Role), 1, frozenset)),
        Key("sentences", mapping(_ID, _SENTENCE, SENTENCES, closed=True)),
        Key("divert", nested(DIVERT, ""), ()),
    ),
    shapes.TaskingPolicy,
)
CANDIDATE = Table(
    (
        Key("id", _ID, attribute="rule_id"),
        Key("owner", _AGENCY),
        Key("types", many(ref("type", what="incident type"), 0, frozenset), frozenset()),
        Key("flags", many(ref("flags", what="flag"), 0, frozenset), frozenset()),
        Key("urgency_at_most", whole(1, 5), None),
        Key("sentence", _SENTENCE),
    ),
    shapes.CandidateRule,
)
TYPE = Table(
    (
        Key("id", _ID, attribute="type_id"),
        Key("name", text(60)),
        Key("coarse", one_of(COARSE_CLASSES)),
        Key("police_codes", many(_CODE)),
        Key("ambulance_codes", many(_CODE)),
        Key("score", whole(0, 5)),
        Key("joint_need", _SHARE),
        Key("transport", _SHARE),
        Key("expected_job_min", whole(1, 600)),
        Key("suspect_present_backup", switch(), False),
        Key("rcrp_test", switch(), False),
        Key("ambulance_as_well", switch(), False),
        Key("only_if_nearest", switch(), False),
        Key("specialists", switch(), False),
        Key("holds", switch(), False),
    ),
    shapes.IncidentType,
)
HAZARD = Table((Key("code", _ID), Key("name", text(60)), Key("holds", switch())), shapes.HazardType)
SUITABILITY = Table(
    (
        Key("version", text(20)),
        Key("yes_at", _SHARE),
        Key("consider_at", _SHARE),
        Key("gates", mapping(_ID, one_of(("block", "warn")), GATES, closed=True)),
        Key("both_asked_bonus", _SHARE),
        Key("eta_gain_full_s", _LIMIT_S),
        Key("coverage_last_unit", _SHARE),
    ),
    _suitability,
)
MATCHING = Table(
    (
        Key("version", text(20)),
        Key("distance_m", number(10, 20_000)),
        Key("time_s", number(30, _DAY_S)),
        Key("suggest_at", _SHARE),
        Key("weight_distance", _SHARE),
        Key("weight_time", _SHARE),
        Key("weight_type", _SHARE),
    ),
    shapes.MatchPolicy,
)
_POLICE_CODE = text(20, blank=True)
STATUS = Table(
    (
        Key("id", _ID, attribute="status_id"),
        Key("word", text(30)),
        Key("police_code", _POLICE_CODE),
        Key("police_word", text(40, blank=True)),
        Key("ambulance_word", text(40, blank=True)),
        Key("follows", many(ref("status"), 1)),
        Key("on_incident", switch()),
        Key("available", switch()),
        Key("divertible", switch()),
        Key("amber_s", _LIMIT_S, None),
        Key("red_s", _LIMIT_S, None),
    ),
    shapes.StatusRule,
)
UNANSWERED_S = (60, 180)
"""For schemes that were adopted before rooms could ask: no question stays quiet for ever."""
TIMERS = Table(
    (
        Key("offer_timeout_s", whole(10, _HOUR_S)),
        Key("position_stale_s", _LIMIT_S),
        Key("position_unusable_s", _LIMIT_S),
        Key("readying_s", _LIMIT_S),
        Key(
            "waiting",
            mapping(text(1), pair(_LIMIT_S), ("1", "2", "3", "4", "5"), closed=True, build=_urgencies),
        ),
        Key("break_due_after_s", _LIMIT_S),
        Key("break_length_s", _LIMIT_S),
        Key("closed_visible_s", _LIMIT_S),
        Key("unanswered", pair(_LIMIT_S), UNANSWERED_S),
    ),
    shapes.Timers,
)
LONE_WORKER = Table(
    (
        Key("check_every_s", whole(60, _HOUR_S)),
        Key("warn_s", whole(1, _HOUR_S)),
        Key("types", many(ref("type", what="incident type"), 0, frozenset)),
        Key("flags", many(ref("flags", what="flag"), 0, frozenset)),
        Key("hazards", many(ref("hazard"), 0, frozenset)),
        Key("sentence", _SENTENCE),
    ),
    shapes.LoneWorkerRule,
)

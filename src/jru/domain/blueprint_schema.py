"""Every section and key of a blueprint file, with its type and bounds."""

from __future__ import annotations

from jru.domain import blueprint as shapes
from jru.domain.agency import CREW_ROLES, Agency, Role
from jru.domain.blueprint_tables import Key, Table, nested, table, things
from jru.domain.blueprint_values import (
    clock,
    day,
    identifier,
    instant,
    many,
    mapping,
    number,
    one_of,
    pair,
    ref,
    switch,
    text,
    whole,
    zone,
)
from jru.domain.blueprint_vocabulary import (
    COARSE_CLASSES,
    COST_CLASSES,
    GATES,
    KIT_OWNERS,
    OUTCOME_CODES,
    SENTENCES,
    SITE_KINDS,
    WEEKDAYS,
)

_DAY_S = 86_400
_WEEK_S = 7 * _DAY_S
_HOUR_S = 3_600
_AGENCY = one_of(Agency)
_AGENCIES = many(_AGENCY, 1, frozenset)
_ID = identifier()
_CODE = text(20, pattern=r"[A-Za-z0-9][A-Za-z0-9_+./-]*", shape="a code: letters, digits and _ + . / -")
_CALL_SIGN = text(10, pattern=r"[A-Z0-9]{2,10}", shape="a call sign: capitals and digits")
_SENDER = text(20, pattern=r"[A-Z0-9_-]{2,20}", shape="a sender name: capitals, digits, _ and -")
_ONS_CODE = text(9, pattern=r"[ENSW]\d{8}", shape="an ONS area code, such as E06000035")
_SENTENCE = text(300, pattern=r"[A-Z0-9].*[.]", shape="a sentence: a capital first, a full stop last")
_SHARE = number(0, 1)
_LIMIT_S = whole(1, _DAY_S)
_WORDS = mapping(_ID, text(120))


def _weekdays(found: list[object]) -> frozenset[int]:
    return frozenset(WEEKDAYS.index(str(name)) for name in found)


def _urgencies(found: dict[object, object]) -> dict[int, object]:
    return {int(str(urgency)): limits for urgency, limits in found.items()}


def _suitability(**values: object) -> shapes.SuitabilityPolicy:
    return shapes.SuitabilityPolicy(hold_hazards=frozenset(), **values)  # type: ignore[arg-type]


GRADE = Table(
    (
        Key("code", _CODE),
        Key("name", text(80)),
        Key("urgency", whole(1, 5)),
        Key("target_s", whole(60, _WEEK_S), None),
        Key("mean_target_s", whole(60, _WEEK_S), None),
        Key("unit_stops_clock", switch(), False),
    ),
    shapes.Grade,
)
PARTNER = Table(
    (
        Key("agency", _AGENCY),
        Key("name", text(120)),
        Key("short_name", text(20)),
        Key("senders", many(_SENDER, 1)),
        Key("grade", nested(GRADE, "code"), attribute="grades"),
        Key("talkgroup", text(40, blank=True), ""),
        Key("direct_line", text(40, blank=True), ""),
    ),
    shapes.Partner,
)
DISTRICT = Table(
    (
        Key("id", _ID, attribute="district_id"),
        Key("name", text(60)),
        Key("ons_code", _ONS_CODE),
        Key("pattern", ref("pattern", what="duty pattern")),
        Key("crew_rule", ref("crew_rule", what="crew rule")),
        Key("tasking", ref("tasking", what="tasking policy")),
        Key("base", ref("site")),
    ),
    shapes.District,
)
STATE = Table(
    (
        Key("district", ref("district")),
        Key("status", one_of(shapes.DistrictStatus)),
        Key("since", instant()),
        Key("by", text(80)),
        Key("reason", text(300)),
    ),
    shapes.DistrictState,
)
PATTERN = Table(
    (
        Key("id", _ID, attribute="pattern_id"),
        Key("weekdays", many(one_of(WEEKDAYS), 1, _weekdays)),
        Key("start", clock()),
        Key("end", clock()),
    ),
    shapes.DutyPattern,
)
SEAT = Table(
    (
        Key("seat", _ID),
        Key("agency", _AGENCY),
        Key("roles", many(one_of([role for role in Role if role in CREW_ROLES]), 1, frozenset)),
        Key("qualifications", many(ref("qualifications", what="qualification"), 0, frozenset), frozenset()),
    ),
    shapes.SeatRule,
    provenance=False,
)
CREW_RULE = Table(
    (
        Key("id", _ID, attribute="rule_id"),
        Key("minimum", mapping(_AGENCY, whole(0, 8), Agency, closed=True)),
        Key("seat", nested(SEAT, "seat"), attribute="seats"),
    ),
    shapes.CrewRule,
)
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
        Key("out_of_district", one_of(("refused", "told", "consents"))),
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
SITE = Table(
    (
        Key("id", _ID, attribute="site_id"),
        Key("kind", one_of(SITE_KINDS)),
        Key("name", text(80)),
        Key("lon", number(-180, 180)),
        Key("lat", number(-90, 90)),
        Key("district", ref("district"), None),
    ),
    shapes.Site,
)
VEHICLE = Table(
    (
        Key("id", _CALL_SIGN, attribute="vehicle_id"),
        Key("registration", text(12)),
        Key("call_sign", _CALL_SIGN),
        Key("base", ref("site")),
        Key("kit", many(ref("kit", what="kit list"), 1)),
        Key("seats", whole(1, 9)),
    ),
    shapes.Vehicle,
)
KIT = Table(
    (Key("id", _ID, attribute="kit_id"), Key("owner", one_of(KIT_OWNERS)), Key("items", many(text(120), 1))),
    shapes.KitList,
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
    ),
    shapes.Timers,
)
COST = Table(
    (
        Key("id", _ID, attribute="cost_id"),
        Key("item", text(120)),
        Key("value_gbp", number(0, 1_000_000), None),
        Key("unit", text(40)),
        Key("price_base", text(40)),
        Key("class", one_of(COST_CLASSES), attribute="cost_class"),
        Key("agency", one_of(("police", "ambulance", "health", "partnership"))),
        Key("valid_from", day()),
    ),
    shapes.UnitCost,
    keeps_source=True,
)
APPROVAL = Table(
    (Key("agency", _AGENCY), Key("by", text(80)), Key("at", instant()), Key("version", whole(1, 1_000_000))),
    shapes.Approval,
)
SCHEME = Table(
    (
        Key("name", _ID),
        Key("title", text(120)),
        Key("version", whole(1, 1_000_000)),
        Key("time_zone", zone()),
        Key("effective_at", instant()),
    ),
    dict,
    provenance=False,
)
OUTCOMES = Table(
    tuple(Key(group, mapping(_ID, text(120), codes)) for group, codes in OUTCOME_CODES.items()),
    dict,
    provenance=False,
)
BLUEPRINT = Table(
    (
        Key("scheme", table(SCHEME)),
        Key("partner", things(PARTNER, "agency")),
        Key("district", things(DISTRICT)),
        Key("state", things(STATE, "")),
        Key("pattern", things(PATTERN)),
        Key("crew_rule", things(CREW_RULE)),
        Key("tasking", things(TASKING)),
        Key("candidate", things(CANDIDATE)),
        Key("vehicle", things(VEHICLE)),
        Key("site", things(SITE)),
        Key("kit", things(KIT)),
        Key("type", things(TYPE)),
        Key("hazard", things(HAZARD, "code")),
        Key("suitability", table(SUITABILITY)),
        Key("matching", table(MATCHING)),
        Key("status", things(STATUS)),
        Key("timers", table(TIMERS)),
        Key("cost", things(COST, "")),
        Key("approval", things(APPROVAL, "agency"), ()),
        Key("flags", _WORDS),
        Key("qualifications", _WORDS),
        Key("closing_reasons", _WORDS),
        Key("decline_reasons", _WORDS),
        Key("outcome_codes", table(OUTCOMES)),
    ),
    dict,
    provenance=False,
)

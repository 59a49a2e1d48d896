"""The tables of a blueprint that say who and what there is: partners, districts, crews, places, vehicles, costs."""

from __future__ import annotations

from jru.domain import blueprint as shapes
from jru.domain.agency import CREW_ROLES, Agency, Role
from jru.domain.blueprint_card import DEFAULT_CARD, card_line
from jru.domain.blueprint_tables import Key, Table, nested, table
from jru.domain.blueprint_values import (
    clock,
    day,
    identifier,
    instant,
    many,
    mapping,
    number,
    one_of,
    ref,
    switch,
    text,
    whole,
)
from jru.domain.blueprint_vocabulary import (
    AFTERCARE,
    BRIEFING_HEADINGS,
    COST_CLASSES,
    KIT_OWNERS,
    SITE_KINDS,
    WEEKDAYS,
)

_DAY_S = 86_400
_AGENCY = one_of(Agency)
_ID = identifier()
_CODE = text(20, pattern=r"[A-Za-z0-9][A-Za-z0-9_+./-]*", shape="a code: letters, digits and _ + . / -")
_CALL_SIGN = text(10, pattern=r"[A-Z0-9]{2,10}", shape="a call sign: capitals and digits")
_SENDER = text(20, pattern=r"[A-Z0-9_-]{2,20}", shape="a sender name: capitals, digits, _ and -")
_REFERENCE = text(
    40,
    pattern=r"(?=.*\d)[A-Z0-9][A-Z0-9./-]{2,}",
    shape="an example of a reference: capitals, digits and . / -",
)
_ONS_CODE = text(9, pattern=r"[ENSW]\d{8}", shape="an ONS area code, such as E06000035")
_ISSUER = text(
    300,
    pattern=r"https://[a-z0-9.-]+(:\d{1,5})?(/[!-~]*)?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?(/[!-~]*)?",
    shape="an issuer: an https address as the directory names itself",
)
_TARGET_S = whole(60, 7 * _DAY_S)


def _weekdays(found: list[object]) -> frozenset[int]:
    return frozenset(WEEKDAYS.index(str(name)) for name in found)


GRADE = Table(
    (
        Key("code", _CODE),
        Key("name", text(80)),
        Key("urgency", whole(1, 5)),
        Key("target_s", _TARGET_S, None),
        Key("mean_target_s", _TARGET_S, None),
        Key("unit_stops_clock", switch(), False),
    ),
    shapes.Grade,
)
SIGN_IN = Table(
    (
        Key("issuer", _ISSUER),
        Key("client_id", text(200, pattern=r"[!-~]+", shape="a client id: no blanks")),
        Key("claim", text(60, pattern=r"[A-Za-z0-9_:./-]+", shape="the name of a claim")),
        Key("roles", mapping(text(200), one_of([role for role in Role if role is not Role.SYSTEM]))),
        Key(
            "scopes",
            many(
                text(60, pattern=r"[!#-\[\]-~]+", shape="a scope: no blanks, quotation marks or backslashes"),
                1,
            ),
            ("openid", "profile"),
        ),
        Key("max_age_s", whole(0, 7 * _DAY_S), 46_800),
    ),
    shapes.SignInAt,
    provenance=False,
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
        Key("references", many(_REFERENCE), ()),
        Key("card", many(card_line(), 1), DEFAULT_CARD),
        Key("sign_in", table(SIGN_IN), None),
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
BRIEFING = Table(
    (
        Key("heading", one_of(BRIEFING_HEADINGS)),
        Key("text", text(600)),
        Key("district", ref("district"), None),
    ),
    shapes.BriefingText,
    keeps_source=True,
)
AFTER_DUTY = Table(
    (
        Key("agency", _AGENCY),
        Key("about", one_of(AFTERCARE)),
        Key("name", text(120)),
        Key("contact", text(120, blank=True), ""),
    ),
    shapes.Aftercare,
)
APPROVAL = Table(
    (Key("agency", _AGENCY), Key("by", text(80)), Key("at", instant()), Key("version", whole(1, 1_000_000))),
    shapes.Approval,
)

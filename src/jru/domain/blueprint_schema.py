"""Every section of a blueprint file, in the order of the reference."""

from __future__ import annotations

from jru.domain.blueprint_exercises import EXERCISE
from jru.domain.blueprint_resource_schema import (
    AFTER_DUTY,
    APPROVAL,
    BRIEFING,
    COST,
    CREW_RULE,
    DISTRICT,
    KIT,
    PARTNER,
    PATTERN,
    SITE,
    STATE,
    VEHICLE,
)
from jru.domain.blueprint_retention import RETENTION
from jru.domain.blueprint_rule_schema import (
    CANDIDATE,
    HAZARD,
    LONE_WORKER,
    MATCHING,
    STATUS,
    SUITABILITY,
    TASKING,
    TIMERS,
    TYPE,
)
from jru.domain.blueprint_tables import Key, Table, table, things
from jru.domain.blueprint_values import identifier, instant, mapping, text, whole, zone
from jru.domain.blueprint_vocabulary import OUTCOME_CODES

_ID = identifier()
_WORDS = mapping(_ID, text(120))

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
        Key("lone_worker", table(LONE_WORKER), None),
        Key("cost", things(COST, "")),
        Key("retention", things(RETENTION), ()),
        Key("briefing", things(BRIEFING, ""), ()),
        Key("aftercare", things(AFTER_DUTY, ""), ()),
        Key("approval", things(APPROVAL, "agency"), ()),
        Key("exercise", things(EXERCISE), ()),
        Key("flags", _WORDS),
        Key("qualifications", _WORDS),
        Key("closing_reasons", _WORDS),
        Key("decline_reasons", _WORDS),
        Key("outcome_codes", table(OUTCOMES)),
    ),
    dict,
    provenance=False,
)

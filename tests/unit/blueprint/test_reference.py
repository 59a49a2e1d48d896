"""The reference explains every key that the reader knows, and no other."""

import re

from jru.domain import (
    blueprint_exercises,
    blueprint_resource_schema,
    blueprint_retention,
    blueprint_rule_schema,
    blueprint_schema,
)
from jru.domain.blueprint_tables import Table
from jru.domain.blueprint_vocabulary import GATES, OUTCOME_CODES, SENTENCES, STATUS_IDS
from jru.domain.exercise import Doing
from jru.domain.exercise_deeds import DEEDS
from tests.architecture.tree import ROOT

REFERENCE = (ROOT / "docs/reference/blueprint.md").read_text(encoding="utf-8")
HEADINGS = {
    "[scheme]": blueprint_schema.SCHEME,
    "[[approval]]": blueprint_resource_schema.APPROVAL,
    "[[partner]]": blueprint_resource_schema.PARTNER,
    "[[partner.grade]]": blueprint_resource_schema.GRADE,
    "[partner.sign_in]": blueprint_resource_schema.SIGN_IN,
    "[[district]]": blueprint_resource_schema.DISTRICT,
    "[[state]]": blueprint_resource_schema.STATE,
    "[[pattern]]": blueprint_resource_schema.PATTERN,
    "[[crew_rule]]": blueprint_resource_schema.CREW_RULE,
    "[[crew_rule.seat]]": blueprint_resource_schema.SEAT,
    "[[vehicle]]": blueprint_resource_schema.VEHICLE,
    "[[site]]": blueprint_resource_schema.SITE,
    "[[kit]]": blueprint_resource_schema.KIT,
    "[[type]]": blueprint_rule_schema.TYPE,
    "[[hazard]]": blueprint_rule_schema.HAZARD,
    "[[candidate]]": blueprint_rule_schema.CANDIDATE,
    "[[tasking]]": blueprint_rule_schema.TASKING,
    "[[tasking.divert]]": blueprint_rule_schema.DIVERT,
    "[suitability]": blueprint_rule_schema.SUITABILITY,
    "[matching]": blueprint_rule_schema.MATCHING,
    "[[status]]": blueprint_rule_schema.STATUS,
    "[timers]": blueprint_rule_schema.TIMERS,
    "[lone_worker]": blueprint_rule_schema.LONE_WORKER,
    "[[cost]]": blueprint_resource_schema.COST,
    "[[briefing]]": blueprint_resource_schema.BRIEFING,
    "[[aftercare]]": blueprint_resource_schema.AFTER_DUTY,
    "[[retention]]": blueprint_retention.RETENTION,
    "[outcome_codes]": blueprint_schema.OUTCOMES,
    "[[exercise]]": blueprint_exercises.EXERCISE,
    "[[exercise.incident]]": blueprint_exercises.INCIDENT,
    "[exercise.incident.place]": blueprint_exercises.SPOT,
    "[exercise.incident.found]": blueprint_exercises.FOUND,
    "[[exercise.step]]": blueprint_exercises.STEP,
    "[[exercise.expect]]": blueprint_exercises.EXPECT,
}


def explained(heading: str) -> list[str]:
    """Return the keys in the first column of the table below a heading."""
    _, _, below = REFERENCE.partition(f"# `{heading}`\n")
    part = below.split("\n#", 1)[0]
    cells = [line.split("|")[1] for line in part.split("\n") if line.startswith("| `")]
    return [key for cell in cells for key in re.findall(r"`(\w+)`", cell)]


def test_every_key_is_explained_under_its_table() -> None:
    known = {heading: {key.name for key in table.keys} for heading, table in HEADINGS.items()}
    assert {heading: set(explained(heading)) for heading in HEADINGS} == known


def test_no_table_of_the_schema_is_left_out() -> None:
    modules = (
        blueprint_schema,
        blueprint_resource_schema,
        blueprint_rule_schema,
        blueprint_retention,
        blueprint_exercises,
    )
    tables = [value for module in modules for value in vars(module).values() if isinstance(value, Table)]
    left_out = [
        table
        for table in tables
        if table not in HEADINGS.values() and table is not blueprint_schema.BLUEPRINT
    ]
    assert left_out == []
    for key in blueprint_schema.BLUEPRINT.keys:
        assert re.search(rf"`\[\[?{key.name}\]\]?`", REFERENCE), key.name


def test_fixed_words_are_named() -> None:
    codes = [code for group in OUTCOME_CODES.values() for code in group]
    for word in (*STATUS_IDS, *GATES, *SENTENCES, *codes, *Doing, *DEEDS):
        assert f"`{word}`" in REFERENCE, word

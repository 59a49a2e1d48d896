"""The fields of a card are those that the screens fill and the reference explains."""

from __future__ import annotations

import re

from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint
from jru.domain.blueprint_card import CARD_FIELDS, DEFAULT_CARD
from jru.domain.blueprint_parsing import parse_blueprint
from tests.architecture.tree import ROOT
from tests.unit.blueprint.texts import embedded


def test_every_field_is_filled_by_the_screens_and_explained() -> None:
    filled = re.findall(r"^  (\w+): \(", (ROOT / "frontend/console/card.ts").read_text(), re.MULTILINE)
    assert set(filled) == set(CARD_FIELDS)
    reference = (ROOT / "docs/reference/blueprint.md").read_text()
    assert all(f"| `{{{name}}}` | {meaning} |" in reference for name, meaning in CARD_FIELDS.items())


def test_a_scheme_without_cards_has_one_that_names_both_references_and_the_hazards() -> None:
    without = re.sub(r"^card = \[.*?^\]\n", "", embedded(), flags=re.MULTILINE | re.DOTALL)
    without = re.sub(r', card = "[^"]*"', "", without)
    scheme: Blueprint = parse_blueprint(without)
    for agency in Agency:
        assert scheme.partners[agency].card == DEFAULT_CARD
    for field in ("{own_reference}", "{other_reference}", "{hazards}"):
        assert field in " ".join(DEFAULT_CARD)

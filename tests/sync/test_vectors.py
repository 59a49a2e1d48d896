"""The model of a device keeps the rules of `vectors.json`, as the front end does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jru.clock import SeededRandom
from jru.domain.commands import RaiseEmergency
from tests.services.world import officer
from tests.sync import rules
from tests.sync.device import UNDO_S, Device, Page, Tap

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text())
AT = datetime(2019, 8, 16, 20, 0, tzinfo=UTC)


def tap(given: dict[str, Any]) -> Tap:
    more = {name: given[name] for name in ("state", "tries", "again") if name in given}
    return Tap(given.get("key", "k"), given.get("path", ""), RaiseEmergency(unit_id="u1"), AT, **more)


@pytest.mark.parametrize("case", VECTORS["lines"], ids=lambda case: case["path"])
def test_a_tap_stands_in_its_line(case: dict[str, Any]) -> None:
    assert rules.line_of(case["path"]) == case["line"]


@pytest.mark.parametrize("case", VECTORS["next"], ids=lambda case: case["why"])
def test_the_next_of_a_line(case: dict[str, Any]) -> None:
    found = rules.next_of([tap(one) for one in case["taps"]], case["line"])
    assert (found.key if found else None) == case["next"]


@pytest.mark.parametrize("case", VECTORS["together"], ids=lambda case: case["why"])
def test_what_goes_with_the_next(case: dict[str, Any]) -> None:
    taps = [tap(one) for one in case["taps"]]
    first = rules.next_of(taps, case["line"])
    assert first
    assert [one.key for one in rules.together(taps, first, case["line"], case["now"])] == case["together"]


@pytest.mark.parametrize("case", VECTORS["left_by_a_closed_page"], ids=str)
def test_what_a_closed_page_left_is_sent_or_told(case: dict[str, Any]) -> None:
    assert rules.too_old(case["path"], case["age_s"]) == case["told_and_not_sent"]


@pytest.mark.parametrize("case", VECTORS["answers"], ids=str)
def test_what_an_answer_means(case: dict[str, Any]) -> None:
    ours = case["body"] is not None and not case["body"].startswith("<")
    assert rules.meaning(case["status"], ours=ours) == case["means"]


@pytest.mark.parametrize("case", VECTORS["pauses"], ids=str)
def test_pauses_grow_and_are_spread(case: dict[str, Any]) -> None:
    assert rules.pause_after(case["tries"], 0.0) == case["least_s"]
    assert case["least_s"] < rules.pause_after(case["tries"], 0.999) < case["most_s"]


@pytest.mark.parametrize("case", VECTORS["take_back"], ids=lambda case: case["why"])
def test_what_may_be_taken_back(case: dict[str, Any]) -> None:
    device = Device("d", officer("u1"), None, SeededRandom(1), lambda: AT)  # type: ignore[arg-type]
    page, given = Page(device), tap(case)
    page.taps.append(given)
    device.kept[given.key] = Tap(given.key, "", given.command, AT, claimed=case["claimed"])
    assert page.take_back(given) == case["undone"]
    assert (given.key not in device.kept) == case["undone"]


def test_an_undo_is_offered_for_ten_seconds() -> None:
    assert VECTORS["undo_offered_s"] == UNDO_S

"""What leaves, leaves by the gate: no layer has a way around it, in the sources as they stand."""

from __future__ import annotations

import pytest

from tests.architecture.gate_lint import (
    READ_CONTENTS,
    Rule,
    breaches,
    contents_read,
    fields_without_label,
    insides_reached,
    looks_without_viewer,
    rows_made_of_state,
)
from tests.architecture.tree import modules, name

PORTS = frozenset(
    path.stem
    for path in modules("services")
    if path.stem.endswith("ports") or path.stem.startswith("testing")
)
"""Where the stores are described, and their forms for tests."""


def found(under: str, *rules: Rule, but: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    checked = [path for path in modules(under) if path.stem not in but]
    assert checked
    return {name(path): got for path in checked if (got := breaches(path.read_text("utf-8"), *rules))}


def test_contents_are_read_in_the_named_modules_of_the_services_only() -> None:
    assert found("services", contents_read, but=PORTS | READ_CONTENTS.keys()) == {}


def test_every_module_named_for_reading_contents_does() -> None:
    reading = {path.stem for path in modules("services") if breaches(path.read_text("utf-8"), contents_read)}
    assert reading - PORTS == set(READ_CONTENTS)


def test_no_row_is_made_of_a_whole_object() -> None:
    assert found("services", rows_made_of_state) | found("web", rows_made_of_state) == {}


def test_the_web_reaches_for_nothing_that_is_not_projected() -> None:
    assert found("web", insides_reached) == {}


def test_every_route_behind_the_door_says_for_whom_it_looks() -> None:
    assert found("web", looks_without_viewer) == {}


def test_every_field_of_a_record_is_declared_with_a_label() -> None:
    assert found("services", fields_without_label) == {}


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (contents_read, "text = self._payloads['police'].get(7, 0)"),
        (contents_read, "content = part_content(stores, event, 0)"),
        (rows_made_of_state, "row = dataclasses.asdict(leg.state)"),
        (rows_made_of_state, "row = vars(leg)"),
        (rows_made_of_state, "row = leg.state.__dict__"),
        (insides_reached, "row = services.ground.board.fetch(one).place"),
        (insides_reached, "from jru.domain.incident import Incident"),
        (fields_without_label, "class Row:\n    relation: Relation\n    secret: str = ''"),
        (
            looks_without_viewer,
            "@router.get('/x', openapi_extra=SIGNED_IN)\nasync def x(request):\n    return services_of(request).x()",
        ),
        (
            looks_without_viewer,
            "@router.get('/x', openapi_extra={**SIGNED_IN, UNATTENDED: True})\n"
            "async def x(request):\n    return services_of(request).x()",
        ),
        (
            looks_without_viewer,
            "@reading(router, '/x', 'x', 'X', 'x', X)\nasync def x(request):\n    return services_of(request).x()",
        ),
    ],
)
def test_the_rules_find_each_way_around(rule: Rule, line: str) -> None:
    assert breaches(line, rule)


def test_an_exception_is_named_and_says_why() -> None:
    line = "row = vars(settings)"
    assert breaches(f"{line}  # past the gate: no record at all", rows_made_of_state) == []
    assert breaches(f"{line}  # past the gate: fine", rows_made_of_state)
    assert breaches(f"{line}  # noqa", rows_made_of_state)

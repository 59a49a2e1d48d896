"""Checks across the tables of a blueprint: what a table may hold is the schema's business, how they fit is here.

Every check sees only the tables that could be read, and asks `Reading.declared` which ids exist, so that one error
does not breed others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jru.domain.blueprint_exercises import check_exercises
from jru.domain.blueprint_resource_checks import RESOURCE_CHECKS
from jru.domain.blueprint_retention import check_retention
from jru.domain.blueprint_rule_checks import RULE_CHECKS
from jru.domain.blueprint_values import Reading

_CHECKS: tuple[Callable[[dict[str, Any], Reading], None], ...] = (
    *RESOURCE_CHECKS,
    *RULE_CHECKS,
    check_retention,
    check_exercises,
)


def check_sections(sections: dict[str, Any], reading: Reading) -> None:
    """Note everything that does not fit together."""
    for check in _CHECKS:
        check(sections, reading)

"""Checks across the tables of a blueprint: what each may hold is the schema's business, how they fit is here."""

from __future__ import annotations

from typing import Any

from jru.domain.blueprint_values import Reading


def check_sections(sections: dict[str, Any], reading: Reading) -> None:
    """Note everything that does not fit together."""

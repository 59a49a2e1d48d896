"""A refusal is an answer, not an accident: it always has a reason in words."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command does nothing. `code` is stable, `reason` is a sentence, `rule` the policy sentence behind it."""

    code: str
    reason: str
    rule: str | None = None
    facts: dict[str, str] = field(default_factory=dict)

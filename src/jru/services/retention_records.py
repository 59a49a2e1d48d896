"""How the content of a service stands, as it may leave the product: each field with its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jru.domain.agency import Label

from .access import Owned, Relation, label


@dataclass(frozen=True, slots=True)
class RetentionRecord:
    """What of one service is due or waits, with its clauses, holds and requests; no content."""

    relation: Relation
    at: str = label(Label.OPERATIONAL)
    findings: tuple[Owned, ...] = label(Label.OPERATIONAL)
    holds: tuple[Owned, ...] = label(Label.OPERATIONAL)
    asked: tuple[Owned, ...] = label(Label.OPERATIONAL)
    clauses: tuple[dict[str, Any], ...] = label(Label.OPERATIONAL)

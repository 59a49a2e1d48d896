"""What a benchmark says: one JSON line for each claim."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside its limit.

    `at_least` tells which side of the limit is good. `peer` names what ran beside us in the same run and its value.
    """

    claim: str
    value: float
    unit: str
    limit: float
    at_least: bool = False
    peer: dict[str, Any] | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Return the value as a part of its limit."""
        return self.value / self.limit

    @property
    def ok(self) -> bool:
        """Tell whether the limit is kept."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self) -> str:
        """Return the figure as a JSON line."""
        row: dict[str, Any] = {
            "claim": self.claim,
            "value": rounded(self.value),
            "unit": self.unit,
            "limit": self.limit,
            "better": "more" if self.at_least else "less",
            "ratio": rounded(self.ratio),
            "ok": self.ok,
        }
        if self.peer is not None:
            row["peer"] = self.peer
        return json.dumps({**row, **self.more, "machine": machine()})


def rounded(value: float) -> float:
    """Return a value with four significant digits."""
    return float(f"{value:.4g}") if math.isfinite(value) else value


def spread(values: Sequence[float]) -> list[float]:
    """Return the least and the greatest of some measurements."""
    return [rounded(min(values)), rounded(max(values))]


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value that at least this part of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(part * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


def machine() -> dict[str, Any]:
    """Return what the figures were measured on, and how busy it was."""
    return {
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }

"""What simulated crews do now and then, as shares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares of the occasions on which a crew does it; all assumed, but self-assignment, which schemes call usual.

    `decline` an offer without a duty reason, leave it `unheard`, `self_assign` to a near candidate, find nobody there
    (`not_found`), `detain` under section 136 at a mental-health job without a custody.
    """

    decline: float = 0.06
    unheard: float = 0.03
    self_assign: float = 0.12
    not_found: float = 0.04
    detain: float = 0.15


USUAL = Habits()
DUTIFUL = Habits(0.0, 0.0, 0.0, 0.0, 0.0)
"""Those of a crew in an exercise: it does what it is asked, so that a script goes the same way each time."""

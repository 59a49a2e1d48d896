"""Short incident numbers: drawn, so that a gap tells nothing, and unique for a day."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from jru.domain.agency import ForeignRef
from jru.domain.deciding import Decision
from jru.errors import Conflict

from .access import Viewer
from .ground import Decided, Done, Ground
from .ports import Claim, ClaimTaken
from .projection import number_key, reference_key
from .recorder import Sent

_TRIES = 20


class Numbering:
    """Writes new incidents under a number that nobody has today."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def opened(
        self, decision: Decision, incident_id: str, number: str, ref: ForeignRef, sent: Sent
    ) -> Decided:
        """Return a new incident with the names that it claims."""
        day = sent.received_at.date().isoformat()
        claims = (
            Claim("number", number_key(number, day), incident_id),
            Claim("reference", reference_key(ref.sender, ref.foreign_id, ref.epoch), incident_id),
        )
        outcome: dict[str, object] = {"incident_id": incident_id, "number": number}
        return Decided(decision, outcome, f"incident {number} opened", claims, created=True)

    def open(self, viewer: Viewer, sent: Sent, attempt: Callable[[str], Decided]) -> Done:
        """Write an incident; raises Conflict when its foreign number is held by another one."""
        ground = self._ground
        for _ in range(_TRIES):
            number = str(1000 + ground.random.below(9000))
            try:
                return ground.write(viewer, sent, ("intake",), partial(attempt, number))
            except ClaimTaken as taken:
                if taken.claim.kind != "number":
                    earlier = ground.earlier(viewer, sent)
                    if earlier is not None:
                        return earlier
                    reason = "this incident number is in use already"
                    raise Conflict("reference_taken", reason, "open the incident that has it") from taken
        raise Conflict("numbers_taken", "no short number is free today")

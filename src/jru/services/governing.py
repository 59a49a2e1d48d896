"""Changes of the scheme itself: blueprint versions and district states, both events in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label, Role
from jru.domain.blueprint import Blueprint
from jru.domain.deciding import emit, text_part
from jru.domain.event_types import Part
from jru.domain.refusal import Refusal
from jru.domain.unit_events import BlueprintAdopted, DistrictStateSet

from .access import Viewer
from .ground import Decided, Done, Ground
from .recorder import Sent
from .scheme import STREAM

ADMINISTRATOR = Viewer("system", "the system", Agency.POLICE, Role.SYSTEM)


class Governing:
    """Use cases of those who run the scheme."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def set_district_state(self, viewer: Viewer, command: cmd.SetDistrictState, sent: Sent) -> Done:
        """Move a district between baseline, exercise, live, paused and ended."""
        ground = self._ground

        def decided() -> Decided:
            blueprint = ground.board.scheme.at(sent.received_at)
            if command.district not in blueprint.districts:
                return Decided(
                    Refusal("unknown_district", f"the scheme has no district {command.district!r}")
                )
            now = ground.board.scheme.status_of(command.district, sent.received_at)
            if now is command.status:
                return Decided(
                    Refusal(
                        "nothing_changed",
                        f"{blueprint.district_name(command.district)} is {now.value} already",
                    )
                )
            happened = DistrictStateSet(command.district, command.status)
            reason = text_part(Label.OPERATIONAL, None, command.reason)
            at = command.at or sent.received_at
            told = f"{blueprint.districts[command.district].name} is {command.status.value}"
            return Decided([emit(STREAM, happened, at, reason)], told=told)

        return ground.write(viewer, sent, (STREAM,), decided)


def adopt_blueprint(
    ground: Ground,
    text: str,
    parse: Callable[[str], Blueprint],
    now: datetime,
    effective_at: datetime | None = None,
) -> Done:
    """Put a blueprint version into force; refused unless both partners have approved it and its number is new."""
    blueprint = parse(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    sent = Sent(f"blueprint|{blueprint.version}|{digest}", now, digest.encode())
    begins = effective_at or blueprint.effective_at

    def decided() -> Decided:
        missing = {a.value for a in Agency} - {a.agency.value for a in blueprint.approvals}
        if missing:
            return Decided(Refusal("approval_missing", f"not approved by: {', '.join(sorted(missing))}"))
        if ground.board.scheme.has(blueprint.version):
            words = f"version {blueprint.version} is adopted already: a change needs a new number"
            return Decided(Refusal("version_taken", words))
        approvals = tuple(f"{a.agency.value}:{a.at.date().isoformat()}" for a in blueprint.approvals)
        happened = BlueprintAdopted(blueprint.version, digest, begins, approvals)
        part = Part(Label.OPERATIONAL, None, {"text": text})
        told = f"blueprint {blueprint.name} version {blueprint.version} in force from {begins.isoformat()}"
        return Decided([emit(STREAM, happened, now, part)], {"version": blueprint.version}, told)

    return ground.write(ADMINISTRATOR, sent, (STREAM,), decided)

"""What two devices of one vehicle tapped gives the same state in whatever order their lines reach the server."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from jru.clock import SeededRandom
from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label
from jru.services.access import Viewer
from tests.services.world import POLICE, World, officer, paramedic
from tests.sync.rules import line_of

Tapped = tuple[str, Viewer, cmd.Command]
ORDERS = 6


def on_a_job() -> tuple[World, str, str]:
    world = World()
    unit, incident = world.ready(), world.call(POLICE, "assault_injury")
    world.send(POLICE, unit, incident)
    return world, unit, incident


def drawn(chance: SeededRandom, start: datetime, unit: str, incident: str) -> list[Tapped]:
    """Draw what both devices tap during one job, each thing at a moment of its own."""
    found: list[Tapped] = []
    hazards = ["dog", "weapon"]
    for number in range(14):
        who = chance.choice((officer, paramedic))(unit)
        at = start + timedelta(seconds=30 + 20 * number)
        status = chance.choice(("mobile", "scene", "patient", "clearing"))
        text, on = f"note {number}", f"/incidents/{incident}"
        note = cmd.RecordNote(incident_id=incident, text=text, label=Label.OPERATIONAL, at=at)
        backup = cmd.RequestBackup(unit_id=unit, agency=Agency.POLICE, kind="patrol", at=at)
        options: list[tuple[str, cmd.Command]] = [
            *[(f"/units/{unit}/status", cmd.SetStatus(unit_id=unit, status=status, at=at))] * 3,
            (f"{on}/notes", note),
            (f"/units/{unit}/backup", backup),
        ]
        # A hazard is told once: whose report comes second is told so, and adds a note.
        if hazards:
            options.append((f"{on}/hazards", cmd.ReportHazard(incident_id=incident, code=hazards[-1], at=at)))
        path, command = chance.choice(options)
        if isinstance(command, cmd.ReportHazard):
            hazards.pop()
        found.append((f"{who.subject} {line_of(path)}", who, command))
    return found


def shuffled(chance: SeededRandom, taps: list[Tapped]) -> list[Tapped]:
    """Return the taps in another order that keeps the order within each line of each device."""
    lines: dict[str, list[Tapped]] = {}
    for tap in taps:
        lines.setdefault(tap[0], []).append(tap)
    waiting = list(lines.values())
    found = []
    while waiting:
        line = chance.choice(waiting)
        found.append(line.pop(0))
        waiting = [one for one in waiting if one]
    return found


def state_after(world: World, unit: str, incident: str, taps: list[Tapped]) -> dict[str, Any]:
    world.clock.advance(3600)
    for _, who, command in taps:
        world.do(who, command)
    seen, row = world.unit(unit), world.row(POLICE, incident)
    return {
        "status": seen["status"],
        "backup": sorted((one["at"], one["kind"]) for one in seen["backup"]),
        "hazards": sorted((one["code"], one["at"]) for one in row["hazards"]),
        "lines": sorted((line["at"], line["sentence"]) for line in row["log"] if "note" in line["sentence"]),
    }


@pytest.mark.parametrize("seed", range(8))
def test_the_order_in_which_lines_arrive_changes_nothing(seed: int) -> None:
    chance = SeededRandom(f"orders {seed}")
    world, unit, incident = on_a_job()
    taps = drawn(chance, world.clock.now(), unit, incident)
    expected = state_after(world, unit, incident, taps)
    for _ in range(ORDERS):
        world, unit, incident = on_a_job()
        again = drawn(SeededRandom(f"orders {seed}"), world.clock.now(), unit, incident)
        assert state_after(world, unit, incident, shuffled(chance, again)) == expected

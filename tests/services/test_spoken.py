"""What a room copies into its own system, or reads out to the other, holds nothing that is its service's own."""

from __future__ import annotations

import json
import re

from jru.domain import commands as cmd
from jru.domain.agency import Label
from tests.architecture.tree import ROOT
from tests.services.world import AMBULANCE, POLICE, World, officer, paramedic

SCRIPT = ROOT / "frontend" / "console" / "script.ts"
OWN = ("remark-7f", "caller-7f", "07700 900077", "identity-7f", "evidence-7f", "clinical-7f")


def spoken() -> list[str]:
    """Return the fields of a row that the line to read out is made of."""
    found = re.search(r"SPOKEN = \[([^\]]*)\]", SCRIPT.read_text())
    assert found
    return re.findall(r"'(\w+)'", found[1])


def full_job(world: World) -> str:
    """Return an incident of both rooms with a unit on it and something of every label."""
    unit = world.ready()
    caller = cmd.CallerGiven("caller-7f", "07700 900077")
    incident = world.call(POLICE, remarks="remark-7f", caller=caller)
    world.do(POLICE, cmd.RequestOther(incident_id=incident, need="clinician"))
    world.do(POLICE, cmd.ReportHazard(incident_id=incident, code="weapon", note="knife seen"))
    world.do(
        POLICE, cmd.ReportResource(incident_id=incident, call_sign="P12", kind="patrol", status="mobile")
    )
    world.send(POLICE, unit, incident)
    for viewer, label, text in (
        (POLICE, Label.IDENTITY, "identity-7f"),
        (officer(unit), Label.POLICE_EVIDENCE, "evidence-7f"),
        (paramedic(unit), Label.CLINICAL, "clinical-7f"),
    ):
        world.do(viewer, cmd.RecordNote(incident_id=incident, text=text, label=label))
    return incident


def test_what_is_read_out_is_the_same_for_both_rooms() -> None:
    world = World()
    incident = full_job(world)
    ours, theirs = world.row(POLICE, incident), world.row(AMBULANCE, incident)
    assert ours["visible_to"] == ["ambulance", "police"]
    assert len(spoken()) > 5
    assert {name: ours[name] for name in spoken()} == {name: theirs[name] for name in spoken()}
    assert ours["waits"]
    assert ours["units"]


def test_a_row_of_the_board_holds_nothing_that_a_card_may_not() -> None:
    world = World()
    incident = full_job(world)
    for viewer in (POLICE, AMBULANCE):
        (row,) = [one for one in world.services.board(viewer)["incidents"] if one["id"] == incident]
        assert [secret for secret in OWN if secret in json.dumps(row)] == []
    assert "remark-7f" in json.dumps(world.row(POLICE, incident))

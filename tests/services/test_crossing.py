"""What crossed in a month: every share, joining and opening, as references, for both privacy officers alike."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.domain import record_commands as rc
from jru.domain.agency import Agency, Label, Role
from jru.domain.glass_commands import BreakGlass
from jru.errors import Forbidden, InvalidInput
from jru.services.access import Viewer
from jru.services.audit_ports import AccessKind
from tests.services.table import viewers
from tests.services.world import AMBULANCE, POLICE, World, paramedic

MONTH = "2019-08"
OFFICERS = {
    agency: Viewer(f"privacy@{agency}", "Officer Example", agency, Role.PRIVACY_OFFICER) for agency in Agency
}
REASON = "crew asks for allergies, patient cannot speak"


def busy() -> tuple[World, list[str]]:
    """Return a world with one crossing of each kind, and the two incidents that were joined and parted."""
    world = World()
    unit = world.ready()
    police, ambulance = world.call(POLICE), world.call(AMBULANCE, grade="C2")
    world.send(POLICE, unit, police)
    world.do(POLICE, cmd.ShareIncident(incident_id=world.call(POLICE, kind="fight")))
    world.do(POLICE, cmd.ShareLine(incident_id=police, text="Dog in the garden"))
    world.do(
        paramedic(unit),
        rc.ShareFact(incident_id=police, text="Has a head injury.", basis="vital_interests"),
    )
    world.do(AMBULANCE, cmd.DecideMatch(incident_id=police, other_id=ambulance, same=True))
    world.do(AMBULANCE, cmd.Unmerge(incident_id=police, other_id=ambulance, reason="other house"))
    world.do(POLICE, BreakGlass(incident_id=police, labels=(Label.CLINICAL,), reason=REASON))
    return world, [police, ambulance]


def month(world: World, agency: Agency, wanted: str = MONTH) -> dict[str, Any]:
    return world.services.crossings.month(OFFICERS[agency], wanted)


def test_each_kind_is_counted_once_by_its_purpose_and_listed_with_the_role() -> None:
    world, _ = busy()
    told = month(world, Agency.POLICE)
    assert {(row["kind"], row["basis"]): row["by"] for row in told["counts"]} == {
        ("fact", "vital_interests"): {"police": 0, "ambulance": 1},
        ("line", None): {"police": 1, "ambulance": 0},
        ("incident", None): {"police": 1, "ambulance": 0},
        ("joined", None): {"police": 0, "ambulance": 1},
        ("parted", None): {"police": 0, "ambulance": 1},
        ("opened", None): {"police": 1, "ambulance": 0},
    }
    roles = {row["kind"]: row["role"] for row in told["crossings"]}
    assert roles == {
        "fact": "Crew: paramedic",
        "line": "Police dispatcher",
        "incident": "Police dispatcher",
        "joined": "Ambulance dispatcher",
        "parted": "Ambulance dispatcher",
        "opened": "Police dispatcher",
    }
    assert [row["at"] for row in told["crossings"]] == sorted(row["at"] for row in told["crossings"])
    assert told["left_out"] == 0


def test_both_officers_read_the_same_but_for_the_names_of_the_other_service() -> None:
    world, _ = busy()
    own, other = month(world, Agency.POLICE), month(world, Agency.AMBULANCE)
    assert own["counts"] == other["counts"]
    for told, agency in ((own, "police"), (other, "ambulance")):
        assert all((row["actor"] is not None) is (row["agency"] == agency) for row in told["crossings"])
    without = [[{**row, "actor": None} for row in told["crossings"]] for told in (own, other)]
    assert without[0] == without[1]
    assert POLICE.subject not in json.dumps(other)


def test_no_content_is_told() -> None:
    world, _ = busy()
    for agency in Agency:
        text = json.dumps(month(world, agency))
        for content in ("head injury", "Dog", REASON, "other house"):
            assert content not in text


def test_a_month_ends_at_local_midnight_and_other_months_are_empty() -> None:
    world, _ = busy()
    assert month(world, Agency.POLICE, "2019-07")["crossings"] == []
    assert month(world, Agency.POLICE, "2019-12")["until"] == "2020-01-01T00:00:00.000000Z"
    end = datetime(2019, 8, 31, 23, 0, tzinfo=UTC)
    assert month(world, Agency.POLICE)["until"] == "2019-08-31T23:00:00.000000Z"
    world.clock.advance((end - world.clock.now()).total_seconds() - 60)
    before = len(month(world, Agency.POLICE)["crossings"])
    incident = world.call(POLICE, kind="fight")
    world.do(POLICE, cmd.ShareIncident(incident_id=incident))
    world.clock.advance(60)
    world.do(POLICE, cmd.ShareLine(incident_id=incident, text="later"))
    assert len(month(world, Agency.POLICE)["crossings"]) == before + 1
    assert [row["kind"] for row in month(world, Agency.POLICE, "2019-09")["crossings"]] == ["line"]


@pytest.mark.parametrize("wanted", ["2019", "2019-13", "2019-8", "1999-01", "2019-08-01"])
def test_what_is_no_month_is_said(wanted: str) -> None:
    with pytest.raises(InvalidInput):
        month(World(), Agency.POLICE, wanted)


def test_nobody_but_the_privacy_officers_reads_it() -> None:
    world, _ = busy()
    for viewer in viewers():
        if viewer.role is not Role.PRIVACY_OFFICER:
            with pytest.raises(Forbidden, match="privacy officers"):
                world.services.crossings.month(viewer, MONTH)


def test_the_look_is_on_record_with_the_incidents_that_were_listed() -> None:
    world, incidents = busy()
    before = world.access_log.head().seq
    month(world, Agency.AMBULANCE)
    (access,) = (stored.accessed for stored in world.access_log.read(before, 10))
    assert access.kind is AccessKind.CONSULTATION
    assert access.subject == OFFICERS[Agency.AMBULANCE].subject
    assert set(incidents) < set(access.records)
    assert access.justification == f"what crossed in {MONTH}"

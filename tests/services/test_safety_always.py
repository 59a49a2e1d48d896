"""Safety is never withheld: what anybody records of a danger reaches both rooms and the crew, whatever else fails.

And the one thing that never travels with it: where police intelligence comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label
from jru.errors import JruError
from jru.services.access import Viewer
from jru.services.testing import MemoryAccessLog, MemorySpool
from tests.services.table import expected, viewers
from tests.services.world import AMBULANCE, POLICE, SITTINGBOURNE, World, north_kent, officer, paramedic

SOURCE = "told by the source in flat 9"
WORDS = ("seen in his hand", "", "neighbour says so", "Ä <b>“sharp”</b> \u202e")
CODES = sorted(north_kent().hazards)
AUDIT = ("up", "down", "down with its spool")


def who_must_know(unit: str) -> list[Viewer]:
    """Return both rooms and the crew of the unit."""
    return [POLICE, AMBULANCE, officer(unit), paramedic(unit)]


def scene(owner: Viewer, *, joined: bool) -> tuple[World, str, str]:
    """Return a system with an incident that both services know and a unit on it."""
    world = World()
    unit = world.ready()
    incident = world.call(owner)
    if joined:
        other = world.call(AMBULANCE if owner is POLICE else POLICE)
        world.do(POLICE, cmd.DecideMatch(incident_id=incident, other_id=other, same=True))
    world.send(owner, unit, incident)
    return world, unit, incident


def let_audit_fail(world: World, how: str) -> None:
    """Break the store of the access log, and its spool with it."""
    assert isinstance(world.access_log, MemoryAccessLog)
    assert isinstance(world.spool, MemorySpool)
    world.access_log.broken = how != "up"
    world.spool.broken = how == "down with its spool"


def hazards_told(world: World, viewer: Viewer, incident: str, since: int) -> Iterator[set[tuple[str, str]]]:
    """Yield code and note of each hazard on the board, in the incident itself and in what changed."""
    board = next(r for r in world.services.board(viewer)["incidents"] if r["id"] == incident)
    changed = next(r for r in world.services.change(viewer, since)["incidents"] if r["id"] == incident)
    for row in (board, changed, world.row(viewer, incident)):
        yield {(h["code"], h["note"] or "") for h in row["hazards"]}


@settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(
    st.sampled_from([POLICE, AMBULANCE]),
    st.booleans(),
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(CODES), st.sampled_from(WORDS)),
        min_size=1,
        max_size=4,
        unique_by=lambda told: told[1],
    ),
    st.sampled_from(AUDIT),
)
def test_every_hazard_of_anybody_reaches_both_rooms_and_the_crew(
    owner: Viewer, joined: bool, told: list[tuple[int, str, str]], audit: str
) -> None:
    world, unit, incident = scene(owner, joined=joined)
    incident = world.row(POLICE, incident)["id"]
    since = {v.subject: world.services.place(v) for v in who_must_know(unit)}
    let_audit_fail(world, audit)
    for who, code, note in told:
        world.clock.advance(5)
        world.do(who_must_know(unit)[who], cmd.ReportHazard(incident_id=incident, code=code, note=note))
    wanted = {(code, note) for _, code, note in told}
    for viewer in who_must_know(unit):
        for found in hazards_told(world, viewer, incident, since[viewer.subject]):
            assert wanted <= found, viewer.subject


@pytest.mark.parametrize("audit", AUDIT)
@pytest.mark.parametrize("raiser", [officer, paramedic])
def test_a_crew_in_danger_is_heard_by_both_rooms(audit: str, raiser: object) -> None:
    world, unit, _ = scene(POLICE, joined=False)
    let_audit_fail(world, audit)
    world.do(raiser(unit), cmd.RaiseEmergency(unit_id=unit))  # type: ignore[operator]
    for viewer in who_must_know(unit):
        assert world.unit(unit, viewer)["emergency"], viewer.subject
        assert next(u for u in world.services.board(viewer)["units"] if u["id"] == unit)["emergency"]


@pytest.mark.parametrize("audit", AUDIT)
def test_scene_safe_and_a_hazard_taken_back_reach_everybody(audit: str) -> None:
    world, unit, incident = scene(AMBULANCE, joined=False)
    let_audit_fail(world, audit)
    world.do(AMBULANCE, cmd.ReportHazard(incident_id=incident, code="weapon", note="knife"))
    for viewer in who_must_know(unit):
        assert world.services.recommendation(viewer, incident)["target"] == "rvp"
        assert world.row(viewer, incident)["rvp"]
    world.clock.advance(5)
    world.do(POLICE, cmd.DeclareSceneSafe(incident_id=incident, words="one detained"))
    for viewer in who_must_know(unit):
        assert "one detained" in world.row(viewer, incident)["scene_safe"]["words"]


def everything_told(world: World, viewer: Viewer, incident: str, unit: str) -> str:
    """Return all that a viewer can read, as one text."""
    looks = (
        lambda: world.services.board(viewer),
        lambda: world.services.incident(viewer, incident),
        lambda: world.services.recommendation(viewer, incident),
        lambda: world.services.unit(viewer, unit),
        *(lambda agency=agency: world.services.record_part(viewer, agency, incident) for agency in Agency),
        lambda: world.services.handover(viewer, incident, 1),
        lambda: world.services.oversight.duties(viewer),
    )
    told = []
    for look in looks:
        try:
            told.append(look())
        except JruError as error:
            told.append([error.message, error.remedy, dict(error.data)])
    return json.dumps(told, default=str, ensure_ascii=False)


@pytest.mark.parametrize("audit", AUDIT)
def test_the_source_of_intelligence_reaches_nobody_without_its_label(audit: str) -> None:
    world, unit, incident = scene(POLICE, joined=True)
    incident = world.row(POLICE, incident)["id"]
    note = cmd.RecordNote(incident_id=incident, text=SOURCE, label=Label.POLICE_INTEL)
    with pytest.raises(JruError):
        world.do(POLICE, note)
    intelligence = cmd.RecordNote(incident_id=incident, text=SOURCE, label=Label.POLICE_EVIDENCE)
    world.do(officer(unit), intelligence)
    world.do(POLICE, cmd.ReportHazard(incident_id=incident, code="weapon", note="believed to carry a knife"))
    let_audit_fail(world, audit)
    for viewer in viewers(unit):
        text = everything_told(world, viewer, incident, unit)
        may = (
            audit == "up"
            and viewer.agency is Agency.POLICE
            and expected()[viewer.role][Label.POLICE_EVIDENCE] != "-"
        )
        assert (SOURCE in text) <= may, viewer.subject
        if "hazards" in text:
            assert "believed to carry a knife" in text, viewer.subject


def test_a_danger_on_an_incident_of_one_service_is_told_once_the_other_is_asked() -> None:
    world = World()
    incident = world.call(POLICE, kind="fight", at=SITTINGBOURNE)
    world.do(
        POLICE, cmd.ReportHazard(incident_id=incident, code="violence_marker", note="marker on the door")
    )
    assert incident not in world.listed(AMBULANCE)
    world.do(POLICE, cmd.RequestOther(incident_id=incident, need="clinician"))
    assert [h["note"] for h in world.row(AMBULANCE, incident)["hazards"]] == ["marker on the door"]

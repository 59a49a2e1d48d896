"""Nothing is overwritten unseen: whoever replaces a value was shown it, or is shown both versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jru.domain import commands as cmd
from jru.domain import shift_commands as sc
from jru.errors import Conflict, Refused
from tests.services.world import AMBULANCE, GILLINGHAM, POLICE, World, officer, outcome

HIGH_STREET = cmd.PlaceGiven("High Street", *GILLINGHAM)
CHANGES: list[dict[str, Any]] = [
    {"grade": "1"},
    {"grade": "3"},
    {"type": "fight"},
    {"type": "assault_injury"},
    {"place": cmd.PlaceGiven("No such road")},
    {"place": HIGH_STREET},
    {"flags": ("injury",)},
    {"grade": "2", "flags": ("child", "injury")},
]


def bases(world: World, viewer: Any, incident: str) -> dict[str, str]:
    """Return the marks of what a viewer is shown now."""
    (found,) = world.row(viewer, incident)["bases"]
    return dict(found)


def versions(raised: pytest.ExceptionInfo[Conflict]) -> dict[str, dict[str, Any]]:
    """Return the conflicting fields of a refused command."""
    assert raised.value.code == "changed"
    found: Any = raised.value.data["versions"]
    return {row["field"]: row for row in found}


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.tuples(st.sampled_from([0, 1]), st.sampled_from(["look", *range(len(CHANGES))])), max_size=14)
)
def test_in_any_interleaving_of_two_editors_no_value_is_replaced_whose_replacer_was_not_shown_it(
    steps: list[tuple[int, Any]],
) -> None:
    world = World()
    incident = world.call(POLICE, grade="2")
    read = [(bases(world, POLICE, incident), own(world, incident))] * 2
    for who, step in steps:
        if step == "look":
            read[who] = bases(world, POLICE, incident), own(world, incident)
            continue
        change = CHANGES[step]
        before = own(world, incident)
        try:
            world.do(
                POLICE, cmd.UpdateIncident(incident_id=incident, base=read[who][0], **change), fill=False
            )
        except Conflict as conflict:
            assert own(world, incident) == before
            for row in conflict.data["versions"]:  # type: ignore[attr-defined]
                assert row["theirs"] == before[row["field"]] != read[who][1][row["field"]]
                assert row["by"] == POLICE.subject
        except Refused:
            assert own(world, incident) == before
        else:
            after = own(world, incident)
            replaced = [name for name, value in before.items() if value and after[name] != value]
            assert all(read[who][1][name] == before[name] for name in replaced)


def own(world: World, incident: str) -> dict[str, Any]:
    """Return what the police room has set."""
    (found,) = world.row(POLICE, incident)["own"]
    return dict(found)


def test_an_unrelated_change_is_no_conflict() -> None:
    world = World()
    incident = world.call(POLICE, grade="2")
    seen = bases(world, POLICE, incident)
    world.do(POLICE, cmd.UpdateIncident(incident_id=incident, grade="1", base=seen), fill=False)
    world.do(POLICE, cmd.UpdateIncident(incident_id=incident, type="fight", base=seen), fill=False)
    assert (own(world, incident)["grade"], own(world, incident)["type"]) == ("1", "fight")


def test_both_versions_come_back_and_mine_goes_in_with_the_base_that_they_came_with() -> None:
    world = World()
    incident = world.call(POLICE, grade="2")
    seen = bases(world, POLICE, incident)
    world.do(POLICE, cmd.UpdateIncident(incident_id=incident, grade="1", base=seen), fill=False)
    mine = cmd.UpdateIncident(incident_id=incident, grade="3", flags=("injury",), base=seen)
    with pytest.raises(Conflict) as raised:
        world.do(POLICE, mine, fill=False)
    found = versions(raised)["grade"]
    assert (found["theirs"], found["yours"], found["agency"]) == ("1", "3", "police")
    assert found["at"]
    assert own(world, incident) == {**own(world, incident), "grade": "1", "flags": None}
    again = {**seen, "grade": found["base"]}
    world.do(
        POLICE, cmd.UpdateIncident(incident_id=incident, grade="3", flags=("injury",), base=again), fill=False
    )
    assert (own(world, incident)["grade"], own(world, incident)["flags"]) == ("3", ["injury"])


def test_the_rooms_race_on_the_place_of_an_incident_that_both_see() -> None:
    world = World()
    incident = world.call(POLICE)
    seen = bases(world, AMBULANCE, incident)
    world.do(POLICE, cmd.UpdateIncident(incident_id=incident, place=cmd.PlaceGiven("Mill Road")))
    with pytest.raises(Conflict) as raised:
        world.do(
            AMBULANCE,
            cmd.UpdateIncident(incident_id=incident, place=cmd.PlaceGiven("Mill Lane"), base=seen),
            fill=False,
        )
    found = versions(raised)["place"]
    assert (found["theirs"]["text"], found["yours"]["text"], found["agency"]) == (
        "Mill Road",
        "Mill Lane",
        "police",
    )


def test_a_crew_that_was_offline_does_not_replace_the_outcome_of_the_room_unseen() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.send(POLICE, unit, incident)
    world.do(POLICE, outcome(incident))
    late = outcome(incident, need="police_only")
    with pytest.raises(Conflict) as raised:
        world.do(officer(unit), late, fill=False)
    assert versions(raised)["outcome"]["theirs"]["need"] == outcome(incident).need
    world.do(officer(unit), late)
    assert world.row(POLICE, incident)["outcome"]["need"] == "police_only"


def test_two_people_who_number_the_same_person_are_shown_each_other() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.send(POLICE, unit, incident)
    first = cmd.RecordPerson(
        incident_id=incident, person=1, disposal="conveyed_ed", conveyed_by="joint_unit", destination="Medway"
    )
    world.do(officer(unit), first, fill=False)
    with pytest.raises(Conflict) as raised:
        world.do(POLICE, cmd.RecordPerson(incident_id=incident, person=1, disposal="custody"), fill=False)
    assert versions(raised)["person.1"]["theirs"]["destination"] == "Medway"
    world.do(POLICE, first, fill=False)
    assert world.row(POLICE, incident)["persons"][0]["destination"] == "Medway"


def test_a_planned_break_and_a_place_to_wait_are_not_replaced_unseen() -> None:
    world = World()
    unit = world.ready()
    now = world.clock.now()
    world.do(POLICE, cmd.PlanBreak(unit_id=unit, starts_at=now + timedelta(minutes=60)), fill=False)
    world.do(POLICE, sc.SuggestWait(unit_id=unit, place=HIGH_STREET), fill=False)
    blind: list[tuple[str, cmd.Command]] = [
        ("break", cmd.PlanBreak(unit_id=unit, starts_at=now + timedelta(minutes=90))),
        ("break", cmd.CancelBreak(unit_id=unit)),
        ("wait", sc.SuggestWait(unit_id=unit, place=cmd.PlaceGiven("Mill Road"))),
    ]
    for field, command in blind:
        with pytest.raises(Conflict) as raised:
            world.do(AMBULANCE, command, fill=False)
        assert versions(raised)[field]["agency"] == "police"
    for _, command in blind:
        world.do(AMBULANCE, command)
    assert world.unit(unit)["breaks"]["planned"] is None
    assert world.unit(unit)["wait"]["text"] == "Mill Road"


def test_who_changes_their_own_words_again_before_they_read_them_back_is_not_in_their_own_way() -> None:
    world = World()
    unit, incident = world.ready(), world.call(POLICE)
    world.send(POLICE, unit, incident)
    world.do(officer(unit), outcome(incident), key="first-own-key", fill=False)
    mine = outcome(incident, need="police_only", base={"outcome": "0123456789ab first-own-key"})
    world.do(officer(unit), mine, fill=False)
    with pytest.raises(Conflict):
        world.do(officer(unit), outcome(incident, base={"outcome": "first-own-key"}), fill=False)


def test_a_command_that_is_sent_again_gets_its_answer_and_no_conflict() -> None:
    world = World()
    incident = world.call(POLICE, grade="2")
    seen = bases(world, POLICE, incident)
    mine = cmd.UpdateIncident(incident_id=incident, grade="1", base=seen)
    world.do(POLICE, mine, key="k", content=b"c", fill=False)
    world.do(POLICE, cmd.UpdateIncident(incident_id=incident, grade="3"))
    assert world.do(POLICE, mine, key="k", content=b"c", fill=False).repeated

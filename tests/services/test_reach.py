"""Units beyond their districts: verdict, recommendation and offer say the same."""

from __future__ import annotations

import pytest

from jru.domain import commands as cmd
from jru.errors import Refused
from tests.services.snapshots import Client, differences, rows_of
from tests.services.world import AMBULANCE, GRAVESEND, POLICE, World, embedded, officer

NEVER = embedded().replace('out_of_district = "consents"', 'out_of_district = "never"')
NEVER = NEVER.replace('out_of_district = "told"', 'out_of_district = "never"')


def gate(world: World, incident: str, name: str) -> dict[str, object]:
    """Return one gate of an incident's verdict."""
    gates = world.row(POLICE, incident)["suitability_full"]["gates"]
    return next(g for g in gates if g["gate"] == name)


def test_a_unit_that_may_be_sent_beyond_its_districts_is_a_free_unit() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE, at=GRAVESEND)
    assert gate(world, incident, "vehicle")["words"] == "a joint unit of another area is free"
    assert gate(world, incident, "vehicle")["passed"]
    found = world.services.recommendation(POLICE, incident)
    assert found["verdict"] in ("yes", "consider")
    assert found["units"][0]["can_offer"]
    world.offer(POLICE, unit, incident)
    assert "no joint unit" not in world.row(POLICE, incident)["suitability"]["sentence"]
    factors = {f["factor"]: f for f in world.row(POLICE, incident)["suitability_full"]["factors"]}
    assert factors["coverage"]["words"] == "the unit leaves its own area"
    assert factors["coverage"]["value"] < 1


def test_where_a_unit_never_leaves_its_districts_none_is_free() -> None:
    world = World(blueprint_text=NEVER)
    unit = world.ready()
    incident = world.call(POLICE, at=GRAVESEND, grade="2")
    assert gate(world, incident, "vehicle")["words"] == "no joint unit is free"
    found = world.services.recommendation(POLICE, incident)
    assert found["verdict"] == "no"
    assert [u["can_offer"] for u in found["units"]] == [False]
    assert "belongs to Medway" in found["units"][0]["sentence"]
    with pytest.raises(Refused, match="outside the unit's districts"):
        world.offer(POLICE, unit, incident)


def test_a_nearer_unit_that_may_not_come_does_not_take_the_offer_from_one_that_may() -> None:
    world = World(blueprint_text=NEVER)
    far = world.ready("JR01")
    own = world.ready("JR02", "gravesham")
    world.do(officer(far), cmd.ReportPosition(unit_id=far, lon=GRAVESEND[0], lat=GRAVESEND[1]))
    incident = world.call(POLICE, at=GRAVESEND, grade="2")
    found = world.services.recommendation(POLICE, incident)
    assert [(u["unit_id"], u["can_offer"]) for u in found["units"]] == [(own, True), (far, False)]
    assert found["refusal"] is None
    world.offer(POLICE, own, incident)


def test_a_unit_that_is_asked_for_one_incident_is_not_free_for_another() -> None:
    world = World()
    unit = world.ready()
    one, two = world.call(POLICE), world.call(AMBULANCE, grade="C3")
    client = Client(world.services, POLICE)
    world.offer(POLICE, unit, one)
    assert gate(world, one, "vehicle")["passed"]
    assert not gate(world, two, "vehicle")["passed"]
    assert not world.services.recommendation(POLICE, two)["units"][0]["can_offer"]
    client.catch_up(world.services)
    assert differences(client.rows, rows_of(world.services.board(POLICE))) == []
    world.wait(120)
    client.catch_up(world.services)
    assert gate(world, two, "vehicle")["passed"]
    assert differences(client.rows, rows_of(world.services.board(POLICE))) == []


def test_a_more_urgent_incident_may_have_a_unit_that_was_only_asked() -> None:
    text = embedded().replace('tie_rule = "first"', 'tie_rule = "more_urgent"')
    world = World(blueprint_text=text)
    unit = world.ready()
    low, high = world.call(POLICE, grade="3"), world.call(AMBULANCE, grade="C1")
    world.offer(POLICE, unit, low)
    assert gate(world, high, "vehicle")["passed"]
    assert world.services.recommendation(AMBULANCE, high)["units"][0]["can_offer"]
    world.offer(AMBULANCE, unit, high)
    assert not gate(world, low, "vehicle")["passed"]


def test_a_row_beyond_a_units_districts_changes_with_the_unit() -> None:
    world = World()
    incident = world.call(POLICE, at=GRAVESEND)
    client = Client(world.services, POLICE)
    unit = world.ready()
    client.catch_up(world.services)
    assert differences(client.rows, rows_of(world.services.board(POLICE))) == []
    world.send(POLICE, unit, world.call(POLICE))
    client.catch_up(world.services)
    assert "no joint unit is free" in str(client.rows[incident]["suitability"])
    assert differences(client.rows, rows_of(world.services.board(POLICE))) == []


def test_an_incident_without_a_place_asks_for_one() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE, at=None)
    area = gate(world, incident, "area")
    assert (area["passed"], area["words"]) == (False, "the place is not known")
    assert gate(world, incident, "vehicle")["passed"]
    row = world.row(POLICE, incident)["suitability"]
    assert "outside" not in row["sentence"]
    assert "if: the place were given" in row["nearest_miss"]
    with pytest.raises(Refused, match="has no place yet: give it one") as refused:
        world.offer(POLICE, unit, incident)
    assert refused.value.code == "no_place"
    assert world.services.recommendation(POLICE, incident)["refusal"] == refused.value.data["reason"]

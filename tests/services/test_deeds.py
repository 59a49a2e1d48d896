"""Whoever may not do something is told in words what, and who may."""

from __future__ import annotations

import re

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label, Role
from jru.errors import Forbidden
from jru.services.access import WRITES, Gate, Viewer
from jru.services.deeds import DEEDS
from tests.services.test_gate import COMMANDS
from tests.services.world import POLICE, SUPERVISOR, World, north_kent, paramedic

CODE = re.compile(r"[a-z]+_[a-z]+|[A-Z][a-z]+[A-Z]")


def test_every_command_has_words() -> None:
    assert set(DEEDS) == set(WRITES) == COMMANDS
    assert len(set(DEEDS.values())) == len(DEEDS)
    assert [words for words in DEEDS.values() if CODE.search(words)] == []


@pytest.mark.parametrize("role", Role)
def test_no_refusal_for_a_role_shows_a_code(role: Role) -> None:
    viewer = Viewer("x", "Somebody", Agency.POLICE, role, "unt_1")
    for kind in [kind for kind, roles in WRITES.items() if role not in roles]:
        with pytest.raises(Forbidden) as refused:
            Gate([]).accept(viewer, object.__new__(kind))
        assert not CODE.search(str(refused.value))
        assert DEEDS[kind] in str(refused.value)


def test_who_may_is_said_too() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    with pytest.raises(Forbidden) as refused:
        world.do(paramedic(unit), cmd.OfferUnit(unit_id=unit, incident_id=incident))
    assert str(refused.value) == "a paramedic may not offer a unit an incident: only a control room may"
    assert refused.value.data["may"] == ["ambulance_dispatcher", "police_dispatcher"]
    with pytest.raises(Forbidden, match="only a control room or the unit's crew may"):
        world.do(SUPERVISOR, cmd.BookOff(unit_id=unit))
    with pytest.raises(Forbidden, match="a paramedic may not write police intelligence notes"):
        world.do(paramedic(unit), cmd.RecordNote(incident_id=incident, text="x", label=Label.POLICE_INTEL))


def test_the_scheme_lets_nobody_declare_a_scene_safe_whom_the_gate_refuses() -> None:
    for policy in north_kent().tasking.values():
        assert policy.scene_safe_roles <= WRITES[cmd.DeclareSceneSafe]

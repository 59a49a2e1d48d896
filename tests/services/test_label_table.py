"""Every cell of the label table does what was agreed, and a changed cell does not go unnoticed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label, Role
from jru.errors import Forbidden
from jru.services import access, grants
from jru.services.access import Gate, Owned, Relation, Viewer, label
from jru.services.explaining import explain, matrix
from jru.services.grants import RIGHTS, Grant, Reach, Subject
from jru.services.records import IncidentRecord, default_gate
from tests.services.table import agencies_of, expected, viewers


@dataclasses.dataclass(frozen=True, slots=True)
class Cells:
    """A record with a field for each label, each of both services and of each one."""

    relation: Relation
    operational: tuple[Owned, ...] = label(Label.OPERATIONAL)
    safety: tuple[Owned, ...] = label(Label.SAFETY)
    identity: tuple[Owned, ...] = label(Label.IDENTITY)
    clinical: tuple[Owned, ...] = label(Label.CLINICAL)
    police_intel: tuple[Owned, ...] = label(Label.POLICE_INTEL)
    police_evidence: tuple[Owned, ...] = label(Label.POLICE_EVIDENCE)
    staff: tuple[Owned, ...] = label(Label.STAFF)
    statistics: tuple[Owned, ...] = label(Label.STATISTICS)


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    """The same with values that nobody is named as the owner of."""

    relation: Relation
    operational: str = label(Label.OPERATIONAL)
    safety: str = label(Label.SAFETY)
    identity: str = label(Label.IDENTITY)
    clinical: str = label(Label.CLINICAL)
    police_intel: str = label(Label.POLICE_INTEL)
    police_evidence: str = label(Label.POLICE_EVIDENCE)
    staff: str = label(Label.STAFF)
    statistics: str = label(Label.STATISTICS)


GATE = Gate([Cells, Plain])
BOTH = frozenset(Agency)
OWNED = tuple(Owned(agency, agency.value) for agency in Agency)


def related(role: Role, *, is_open: bool = True) -> Relation | None:
    """Return a relation that this role stands in, of the first kind of record that it has to do with."""
    about = next(iter(RIGHTS[role].reach), None)
    return Relation(BOTH, frozenset({"unt_1"}), about=about, open=is_open) if about else None


def seen(viewer: Viewer, record: type, value: object, *, is_open: bool = True) -> dict[str, Any]:
    relation = related(viewer.role, is_open=is_open)
    if relation is None:
        return {}
    return GATE.project(viewer, record(relation, *[value] * len(Label)), viewer.purpose) or {}


def wrong_cells() -> list[str]:
    """Return the cells in which reading or writing differs from what was agreed."""
    wrong = []
    for viewer in viewers("unt_1"):
        owned, plain = seen(viewer, Cells, OWNED), seen(viewer, Plain, "x")
        later = seen(viewer, Cells, OWNED, is_open=False)
        for wanted, cell in expected()[viewer.role].items():
            told = (owned.get(wanted.value), plain.get(wanted.value), later.get(wanted.value))
            if told != _as_agreed(viewer, cell) and related(viewer.role):
                wrong.append(f"{viewer.role} {wanted}: reads {told}")
            if _writes(viewer, wanted) is not (cell in ("rw", "OW")):
                wrong.append(f"{viewer.role} {wanted}: writes {_writes(viewer, wanted)}")
            open_line = GATE.may_read(viewer, wanted, viewer.agency)
            closed_line = GATE.may_read(viewer, wanted, viewer.agency, still_open=False)
            foreign = GATE.may_read(viewer, wanted, viewer.agency.other)
            if (open_line, closed_line, foreign) != (cell != "-", cell not in ("-", "oo"), False):
                wrong.append(f"{viewer.role} {wanted}: lines {open_line} {closed_line} {foreign}")
    return wrong


def _as_agreed(viewer: Viewer, cell: str) -> tuple[object, object, object]:
    own = [viewer.agency.value]
    if cell == "-":
        return None, None, None
    after = own if cell != "oo" and Reach.WORKS_OPEN not in RIGHTS[viewer.role].reach.values() else None
    return own, "x" if cell in ("r", "rw") else None, after


def _writes(viewer: Viewer, wanted: Label) -> bool:
    """Tell whether the table lets this role write notes with a label; who gives the command is another table."""
    everybody = {cmd.RecordNote: frozenset(Role)}
    with _swapped(access.WRITES, everybody):
        try:
            GATE.accept(viewer, cmd.RecordNote(incident_id="inc_1", text="x", label=wanted))
        except Forbidden:
            return False
    return True


@contextmanager
def _swapped(table: Any, changed: Mapping[Any, Any]) -> Iterator[None]:
    """Change entries of a table for a moment."""
    before = {key: table.get(key) for key in changed}
    table.update(changed)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                del table[key]
            else:
                table[key] = value


def test_every_cell_is_as_agreed() -> None:
    assert set(expected()) == set(RIGHTS)
    assert wrong_cells() == []


def flips() -> list[tuple[Role, Label, Grant | None]]:
    """Return every change of one cell to another value."""
    return [
        (role, wanted, other)
        for role, rights in RIGHTS.items()
        for wanted in Label
        for other in (None, *Grant)
        if other is not rights.grants.get(wanted)
    ]


def _with(role: Role, wanted: Label, other: Grant | None) -> grants.Rights:
    cells = {k: v for k, v in RIGHTS[role].grants.items() if k is not wanted}
    return dataclasses.replace(RIGHTS[role], grants=cells | ({wanted: other} if other else {}))


def test_no_flipped_cell_survives(capsys: pytest.CaptureFixture[str]) -> None:
    survivors = []
    for role, wanted, other in flips():
        changed = _with(role, wanted, other)
        with _swapped(RIGHTS, {role: changed}), _swapped(grants.GRANTS, {role: changed.grants}):
            if not wrong_cells():
                survivors.append(f"{role} {wanted} -> {other}")
    with capsys.disabled():
        print(f"\nflipped cells of the label table: {len(flips())}, surviving: {len(survivors)}")
    assert survivors == []


REACH = {
    Role.PARAMEDIC: "incident unit",
    Role.SPECIAL_CONSTABLE: "incident unit",
    Role.CONSTABLE: "incident unit",
    Role.POLICE_DISPATCHER: "incident unit",
    Role.AMBULANCE_DISPATCHER: "incident unit",
    Role.CLINICAL_DESK: "incident unit",
    Role.DUTY_SUPERVISOR: "incident unit duty vehicle figures",
    Role.CLINICAL_LEAD: "incident figures",
    Role.POLICE_REVIEWER: "incident figures",
    Role.PRIVACY_OFFICER: "incident unit figures retention crossing",
    Role.SCHEME_LEAD: "duty vehicle figures",
    Role.DUTY_PLANNER: "duty figures",
    Role.SPECIALS_COORDINATOR: "duty",
    Role.FLEET_LEAD: "vehicle",
    Role.MEDICINES_LEAD: "vehicle",
    Role.PERFORMANCE_ANALYST: "coded_incident figures",
    Role.INSPECTOR: "figures",
    Role.SYSTEM_ADMINISTRATOR: "",
}


@pytest.mark.parametrize("role", sorted(RIGHTS))
def test_each_role_has_to_do_with_the_records_of_its_work_and_no_others(role: Role) -> None:
    for agency in agencies_of(role):
        viewer = Viewer("x", "Somebody Example", agency, role, "unt_1")
        found = {
            about
            for about in Subject
            if GATE.relates(viewer, Relation(BOTH, frozenset({"unt_1"}), about=about))
        }
        assert found == {Subject[name.upper()] for name in REACH[role].split()}
        foreign = Relation(frozenset({agency.other}), frozenset({"unt_1"}), any_crew=True)
        assert not GATE.relates(viewer, foreign)


def test_the_clinical_desk_works_on_open_incidents_only() -> None:
    desk = Viewer("x", "Somebody Example", Agency.AMBULANCE, Role.CLINICAL_DESK)
    assert GATE.relates(desk, Relation(BOTH))
    assert not GATE.relates(desk, Relation(BOTH, open=False))


def test_the_matrix_is_the_table() -> None:
    head, *rows = matrix()
    assert head[3:] == tuple(Label)
    words = {"r": "r", "rw": "rw", "own": "own", "oo": "own open", "OW": "own rw", "-": ""}
    assert {row[0]: row[3:] for row in rows} == {
        role.value: tuple(words[cell] for cell in cells.values()) for role, cells in expected().items()
    }


def test_a_reason_is_given_for_the_record_and_for_each_field() -> None:
    gate = default_gate()
    room = Viewer("x", "Somebody Example", Agency.POLICE, Role.POLICE_DISPATCHER)
    whole, *by_field = explain(gate, room, IncidentRecord, Relation(BOTH))
    assert whole.allowed
    assert "works in a control room" in whole.rule
    assert {r.field for r in by_field} == {
        f.name for f in dataclasses.fields(IncidentRecord) if f.name != "relation"
    }
    assert all(r.allowed and "police_dispatcher reads and writes" in r.rule for r in by_field)


@pytest.mark.parametrize(
    ("viewer", "relation", "rule"),
    [
        (Viewer("x", "x", Agency.POLICE, Role.CONSTABLE, "unt_2"), Relation(BOTH), "rides on the unit"),
        (
            Viewer("x", "x", Agency.AMBULANCE, Role.AMBULANCE_DISPATCHER),
            Relation(frozenset()),
            "not shown to",
        ),
        (Viewer("x", "x", Agency.POLICE, Role.INSPECTOR), Relation(BOTH), "no relation to any incident"),
        (Viewer("x", "x", Agency.POLICE, Role.SYSTEM), Relation(BOTH), "no row of the table"),
    ],
)
def test_a_denied_record_gives_the_rule_and_no_field(viewer: Viewer, relation: Relation, rule: str) -> None:
    (reason,) = explain(default_gate(), viewer, IncidentRecord, relation)
    assert not reason.allowed
    assert rule in reason.rule

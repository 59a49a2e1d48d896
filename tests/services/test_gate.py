"""One gate: without label, grant, relation and purpose nothing leaves; without a right nothing enters."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import json
from dataclasses import dataclass
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.domain import glass_commands, retention_commands
from jru.domain import record_commands as rc
from jru.domain import shift_commands as sc
from jru.domain.agency import CREW_ROLES, Agency, Label, Role
from jru.domain.incident_decisions import NOTE_LABELS
from jru.errors import Forbidden, InvalidInput, NotFound, Refused
from jru.services.access import GRANTS, WRITES, Gate, Owned, Purpose, Relation, Viewer, label, note_labels
from jru.services.records import RECORDS
from tests.services.table import viewers
from tests.services.world import AMBULANCE, POLICE, SUPERVISOR, World, officer, outcome, paramedic

BASES = {cmd.Command, cmd.OnIncident, cmd.OnUnit, rc.OnRecord, rc.KeepRecord, sc.OnShift}
COMMANDS = {
    found
    for module in (cmd, rc, sc, glass_commands, retention_commands)
    for _, found in inspect.getmembers(module, inspect.isclass)
    if issubclass(found, cmd.Command) and found not in BASES
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A record with one field of each kind."""

    relation: Relation
    place: str = label(Label.OPERATIONAL)
    knife: str = label(Label.SAFETY)
    caller: Owned = label(Label.IDENTITY)
    wound: Owned = label(Label.CLINICAL)
    suspect: Owned = label(Label.POLICE_INTEL)
    statement: Owned = label(Label.POLICE_EVIDENCE)
    names: tuple[Owned, ...] = label(Label.STAFF)
    counts: int = label(Label.STATISTICS)


BOTH = frozenset(Agency)
SHEET = Sheet(
    Relation(BOTH, frozenset({"unt_1"})),
    "High Street",
    "knife",
    Owned(Agency.POLICE, "a caller"),
    Owned(Agency.AMBULANCE, "a wound"),
    Owned(Agency.POLICE, "a suspect"),
    Owned(Agency.POLICE, "a statement"),
    (Owned(Agency.POLICE, "officer"), Owned(Agency.AMBULANCE, "medic")),
    7,
)
GATE = Gate([Sheet])


def seen(viewer: Viewer, purpose: Purpose | None = None) -> dict[str, Any] | None:
    return GATE.project(viewer, SHEET, purpose or viewer.purpose)


def test_a_field_without_a_label_fails_when_the_gate_is_made() -> None:
    @dataclass(frozen=True)
    class Careless:
        relation: Relation
        secret: str = ""

    with pytest.raises(TypeError, match=r"Careless\.secret has no label"):
        Gate([Careless])


def test_a_record_that_is_no_record_fails() -> None:
    with pytest.raises(TypeError, match="not a record"):
        Gate([dict])


def test_every_field_of_every_record_that_leaves_has_a_label() -> None:
    Gate(RECORDS)
    for record in RECORDS:
        names = {f.name for f in dataclasses.fields(record)} - {"relation"}
        assert all(
            isinstance(f.metadata.get("label"), Label) for f in dataclasses.fields(record) if f.name in names
        )


@pytest.mark.parametrize("role", [role for role in Role if role not in GRANTS])
def test_a_role_outside_the_table_sees_nothing_and_does_nothing(role: Role) -> None:
    viewer = Viewer("x", "Somebody", Agency.POLICE, role, "unt_1")
    assert seen(viewer) is None
    world = World()
    incident = world.call(POLICE)
    for look in (world.services.incident, world.services.recommendation):
        with pytest.raises(NotFound):
            look(viewer, incident)
    assert world.services.board(viewer)["incidents"] == []
    with pytest.raises(Forbidden, match=role.value.replace("_", " ")):
        world.do(viewer, cmd.ReportHazard(incident_id=incident, code="weapon"))


def test_an_unknown_purpose_is_denied() -> None:
    assert seen(POLICE, Purpose.SUPERVISION) is None
    assert seen(SUPERVISOR, Purpose.RESPONSE) is None
    assert seen(POLICE) is not None


def test_no_relation_no_record() -> None:
    hidden = dataclasses.replace(SHEET, relation=Relation(frozenset({Agency.POLICE})))
    assert GATE.project(AMBULANCE, hidden, Purpose.RESPONSE) is None
    assert GATE.project(officer("unt_2"), SHEET, Purpose.RESPONSE) is None
    assert GATE.project(officer("unt_1"), SHEET, Purpose.RESPONSE) is not None
    anybody = dataclasses.replace(SHEET, relation=Relation(BOTH, any_crew=True))
    assert GATE.project(officer("unt_2"), anybody, Purpose.RESPONSE) is not None


EVERYBODY = {
    "police room": (POLICE, {"caller": "a caller", "suspect": "a suspect", "statement": "a statement"}),
    "ambulance room": (AMBULANCE, {"caller": None, "wound": "a wound"}),
    "officer": (officer("unt_1"), {"caller": "a caller", "suspect": "a suspect", "statement": "a statement"}),
    "paramedic": (paramedic("unt_1"), {"caller": None, "wound": "a wound"}),
    "supervisor": (
        SUPERVISOR,
        {
            "caller": "a caller",
            "wound": None,
            "suspect": "a suspect",
            "statement": "a statement",
            "counts": 7,
        },
    ),
}


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_role_sees_its_row_of_the_label_table(who: str) -> None:
    viewer, private = EVERYBODY[who]
    names = ["officer"] if viewer.agency is Agency.POLICE else ["medic"]
    assert seen(viewer) == {"place": "High Street", "knife": "knife", "names": names, **private}


def test_every_command_is_in_the_table_of_rights() -> None:
    assert set(WRITES) == COMMANDS
    assert all(roles for roles in WRITES.values())


@pytest.mark.parametrize("command", sorted(COMMANDS, key=lambda c: c.__name__))
def test_whoever_is_not_named_for_a_command_is_refused_before_anything_is_looked_up(
    command: type[cmd.Command],
) -> None:
    blank = object.__new__(command)
    for viewer in viewers("unt_1"):
        if viewer.role not in WRITES[command]:
            with pytest.raises(Forbidden, match=viewer.role.value.replace("_", " ")):
                GATE.accept(viewer, blank)


def test_a_crew_acts_for_its_own_unit_only() -> None:
    world = World()
    mine, other = world.ready("JR01"), world.ready("JR02", "gravesham")
    with pytest.raises(Forbidden, match="own unit only"):
        world.do(officer(mine), cmd.SetStatus(unit_id=other, status="meal"))
    world.do(POLICE, cmd.SetStatus(unit_id=other, status="meal"))
    assert world.unit(other)["status"] == "meal"


def test_a_crew_sees_its_own_unit_and_the_incidents_it_may_take_or_is_on() -> None:
    world = World()
    mine, other = world.ready("JR01"), world.ready("JR02", "gravesham")
    candidate, hidden = world.call(POLICE), world.call(POLICE, kind="fight")
    assert [u["id"] for u in world.services.board(paramedic(mine))["units"]] == [mine]
    with pytest.raises(NotFound):
        world.services.unit(paramedic(mine), other)
    assert world.listed(officer(mine)) == {candidate}
    world.send(POLICE, other, candidate)
    assert world.listed(officer(mine)) == set()
    assert world.listed(paramedic(other)) == {candidate}
    with pytest.raises(NotFound):
        world.row(officer(mine), hidden)


@pytest.mark.parametrize(
    ("viewer", "label_", "allowed"),
    [
        (officer("unt_1"), Label.POLICE_EVIDENCE, True),
        (officer("unt_1"), Label.CLINICAL, False),
        (officer("unt_1"), Label.POLICE_INTEL, False),
        (paramedic("unt_1"), Label.CLINICAL, True),
        (paramedic("unt_1"), Label.POLICE_EVIDENCE, False),
        (POLICE, Label.POLICE_EVIDENCE, False),
        (AMBULANCE, Label.CLINICAL, False),
        (POLICE, Label.STATISTICS, False),
        (POLICE, Label.OPERATIONAL, True),
        (POLICE, Label.IDENTITY, True),
    ],
)
def test_who_writes_notes_with_which_label(viewer: Viewer, label_: Label, allowed: bool) -> None:
    note = cmd.RecordNote(incident_id="inc_1", text="x", label=label_)
    if allowed:
        GATE.accept(viewer, note)
    else:
        with pytest.raises(Forbidden, match="may not write"):
            GATE.accept(viewer, note)


def test_a_safety_note_is_a_hazard_and_no_note() -> None:
    world = World()
    incident = world.call(POLICE)
    with pytest.raises(Refused, match="does not write safety notes"):
        world.do(POLICE, cmd.RecordNote(incident_id=incident, text="x", label=Label.SAFETY))


def test_what_one_service_wrote_for_itself_never_reaches_the_other_and_stays_with_it() -> None:
    world = World()
    unit = world.ready()
    caller = cmd.CallerGiven("Example Caller", "01632 960000")
    incident = world.call(POLICE, remarks="Police remark", caller=caller)
    world.send(POLICE, unit, incident)
    for viewer, text, label_ in (
        (officer(unit), "Police statement", Label.POLICE_EVIDENCE),
        (POLICE, "Police name", Label.IDENTITY),
        (paramedic(unit), "Ambulance wound", Label.CLINICAL),
        (AMBULANCE, "Ambulance name", Label.IDENTITY),
        (POLICE, "Common words", Label.OPERATIONAL),
    ):
        world.do(viewer, cmd.RecordNote(incident_id=incident, text=text, label=label_))
    police = json.dumps(world.row(POLICE, incident))
    ambulance = json.dumps(world.row(AMBULANCE, incident))
    for word in ("Police remark", "Example Caller", "01632 960000", "Police statement", "Police name"):
        assert word in police
        assert word not in ambulance
    for word in ("Ambulance wound", "Ambulance name"):
        assert word in ambulance
        assert word not in police
    assert "Common words" in police
    assert "Common words" in ambulance


def test_one_shared_line_crosses_over_and_is_logged_on_both_sides() -> None:
    world = World()
    incident = world.call(POLICE, kind="fight", remarks="long story")
    world.do(POLICE, cmd.ShareLine(incident_id=incident, text="door code is with the warden"))
    row = world.row(AMBULANCE, incident)
    assert [line["text"] for line in row["lines"]] == ["door code is with the warden"]
    assert any("shared a line: door code" in line["sentence"] for line in row["log"])
    assert "long story" not in json.dumps(row)


def test_crew_names_are_for_their_own_service() -> None:
    world = World()
    unit = world.ready()
    police = {s["seat"]: s["name"] for s in world.unit(unit, POLICE)["seats"]}
    ambulance = {s["seat"]: s["name"] for s in world.unit(unit, AMBULANCE)["seats"]}
    assert police == {
        "police_driver": "Example police_driver",
        "police_second": "Example police_second",
        "paramedic": None,
    }
    assert ambulance == {"police_driver": None, "police_second": None, "paramedic": "Example paramedic"}


def test_each_role_of_the_demonstration_can_do_its_task() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    world.do(AMBULANCE, cmd.OfferUnit(unit_id=unit, incident_id=incident))
    offer = world.unit(unit)["offer"]["id"]
    world.do(paramedic(unit), cmd.AnswerOffer(unit_id=unit, offer_id=offer, accept=True))
    world.do(officer(unit), cmd.SetStatus(unit_id=unit, status="scene"))
    world.do(officer(unit), cmd.SetStatus(unit_id=unit, status="available"))
    world.do(paramedic(unit), outcome(incident))
    world.do(POLICE, cmd.CloseIncident(incident_id=incident, reason="attended"))
    world.do(officer(unit), cmd.RaiseEmergency(unit_id=unit))
    world.do(SUPERVISOR, cmd.CancelEmergency(unit_id=unit, voice_contact=True))
    assert world.row(SUPERVISOR, incident)["phase"] == "closed"


def test_absent_and_not_yours_read_the_same() -> None:
    world = World()
    hidden = world.call(POLICE, kind="fight")
    answers = []
    for one in (hidden, "inc_00000000-0000-7000-8000-000000000000"):
        with pytest.raises(NotFound) as found:
            world.row(AMBULANCE, one)
        answers.append((found.value.code, found.value.message, found.value.remedy))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("token", ["", "1", "1.0000000000000000", "x" * 300, "-1.x", "é"])
def test_a_forged_cursor_or_base_is_refused(token: str) -> None:
    world = World()
    for unseal in (world.services.unseal, world.services.unseal_base):
        with pytest.raises(InvalidInput, match="not made here"):
            unseal(token)


def test_a_seal_is_for_one_purpose() -> None:
    world = World()
    with pytest.raises(InvalidInput):
        world.services.unseal_base(world.services.seal(7))


class TestTheSealOfTheProduct:
    """The real one hides numbers and notices every forgery."""

    def test_it_gives_back_what_was_sealed_and_nothing_else(self) -> None:
        from jru.bootstrap import SivSeal

        seal = SivSeal(bytes(range(32)))
        token = seal.seal("cursor", 1565985600000018)
        assert seal.unseal("cursor", token) == 1565985600000018
        assert seal.seal("cursor", 1565985600000018) == token
        assert "1565985600000018" not in token
        flipped = [token[:i] + ("A" if c != "A" else "B") + token[i + 1 :] for i, c in enumerate(token[:-1])]
        for forged in (*flipped, "", "not a token", token + "A", "é" * 10):
            with pytest.raises(ValueError, match="not a token"):
                seal.unseal("cursor", forged)
        with pytest.raises(ValueError, match="not a token"):
            seal.unseal("base", token)
        with pytest.raises(ValueError, match="not a token"):
            SivSeal(bytes(32)).unseal("cursor", token)


@pytest.mark.parametrize("role", list(Role))
def test_the_notes_that_are_offered_are_those_that_the_gate_takes(role: Role) -> None:
    agency = role.agency or Agency.POLICE
    viewer = Viewer("subject", "name", agency, role)
    taken = []
    for wanted in NOTE_LABELS[agency]:
        with contextlib.suppress(Forbidden):
            Gate(()).accept(viewer, cmd.RecordNote(incident_id="inc_1", text="x", label=wanted))
            taken.append(wanted)
    assert sorted(note_labels(viewer)) == sorted(taken)


def test_demo_roles_are_for_the_demonstration_and_secrets_end() -> None:
    world = World()
    secret, viewer = world.services.open_demo_session("police_dispatcher", None)
    assert viewer.agency is Agency.POLICE
    assert world.services.viewer_for(secret) == viewer
    world.services.end_session(secret)
    assert world.services.viewer_for(secret) is None
    for role, unit in (("king", None), ("inspector", None), ("paramedic", None)):
        with pytest.raises(InvalidInput):
            world.services.open_demo_session(role, unit)
    with pytest.raises(InvalidInput, match="no Police dispatcher of the ambulance"):
        world.services.open_demo_session("police_dispatcher", None, Agency.AMBULANCE)
    with pytest.raises(InvalidInput, match="belongs to"):
        world.services.issue_token(Role.PARAMEDIC, Agency.POLICE)
    with pytest.raises(InvalidInput, match="nobody may act"):
        world.services.issue_token(Role.SYSTEM, Agency.POLICE)
    assert world.services.viewer_for("nobody's") is None


def test_a_visitor_may_look_behind_the_scenes_of_either_service() -> None:
    world = World()
    offered = [
        (row["id"], row["agency"], row["place"])
        for row in world.services.demo_roles()
        if row["place"] == "desk"
    ]
    assert offered == [
        ("privacy_officer", "police", "desk"),
        ("privacy_officer", "ambulance", "desk"),
        ("performance_analyst", "police", "desk"),
    ]
    taken = [world.services.open_demo_session("privacy_officer", None, agency)[1] for agency in Agency]
    assert [viewer.agency for viewer in taken] == list(Agency)
    assert len({viewer.subject for viewer in taken}) == len(Agency)


def test_a_token_of_a_crew_rides_on_the_unit_that_is_on_duty_under_its_call_sign() -> None:
    world = World()
    token = world.services.issue_token(Role.PARAMEDIC, Agency.AMBULANCE, "JR01")
    before = world.services.viewer_for(token)
    assert before is not None
    assert before.unit_id is None
    unit = world.ready()
    now = world.services.viewer_for(token)
    assert now is not None
    assert (now.unit_id, now.name) == (unit, "Example paramedic")
    assert set(CREW_ROLES) >= {now.role}


def test_a_token_ends_by_its_time() -> None:
    world = World()
    token = world.services.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE, days=1)
    world.clock.advance(24 * 3600 - 1)
    assert world.services.viewer_for(token) is not None
    world.clock.advance(1)
    assert world.services.viewer_for(token) is None

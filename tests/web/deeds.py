"""What is done in the two worlds: in both of them, or in one only and hidden from some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st

from jru.domain import commands as cmd
from jru.domain import record_commands as rc
from jru.domain.agency import Agency, Label, Role
from jru.services.access import Viewer
from jru.services.record_grants import RECORD_LABELS
from jru.services.wording import iso
from tests.services.table import expected
from tests.services.world import crew_of
from tests.web.listening import listening
from tests.web.worlds import Side

DESKS = {
    agency: Viewer(f"desk:{agency.value}", "Example desk", agency, Role(f"{agency.value}_dispatcher"))
    for agency in Agency
}
SENDERS = {Agency.POLICE: "KENTPOL", Agency.AMBULANCE: "SECAMB"}
GILLINGHAM = (0.5503, 51.3911)
FAR_OFF = ((0.7340, 51.3390), (0.3680, 51.4410), (1.3500, 51.3500), (0.4950, 51.3900))
NO_CANDIDATES = {
    Agency.POLICE: ("fight", "antisocial_behaviour", "crime_no_injury", "public_order"),
    Agency.AMBULANCE: ("fall", "breathing_chest_pain", "medical_other"),
}
"""Types that the scheme shows to the other service only when somebody shares or asks."""
NOTES = {
    Agency.POLICE: (Label.POLICE_EVIDENCE, Label.POLICE_INTEL, Label.IDENTITY),
    Agency.AMBULANCE: (Label.CLINICAL, Label.IDENTITY),
}
SECRETS = ("", "Example Suspect lives at 14", "says the source", "known to carry", "Ä \u202e“quoted” <b>")


def crew_member(agency: Agency, unit_id: str) -> Viewer:
    """Return the member of a unit's crew from a service."""
    role = Role.SPECIAL_CONSTABLE if agency is Agency.POLICE else Role.PARAMEDIC
    return Viewer(f"crew:{agency.value}", "Example crew", agency, role, unit_id)


@dataclass
class Ids:
    """What is there to do something with; the same ids in both worlds but for the hidden ones."""

    unit: str = ""
    shared: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    reference: str = ""


Doing = Callable[[Side, Ids, str], None]
Hides = Callable[[Role, Agency], bool]


@dataclass(frozen=True)
class Deed:
    """Something to do; `hidden_from` None: in both worlds."""

    words: str
    do: Doing
    hidden_from: Hides | None = None

    def __repr__(self) -> str:
        return self.words


def begin(side: Side) -> Ids:
    """Set the scene alike in both worlds: a crew on duty at an incident that both services know, and calls of each."""
    ids = Ids(reference="R-1")
    for agency in Agency:
        place = cmd.PlaceGiven("Canterbury Street", *GILLINGHAM)
        report = cmd.ReceiveReport(
            sender=SENDERS[agency], foreign_id="R-1", epoch=2019, message_version=1, kind="create",
            type_code={"police": "VP-ASLT", "ambulance": "TR-ASLT"}[agency.value], place=place,
        )  # fmt: skip
        side.clock.advance(2)
        ids.shared.append(str(side.do(DESKS[agency], report, f"report {agency}")["incident_id"]))
    now = side.clock.now()
    duty = cmd.BookOn(
        call_sign="JR01", vehicle_id="JR01", district="medway", duty_start=now,
        duty_end=now + timedelta(hours=6), seats=crew_of("medway"),
    )  # fmt: skip
    ids.unit = str(side.do(DESKS[Agency.POLICE], duty, "book on")["unit_id"])
    officer = crew_member(Agency.POLICE, ids.unit)
    side.do(officer, cmd.SetStatus(unit_id=ids.unit, status="available"), "available")
    side.do(officer, cmd.SelfAssign(unit_id=ids.unit, incident_id=ids.shared[0]), "take it")
    side.sign_in(ids.unit)
    return ids


def pass_time(side: Side, turn: str) -> None:
    """Let time pass with what falls due in it."""
    side.clock.advance(7)
    side.turn.begin(f"tick {turn}")
    side.system.tick()


def fence(side: Side, ids: Ids, turn: str) -> str:
    """Report a position, which everybody with the unit on the screen is told; return its time."""
    at = side.clock.now()
    side.do(
        crew_member(Agency.POLICE, ids.unit),
        cmd.ReportPosition(unit_id=ids.unit, lon=0.55, lat=51.39, at=at),
        f"fence {turn}",
    )
    return iso(at)


def _do(make: Callable[[Ids], tuple[Viewer, cmd.Command] | None], *, hidden: bool) -> Doing:
    def doing(side: Side, ids: Ids, turn: str) -> None:
        made = make(ids)
        if made is not None:
            side.try_to(*made, turn, hidden=hidden)

    return doing


def open_deeds() -> st.SearchStrategy[Deed]:
    """Return things that both services may know of."""
    agency = st.sampled_from(list(Agency))

    def note(of: Agency, number: int) -> Deed:
        def make(ids: Ids) -> tuple[Viewer, cmd.Command]:
            return DESKS[of], cmd.RecordNote(
                incident_id=ids.shared[number], text="door code 7", label=Label.OPERATIONAL
            )

        return Deed(f"{of} notes on {number}", _do(make, hidden=False))

    def hazard(of: Agency, code: str) -> Deed:
        def make(ids: Ids) -> tuple[Viewer, cmd.Command]:
            return DESKS[of], cmd.ReportHazard(incident_id=ids.shared[0], code=code, note="seen")

        return Deed(f"{of} reports {code}", _do(make, hidden=False))

    def call(of: Agency) -> Deed:
        def make(_: Ids) -> tuple[Viewer, cmd.Command]:
            return DESKS[of], cmd.TakeCall(
                type="assault_injury", place=cmd.PlaceGiven("Rainham", 0.61, 51.363)
            )

        return Deed(f"{of} takes a call", _do(make, hidden=False))

    def tap(status: str) -> Deed:
        def make(ids: Ids) -> tuple[Viewer, cmd.Command]:
            return crew_member(Agency.POLICE, ids.unit), cmd.SetStatus(unit_id=ids.unit, status=status)

        return Deed(f"the crew taps {status}", _do(make, hidden=False))

    return st.one_of(
        st.builds(note, agency, st.sampled_from([0, 1])),
        st.builds(hazard, agency, st.sampled_from(["weapon", "dog"])),
        st.builds(call, agency),
        st.builds(_ask, agency, st.sampled_from(["eta", "release", "call"])),
        st.builds(_reply, agency, st.sampled_from(["yes", "no", "later"])),
        st.builds(tap, st.sampled_from(["mobile", "scene", "available"])),
    )


def _ask(of: Agency, about: str) -> Deed:
    def make(ids: Ids) -> tuple[Viewer, cmd.Command]:
        return DESKS[of], cmd.AskQuestion(incident_id=ids.shared[0], about=about, words="the son")

    return Deed(f"{of} asks about {about}", _do(make, hidden=False))


def _reply(of: Agency, answer: str) -> Deed:
    def make(ids: Ids) -> tuple[Viewer, cmd.Command]:
        return DESKS[of], cmd.AnswerQuestion(
            incident_id=ids.shared[0], about="release", answer=answer, reason="none free"
        )

    return Deed(f"{of} answers {answer}", _do(make, hidden=False))


def hidden_deeds(of: Agency) -> st.SearchStrategy[Deed]:
    """Return things that one service does and the other may not learn of."""
    text = st.sampled_from(SECRETS[1:])
    return st.one_of(
        st.builds(lambda label, said: _note(of, label, said), st.sampled_from(NOTES[of]), text),
        st.builds(lambda said: _report(of, said), text),
        st.builds(lambda said, which: _record(of, said, which), text, st.integers(0, 2)),
        st.builds(
            lambda kind, at, said: _call(of, kind, at, said),
            st.sampled_from(NO_CANDIDATES[of]),
            st.sampled_from(FAR_OFF),
            text,
        ),
        st.builds(lambda which, said: _on_hidden(of, which, said), st.integers(0, 6), text),
        st.builds(lambda said: _put_aside(of, said), text),
        st.just(_at_a_desk(of)),
    )


def a_note(of: Agency, label: Label) -> Deed:
    """Return a note under one label."""
    return _note(of, label, SECRETS[1])


def a_hidden_call(of: Agency) -> Deed:
    """Return a call that only one service knows of."""
    return _call(of, NO_CANDIDATES[of][0], FAR_OFF[0], SECRETS[1])


def every_hidden_deed(of: Agency) -> list[Deed]:
    """Return one of each kind of thing that one service does and the other may not learn of."""
    said = SECRETS[1]
    return [
        *(_note(of, label, said) for label in NOTES[of]),
        _report(of, said),
        *(_record(of, said, which) for which in range(3)),
        _put_aside(of, said),
        _call(of, NO_CANDIDATES[of][0], FAR_OFF[0], said),
        *(_on_hidden(of, which, said) for which in range(7)),
        _at_a_desk(of),
    ]


def without(label: Label, of: Agency) -> Hides:
    """Return who may not see a label of one service: the other service, and its own roles without the grant."""

    def hides(role: Role, agency: Agency) -> bool:
        return agency is not of or expected()[role][label] == "-"

    return hides


def _note(of: Agency, label: Label, said: str) -> Deed:
    def make(ids: Ids) -> tuple[Viewer, cmd.Command]:
        who = crew_member(of, ids.unit) if label is Label.CLINICAL else DESKS[of]
        if label in (Label.POLICE_EVIDENCE, Label.POLICE_INTEL):
            who = crew_member(of, ids.unit)
        return who, cmd.RecordNote(incident_id=ids.shared[0], text=said, label=label)

    return Deed(f"{of} notes {label}", _do(make, hidden=True), without(label, of))


def _report(of: Agency, said: str) -> Deed:
    def doing(side: Side, ids: Ids, turn: str) -> None:
        report = cmd.ReceiveReport(
            sender=SENDERS[of], foreign_id=ids.reference, epoch=2019, kind="update", remarks=said,
            message_version=2 + int(turn), caller=cmd.CallerGiven(said, "01632 960000"),
        )  # fmt: skip
        side.try_to(DESKS[of], report, turn, hidden=True)

    return Deed(f"{of} reports remarks", doing, without(Label.IDENTITY, of))


def _record(of: Agency, said: str, which: int) -> Deed:
    def commands(ids: Ids) -> list[cmd.Command]:
        one = ids.shared[0]
        if of is Agency.POLICE:
            return [
                rc.RecordArrest(incident_id=one, person=1, offence=said),
                rc.ReferenceFootage(incident_id=one, seat="police_driver", reference=said),
                rc.DescribePerson(incident_id=one, person=1, name=said),
            ]
        return [
            rc.RecordObservations(incident_id=one, person=1, respiration=18, pulse=91),
            rc.RecordCare(incident_id=one, person=1, findings=said),
            rc.DescribePerson(incident_id=one, person=1, name=said),
        ]

    kind = type(commands(Ids(shared=["inc_x"]))[which])
    (label,) = RECORD_LABELS[kind]
    made = _do(lambda ids: (crew_member(of, ids.unit), commands(ids)[which]), hidden=True)
    return Deed(f"{of} keeps {kind.__name__}", made, without(label, of))


def _elsewhere(of: Agency) -> Hides:
    """Return who may not know of an incident of one service: the other service, and crews that are not on it."""
    return lambda role, agency: agency is not of or role.is_crew


def _call(of: Agency, kind: str, at: tuple[float, float], said: str) -> Deed:
    def doing(side: Side, ids: Ids, turn: str) -> None:
        taken = cmd.TakeCall(type=kind, place=cmd.PlaceGiven(said, *at), remarks=said)
        ids.hidden.append(str(side.do(DESKS[of], taken, turn, hidden=True)["incident_id"]))

    return Deed(f"{of} takes a call of {kind}", doing, _elsewhere(of))


def _on_hidden(of: Agency, which: int, said: str) -> Deed:
    def make(ids: Ids) -> tuple[Viewer, cmd.Command] | None:
        if not ids.hidden:
            return None
        one = ids.hidden[-1]
        commands: tuple[cmd.Command, ...] = (
            cmd.RecordNote(incident_id=one, text=said, label=Label.OPERATIONAL),
            cmd.UpdateIncident(incident_id=one, type=NO_CANDIDATES[of][-1]),
            cmd.UpdateIncident(incident_id=one, place=cmd.PlaceGiven(said, *FAR_OFF[0])),
            cmd.ReportHazard(incident_id=one, code="weapon", note=said),
            cmd.ReportResource(incident_id=one, call_sign="X12", kind="car", status="scene"),
            cmd.CloseIncident(incident_id=one, reason="attended"),
            cmd.ReopenIncident(incident_id=one, reason=said),
        )
        return DESKS[of], commands[which]

    return Deed(f"{of} does {which} on its own incident", _do(make, hidden=True), _elsewhere(of))


def _at_a_desk(of: Agency) -> Deed:
    def doing(side: Side, ids: Ids, turn: str) -> None:
        if not ids.hidden:
            return
        who = Role(f"{of.value}_dispatcher"), of
        side.turn.begin(f"desk {turn}", hidden=True)
        with listening(side.url, side.tokens[who]) as own:
            body = {"incident_id": ids.hidden[-1], "field": "place"}
            assert side.ask(who, "post", "/api/v1/presence", f"desk {turn}", json=body)[0] == 200
            while own.next().event != "presence":
                pass

    return Deed(f"{of} has its own incident open at a desk", doing, _elsewhere(of))


def _put_aside(of: Agency, said: str) -> Deed:
    def make(_: Ids) -> tuple[Viewer, cmd.Command]:
        return DESKS[of], cmd.ReceiveReport(
            sender="NOBODY", foreign_id="Q", epoch=2019, message_version=1, kind="create", remarks=said
        )

    def hides(role: Role, agency: Agency) -> bool:
        return agency is not of or not (role.is_dispatcher or role is Role.DUTY_SUPERVISOR)

    return Deed(f"{of} sends what is put aside", _do(make, hidden=True), hides)

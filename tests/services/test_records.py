"""Each service keeps its own records of an incident; the other sees what was shared, and nothing else."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.domain import record_commands as rc
from jru.domain import record_decisions, record_events
from jru.domain.agency import Agency, Label
from jru.domain.event_types import EVENT_TYPES
from jru.errors import Forbidden, NotFound, Refused, Unavailable
from jru.services.access import Viewer
from jru.services.record_grants import RECORD_WRITES
from jru.services.testing import MemoryAccessLog
from tests.services.world import AMBULANCE, POLICE, World, officer, paramedic


class Job:
    """A unit at an incident."""

    def __init__(self) -> None:
        self.world = World()
        self.unit = self.world.ready()
        self.incident = self.world.call(POLICE)
        self.world.send(POLICE, self.unit, self.incident)
        self.officer, self.paramedic = officer(self.unit), paramedic(self.unit)
        self.began = self.world.services.head_seq

    def do(self, viewer: Viewer, kind: type[rc.OnRecord], **more: Any) -> str:
        """Record something; return the record's id."""
        self.world.clock.advance(60)
        return str(self.world.do(viewer, kind(incident_id=self.incident, **more)).outcome["record_id"])

    def police(self, viewer: Viewer | None = None) -> dict[str, Any]:
        return self.world.services.record_part(viewer or self.officer, Agency.POLICE, self.incident)

    def clinical(self, viewer: Viewer | None = None) -> dict[str, Any]:
        return self.world.services.record_part(viewer or self.paramedic, Agency.AMBULANCE, self.incident)

    def force(self, seat: str, **more: Any) -> str:
        given: dict[str, Any] = {"person": 1, "tactics": ("handcuffs_compliant", "ground_restraint")}
        return self.do(self.officer, rc.RecordForce, seat=seat, **{**given, **more})

    def observe(self, **more: Any) -> str:
        well: dict[str, Any] = {
            "person": 1,
            "respiration": 22,
            "spo2": 95,
            "on_oxygen": False,
            "systolic": 105,
            "pulse": 112,
            "consciousness": "alert",
            "temperature_c": 37.2,
        }
        return self.do(self.paramedic, rc.RecordObservations, **{**well, **more})


@pytest.fixture
def job() -> Job:
    return Job()


def test_observations_carry_their_score_and_an_incomplete_set_none(job: Job) -> None:
    job.observe()
    job.observe(temperature_c=None)
    first, second = job.clinical()["observations"]
    assert first["news2"]["total"] == 2 + 1 + 0 + 1 + 2 + 0 + 0
    assert first["news2"]["words"] == "Urgent"
    assert second["news2"]["total"] is None
    assert second["news2"]["missing"] == ["temperature_c"]
    assert job.clinical(AMBULANCE)["observations"] == job.clinical()["observations"]


def test_one_record_of_force_for_each_officer_with_all_their_tactics(job: Job) -> None:
    first = job.force("police_driver")
    job.force("police_second")
    with pytest.raises(Refused, match="correct that record"):
        job.force("police_driver", tactics=("baton_drawn",))
    job.force("police_driver", tactics=("baton_drawn",), corrects=first, reason="wrong tactic")
    rows = {(row["said"]["seat"], row["state"]) for row in job.police()["force"]}
    assert rows == {
        ("police_driver", "corrected"),
        ("police_second", "counts"),
        ("police_driver", "counts"),
    }


def test_the_clock_of_a_detention_runs_from_arrival_and_a_doctor_extends_it_once(job: Job) -> None:
    now = job.world.clock.now()

    def step(word: str, minutes: int, **more: Any) -> str:
        at = now + timedelta(minutes=minutes)
        job.world.clock.advance(max(0.0, (at - job.world.clock.now()).total_seconds()))
        return job.do(job.officer, rc.RecordDetentionStep, person=1, step=word, at=at, **more)

    step("power_used", 1)
    with pytest.raises(Refused, match="has not started"):
        step("extended", 2, who="Dr Example")
    arrived = step("arrived", 50, safe_place="health_suite")
    with pytest.raises(Refused, match="name the doctor"):
        step("extended", 55)
    (detention,) = job.police()["detentions"]
    assert detention["clock"]["started_at"] == f"{now + timedelta(minutes=50):%Y-%m-%dT%H:%M:%S.%fZ}"
    assert not detention["clock"]["extended"]
    step("extended", 60, who="Dr Example")
    step("arrived", 45, safe_place="health_suite", corrects=arrived, reason="watch was wrong")
    (detention,) = job.police()["detentions"]
    assert detention["clock"]["ends_at"] == f"{now + timedelta(minutes=45, hours=36):%Y-%m-%dT%H:%M:%S.%fZ}"
    assert "consulted" in detention["concerns"][0]
    with pytest.raises(Refused, match="extended already"):
        step("extended", 70, who="Dr Example")


def test_a_detention_ends_once_and_the_end_is_corrected_not_told_again(job: Job) -> None:
    def do(word: str, **more: Any) -> str:
        return job.do(job.officer, rc.RecordDetentionStep, person=1, step=word, **more)

    do("arrived", safe_place="health_suite")
    ended = do("ended")
    with pytest.raises(Refused, match="correct that record"):
        do("ended")
    with pytest.raises(Refused, match="has ended"):
        do("extended", who="Dr Example")
    again = do("ended", corrects=ended, reason="watch was wrong")
    job.do(job.officer, rc.WithdrawRecord, record_id=again, reason="not ended yet")
    assert job.police()["detentions"][0]["clock"]["stopped_at"] is None
    do("extended", who="Dr Example")


def test_a_disposal_closes_the_clinical_part_and_nothing_else_is_needed(job: Job) -> None:
    job.do(job.paramedic, rc.ConcludeCare, person=1, disposal="see_and_treat", epcr_ref="ECR-1")
    (row,) = job.clinical()["concluded"]
    assert row["said"] == {"disposal": "see_and_treat", "epcr_ref": "ECR-1"}
    with pytest.raises(Refused, match="correct that record"):
        job.do(job.paramedic, rc.ConcludeCare, person=1, disposal="conveyed_ed")
    with pytest.raises(Refused, match="no disposal"):
        job.do(job.paramedic, rc.ConcludeCare, person=2, disposal="nonsense")


def test_a_correction_names_what_it_corrects_and_the_first_version_stays(job: Job) -> None:
    first = job.observe(pulse=200)
    second = job.observe(pulse=100, corrects=first, reason="misread")
    before, after = job.clinical()["observations"]
    assert (before["id"], before["state"], before["corrected_by"]) == (first, "corrected", second)
    assert (after["id"], after["corrects"], after["reason"]) == (second, first, "misread")
    assert before["said"]["pulse"] == 200
    for wrong, words in ((first, "correct the newest"), ("rec_none", "no such record")):
        with pytest.raises(Refused, match=words):
            job.observe(corrects=wrong, reason="again")
    with pytest.raises(Refused, match="say why"):
        job.observe(corrects=second)


def test_a_corrected_use_of_force_does_not_double_that_of_another_officer(job: Job) -> None:
    first = job.force("police_driver")
    job.force("police_second")
    with pytest.raises(Refused, match="correct that record"):
        job.force("police_second", corrects=first, reason="wrong seat")
    with pytest.raises(Refused, match="correct that record"):
        job.force(
            "police_second", person=1, corrects=job.force("police_second", person=2), reason="wrong person"
        )


def test_a_correction_cannot_conclude_the_care_of_a_person_twice(job: Job) -> None:
    job.do(job.paramedic, rc.ConcludeCare, person=1, disposal="see_and_treat")
    second = job.do(job.paramedic, rc.ConcludeCare, person=2, disposal="see_and_treat")
    given = {"disposal": "conveyed_ed", "corrects": second, "reason": "wrong person"}
    with pytest.raises(Refused, match="correct that record"):
        job.do(job.paramedic, rc.ConcludeCare, person=1, **given)
    job.do(job.paramedic, rc.ConcludeCare, person=3, **given)


def test_a_correction_cannot_describe_a_person_twice(job: Job) -> None:
    job.do(job.officer, rc.DescribePerson, person=1, name="Example Person")
    second = job.do(job.officer, rc.DescribePerson, person=2, name="Somebody Else")
    with pytest.raises(Refused, match="correct that record"):
        job.do(job.officer, rc.DescribePerson, person=1, name="x", corrects=second, reason="wrong person")


def test_a_step_corrected_to_an_extension_needs_a_clock_that_runs(job: Job) -> None:
    def step(word: str, **more: Any) -> str:
        return job.do(job.officer, rc.RecordDetentionStep, person=1, step=word, **more)

    given = {"who": "Dr Example", "reason": "wrong step"}
    used = step("power_used")
    with pytest.raises(Refused, match="has not started"):
        step("extended", corrects=used, **given)
    arrived = step("arrived", safe_place="health_suite")
    with pytest.raises(Refused, match="has not started"):
        step("extended", corrects=arrived, **given)
    extended = step("extended", corrects=used, **given)
    with pytest.raises(Refused, match="extended already"):
        step("extended", corrects=step("consulted"), **given)
    step("extended", corrects=extended, who="Dr Other", reason="wrong doctor")


def test_a_blank_reason_is_none(job: Job) -> None:
    record = job.observe()
    with pytest.raises(Refused, match="say why"):
        job.observe(corrects=record, reason="   ")
    with pytest.raises(Refused, match="say why"):
        job.do(job.paramedic, rc.WithdrawRecord, record_id=record, reason="   ")


def test_a_service_keeps_a_bounded_number_of_attachments_on_an_incident(job: Job) -> None:
    def add(viewer: Viewer, label: Label, size: int) -> str:
        given = {"person": 1, "media_type": "image/jpeg", "title": "x", "content": b"x" * size}
        return job.do(viewer, rc.AddAttachment, label=label, **given)

    for _ in range(record_decisions.MOST_ATTACHMENTS - 1):
        add(job.officer, Label.POLICE_EVIDENCE, 1)
    job.do(
        job.officer, rc.WithdrawRecord, record_id=add(job.officer, Label.POLICE_EVIDENCE, 1), reason="blurred"
    )
    with pytest.raises(Refused, match="at most"):
        add(job.officer, Label.POLICE_EVIDENCE, 1)
    half = record_decisions.MOST_ATTACHED_BYTES // 2
    add(job.paramedic, Label.CLINICAL, half)
    with pytest.raises(Refused, match="MiB"):
        add(job.paramedic, Label.CLINICAL, half + 1)
    add(job.paramedic, Label.CLINICAL, half)


def test_a_record_about_the_wrong_person_is_withdrawn_and_stays_readable(job: Job) -> None:
    record = job.do(job.paramedic, rc.RecordCare, person=2, findings="cut to hand")
    job.do(job.paramedic, rc.WithdrawRecord, record_id=record, reason="wrong person")
    (row,) = job.clinical()["care"]
    assert (row["state"], row["withdrawn_because"], row["said"]) == (
        "withdrawn",
        "wrong person",
        {"findings": "cut to hand"},
    )
    with pytest.raises(Refused):
        job.do(job.paramedic, rc.WithdrawRecord, record_id=record, reason="again")


SECRET = {"A": "SECRET-CLINICAL", "P": "SECRET-EVIDENCE"}


def everything_of(job: Job, viewer: Viewer) -> str:
    """Return all that a viewer can read of the incident."""
    services = job.world.services
    rows = [
        services.incident(viewer, job.incident),
        services.board(viewer),
        services.change(viewer, job.began),
    ]
    for agency in Agency:
        try:
            rows.append(services.record_part(viewer, agency, job.incident))
        except Forbidden as error:
            rows.append({"refused": str(error)})
    return str(rows)


def test_neither_service_reads_the_other_part_anywhere(job: Job) -> None:
    job.do(job.paramedic, rc.RecordCare, person=1, findings=SECRET["A"])
    job.observe()
    job.do(job.officer, rc.RecordArrest, person=1, offence=SECRET["P"])
    job.force("police_driver", note=SECRET["P"])
    for viewer in (POLICE, job.officer):
        seen = everything_of(job, viewer)
        assert SECRET["A"] not in seen
        assert "bservations of person" not in seen
        assert SECRET["P"] in seen
    for viewer in (AMBULANCE, job.paramedic):
        seen = everything_of(job, viewer)
        assert SECRET["P"] not in seen
        assert "se of force" not in seen
        assert SECRET["A"] in seen


def test_a_change_of_one_part_touches_nothing_of_the_other_service(job: Job) -> None:
    before = job.world.services.head_seq
    job.observe()
    assert [r["id"] for r in job.world.services.change(AMBULANCE, before)["incidents"]] == [job.incident]
    assert job.world.services.change(POLICE, before)["incidents"] == []


def test_sharing_is_an_act_with_a_basis_on_record_at_both_sides(job: Job) -> None:
    source = job.do(job.paramedic, rc.RecordCare, person=1, findings=SECRET["A"])
    job.do(job.paramedic, rc.ShareFact, text="Has a head injury.", basis="vital_interests", about=source)
    (given,), (got,) = job.clinical()["shared"], job.police()["received"]
    assert given["id"] == got["id"]
    assert got["said"]["text"] == "Has a head injury."
    assert job.clinical()["care"][0]["shared"][0]["basis"] == "vital_interests"
    for viewer in (POLICE, AMBULANCE):
        log = [line["sentence"] for line in job.world.row(viewer, job.incident)["log"]]
        assert [s for s in log if s.endswith("Has a head injury.") and "serious harm" in s]
    assert SECRET["A"] not in everything_of(job, POLICE)
    with pytest.raises(Refused, match="no basis"):
        job.do(job.officer, rc.ShareFact, text="x", basis="because")
    with pytest.raises(Refused, match="no such record"):
        job.do(job.officer, rc.ShareFact, text="x", basis="crime", about=source)


def test_an_unasked_incident_becomes_known_with_the_fact_that_is_shared() -> None:
    world = World()
    incident = world.call(AMBULANCE, "medical_other", grade="C3")
    with pytest.raises(NotFound):
        world.row(POLICE, incident)
    world.do(AMBULANCE, rc.ShareFact(incident_id=incident, text="Stab wound.", basis="crime"))
    assert world.services.record_part(POLICE, Agency.POLICE, incident)["received"][0]["said"]["text"] == (
        "Stab wound."
    )


def test_only_the_crew_that_was_sent_writes_and_reads_records(job: Job) -> None:
    stranger = paramedic(job.world.ready("JR02", "dartford"))
    with pytest.raises((NotFound, Refused)):
        job.do(stranger, rc.RecordCare, person=1, findings="x")
    with pytest.raises(NotFound):
        job.clinical(stranger)


def test_roles_write_under_their_own_labels_only(job: Job) -> None:
    arrest = rc.RecordArrest(incident_id=job.incident, person=1, offence="x")
    for viewer in (job.paramedic, AMBULANCE, POLICE):
        with pytest.raises(Forbidden):
            job.world.do(viewer, arrest)
    photo = {"person": 1, "media_type": "image/png", "title": "x", "content": b"x"}
    with pytest.raises(Forbidden):
        job.do(job.officer, rc.AddAttachment, label=Label.CLINICAL, **photo)
    with pytest.raises(Refused):
        job.do(job.officer, rc.AddAttachment, label=Label.OPERATIONAL, **photo)


def test_a_situation_report_and_a_weapon_reach_both_services(job: Job) -> None:
    job.do(job.paramedic, rc.ReportSituation, major=False, type="fight", casualties="2, one serious")
    job.world.do(job.officer, cmd.ReportHazard(incident_id=job.incident, code="weapon"))
    for viewer in (POLICE, AMBULANCE):
        row = job.world.row(viewer, job.incident)
        assert any("Number of casualties: 2, one serious" in line["sentence"] for line in row["log"])
        assert [hazard["code"] for hazard in row["hazards"]] == ["weapon"]


def test_the_handover_is_made_of_what_is_known(job: Job) -> None:
    job.do(
        job.paramedic,
        rc.DescribePerson,
        person=1,
        involved_as="patient",
        name="Example Person",
        age=34,
        sex="male",
    )
    job.do(
        job.paramedic, rc.RecordCare, person=1, mechanism="Punched and fell", findings="4 cm cut, right brow"
    )
    job.do(job.paramedic, rc.RecordCare, person=1, treatment="Cleaned and closed")
    job.observe()
    job.observe(pulse=90)
    found = job.world.services.handover(job.paramedic, job.incident, 1)
    assert [line["letter"] for line in found["lines"]] == list("ATMIST")
    for words in ("34 years, male", "Punched and fell", "4 cm cut", "Cleaned and closed", "NEWS2 6 (urgent)"):
        assert words in found["text"], found["text"]
    assert "Example Person" not in found["text"]
    with pytest.raises(Forbidden):
        job.world.services.handover(job.officer, job.incident, 1)
    assert "not recorded" in job.world.services.handover(job.paramedic, job.incident, 2)["text"]


def test_records_are_the_same_after_a_restart_and_survive_the_end_of_the_incident(job: Job) -> None:
    job.world.tap(job.unit, "mobile", "scene", "patient", "clearing", "available")
    job.world.code(job.unit, job.incident)
    job.world.close(POLICE, job.incident)
    job.observe()
    job.force("police_driver")
    again = job.world.again().services
    assert again.record_part(job.paramedic, Agency.AMBULANCE, job.incident) == job.clinical()
    assert again.record_part(job.officer, Agency.POLICE, job.incident) == job.police()


def test_a_look_at_a_part_is_on_record_and_nothing_personal_leaves_unrecorded(job: Job) -> None:
    job.observe()
    log = job.world.access_log
    assert isinstance(log, MemoryAccessLog)
    before = log.head().seq
    job.clinical(AMBULANCE)
    (row,) = log.read(before, 10)
    assert (row.accessed.subject, row.accessed.records) == (AMBULANCE.subject, (job.incident,))
    assert Label.CLINICAL in row.accessed.labels
    log.broken = True
    part = job.clinical(AMBULANCE)
    assert "observations" not in part
    assert part["withheld"] == ["observations"]
    with pytest.raises(Unavailable):
        job.world.services.handover(job.paramedic, job.incident, 1)


MARK = "ZEBRAWORDS"
CODED = {"tactics", "because", "injured", "safe_place", "conveyed_by", "retained_for", "consciousness", "sex"}
CODED |= {"disposal", "kind", "involved_as", "basis", "step", "seat", "incident_id", "corrects", "about"}


def outspoken(job: Job, kind: type[rc.OnRecord]) -> rc.OnRecord:
    """Return a command of a kind with a mark in every free text."""
    needed: dict[str, Any] = {
        "tactics": ("dog",),
        "step": "power_used",
        "seat": "police_driver",
        "kind": "gp",
        "disposal": "custody",
        "basis": "crime",
        "person": 1,
        "major": True,
        "label": Label.POLICE_EVIDENCE,
        "media_type": "image/jpeg",
        "content": MARK.encode(),
        "record_id": "rec_none",
        "pulse": 80,
        "incident_id": job.incident,
    }
    given = {}
    for item in dataclasses.fields(kind):
        if item.name in needed:
            given[item.name] = needed[item.name]
        elif str(item.type) == "str" and item.name not in CODED:
            given[item.name] = MARK
    return kind(**given)


def test_the_log_keeps_no_words_of_any_record(job: Job) -> None:
    kinds = [k for k in RECORD_WRITES if k not in (rc.WithdrawRecord, rc.JoinPersons)]
    for kind in kinds:
        assert issubclass(kind, rc.OnRecord)
        who = job.officer if job.officer.role in RECORD_WRITES[kind] else job.paramedic
        job.world.do(who, outspoken(job, kind))
    source = job.force("police_second", note=MARK)
    job.do(job.officer, rc.WithdrawRecord, record_id=source, reason=MARK)
    job.force("police_driver", person=2)
    joined = job.do(job.officer, rc.JoinPersons, person=1, other=2, reason=MARK)
    job.do(job.officer, rc.WithdrawRecord, record_id=joined, reason=MARK)
    events = job.world.log.read(0, 1000)
    assert {e.kind for e in events} >= {kind for kind in EVENT_TYPES if kind in vars(record_events)}
    assert [e.kind for e in events if MARK in str(e)] == []
    stores = job.world.log.payloads
    kept = {name: b"".join(p.content for p in store.contents.values()) for name, store in stores.items()}
    assert MARK.encode() in kept["police"]
    assert MARK.encode() in kept["patient"]


def test_an_erased_record_says_so_and_the_rest_stays(job: Job) -> None:
    job.observe()
    (event,) = [e for e in job.world.log.read(0, 1000) if e.kind == "ObservationsRecorded"]
    assert job.world.log.erase_payload(event.seq, 0)
    (row,) = job.clinical()["observations"]
    assert row["erased"]
    assert row["said"] == {}
    assert row["news2"]["total"] is None

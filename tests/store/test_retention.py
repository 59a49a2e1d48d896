"""Erasure by the clauses of each service, on every store: what goes is gone, and the log still verifies."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from jru.domain import commands as cmd
from jru.domain import retention_commands as keeping
from jru.domain.agency import Agency, Role
from jru.domain.retention import State
from jru.errors import Forbidden, NotFound, Refused, Unavailable
from jru.services.access import Viewer
from jru.services.audit_ports import AccessKind, AccessQuery
from jru.services.projection import LogProjector
from jru.services.retention_ports import Erased
from jru.services.testing_retention import MemoryRegister
from jru.store.rebuild import read_tables, replay
from tests.services.world import AMBULANCE, POLICE
from tests.store.kept_job import CALDICOTT, PHOTO, POLICE_OFFICER, SECRETS, Job
from tests.store.rigs import MemoryRig, Rig, SqlRig

PHOTO_SECRETS = {"title", "photo", "photo's sum"}


def test_the_clocks_of_the_two_services_run_apart_on_one_incident(rig: Rig) -> None:
    job = Job(rig)
    everything = set(SECRETS)
    assert job.run() == []
    assert job.held() == everything
    job.pass_days(11)
    gone = job.run()
    assert {one.agency for one in gone if one.matter == "incident"} == {Agency.POLICE}
    assert job.held() == {"findings"}
    assert job.rig.positions.latest() == {}
    job.pass_days(10)
    assert "clinical" in {one.clause for one in job.run()}
    assert job.held() == set()
    assert rig.intact()


def test_a_dry_look_changes_nothing(rig: Rig) -> None:
    job = Job(rig)
    job.pass_days(11)
    before = rig.log.head(), rig.access_log.head()
    row = job.world.services.retention.due(POLICE_OFFICER)
    assert {one["state"] for one in row["findings"]} == {"due"}
    assert (rig.log.head(), rig.access_log.head()) == before
    assert job.held() == set(SECRETS)


def test_each_privacy_officer_sees_the_own_service_only_and_nobody_else_anything(rig: Rig) -> None:
    job = Job(rig)
    job.pass_days(60)
    for viewer in (POLICE_OFFICER, CALDICOTT):
        row = job.world.services.retention.due(viewer)
        assert {one["agency"] for one in row["findings"]} == {viewer.agency.value}
        assert not any(words in str(row) for words in SECRETS.values())
    for other in (POLICE, AMBULANCE, job.officer):
        with pytest.raises(Forbidden):
            job.world.services.retention.due(other)


def test_what_was_erased_says_under_which_clause(rig: Rig) -> None:
    job = Job(rig)
    job.pass_days(11)
    job.run()
    row = job.world.row(POLICE, job.incident)
    log = [line["sentence"] for line in row["log"]]
    words = "erased under: Police incident log: six years after the incident is closed."
    assert any(words in sentence for sentence in log)
    assert not any(secret in str(row) for secret in SECRETS.values())
    part = job.world.services.record_part(
        Viewer("reviewer", "Reviewer", Agency.POLICE, Role.POLICE_REVIEWER), Agency.POLICE, job.incident
    )
    [arrest] = part["arrests"]
    assert arrest["erased"]
    assert arrest["erased_under"].startswith("Police evidence and intelligence")
    seen = job.world.row(AMBULANCE, job.incident)
    assert not any("Police evidence" in line["sentence"] for line in seen["log"])


def test_the_file_of_an_attachment_goes_with_its_title_and_its_sum(rig: Rig) -> None:
    job = Job(rig)
    reviewer = Viewer("reviewer", "Reviewer", Agency.POLICE, Role.POLICE_REVIEWER)
    services = job.world.services
    assert services.attachment(reviewer, job.incident, job.photo) == ("image/jpeg", PHOTO)
    job.pass_days(11)
    job.run()
    with pytest.raises(NotFound):
        services.attachment(reviewer, job.incident, job.photo)
    assert job.held() & PHOTO_SECRETS == set()
    [row] = services.record_part(reviewer, Agency.POLICE, job.incident)["attachments"]
    assert row["erased"]
    log = rig.log.read(0, 10_000)
    everything = f"{row} {log} {rig.access_log.read(0, 10_000)} {rig.register.lines()}"
    assert not any(SECRETS[name] in everything for name in PHOTO_SECRETS)


def test_a_running_board_forgets_what_was_erased(rig: Rig) -> None:
    job = Job(rig)
    assert job.world.row(POLICE, job.incident)["place"]["text"] == SECRETS["place"]
    job.pass_days(11)
    job.world.board.legs[job.incident] = job.world.board.fetch(job.incident)  # type: ignore[assignment]
    job.run()
    assert job.world.row(POLICE, job.incident)["place"] is None
    assert job.world.again().row(POLICE, job.incident)["place"] is None


def test_a_legal_hold_keeps_everything_of_its_service_until_it_is_released(rig: Rig) -> None:
    job = Job(rig)
    placed = job.do(POLICE_OFFICER, keeping.PlaceHold, reason="civil claim, letter of the solicitor")
    job.pass_days(25)
    gone = job.run()
    assert {one.agency for one in gone if one.matter != "quarantine"} == {Agency.AMBULANCE}
    assert job.held() == set(SECRETS) - {"findings", "message"}
    assert set(job.states(Agency.POLICE).values()) == {"held"}
    assert job.unit in job.rig.positions.latest()
    row = job.world.services.retention.due(POLICE_OFFICER)
    assert [(h["by"], h["reason"]) for h in row["holds"]] == [
        ("privacy:police", "civil claim, letter of the solicitor")
    ]
    assert job.world.services.retention.due(CALDICOTT)["holds"] == []
    release = keeping.ReleaseHold(hold_id=str(placed["hold_id"]), reason="the claim was settled")
    with pytest.raises(Refused, match="no such hold"):
        job.world.do(CALDICOTT, release)
    job.world.do(POLICE_OFFICER, release)
    with pytest.raises(Refused, match="released already"):
        job.world.do(POLICE_OFFICER, release)
    job.run()
    assert job.held() == set()


class Interrupted(MemoryRegister):
    """A register that lets somebody else try something before it takes its first line."""

    def __init__(self, attempt: Callable[[], object], patience_s: float = 0.5) -> None:
        super().__init__()
        self.attempt = threading.Thread(target=attempt)
        self.patience_s = patience_s
        self.went_through = False

    def note(self, erased: Erased) -> None:
        if self.attempt.ident is None:
            self.attempt.start()
            self.attempt.join(self.patience_s)
            self.went_through = not self.attempt.is_alive()
        super().note(erased)


@pytest.mark.parametrize("erasing", ["run", "tick"])
@pytest.mark.parametrize("holder", [POLICE_OFFICER, CALDICOTT])
def test_a_legal_hold_never_comes_in_the_middle_of_an_erasure(erasing: str, holder: Viewer) -> None:
    rig = MemoryRig()
    job: Job

    def hold() -> None:
        job.do(holder, keeping.PlaceHold, reason="civil claim, letter of the solicitor")

    rig.register = register = Interrupted(hold)
    job = Job(rig)
    job.pass_days(60)
    if erasing == "run":
        job.world.do(POLICE_OFFICER, keeping.RunRetention())
    else:
        job.world.services.tick()
    register.attempt.join()
    kinds = [event.kind for event in rig.log.read(0, 10_000)]
    assert "ContentErased" in kinds
    assert "HoldPlaced" in kinds
    assert "ContentErased" not in kinds[kinds.index("HoldPlaced") :]


def test_what_the_time_asks_for_is_done_also_while_a_run_erases() -> None:
    rig = MemoryRig()
    job: Job

    def tick() -> None:
        job.world.services.tick()

    rig.register = register = Interrupted(tick, patience_s=10)
    job = Job(rig)
    job.pass_days(60)
    job.world.do(POLICE_OFFICER, keeping.RunRetention())
    register.attempt.join()
    assert register.went_through


def test_only_a_privacy_officer_of_a_service_that_knows_the_incident_holds(rig: Rig) -> None:
    job = Job(rig)
    with pytest.raises(Forbidden):
        job.do(POLICE, keeping.PlaceHold, reason="because it is needed")
    with pytest.raises(NotFound):
        job.world.do(POLICE_OFFICER, keeping.PlaceHold(incident_id="inc_none", reason="because it is needed"))
    with pytest.raises(Refused, match="at least 10"):
        job.do(POLICE_OFFICER, keeping.PlaceHold, reason="court")


def test_a_request_while_the_incident_is_open_waits_for_the_end_and_a_review(rig: Rig) -> None:
    job = Job(rig, close=False)
    job.do(CALDICOTT, keeping.AskErasure, reason="asked for by the person, letter 12", person=1)
    assert job.states(Agency.AMBULANCE) == {"asked": "queued"}
    with pytest.raises(Refused, match="is open"):
        job.do(CALDICOTT, keeping.ReviewContent, finding="erase", reason="no ground to keep it")
    job.run()
    job.close()
    assert job.states(Agency.AMBULANCE) == {"asked": "to_review"}
    job.do(CALDICOTT, keeping.ReviewContent, finding="erase", reason="no ground to keep it", person=1)
    gone = job.run()
    assert [(one.basis, one.clause) for one in gone] == [("asked", "asked")]
    assert job.held() == set(SECRETS) - {"findings"}


def test_a_refused_request_erases_nothing(rig: Rig) -> None:
    job = Job(rig)
    job.do(CALDICOTT, keeping.AskErasure, reason="asked for by the person, letter 12")
    job.do(CALDICOTT, keeping.ReviewContent, finding="keep", reason="needed for the care record")
    job.pass_days(1)
    assert job.run() == []


def test_a_clause_with_a_review_waits_for_a_person(rig: Rig) -> None:
    job = Job(rig, review=True)
    job.pass_days(11)
    job.run()
    assert job.held() == {"offence", "remarks", "findings", *PHOTO_SECRETS}
    assert job.states(Agency.POLICE) == {"police_evidence": "to_review", "police_persons": "to_review"}
    job.do(POLICE_OFFICER, keeping.ReviewContent, finding="erase", reason="no longer necessary")
    job.run()
    assert job.held() == {"findings"}


def test_an_outcome_lengthens_the_clock_of_its_own_labels(rig: Rig) -> None:
    job = Job(rig, close=False)
    job.do(job.officer, cmd.RecordPerson, person=1, disposal="custody", conveyed_by="police", custody=True)
    job.close()
    job.pass_days(11)
    job.run()
    assert "offence" in job.held()
    assert "note" not in job.held()
    job.pass_days(20)
    job.run()
    assert "offence" not in job.held()


def test_erasure_is_on_record_in_both_logs_and_in_the_register_without_content(rig: Rig) -> None:
    job = Job(rig)
    job.pass_days(60)
    gone = job.run()
    told = [event for event in rig.log.read(0, 10_000) if event.kind == "ContentErased"]
    hashes = {held.ref.part_hash.hex() for one in gone for held in one.parts}
    in_log = {part.split(":")[2] for event in told for part in event_parts(event.data)}
    assert in_log == hashes
    query = AccessQuery(("police", "ambulance"), 1000, kind=AccessKind.ERASURE)
    rows = rig.access_log.find(query)
    assert {name for row in rows for name in row.accessed.fields} == hashes
    assert {row.accessed.justification for row in rows} == {one.words for one in gone}
    assert {digest for line in rig.register.lines() for *_, digest in line.parts} == hashes
    everything = (
        b"".join(event.data for event in told) + repr(rows).encode() + repr(rig.register.lines()).encode()
    )
    assert not any(words.encode() in everything for words in SECRETS.values())


def event_parts(data: bytes) -> list[str]:
    parts: list[str] = json.loads(data)["parts"]
    return parts


def test_nothing_is_erased_while_it_cannot_be_put_on_record(rig: Rig) -> None:
    job = Job(rig)
    job.pass_days(60)
    found = job.found()
    rig.break_access_log()
    with pytest.raises(Unavailable):
        job.world.services.eraser.erase(found)
    assert job.held() == set(SECRETS)
    rig.mend_access_log()


def test_nothing_is_erased_while_the_register_cannot_be_written() -> None:
    rig = MemoryRig()
    job = Job(rig)
    job.pass_days(60)
    assert isinstance(rig.register, MemoryRegister)
    rig.register.broken = True
    with pytest.raises(Unavailable, match="nothing was erased"):
        job.run()
    assert job.held() == set(SECRETS)
    rig.register.broken = False
    job.run()
    assert job.held() == set()


def test_a_privacy_officer_lets_the_own_service_go_and_the_same_command_does_it_once(rig: Rig) -> None:
    job = Job(rig)
    job.pass_days(60)
    first = job.world.do(POLICE_OFFICER, keeping.RunRetention(), key="run", content=b"run")
    assert first.outcome["parts"] > 0  # type: ignore[operator]
    assert job.held() == {"findings"}
    again = job.world.do(POLICE_OFFICER, keeping.RunRetention(), key="run", content=b"run")
    assert (again.repeated, again.outcome) == (True, first.outcome)
    told = [event for event in rig.log.read(0, 10_000) if event.kind == "ContentErased"]
    assert {event.actor for event in told if event.agency == "police"} >= {"privacy:police"}


def test_positions_go_by_themselves_when_the_first_clause_ends(rig: Rig) -> None:
    job = Job(rig)
    job.pass_days(2.5)
    job.world.services.tick()
    assert job.unit in rig.positions.latest()
    job.pass_days(1)
    job.world.services.tick()
    assert rig.positions.latest() == {}
    assert list(rig.positions.track(job.unit, job.world.clock.now() - timedelta(days=30))) == []
    [told] = [event for event in rig.log.stream(job.unit) if event.kind == "ContentErased"]
    assert b"police_positions" in told.data


def test_the_read_tables_are_what_the_log_gives_after_erasure(sql_rig: SqlRig) -> None:
    job = Job(sql_rig)
    job.do(POLICE_OFFICER, keeping.AskErasure, reason="asked for by the person, letter 12")
    job.pass_days(60)
    job.run()
    assert replay(sql_rig.log, LogProjector()).differences(read_tables(sql_rig.store)) == []
    assert sql_rig.intact()
    sql_rig.reopen()
    assert sql_rig.intact()


def test_the_course_of_a_duty_is_that_of_its_unit(rig: Rig) -> None:
    job = Job(rig)
    job.pass_days(6)
    gone = job.run()
    duties = [one for one in gone if one.matter == "duty"]
    assert {one.record_id for one in duties} == {job.unit}
    assert {one.agency for one in duties} == {Agency.POLICE}
    assert "name" not in job.held()
    assert {one.state for one in gone} == {State.DUE}

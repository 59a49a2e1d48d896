"""The privacy officer of each service sees who touched the own service's content, and nothing of the other's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.domain import record_commands as rc
from jru.domain.agency import Agency, Label, Role
from jru.errors import Forbidden, NotFound, Unavailable
from jru.services.access import Viewer
from jru.services.audit_ports import Accessed, AccessKind
from jru.services.audit_trail import MOST_ROWS, Asked
from jru.services.testing import MemoryAccessLog
from tests.services.world import AMBULANCE, POLICE, World, officer, paramedic

CALLER = cmd.CallerGiven("Araminta Example", "01632 960123")
OFFICERS = {
    agency: Viewer(f"privacy:{agency.value}", "Privacy Example", agency, Role.PRIVACY_OFFICER)
    for agency in Agency
}


@pytest.fixture
def world() -> World:
    return World()


def entries(world: World, agency: Agency, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.services.audit.entries(OFFICERS[agency], Asked(**asked))["entries"]
    return [row for row in found if row["fields"] != ["access log"]]


def test_it_is_for_privacy_officers_only(world: World) -> None:
    for viewer in (POLICE, AMBULANCE, Viewer("x", "x", Agency.POLICE, Role.SYSTEM_ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            world.services.audit.entries(viewer, Asked())
        with pytest.raises(Forbidden):
            world.services.audit.export(viewer, "inc_none", "caller", "example")


def test_each_officer_sees_the_own_services_rows_only(world: World) -> None:
    one = world.call(POLICE, caller=CALLER)
    two = world.call(AMBULANCE, caller=CALLER, text="Canterbury Street")
    world.row(POLICE, one)
    world.row(AMBULANCE, two)
    police, ambulance = entries(world, Agency.POLICE), entries(world, Agency.AMBULANCE)
    assert {row["agency"] for row in police} == {"police"}
    assert {row["agency"] for row in ambulance} == {"ambulance"}
    assert {record for row in police for record in row["records"]} == {one}
    assert [row["kind"] for row in police] == ["consultation", "collection"]


def test_what_the_other_service_does_changes_nothing_of_the_answer() -> None:
    quiet, busy = World(), World()
    for world in (quiet, busy):
        world.call(POLICE, caller=CALLER)
    for _ in range(3):
        busy.access_log.record([foreign()])
    answers = [json.dumps(entries(world, Agency.POLICE, limit=1)) for world in (quiet, busy)]
    assert answers[0] == answers[1]


def foreign() -> Accessed:
    labels = (Label.CLINICAL,)
    who = ("crew:amb", "ambulance", "paramedic", None, "ambulance")
    return Accessed(AccessKind.CONSULTATION, *who, ("inc_x",), labels, (), "response", "assigned", (), 0)


def test_labels_of_the_other_service_are_left_out_of_what_belongs_to_both(world: World) -> None:
    shared = (Label.IDENTITY, Label.CLINICAL, Label.POLICE_EVIDENCE)
    who = ("desk", "police", "police_dispatcher", None, "both")
    entry = Accessed(AccessKind.COMBINATION, *who, ("inc_x",), shared, (), "response", "joined", (), 0)
    world.access_log.record([entry])
    assert entries(world, Agency.POLICE)[0]["labels"] == ["identity", "police_evidence"]
    assert entries(world, Agency.AMBULANCE)[0]["labels"] == ["identity", "clinical"]


def test_rows_are_asked_for_by_incident_person_kind_and_period(world: World) -> None:
    one, two = world.call(POLICE, caller=CALLER), world.call(POLICE, caller=CALLER)
    start = world.clock.now()
    world.wait(60)
    world.row(POLICE, one)
    assert {r for row in entries(world, Agency.POLICE, incident=one) for r in row["records"]} == {one}
    assert len(entries(world, Agency.POLICE, kind=AccessKind.COLLECTION)) == 2
    assert [
        row["records"] for row in entries(world, Agency.POLICE, since=start, kind=AccessKind.CONSULTATION)
    ] == [[one]]
    assert entries(world, Agency.POLICE, person="nobody") == []
    assert entries(world, Agency.POLICE, until=start, incident=two) == []


def test_pages_follow_one_another_without_gap_or_repetition(world: World) -> None:
    for number in range(7):
        if number % 3 == 0:
            world.clock.advance(1)
        entry = foreign()
        world.access_log.record([entry] * 2)
    trail, me = world.services.audit, OFFICERS[Agency.AMBULANCE]
    seen: list[dict[str, Any]] = []
    after: str | None = None
    for _ in range(20):
        page = trail.entries(me, Asked(incident="inc_x", limit=3, after=after))
        seen += page["entries"]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == 14


def test_the_look_at_the_audit_is_on_record_and_stops_when_it_cannot_be(world: World) -> None:
    world.services.audit.entries(OFFICERS[Agency.POLICE], Asked())
    (row,) = world.services.audit.entries(OFFICERS[Agency.POLICE], Asked())["entries"]
    assert (row["by"], row["fields"]) == ("privacy:police", ["access log"])
    log = world.access_log
    assert isinstance(log, MemoryAccessLog)
    log.broken = True
    with pytest.raises(Unavailable):
        world.services.audit.entries(OFFICERS[Agency.POLICE], Asked())


class TestPersonExport:
    """What a person gets who asks for their own data."""

    @pytest.fixture
    def job(self, world: World) -> str:
        """A joint job with a caller and two patients."""
        unit = world.ready()
        one = world.call(POLICE, caller=CALLER, remarks="caller sounds afraid")
        world.send(POLICE, unit, one)
        world.tap(unit, "mobile", "scene")
        crew = paramedic(unit)
        for person in (1, 2):
            said = rc.DescribePerson(incident_id=one, person=person, name=f"Patient Example {person}")
            world.do(crew, said)
        world.do(
            officer(unit), cmd.RecordNote(incident_id=one, text="known to us", label=Label.POLICE_EVIDENCE)
        )
        return one

    def test_a_caller_gets_what_they_said(self, world: World, job: str) -> None:
        told = world.services.audit.export(OFFICERS[Agency.POLICE], job, "caller", "SAR 12")
        assert told["caller"]["name"] == "Araminta Example"
        assert [remark["text"] for remark in told["remarks"]] == ["caller sounds afraid"]
        assert all(held == [] for held in told["records"].values())

    def test_a_patient_gets_their_own_records_and_nobody_elses(self, world: World, job: str) -> None:
        told = world.services.audit.export(OFFICERS[Agency.AMBULANCE], job, "1", "SAR 12")
        text = json.dumps(told)
        assert "Patient Example 1" in text
        assert "Patient Example 2" not in text
        assert told["redacted"]["involved"] == 1

    def test_the_other_services_content_staff_and_intelligence_are_not_in_it(
        self, world: World, job: str
    ) -> None:
        for agency, hidden in (
            (Agency.AMBULANCE, ("Araminta", "afraid", "known to us", "paramedic_", "crew:")),
            (Agency.POLICE, ("Patient Example", "known to us", "crew:", "desk:")),
        ):
            for person in ("caller", "1"):
                text = json.dumps(world.services.audit.export(OFFICERS[agency], job, person, "SAR 12"))
                assert [word for word in hidden if word in text] == []

    def test_it_is_on_record_as_a_disclosure(self, world: World, job: str) -> None:
        before = world.access_log.head().seq
        world.services.audit.export(OFFICERS[Agency.POLICE], job, "caller", "SAR 12")
        told = [row.accessed for row in world.access_log.read(before, 100)]
        (entry,) = [row for row in told if row.kind is AccessKind.DISCLOSURE]
        assert (entry.role, entry.recipients) == ("privacy_officer", ("person:caller",))
        assert "SAR 12" in entry.justification
        assert {row.role for row in told} == {"privacy_officer"}

    def test_every_access_is_told_however_many_there_were(self, world: World, job: str) -> None:
        before = world.services.audit.export(OFFICERS[Agency.POLICE], job, "caller", "SAR 12")["access"]
        looks = 2 * MOST_ROWS + 1
        for _ in range(looks):
            world.row(POLICE, job)
        told = world.services.audit.export(OFFICERS[Agency.POLICE], job, "caller", "SAR 13")["access"]
        assert sum(row["role"] == "police_dispatcher" for row in told) >= looks
        assert len(told) >= len(before) + looks

    def test_what_cannot_be_recorded_is_not_handed_out(self, world: World, job: str) -> None:
        log = world.access_log
        assert isinstance(log, MemoryAccessLog)
        log.broken = True
        with pytest.raises(Unavailable):
            world.services.audit.export(OFFICERS[Agency.POLICE], job, "caller", "SAR 12")

    def test_an_incident_that_is_not_the_services_is_not_there(self, world: World) -> None:
        hidden = world.call(POLICE, kind="fight")
        for incident_id in (hidden, "inc_none"):
            with pytest.raises(NotFound):
                world.services.audit.export(OFFICERS[Agency.AMBULANCE], incident_id, "caller", "SAR 12")

    def test_outside_a_request_the_officer_reads_nobodys_records(self, world: World, job: str) -> None:
        row = world.row(OFFICERS[Agency.POLICE], job)
        assert (row["caller"], row["remarks"]) == (None, [])
        with pytest.raises(Forbidden):
            world.services.record_part(OFFICERS[Agency.AMBULANCE], Agency.AMBULANCE, job)

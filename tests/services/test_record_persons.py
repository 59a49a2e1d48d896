"""Persons of an incident: one number each, joined and parted by somebody, and never by the joining of incidents."""

from __future__ import annotations

from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.domain import record_commands as rc
from jru.domain.agency import Agency
from jru.errors import Refused
from jru.services.audit_ports import AccessKind, AccessQuery
from tests.services.test_records import Job
from tests.services.world import AMBULANCE, POLICE, officer, paramedic

SURE = "same man, gave another name first"


@pytest.fixture
def job() -> Job:
    return Job()


def trend(part: dict[str, Any]) -> list[tuple[int, int, int]]:
    """Return person, number when recorded and pulse of each set of observations."""
    return [(row["person"], row["recorded_as"], row["said"]["pulse"]) for row in part["observations"]]


def join(job: Job, person: int = 1, other: int = 2) -> str:
    return job.do(job.paramedic, rc.JoinPersons, person=person, other=other, reason=SURE)


def two_numbers(job: Job) -> None:
    job.observe(person=1, pulse=80)
    job.observe(person=2, pulse=130)
    job.do(job.paramedic, rc.RecordCare, person=2, findings="cut to hand")


def test_two_numbers_of_one_person_are_read_as_one_and_taken_back_as_two(job: Job) -> None:
    two_numbers(job)
    before = job.clinical()
    record = join(job)
    one = job.clinical()
    assert trend(one) == [(1, 1, 80), (1, 2, 130)]
    (told,) = one["joined"]
    assert (told["said"], told["reason"]) == ({"persons": [1, 2]}, SURE)
    text = job.world.services.handover(job.paramedic, job.incident, 2)["text"]
    assert "person 1" in text
    assert "cut to hand" in text
    assert "pulse 130" in text
    job.do(job.paramedic, rc.WithdrawRecord, record_id=record, reason="they are brothers")
    after = job.clinical()
    (told,) = after["joined"]
    assert (told["state"], told["reason"], told["withdrawn_because"]) == (
        "withdrawn",
        SURE,
        "they are brothers",
    )
    assert {**after, "joined": []} == {**before, "joined": []}


def test_rules_for_one_person_hold_under_every_number(job: Job) -> None:
    job.do(job.paramedic, rc.ConcludeCare, person=1, disposal="see_and_treat")
    job.observe(person=2)
    join(job)
    with pytest.raises(Refused, match="concluded"):
        job.do(job.paramedic, rc.ConcludeCare, person=2, disposal="see_and_treat")


@pytest.mark.parametrize(
    ("person", "other", "words"),
    [(1, 3, "no person 3"), (3, 1, "no person 3"), (1, 101, "no person 101"), (1, 1, "one person already")],
)
def test_only_persons_with_records_of_the_own_service_are_joined(
    job: Job, person: int, other: int, words: str
) -> None:
    two_numbers(job)
    with pytest.raises(Refused, match=words):
        join(job, person, other)
    with pytest.raises(Refused, match="no person"):
        job.do(job.officer, rc.JoinPersons, person=1, other=2, reason=SURE)


def test_nobody_is_joined_twice_or_without_a_reason(job: Job) -> None:
    two_numbers(job)
    with pytest.raises(Refused, match="how you know"):
        job.do(job.paramedic, rc.JoinPersons, person=1, other=2, reason=" ")
    join(job)
    with pytest.raises(Refused, match="one person already"):
        join(job, 2, 1)


def test_joining_and_parting_persons_is_on_record_with_both_numbers_and_who_did_it(job: Job) -> None:
    two_numbers(job)
    record = join(job)
    job.do(job.paramedic, rc.WithdrawRecord, record_id=record, reason="they are brothers")
    query = AccessQuery((Agency.AMBULANCE.value,), 100, kind=AccessKind.COMBINATION)
    found = [each.accessed for each in job.world.services.ground.auditing.find(query)]
    assert {each.subject for each in found} == {job.paramedic.subject}
    whys = sorted(each.justification for each in found)
    assert whys == [
        f"person 1 of {job.incident} and 2 of {job.incident} are one, by a person: {record}",
        f"two persons again, by a person: {record}",
    ]


def both(job: Job) -> tuple[str, Any, Any]:
    """Let a second unit record its own person 1 at another incident; join the two; return the other incident."""
    world = job.world
    unit = world.ready("JR02")
    other = world.call(AMBULANCE)
    world.send(POLICE, unit, other)
    job.observe(person=1, pulse=80)
    second = paramedic(unit)
    world.do(second, rc.RecordObservations(incident_id=other, person=1, pulse=130))
    world.tap(unit, "clearing", "available")
    world.do(POLICE, cmd.DecideMatch(incident_id=job.incident, other_id=other, same=True))
    return other, second, officer(unit)


def test_persons_of_two_incidents_stay_two_when_the_incidents_are_joined_and_parted(job: Job) -> None:
    other, second, _ = both(job)
    assert trend(job.clinical()) == [(1, 1, 80), (101, 101, 130)]
    theirs = job.world.services.record_part(second, Agency.AMBULANCE, other)
    assert trend(theirs) == [(1, 1, 130), (101, 101, 80)]
    job.world.do(second, rc.RecordObservations(incident_id=other, person=1, pulse=140))
    job.observe(person=101, pulse=150)
    assert sorted(trend(job.clinical())) == [(1, 1, 80), (101, 101, 130), (101, 101, 140), (101, 101, 150)]
    joined = join(job, 1, 101)
    assert {row[0] for row in trend(job.clinical())} == {1}
    job.do(job.paramedic, rc.WithdrawRecord, record_id=joined, reason="they are two")
    job.world.do(POLICE, cmd.Unmerge(incident_id=job.incident, other_id=other, reason="two patients"))
    assert trend(job.clinical()) == [(1, 1, 80)]
    apart = job.world.services.record_part(second, Agency.AMBULANCE, other)
    assert trend(apart) == [(1, 1, 130), (1, 1, 140), (1, 1, 150)]


def test_each_crew_counts_on_its_own_incident_whichever_of_the_two_it_asks_for(job: Job) -> None:
    """A room counts as the crew does that was sent first."""
    other, second, _ = both(job)
    services = job.world.services
    for asked in (job.incident, other):
        assert trend(services.record_part(job.paramedic, Agency.AMBULANCE, asked)) == [
            (1, 1, 80),
            (101, 101, 130),
        ]
        assert trend(services.record_part(AMBULANCE, Agency.AMBULANCE, asked)) == [
            (1, 1, 80),
            (101, 101, 130),
        ]
        assert trend(services.record_part(second, Agency.AMBULANCE, asked)) == [(1, 1, 130), (101, 101, 80)]


def test_the_first_person_of_one_crew_is_never_the_first_of_the_other(job: Job) -> None:
    """What a crew writes, whose screen knew nobody yet, stays with its own incident."""
    world = job.world
    unit = world.ready("JR02")
    other = world.call(AMBULANCE)
    world.send(POLICE, unit, other)
    second = paramedic(unit)
    world.do(second, rc.RecordObservations(incident_id=other, person=1, pulse=130))
    world.tap(unit, "clearing", "available")
    world.do(POLICE, cmd.DecideMatch(incident_id=job.incident, other_id=other, same=True))
    assert trend(job.clinical()) == [(101, 101, 130)]
    job.observe(person=1, pulse=80)
    assert sorted(trend(job.clinical())) == [(1, 1, 80), (101, 101, 130)]
    with pytest.raises(Refused, match="no person 102"):
        job.observe(person=102)
    world.do(POLICE, cmd.Unmerge(incident_id=job.incident, other_id=other, reason="two patients"))
    assert trend(job.clinical()) == [(1, 1, 80)]
    assert trend(world.services.record_part(second, Agency.AMBULANCE, other)) == [(1, 1, 130)]


def test_what_each_number_had_once_can_still_be_corrected_when_they_are_one_person(job: Job) -> None:
    records: dict[int, str] = {}
    for person in (1, 2):
        given = {"person": person, "disposal": "see_and_treat"}
        records[person] = job.do(job.paramedic, rc.ConcludeCare, **given)
    join(job)
    for person, record in records.items():
        job.do(
            job.paramedic,
            rc.ConcludeCare,
            person=person,
            disposal="referred",
            corrects=record,
            reason="typed wrong",
        )
    shown = [(row["person"], row["recorded_as"], row["state"]) for row in job.clinical()["concluded"]]
    assert sorted(shown) == [(1, 1, "corrected"), (1, 1, "counts"), (1, 2, "corrected"), (1, 2, "counts")]


def test_an_end_of_each_detention_can_still_be_corrected_when_they_are_one_person(job: Job) -> None:
    ends = []
    for person in (1, 2):
        job.do(job.officer, rc.RecordDetentionStep, person=person, step="arrived", safe_place="health_suite")
        ends.append(job.do(job.officer, rc.RecordDetentionStep, person=person, step="ended"))
    job.do(job.officer, rc.JoinPersons, person=1, other=2, reason=SURE)
    for end in ends:
        job.do(job.officer, rc.RecordDetentionStep, person=1, step="ended", corrects=end, reason="wrong time")
    with pytest.raises(Refused, match="end of this detention"):
        job.do(job.officer, rc.RecordDetentionStep, person=2, step="ended")


def test_a_correction_stays_under_the_number_of_its_record(job: Job) -> None:
    """So parting the persons again leaves everybody with what was said of them."""
    job.observe(person=1, pulse=80)
    first = job.do(job.paramedic, rc.DescribePerson, person=2, involved_as="patient", age=30)
    joined = join(job)
    (row,) = job.clinical()["involved"]
    assert (row["person"], row["recorded_as"]) == (1, 2)
    again = {"involved_as": "patient", "age": 32, "corrects": first, "reason": "misheard"}
    job.do(job.paramedic, rc.DescribePerson, person=row["person"], **again)
    job.do(job.paramedic, rc.WithdrawRecord, record_id=joined, reason="they are brothers")
    ages = [(row["person"], row["state"], row["said"]["age"]) for row in job.clinical()["involved"]]
    assert ages == [(2, "corrected", 30), (2, "counts", 32)]


def test_what_is_kept_at_the_other_incident_is_corrected_there(job: Job) -> None:
    both(job)
    first = job.do(job.paramedic, rc.DescribePerson, person=101, involved_as="patient", age=30)
    join(job, 1, 101)
    (row,) = job.clinical()["involved"]
    assert (row["person"], row["recorded_as"]) == (1, 101)
    again = {"involved_as": "patient", "age": 32, "corrects": first, "reason": "misheard"}
    job.do(job.paramedic, rc.DescribePerson, person=1, **again)
    assert [row["recorded_as"] for row in job.clinical()["involved"]] == [101, 101]


def test_a_hand_over_is_found_under_a_number_of_which_only_other_things_are_recorded(job: Job) -> None:
    job.observe(person=1, pulse=80)
    job.do(job.paramedic, rc.ConcludeCare, person=2, disposal="see_and_treat")
    join(job)
    assert "pulse 80" in job.world.services.handover(job.paramedic, job.incident, 2)["text"]


def test_a_refusal_names_persons_as_they_are_shown(job: Job) -> None:
    both(job)
    with pytest.raises(Refused, match="no person 105"):
        join(job, 105, 1)
    with pytest.raises(Refused, match="no person 105"):
        join(job, 1, 105)


def test_a_correction_stays_with_the_incident_of_its_person(job: Job) -> None:
    both(job)
    (mine, _) = job.clinical()["observations"]
    with pytest.raises(Refused, match="the other incident"):
        job.observe(person=101, corrects=mine["id"], reason="wrong person")

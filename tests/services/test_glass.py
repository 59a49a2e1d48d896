"""Break-glass: one incident, chosen fields, half an hour, both services alerted, and a review by somebody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label, Role
from jru.domain.glass import LASTS, OFTEN
from jru.domain.glass_commands import BreakGlass, CloseGlass, ReviewGlass
from jru.errors import Forbidden, NotFound, Refused
from jru.services.access import Viewer
from tests.services.world import AMBULANCE, POLICE, World, officer, paramedic

OFFICERS = {
    agency: Viewer(f"privacy@{agency}", "Officer Example", agency, Role.PRIVACY_OFFICER) for agency in Agency
}
REASON = "crew asks for allergies, patient cannot speak"


def joint() -> tuple[World, str, str]:
    """Return a joint incident on which the paramedic has written down a finding."""
    world = World()
    unit = world.ready()
    incident = world.call(POLICE, remarks="Police remark")
    world.send(POLICE, unit, incident)
    note = cmd.RecordNote(incident_id=incident, text="allergic to penicillin", label=Label.CLINICAL)
    world.do(paramedic(unit), note)
    return world, unit, incident


def opened(world: World, viewer: Viewer, incident: str, *labels: Label, reason: str = REASON) -> str:
    done = world.do(
        viewer, BreakGlass(incident_id=incident, labels=labels or (Label.CLINICAL,), reason=reason)
    )
    return str(done.outcome["glass_id"])


def queue(world: World, agency: Agency) -> list[dict[str, Any]]:
    return world.services.glass.queue(OFFICERS[agency])


def test_chosen_fields_of_one_incident_are_open_for_half_an_hour_and_no_others() -> None:
    world, _, incident = joint()
    other = world.call(POLICE)
    assert "penicillin" not in json.dumps(world.row(POLICE, incident))
    opened(world, POLICE, incident)
    row = world.row(POLICE, incident)
    assert "penicillin" in json.dumps(row)
    assert row["glass"]["labels"] == ["clinical"]
    assert world.row(POLICE, other)["glass"] is None
    assert "penicillin" not in json.dumps(world.services.board(POLICE))
    world.clock.advance(LASTS.total_seconds() - 1)
    assert "penicillin" in json.dumps(world.row(POLICE, incident))
    world.clock.advance(1)
    row = world.row(POLICE, incident)
    assert "penicillin" not in json.dumps(row)
    assert row["glass"] is None


def test_a_label_that_was_not_chosen_stays_shut() -> None:
    world, _, incident = joint()
    opened(world, AMBULANCE, incident, Label.POLICE_EVIDENCE)
    assert "Police remark" not in json.dumps(world.row(AMBULANCE, incident))
    world.clock.advance(LASTS.total_seconds())
    opened(world, AMBULANCE, incident, Label.IDENTITY)
    assert "Police remark" in json.dumps(world.row(AMBULANCE, incident))


def test_it_is_open_to_one_person_and_ends_when_they_close_it() -> None:
    world, unit, incident = joint()
    glass_id = opened(world, POLICE, incident)
    assert "penicillin" not in json.dumps(world.row(officer(unit), incident))
    with pytest.raises(NotFound):
        world.do(AMBULANCE, CloseGlass(glass_id=glass_id))
    world.do(POLICE, CloseGlass(glass_id=glass_id))
    assert "penicillin" not in json.dumps(world.row(POLICE, incident))
    with pytest.raises(Refused, match="closed already"):
        world.do(POLICE, CloseGlass(glass_id=glass_id))


def test_the_clinical_part_opens_too_and_shuts_again() -> None:
    world, _, incident = joint()
    with pytest.raises(Forbidden):
        world.services.record_part(POLICE, Agency.AMBULANCE, incident)
    opened(world, POLICE, incident)
    part = world.services.record_part(POLICE, Agency.AMBULANCE, incident)
    assert part["incident_id"] == incident
    assert "observations" in part
    assert "involved" not in part or part["involved"] == []
    world.clock.advance(LASTS.total_seconds())
    with pytest.raises(Forbidden):
        world.services.record_part(POLICE, Agency.AMBULANCE, incident)


def test_both_privacy_officers_are_alerted_at_once_without_a_name() -> None:
    world, _, incident = joint()
    before = {agency: world.services.board(OFFICERS[agency])["seq"] for agency in Agency}
    opened(world, POLICE, incident)
    for agency in Agency:
        change = world.services.change(OFFICERS[agency], before[agency])
        (alert,) = change["alerts"]
        assert alert["agency"] == "police"
        assert POLICE.subject not in json.dumps(alert)
    assert world.services.board(POLICE)["alerts"] == []


def test_who_it_was_is_told_to_the_own_service_only() -> None:
    world, _, incident = joint()
    opened(world, POLICE, incident)
    (own,), (other,) = queue(world, Agency.POLICE), queue(world, Agency.AMBULANCE)
    assert own["actor"] == POLICE.subject
    assert other["actor"] is None
    assert own["reason"] == other["reason"] == REASON
    assert own["to_review"] == ["police", "ambulance"]


def test_each_service_reviews_and_the_actor_cannot() -> None:
    world, _, incident = joint()
    glass_id = opened(world, POLICE, incident)
    same = Viewer(POLICE.subject, "Two hats", Agency.POLICE, Role.PRIVACY_OFFICER)
    with pytest.raises(Refused, match="nobody reviews"):
        world.do(same, ReviewGlass(glass_id=glass_id, finding="justified"))
    with pytest.raises(Forbidden):
        world.do(POLICE, ReviewGlass(glass_id=glass_id, finding="justified"))
    with pytest.raises(Refused, match="what is not in order"):
        world.do(OFFICERS[Agency.POLICE], ReviewGlass(glass_id=glass_id, finding="not_justified"))
    world.do(OFFICERS[Agency.POLICE], ReviewGlass(glass_id=glass_id, finding="justified"))
    assert [row["to_review"] for row in queue(world, Agency.POLICE)] == [["ambulance"]]
    assert world.services.board(OFFICERS[Agency.POLICE])["alerts"] == []
    assert len(world.services.board(OFFICERS[Agency.AMBULANCE])["alerts"]) == 1
    with pytest.raises(Refused, match="reviewed this already"):
        world.do(OFFICERS[Agency.POLICE], ReviewGlass(glass_id=glass_id, finding="justified"))
    follow = ReviewGlass(
        glass_id=glass_id, finding="follow_up", words="ask the room to share allergies first"
    )
    world.do(OFFICERS[Agency.AMBULANCE], follow)
    assert [r["words"] for r in queue(world, Agency.AMBULANCE)[0]["reviews"]] == [follow.words, ""]


def test_many_openings_raise_the_alarm_and_are_not_refused() -> None:
    world, _, _ = joint()
    for number in range(OFTEN + 1):
        incident = world.call(POLICE)
        opened(world, AMBULANCE, incident, Label.IDENTITY)
        assert queue(world, Agency.POLICE)[0]["often"] is (number == OFTEN)
        world.clock.advance(1)


@pytest.mark.parametrize(
    ("labels", "reason", "says"),
    [
        ((Label.POLICE_INTEL,), REASON, "nothing else is opened"),
        ((Label.STAFF,), REASON, "nothing else is opened"),
        ((), REASON, "nothing else is opened"),
        ((Label.CLINICAL,), "because    ", "at least 10 characters"),
    ],
)
def test_what_is_not_opened_is_refused_with_the_reason(
    labels: tuple[Label, ...], reason: str, says: str
) -> None:
    world, _, incident = joint()
    with pytest.raises(Refused, match=says):
        world.do(POLICE, BreakGlass(incident_id=incident, labels=labels, reason=reason))
    assert queue(world, Agency.POLICE) == []


def test_what_one_does_not_know_of_cannot_be_opened() -> None:
    world = World()
    hidden = world.call(POLICE, kind="fight")
    with pytest.raises(NotFound):
        opened(world, AMBULANCE, hidden, Label.IDENTITY)
    with pytest.raises(Forbidden, match="review queue"):
        world.services.glass.queue(POLICE)


def test_one_opening_at_a_time_on_one_incident() -> None:
    world, _, incident = joint()
    opened(world, POLICE, incident)
    with pytest.raises(Refused, match="open already"):
        opened(world, POLICE, incident, Label.IDENTITY)


def test_openings_outlive_a_restart() -> None:
    world, _, incident = joint()
    glass_id = opened(world, POLICE, incident)
    world.do(OFFICERS[Agency.POLICE], ReviewGlass(glass_id=glass_id, finding="justified"))
    again = world.again()
    assert "penicillin" in json.dumps(again.row(POLICE, incident))
    assert [row["to_review"] for row in queue(again, Agency.AMBULANCE)] == [["ambulance"]]

"""What one room's call is no candidate for, the other room's browser never receives."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import take_desk
from tests.browser.stage import Program, Stage
from tests.browser.wire import Wire

PLACE_MARK, REMARK_MARK, CALLER_MARK = "Quernstone Alley", "xylophone remark", "Zebedee Caller"
FAR = {"text": f"{PLACE_MARK}, Faversham", "lon": 0.889, "lat": 51.316}
MARKS = (PLACE_MARK, REMARK_MARK, CALLER_MARK, "OWN-4711")
CASES = [
    # owner, a call that is no candidate, the other room, a call of the owner that is one
    (Agency.POLICE, {"type_code": "AB-NUIS", "grade": "3"}, {"type_code": "VP-ASLT", "grade": "1"}),
    (Agency.AMBULANCE, {"type_code": "TR-FALL", "grade": "C3"}, {"type_code": "TR-ASLT", "grade": "C2"}),
]


@pytest.mark.parametrize(("owner", "private", "candidate"), CASES, ids=["police", "ambulance"])
def test_a_call_that_is_no_candidate_never_reaches_the_other_room(
    stage: Stage, new_context: NewContext, owner: Agency, private: dict[str, str], candidate: dict[str, str]
) -> None:
    stage.put_on_duty("JR01")
    other = Agency.AMBULANCE if owner is Agency.POLICE else Agency.POLICE
    desk = take_desk(new_context(), stage.url, f"{other}_dispatcher")
    wire = Wire(desk.page)
    desk.page.reload()
    expect(desk.page.locator(".console[data-ready]")).to_be_visible()

    caller = {"name": CALLER_MARK, "phone": "01632 960999"}
    told = {"place": FAR, "remarks": REMARK_MARK, "caller": caller}
    made = stage.report(owner, "OWN-4711", **private, **told)
    incident_id, number = made["incident_id"], made["number"]
    stage.programs[owner].do(f"/incidents/{incident_id}/notes", {"text": REMARK_MARK, "label": "identity"})
    stage.report(
        owner, "OWN-4711", kind="update", message_version=2, **private, **told | {"flags": ["alcohol"]}
    )
    shown = stage.report(owner, "OWN-4712", **candidate)["number"]
    expect(desk.row(shown, "WAITING")).to_be_visible()
    desk.go_to(shown)
    expect(desk.log).to_contain_text("Visible to both services")
    desk.command(f"g {number}")
    expect(desk.refused).to_be_visible()

    expect(desk.row(number)).to_have_count(0)
    received = wire.everything()
    assert shown in received, "the recording hears what is shown"
    for mark in (*MARKS, incident_id):
        assert mark not in desk.page.content(), f"{mark} stands in the page of the {other} room"
        assert mark not in received, f"{mark} reached the {other} room"
    assert_hidden(stage.programs[other], incident_id, number)


def assert_hidden(program: Program, incident_id: str, number: str) -> None:
    """Ask for the incident by every door that a browser has."""
    for path in ("", "/recommendation"):
        assert (
            program.post(f"/incidents/{incident_id}/notes", {"text": "x", "label": "operational"}).status_code
            == 404
        )
        with pytest.raises(AssertionError, match="404"):
            program.get(f"/incidents/{incident_id}{path}")
    assert number not in {row["number"] for row in program.get("/board")["incidents"]}


def test_what_a_person_shares_arrives_without_remarks_and_caller(
    stage: Stage, new_context: NewContext
) -> None:
    caller = {"name": CALLER_MARK, "phone": "01632 960999"}
    made = stage.report(
        Agency.POLICE,
        "OWN-4711",
        type_code="AB-NUIS",
        grade="3",
        place=FAR,
        remarks=REMARK_MARK,
        caller=caller,
    )
    police = take_desk(new_context(), stage.url, "police_dispatcher")
    ambulance = take_desk(new_context(), stage.url, "ambulance_dispatcher")
    wire = Wire(ambulance.page)
    ambulance.page.reload()
    expect(ambulance.page.locator(".console[data-ready]")).to_be_visible()

    police.go_to(made["number"])
    expect(police.log).to_contain_text(REMARK_MARK)
    expect(police.log).to_contain_text(CALLER_MARK)
    police.press("y")
    expect(police.page.locator("[data-armed]")).to_contain_text("to the other room")
    police.press("Enter")
    expect(ambulance.row(made["number"], "WAITING")).to_contain_text(PLACE_MARK)
    ambulance.go_to(made["number"])
    expect(ambulance.log).to_contain_text("Police placed it")
    received = wire.everything()
    assert any(PLACE_MARK in message for message in wire.streamed), "the recording hears the stream"
    for mark in (REMARK_MARK, CALLER_MARK, "960999"):
        assert mark not in received
        assert mark not in ambulance.page.content()

"""One joint incident, from two control rooms to a closed job, at the screens of everybody in it."""

from __future__ import annotations

from playwright.sync_api import expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, sit_in, take_desk
from tests.browser.stage import Stage

PLACE = "Canterbury Street"
POINT = {"text": "Canterbury St, Gillingham", "lon": 0.5449, "lat": 51.3834}
TOLD_TO_BOTH = (
    "Joined: {taken} is the same incident as {number}",
    "Offered {number} by Police",
    "Assigned to {number} (offered by the police room)",
    "Status Mobile: police 5, ambulance mobile",
    "Status At scene: police 6, ambulance at scene",
    "Ambulance clock stopped by JR01",
    "Status At patient: police 6, ambulance at patient",
    "Outcome: both services were needed, attended, risk violence then calm",
    "Clear of {number}",
    "Police closed its log",
    "Ambulance closed its log",
    "Closed: Attended and finished",
)


def test_one_joint_job_from_two_rooms_to_closed(stage: Stage, new_context: NewContext) -> None:
    stage.put_on_duty("JR01")
    number = stage.report(
        Agency.AMBULANCE, "77120", grade="C2", type_code="TR-ASLT", place=POINT, flags=["injury", "violence"]
    )["number"]
    police = take_desk(new_context(), stage.url, "police_dispatcher")
    ambulance = take_desk(new_context(color_scheme="light"), stage.url, "ambulance_dispatcher")
    crew = sit_in(new_context(**CREW_SCREEN), stage.url, "constable", "JR01")

    taken = police.take_call("Assault with injury", PLACE, grade="2")
    for room in (police, ambulance):
        expect(room.row(taken, "WAITING")).to_be_visible()
    expect(police.pane).to_contain_text(f"{number} may be the same incident")
    police.press("m")
    review = police.page.locator("[data-match-review]")
    expect(review).to_contain_text("77120")
    expect(review).to_be_focused()
    police.press("Enter")
    expect(review).to_be_visible()
    police.press("Tab")
    expect(review.get_by_role("button", name="Same incident")).to_be_focused()
    police.press("Enter")
    for room in (police, ambulance):
        expect(room.row(taken)).to_have_count(0)
        expect(room.row(number, "WAITING")).to_be_visible()
    assert police.number_in_hand() == number, "the desk stays with the incident that holds both references"
    expect(police.pane.locator("[data-reference=ambulance]")).to_contain_text("77120")
    expect(police.pane.locator("[data-reference=police]")).to_contain_text("grade 2")
    expect(police.verdict).to_have_attribute("data-verdict", "yes")

    police.offer("JR01", number)
    expect(ambulance.page.locator("[data-list=OFFERS] [data-unit=JR01]")).to_contain_text(number)
    crew.accept(number)
    for room in (police, ambulance):
        expect(room.row(number, "ACTIVE")).to_contain_text("JR01")

    crew.step("mobile", "On our way")
    expect(police.row(number, "ACTIVE")).to_contain_text("Mobile")
    crew.step("scene", "Arrived on scene")
    ambulance.go_to(number)
    expect(ambulance.pane.locator("[data-reference=ambulance]")).to_contain_text("clock stopped")
    crew.step("patient", "At patient")
    crew.step("clearing", "Clearing")
    crew.code_outcome("attended", "dual", "violence", "calm")
    crew.step("available", "Available again")
    expect(crew.job).to_have_count(0)
    expect(police.page.locator("[data-list=UNITS] [data-unit=JR01]")).to_contain_text("Available")

    police.close("Attended and finished")
    expect(police.pane.locator("[data-reference=police]")).to_contain_text("closed by its room")
    expect(police.row(number, "CLOSED")).to_have_count(0)
    ambulance.close("Attended and finished")
    for room in (police, ambulance):
        expect(room.row(number, "CLOSED")).to_be_visible()
        expect(room.pane.locator("[data-outcome]")).to_contain_text("Both services were needed")
        for sentence in TOLD_TO_BOTH:
            expect(room.log).to_contain_text(sentence.format(number=number, taken=taken))

"""What one room asks of the other, by keyboard alone at two desks; the log holds the times that nobody typed."""

from __future__ import annotations

from playwright.sync_api import expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import Dispatcher, take_desk
from tests.browser.stage import Stage
from tests.browser.test_accessibility import COLOURS_ONLY, assert_sound


def answer(desk: Dispatcher, key: str, rest: str) -> None:
    """Press an answering key, finish the line that it begins, and send it."""
    desk.press(key)
    expect(desk.page.locator("[data-command]")).to_be_focused()
    desk.type(rest)
    desk.press("Enter")


def test_two_rooms_ask_answer_and_let_police_leave_by_key(stage: Stage, new_context: NewContext) -> None:
    told = stage.report(Agency.POLICE, "1-0816-4412", grade="1", type_code="VP-ASLT", flags=["injury"])
    number, incident = str(told["number"]), str(told["incident_id"])
    police = take_desk(new_context(), stage.url, "police_dispatcher")
    ambulance = take_desk(new_context(), stage.url, "ambulance_dispatcher")
    bar = ambulance.page.locator(f"[data-asked-bar='{number}']")
    owed, rooms = ambulance.pane.locator("[data-owed]"), police.pane.get_by_label("Between the rooms")

    police.go_to(number)
    expect(rooms.locator("[data-other-room]")).to_contain_text("01632 960102, talkgroup JRU-A")
    police.press("r")
    police.type("clinician")
    police.press("Enter")
    expect(bar).to_contain_text("please send clinician")
    ambulance.go_to(number)
    expect(owed).to_have_attribute("data-owed", "come")
    answer(ambulance, "Y", "12 from Medway")
    expect(bar).to_have_count(0)
    expect(rooms.locator("[data-answered=yes]")).to_contain_text("from Medway")

    police.press("E")
    expect(rooms.locator("[data-question=eta]")).to_contain_text("not answered yet")
    police.press("E")
    expect(police.refused).to_contain_text("has not answered yet")
    expect(owed).to_contain_text("when will you be there?")
    assert_sound(ambulance.page, "asked, dark")
    answer(ambulance, "Y", "8")
    expect(rooms.locator("[data-question=eta] [data-answered=yes]")).to_contain_text("expected")
    expect(rooms.locator("[data-wait=ambulance] [data-answered]")).to_have_count(2)

    expect(police.pane.locator("[data-may-leave]")).to_have_count(0)
    ambulance.command("arrived")
    expect(police.pane.locator("[data-may-leave]")).to_contain_text("Police can leave")
    assert_sound(police.page, "may leave, dark")
    police.press("L")
    expect(police.pane.locator("[data-may-leave]")).to_have_count(0)
    answer(ambulance, "N", "one of you holds the door")
    expect(rooms.locator("[data-question=release] [data-answered=no]")).to_contain_text("holds the door")
    police.press("L")
    expect(owed).to_contain_text("may we leave?")
    ambulance.press("Z")
    expect(owed).to_contain_text("you answered later")
    ambulance.press("t")
    assert_sound(ambulance.page, "answered later, light", COLOURS_ONLY)
    ambulance.press("Y")
    expect(ambulance.page.locator("[data-armed]")).to_contain_text(f"lets police leave {number}")
    ambulance.press("Enter")
    expect(rooms.locator("[data-wait=ambulance]")).to_contain_text("released")
    expect(owed).to_have_count(0)

    (wait,) = stage.programs[Agency.POLICE].get(f"/incidents/{incident}")["waits"]
    times = [wait[name] for name in ("requested_at", "answered_at", "arrived_at", "released_at")]
    assert times == sorted(times), "the times of the first figure, which nobody typed"
    assert [one["answer"] for one in wait["answers"]] == ["yes", "yes"]


def test_an_answer_that_is_owed_gets_loud_in_the_room_that_owes_it(
    stage: Stage, new_context: NewContext
) -> None:
    told = stage.report(Agency.POLICE, "1-0816-4413", grade="2", type_code="VP-FGHT", flags=["injury"])
    number, incident = str(told["number"]), str(told["incident_id"])
    police = stage.programs[Agency.POLICE]
    police.do(f"/incidents/{incident}/hazards", {"code": "weapon", "note": "knife seen"})
    police.do(f"/incidents/{incident}/requests", {"need": "clinician"})
    stage.programs[Agency.AMBULANCE].do(f"/incidents/{incident}/requests/arrive", {})
    police.do(f"/incidents/{incident}/questions", {"about": "call", "words": "the knife"})
    stage.clock.advance(200)
    ambulance = take_desk(new_context(), stage.url, "ambulance_dispatcher")
    owed = ambulance.page.locator(f"[data-asked-bar='{number}']")
    expect(owed.locator("time")).to_have_attribute("data-level", "red")
    expect(owed).to_have_role("alert")
    expect(ambulance.page.locator("[data-overdue]")).to_have_text("1 overdue")
    ambulance.page.locator("[data-overdue]").press("Enter")
    expect(owed.get_by_role("button")).to_be_focused()
    ambulance.press("Enter")
    expect(ambulance.pane.locator("[data-owed=call]")).to_contain_text("please ring us (the knife)")
    asking = take_desk(new_context(), stage.url, "police_dispatcher")
    asking.go_to(number)
    expect(asking.page.locator("[data-asked-bar]")).to_have_count(0)
    expect(asking.pane.locator("[data-question=call] time")).to_have_attribute("data-level", "red")
    expect(asking.pane.get_by_label("Between the rooms")).to_contain_text("arrived")
    expect(asking.pane.locator("[data-may-leave]")).to_have_count(0)
    ambulance.press("Y")
    expect(owed).to_have_count(0)
    expect(asking.pane.locator("[data-question=call] [data-answered=yes]")).to_be_visible()

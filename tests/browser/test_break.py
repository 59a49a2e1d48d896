"""A break planned by command, seen in the other room and the vehicle, taken back by the crew, planned in the form."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, sit_in, take_desk
from tests.browser.stage import Stage


def test_planned_by_command_cancelled_by_the_crew_planned_again_in_the_form(
    stage: Stage, new_context: NewContext
) -> None:
    stage.put_on_duty("JR01")
    police = take_desk(new_context(), stage.url, "police_dispatcher")
    ambulance = take_desk(new_context(), stage.url, "ambulance_dispatcher")
    crew = sit_in(new_context(**CREW_SCREEN), stage.url, "paramedic", "JR01").page
    shown = ambulance.page.locator("[data-unit=JR01] [data-break]")
    expect(shown).to_contain_text("no break planned")

    police.command("break JR01 00:30 30")
    expect(shown).to_contain_text("break planned 00:30 for 30 min at Medway base")
    expect(crew.locator("[data-break]")).to_have_text("Break planned 00:30 for 30 min at Medway base")
    crew.locator("[data-cancel-break]").tap()
    expect(shown).to_contain_text("no break planned")

    ambulance.command("break JR01 soon")
    expect(ambulance.refused).to_contain_text("Give the break a time")
    ambulance.press("Escape", "Escape", "B")
    form = ambulance.page.locator("[data-break-form=JR01]")
    form.get_by_label("Break of JR01 at").fill("03:00")
    form.get_by_role("button", name="Plan break").click()
    expect(ambulance.refused).to_contain_text("A break of JR01 begins from now until 01:30")
    form.get_by_label("Break of JR01 at").fill("00:45")
    form.get_by_label("Break of JR01 at").press("Enter")
    expect(form).to_contain_text("Break planned 00:45 for 30 min at Medway base")
    expect(crew.locator("[data-break]")).to_contain_text("planned 00:45")

"""A paramedic left alone: the rooms see it and count the time; a tap, or a word to a room, begins it anew."""

from __future__ import annotations

from playwright.sync_api import expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, sit_in, take_desk
from tests.browser.stage import Stage

OVER_S = 16 * 60


def test_alone_asked_and_answered(stage: Stage, new_context: NewContext) -> None:
    unit_id = stage.put_on_duty("JR01")
    police = take_desk(new_context(), stage.url, "police_dispatcher")
    medic = sit_in(new_context(**CREW_SCREEN), stage.url, "paramedic", "JR01").page
    row = police.page.locator("[data-unit=JR01]")
    bar = medic.locator("[data-alone]")
    expect(row).to_contain_text("joint complete")
    expect(bar).to_have_count(0)

    medic.get_by_role("button", name="Crew", exact=True).tap()
    for seat in ("police_driver", "police_second"):
        held = medic.locator(f"[data-seat={seat}]")
        held.get_by_role("button", name="Leaves the unit").tap()
        held.get_by_role("button", name="Leaves with a prisoner to custody").tap()
    expect(bar).to_contain_text("Paramedic alone since")
    expect(row.locator("[data-alone]")).to_contain_text("alone, ")
    strip = police.page.locator("[data-alone-bar=JR01]")
    expect(strip).to_contain_text("paramedic alone since")
    expect(strip).to_contain_text("check due")

    stage.clock.advance(OVER_S)
    stage.programs[Agency.AMBULANCE].do(f"/units/{unit_id}/status", {"status": "available"})
    expect(row.locator("[data-alone]")).to_have_attribute("data-level", "red")
    expect(strip).to_contain_text("check overdue since")
    expect(police.page.locator("[data-overdue]")).to_have_text("1 overdue")
    expect(bar).to_have_attribute("data-level", "red")
    police.page.locator("[data-overdue]").click()
    expect(row.locator("[data-row]")).to_be_focused()

    police.command("check JR01")
    expect(police.told).to_contain_text("JR01")
    expect(police.page.locator("[data-overdue]")).to_have_text("0 overdue")
    expect(bar).to_have_attribute("data-level", "plain")

    stage.clock.advance(OVER_S)
    stage.programs[Agency.AMBULANCE].do(f"/units/{unit_id}/status", {"status": "available"})
    expect(bar).to_have_attribute("data-level", "red")
    medic.route("**/check", lambda route: route.abort())
    medic.locator("[data-all-right]").tap()
    expect(bar).to_contain_text("Your answer waits for the link")
    expect(row.locator("[data-alone]")).to_have_attribute("data-level", "red")
    medic.unroute("**/check")
    expect(row.locator("[data-alone]")).to_have_attribute("data-level", "plain")
    expect(bar).not_to_contain_text("waits for the link")

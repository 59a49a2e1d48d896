"""Each service's records at the screens: made in the vehicle, read by the own room, unseen by the other."""

from __future__ import annotations

import base64

from playwright.sync_api import ViewportSize, expect

from jru.domain.agency import Agency
from jru.web.api.attachments import SMALLEST_PNG
from tests.browser.conftest import NewContext
from tests.browser.jobs import ride, send_to_a_job
from tests.browser.people import CREW_SCREEN, CrewMember, Dispatcher, take_desk
from tests.browser.stage import Stage
from tests.browser.test_accessibility import WIDER_THAN_ITS_PLACE, assert_sound

SMALLEST: ViewportSize = {"width": 360, "height": 640}
SIDEWAYS = """
() => [...document.querySelectorAll('.crew, .panel, .records')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.className} ${one.scrollWidth} > ${one.clientWidth}`)
"""
FIRST = {"respiration": "26", "spo2": "90", "systolic": "88", "pulse": "135", "temperature_c": "34.9"}
SECOND = {"respiration": "18", "spo2": "96", "systolic": "112", "pulse": "95", "temperature_c": "36.4"}


def at_a_job(
    stage: Stage, new_context: NewContext
) -> tuple[str, CrewMember, CrewMember, Dispatcher, Dispatcher]:
    """Send JR01 to an incident; return its number, both crew members and both rooms with it in hand."""
    job = send_to_a_job(stage)
    rooms = [
        take_desk(new_context(), stage.url, f"{agency}_dispatcher") for agency in ("police", "ambulance")
    ]
    for room in rooms:
        room.go_to(job.number)
    officer, paramedic = (
        ride(new_context(**CREW_SCREEN), stage, role, job) for role in ("constable", "paramedic")
    )
    for member in (officer, paramedic):
        member.page.locator("[data-records-button]").tap()
    return job.number, officer, paramedic, rooms[0], rooms[1]


def observe(member: CrewMember, values: dict[str, str], word: str) -> None:
    """Type a set of observations in with the screen's own fields and buttons."""
    for field, value in values.items():
        member.page.locator(f"input[data-field={field}]").fill(value)
    member.page.locator("[data-choices=air] [data-choice=air]").tap()
    member.page.locator(f"[data-choices=acvpu] [data-choice={word}]").tap()
    member.page.locator("[data-send]").tap()


def test_observations_reach_the_ambulance_room_and_not_the_police(
    stage: Stage, new_context: NewContext
) -> None:
    _, _, paramedic, police, ambulance = at_a_job(stage, new_context)
    page = paramedic.page
    expect(page.locator("[data-label]")).to_have_text("Clinical: paramedic and ambulance service only")
    page.locator("[data-page=observations]").tap()
    observe(paramedic, FIRST, "voice")
    score = page.locator("[data-latest] [data-news2]")
    expect(score).to_have_attribute("data-news2", "18")
    expect(score).to_contain_text("Emergency")
    observe(paramedic, SECOND, "alert")
    expect(score).to_have_attribute("data-band", "low")
    expect(page.locator("[data-trend='2']")).to_be_visible()

    part = ambulance.pane.locator("[data-part=clinical]")
    expect(part.locator("[data-news2]").first).to_contain_text("Low")
    expect(part).to_contain_text("Pulse 135/min")
    expect(ambulance.log).to_contain_text("Observations of person 1 recorded")
    expect(police.pane.locator("[data-part]")).to_have_count(0)
    expect(police.log).not_to_contain_text("Observations")
    expect(police.page.locator("body")).not_to_contain_text("NEWS2")


def test_use_of_force_reaches_the_police_room_and_not_the_ambulance(
    stage: Stage, new_context: NewContext
) -> None:
    _, officer, _, police, ambulance = at_a_job(stage, new_context)
    page = officer.page
    expect(page.locator("[data-label]")).to_have_text("Evidence: police only")
    page.locator("[data-page=force]").tap()
    for tactic in ("handcuffs_compliant", "ground_restraint"):
        page.locator(f"[data-choices=tactics] [data-choice={tactic}]").tap()
    page.locator("[data-choices=because] [data-choice=effect_arrest]").tap()
    page.locator("[data-send]").tap()
    expect(page.locator("[data-officer=police_driver][data-recorded]")).to_be_visible()
    expect(page.locator("[data-officer=police_second][data-recorded]")).to_have_count(0)

    part = police.pane.locator("[data-part=police]")
    expect(part).to_contain_text("Handcuffs, compliant, Ground restraint")
    expect(police.log).to_contain_text("Use of force on person 1 recorded")
    expect(ambulance.pane.locator("[data-part]")).to_have_count(0)
    expect(ambulance.page.locator("body")).not_to_contain_text("andcuffs")
    expect(ambulance.log).not_to_contain_text("force")


def test_a_weapon_and_a_shared_fact_reach_both(stage: Stage, new_context: NewContext) -> None:
    number, _, paramedic, police, ambulance = at_a_job(stage, new_context)
    incident = next(
        row["id"]
        for row in stage.programs[Agency.POLICE].get("/board")["incidents"]
        if row["number"] == number
    )
    stage.programs[Agency.AMBULANCE].do(f"/incidents/{incident}/hazards", {"code": "weapon", "note": "knife"})
    for room in (police, ambulance):
        expect(room.pane).to_contain_text("knife")
    paramedic.page.locator("[data-page=share]").tap()
    paramedic.page.locator("[data-field=text]").fill("Head injury, may be confused.")
    paramedic.page.locator("[data-choices=basis] [data-choice=vital_interests]").tap()
    paramedic.page.locator("[data-send]").tap()
    for room, part in ((police, "police"), (ambulance, "clinical")):
        expect(room.pane.locator(f"[data-part={part}]")).to_contain_text("Head injury, may be confused")
        expect(room.log).to_contain_text("Head injury, may be confused")


def test_the_clinical_part_is_closed_by_reference_and_disposal_and_handed_over(
    stage: Stage, new_context: NewContext
) -> None:
    _, _, paramedic, _, ambulance = at_a_job(stage, new_context)
    page = paramedic.page
    page.locator("[data-page=care]").tap()
    page.locator("[data-field=findings]").fill("Cut above the right eye")
    page.locator("[data-send]").tap()
    page.locator("[data-page=handover]").tap()
    expect(page.locator("[data-atmist]")).to_contain_text("Cut above the right eye")
    page.locator("[data-qr]").tap()
    expect(page.locator("[data-qr-code]")).to_be_visible()
    page.locator("[data-menu]").tap()
    page.locator("[data-page=finish]").tap()
    page.locator("[data-field=epcr_ref]").fill("ECR-4711")
    page.locator("[data-disposal=see_and_treat]").tap()
    expect(page.locator("[data-concluded]")).to_be_visible()
    expect(ambulance.pane.locator("[data-part=clinical]")).to_contain_text("ePCR ECR-4711")


def test_a_photo_is_kept_and_can_be_saved_by_the_own_room(stage: Stage, new_context: NewContext) -> None:
    _, officer, _, police, ambulance = at_a_job(stage, new_context)
    page = officer.page
    page.locator("[data-page=photo]").tap()
    photo = {"name": "bottle.png", "mimeType": "image/png", "buffer": base64.b64decode(SMALLEST_PNG)}
    page.locator("[data-field=file]").set_input_files(photo)  # type: ignore[arg-type]
    expect(page.locator("[data-chosen]")).to_be_visible()
    page.locator("[data-field=title]").fill("Broken bottle")
    page.locator("[data-send]").tap()
    link = police.pane.get_by_role("link", name="Broken bottle")
    expect(link).to_be_visible()
    with police.page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename.endswith(".jpg")
    expect(ambulance.page.locator("body")).not_to_contain_text("Broken bottle")


def test_every_page_of_records_is_sound_and_fits_the_telephone(stage: Stage, new_context: NewContext) -> None:
    _, officer, paramedic, _, _ = at_a_job(stage, new_context)
    for member in (officer, paramedic):
        page = member.page
        names = page.locator("[data-page]").evaluate_all("all => all.map(one => one.dataset.page)")
        assert len(names) > 7
        for name in names:
            page.locator(f"[data-page={name}]").tap()
            expect(page.locator(f"[data-records={name}]")).to_be_visible()
            assert_sound(page, name)
            for size in (SMALLEST, CREW_SCREEN["viewport"]):
                page.set_viewport_size(size)
                assert page.evaluate(WIDER_THAN_ITS_PLACE) == [], f"{name} at {size}"
                assert page.evaluate(SIDEWAYS) == [], f"{name} at {size}"
            page.locator("[data-menu]").tap()
        page.evaluate("document.documentElement.dataset.theme = 'light'")
        assert_sound(page, "menu by day")

"""Personal content stands on a screen for one incident, for its time, and only while looks can be put on record."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from playwright.sync_api import Page, Request, expect

from jru.bootstrap import DATABASE_FILE
from jru.domain.agency import Agency, Role
from tests.browser.conftest import NewContext
from tests.browser.held import Held
from tests.browser.jobs import Job, open_records, ride, send_on, send_to_a_job
from tests.browser.people import CREW_SCREEN, take_desk
from tests.browser.stage import Program, Stage

OFFENCE = "Assault occasioning actual bodily harm"
FINDING = "allergic to penicillin"
REASON = "crew asks for allergies, patient cannot speak"
HALF_AN_HOUR_AND_MORE = 31 * 60
FULL = "CREATE TRIGGER access_log_full BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'full'); END"


def arrest_at(stage: Stage, new_context: NewContext, job: Job) -> None:
    """Let a constable record an arrest."""
    page = ride(new_context(**CREW_SCREEN), stage, "constable", job).page
    open_records(page, "arrest")
    page.locator("[data-field=offence]").fill(OFFENCE)
    page.locator("[data-send]").tap()
    expect(page.locator("[data-records=menu]")).to_be_visible()
    page.locator("[data-page=recorded]").tap()
    expect(page.locator("[data-record=arrests]")).to_contain_text(OFFENCE)
    page.context.close()


def note_finding(stage: Stage, job: Job) -> None:
    """Let the clinical desk note what only the ambulance service reads."""
    clinical = Program(stage.url, stage.system.issue_token(Role.CLINICAL_DESK, Agency.AMBULANCE))
    clinical.do(f"/incidents/{job.id}/notes", {"text": FINDING, "label": "clinical"})
    clinical.close()


def looks_at(page: Page, path: str) -> list[str]:
    """Return the list that each reading of a path is added to from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.method == "GET" and re.search(path, request.url):
            asked.append(request.url)

    page.on("request", note)
    return asked


def test_records_of_one_incident_never_stand_under_another(stage: Stage, new_context: NewContext) -> None:
    first = send_to_a_job(stage)
    arrest_at(stage, new_context, first)
    second = send_on(stage)
    desk = take_desk(new_context(), stage.url, "police_dispatcher")
    desk.go_to(first.number)
    part = desk.pane.locator("[data-part=police]")
    expect(part).to_contain_text(OFFENCE)
    held = Held(desk.page, f"**/incidents/{second.id}/police")
    desk.go_to(second.number)
    expect(desk.log).to_contain_text(second.number)
    expect(part).to_have_count(0)
    held.let_go()


def test_words_for_one_form_never_stand_in_another(stage: Stage, new_context: NewContext) -> None:
    job = send_to_a_job(stage)
    desk = take_desk(new_context(), stage.url, "police_dispatcher")
    desk.go_to(job.number)
    desk.press("i")
    expect(desk.page.locator("[data-form=note] [data-first]")).to_be_focused()
    desk.type("Named by the caller")
    desk.pane.get_by_role("button", name="Share a line").click()
    expect(desk.page.locator("[data-form=line] [data-first]")).to_have_value("")


def test_one_look_at_records_is_asked_for_once(stage: Stage, new_context: NewContext) -> None:
    job = send_to_a_job(stage)
    arrest_at(stage, new_context, job)
    desk = take_desk(new_context(), stage.url, "police_dispatcher")
    asked = looks_at(desk.page, f"/incidents/{job.id}/police$")
    desk.go_to(job.number)
    expect(desk.pane.locator("[data-part=police]")).to_contain_text(OFFENCE)
    expect(desk.pane.locator("[data-part=police]")).to_contain_text("Arrest")
    crew = ride(new_context(**CREW_SCREEN), stage, "constable", job).page
    from_the_vehicle = looks_at(crew, f"/incidents/{job.id}/police$")
    open_records(crew, "recorded")
    expect(crew.locator("[data-record=arrests]")).to_contain_text("Arrest")
    assert len(asked) == 1
    assert len(from_the_vehicle) == 1


def test_what_was_opened_goes_when_its_time_is_over_whatever_the_link_does(
    stage: Stage, new_context: NewContext
) -> None:
    job = send_to_a_job(stage)
    note_finding(stage, job)
    stage.programs[Agency.POLICE].do(
        f"/incidents/{job.id}/notes", {"text": "Own words of police", "label": "operational"}
    )
    desk = take_desk(new_context(), stage.url, "police_dispatcher")
    desk.go_to(job.number)
    desk.press("/")
    desk.page.keyboard.press("Escape")
    desk.page.locator("[data-open-glass]").click()
    form = desk.page.locator("[data-form=glass]")
    form.get_by_role("checkbox").first.check()
    form.get_by_label("Why you need them now").fill(REASON)
    desk.press("Enter")
    expect(desk.log).to_contain_text(FINDING)
    desk.page.route(re.compile(f"/incidents/{job.id}$"), lambda route: route.abort())
    stage.clock.advance(HALF_AN_HOUR_AND_MORE)
    expect(desk.pane.locator("[data-glass]")).to_have_count(0)
    expect(desk.pane).not_to_contain_text(FINDING)
    expect(desk.pane.locator("[data-part=clinical]")).to_have_count(0)
    desk.page.unroute(re.compile(f"/incidents/{job.id}$"))
    expect(desk.log).to_contain_text("Own words of police")
    expect(desk.pane.locator("[data-open-glass]")).to_be_visible()


def test_that_personal_content_is_held_back_is_said_in_the_room_and_in_the_vehicle(
    stage: Stage, new_context: NewContext, tmp_path: Path
) -> None:
    job = send_to_a_job(stage)
    arrest_at(stage, new_context, job)
    with sqlite3.connect(tmp_path / DATABASE_FILE) as connection:
        connection.execute(FULL)
    desk = take_desk(new_context(), stage.url, "police_dispatcher")
    banner = desk.page.locator("[data-withheld]")
    expect(banner).to_contain_text("Names, callers and records are held back")
    expect(banner).to_have_attribute("role", "alert")
    desk.go_to(job.number)
    crew = ride(new_context(**CREW_SCREEN), stage, "constable", job).page
    expect(crew.locator("[data-withheld]")).to_contain_text("held back")
    open_records(crew, "recorded")
    expect(crew.locator("[data-records]")).to_contain_text("not whole")
    expect(crew.locator("[data-records]")).not_to_contain_text("Nothing is recorded yet")
    with sqlite3.connect(tmp_path / DATABASE_FILE) as connection:
        connection.execute("DROP TRIGGER access_log_full")
    expect(crew.locator("[data-withheld]")).to_have_count(0, timeout=40_000)
    expect(banner).to_have_count(0, timeout=40_000)
    expect(crew.locator("[data-record=arrests]")).to_contain_text(OFFENCE, timeout=40_000)


def test_a_picture_can_be_taken_or_chosen(stage: Stage, new_context: NewContext) -> None:
    job = send_to_a_job(stage)
    page = ride(new_context(**CREW_SCREEN), stage, "constable", job).page
    open_records(page, "photo")
    expect(page.locator("[data-field=camera]")).to_have_attribute("capture", "environment")
    chosen = page.locator("[data-field=file]")
    expect(chosen).to_have_attribute("accept", "image/*,application/pdf")
    assert chosen.get_attribute("capture") is None

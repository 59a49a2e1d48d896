"""A vehicle that is at a job, and its crew's screens."""

from __future__ import annotations

import re
from typing import NamedTuple

from playwright.sync_api import BrowserContext, Page, expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import CREW_SCREEN, CrewMember, sit_in
from tests.browser.stage import Stage


class Job(NamedTuple):
    """An incident that JR01 was sent to."""

    id: str
    number: str


def send_to_a_job(stage: Stage, foreign_id: str = "P-1") -> Job:
    """Let the police room send JR01 to a new assault and book it at the scene; put JR01 on duty first."""
    if "JR01" not in stage.units:
        stage.put_on_duty("JR01")
    police, unit = stage.programs[Agency.POLICE], stage.units["JR01"]
    told = stage.report(Agency.POLICE, foreign_id, grade="2", type_code="VP-ASLT", flags=["injury"])
    offer = police.do(f"/units/{unit}/offers", {"incident_id": told["incident_id"]})
    police.do(f"/units/{unit}/offers/{offer['offer_id']}/answer", {"answer": "accept", "by_voice": True})
    for status in ("mobile", "scene"):
        police.do(f"/units/{unit}/status", {"status": status})
    return Job(told["incident_id"], str(told["number"]))


def clear(stage: Stage) -> None:
    """Clear JR01 from its job and make it available."""
    for status in ("clearing", "available"):
        stage.programs[Agency.POLICE].do(f"/units/{stage.units['JR01']}/status", {"status": status})


def send_on(stage: Stage, foreign_id: str = "P-2") -> Job:
    """Clear JR01 from its job and send it to the next one."""
    clear(stage)
    return send_to_a_job(stage, foreign_id)


def ride(context: BrowserContext, stage: Stage, role: str, job: Job) -> CrewMember:
    """Sit in JR01 with the job on the screen."""
    member = sit_in(context, stage.url, role, "JR01")
    expect(member.job).to_have_attribute("data-job", job.number)
    return member


def at_a_job(stage: Stage, new_context: NewContext, role: str) -> Page:
    """Send JR01 to a job; return the screen of one of its crew."""
    return ride(new_context(**CREW_SCREEN), stage, role, send_to_a_job(stage)).page


def hold_emergency(page: Page) -> None:
    """Hold the emergency button for as long as it asks."""
    button = page.locator("[data-emergency-button]")
    button.dispatch_event("pointerdown")
    expect(button).not_to_have_class(re.compile("holding"))
    button.dispatch_event("pointerup")


def record_care(page: Page, findings: str) -> None:
    """Record findings about the person in hand and come back to the menu."""
    page.locator("[data-page=care]").tap()
    page.locator("[data-field=findings]").fill(findings)
    page.locator("[data-send]").tap()
    expect(page.locator("[data-records=menu]")).to_be_visible()


def open_records(page: Page, name: str) -> None:
    """Open a page of the records from the job's screen."""
    page.locator("[data-records-button]").tap()
    page.locator(f"[data-page={name}]").tap()
    expect(page.locator(f"[data-records={name}]")).to_be_visible()

"""Somebody who was recorded under two numbers is made one person by the crew, and two again."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import NewContext
from tests.browser.jobs import at_a_job, record_care
from tests.browser.stage import Stage
from tests.browser.test_accessibility import assert_sound


def test_two_numbers_are_made_one_person_and_two_again(stage: Stage, new_context: NewContext) -> None:
    page = at_a_job(stage, new_context, "paramedic")
    page.locator("[data-records-button]").tap()
    record_care(page, "Cut to the hand")
    page.get_by_role("button", name="Another person").tap()
    record_care(page, "Smells of alcohol")
    people = page.get_by_role("group", name="Which person").locator("button[aria-pressed]")
    expect(people).to_have_text(["Person 1", "Person 2"])
    page.locator("[data-page=recorded]").tap()
    page.locator("[data-open-one-person]").tap()
    form = page.locator("[data-one-person]")
    for person in (1, 2):
        form.locator(f"[data-person='{person}']").tap()
    form.get_by_label("How you know").fill("one man, he gave another name first")
    assert_sound(page, "one person under two numbers")
    form.locator("[data-send]").tap()
    told = page.locator("[data-record=joined]")
    expect(told).to_contain_text("person 1 and person 2 are one; one man, he gave another name first")
    expect(page.locator("[data-record=care]").first).to_contain_text("person 1, recorded as person 2")
    told.get_by_role("button", name="Withdraw…").tap()
    told.get_by_label("Why it is withdrawn").fill("they are brothers")
    told.get_by_role("button", name="Withdraw", exact=True).tap()
    expect(told).to_contain_text("Withdrawn: they are brothers")
    page.locator("[data-menu]").tap()
    expect(people).to_have_text(["Person 1", "Person 2"])

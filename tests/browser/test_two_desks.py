"""Two desks of one room at one incident: nobody's words go under, and each chooses by key."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.people import Dispatcher, take_desk
from tests.browser.stage import Stage


def amend(desk: Dispatcher) -> Locator:
    """Open the form that changes the incident in hand, by its key."""
    desk.press("a")
    form = desk.page.locator("[data-amend]")
    expect(form.locator("[data-field=grade]")).to_be_focused()
    return form


def test_two_desks_race_on_grade_type_and_place_and_each_is_shown_both_versions(
    stage: Stage, new_context: NewContext
) -> None:
    number = stage.report(Agency.POLICE, "1-0816-4412", grade="2", type_code="VP-ASLT")["number"]
    other = stage.report(Agency.POLICE, "1-0816-4413", grade="3", type_code="VP-DAIN")["number"]
    one, two = (take_desk(new_context(), stage.url, "police_dispatcher") for _ in range(2))
    for desk in (one, two):
        desk.go_to(number)

    # Each reads that the other has it open, and what the other is editing.
    for desk in (one, two):
        expect(desk.pane.locator("[data-also-here]")).to_contain_text("has it open")

    # The second desk has the form open while the first sets grade and type.
    form = amend(two)
    expect(one.pane.locator("[data-also-here]")).to_contain_text("is editing the grade")
    expect(one.row(number).get_by_role("img", name="is editing the grade")).to_be_visible()
    two.type("3")
    form.get_by_label("Type").select_option(label="Drunk and incapable")
    amend(one)
    one.type("1")
    one.page.locator("[data-amend]").get_by_label("Type").select_option(label="Fight")
    one.page.locator("[data-amend]").get_by_role("button", name="Save changes").press("Enter")
    expect(one.told).to_contain_text("changed", ignore_case=True)
    expect(form.locator("[data-meanwhile=grade]")).to_contain_text("1 ")
    form.get_by_role("button", name="Save changes").press("Enter")

    # Both versions of both fields stand there; nothing of theirs was touched, and going away loses nothing.
    grade, kind = (two.pane.locator(f"[data-clash={field}]") for field in ("grade", "type"))
    expect(grade.locator("[data-theirs]")).to_contain_text("1 ")
    expect(grade.locator("[data-mine]")).to_contain_text("3 ")
    expect(grade).to_contain_text("Theirs, police")
    expect(kind.locator("[data-theirs]")).to_have_text("Fight")
    expect(one.pane.locator("[data-reference=police]")).to_contain_text("1 ")
    two.go_to(other)
    expect(two.page.locator("[data-undecided]")).to_contain_text(f"Incident {number}")
    expect(two.row(number).get_by_role("img", name="two versions wait for your choice")).to_be_visible()
    two.go_to(number)
    two.press("T")
    expect(grade).to_have_count(0)
    two.press("M")
    expect(kind).to_have_count(0)
    for desk in (one, two):
        expect(desk.pane.locator(".title")).to_contain_text("Drunk and incapable")
        expect(desk.pane.locator("[data-reference=police]")).to_contain_text("1 ")

    # The place: what is typed stays in the form of an incident that is left, and mine goes in by one key.
    form = amend(two)
    form.get_by_label("Place").fill("Behind the old mill")
    two.press("Escape")
    two.go_to(other)
    amend(one).get_by_label("Place").fill("The old mill, yard")
    one.page.locator("[data-amend]").get_by_role("button", name="Save changes").press("Enter")
    expect(one.pane.locator(".title")).to_contain_text("The old mill, yard")
    two.go_to(number)
    expect(amend(two).get_by_label("Place")).to_have_value("Behind the old mill")
    two.page.locator("[data-amend]").get_by_role("button", name="Save changes").press("Enter")
    expect(two.pane.locator("[data-clash=place] [data-theirs]")).to_contain_text("The old mill, yard")
    two.press("M")
    for desk in (one, two):
        expect(desk.pane.locator(".title")).to_contain_text("Behind the old mill")

    # Whoever leaves is not there any more.
    two.page.close()
    expect(one.pane.locator("[data-also-here]")).to_be_empty()

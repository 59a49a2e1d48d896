"""What a crew writes goes to the incident and the person it was begun for, whatever the unit is sent to meanwhile."""

from __future__ import annotations

from playwright.sync_api import expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.held import Held
from tests.browser.jobs import Job, at_a_job, clear, open_records, record_care, ride, send_on, send_to_a_job
from tests.browser.outbox import wait_until_kept
from tests.browser.people import CREW_SCREEN
from tests.browser.stage import Stage

OFFERED = "[role=alert]:has([data-see-offer])"
REASON = "crew asks for allergies, patient cannot speak"


def findings_of(stage: Stage, job: Job) -> list[str]:
    """Return what stands in the clinical part of an incident as findings."""
    part = stage.programs[Agency.AMBULANCE].get(f"/incidents/{job.id}/clinical")
    return [row["said"]["findings"] for row in part["care"]]


def offer(stage: Stage, foreign_id: str) -> tuple[Job, str]:
    """Offer JR01 a new assault; return it and the path of the offer."""
    told = stage.report(Agency.POLICE, foreign_id, grade="2", type_code="VP-ASLT", flags=["injury"])
    path = f"/units/{stage.units['JR01']}/offers"
    made = stage.programs[Agency.POLICE].do(path, {"incident_id": told["incident_id"]})
    return Job(told["incident_id"], str(told["number"])), f"{path}/{made['offer_id']}"


def test_what_is_typed_goes_to_the_incident_it_was_begun_for_and_the_page_says_which(
    stage: Stage, new_context: NewContext
) -> None:
    first = send_to_a_job(stage)
    page = ride(new_context(**CREW_SCREEN), stage, "paramedic", first).page
    open_records(page, "care")
    expect(page.locator("[data-writes]")).to_have_attribute("data-writes", first.number)
    page.locator("[data-field=findings]").fill("Cut above the right eye")
    second = send_on(stage)
    expect(page.locator("[data-moved]")).to_contain_text(f"You are on {second.number} now")
    expect(page.locator("[data-writes]")).to_contain_text(first.number)
    page.locator("[data-send]").tap()
    page.locator("[data-page=recorded]").tap()
    expect(page.locator("[data-record=care]")).to_contain_text("Cut above the right eye")
    assert findings_of(stage, first) == ["Cut above the right eye"]
    assert findings_of(stage, second) == []
    page.locator("[data-back]").tap()
    expect(page.locator("[data-job]")).to_have_attribute("data-job", second.number)
    page.locator("[data-records-button]").tap()
    expect(page.locator("[data-writes]")).to_have_attribute("data-writes", second.number)
    expect(page.locator("[data-moved]")).to_have_count(0)


def test_a_note_an_outcome_and_restricted_fields_stay_with_their_incident(
    stage: Stage, new_context: NewContext
) -> None:
    first = send_to_a_job(stage)
    page = ride(new_context(**CREW_SCREEN), stage, "constable", first).page
    page.locator("[data-open-glass]").tap()
    panel = page.locator("[data-panel=glass]")
    panel.get_by_role("checkbox").first.tap()
    panel.get_by_label("Why you need them now").fill(REASON)
    second = send_on(stage)
    expect(page.locator("[data-moved]")).to_contain_text(second.number)
    with page.expect_request("**/glass") as opened:
        panel.get_by_role("button", name="Open for 30 minutes").tap()
    assert opened.value.url.endswith(f"/incidents/{first.id}/glass")
    page.locator("[data-back]").tap()
    expect(page.locator("[data-job]")).to_have_attribute("data-job", second.number)
    expect(page.locator("[data-glass]")).to_have_count(0)


def test_all_statuses_close_over_when_the_job_changes(stage: Stage, new_context: NewContext) -> None:
    page = at_a_job(stage, new_context, "constable")
    page.locator("[data-more]").tap()
    page.locator("[data-panel=more] [data-status=transport]").tap()
    expect(page.get_by_role("button", name="Hospital")).to_be_visible()
    second = send_on(stage)
    expect(page.locator("[data-ended-page]")).to_contain_text(f"You are on {second.number} now")
    expect(page.get_by_role("button", name="Hospital")).to_have_count(0)
    page.locator("[data-back]").tap()
    expect(page.locator("[data-job]")).to_have_attribute("data-job", second.number)


def test_scene_safe_needs_both_taps_on_the_same_job(stage: Stage, new_context: NewContext) -> None:
    first = send_to_a_job(stage)
    ambulance = stage.programs[Agency.AMBULANCE]
    ambulance.do(f"/incidents/{first.id}/hazards", {"code": "weapon", "note": "knife"})
    page = ride(new_context(**CREW_SCREEN), stage, "constable", first).page
    button = page.locator("[data-scene-safe]")
    button.tap()
    expect(button).to_have_text("Tap again: the scene is safe")
    second = send_on(stage)
    ambulance.do(f"/incidents/{second.id}/hazards", {"code": "weapon", "note": "knife"})
    expect(page.locator("[data-job]")).to_have_attribute("data-job", second.number)
    expect(button).to_have_text("Record scene safe")


def test_a_status_is_not_taken_back_on_another_job(stage: Stage, new_context: NewContext) -> None:
    page = at_a_job(stage, new_context, "paramedic")
    page.locator("[data-next=patient]").tap()
    expect(page.locator("[data-undo]")).to_be_visible()
    second = send_on(stage)
    expect(page.locator("[data-job]")).to_have_attribute("data-job", second.number)
    expect(page.locator("[data-undo]")).to_have_count(0)


def test_a_reason_to_decline_one_offer_never_declines_the_next(stage: Stage, new_context: NewContext) -> None:
    first = send_to_a_job(stage)
    page = ride(new_context(**CREW_SCREEN), stage, "constable", first).page
    clear(stage)
    _, path = offer(stage, "P-2")
    page.locator("[data-decline]").tap()
    expect(page.locator("[data-reason]").first).to_be_visible()
    stage.programs[Agency.POLICE].do(f"{path}/withdraw", {"reason": "nearer unit"})
    second, _ = offer(stage, "P-3")
    expect(page.locator("[data-offer]")).to_have_attribute("data-offer", second.number)
    expect(page.locator("[data-reason]")).to_have_count(0)


def test_an_offer_is_told_over_an_open_page_and_what_is_typed_is_kept(
    stage: Stage, new_context: NewContext
) -> None:
    first = send_to_a_job(stage)
    page = ride(new_context(**CREW_SCREEN), stage, "paramedic", first).page
    open_records(page, "care")
    page.locator("[data-field=findings]").fill("Cut above the right eye")
    clear(stage)
    made, _ = offer(stage, "P-2")
    expect(page.locator(OFFERED).locator("[aria-hidden=true]")).to_contain_text("Answer in")
    page.locator("[data-see-offer]").tap()
    expect(page.locator("[data-offer]")).to_have_attribute("data-offer", made.number)
    page.locator("[data-decline]").tap()
    page.locator("[data-reason]").first.tap()
    expect(page.locator("[data-field=findings]")).to_have_value("Cut above the right eye")


def test_a_look_at_one_offer_brings_no_other_offer_over_an_open_page(
    stage: Stage, new_context: NewContext
) -> None:
    page = at_a_job(stage, new_context, "paramedic")
    open_records(page, "care")
    clear(stage)
    first, path = offer(stage, "P-2")
    page.locator("[data-see-offer]").tap()
    expect(page.locator("[data-offer]")).to_have_attribute("data-offer", first.number)
    stage.programs[Agency.POLICE].do(f"{path}/withdraw", {"reason": "nearer unit"})
    expect(page.locator("[data-panel=records]")).to_be_focused()
    second, _ = offer(stage, "P-3")
    expect(page.locator(OFFERED)).to_contain_text(f"Job {second.number} is offered")
    expect(page.locator("[data-field=findings]")).to_be_visible()


def test_an_answer_to_an_offer_stands_when_somebody_comes_back_to_it(
    stage: Stage, new_context: NewContext
) -> None:
    page = at_a_job(stage, new_context, "paramedic")
    open_records(page, "care")
    clear(stage)
    offer(stage, "P-2")
    held = Held(page, "**/answer")
    page.locator("[data-see-offer]").tap()
    expect(page.locator("[data-offer]")).to_be_focused()
    page.locator("[data-accept]").tap()
    page.get_by_role("button", name="Back to what you were writing").tap()
    expect(page.locator("[data-see-offer]")).to_be_focused()
    page.locator("[data-see-offer]").tap()
    expect(page.locator("[data-accept]")).to_have_text("Sending…")
    expect(page.locator("[data-accept]")).to_be_disabled()
    held.let_go()
    expect(page.locator("[data-offer]")).to_have_count(0)


def test_a_person_of_a_record_that_is_not_sent_yet_can_be_chosen_again(
    stage: Stage, new_context: NewContext
) -> None:
    page = at_a_job(stage, new_context, "paramedic")
    held = Held(page, "**/clinical/care")
    page.locator("[data-records-button]").tap()
    page.get_by_role("button", name="Another person").tap()
    record_care(page, "Broken wrist")
    page.get_by_role("button", name="Person 1", exact=True).tap()
    people = page.get_by_role("group", name="Which person").locator("button[aria-pressed]")
    expect(people).to_have_text(["Person 1", "Person 2"])
    page.get_by_role("button", name="Another person").tap()
    expect(people).to_have_text(["Person 1", "Person 2", "Person 3"])
    held.let_go()


def test_the_hand_over_of_one_person_never_stands_under_another(
    stage: Stage, new_context: NewContext
) -> None:
    page = at_a_job(stage, new_context, "paramedic")
    page.locator("[data-records-button]").tap()
    record_care(page, "Cut above the right eye")
    page.get_by_role("button", name="Another person").tap()
    record_care(page, "Broken wrist")
    held = Held(page, "**/handover?person=2")
    page.get_by_role("button", name="Person 1", exact=True).tap()
    page.locator("[data-page=handover]").tap()
    expect(page.locator("[data-atmist]")).to_contain_text("Cut above the right eye")
    page.locator("[data-qr]").tap()
    expect(page.locator("[data-qr-code]")).to_be_visible()
    page.get_by_role("button", name="Person 2", exact=True).tap()
    expect(page.locator("[data-atmist]")).to_have_count(0)
    expect(page.locator("[data-qr-code]")).to_have_count(0)
    page.get_by_role("button", name="Person 1", exact=True).tap()
    expect(page.locator("[data-atmist]")).to_contain_text("Cut above the right eye")
    held.let_go()
    with page.expect_response("**/handover?person=2"):
        page.get_by_role("button", name="Person 2", exact=True).tap()
    expect(page.locator("[data-atmist]")).to_contain_text("Broken wrist")
    expect(page.locator("[data-atmist]")).not_to_contain_text("Cut above")


def test_what_is_typed_about_one_person_never_stands_under_another(
    stage: Stage, new_context: NewContext
) -> None:
    page = at_a_job(stage, new_context, "paramedic")
    page.locator("[data-records-button]").tap()
    page.get_by_role("button", name="Another person").tap()
    record_care(page, "Broken wrist")
    page.get_by_role("button", name="Person 1", exact=True).tap()
    page.locator("[data-page=care]").tap()
    page.locator("[data-field=findings]").fill("Cut above the right eye")
    page.get_by_role("button", name="Person 2", exact=True).tap()
    expect(page.locator("[data-field=findings]")).to_have_value("")


def test_persons_that_are_not_sent_yet_have_numbers_of_their_own(
    stage: Stage, new_context: NewContext
) -> None:
    page = at_a_job(stage, new_context, "constable")
    page.route("**/persons", lambda route: route.abort())
    page.locator("[data-outcome-button]").tap()
    for _ in range(4):
        page.locator("[data-answer]").first.tap()
    for number in ("1", "2"):
        page.get_by_label(f"Person {number}").select_option("see_and_treat")
        page.get_by_role("button", name=f"Record person {number}").tap()
    page.unroute("**/persons")
    for number in ("1", "2"):
        expect(page.get_by_text(f"Person {number}: ")).to_be_visible(timeout=30_000)


def test_a_person_that_was_sent_and_is_not_read_yet_keeps_the_number(
    stage: Stage, new_context: NewContext
) -> None:
    job = send_to_a_job(stage)
    page = ride(new_context(**CREW_SCREEN), stage, "constable", job).page
    page.locator("[data-outcome-button]").tap()
    for answer in ("attended", "dual", "violence", "calm"):
        page.locator(f"[data-answer={answer}]").tap()
    held = Held(page, f"**/incidents/{job.id}")
    for number in ("1", "2"):
        page.get_by_label(f"Person {number}").select_option("see_and_treat")
        with page.expect_response("**/persons"):
            page.get_by_role("button", name=f"Record person {number}").tap()
        wait_until_kept(page, 0)
    held.let_go()
    for number in ("1", "2"):
        expect(page.get_by_text(f"Person {number}: ")).to_be_visible()


def test_tactics_of_one_officer_never_stand_under_the_other(stage: Stage, new_context: NewContext) -> None:
    page = at_a_job(stage, new_context, "constable")
    open_records(page, "force")
    tactic = page.locator("[data-choices=tactics] [data-choice=handcuffs_compliant]")
    tactic.tap()
    page.locator("[data-officer=police_second]").tap()
    expect(tactic).to_have_attribute("aria-pressed", "false")
    page.locator("[data-officer=police_driver]").tap()
    expect(tactic).to_have_attribute("aria-pressed", "true")

"""A server that goes in the middle of an offer, or comes back from an older copy: a crew and both rooms in browsers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import expect

from jru.domain.agency import Agency
from tests.browser.conftest import NewContext
from tests.browser.jobs import Job, send_to_a_job
from tests.browser.link import linked
from tests.browser.people import CREW_SCREEN, CrewMember, sit_in, take_desk
from tests.browser.stage import START, Stage, open_stage
from tests.browser.waiting import wait_until
from tests.push.service import until

LATER = timedelta(seconds=40)
SOON_MS = 40_000
"""How long a screen may take to find out that its server is back: the longest pauses between its tries."""


class Place:
    """One address behind which the server is exchanged."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.starts = 0
        self._server = ExitStack()
        self._link = ExitStack()
        self.stage = self._open(directory)
        self.link = self._link.enter_context(linked(self.stage.url))

    def _open(self, directory: Path) -> Stage:
        at, seed = START + self.starts * LATER, f"start {self.starts}"
        self.starts += 1
        self.stage = self._server.enter_context(open_stage(directory, at=at, seed=seed))
        return self.stage

    def stop(self) -> None:
        """End the server: nothing answers at its address."""
        self.link.cut()
        self._server.close()

    def start(self, directory: Path | None = None) -> Stage:
        """Start a server again, on its own directory or on a copy."""
        stage = self._open(directory or self.directory)
        self.link.lead_to(stage.url)
        self.link.mend()
        return stage

    def close(self) -> None:
        """End everything."""
        self._link.close()
        self._server.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    opened = Place(tmp_path / "data")
    yield opened
    opened.close()


def status_of(stage: Stage) -> str:
    (unit,) = stage.programs[Agency.POLICE].get("/board")["units"]
    return str(unit["status"])


def ride(new_context: NewContext, place: Place) -> CrewMember:
    return sit_in(new_context(**CREW_SCREEN), place.link.url, "paramedic", "JR01")


def test_an_offer_that_is_answered_while_the_server_is_gone_is_taken_when_it_is_back(
    place: Place, new_context: NewContext
) -> None:
    unit = place.stage.put_on_duty("JR01")
    told = place.stage.report(Agency.POLICE, "P-1", grade="2", type_code="VP-ASLT", flags=["injury"])
    member = ride(new_context, place)
    police = place.stage.programs[Agency.POLICE]
    police.do(f"/units/{unit}/offers", {"incident_id": told["incident_id"]})
    expect(member.offer).to_have_attribute("data-offer", told["number"])
    place.stop()
    member.page.locator("[data-accept]").tap()
    expect(member.page.locator("[data-offline]")).to_contain_text("1 tap waiting", timeout=SOON_MS)
    stage = place.start()
    expect(member.job).to_have_attribute("data-job", told["number"], timeout=SOON_MS)
    until(lambda: status_of(stage) == "assigned")


def test_a_server_restored_from_an_older_copy_gets_the_lost_tap_again_and_both_rooms_are_told(
    place: Place, new_context: NewContext, tmp_path: Path
) -> None:
    job: Job = send_to_a_job(place.stage)
    member = ride(new_context, place)
    rooms = [take_desk(new_context(), place.link.url, f"{agency}_dispatcher") for agency in Agency]
    expect(member.job).to_have_attribute("data-job", job.number)
    wait_until(
        member.page, "async () => (await indexedDB.databases()).some((each) => each.name === 'jru-outbox')"
    )
    place.stop()
    copytree(place.directory, tmp_path / "copy")
    stage = place.start()
    expect(member.page.locator("[data-offline]")).to_have_count(0, timeout=SOON_MS)
    member.page.locator("[data-next=patient]").tap()
    expect(member.page.locator("[data-next=clearing]")).to_be_visible(timeout=SOON_MS)
    until(lambda: status_of(stage) == "patient")
    place.stop()
    stage = place.start(tmp_path / "copy")
    expect(member.page.locator("[data-again]")).to_contain_text(
        "restored from an older copy", timeout=SOON_MS
    )
    expect(member.page.locator("[data-next=clearing]")).to_be_visible(timeout=SOON_MS)
    until(lambda: status_of(stage) == "patient")
    for room in rooms:
        told = room.page.locator("[data-link=restored]")
        expect(told).to_contain_text("go through the last hour", timeout=SOON_MS)

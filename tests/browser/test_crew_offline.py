"""The crew's page opens without a link, shows the job as it was, takes taps, and sends them when the link is back."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jru.config import Settings
from jru.domain.agency import Agency
from jru.web.app import create_app
from jru.web.pages import STATIC
from jru.web.server import serving
from tests.browser.conftest import NewContext
from tests.browser.held import Held
from tests.browser.jobs import Job, send_to_a_job
from tests.browser.link import Link, linked
from tests.browser.outbox import wait_until_kept
from tests.browser.people import CREW_SCREEN, sit_in
from tests.browser.stage import Stage
from tests.browser.waiting import wait_until

INSTALLED = "async () => (await navigator.serviceWorker.ready).active.state === 'activated'"
COPIES = """async () => {
  const names = (await indexedDB.databases()).map((each) => each.name);
  if (!names.includes('jru-copies')) return 0;
  const database = await new Promise((resolve) => {
    const asked = indexedDB.open('jru-copies');
    asked.onsuccess = () => resolve(asked.result);
  });
  const held = [...database.objectStoreNames].includes('copies');
  const count = held && await new Promise((resolve) => {
    const asked = database.transaction('copies').objectStore('copies').count();
    asked.onsuccess = () => resolve(asked.result);
  });
  database.close();
  return Number(count);
}"""

LATER = "(() => { const real = Date.now; Date.now = () => real() + 20 * 60_000; })()"
"""The device's clock, twenty minutes on."""

ANYTHING = "**/api/v1/**"
BOARD = re.compile(r"/api/v1/(stream|board)$")
FIRST_LOAD_BYTES = 250_000


def status_of(stage: Stage) -> str:
    found: str = stage.programs[Agency.POLICE].get(f"/units/{stage.units['JR01']}")["status"]
    return found


def settled(page: Page) -> None:
    """Wait until the page can be opened without a link: its files and the copy of the job are on the device."""
    wait_until(page, INSTALLED)
    wait_until(page, f"async () => await ({COPIES})() === 1")


KEPT_PAGES = """async () => {
  const pages = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys())
      if (new URL(key.url).pathname === '/crew') {
        const kept = await cache.match(key);
        if (kept) pages.push(await kept.text());
      }
  }
  return pages;
}"""
NEWER = '<meta name="build" content="newer" />'


@pytest.fixture
def job(stage: Stage) -> Job:
    return send_to_a_job(stage)


@pytest.fixture
def link(stage: Stage) -> Iterator[Link]:
    """What stands between the device and the server."""
    with linked(stage.url) as opened:
        yield opened


@pytest.fixture
def device(link: Link, new_context: NewContext, job: Job) -> BrowserContext:
    """A device on which the paramedic of JR01 has looked at the job, and that has lost its link."""
    context = new_context(**CREW_SCREEN, service_workers="allow")
    member = sit_in(context, link.url, "paramedic", "JR01")
    expect(member.job).to_have_attribute("data-job", job.number)
    settled(member.page)
    link.cut()
    member.page.close()
    return context


def crew_page(device: BrowserContext, link: Link) -> Page:
    page = device.new_page()
    page.goto(f"{link.url}/crew")
    return page


def test_a_job_is_read_and_taps_wait_without_a_link(
    stage: Stage, link: Link, device: BrowserContext, job: Job
) -> None:
    page = crew_page(device, link)
    expect(page.locator("[data-job]")).to_have_attribute("data-job", job.number)
    expect(page.locator("[data-job]")).to_contain_text("High Street")
    expect(page.locator("[data-offline]")).to_contain_text("Job as of")
    page.locator("[data-next=patient]").tap()
    expect(page.locator("[data-offline]")).to_contain_text("1 tap waiting")
    wait_until_kept(page, 1)
    page.close()
    page = crew_page(device, link)
    expect(page.locator("[data-offline]")).to_contain_text("1 tap waiting")
    assert status_of(stage) == "scene"
    link.mend()
    expect(page.locator("[data-offline]")).to_have_count(0)
    expect(page.locator("[data-next=clearing]")).to_be_visible()
    assert status_of(stage) == "patient"


@pytest.fixture
def late(stage: Stage, new_context: NewContext, job: Job) -> Page:
    """The paramedic's page, opened anew twenty minutes after the server was last heard; nothing answers it."""
    page = sit_in(new_context(**CREW_SCREEN), stage.url, "paramedic", "JR01").page
    expect(page.locator("[data-job]")).to_have_attribute("data-job", job.number)
    wait_until(page, f"async () => await ({COPIES})() === 1")
    page.route(ANYTHING, lambda route: route.abort())
    page.add_init_script(LATER)
    page.reload()
    expect(page.locator("[data-job]")).to_have_attribute("data-job", job.number)
    return page


def test_the_bar_tells_since_when_nobody_was_heard_not_since_a_tap_was_in_vain(late: Page) -> None:
    late.locator("[data-next=patient]").tap()
    expect(late.locator("[data-offline]")).to_contain_text("1 tap waiting")
    expect(late.locator("[data-offline]")).to_contain_text(
        re.compile(r"Offline since (\d\d:\d\d) .* Job as of \1\.")
    )


def test_a_job_as_it_was_says_so_until_the_board_is_heard(late: Page) -> None:
    expect(late.locator("[data-offline]")).to_contain_text("Job as of")
    board = Held(late, BOARD)
    with late.expect_request(BOARD):
        late.unroute(ANYTHING)
    expect(late.locator("[data-offline]")).to_contain_text("Job as of")
    board.let_go()
    expect(late.locator("[data-offline]")).to_have_count(0)


def test_the_crews_page_and_nothing_else_is_kept_and_can_be_installed(stage: Stage) -> None:
    with httpx.Client(base_url=stage.url) as client:
        worker = client.get("/sw.js")
        assert worker.headers["cache-control"] == "no-cache"
        kept = {
            path: client.get(f"/{path.lstrip('/')}") for path in re.findall(r'\{url:"([^"]+)"', worker.text)
        }
        page = kept.pop("/crew").text
        needed = set(re.findall(r'(?:src|href)="/(assets/[^"]+\.(?:js|css))"', page))
        assert needed
        assert needed <= kept.keys()
        assert {answer.status_code for answer in kept.values()} == {200}
        assert not [path for path in kept if re.search("console|desk|account|index|map", path)]
        assert sum(len(gzip.compress(answer.content)) for answer in kept.values()) <= FIRST_LOAD_BYTES
        icons = client.get("/manifest.webmanifest").json()["icons"]
        assert {client.get(icon["src"]).headers["content-type"] for icon in icons} == {"image/png"}


def test_what_the_device_kept_goes_when_the_session_is_over(link: Link, device: BrowserContext) -> None:
    page = crew_page(device, link)
    expect(page.locator("[data-job]")).to_be_visible()
    # Before the tap: it may be on its way still when the link is mended.
    device.clear_cookies()
    page.locator("[data-next=patient]").tap()
    link.mend()
    expect(page.locator("[data-ended]")).to_contain_text("kept sealed on this device")
    wait_until(page, f"async () => await ({COPIES})() === 0")


def test_who_signs_out_leaves_nothing_to_open(stage: Stage, link: Link, device: BrowserContext) -> None:
    link.mend()
    page = crew_page(device, link)
    page.get_by_role("button", name="Crew", exact=True).tap()
    page.locator("[data-sign-out]").tap()
    page.wait_for_url(f"{link.url}/")
    link.cut()
    page.goto(f"{link.url}/crew")
    expect(page.get_by_role("alert")).to_contain_text("No job is kept on this device")
    expect(page.locator("[data-job]")).to_have_count(0)


def test_whoever_comes_to_sign_in_finds_nothing_kept(link: Link, device: BrowserContext) -> None:
    link.mend()
    page = device.new_page()
    page.goto(link.url)
    wait_until(page, f"async () => await ({COPIES})() === 0")
    crew = crew_page(device, link)
    expect(crew.locator("[data-job]")).to_be_visible()
    wait_until(crew, f"async () => await ({COPIES})() === 1")
    crew.close()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    wait_until(page, f"async () => await ({COPIES})() === 0")


def test_whoever_signs_in_gets_the_newest_page(stage: Stage, tmp_path: Path, new_context: NewContext) -> None:
    stage.put_on_duty("JR01")
    built = Path(copytree(STATIC, tmp_path / "static"))
    app = create_app(stage.system.services, Settings(data=tmp_path), static=built)
    with serving(app) as url:
        context = new_context(**CREW_SCREEN, service_workers="allow")
        page = sit_in(context, url, "paramedic", "JR01").page
        wait_until(page, INSTALLED)
        crew, worker = built / "crew.html", built / "sw.js"
        crew.write_text(crew.read_text().replace("<head>", f"<head>{NEWER}"))
        worker.write_text(re.sub(r'(url:"/crew",revision:")', r"\1newer", worker.read_text()))
        page.goto(url)
        wait_until(
            page,
            f"""async () => {{
          const pages = await ({KEPT_PAGES})();
          return pages.length === 1 && pages[0].includes('content="newer"');
        }}""",
        )
        page.goto(f"{url}/crew")
        expect(page.locator("meta[name=build]")).to_have_attribute("content", "newer")
        context.close()

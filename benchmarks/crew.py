"""The crew's page on a poor link: what it loads the first time, how soon it is of use again, how fast taps drain."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.figures import Figure, median, rounded, spread
from benchmarks.served import served
from scripts.chromium import find, launch_arguments

FIRST_LOAD_KB = 250.0
OF_USE_S = 2.0
DRAIN_S = 10.0
PATIENCE_S = 60.0
SLOW_3G = {
    "offline": False,
    "latency": 2000,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
"""Chromium's own profile: two seconds for each request, 400 kbit/s."""
READY = "[data-job] [data-next]:enabled"
INSTALLED = "async () => (await navigator.serviceWorker.ready).active.state === 'activated'"
KEPT = """async () => {
  if (!(await indexedDB.databases()).some((each) => each.name === 'jru-copies')) return false;
  const opened = await new Promise((resolve) => {
    const asked = indexedDB.open('jru-copies');
    asked.onsuccess = () => resolve(asked.result);
  });
  const held = opened.objectStoreNames.contains('copies') && await new Promise((resolve) => {
    const asked = opened.transaction('copies').objectStore('copies').count();
    asked.onsuccess = () => resolve(asked.result);
  });
  opened.close();
  return Number(held) > 0;
}"""
WATCH = """
const look = () => {
  if (document.querySelector(SELECTOR)) requestAnimationFrame(() => { window.readyAt = performance.now(); });
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
""".replace("SELECTOR", repr(READY))


def send_out(told: dict[str, Any]) -> None:
    """Let the police room send the first unit to the first incident."""
    head = {"authorization": f"Bearer {told['tokens'][0]}"}
    with httpx.Client(base_url=f"{told['url']}/api/v1", headers=head, timeout=PATIENCE_S) as room:
        path = f"/units/{told['units'][0]}/offers"
        body = {"incident_id": told["incidents"][0]}
        offer = room.post(path, json=body, headers={"idempotency-key": "offer"}).raise_for_status().json()
        answer = {"answer": "accept", "by_voice": True}
        path = f"{path}/{offer['outcome']['offer_id']}/answer"
        room.post(path, json=answer, headers={"idempotency-key": "accept"}).raise_for_status()


@contextmanager
def device(browser: Browser, told: dict[str, Any]) -> Iterator[BrowserContext]:
    """Yield a new phone of the paramedic on the first unit."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, service_workers="allow"
    )
    token = told["tokens"][3 + len(told["units"])]
    cookie = {"name": "jru_session", "value": token, "domain": urlsplit(told["url"]).hostname, "path": "/"}
    context.add_cookies([cookie])  # type: ignore[list-item]
    yield context
    context.close()


def opened(context: BrowserContext, told: dict[str, Any]) -> Page:
    """Open the crew's page and wait for the job."""
    page = context.new_page()
    page.goto(f"{told['url']}/crew", wait_until="commit")
    page.wait_for_selector(READY, timeout=PATIENCE_S * 1000)
    return page


def until(page: Page, script: str) -> Any:
    """Return what a script in the page says as soon as it is true; the page's policy allows no waiting of its own."""
    end_s = time.monotonic() + PATIENCE_S
    while not (said := page.evaluate(script)):
        if time.monotonic() > end_s:
            raise SystemExit(f"never came true: {script}")
        page.wait_for_timeout(20)
    return said


def install(context: BrowserContext, told: dict[str, Any]) -> None:
    """Leave the page's files and the copy of the job on the device."""
    page = opened(context, told)
    until(page, INSTALLED)
    until(page, KEPT)
    page.close()


def first_load(browser: Browser, told: dict[str, Any]) -> float:
    """Return the kilobytes that the link carried until a device that was never here shows the job."""
    with device(browser, told) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        came: list[float] = []
        session.on("Network.dataReceived", lambda piece: came.append(piece["encodedDataLength"]))
        session.on(
            "Network.responseReceived", lambda told: came.append(told["response"]["encodedDataLength"])
        )
        session.send("Network.enable")
        page.goto(f"{told['url']}/crew")
        page.wait_for_selector(READY, timeout=PATIENCE_S * 1000)
        return sum(came) / 1000


def of_use(browser: Browser, told: dict[str, Any], rounds: int) -> list[float]:
    """Return the seconds until the installed page shows the job with its next step, on a slow link, each time anew."""
    took_s = []
    with device(browser, told) as context:
        install(context, told)
        for _ in range(rounds):
            page = context.new_page()
            page.add_init_script(WATCH)
            context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_3G)
            page.goto(f"{told['url']}/crew", wait_until="commit")
            took_s.append(float(until(page, "window.readyAt")) / 1000)
            page.close()
    return took_s


def drain(browser: Browser, told: dict[str, Any], taps: int) -> float:
    """Return the seconds from the link's return until the server has every tap that waited on the device."""
    with device(browser, told) as context:
        install(context, told)
        page = opened(context, told)
        page.get_by_role("button", name="Notes").click()
        context.set_offline(True)
        for number in range(taps):
            page.get_by_label("Note", exact=True).fill(f"said at the door, number {number}")
            page.get_by_role("button", name="Add note").click()
        context.set_offline(False)
        start_s = time.monotonic()
        head = {"authorization": f"Bearer {told['tokens'][0]}"}
        with httpx.Client(base_url=f"{told['url']}/api/v1", headers=head, timeout=PATIENCE_S) as room:
            while True:
                log = room.get(f"/incidents/{told['incidents'][0]}").raise_for_status().json()["log"]
                if sum("said at the door" in line["sentence"] for line in log) == taps:
                    return time.monotonic() - start_s
                if time.monotonic() > start_s + 10 * DRAIN_S:
                    return float("inf")
                time.sleep(0.5)


def measure(*, short: bool) -> Iterator[Figure]:
    """Measure on a phone's screen, with the product's own server on this machine."""
    path = find()
    if path is None:
        raise SystemExit("no Chromium: install it or name one by JRU_CHROMIUM")
    rounds, taps = (1, 5) if short else (5, 500)
    with served(incidents=10, vehicles=2) as told, sync_playwright() as playwright:
        send_out(told)
        browser = playwright.chromium.launch(executable_path=path, args=launch_arguments())
        yield Figure("crew_first_load", first_load(browser, told), "kB", FIRST_LOAD_KB)
        took_s = of_use(browser, told, rounds)
        more = {"range": spread(took_s), "loads": rounds}
        yield Figure("crew_of_use_on_slow_3g", median(took_s), "s", OF_USE_S, more=more)
        drained_s = drain(browser, told, taps)
        more = {"taps": taps, "taps_per_s": rounded(taps / drained_s)}
        yield Figure("queued_taps_drain", drained_s, "s", DRAIN_S, more=more)
        browser.close()

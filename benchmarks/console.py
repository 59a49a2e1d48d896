"""How soon a dispatcher sees the waiting list on a cold load, and how much script that takes.

A fresh Chromium context each time, so that nothing is cached; the time is the page's own, from the start of the
navigation until the first row of the waiting list was painted.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

import jru.web.pages
from benchmarks.figures import Figure, median, rounded, spread
from benchmarks.served import served
from scripts.chromium import find, launch_arguments

VIEW_LIMIT_S = 1.5
INITIAL_LIMIT_KB = 150.0
MAP_LIMIT_KB = 480.0
ROWS = 'section[data-list="WAITING"] [data-row]'
WATCH = """
const look = () => {
  if (document.querySelector(SELECTOR)) requestAnimationFrame(() => { window.shownAt = performance.now(); });
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
""".replace("SELECTOR", repr(ROWS))


def view_once(browser: Browser, url: str, token: str) -> tuple[float, float]:
    """Open the console as a new person; return seconds until rows and until the first paint."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    cookie = {"name": "jru_session", "value": token, "domain": str(urlsplit(url).hostname), "path": "/"}
    context.add_cookies([cookie])  # type: ignore[list-item]
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"{url}/console", wait_until="commit")
    page.wait_for_selector(ROWS, timeout=30_000)
    while (shown_ms := page.evaluate("window.shownAt")) is None:
        page.wait_for_timeout(10)
    painted_ms = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    context.close()
    return shown_ms / 1000, painted_ms / 1000


def viewing(incidents: int, rounds: int) -> Figure:
    """Measure the cold load."""
    path = find()
    if path is None:
        raise SystemExit("no Chromium: install it or name one by JRU_CHROMIUM")
    with served(incidents, vehicles=6) as told, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=launch_arguments())
        view_once(browser, told["url"], told["tokens"][0])
        runs = [view_once(browser, told["url"], told["tokens"][0]) for _ in range(rounds)]
        browser.close()
    shown = [run[0] for run in runs]
    more = {"range": spread(shown), "first_paint": rounded(median([run[1] for run in runs]))}
    return Figure(
        "first_console_view",
        median(shown),
        "s",
        VIEW_LIMIT_S,
        more={**more, "incidents": incidents, "loads": rounds},
    )


def initial_scripts(static: Path) -> set[Path]:
    """Return the scripts that the console's page loads before it shows anything."""
    page = (static / "console.html").read_text()
    return {static / found for found in re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', page)}


def lazy_scripts(static: Path) -> set[Path]:
    """Return the scripts that the console loads later: chunks it imports when asked, and their workers."""
    known = initial_scripts(static)
    waiting, found = list(known), set(known)
    while waiting:
        text = waiting.pop().read_text()
        named = {static / "assets" / name for name in re.findall(r"[\w.-]+\.js\b", text)}
        new = {script for script in named if script.is_file()} - found
        found |= new
        waiting += new
    return found - known


def weights(static: Path = jru.web.pages.STATIC) -> Iterator[Figure]:
    """Weigh the built scripts as they are sent compressed."""
    if not (static / "console.html").is_file():
        raise SystemExit("the front end is not built: run `make run` or `pip install .` first")
    for claim, scripts, limit in (
        ("initial_console_script", initial_scripts(static), INITIAL_LIMIT_KB),
        ("map_chunk_with_worker", lazy_scripts(static), MAP_LIMIT_KB),
    ):
        sizes = {script.name: len(gzip.compress(script.read_bytes())) / 1000 for script in sorted(scripts)}
        yield Figure(
            claim,
            sum(sizes.values()),
            "kB gzip",
            limit,
            more={"files": {name: rounded(size) for name, size in sizes.items()}},
        )


def measure(*, short: bool) -> Iterator[Figure]:
    """Measure the load and weigh the scripts."""
    yield viewing(incidents=4 if short else 40, rounds=1 if short else 9)
    yield from weights()

"""How long the map on a second monitor keeps the browser's main thread busy when units move: 2,000 of them on it.

A real server sends real changes over the live link; Chromium's own trace tells what script ran. All script between one
change and the next counts to the first of them, whatever started it: the link, the clock, an animation frame.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.figures import Figure, median, quantile, rounded
from benchmarks.served import served
from benchmarks.stage import NORTH_KENT
from scripts.chromium import find, launch_arguments

MARK = """
window.EventSource = class extends EventSource {
  constructor(url) { super(url); this.addEventListener('change', () => performance.mark('change')); }
};
"""
"""Runs before the page's own listener: the trace knows nothing of the link's events by itself."""

LIMIT_MS = 12.0
EVERY_S = 0.25
MOVED = 20
SCRIPT = {
    "EvaluateScript",
    "EventDispatch",
    "FireAnimationFrame",
    "FireIdleCallback",
    "FunctionCall",
    "RunMicrotasks",
    "TimerFire",
    "v8.callFunction",
}
"""The trace's names for script that runs; one inside another counts once."""

TRACED = ["-*", "devtools.timeline", "blink.user_timing", "v8"]

Span = tuple[float, float, float]
"""Start and end by the clock and time of the processor, all in microseconds."""


def move(told: dict[str, Any], rounds: int) -> None:
    """Let units report where they are, a few at a time, each round at its moment."""
    chance = random.Random(2)
    west, south, east, north = NORTH_KENT
    start_s = time.monotonic()
    with httpx.Client(base_url=f"{told['url']}/api/v1") as client:
        for number in range(rounds):
            time.sleep(max(0.0, start_s + number * EVERY_S - time.monotonic()))
            for unit in chance.sample(range(len(told["units"])), min(MOVED, len(told["units"]))):
                place = {"lon": chance.uniform(west, east), "lat": chance.uniform(south, north)}
                head = {
                    "authorization": f"Bearer {told['crews'][unit]}",
                    "idempotency-key": f"move-{number}-{unit}",
                }
                client.post(
                    f"/units/{told['units'][unit]}/position", json=place, headers=head
                ).raise_for_status()


def open_map(browser: Browser, told: dict[str, Any]) -> Page:
    """Open the map of the second monitor with everybody on it."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    cookie = {
        "name": "jru_session",
        "value": told["tokens"][0],
        "domain": str(urlsplit(told["url"]).hostname),
        "path": "/",
    }
    context.add_cookies([cookie])  # type: ignore[list-item]
    context.add_init_script(MARK)
    page = context.new_page()
    page.goto(f"{told['url']}/console#map")
    page.wait_for_selector("[data-map][data-drawn]", timeout=120_000)
    page.wait_for_function(
        "count => document.querySelectorAll('.mappin.unit').length >= count",
        arg=len(told["units"]),
        timeout=120_000,
    )
    return page


def outermost(spans: Sequence[Span]) -> list[Span]:
    """Return the spans that lie in no other one, in order."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def per_update(trace: dict[str, Any]) -> list[float]:
    """Return the milliseconds of script that each change cost the page's main thread."""
    events = trace["traceEvents"]
    changes = [event for event in events if event["name"] == "change"]
    if not changes:
        return []
    thread = (changes[0]["pid"], changes[0]["tid"])
    ran = outermost(
        [
            (event["ts"], event["ts"] + event.get("dur", 0), event.get("tdur", 0))
            for event in events
            if event["name"] in SCRIPT and (event["pid"], event["tid"]) == thread and event["ph"] == "X"
        ]
    )
    starts = sorted(event["ts"] for event in changes)
    return [
        sum(busy for start, _, busy in ran if since <= start < until) / 1000
        for since, until in pairwise(starts)
    ]


def drawn_per_s(trace: dict[str, Any]) -> float:
    """Return how many frames a second were drawn while the trace ran."""
    drawn = [event["ts"] for event in trace["traceEvents"] if event["name"] == "AnimationFrame::Presentation"]
    return (len(drawn) - 1) * 1e6 / (max(drawn) - min(drawn)) if len(drawn) > 1 else 0.0


def measure(*, short: bool) -> Iterator[Figure]:
    """Measure with 2,000 units, 20 of which move four times a second."""
    units, rounds = (20, 8) if short else (2000, 120)
    path = find()
    if path is None:
        raise SystemExit("no Chromium: install it or name one by JRU_CHROMIUM")
    with served(incidents=4 if short else 40, vehicles=units) as told, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=launch_arguments())
        page = open_map(browser, told)
        move(told, 4)
        browser.start_tracing(page=page, categories=TRACED)
        move(told, rounds)
        trace = json.loads(browser.stop_tracing())
        browser.close()
    took_ms = per_update(trace)
    yield Figure(
        "map_update_script_p95",
        quantile(took_ms, 0.95),
        "ms",
        LIMIT_MS,
        more={
            "median": rounded(median(took_ms)),
            "max": rounded(max(took_ms)),
            "updates": len(took_ms),
            "units": units,
            "frames_per_s": rounded(drawn_per_s(trace)),
        },
    )

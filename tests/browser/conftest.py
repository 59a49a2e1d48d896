"""A browser without any way out: a request to another host, or a script error, fails the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scripts.chromium import launch_arguments
from tests.browser.stage import Stage, open_stage
from tests.browser.watch import Watch

NewContext = Callable[..., BrowserContext]
PATIENCE_MS = 15_000
"""How long a screen may take to show what is expected before the test fails: machines that test are busy."""


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Chromium, one for each test module: its event loop must be gone before other modules start theirs."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=launch_arguments())
        yield chromium
        chromium.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Open one more person's browser: 1920 x 1080 in dark unless told otherwise, on London time.

    Its pages have no service worker unless asked for: what goes through one is not the tests' to hold back.
    """
    watch = Watch()
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        chosen = {
            "viewport": {"width": 1920, "height": 1080},
            "color_scheme": "dark",
            "locale": "en-GB",
            "timezone_id": "Europe/London",
            "service_workers": "block",
            **options,
        }
        context = browser.new_context(**chosen)
        context.route("**/*", watch.gate)
        context.on("page", watch.page)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
    assert watch.outside == [], "the page asked another host"
    assert watch.script_errors == [], "a script of the page failed"


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """One page of one person."""
    return new_context().new_page()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The whole product on a log of its own, behind a real socket."""
    with open_stage(tmp_path) as opened:
        yield opened

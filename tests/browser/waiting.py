"""Waiting for what a page tells by a promise. Playwright's own `wait_for_function` takes any promise for a yes."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import PATIENCE_MS

ASK_AGAIN_MS = 50


def wait_until(page: Page, check: str) -> None:
    """Wait until an asynchronous function of the page returns true; fails when it does not in time."""
    page.evaluate(
        f"""async ([patience, pause]) => {{
          const check = {check};
          const end = performance.now() + patience;
          while (!(await check())) {{
            if (performance.now() > end) throw new Error('it did not come to be in time');
            await new Promise((done) => setTimeout(done, pause));
          }}
        }}""",
        [PATIENCE_MS, ASK_AGAIN_MS],
    )

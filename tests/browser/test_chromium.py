"""The browser that the tests drive is there and shut in."""

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.watch import Watch


def test_chromium_draws_a_page(page: Page) -> None:
    page.set_content("<h1>Joint response</h1>")
    assert page.get_by_role("heading").inner_text() == "Joint response"
    assert page.evaluate("[innerWidth, Intl.DateTimeFormat().resolvedOptions().timeZone]") == [
        1920,
        "Europe/London",
    ]


def test_a_request_to_another_host_is_stopped_and_noted(browser: Browser) -> None:
    watch = Watch()
    context = browser.new_context()
    context.route("**/*", watch.gate)
    with pytest.raises(Error, match="ERR_FAILED"):
        context.new_page().goto("http://tiles.example/1/2/3.png")
    context.close()
    assert watch.outside == ["http://tiles.example/1/2/3.png"]

"""What a device keeps of the taps that were not sent yet, and a link that is cut within the page."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.waiting import wait_until

WORDS_IN_STORE = """async () => {
  const database = await new Promise((resolve) => {
    const asked = indexedDB.open('jru-outbox');
    asked.onsuccess = () => resolve(asked.result);
  });
  const rows = await new Promise((resolve) => {
    const asked = database.transaction('taps').objectStore('taps').getAll();
    asked.onsuccess = () => resolve(asked.result);
  });
  database.close();
  return rows.map((row) => new TextDecoder().decode(row.bytes));
}"""

NO_LINK = """(command) => {
  const real = window.fetch;
  window.cut = true;
  window.fetch = (to, ...more) =>
    window.cut && to.endsWith(command) ? Promise.reject(new TypeError('cut')) : real(to, ...more);
}"""
LINK = "() => (window.cut = false)"
"""Cut within the page: what the browser's tools hold back may be let go while the page closes."""


def kept(page: Page) -> list[str]:
    """Return what the device keeps of each tap, as whoever finds the device would read it."""
    found: list[str] = page.evaluate(WORDS_IN_STORE)
    return found


def wait_until_kept(page: Page, count: int) -> None:
    """Wait until the device keeps so many taps."""
    wait_until(page, f"async () => (await ({WORDS_IN_STORE})()).length === {count}")

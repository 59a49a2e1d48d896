"""Answers that come when the test says so."""

from __future__ import annotations

from re import Pattern

from playwright.sync_api import Page, Route


class Held:
    """What a page asks for under an address waits from now on."""

    def __init__(self, page: Page, address: str | Pattern[str]) -> None:
        self._waiting: list[Route] = []
        self._gone = False
        page.route(address, self._keep)

    def _keep(self, route: Route) -> None:
        if self._gone:
            route.fallback()
        else:
            self._waiting.append(route)

    def let_go(self) -> None:
        """Let all that waits go on, in its order, and hold nothing any more."""
        self._gone = True
        for route in self._waiting:
            route.fallback()

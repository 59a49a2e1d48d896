"""What a browser context did that it must not do."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, Route

OWN_HOSTS = {"127.0.0.1", "localhost"}
PLAIN_SCHEMES = {"data", "blob", "about"}


class Watch:
    """Stops requests to other hosts and notes them; notes what scripts throw."""

    def __init__(self) -> None:
        self.outside: list[str] = []
        self.script_errors: list[str] = []

    def gate(self, route: Route, request: Request) -> None:
        """Let a request to the machine itself pass, note and stop any other."""
        address = urlsplit(request.url)
        if address.scheme in PLAIN_SCHEMES or address.hostname in OWN_HOSTS:
            route.fallback()
            return
        self.outside.append(request.url)
        route.abort()

    def page(self, page: Page) -> None:
        """Note what the scripts of a page throw."""
        page.on("pageerror", lambda error: self.script_errors.append(str(error)))

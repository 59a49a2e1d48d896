"""Everything that reaches one browser over the network, the live stream included."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import CDPSession, Error, Page


class Wire:
    """Records from its making on; load the page anew afterwards, so that nothing escapes it."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._finished: list[str] = []
        self._seen: list[str] = []
        self.streamed: list[str] = []
        self._session.on("Network.eventSourceMessageReceived", self._message)
        self._session.on("Network.loadingFinished", lambda event: self._finished.append(event["requestId"]))
        self._session.on("Network.responseReceived", self._response)
        self._session.send("Network.enable")

    def _message(self, event: dict[str, Any]) -> None:
        self.streamed.append(f"{event['eventName']} {event['data']}")

    def _response(self, event: dict[str, Any]) -> None:
        response = event["response"]
        self._seen.append(f"{response['url']} {response['headers']}")

    def everything(self) -> str:
        """Return all addresses, headers, bodies and streamed messages as one text."""
        finished, self._finished = self._finished, []
        for request_id in finished:
            try:
                body = self._session.send("Network.getResponseBody", {"requestId": request_id})["body"]
            except Error as error:
                if "No resource" not in str(error) and "No data" not in str(error):
                    raise
                continue
            self._seen.append(body)
        return "\n".join([*self._seen, *self.streamed])

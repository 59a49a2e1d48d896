"""A served application around a small system in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from jru.config import Settings
from jru.web.app import create_app
from jru.web.server import serving
from tests.web.memory import MemorySystem


@dataclass
class Served:
    """A running server, its system and a client."""

    system: MemorySystem
    url: str
    client: httpx.Client
    keys: int = 0

    def post(
        self, path: str, json: object = None, *, who: str = "police", key: str | None = None, **more: object
    ) -> httpx.Response:
        """Send a command as somebody, with a fresh key."""
        self.keys += 1
        headers = {"authorization": f"Bearer {who}", "idempotency-key": key or f"key-{self.keys}"}
        headers |= more.pop("headers", {})  # type: ignore[operator]
        if "content" not in more:
            more["json"] = {} if json is None else json
        else:
            headers.setdefault("content-type", "application/json")
        return self.client.post(f"/api/v1{path}", headers=headers, **more)  # type: ignore[arg-type]

    def get(self, path: str, *, who: str = "police", **more: object) -> httpx.Response:
        """Look as somebody."""
        headers = {"authorization": f"Bearer {who}"} if who else {}
        return self.client.get(f"/api/v1{path}", headers=headers, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MemorySystem, str]]:
    system = MemorySystem()
    app = create_app(system, Settings(), static=tmp_path_factory.mktemp("built") / "static")
    with serving(app) as url:
        yield system, url


@pytest.fixture
def served(running: tuple[MemorySystem, str]) -> Iterator[Served]:
    system, url = running
    system.reset()
    with httpx.Client(base_url=url, timeout=10) as client:
        yield Served(system, url, client)

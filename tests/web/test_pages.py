"""The front end as served: pages asked for anew, assets for ever, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from jru.config import Settings
from jru.web.app import create_app
from jru.web.server import serving
from tests.web.conftest import Served
from tests.web.memory import MemorySystem


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    static: Path = tmp_path_factory.mktemp("static")
    (static / "assets").mkdir()
    for name in ("index", "console", "strip", "crew", "desk", "account"):
        (static / f"{name}.html").write_text(f"<!doctype html><title>{name}</title>")
    (static / "assets" / "app-1a2b.js").write_text("export const a = 1;\n" * 200)
    (static.parent / "secret.txt").write_text("secret")
    with (
        serving(create_app(MemorySystem(), Settings(), static=static)) as url,
        httpx.Client(base_url=url) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "index"),
        ("/console", "console"),
        ("/strip", "strip"),
        ("/crew", "crew"),
        ("/desk", "desk"),
        ("/account", "account"),
    ],
)
def test_each_page_is_served_and_asked_for_anew(built: httpx.Client, path: str, title: str) -> None:
    answer = built.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert f"<title>{title}</title>" in answer.text
    again = built.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_assets_are_kept_for_ever_and_compressed(built: httpx.Client) -> None:
    answer = built.get("/assets/app-1a2b.js")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path", ["/assets/none.js", "/assets/", "/assets/..%2f..%2fsecret.txt", "/assets/%00"]
)
def test_what_is_not_there_is_not_found(built: httpx.Client, path: str) -> None:
    answer = built.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/console", "/crew", "/assets/app.js"])
def test_a_front_end_that_is_not_built_is_said_plainly(served: Served, path: str) -> None:
    answer = served.client.get(path)
    assert (answer.status_code, answer.text) == (503, "front end not built: run make run\n")


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/session", "/api/v1/board", "/nothing"])
def test_every_answer_carries_the_security_headers(served: Served, path: str) -> None:
    headers = served.client.get(path, headers={"origin": "https://evil.example"}).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "permissions-policy" in headers
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_large_answers_are_compressed_and_never_stored(served: Served) -> None:
    answer = served.get("/scheme")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-store"
    assert "content-encoding" not in served.get("/board").headers


def test_health_and_readiness(served: Served) -> None:
    assert served.client.get("/healthz").json() == {"status": "ok"}
    assert served.client.get("/readyz").json() == {"ready": True, "checks": {"log": True}}
    served.system.broken = RuntimeError()
    answer = served.client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


@pytest.mark.parametrize(("who", "status"), [("", 401), ("police", 403), ("crew", 403), ("admin", 200)])
def test_figures_are_for_the_administrator(served: Served, who: str, status: int) -> None:
    """They count what one service alone knows of: each arrest that is recorded, each incident that is open."""
    headers = {"authorization": f"Bearer {who}"} if who else {}
    assert served.client.get("/metrics", headers=headers).status_code == status


def test_figures_name_routes_and_not_records(served: Served) -> None:
    served.post("/incidents", {"type": "assault", "place": {"text": "High Street"}})
    served.post("/incidents/inc_1/share")
    served.get("/incidents/inc_1")
    text = served.client.get("/metrics", headers={"authorization": "Bearer admin"}).text
    assert 'jru_commands_total{command="ShareIncident",result="done"}' in text
    assert 'route="/api/v1/incidents/{incident_id}/share"' in text
    assert "jru_open_incidents 1.0" in text
    assert "inc_1" not in text

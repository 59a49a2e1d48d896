"""A person takes a role over with the first thing they do, and hands it back by signing out."""

from __future__ import annotations

import asyncio
import threading
from datetime import date, time
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jru.config import Settings
from jru.demo.show import Programme, Show
from jru.demo.taking_over import TakingOver

Heard = list[tuple[str, str, str | None]]
SESSION, COMMAND = "/api/v1/session", "/api/v1/incidents/inc_1/share"


async def _sign_in(request: Request) -> Response:
    said = await request.json()
    if said.get("role") == "nobody":
        return JSONResponse({}, status_code=422)
    answer = JSONResponse({"viewer": said})
    answer.set_cookie("jru_session", f"secret-{said['role']}-{said.get('unit')}")
    return answer


async def _done(_request: Request) -> Response:
    return JSONResponse({"told": "done"})


def _calls(*requests: tuple[str, str, dict[str, Any] | None], cookie: str | None = None) -> Heard:
    """Send requests one after the other as one browser; return what was heard of taking over."""
    heard: Heard = []
    app = Starlette(
        routes=[
            Route(SESSION, _sign_in, methods=["POST"]),
            Route(SESSION, _done, methods=["DELETE"]),
            Route("/api/v1/board", _done, methods=["GET"]),
            Route(COMMAND, _done, methods=["POST"]),
        ]
    )
    watched = TakingOver(
        app,
        take=lambda role, unit: heard.append(("take", role, unit)),
        give=lambda role, unit: heard.append(("give", role, unit)),
    )

    async def send() -> None:
        line = httpx.ASGITransport(watched)
        async with httpx.AsyncClient(transport=line, base_url="http://127.0.0.1") as browser:
            if cookie is not None:
                browser.cookies.set("jru_session", cookie)
            for method, path, body in requests:
                await browser.request(method, path, json=body)

    asyncio.run(send())
    return heard


def test_looking_on_changes_nothing() -> None:
    assert _calls(("POST", SESSION, {"role": "police_dispatcher"}), ("GET", "/api/v1/board", None)) == []


def test_the_first_command_takes_the_role_and_signing_out_hands_it_back() -> None:
    heard = _calls(
        ("POST", SESSION, {"role": "police_dispatcher"}),
        ("POST", COMMAND, {}),
        ("DELETE", SESSION, None),
        ("POST", COMMAND, {}),
    )
    assert heard == [("take", "police_dispatcher", None), ("give", "police_dispatcher", None)]


def test_a_crew_role_is_taken_with_its_unit() -> None:
    heard = _calls(("POST", SESSION, {"role": "paramedic", "unit": "JR01"}), ("POST", COMMAND, {}))
    assert heard == [("take", "paramedic", "JR01")]


def test_who_was_not_let_in_takes_nothing() -> None:
    assert _calls(("POST", SESSION, {"role": "nobody"}), ("POST", COMMAND, {}), cookie="of-somebody") == []


@pytest.mark.slow
def test_a_person_beside_the_simulators_on_a_running_server(tmp_path: Path) -> None:
    programme = Programme(date(2019, 8, 16), 1, time(18), time(19), 120.0, time(18, 20))
    show = Show(programme, Settings(data=tmp_path, port=0))
    stop = threading.Event()
    seen: dict[str, Any] = {}
    try:
        show.run_up()

        def visit(url: str) -> None:
            threading.Thread(target=_visit, args=(url, seen, stop)).start()

        show.perform("127.0.0.1", 0, visit, lambda: None, stop)
        assert seen["told"] == 201, seen
        assert seen["rate"] == 120.0
        assert seen["incidents"] >= 1
        assert not show.night.director.plays("police_dispatcher")
        assert show.night.director.plays("ambulance_dispatcher")
        assert show.summary()["chain"] == "verified"
    finally:
        show.close()


def _visit(url: str, seen: dict[str, Any], stop: threading.Event) -> None:
    """Sign in as the police dispatcher, look at the board, and take a call."""
    try:
        with httpx.Client(base_url=url, headers={"X-Requested-With": "jru"}, timeout=30) as browser:
            browser.post("/api/v1/session", json={"role": "police_dispatcher"}).raise_for_status()
            board = browser.get("/api/v1/board").json()
            seen.update(rate=board["rate"], incidents=len(board["incidents"]))
            place = {"text": "Example Street, Chatham", "lon": 0.5286, "lat": 51.3865}
            call = {"type": "fight", "place": place, "grade": "2"}
            taken = browser.post("/api/v1/incidents", json=call, headers={"Idempotency-Key": "visitor-1"})
            seen["told"] = taken.status_code
    finally:
        stop.set()

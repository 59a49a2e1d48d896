"""The exercise space answers in words when something cannot be done, and stops in order in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from jru.clock import SeededRandom
from jru.config import Settings
from jru.demo.exercise.course import Course
from jru.demo.exercise.keeping import kept
from jru.demo.exercise.performance import STOPPED_HERE
from jru.demo.exercise.space import RUNS, Space
from jru.errors import InvalidInput
from jru.web.hall import create_hall
from jru.web.server import serving

KNIFE = {"exercise": "knife_at_rvp", "people": ["police_room"], "pace": 60}


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A space in which nothing is played."""
    settings = Settings(data=tmp_path_factory.mktemp("space"))
    space = Space(settings, 1, SeededRandom("exercise"))
    with serving(create_hall(space, space.indoors, settings, SeededRandom("hall"))) as url:
        space.address = url
        with httpx.Client(base_url=url) as client:
            yield client
    space.close()


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("start", {**KNIFE, "exercise": "knife"}, 422, "no exercise 'knife'"),
        ("start", {**KNIFE, "people": []}, 422, "Nobody plays"),
        ("start", {**KNIFE, "people": ["police"]}, 422, "does not fit"),
        ("start", {**KNIFE, "pace": 0}, 422, "does not fit"),
        ("pause", {"paused": True}, 409, "No exercise is running."),
        ("end", {}, 409, "No exercise is running."),
        ("join", {"code": "AAAAAA"}, 409, "No exercise is running."),
    ],
)
def test_what_cannot_be_done_is_said(
    idle: httpx.Client, path: str, body: dict[str, object], status: int, words: str
) -> None:
    answer = idle.post(f"/api/v1/exercise/{path}", json=body)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_what_is_not_the_halls_own_waits_for_an_exercise(idle: httpx.Client) -> None:
    assert idle.get("/console").headers["location"] == "/exercise"
    assert idle.get("/api/v1/board").json()["code"] == "exercise.none"
    assert idle.get("/api/v1/exercise/debriefs/001-knife_at_rvp").status_code == 404
    assert idle.get("/api/v1/exercise/debriefs/..%2f..%2fetc").status_code in (404, 422)
    assert idle.get("/exercise").headers["content-security-policy"]


def test_another_sites_page_starts_nothing(idle: httpx.Client) -> None:
    answer = idle.post("/api/v1/exercise/start", json=KNIFE, headers={"origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.json()["reason_code"]) == (403, "csrf")


def test_a_directory_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "jru.db").write_bytes(b"")
    with pytest.raises(InvalidInput, match="holds something that is no exercise"):
        Space(Settings(data=tmp_path), 1, SeededRandom("exercise"))
    assert [path.name for path in tmp_path.iterdir()] == ["jru.db"]


def test_a_server_that_stops_keeps_what_was_played(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    space = Space(settings, 1, SeededRandom("exercise"))
    with serving(create_hall(space, space.indoors, settings, SeededRandom("hall"))) as url:
        space.address = url
        begun = httpx.post(f"{url}/api/v1/exercise/start", json={**KNIFE, "people": ["crew"]}, timeout=60)
        assert begun.json()["run"] == "001-knife_at_rvp"
        assert {seat["role"] for seat in begun.json()["seats"]} == {"constable", "paramedic"}
        wrong = httpx.post(f"{url}/api/v1/exercise/join", json={"code": "ZZZZZZ"}, timeout=60)
        assert wrong.status_code == 422
    space.close()
    directory = tmp_path / RUNS / "001-knife_at_rvp"
    ended = Course(directory).first("ended")
    assert ended is not None
    assert ended["how"] == STOPPED_HERE
    found = kept(directory)
    assert found is not None
    assert found["ended"] == STOPPED_HERE
    again = Space(settings, 1, SeededRandom("exercise"))
    assert [row["ended"] for row in again.runs()] == [STOPPED_HERE]

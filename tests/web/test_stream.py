"""The live stream over real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import httpx
import pytest

from jru.config import Settings
from jru.web.app import create_app
from jru.web.hub import Rhythm
from jru.web.server import serving
from tests.web.listening import Stream, listening
from tests.web.memory import AMBULANCE, POLICE, MemorySystem

QUICK = Rhythm(coalesce_s=0.02, check_s=0.1, heartbeat_s=0.3, life_s=600)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MemorySystem, str]]:
    system = MemorySystem()
    app = create_app(system, Settings(), static=tmp_path_factory.mktemp("none"), rhythm=QUICK)
    with serving(app) as url:
        yield system, url


@pytest.fixture
def system(running: tuple[MemorySystem, str]) -> MemorySystem:
    running[0].reset()
    return running[0]


@pytest.fixture
def url(running: tuple[MemorySystem, str]) -> str:
    return running[1]


def changes_until(stream: Stream, wanted: str) -> list[str]:
    """Return the ids of changed rows in order until one is `wanted`."""
    ids: list[str] = []
    while wanted not in ids:
        ids += [row["id"] for row in stream.next("heartbeat").content["incidents"]]
    return ids


def test_a_snapshot_comes_first_and_then_each_change(system: MemorySystem, url: str) -> None:
    system.touch("inc_a", owner="police")
    with listening(url) as stream:
        first = stream.next()
        assert first.event == "snapshot"
        assert [row["id"] for row in first.content["incidents"]] == ["inc_a"]
        assert first.cursor == first.content["cursor"]
        assert first.retry_ms is not None
        system.touch("inc_b", owner="police")
        change = stream.next("heartbeat")
        assert change.event == "change"
        assert [row["id"] for row in change.content["incidents"]] == ["inc_b"]
        assert change.content.keys() >= {"now", "rate", "incidents", "units", "gone"}
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in stream.response.headers


def test_who_was_away_resumes_without_loss(system: MemorySystem, url: str) -> None:
    system.touch("inc_a", owner="police")
    with listening(url) as stream:
        cursor = stream.next().cursor
    system.touch("inc_b", owner="police")
    system.touch("inc_c", owner="police")
    system.touch("inc_a", owner="ambulance")
    with listening(url, cursor=cursor) as stream:
        change = stream.next()
        assert change.event == "change"
        assert {row["id"] for row in change.content["incidents"]} == {"inc_b", "inc_c"}
        assert change.content["gone"] == ["inc_a"]


def test_changes_between_opening_and_listening_are_not_lost(system: MemorySystem, url: str) -> None:
    """Rows change without a pause while streams open; each stream ends up with every row."""
    stop = threading.Event()
    written: list[str] = []

    def write() -> None:
        while not stop.wait(0.001):
            written.append(f"inc_{len(written)}")
            system.touch(written[-1], owner="police")

    writer = threading.Thread(target=write)
    writer.start()
    known: list[set[str]] = []
    with ExitStack() as stack:
        streams = [stack.enter_context(listening(url)) for _ in range(10)]
        stop.set()
        writer.join()
        system.touch("inc_last", owner="police")
        for stream in streams:
            first = stream.next("heartbeat")
            ids = {row["id"] for row in first.content["incidents"]}
            known.append(ids if "inc_last" in ids else ids | set(changes_until(stream, "inc_last")))
    assert all(ids >= {*written, "inc_last"} for ids in known)


@pytest.mark.parametrize("cursor", ["forged", "c999999999", "c1", "c13", "c13.00000000", "x" * 400])
def test_an_unusable_cursor_gives_a_snapshot(system: MemorySystem, url: str, cursor: str) -> None:
    with listening(url, cursor=cursor) as stream:
        assert stream.next().event == "snapshot"


def test_a_cursor_of_before_changes_are_kept_gives_a_snapshot(url: str, system: MemorySystem) -> None:
    with listening(url) as stream:
        cursor = stream.next().cursor
    system.touch("inc_a", owner="police")
    system.first_seq = system.head_seq
    with listening(url, cursor=cursor) as stream:
        assert stream.next().event == "snapshot"


def test_a_cursor_of_another_role_gives_a_snapshot(url: str, system: MemorySystem) -> None:
    with listening(url, who="ambulance") as stream:
        cursor = stream.next().cursor
    with listening(url, who="police", cursor=cursor) as stream:
        assert stream.next().event == "snapshot"


def test_when_changes_are_no_longer_kept_open_streams_get_a_snapshot(url: str, system: MemorySystem) -> None:
    with listening(url) as stream:
        stream.next()
        system.first_seq = system.head_seq + 1
        system.touch("inc_a", owner="police")
        assert stream.next("heartbeat").event == "snapshot"


def test_heartbeats_come_by_themselves(system: MemorySystem, url: str) -> None:
    with listening(url, wait_s=2) as stream:
        stream.next()
        beat = stream.next()
        assert (beat.event, beat.cursor) == ("heartbeat", None)
        assert beat.content.keys() == {"now", "rate", "feeds", "restored_at"}


def test_nobody_hears_of_what_is_not_theirs(system: MemorySystem, url: str) -> None:
    with listening(url, who="ambulance") as stream:
        stream.next()
        system.touch("inc_secret", owner="police")
        system.touch("inc_own", owner="ambulance")
        assert changes_until(stream, "inc_own") == ["inc_own"]
        beat = stream.next()
        system.touch("inc_secret")
        assert (beat.event, stream.next().event) == ("heartbeat", "heartbeat")


def test_a_row_that_is_withdrawn_is_told_as_gone(system: MemorySystem, url: str) -> None:
    system.touch("inc_a", owner="police", shared=True)
    with listening(url, who="ambulance") as stream:
        assert [row["id"] for row in stream.next().content["incidents"]] == ["inc_a"]
        system.touch("inc_a", shared=False)
        assert stream.next("heartbeat").content["gone"] == ["inc_a"]


def test_viewers_who_see_the_same_share_one_computation(system: MemorySystem, url: str) -> None:
    with ExitStack() as stack:
        streams = [stack.enter_context(listening(url)) for _ in range(20)]
        for stream in streams:
            stream.next()
        before = system.computed
        for number in range(5):
            system.touch(f"inc_{number}", owner="police")
        for stream in streams:
            changes_until(stream, "inc_4")
        assert system.computed - before < 20


def test_a_revoked_session_ends_within_a_second(system: MemorySystem, url: str) -> None:
    system.secrets["short"] = POLICE
    with listening(url, who="short") as stream:
        stream.next()
        del system.secrets["short"]
        begun = monotonic()
        bye = stream.next("heartbeat")
        assert (bye.event, bye.content["reason"]) == ("bye", "revoked")
        assert monotonic() - begun < 2  # looked at ten times a second here
        assert stream.rest() == []


def test_a_changed_role_ends_the_stream(system: MemorySystem, url: str) -> None:
    system.secrets["moving"] = POLICE
    with listening(url, who="moving") as stream:
        stream.next()
        system.secrets["moving"] = AMBULANCE
        assert stream.next("heartbeat").content == {"reason": "revoked"}


def test_signing_out_ends_the_own_streams_at_once(system: MemorySystem, url: str) -> None:
    system.secrets["mine"] = POLICE
    with listening(url, who="mine") as stream:
        stream.next()
        headers = {"authorization": "Bearer mine", "x-requested-with": "jru"}
        httpx.delete(f"{url}/api/v1/session", headers=headers)
        assert stream.next("heartbeat").event == "bye"


def test_without_a_session_there_is_no_stream(url: str) -> None:
    answer = httpx.get(f"{url}/api/v1/stream")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_changes_are_there_without_a_stream_too(system: MemorySystem, url: str) -> None:
    headers = {"authorization": "Bearer police"}
    with httpx.Client(base_url=f"{url}/api/v1", headers=headers) as client:
        cursor = client.get("/board").json()["cursor"]
        system.touch("inc_a", owner="police")
        answer = client.get("/changes", params={"after": cursor}).json()
        assert [row["id"] for row in answer["incidents"]] == ["inc_a"]
        assert client.get("/changes", params={"after": answer["cursor"]}).json()["incidents"] == []
        old = client.get("/changes", params={"after": "forged"})
        assert (old.status_code, old.json()["code"]) == (410, "cursor_too_old")


def test_a_stream_is_renewed_after_its_life(tmp_path: Path) -> None:
    system = MemorySystem()
    rhythm = Rhythm(coalesce_s=0.01, check_s=0.05, heartbeat_s=0.05, life_s=0.2)
    with serving(create_app(system, Settings(), static=tmp_path, rhythm=rhythm)) as url:
        retries = set()
        for _ in range(3):
            with listening(url) as stream:
                bye = stream.rest()[-1]
                assert (bye.event, bye.content) == ("bye", {"reason": "renew"})
                retries.add(bye.retry_ms)
        assert len(retries) > 1


def test_one_stream_too_many_is_told_to_wait(tmp_path: Path) -> None:
    system = MemorySystem()
    with (
        serving(create_app(system, Settings(max_streams=2), static=tmp_path)) as url,
        listening(url),
        listening(url),
    ):
        answer = httpx.get(f"{url}/api/v1/stream", headers={"authorization": "Bearer police"})
        assert (answer.status_code, answer.json()["code"]) == (503, "stream.full")
        assert int(answer.headers["retry-after"]) > 0


def test_a_slow_client_is_closed_and_loses_nothing(system: MemorySystem, url: str) -> None:
    """The peer reads nothing while far more is told than it may leave unread."""
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as peer, listening(url) as quick:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.settimeout(10)
        peer.connect((host, int(port)))
        peer.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer police\r\n\r\n")
        quick.next()
        for number in range(40):
            system.touch(f"inc_{number}", owner="police", text="x" * 200_000)
            changes_until(quick, f"inc_{number}")
        while "slow" not in httpx.get(f"{url}/metrics", headers={"authorization": "Bearer admin"}).text:
            quick.next()
        got = b""
        while piece := peer.recv(65536):
            got += piece
    last = got.rpartition(b"\n\n")[0].rpartition(b"\nid: ")[2].partition(b"\n")[0].decode() or None
    if last is None:
        last = got.partition(b"id: ")[2].partition(b"\n")[0].decode()
    seen = {f"inc_{number}" for number in range(40) if b'"inc_%d"' % number in got.rpartition(b"\n\n")[0]}
    assert len(seen) < 40
    with listening(url, cursor=last) as stream:
        change = stream.next()
        assert change.event == "change"
        assert seen | {row["id"] for row in change.content["incidents"]} == {f"inc_{n}" for n in range(40)}

"""A commit that fails, a queue that is full, a listener that breaks: nobody is told what is not so."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from jru.services.ports import LogBusy
from jru.store import writer as writer_module
from jru.store.engines import WriteConnection
from jru.store.writer import OutcomeUnknown, Writer
from tests.store.rigs import SqlRig, command, draft, sqlite_rig


class DiskGone(Exception):
    """What a failing disk raises here."""


@pytest.fixture
def rig(tmp_path: Path) -> Any:
    rig = sqlite_rig(tmp_path)
    yield rig
    rig.close()


WORDS = "failing row contains Example Person"


class Failing:
    """A connection that fails at chosen calls of one method, before or after doing what it should."""

    def __init__(self, inner: WriteConnection, method: str, times: list[int], *, after: bool) -> None:
        self._inner = inner
        self._method = method
        self._times = times
        self._after = after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._wrapped(found) if name == self._method and self._times else found

    def _wrapped(self, found: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self._times.pop()
            if self._after:
                found(*given, **named)
            raise DiskGone

        return call


def fail_at(rig: SqlRig, method: str, times: int, *, after: bool) -> None:
    """Let the next `times` calls of a method of the writer's connection fail."""
    left = [0] * times
    writer: Writer = rig.store.writer
    real = writer._connect

    def connect() -> Any:
        return Failing(real(), method, left, after=after)

    def swap(_connection: WriteConnection) -> None:
        writer._connect = connect

    writer.run(swap)
    connection: Any = writer._connection
    writer._connection = Failing(connection, method, left, after=after)  # type: ignore[assignment]


def test_a_commit_that_failed_and_kept_nothing_says_so(rig: SqlRig) -> None:
    rig.log.append(command(draft("inc_1/op", 1)))
    fail_at(rig, "commit", 1, after=False)
    lost = command(draft("inc_1/op", 2))
    with pytest.raises(LogBusy, match="nothing was written"):
        rig.log.append(lost)
    assert rig.log.append(lost).seq_to == 2
    assert rig.intact()


def test_a_commit_that_failed_after_it_was_kept_is_acknowledged(rig: SqlRig) -> None:
    heard: list[int] = []
    rig.log.subscribe(lambda events: heard.extend(event.seq for event in events))
    fail_at(rig, "commit", 1, after=True)
    kept = command(draft("inc_1/op", 1))
    answer = rig.log.append(kept)
    assert (answer.seq_to, answer.repeated) == (1, False)
    assert heard == [1]
    assert rig.log.append(kept).repeated
    assert rig.log.append(command(draft("inc_1/op", 2))).seq_to == 2
    assert rig.intact()


def test_an_outcome_that_cannot_be_looked_up_is_called_unknown_and_published_later(rig: SqlRig) -> None:
    heard: list[int] = []
    rig.log.subscribe(lambda events: heard.extend(event.seq for event in events))
    fail_at(rig, "commit", 1, after=True)
    writer: Writer = rig.store.writer
    real, failing = writer._connect, [True]

    def connect() -> WriteConnection:
        if failing:
            raise DiskGone(WORDS)
        return real()

    writer._connect = connect
    uncertain = command(draft("inc_1/op", 1))
    with pytest.raises(OutcomeUnknown):
        rig.log.append(uncertain)
    with pytest.raises(LogBusy, match="nothing was written") as refused:
        rig.log.append(command(draft("inc_2/op", 1)))
    assert WORDS not in str(refused.value)
    failing.clear()
    assert rig.log.append(uncertain).repeated
    assert heard == [1]
    assert rig.log.append(command(draft("inc_1/op", 2))).seq_to == 2
    assert rig.intact()


@pytest.mark.parametrize("method", ["begin", "savepoint", "undo"])
def test_a_transaction_that_cannot_be_made_harms_nothing(rig: SqlRig, method: str) -> None:
    rig.log.append(command(draft("inc_1/op", 1)))
    fail_at(rig, method, 1, after=False)
    # the conflict makes the writer undo
    with pytest.raises(LogBusy, match="nothing was written"):
        rig.log.append(command(draft("inc_1/op", 1)))
    assert rig.log.append(command(draft("inc_1/op", 2))).seq_to == 2
    assert rig.intact()


def test_a_full_queue_refuses_at_once(rig: SqlRig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "QUEUE_LIMIT", 3)
    held, release = threading.Event(), threading.Event()

    def hold(_connection: WriteConnection) -> None:
        held.set()
        release.wait(20)

    with ThreadPoolExecutor(8) as pool:
        pool.submit(rig.store.writer.run, hold)
        assert held.wait(20)
        waiting = [pool.submit(rig.log.append, command(draft(f"inc_{n}/op"))) for n in range(3)]
        while rig.store.writer._queue.qsize() < 3:
            held.wait(0.001)
        with pytest.raises(LogBusy, match="3 commands wait"):
            rig.log.append(command(draft("inc_9/op")))
        release.set()
        assert sorted(answer.result().seq_to for answer in waiting) == [1, 2, 3]


def test_a_closed_log_refuses(rig: SqlRig) -> None:
    rig.close()
    with pytest.raises(LogBusy, match="closing"):
        rig.log.append(command(draft("inc_1/op")))


def test_what_waits_at_closing_is_still_written(rig: SqlRig) -> None:
    with ThreadPoolExecutor(16) as pool:
        waiting = [pool.submit(rig.log.append, command(draft(f"inc_{n}/op"))) for n in range(64)]
        rig.close()
        written = sum(answer.exception() is None for answer in waiting)
        assert all(
            answer.exception() is None or isinstance(answer.exception(), LogBusy) for answer in waiting
        )
    rig._open()
    assert rig.log.head().seq == written


def test_a_broken_listener_breaks_nothing_else(rig: SqlRig) -> None:
    heard: list[int] = []

    def broken(_events: object) -> None:
        raise DiskGone

    rig.log.subscribe(broken)
    rig.log.subscribe(lambda events: heard.extend(event.seq for event in events))
    assert rig.log.append(command(draft("inc_1/op"))).seq_to == 1
    assert heard == [1]


def test_a_listener_that_writes_is_told_off(rig: SqlRig) -> None:
    told: list[str] = []

    def writing(_events: object) -> None:
        try:
            rig.log.append(command(draft("inc_2/op")))
        except RuntimeError as error:
            told.append(str(error))

    rig.log.subscribe(writing)
    rig.log.append(command(draft("inc_1/op")))
    assert ["must not write" in words for words in told] == [True]

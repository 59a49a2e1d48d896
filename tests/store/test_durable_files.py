"""Files beside the database: a short write or a death in the middle costs the unfinished line alone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jru.bootstrap import build
from jru.clock import SeededRandom, SystemClock
from jru.config import Settings
from jru.durable import OpenSecret, add_lines, secret_file
from jru.exchange.oidc.client import OidcDirectory
from jru.services.ports import Head
from jru.services.retention_ports import Erased
from jru.store.audit_spool import FileSpool
from jru.store.checkpoints import HeadRecords, read_head_records, signing_key
from jru.store.erasure_register import FileRegister
from jru.store.witnessing import Checkpoint, last_seen, take_checkpoint, witness
from tests.store.rigs import START_US, accessed, command, draft, sqlite_rig

ORIGIN = "log_example"


@dataclass(frozen=True)
class Kept:
    """A file of lines: adding the n-th, and the numbers that a new process reads."""

    path: Path
    add: Callable[[int], object]
    read: Callable[[], list[int]]


def spool(folder: Path) -> Kept:
    def read() -> list[int]:
        taken = FileSpool(folder).take()
        if taken is None:
            return []
        aside = folder / "spool" / f"{taken[0]}.taken.jsonl"
        aside.rename(folder / "spool" / "access.jsonl")
        numbers = [int(entry.records[0]) for entry in taken[1]]
        assert FileSpool(folder).waiting() == len(numbers)
        return numbers

    def add(number: int) -> None:
        FileSpool(folder).keep([accessed(str(number))])

    return Kept(folder / "spool" / "access.jsonl", add, read)


def heads(folder: Path) -> Kept:
    def add(number: int) -> None:
        end = Head(number, bytes([number]) * 32, START_US)
        HeadRecords(folder, ORIGIN, SeededRandom(1)).record(end, end, START_US)

    def read() -> list[int]:
        lines = read_head_records(folder, ORIGIN)
        assert lines.problems == ()
        return [record.seq for record in lines.records]

    return Kept(folder / "heads" / "2019-08-16.jsonl", add, read)


def register(folder: Path) -> Kept:
    def kept() -> FileRegister:
        return FileRegister(folder, ORIGIN, SeededRandom(1))

    def add(number: int) -> None:
        parts = (("police", number, 1, "00" * 32),)
        kept().note(Erased(f"era_{number}", number, "police", "police_log", "Wörter.", "clause", parts))

    return Kept(folder / "erasures.jsonl", add, lambda: [int(line.erasure_id[4:]) for line in kept().lines()])


def witnessed(folder: Path) -> Kept:
    mine, theirs = folder / "mine", folder / "theirs"
    mine.mkdir()
    theirs.mkdir()
    rig = sqlite_rig(mine)
    taken: list[Checkpoint] = []
    for number in range(1, 5):
        rig.log.append(command(draft(f"inc_{number}/op"), accesses=(accessed(f"inc_{number}"),)))
        since = taken[-1] if taken else None
        taken.append(take_checkpoint(rig.store, signing_key(mine, SeededRandom(1)), START_US, since))
    rig.close()
    origin = taken[0].origin

    def add(number: int) -> None:
        witness(theirs, signing_key(theirs, SeededRandom(5)), taken[number - 1], START_US)

    def read() -> list[int]:
        last = last_seen(theirs, origin)
        return list(range(1, last.ends[0][0] + 1)) if last else []

    add(1)
    [path] = (theirs / "witnessed").iterdir()
    path.unlink()
    return Kept(path, add, read)


MAKERS = [spool, heads, register, witnessed]


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    made: Kept = request.param(tmp_path)
    return made


def test_a_death_at_any_byte_of_the_last_line_leaves_the_lines_before_it_and_room_for_more(
    kept: Kept,
) -> None:
    for number in (1, 2):
        kept.add(number)
    before = kept.path.read_bytes()
    kept.add(3)
    whole = kept.path.read_bytes()
    assert kept.read() == [1, 2, 3]
    for length in range(len(before), len(whole)):
        kept.path.write_bytes(whole[:length])
        there = [1, 2, 3] if length == len(whole) - 1 else [1, 2]
        assert kept.read() == there, length
        kept.add(len(there) + 1)
        assert kept.read() == [*there, len(there) + 1], length


def test_a_disk_that_takes_some_bytes_at_a_time_gets_every_line_whole(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, some: real(handle, bytes(some)[:7]))
    for number in (1, 2, 3):
        kept.add(number)
    assert kept.read() == [1, 2, 3]


@pytest.mark.parametrize("room", [0, 1, 40])
def test_a_disk_that_fills_in_the_middle_of_a_line_keeps_nothing_of_it_and_says_so(
    kept: Kept, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.add(1)
    before = kept.path.read_bytes()
    real, left = os.write, [room]

    def full(handle: int, some: Any) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, "no room")
        left[0] -= (written := real(handle, bytes(some)[: left[0]]))
        return written

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="no room"):
            kept.add(2)
    assert kept.path.read_bytes() == before
    kept.add(2)
    assert kept.read() == [1, 2]


def test_only_the_owner_may_read_what_is_added(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    add_lines(path, b"one\n")
    assert path.stat().st_mode & 0o777 == 0o600


SECRETS = ["head.key", "seal.key", "identity.key"]


def start(folder: Path) -> None:
    build(Settings(data=folder), clock=SystemClock(), random=SeededRandom(1)).close()


def test_the_keys_of_an_installation_are_its_owners_alone_and_refused_when_they_are_not(
    tmp_path: Path,
) -> None:
    start(tmp_path)
    keys = tmp_path / "keys"
    assert {name: (keys / name).stat().st_mode & 0o777 for name in SECRETS} == dict.fromkeys(SECRETS, 0o600)
    assert keys.stat().st_mode & 0o777 == 0o700
    before = {name: (keys / name).read_bytes() for name in SECRETS}
    for name in SECRETS:
        (keys / name).chmod(0o640)
        with pytest.raises(OpenSecret, match=f"chmod 600 .*{name}"):
            start(tmp_path)
        (keys / name).chmod(0o600)
    start(tmp_path)
    assert {name: (keys / name).read_bytes() for name in SECRETS} == before


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o610, 0o604, 0o602, 0o601])
def test_a_secret_that_anybody_else_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys" / "example.key"
    assert secret_file(path, lambda: b"first") == b"first"
    path.chmod(mode)
    with pytest.raises(OpenSecret):
        secret_file(path, lambda: b"second")
    path.chmod(0o400)
    assert secret_file(path, lambda: b"second") == b"first"


def test_a_process_that_dies_while_it_makes_a_key_leaves_no_half_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "example.key"
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            secret_file(path, lambda: b"first")
    assert not path.exists()
    assert secret_file(path, lambda: b"second") == b"second"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def interrupted(_handle: int) -> None:
    raise KeyboardInterrupt


STARTS = """
import os, sys
from pathlib import Path
from jru.durable import put_whole, secret_file

path, word, held_at = Path(sys.argv[1]), sys.argv[2].encode(), sys.argv[3]
real = os.fsync

def held(where):
    if where == held_at:
        print("there", flush=True)
        sys.stdin.readline()

def fsync(handle):
    real(handle)
    held("written")

def make():
    held("making")
    return word

os.fsync = fsync
found = secret_file(path, make)
os.fsync = real
put_whole(path.with_name("public"), b"public", 0o644)
print(found.decode(), flush=True)
"""


@pytest.mark.parametrize("held_at", ["making", "written"])
def test_two_starts_at_once_have_one_key(tmp_path: Path, held_at: str) -> None:
    path = tmp_path / "keys" / "example.key"
    command = [sys.executable, "-c", STARTS, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([*command, "first", held_at], **pipes) as first:  # type: ignore[call-overload]
        assert first.stdout.readline() == "there\n"
        second = subprocess.run([*command, "second", "nowhere"], capture_output=True, text=True, check=True)
        told, _ = first.communicate("\n" * 3, timeout=60)
    assert second.stdout == "second\n"
    assert told.split()[-1:] == ["second"]
    assert first.returncode == 0
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, "public"]


def test_a_client_secret_that_others_may_read_is_refused_at_the_start(tmp_path: Path) -> None:
    secret = tmp_path / "oidc-directory.example.secret"
    secret.write_text("example")
    secret.chmod(0o644)
    with pytest.raises(OpenSecret):
        OidcDirectory(SystemClock(), tmp_path)

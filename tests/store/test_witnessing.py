"""Each service witnesses the other's log: what is cut, forked, restored or forged is refused, and said where."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner, Result

from jru.bootstrap import build
from jru.cli import app
from jru.clock import SeededRandom, SystemRandom, VirtualClock
from jru.config import Settings
from jru.domain.agency import Agency, Role
from jru.errors import InvalidInput
from jru.services.access import Viewer
from jru.store.checkpoints import signing_key
from jru.store.opening import open_for_reading
from jru.store.witnessing import (
    Checkpoint,
    LogNotContinued,
    as_text,
    last_seen,
    parse,
    take_checkpoint,
    witness,
)
from tests.store.rigs import PAYLOAD_STORES, START, START_US, SqlRig, accessed, command, draft, sqlite_rig


@dataclass
class Pair:
    """The log of one service and the directory of the other."""

    rig: SqlRig
    other: Path

    def grow(self, events: int = 3) -> None:
        """Add events and accesses."""
        done = self.rig.log.head().seq
        for number in range(done + 1, done + events + 1):
            self.rig.log.append(command(draft(f"inc_{number}/op"), accesses=(accessed(f"inc_{number}"),)))

    def take(self, since: Checkpoint | None = None) -> Checkpoint:
        """Sign where the log ends."""
        store = open_for_reading(self.rig.url, self.rig.directory, PAYLOAD_STORES)
        try:
            return take_checkpoint(store, self.key, START_US, since)
        finally:
            store.close()

    def look(self, checkpoint: Checkpoint) -> Checkpoint:
        """Let the other service look at it."""
        return witness(self.other, signing_key(self.other, SeededRandom(5)), checkpoint, START_US)

    @property
    def key(self) -> Ed25519PrivateKey:
        return signing_key(self.rig.directory, SystemRandom())


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    (tmp_path / "mine").mkdir()
    (tmp_path / "theirs").mkdir()
    made = Pair(sqlite_rig(tmp_path / "mine"), tmp_path / "theirs")
    yield made
    made.rig.close()


def signed_anew(pair: Pair, checkpoint: Checkpoint) -> Checkpoint:
    return replace(checkpoint, signature=pair.key.sign(checkpoint.signed_bytes))


def test_a_log_that_grows_is_witnessed_again_and_again(pair: Pair) -> None:
    pair.grow()
    one = pair.look(pair.take())
    for _ in range(3):
        pair.grow()
        one = pair.look(pair.take(one))
    assert [end[0] for end in one.ends] == [12, 12]
    kept = last_seen(pair.other, one.origin)
    assert kept is not None
    assert kept.ends == one.ends
    assert len(one.witnesses) == 1


def test_a_log_that_stands_still_is_witnessed(pair: Pair) -> None:
    pair.grow()
    one = pair.look(pair.take())
    assert pair.look(pair.take(one)).ends == one.ends


def test_a_checkpoint_is_read_as_it_was_written(pair: Pair) -> None:
    pair.grow()
    one = pair.look(pair.take())
    pair.grow()
    two = pair.look(pair.take(one))
    assert parse(as_text(two)) == two
    assert "inc_" not in as_text(two)


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"origin":1}', "\x00", '{"origin":"a","event":{"seq":"x"}}']
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse(text)


def test_a_cut_log_is_refused(pair: Pair) -> None:
    pair.grow(5)
    pair.look(pair.take())
    shorter = pair.take()
    cut = signed_anew(pair, replace(shorter, ends=((3, b"x" * 32), shorter.ends[1])))
    with pytest.raises(
        LogNotContinued, match=r"ended at event 5 .* ends at event 3 now: it was cut"
    ) as refused:
        pair.look(cut)
    assert refused.value.data == {"chain": "event", "seq": 3}


def test_a_cut_access_log_is_refused(pair: Pair) -> None:
    pair.grow(5)
    seen = pair.look(pair.take())
    cut = signed_anew(pair, replace(pair.take(), ends=(seen.ends[0], (2, b"x" * 32))))
    with pytest.raises(LogNotContinued, match="ends at access 2 now"):
        pair.look(cut)


def test_a_restored_old_copy_is_refused_by_both_sides(pair: Pair) -> None:
    pair.grow(2)
    pair.rig.close()
    copy = pair.rig.directory.with_name("copy")
    shutil.copytree(pair.rig.directory, copy)
    pair.rig._open()
    pair.grow(4)
    last = pair.look(pair.take())
    pair.rig.close()
    shutil.copy(copy / "jru.sqlite", pair.rig.directory / "jru.sqlite")
    shutil.rmtree(pair.rig.directory / "heads")
    pair.rig._open()
    with pytest.raises(LogNotContinued, match="This log does not hold event 6 as it was signed"):
        pair.take(last)
    with pytest.raises(LogNotContinued, match="it was cut"):
        pair.look(pair.take())
    for number in range(7):
        pair.rig.log.append(command(draft(f"other_{number}/op"), accesses=(accessed("inc_x"),)))
    with pytest.raises(LogNotContinued, match="This log does not hold event 6"):
        pair.take(last)


def test_a_forked_log_is_refused_naming_the_event(pair: Pair) -> None:
    pair.grow(3)
    first = pair.look(pair.take())
    pair.grow(2)
    good = pair.take(first)
    seq, _prev, own = good.links[0][0]
    forked = ((seq, b"f" * 32, own), *good.links[0][1:])
    with pytest.raises(LogNotContinued, match="Event 4 does not continue event 3") as refused:
        pair.look(signed_anew(pair, replace(good, links=(forked, good.links[1]))))
    assert refused.value.data == {"chain": "event", "seq": 4}
    same_length = signed_anew(pair, replace(pair.take(), ends=(first.ends[0], (3, b"f" * 32))))
    with pytest.raises(LogNotContinued, match="Access 3 is not the one that was seen"):
        pair.look(same_length)


def test_links_that_are_left_out_are_asked_for(pair: Pair) -> None:
    pair.grow(3)
    first = pair.look(pair.take())
    pair.grow(2)
    with pytest.raises(LogNotContinued, match="links from event 3 to event 5") as refused:
        pair.look(pair.take())
    assert "--since" in refused.value.remedy
    good = pair.take(first)
    with pytest.raises(LogNotContinued, match="links from access 3 to access 5"):
        pair.look(signed_anew(pair, replace(good, links=(good.links[0], good.links[1][:1]))))


def test_a_flipped_bit_is_refused(pair: Pair) -> None:
    pair.grow(3)
    first = pair.look(pair.take())
    pair.grow(2)
    good = pair.take(first)
    (seq, digest), access = good.ends
    flipped = bytes([digest[0] ^ 1]) + digest[1:]
    for forged in (
        replace(good, ends=((seq, flipped), access)),
        replace(good, at_us=good.at_us + 1),
        replace(good, links=(good.links[1], good.links[0])),
        replace(good, signature=bytes(64)),
    ):
        with pytest.raises(LogNotContinued, match="signature"):
            pair.look(forged)


def test_another_key_is_refused(pair: Pair) -> None:
    pair.grow(3)
    pair.look(pair.take())
    stranger = signing_key(pair.other.with_name("stranger"), SeededRandom(9))
    store = open_for_reading(pair.rig.url, pair.rig.directory, PAYLOAD_STORES)
    with pytest.raises(LogNotContinued, match="another key"):
        pair.look(take_checkpoint(store, stranger, START_US, None))
    store.close()


def test_a_refused_checkpoint_is_not_kept(pair: Pair) -> None:
    pair.grow(3)
    first = pair.look(pair.take())
    with pytest.raises(LogNotContinued):
        pair.look(replace(first, signature=bytes(64)))
    assert last_seen(pair.other, first.origin) == first.bare()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_two_services_exchange_files(tmp_path: Path) -> None:
    data, other = tmp_path / "police", tmp_path / "ambulance"
    system = build(Settings(data=data), clock=VirtualClock(START), random=SeededRandom(3))
    viewer = Viewer("token:example", "Example", Agency.POLICE, Role.POLICE_DISPATCHER)
    system.services.ground.auditing.disclosed(
        viewer, ["inc_1"], [], owner=Agency.POLICE, why="example", recipients=["court"]
    )
    system.close()
    one, seen = tmp_path / "one.json", tmp_path / "seen.json"
    said = run("log", "checkpoint", "--data", str(data), "--out", str(one))
    assert said.exit_code == 0
    assert "ends at event 1 and access 1" in said.stderr
    assert run("log", "witness", str(one), "--data", str(other), "--out", str(seen)).exit_code == 0
    assert len(json.loads(seen.read_text())["witnesses"]) == 1
    again = run("log", "checkpoint", "--data", str(data), "--since", str(seen))
    assert json.loads(again.stdout)["access"]["links"] == []
    one.write_text(one.read_text().replace('"seq":1', '"seq":2'))
    refused = run("log", "witness", str(one), "--data", str(other))
    assert isinstance(refused.exception, LogNotContinued)
    absent = run("log", "witness", str(tmp_path / "none"), "--data", str(other))
    assert isinstance(absent.exception, InvalidInput)

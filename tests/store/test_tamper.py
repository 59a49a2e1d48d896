"""Whoever changes the database behind the log's back is found out."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from jru.clock import SeededRandom
from jru.errors import NotFound
from jru.services.ports import StoredEvent
from jru.store.engines import writer_engine
from jru.store.hashing import HASHED_COLUMNS, event_hash
from jru.store.opening import DamagedLog, ReadStore, open_for_reading
from jru.store.payloads import PayloadStore, StoredPart
from jru.store.verify import Verification, verify
from tests.store.rigs import PAYLOAD_STORES, SqlRig, command, draft, part, row, sqlite_rig

EVENTS = 30


@pytest.fixture
def closed(sql_rig: SqlRig) -> SqlRig:
    """A database with some events, closed in order, so that its head is signed."""
    fill(sql_rig, EVENTS)
    sql_rig.close()
    return sql_rig


def fill(rig: SqlRig, events: int) -> None:
    done = rig.log.head().seq
    for number in range(done + 1, done + events + 1):
        parts = (part("police", b"Caller Example %d" % number), part("patient", b"asthma", 2))
        stream, version = f"inc_{number % 5}/op", (number - 1) // 5 + 1
        rig.log.append(
            command(draft(stream, version, b'{"n":%d}' % number, parts), states=(row(stream, version),))
        )


def checked(rig: SqlRig) -> Verification:
    """Verify as `jru log verify` does: from outside."""
    store = open_for_reading(rig.url, rig.directory, PAYLOAD_STORES)
    try:
        return verify(store)
    finally:
        store.close()


def change(rig: SqlRig, *statements: str, **values: Any) -> None:
    """Change the database as somebody with all rights would, triggers off."""
    engine = writer_engine(open_url(rig))
    with engine.begin() as connection:
        _drop_guards(connection)
        for statement in statements:
            connection.execute(text(statement), values)
    engine.dispose()


def open_url(rig: SqlRig) -> Any:
    return rig.store.url


def _drop_guards(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS event_no_{verb}"))
    else:
        connection.execute(text("DROP TRIGGER IF EXISTS event_append_only ON event"))


def seqs(result: Verification) -> set[int]:
    return {finding.seq for finding in result.findings}


def test_an_untouched_log_is_intact_and_its_end_secured(closed: SqlRig) -> None:
    result = checked(closed)
    assert result.intact
    assert (result.events, result.head.seq, result.secured_seq) == (EVENTS, EVENTS, EVENTS)
    assert (result.parts_held, result.parts_erased) == (2 * EVENTS, 0)


@pytest.mark.parametrize(
    "verb", ["UPDATE event SET actor = 'somebody'", "DELETE FROM event", "DELETE FROM checkpoint"]
)
def test_the_log_cannot_be_changed_by_accident(closed: SqlRig, verb: str) -> None:
    engine = writer_engine(open_url(closed))
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(verb))
    engine.dispose()
    assert checked(closed).intact


def test_a_change_of_any_column_is_found(closed: SqlRig) -> None:
    for column in [*HASHED_COLUMNS, "hash"]:
        if column == "seq":
            continue
        other = _other_value(column)
        before = _value(closed, column)
        change(closed, f"UPDATE event SET {column} = :value WHERE seq = 7", value=other)
        assert 7 in seqs(checked(closed)), column
        change(closed, f"UPDATE event SET {column} = :value WHERE seq = 7", value=before)
        assert checked(closed).intact, column


def _other_value(column: str) -> object:
    if column in ("data", "parts"):
        return b'{"n":8}' if column == "data" else b"[]"
    if column in ("prev", "hash"):
        return b"\x01" * 32
    if column in ("stream", "kind", "event_id", "device", "actor", "agency", "purpose", "idem_key"):
        return "another"
    return 77


def _value(rig: SqlRig, column: str) -> object:
    engine = writer_engine(open_url(rig))
    with engine.connect() as connection:
        value: object = connection.execute(text(f"SELECT {column} FROM event WHERE seq = 7")).scalar()
    engine.dispose()
    return value


def test_a_deleted_event_is_found(closed: SqlRig) -> None:
    change(closed, "DELETE FROM event WHERE seq = 12")
    result = checked(closed)
    assert any(finding.what == "event 12 is not there" for finding in result.findings)


def test_a_deleted_event_is_found_even_when_the_rest_is_renumbered(closed: SqlRig) -> None:
    change(
        closed,
        "DELETE FROM event WHERE seq = 12",
        "UPDATE event SET seq = -seq WHERE seq > 12",
        "UPDATE event SET seq = -seq - 1 WHERE seq < 0",
    )
    assert not checked(closed).intact


def test_an_inserted_event_is_found(closed: SqlRig) -> None:
    given = ("seq", "stream", "idem_key")
    others = ", ".join(name for name in (*HASHED_COLUMNS, "hash", "feed_epoch") if name not in given)
    copied = f"SELECT {EVENTS + 1}, 'forged', 'forged', {others} FROM event WHERE seq = {EVENTS}"
    change(closed, f"INSERT INTO event (seq, stream, idem_key, {others}) {copied}")
    result = checked(closed)
    assert seqs(result) == {EVENTS + 1}


def test_two_events_swapped_are_found(closed: SqlRig) -> None:
    change(
        closed,
        "UPDATE event SET seq = -1 WHERE seq = 10",
        "UPDATE event SET seq = 10 WHERE seq = 11",
        "UPDATE event SET seq = 11 WHERE seq = -1",
    )
    assert {10, 11} <= seqs(checked(closed))


def test_a_cut_end_is_found_by_the_signed_head(closed: SqlRig) -> None:
    change(closed, f"DELETE FROM event WHERE seq > {EVENTS - 3}", *_without_parts(EVENTS - 3, closed))
    result = checked(closed)
    assert [finding.seq for finding in result.findings] == [EVENTS]
    assert "it was cut" in result.findings[0].what
    with pytest.raises(DamagedLog, match="signed record"):
        closed._open()


def _without_parts(last: int, rig: SqlRig) -> list[str]:
    schemas = rig.store.engine.dialect.name == "postgresql"
    return [
        f"DELETE FROM {name + '.' if schemas else ''}payload_{name} WHERE seq > {last}"
        for name in ("operational", "police", "patient")
    ]


def test_a_log_written_anew_with_right_hashes_is_found_by_the_signed_head(closed: SqlRig) -> None:
    store = open_for_reading(closed.url, closed.directory, PAYLOAD_STORES)
    rewrite = rehashed(
        store, lambda columns: {**columns, "actor": "somebody_else"} if columns["seq"] == 20 else columns
    )
    store.close()
    engine = writer_engine(open_url(closed))
    with engine.begin() as connection:
        _drop_guards(connection)
        for columns in rewrite:
            connection.execute(
                text("UPDATE event SET actor = :actor, prev = :prev, hash = :hash WHERE seq = :seq"), columns
            )
    engine.dispose()
    result = checked(closed)
    assert [finding.seq for finding in result.findings] == [EVENTS]
    assert "rewritten" in result.findings[0].what


def rehashed(
    store: ReadStore, change_one: Callable[[dict[str, Any]], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return all rows with a change and a chain that fits it."""
    engine: Engine = store.engine
    with engine.connect() as connection:
        rows = (
            connection.execute(text(f"SELECT {', '.join(HASHED_COLUMNS)} FROM event ORDER BY seq"))
            .mappings()
            .all()
        )
    result, before = [], bytes(32)
    for row_ in rows:
        columns = change_one({**row_, "prev": before})
        before = event_hash([columns[name] for name in HASHED_COLUMNS])
        result.append({**columns, "hash": before})
    return result


def test_changed_personal_content_is_found(closed: SqlRig) -> None:
    schema = "police." if closed.store.engine.dialect.name == "postgresql" else ""
    change(
        closed, f"UPDATE {schema}payload_police SET content = :other WHERE seq = 3", other=b"Somebody Else"
    )
    result = checked(closed)
    assert [(finding.seq, "not what was written" in finding.what) for finding in result.findings] == [
        (3, True)
    ]


def test_personal_content_that_was_put_in_is_found(closed: SqlRig) -> None:
    schema = "police." if closed.store.engine.dialect.name == "postgresql" else ""
    for seq in (5, EVENTS + 9):
        change(
            closed,
            f"INSERT INTO {schema}payload_police VALUES (:seq, 7, 'identity', :salt, :content)",
            seq=seq,
            salt=bytes(32),
            content=b"x",
        )
    assert seqs(checked(closed)) == {5, EVENTS + 9}


def test_erasure_is_counted_and_breaks_nothing(sql_rig: SqlRig) -> None:
    fill(sql_rig, 5)
    assert sql_rig.erase(2, 1)
    assert not sql_rig.erase(2, 9)
    result = checked(sql_rig)
    assert result.intact
    assert (result.parts_held, result.parts_erased) == (9, 1)


def test_erased_content_is_nowhere_on_the_disk(tmp_path: Path) -> None:
    rig = sqlite_rig(tmp_path)
    secret = b"Caller Example Unmistakable 7d1f"
    rig.log.append(command(draft("inc_1/op", parts=(part("police", secret),))))
    fill_others = [command(draft(f"inc_{n}/op", parts=(part("police", b"x" * 50),))) for n in range(2, 40)]
    for other in fill_others:
        rig.log.append(other)
    assert any(secret in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    rig.erase(1, 1)
    assert not any(secret in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    rig.close()


def test_a_running_log_can_be_verified(sql_rig: SqlRig) -> None:
    heard: list[StoredEvent] = []
    sql_rig.log.subscribe(heard.extend)
    fill(sql_rig, 4)
    assert checked(sql_rig).events == 4
    fill(sql_rig, 1)
    assert checked(sql_rig).head.hash == heard[-1].hash


def test_a_damaged_end_refuses_more_events(closed: SqlRig) -> None:
    change(closed, f"UPDATE event SET actor = 'somebody' WHERE seq = {EVENTS - 1}")
    with pytest.raises(DamagedLog, match=f"event {EVENTS - 1}"):
        closed._open()


def test_single_bit_flips_in_the_log_are_found(tmp_path: Path) -> None:
    rig = sqlite_rig(tmp_path)
    fill(rig, 60)
    rig.close()
    path = tmp_path / "jru.sqlite"
    whole = path.read_bytes()
    places = _event_bytes(path, whole)
    random = SeededRandom("bit flips")
    missed = []
    for _ in range(60):
        place, bit = random.choice(places), random.below(8)
        path.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << bit)]) + whole[place + 1 :])
        if _looks_intact(rig):
            missed.append((place, bit))
    path.write_bytes(whole)
    assert missed == []
    assert checked(rig).intact


def _looks_intact(rig: SqlRig) -> bool:
    for leftover in ("-wal", "-shm"):
        (rig.directory / f"jru.sqlite{leftover}").unlink(missing_ok=True)
    try:
        return checked(rig).intact
    except (DBAPIError, NotFound):
        return False


def _event_bytes(path: Path, whole: bytes) -> list[int]:
    """Return where in the file the contents of events lie."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT event_id, data, prev, hash, parts FROM event").fetchall()
    connection.close()
    places: list[int] = []
    for row_ in rows:
        for value in row_:
            piece = value.encode() if isinstance(value, str) else value
            start = whole.find(piece)
            assert start >= 0
            places.extend(range(start, start + len(piece)))
    return places


def test_a_torn_last_head_record_is_no_forgery(closed: SqlRig) -> None:
    (heads,) = (closed.directory / "heads").iterdir()
    with heads.open("ab") as file:
        file.write(b'{"origin":"log_')
    result = checked(closed)
    assert result.intact
    assert result.torn_records == 1


def test_a_forged_head_record_is_found(closed: SqlRig) -> None:
    (heads,) = (closed.directory / "heads").iterdir()
    lines = heads.read_text().replace(f'"seq":{EVENTS},', f'"seq":{EVENTS - 1},')
    heads.write_text(lines)
    result = checked(closed)
    assert any("the signature does not fit" in finding.what for finding in result.findings)
    assert result.secured_seq == 0


def test_the_key_is_readable_by_its_owner_only(closed: SqlRig) -> None:
    assert (closed.directory / "keys" / "head.key").stat().st_mode & 0o077 == 0


class Grown:
    """Payload stores of a log that another process adds an event to, just before what lies beyond its end is read."""

    def __init__(self, rig: SqlRig, payloads: PayloadStore) -> None:
        self._rig, self._payloads, self.name = rig, payloads, payloads.name

    def between(self, seq_from: int, seq_to: int) -> Iterator[StoredPart]:
        if seq_from > EVENTS:
            fill(self._rig, 1)
        yield from self._payloads.between(seq_from, seq_to)


def test_an_event_that_is_added_while_the_log_is_checked_is_no_finding(sql_rig: SqlRig) -> None:
    fill(sql_rig, EVENTS)
    payloads: Any = {name: Grown(sql_rig, store) for name, store in sql_rig.store.payloads.items()}
    result = verify(replace(sql_rig.store, payloads=payloads))
    assert result.findings == []
    assert result.events == EVENTS
    assert sql_rig.log.head().seq > EVENTS

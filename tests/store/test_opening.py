"""Who may open a log, with which schema, and what is signed when."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jru.clock import SeededRandom, VirtualClock
from jru.errors import Conflict, InvalidInput, JruError, NotFound
from jru.store import past_records, tables
from jru.store.engines import UnsafeSettings, WriteConnection, database_url, writer_engine
from jru.store.opening import open_for_reading, open_store
from jru.store.ownership import FileLock, Holder
from jru.store.upgrade import SCHEMA, ensure_schema, found_schema, migration_config
from tests.store.rigs import PAYLOAD_STORES, START, SqlRig, accessed, command, draft, make_older, sqlite_rig

OTHER_PROCESS = """
import sys
from pathlib import Path
from jru.clock import SeededRandom, SystemClock
from jru.errors import Conflict
from jru.store.opening import open_store
from jru.store.payloads import OperationalRecords
try:
    open_store(sys.argv[1], Path(sys.argv[2]), SystemClock(), SeededRandom(1), [OperationalRecords])
except Conflict as conflict:
    print(conflict.code, conflict.data["holder"]["pid"], conflict)
"""


def test_a_second_process_is_refused_and_told_who_holds_the_log(sql_rig: SqlRig, tmp_path: Path) -> None:
    import os

    arguments = [sys.executable, "-c", OTHER_PROCESS, sql_rig.url, str(tmp_path)]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.splitlines()[-1].startswith(f"store.in_use {os.getpid()} ")
    assert f"process {os.getpid()} on " in said


def test_the_next_process_gets_the_log_when_the_first_has_closed_it(sql_rig: SqlRig) -> None:
    sql_rig.reopen()
    assert sql_rig.log.append(command(draft("inc_1/op"))).seq_to == 1


def test_a_lock_file_without_a_process_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "jru.sqlite.lock"
    path.write_text("not JSON")
    lock = FileLock(path, Holder("i", "h", 1, 2))
    with pytest.raises(Conflict, match="process 1 on h"):
        FileLock(path, Holder("j", "h", 2, 2))
    lock.release()
    FileLock(path, Holder("j", "h", 2, 2)).release()


def test_a_network_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jru.store.ownership._file_system", lambda _directory: "nfs4")
    with pytest.raises(JruError, match=r"network disk \(nfs4\)"):
        sqlite_rig(tmp_path)


def test_unsafe_settings_are_refused(tmp_path: Path) -> None:
    url = database_url(f"sqlite:///{tmp_path / 'x.sqlite'}")
    engine = writer_engine(url)

    class Careless(WriteConnection):
        def one(self, text: str, values: object = ()) -> object:
            return (1,) if text == "PRAGMA synchronous" else super().one(text)

    with pytest.raises(UnsafeSettings, match="synchronous is 1"):
        Careless(engine)


@pytest.mark.postgres
def test_a_careless_postgresql_is_refused(new_postgres: object, tmp_path: Path) -> None:
    url = new_postgres() + "&options=-csynchronous_commit%3Doff"  # type: ignore[operator]
    with pytest.raises(UnsafeSettings, match="synchronous_commit is off"):
        SqlRig(url, tmp_path)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "nonsense"])
def test_only_files_and_postgresql_are_databases(url: str) -> None:
    with pytest.raises(InvalidInput, match="Use sqlite"):
        database_url(url)


def test_the_migrations_make_the_tables_that_the_code_knows(sql_rig: SqlRig) -> None:
    assert past_records.past_record.metadata is tables.metadata
    with writer_engine(sql_rig.store.url).connect() as connection:
        schemas = connection.dialect.name == "postgresql"
        connection = connection.execution_options(schema_translate_map={})
        metadata = tables.metadata if schemas else _flat()
        context = MigrationContext.configure(
            connection, opts={"include_schemas": schemas, "compare_type": True}
        )
        differences = compare_metadata(context, metadata)
    assert differences == []


def _flat() -> object:
    """Return the tables without schemas, as SQLite has them."""
    flat = type(tables.metadata)()
    for table in tables.metadata.sorted_tables:
        table.to_metadata(flat, schema=None)
    return flat


def test_the_schema_number_is_that_of_the_newest_migration(tmp_path: Path) -> None:
    engine = writer_engine(database_url(f"sqlite:///{tmp_path / 'x.sqlite'}"))
    with engine.connect() as connection:
        assert ScriptDirectory.from_config(migration_config(connection)).get_current_head() == SCHEMA


def set_schema(rig: SqlRig, number: str) -> None:
    with writer_engine(rig.store.url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})


def test_an_older_schema_is_named_and_upgraded_only_when_asked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'jru.sqlite'}"
    make_older(url, "0001")
    with pytest.raises(
        Conflict, match=rf"schema 0001; this version needs {SCHEMA}.*jru db upgrade"
    ) as refused:
        ensure_schema(url, auto=False)
    assert refused.value.data == {"found": "0001", "needed": SCHEMA}
    with pytest.raises(Conflict, match="schema 0001"):
        open_for_reading(url, tmp_path, PAYLOAD_STORES)
    assert ensure_schema(url, auto=True) == "0001"
    assert found_schema(url) == SCHEMA
    rig = sqlite_rig(tmp_path)
    rig.log.append(command(draft("inc_1/op")))
    rig.close()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_checkpoints_from_before_the_access_log_are_kept(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'jru.sqlite'}"
    if kind == "postgres":
        url = request.getfixturevalue("bare_postgres")
    make_older(url, "0002")
    engine = writer_engine(database_url(url))
    with engine.begin() as connection:
        row = {"hash": b"h" * 32, "signature": b"s" * 64}
        connection.execute(text("INSERT INTO checkpoint VALUES (7, :hash, 1, 'k', :signature)"), row)
    ensure_schema(url, auto=True)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT * FROM checkpoint")).all()
    assert kept == [(7, b"h" * 32, 0, bytes(32), 1, "k", b"s" * 64)]
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM checkpoint"))
    rig = SqlRig(url, tmp_path)
    rig.access_log.record([accessed("inc_1")])
    rig.close()


def test_a_newer_schema_is_never_touched(tmp_path: Path) -> None:
    rig = sqlite_rig(tmp_path)
    rig.close()
    set_schema(rig, "9999")
    with pytest.raises(Conflict, match="made by a newer version"):
        ensure_schema(rig.url, auto=True)


def test_an_upgrade_that_breaks_off_leaves_the_old_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite'}"

    def break_off(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sqlalchemy.schema.CreateTable.__init__", break_off, raising=True)
    with pytest.raises(KeyboardInterrupt):
        ensure_schema(url, auto=True)
    monkeypatch.undo()
    assert found_schema(url) == ""
    ensure_schema(url, auto=False)
    assert found_schema(url) == SCHEMA


def test_reading_needs_a_log(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no log in"):
        open_for_reading(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path, PAYLOAD_STORES)
    assert list(tmp_path.iterdir()) == []


def head_lines(directory: Path) -> list[dict[str, object]]:
    return [
        json.loads(line)
        for path in sorted((directory / "heads").iterdir())
        for line in path.read_text().splitlines()
    ]


def test_the_head_is_signed_every_minute_and_at_the_end(tmp_path: Path) -> None:
    rig = sqlite_rig(tmp_path)
    rig.log.append(command(draft("inc_1/op", 1)))
    assert head_lines(tmp_path) == []
    rig.clock.advance(61)
    rig.log.append(command(draft("inc_1/op", 2)))
    rig.log.append(command(draft("inc_1/op", 3)))
    assert [line["seq"] for line in head_lines(tmp_path)] == [2]
    rig.clock.advance(timedelta(hours=7).total_seconds())
    rig.log.append(command(draft("inc_1/op", 4)))
    rig.log.append(command(draft("inc_1/op", 5)))
    rig.close()
    assert [line["seq"] for line in head_lines(tmp_path)] == [2, 4, 5]
    assert sorted(path.name for path in (tmp_path / "heads").iterdir()) == [
        "2019-08-16.jsonl",
        "2019-08-17.jsonl",
    ]


def test_nothing_new_is_not_signed_again(tmp_path: Path) -> None:
    rig = sqlite_rig(tmp_path)
    rig.close()
    assert head_lines(tmp_path) == []


def test_the_same_seed_gives_the_same_log(tmp_path: Path) -> None:
    heads = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        rig = sqlite_rig(tmp_path / name)
        for number in range(1, 20):
            rig.clock.advance(10)
            rig.log.append(command(draft("inc_1/op", number), key=f"key-{number}"))
        heads.append(rig.log.head())
        rig.close()
    assert heads[0] == heads[1]


def test_the_write_ahead_log_stays_small(tmp_path: Path) -> None:
    rig = sqlite_rig(tmp_path)
    sizes = []
    for number in range(1, 401):
        rig.log.append(command(draft("inc_1/op", number, data=b"x" * 2_000)))
        sizes.append((tmp_path / "jru.sqlite-wal").stat().st_size)
    assert max(sizes[200:]) <= 1.5 * max(sizes[:200])
    rig.close()
    assert not (tmp_path / "jru.sqlite-wal").exists()


def test_opening_again_with_another_clock_never_turns_time_back(tmp_path: Path) -> None:
    rig = sqlite_rig(tmp_path)
    rig.clock.advance(500)
    before = rig.log.append(command(draft("inc_1/op", 1))).recorded_at_us
    rig.close()
    store = open_store(rig.url, tmp_path, VirtualClock(START), SeededRandom(7), PAYLOAD_STORES)
    assert store.log.append(command(draft("inc_1/op", 2))).recorded_at_us == before
    store.close()

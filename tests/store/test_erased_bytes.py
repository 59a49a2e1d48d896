"""No byte of what was erased is left, and what a restored backup brings back is erased again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from jru.services.retention_ports import Erased
from jru.store.erasure_register import FILE, BadRegister
from tests.services.world import World
from tests.store.kept_job import SECRETS, TABLES, Job
from tests.store.rigs import SqlRig, sqlite_rig


def files_of(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file())


def test_no_byte_of_what_was_erased_is_left_in_the_files_of_sqlite(
    new_sqlite: Callable[[], SqlRig], tmp_path: Path
) -> None:
    rig = new_sqlite()
    job = Job(rig)
    before = files_of(rig.directory)
    assert all(words.encode() in before for words in SECRETS.values())
    job.pass_days(60)
    job.run()
    after = files_of(rig.directory)
    assert [name for name, words in SECRETS.items() if words.encode() in after] == []
    assert Path(f"{rig.directory / 'jru.sqlite'}-wal").stat().st_size == 0


@pytest.fixture
def new_sqlite(tmp_path: Path) -> Any:
    rigs: list[SqlRig] = []

    def make() -> SqlRig:
        rigs.append(sqlite_rig(tmp_path))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


@pytest.mark.postgres
def test_no_row_of_what_was_erased_is_left_in_the_tables_of_postgresql(
    new_postgres: Callable[[], str], tmp_path: Path
) -> None:
    rig = SqlRig(new_postgres(), tmp_path)
    try:
        job = Job(rig)
        job.pass_days(60)
        job.run()
        plain = make_url(rig.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            [place] = connection.execute("SHOW data_directory").fetchone() or [""]
            found = []
            for table in TABLES:
                [file] = connection.execute("SELECT pg_relation_filepath(%s)", (table,)).fetchone() or [""]
                raw = Path(place, file).read_bytes()
                found += [(table, name) for name, words in SECRETS.items() if words.encode() in raw]
        assert found == []
    finally:
        rig.close()


def test_what_a_restored_backup_brings_back_is_erased_again_and_nothing_else(
    new_sqlite: Callable[[], SqlRig],
) -> None:
    rig = new_sqlite()
    job = Job(rig)
    rig.store.close()
    database = rig.directory / "jru.sqlite"
    backup = database.read_bytes()
    rig._open()
    job = replace_world(job, rig)
    job.pass_days(11)
    job.run()
    rig.store.close()
    database.write_bytes(backup)
    (rig.directory / "heads").rename(rig.directory / "heads-before")
    rig._open()
    job = replace_world(job, rig)
    assert job.held() == set(SECRETS)
    lines = job.world.services.eraser.replay()
    assert sum(len(line.parts) for line in lines) > 0
    assert job.held() == {"findings"}
    assert {e.kind for e in rig.log.read(0, 10_000) if b'"restored"' in e.data} == {"ContentErased"}
    assert job.world.services.eraser.replay() == []
    assert rig.intact()


def replace_world(job: Job, rig: SqlRig) -> Job:
    """Return the same job on a store that was opened again."""
    job.rig = rig
    job.world = World(store=rig, clock=rig.clock)
    return job


def test_a_line_of_the_register_never_hits_another_part_that_took_its_number(
    new_sqlite: Callable[[], SqlRig],
) -> None:
    rig = new_sqlite()
    job = Job(rig)
    [held, *_] = rig.holdings.parts_of([f"{job.incident}/op"])
    parts = (("operational", held.event.seq, held.ref.number, "00" * 32),)
    other = Erased("era_1", 1, "police", "police_log", "Words.", "clause", parts)
    rig.register.note(other)
    assert job.world.services.eraser.replay() == []
    assert job.held() == set(SECRETS)


def test_a_register_that_was_changed_erases_nothing(new_sqlite: Callable[[], SqlRig]) -> None:
    rig = new_sqlite()
    job = Job(rig)
    job.pass_days(11)
    job.run()
    path = rig.directory / FILE
    kept = path.read_text()
    path.write_text(kept + '{"torn": ')
    assert len(rig.register.lines()) == len(kept.splitlines())
    path.write_text(kept.replace("police_log", "police_lag", 1))
    with pytest.raises(BadRegister, match="Line 2"):
        rig.register.lines()

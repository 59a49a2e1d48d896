"""A reader gets no more than its scope, whatever it asks for; on PostgreSQL the database sees to it as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from jru.domain.agency import Agency, Label
from jru.services.grants import GRANTS
from jru.services.ports import EVERYTHING, PartDraft, Scope
from jru.store.payloads import READER_ROLE, settings_of
from jru.store.upgrade import ensure_schema
from tests.services.table import viewers
from tests.store.conftest import NewDatabase
from tests.store.rigs import Rig, command, draft

KEPT = (
    ("operational", Label.OPERATIONAL),
    ("operational", Label.SAFETY),
    ("police", Label.IDENTITY),
    ("police", Label.POLICE_INTEL),
    ("police", Label.POLICE_EVIDENCE),
    ("police", Label.STAFF),
    ("patient", Label.IDENTITY),
    ("patient", Label.CLINICAL),
    ("patient", Label.STAFF),
)
OWNERS = {"operational": None, "police": Agency.POLICE, "patient": Agency.AMBULANCE}


def parts() -> tuple[PartDraft, ...]:
    """Return one part for each label that each store keeps."""
    return tuple(
        PartDraft(number, label, store, bytes(32), f"{store} {label}".encode())
        for number, (store, label) in enumerate(KEPT)
    )


def seen(rig: Rig, scope: Scope) -> set[tuple[str, Label]]:
    """Return what a reader is handed who asks for everything."""
    asked = [(1, number) for number in range(len(KEPT))]
    found = {name: store.get_many(asked, scope) for name, store in rig.payloads.items()}
    return {KEPT[number] for contents in found.values() for _, number in contents}


def test_a_reader_is_handed_what_lies_within_its_scope_and_nothing_else(rig: Rig) -> None:
    rig.log.append(command(draft("inc_1/op", parts=parts())))
    assert seen(rig, EVERYTHING) == set(KEPT)
    assert seen(rig, Scope(frozenset(), frozenset())) == set()
    for viewer in viewers():
        labels = frozenset(GRANTS[viewer.role])
        expected = {(s, k) for s, k in KEPT if k in labels and OWNERS[s] in (None, viewer.agency)}
        assert seen(rig, Scope(frozenset({viewer.agency}), labels)) == expected, viewer.subject


def test_after_a_refused_reader_the_next_one_is_not_held_to_its_scope(rig: Rig) -> None:
    rig.log.append(command(draft("inc_1/op", parts=parts())))
    for _ in range(20):
        assert seen(rig, Scope(frozenset({Agency.POLICE}), frozenset({Label.STAFF}))) == {
            ("police", Label.STAFF)
        }
        assert seen(rig, EVERYTHING) == set(KEPT)


@pytest.fixture(scope="module")
def filled_postgres(new_postgres: NewDatabase) -> str:
    """A log in PostgreSQL with one part of every kind; its tables belong to somebody who is no superuser."""
    url = new_postgres()
    with psycopg.connect(_plain(url), autocommit=True) as server:
        server.execute(
            "DO $$ BEGIN CREATE ROLE wall_owner LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation "
            "THEN NULL; END $$"
        )
        for number, (store, label) in enumerate(KEPT):
            server.execute(
                f"INSERT INTO {store}.payload_{store} VALUES (1, %s, %s, %s, %s)",
                (number, label.value, bytes(32), b"content"),
            )
        for store in OWNERS:
            server.execute(f"GRANT USAGE ON SCHEMA {store} TO wall_owner")
            server.execute(f"ALTER TABLE {store}.payload_{store} OWNER TO wall_owner")
    return url


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def acting(url: str, role: str | None, *settings: tuple[str, str]) -> Iterator[Any]:
    """Open a transaction as a role with settings, without a line of the product in between."""
    with psycopg.connect(_plain(url)) as connection:
        for name, value in settings:
            connection.execute("SELECT set_config(%s, %s, true)", (name, value))
        if role is not None:
            connection.execute("SELECT set_config('role', %s, true)", (role,))
        yield connection


def rows(connection: Any) -> set[tuple[str, Label]]:
    found = set()
    for store in OWNERS:
        query = f"SELECT label FROM {store}.payload_{store}"
        found |= {(store, Label(label)) for (label,) in connection.execute(query)}
    return found


@pytest.mark.postgres
def test_the_database_holds_a_reader_to_its_settings(filled_postgres: str) -> None:
    for viewer in viewers():
        scope = Scope(frozenset({viewer.agency}), frozenset(GRANTS[viewer.role]))
        with acting(filled_postgres, None, *settings_of(scope)) as connection:
            expected = {(s, k) for s, k in KEPT if k in scope.labels and OWNERS[s] in (None, viewer.agency)}
            assert rows(connection) == expected, viewer.subject


@pytest.mark.postgres
@pytest.mark.parametrize("role", [READER_ROLE, "wall_owner"])
def test_without_settings_nobody_sees_a_row_not_even_the_owner(filled_postgres: str, role: str) -> None:
    with acting(filled_postgres, role) as connection:
        assert rows(connection) == set()


@pytest.mark.postgres
def test_a_superuser_sees_everything_so_the_product_must_not_be_one(filled_postgres: str) -> None:
    with acting(filled_postgres, None) as connection:
        assert rows(connection) == set(KEPT)


@pytest.mark.postgres
def test_the_keeper_is_let_through_and_only_by_that_name(filled_postgres: str) -> None:
    with acting(filled_postgres, "wall_owner", ("jru.scope", "keeper")) as connection:
        assert rows(connection) == set(KEPT)
        connection.execute("DELETE FROM police.payload_police WHERE part = 2")
        assert ("police", Label.IDENTITY) not in rows(connection)
        connection.rollback()
    with acting(filled_postgres, "wall_owner", ("jru.scope", "reader")) as connection:
        assert rows(connection) == set()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO police.payload_police VALUES (2, 0, 'identity', '', '')",
        "UPDATE police.payload_police SET content = ''",
        "DELETE FROM police.payload_police",
        "SELECT * FROM event",
        "SELECT * FROM access_log",
        "SELECT * FROM push_subscription",
    ],
)
def test_a_reader_may_do_nothing_else(filled_postgres: str, statement: str) -> None:
    everything = Scope(frozenset(Agency), frozenset(Label) - {Label.STATISTICS})
    with (
        acting(filled_postgres, None, *settings_of(everything)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


@pytest.mark.postgres
def test_the_wall_stands_on_a_database_that_was_set_up_by_its_owner(bare_postgres: str) -> None:
    with psycopg.connect(_plain(bare_postgres), autocommit=True) as server:
        name = make_url(bare_postgres).database
        server.execute(
            "DO $$ BEGIN CREATE ROLE wall_maker LOGIN CREATEROLE; EXCEPTION WHEN duplicate_object OR "
            "unique_violation THEN NULL; END $$"
        )
        server.execute(f"GRANT {READER_ROLE} TO wall_maker")
        server.execute(f'ALTER DATABASE "{name}" OWNER TO wall_maker')
        server.execute("GRANT ALL ON SCHEMA public TO wall_maker")
    url = make_url(bare_postgres).set(username="wall_maker").render_as_string(hide_password=False)
    ensure_schema(url, auto=True)
    with psycopg.connect(_plain(url)) as connection:
        forced = connection.execute(
            "SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY relname"
        ).fetchall()
    assert [name for (name,) in forced] == ["payload_operational", "payload_patient", "payload_police"]


def _dumped(url: str, options: str = "") -> str:
    """Copy the police payloads out as the owner of the tables, in the way that a dump does."""
    plain = make_url(_plain(url)).set(username="wall_owner").render_as_string(hide_password=False)
    with psycopg.connect(plain, options=options) as connection:
        copying = connection.cursor().copy("COPY (SELECT * FROM police.payload_police) TO STDOUT")
        with copying as found:
            return b"".join(bytes(piece) for piece in found).decode()


@pytest.mark.postgres
def test_a_backup_by_the_owner_needs_the_keepers_name_to_be_whole(filled_postgres: str) -> None:
    assert _dumped(filled_postgres, options="-c jru.scope=keeper").count("police_evidence") == 1
    assert _dumped(filled_postgres) == ""

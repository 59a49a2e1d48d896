"""Which schema a database has, and how it gets the one this version needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from jru.errors import Conflict
from jru.store.engines import database_url, sqlite_path, writer_engine

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA = "0006"


def ensure_schema(url: str, *, auto: bool) -> str:
    """Bring a database to the schema that this version needs and return which one it had ("" for none).

    A new database is always set up. An older one is upgraded when `auto`; else, and for one that a newer
    version made, Conflict is raised and nothing is touched.
    """
    parsed = database_url(url)
    path = sqlite_path(parsed)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = writer_engine(parsed)
    try:
        found = schema_of(engine)
        if found == SCHEMA:
            return found
        if found > SCHEMA:
            raise Conflict(
                "store.schema_newer",
                f"The database has schema {found}, made by a newer version; this one knows {SCHEMA}.",
                "Install that version again, or restore a backup from before the upgrade.",
                {"found": found, "needed": SCHEMA},
            )
        if found and not auto:
            raise Conflict(
                "store.schema_older",
                f"The database has schema {found}; this version needs {SCHEMA}.",
                "Make a backup, then run `jru db upgrade`.",
                {"found": found, "needed": SCHEMA},
            )
        _migrate(engine)
        return found
    finally:
        engine.dispose()


def found_schema(url: str) -> str:
    """Return the schema number of the database at a URL, or "" when there is none."""
    parsed = database_url(url)
    path = sqlite_path(parsed)
    if path is not None and not path.exists():
        return ""
    engine = writer_engine(parsed)
    try:
        return schema_of(engine)
    finally:
        engine.dispose()


def schema_of(engine: Engine) -> str:
    """Return the schema number of a database, or "" when it holds no log."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        found = connection.execute(text("SELECT max(version_num) FROM alembic_version")).scalar()
    return str(found or "")


def _migrate(engine: Engine) -> None:
    # slow to import, and needed once a version
    from alembic import command

    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT set_config('jru.scope', 'keeper', true)"))
        command.upgrade(migration_config(connection), "head")


def migration_config(connection: Connection) -> Config:
    """Return the settings of Alembic for the migrations inside this package, bound to a connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config

"""The texts of the writer's statements, made once from the tables for the dialect in use."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, bindparam, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from jru.store import tables
from jru.store.access_rows import ACCESS_COLUMNS
from jru.store.engines import FLAT_SCHEMAS
from jru.store.rows import EVENT_COLUMNS


class Statements:
    """Ready texts with positional parameters; inserts take a table's columns in the table's order."""

    def __init__(self, dialect: Dialect, payload_tables: Mapping[str, Table]) -> None:
        self._dialect = dialect
        self.insert_event = self.text(insert(tables.event))
        self.insert_command = self.text(insert(tables.command))
        self.insert_access = self.text(insert(tables.access_log))
        self.insert_claim = self.text(insert(tables.claim))
        self.put_checkpoint = self.insert_new_text(tables.checkpoint)
        self.put_state = self.text(self._upsert(tables.state))
        self.put_meta = self.text(self._upsert(tables.meta))
        self.insert_payload = {name: self.text(insert(table)) for name, table in payload_tables.items()}
        self.erase_payload = {
            name: self.text(
                delete(table).where(table.c.seq == bindparam("seq"), table.c.part == bindparam("part"))
            )
            for name, table in payload_tables.items()
        }
        self.erase_tracks = tuple(
            self.text(delete(table).where(table.c.unit_id == bindparam("unit_id")))
            for table in (tables.position, tables.position_latest)
        )
        self.erase_message = self.text(
            delete(tables.quarantine).where(tables.quarantine.c.quarantine_id == bindparam("message"))
        )
        event, command, claim = tables.event.c, tables.command.c, tables.claim.c
        access = tables.access_log.c
        self.last_access = self.text(
            select(access.seq, access.hash, access.recorded_at_us).where(
                access.seq == select(func.max(access.seq)).scalar_subquery()
            )
        )
        self.accesses_after = self.text(
            select(*ACCESS_COLUMNS).where(access.seq > bindparam("after")).order_by(access.seq)
        )
        self.last_event = self.text(
            select(event.seq, event.hash, event.recorded_at_us).where(
                event.seq == select(func.max(event.seq)).scalar_subquery()
            )
        )
        self.events_after = self.text(
            select(*EVENT_COLUMNS).where(event.seq > bindparam("after")).order_by(event.seq)
        )
        self.stream_version = self.text(
            select(func.max(event.version)).where(event.stream == bindparam("stream"))
        )
        self.command = self.text(select(tables.command).where(command.idem_key == bindparam("idem_key")))
        self.claim_value = self.text(
            select(claim.value).where(claim.kind == bindparam("kind"), claim.key == bindparam("key"))
        )
        self.meta_value = self.text(
            select(tables.meta.c.value).where(tables.meta.c.name == bindparam("name"))
        )

    def text(self, statement: ClauseElement) -> str:
        """Return the text of any statement for the driver in use."""
        flat = self._dialect.name == "sqlite"
        return str(
            statement.compile(
                dialect=self._dialect,
                schema_translate_map=FLAT_SCHEMAS if flat else None,
                render_schema_translate=flat,
            )
        )

    def upsert_text(self, table: Table, *, newer: str | None = None) -> str:
        """Return the text that inserts a row or replaces the one with its key, if its `newer` column is later."""
        return self.text(self._upsert(table, newer))

    def insert_new_text(self, table: Table) -> str:
        """Return the text that inserts a row unless its key is there."""
        return self.text(self._conflict_insert(table).on_conflict_do_nothing())

    def _conflict_insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        return sqlite.insert(table) if self._dialect.name == "sqlite" else postgresql.insert(table)

    def _upsert(self, table: Table, newer: str | None = None) -> ClauseElement:
        statement = self._conflict_insert(table)
        keys = {column.name for column in table.primary_key}
        others = [column.name for column in table.c if column.name not in keys]
        return statement.on_conflict_do_update(
            index_elements=sorted(keys),
            set_={name: statement.excluded[name] for name in others},
            where=statement.excluded[newer] > table.c[newer] if newer else None,
        )

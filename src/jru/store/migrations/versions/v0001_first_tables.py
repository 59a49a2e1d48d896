"""The first tables: log, commands, payloads, read tables, positions, tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("event", "checkpoint")
PAYLOAD_STORES = ("operational", "police", "patient")


def upgrade() -> None:
    """Create every table and the triggers that keep the log append-only."""
    _create_log()
    _create_payloads()
    _create_read_tables()
    _create_positions()
    _create_administration()
    for table in APPEND_ONLY:
        forbid_changes(table)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _big(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, BIG, nullable=null)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _float(name: str, *, null: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float(53), nullable=null)


def _create_log() -> None:
    op.create_table(
        "event",
        sa.Column("seq", BIG, primary_key=True, autoincrement=False),
        _text("stream"),
        _number("version"),
        _text("kind"),
        _number("schema_version"),
        _text("event_id"),
        _big("at_us"),
        _big("clock_offset_us", null=True),
        _big("received_at_us"),
        _big("recorded_at_us"),
        _text("device"),
        _big("device_seq", null=True),
        _text("actor"),
        _text("agency"),
        _text("purpose"),
        _text("idem_key"),
        _number("idem_n"),
        _bytes("data"),
        _bytes("parts"),
        _bytes("prev"),
        _bytes("hash"),
        _number("feed_epoch"),
        sa.UniqueConstraint("stream", "version", name="event_stream_version"),
        sa.UniqueConstraint("idem_key", "idem_n", name="event_idem"),
    )
    op.create_table(
        "command",
        sa.Column("idem_key", sa.Text(), primary_key=True),
        _text("principal"),
        _bytes("request_hash"),
        _bytes("outcome"),
        _big("seq_from"),
        _big("seq_to"),
        _big("at_us"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint",
        sa.Column("seq", BIG, primary_key=True, autoincrement=False),
        _bytes("hash"),
        _big("at_us"),
        _text("key_id"),
        _bytes("signature"),
    )


def _create_payloads() -> None:
    in_schemas = op.get_bind().dialect.name == "postgresql"
    for store in PAYLOAD_STORES:
        if in_schemas:
            op.execute(sa.schema.CreateSchema(store, if_not_exists=True))
        op.create_table(
            f"payload_{store}",
            _big("seq"),
            _number("part"),
            _text("label"),
            _bytes("salt"),
            _bytes("content"),
            sa.PrimaryKeyConstraint("seq", "part", name=f"payload_{store}_pkey"),
            schema=store if in_schemas else None,
            sqlite_with_rowid=False,
        )


def _create_read_tables() -> None:
    op.create_table(
        "state",
        sa.Column("stream", sa.Text(), primary_key=True),
        _text("kind"),
        _number("version"),
        _flag("open"),
        _bytes("body"),
        sa.Index("state_open", "open", "stream"),
    )
    op.create_table(
        "claim",
        _text("kind"),
        _text("key"),
        _text("value"),
        sa.PrimaryKeyConstraint("kind", "key", name="claim_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quarantine",
        sa.Column("quarantine_id", sa.Text(), primary_key=True),
        _text("sender"),
        _text("agency"),
        _text("reason"),
        _bytes("raw"),
        _big("received_at_us"),
        _text("resolved", null=True),
        sa.Index("quarantine_agency", "agency", "received_at_us"),
    )


def _create_positions() -> None:
    def fix() -> tuple[sa.Column[float] | sa.Column[int] | sa.Column[str], ...]:
        return (
            _big("at_us"),
            _text("source"),
            _float("lon"),
            _float("lat"),
            _float("accuracy_m", null=True),
            _float("speed_mps", null=True),
            _big("received_at_us"),
        )

    op.create_table(
        "position",
        _text("unit_id"),
        *fix(),
        sa.PrimaryKeyConstraint("unit_id", "at_us", "source", name="position_pkey"),
        sa.Index("position_received", "received_at_us"),
    )
    op.create_table("position_latest", sa.Column("unit_id", sa.Text(), primary_key=True), *fix())


def _create_administration() -> None:
    op.create_table(
        "access_token",
        sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
        _text("subject"),
        _text("agency"),
        _text("role"),
        _text("unit_id", null=True),
        _big("created_at_us"),
        _big("expires_at_us"),
        _flag("revoked"),
    )
    op.create_table(
        "instance",
        sa.Column("instance_id", sa.Text(), primary_key=True),
        _text("host"),
        _number("pid"),
        _big("started_at_us"),
    )
    op.create_table("meta", sa.Column("name", sa.Text(), primary_key=True), _text("value"))


def forbid_changes(table: str) -> None:
    """Let the database refuse every change of a table but new rows."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )

"""The tables of the log and of what is derived from it.

Times are microseconds since 1970. On PostgreSQL the payload tables lie in a schema of their own
each; the tables of police and patient payloads are defined beside their stores.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

BIG = BigInteger().with_variant(Integer(), "sqlite")
PAYLOAD_SCHEMAS = ("operational", "police", "patient")

event = Table(
    "event",
    metadata,
    Column("seq", BIG, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("at_us", BIG, nullable=False),
    Column("clock_offset_us", BIG),
    Column("received_at_us", BIG, nullable=False),
    Column("recorded_at_us", BIG, nullable=False),
    Column("device", Text, nullable=False),
    Column("device_seq", BIG),
    Column("actor", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("idem_key", Text, nullable=False),
    Column("idem_n", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("parts", LargeBinary, nullable=False),
    Column("prev", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("feed_epoch", Integer, nullable=False),
    UniqueConstraint("stream", "version", name="event_stream_version"),
    UniqueConstraint("idem_key", "idem_n", name="event_idem"),
)

command = Table(
    "command",
    metadata,
    Column("idem_key", Text, primary_key=True),
    Column("principal", Text, nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("outcome", LargeBinary, nullable=False),
    Column("seq_from", BIG, nullable=False),
    Column("seq_to", BIG, nullable=False),
    Column("at_us", BIG, nullable=False),
    sqlite_with_rowid=False,
)

state = Table(
    "state",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("state_open", "open", "stream"),
)

claim = Table(
    "claim",
    metadata,
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("kind", "key", name="claim_pkey"),
    sqlite_with_rowid=False,
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("seq", BIG, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("access_seq", BIG, nullable=False),
    Column("access_hash", LargeBinary, nullable=False),
    Column("at_us", BIG, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    PrimaryKeyConstraint("seq", "access_seq", name="checkpoint_heads"),
)

access_log = Table(
    "access_log",
    metadata,
    Column("seq", BIG, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit_id", Text),
    Column("owner", Text, nullable=False),
    Column("records", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("justification", Text, nullable=False),
    Column("recipients", Text, nullable=False),
    Column("at_us", BIG, nullable=False),
    Column("recorded_at_us", BIG, nullable=False),
    Column("spooled", Text),
    Column("prev", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("access_log_recorded", "recorded_at_us", "seq"),
    Index(
        "access_log_spooled",
        "spooled",
        sqlite_where=text("spooled IS NOT NULL"),
        postgresql_where=text("spooled IS NOT NULL"),
    ),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", Text, primary_key=True),
    Column("sender", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("received_at_us", BIG, nullable=False),
    Column("resolved", Text),
    Index("quarantine_agency", "agency", "received_at_us"),
)


def _fix() -> tuple[Column[float | None], ...]:
    return (
        Column("lon", Float(53), nullable=False),
        Column("lat", Float(53), nullable=False),
        Column("accuracy_m", Float(53)),
        Column("speed_mps", Float(53)),
    )


position = Table(
    "position",
    metadata,
    Column("unit_id", Text, nullable=False),
    Column("at_us", BIG, nullable=False),
    Column("source", Text, nullable=False),
    *_fix(),
    Column("received_at_us", BIG, nullable=False),
    PrimaryKeyConstraint("unit_id", "at_us", "source", name="position_pkey"),
    Index("position_received", "received_at_us"),
)

position_latest = Table(
    "position_latest",
    metadata,
    Column("unit_id", Text, primary_key=True),
    Column("at_us", BIG, nullable=False),
    Column("source", Text, nullable=False),
    *_fix(),
    Column("received_at_us", BIG, nullable=False),
)

access_token = Table(
    "access_token",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit_id", Text),
    Column("created_at_us", BIG, nullable=False),
    Column("expires_at_us", BIG, nullable=False),
    Column("revoked", Boolean, nullable=False),
)

instance = Table(
    "instance",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at_us", BIG, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)


def payload_table(store: str) -> Table:
    """Return the table of one payload store: the only place of personal content."""
    return Table(
        f"payload_{store}",
        metadata,
        Column("seq", BIG, nullable=False),
        Column("part", Integer, nullable=False),
        Column("label", Text, nullable=False),
        Column("salt", LargeBinary, nullable=False),
        Column("content", LargeBinary, nullable=False),
        PrimaryKeyConstraint("seq", "part", name=f"payload_{store}_pkey"),
        schema=store,
        sqlite_with_rowid=False,
    )

"""The access log with a chain of its own; signed heads cover both chains."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from jru.store.migrations.versions.v0001_first_tables import BIG, forbid_changes

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the access log, and give the kept checkpoints the head of its empty chain."""
    _create_access_log()
    _widen_checkpoint()


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _big(name: str) -> sa.Column[int]:
    return sa.Column(name, BIG, nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _create_access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("seq", BIG, primary_key=True, autoincrement=False),
        _text("kind"),
        _text("subject"),
        _text("agency"),
        _text("role"),
        _text("unit_id", null=True),
        _text("owner"),
        _text("records"),
        _text("labels"),
        _text("fields"),
        _text("purpose"),
        _text("justification"),
        _text("recipients"),
        _big("at_us"),
        _big("recorded_at_us"),
        _text("spooled", null=True),
        _bytes("prev"),
        _bytes("hash"),
        sa.Index("access_log_recorded", "recorded_at_us", "seq"),
        sa.Index(
            "access_log_spooled",
            "spooled",
            sqlite_where=sa.text("spooled IS NOT NULL"),
            postgresql_where=sa.text("spooled IS NOT NULL"),
        ),
    )
    forbid_changes("access_log")


def _widen_checkpoint() -> None:
    """Make the table anew: its key is now the pair of heads, and it may not be changed in place."""
    op.execute("CREATE TABLE checkpoint_before AS SELECT * FROM checkpoint")
    op.drop_table("checkpoint")
    op.create_table(
        "checkpoint",
        _big("seq"),
        _bytes("hash"),
        _big("access_seq"),
        _bytes("access_hash"),
        _big("at_us"),
        _text("key_id"),
        _bytes("signature"),
        sa.PrimaryKeyConstraint("seq", "access_seq", name="checkpoint_heads"),
    )
    names = ("seq", "hash", "access_seq", "access_hash", "at_us", "key_id", "signature")
    before = sa.table("checkpoint_before", *map(sa.column, names))
    empty = {"access_seq": sa.literal(0), "access_hash": sa.literal(bytes(32), sa.LargeBinary())}
    columns: list[Any] = [empty[name] if name in empty else before.c[name] for name in names]
    kept = sa.select(*columns)
    op.execute(sa.insert(sa.table("checkpoint", *map(sa.column, names))).from_select(names, kept))
    op.drop_table("checkpoint_before")
    if _on_postgres():
        op.execute("DROP FUNCTION checkpoint_append_only")
    forbid_changes("checkpoint")


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"

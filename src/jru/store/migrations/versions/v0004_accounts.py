"""Accounts, credentials, login sessions, tablets and their PINs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _create_accounts()
    _create_sessions()
    _create_devices()


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _big(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, BIG, nullable=null)


def _bytes(name: str, *, null: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), primary_key=True)


def _create_accounts() -> None:
    op.create_table(
        "account",
        _key("account_id"),
        _text("name"),
        _text("full_name"),
        _big("created_at_us"),
        _big("disabled_at_us", null=True),
        sa.UniqueConstraint("name", name="account_name"),
    )
    op.create_table(
        "employment",
        _text("account_id"),
        _text("agency"),
        _text("role"),
        _text("qualifications"),
        sa.PrimaryKeyConstraint("account_id", "agency", "role", name="employment_pkey"),
    )
    op.create_table(
        "credential",
        _key("credential_id"),
        _text("account_id"),
        _text("kind"),
        _text("label"),
        _bytes("secret"),
        _text("external", null=True),
        _big("counter"),
        _big("created_at_us"),
        _big("used_at_us", null=True),
        _big("expires_at_us", null=True),
        sa.UniqueConstraint("kind", "external", name="credential_external"),
        sa.Index("credential_account", "account_id", "created_at_us"),
    )


def _create_sessions() -> None:
    op.create_table(
        "login_session",
        _key("session_id"),
        _bytes("token_hash"),
        _text("account_id"),
        _text("agency"),
        _text("role"),
        _text("method"),
        _text("client"),
        _text("device_id", null=True),
        _big("started_at_us"),
        _big("authenticated_at_us"),
        _big("seen_at_us"),
        _big("expires_at_us"),
        _big("ended_at_us", null=True),
        _text("ended_why"),
        sa.UniqueConstraint("token_hash", name="login_session_token"),
        sa.Index("login_session_expiry", "expires_at_us"),
    )


def _create_devices() -> None:
    op.create_table(
        "device",
        _key("device_id"),
        _text("vehicle_id"),
        _text("label"),
        _text("made_by"),
        _big("made_at_us"),
        _bytes("code_hash", null=True),
        _big("code_expires_at_us"),
        _bytes("token_hash", null=True),
        _big("paired_at_us", null=True),
        _big("ended_at_us", null=True),
        _text("ended_why"),
        sa.UniqueConstraint("code_hash", name="device_code"),
        sa.UniqueConstraint("token_hash", name="device_token"),
    )
    op.create_table(
        "device_pin",
        _text("device_id"),
        _text("account_id"),
        _text("agency"),
        _text("role"),
        _text("unit_id"),
        _bytes("pin_hash"),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        _big("expires_at_us"),
        sa.PrimaryKeyConstraint("device_id", "account_id", name="device_pin_pkey"),
    )

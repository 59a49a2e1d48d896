"""The tables of accounts, credentials, login sessions, tablets and the browsers that are told."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from jru.store.tables import BIG, metadata

account = Table(
    "account",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("full_name", Text, nullable=False),
    Column("created_at_us", BIG, nullable=False),
    Column("disabled_at_us", BIG),
    UniqueConstraint("name", name="account_name"),
)

employment = Table(
    "employment",
    metadata,
    Column("account_id", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("qualifications", Text, nullable=False),
    PrimaryKeyConstraint("account_id", "agency", "role", name="employment_pkey"),
)

credential = Table(
    "credential",
    metadata,
    Column("credential_id", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("external", Text),
    Column("counter", BIG, nullable=False),
    Column("created_at_us", BIG, nullable=False),
    Column("used_at_us", BIG),
    Column("expires_at_us", BIG),
    UniqueConstraint("kind", "external", name="credential_external"),
    Index("credential_account", "account_id", "created_at_us"),
)

login_session = Table(
    "login_session",
    metadata,
    Column("session_id", Text, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("device_id", Text),
    Column("started_at_us", BIG, nullable=False),
    Column("authenticated_at_us", BIG, nullable=False),
    Column("seen_at_us", BIG, nullable=False),
    Column("expires_at_us", BIG, nullable=False),
    Column("ended_at_us", BIG),
    Column("ended_why", Text, nullable=False),
    UniqueConstraint("token_hash", name="login_session_token"),
    Index("login_session_expiry", "expires_at_us"),
)

device = Table(
    "device",
    metadata,
    Column("device_id", Text, primary_key=True),
    Column("vehicle_id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at_us", BIG, nullable=False),
    Column("code_hash", LargeBinary),
    Column("code_expires_at_us", BIG, nullable=False),
    Column("token_hash", LargeBinary),
    Column("paired_at_us", BIG),
    Column("ended_at_us", BIG),
    Column("ended_why", Text, nullable=False),
    UniqueConstraint("code_hash", name="device_code"),
    UniqueConstraint("token_hash", name="device_token"),
)

device_pin = Table(
    "device_pin",
    metadata,
    Column("device_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit_id", Text, nullable=False),
    Column("pin_hash", LargeBinary, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("expires_at_us", BIG, nullable=False),
    PrimaryKeyConstraint("device_id", "account_id", name="device_pin_pkey"),
)

push_subscription = Table(
    "push_subscription",
    metadata,
    Column("subscription_id", Text, primary_key=True),
    Column("holder", LargeBinary, nullable=False),
    Column("subject", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit_id", Text),
    Column("endpoint", Text, nullable=False),
    Column("point", LargeBinary, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("made_for", Text, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("made_at_us", BIG, nullable=False),
    UniqueConstraint("endpoint", name="push_subscription_endpoint"),
)

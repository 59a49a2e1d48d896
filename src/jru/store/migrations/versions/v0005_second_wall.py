"""Row-level security on the payload tables of PostgreSQL: the label table a second time, below the program.

A reader acts as a role that owns nothing and names its services and labels for one transaction; without these names
nobody sees a row, the owner of the tables included. The product's own connections call themselves the keeper.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"

ROLE = "jru_reader"
KEEPERS = {"operational": None, "police": "police", "patient": "ambulance"}
_ROLE_MADE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
_ROLE_TAKEN = f"""
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT {ROLE} TO %I', current_user);
    END IF;
END $$
"""


def upgrade() -> None:
    """Make the role and the policies; SQLite has no such wall."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(_ROLE_MADE)
    op.execute(_ROLE_TAKEN)
    for store, keeper in KEEPERS.items():
        table = f"{store}.payload_{store}"
        op.execute(f"GRANT USAGE ON SCHEMA {store} TO {ROLE}")
        op.execute(f"GRANT SELECT ON {table} TO {ROLE}")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY keeper ON {table} FOR ALL USING (current_setting('jru.scope', true) = 'keeper')"
        )
        own = (
            f"'{keeper}' = ANY (string_to_array(current_setting('jru.agencies', true), ',')) AND "
            if keeper
            else ""
        )
        op.execute(
            f"CREATE POLICY reader ON {table} FOR SELECT TO {ROLE} USING "
            f"({own}label = ANY (string_to_array(current_setting('jru.labels', true), ',')))"
        )

"""Quarantine and access tokens: small tables beside the log, written by the same writer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, bindparam, func, insert, select, update

from jru.domain.codec import from_us, to_us
from jru.services.ports import AccessToken, Quarantined
from jru.store import tables
from jru.store.engines import WriteConnection
from jru.store.writer import Writer

_quarantine = tables.quarantine.c
_token = tables.access_token.c


class SqlQuarantine:
    """Messages that were not understood, kept whole."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self._engine = engine
        self._writer = writer
        self._insert = writer.statements.text(insert(tables.quarantine))

    def add(self, entry: Quarantined) -> None:
        """Keep one message."""
        row = (
            entry.quarantine_id,
            entry.sender,
            entry.agency,
            entry.reason,
            entry.raw,
            to_us(entry.received_at),
            entry.resolved,
        )
        _insert(self._writer, self._insert, row)

    def list(self, agency: str, *, limit: int) -> Sequence[Quarantined]:
        """Return one agency's entries, newest first."""
        query = (
            select(tables.quarantine)
            .where(_quarantine.agency == agency)
            .order_by(_quarantine.received_at_us.desc(), _quarantine.quarantine_id.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [_quarantined(row) for row in rows]

    def count(self, agency: str) -> int:
        """Return how many unresolved entries an agency has."""
        query = (
            select(func.count())
            .select_from(tables.quarantine)
            .where(_quarantine.agency == agency, _quarantine.resolved.is_(None))
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one()


class SqlTokens:
    """Access tokens and login sessions, by the hash of their secret."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self._engine = engine
        self._writer = writer
        self._insert = writer.statements.text(insert(tables.access_token))
        self._revoke = writer.statements.text(
            update(tables.access_token)
            .values(revoked=bindparam("flag"))
            .where(_token.token_hash == bindparam("wanted"))
        )

    def add(self, token: AccessToken) -> None:
        """Keep a token."""
        row = (
            token.token_hash,
            token.subject,
            token.agency,
            token.role,
            token.unit_id,
            to_us(token.created_at),
            to_us(token.expires_at),
            token.revoked,
        )
        _insert(self._writer, self._insert, row)

    def get(self, token_hash: bytes) -> AccessToken | None:
        """Return a token by the hash of its secret."""
        query = select(tables.access_token).where(_token.token_hash == token_hash)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return AccessToken(
            token_hash=row.token_hash,
            subject=row.subject,
            agency=row.agency,
            role=row.role,
            unit_id=row.unit_id,
            created_at=from_us(row.created_at_us),
            expires_at=from_us(row.expires_at_us),
            revoked=bool(row.revoked),
        )

    def revoke(self, token_hash: bytes) -> None:
        """End a token at once."""

        def write(connection: WriteConnection) -> None:
            connection.execute(self._revoke, (True, token_hash))

        self._writer.run(write)


def _insert(writer: Writer, text: str, row: Sequence[object]) -> None:
    writer.run(lambda connection: connection.insert(text, [row]))


def _quarantined(row: Any) -> Quarantined:
    return Quarantined(
        quarantine_id=row.quarantine_id,
        sender=row.sender,
        agency=row.agency,
        reason=row.reason,
        raw=row.raw,
        received_at=from_us(row.received_at_us),
        resolved=row.resolved,
    )

"""Login sessions: a table beside the log, written by the same writer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, bindparam, delete, insert, or_, select, update

from jru.domain.agency import Agency, Role
from jru.domain.codec import from_us, to_us
from jru.services.account_records import LoginSession
from jru.store.account_tables import login_session
from jru.store.accounts import moment_or_none, us_or_none
from jru.store.engines import WriteConnection
from jru.store.writer import Writer

_session = login_session.c


class SqlLoginSessions:
    """Sessions behind the port `jru.services.account_records.LoginSessions`."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self._engine = engine
        self._writer = writer
        text = writer.statements.text
        self._insert = text(insert(login_session))
        self._saw = text(
            update(login_session)
            .values(seen_at_us=bindparam("new"))
            .where(_session.session_id == bindparam("wanted"))
        )
        self._end, self._why = (
            text(
                update(login_session)
                .values({column: bindparam("new")})
                .where(_session.session_id == bindparam("wanted"), _session.ended_at_us.is_(None))
            )
            for column in ("ended_at_us", "ended_why")
        )
        self._forget = text(
            delete(login_session).where(
                or_(_session.expires_at_us < bindparam("late"), _session.ended_at_us < bindparam("old"))
            )
        )

    def add(self, session: LoginSession) -> None:
        """Keep a session."""
        self._writer.run(lambda connection: connection.insert(self._insert, [_row(session)]))

    def get(self, token_hash: bytes) -> LoginSession | None:
        """Return a session by the hash of its secret."""
        query = select(login_session).where(_session.token_hash == token_hash)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return _session_of(row) if row is not None else None

    def open_sessions(self, at: datetime) -> Sequence[LoginSession]:
        """Return the sessions that were not ended and have not expired, newest first."""
        query = (
            select(login_session)
            .where(_session.ended_at_us.is_(None), _session.expires_at_us > to_us(at))
            .order_by(_session.started_at_us.desc(), _session.session_id.desc())
        )
        with self._engine.connect() as connection:
            return [_session_of(row) for row in connection.execute(query)]

    def saw(self, session_id: str, at: datetime) -> None:
        """Note when a session was last used."""
        self._writer.run(lambda connection: connection.execute(self._saw, (to_us(at), session_id)))

    def end(self, session_ids: Sequence[str], at: datetime, why: str) -> None:
        """End sessions; those that have ended keep when and why."""

        def write(connection: WriteConnection) -> None:
            for one in session_ids:
                connection.execute(self._why, (why, one))
                connection.execute(self._end, (to_us(at), one))

        self._writer.run(write)

    def forget(self, before: datetime) -> int:
        """Remove sessions that expired or ended before a moment; return how many."""

        def write(connection: WriteConnection) -> int:
            connection.execute(self._forget, (to_us(before), to_us(before)))
            return connection.changed_rows

        return int(self._writer.run(write))


def _row(session: LoginSession) -> tuple[Any, ...]:
    return (
        session.session_id,
        session.token_hash,
        session.account_id,
        session.agency.value,
        session.role.value,
        session.method,
        session.client,
        session.device_id,
        to_us(session.started_at),
        to_us(session.authenticated_at),
        to_us(session.seen_at),
        to_us(session.expires_at),
        us_or_none(session.ended_at),
        session.ended_why,
    )


def _session_of(row: Any) -> LoginSession:
    return LoginSession(
        row.session_id,
        bytes(row.token_hash),
        row.account_id,
        Agency(row.agency),
        Role(row.role),
        row.method,
        row.client,
        row.device_id,
        from_us(row.started_at_us),
        from_us(row.authenticated_at_us),
        from_us(row.seen_at_us),
        from_us(row.expires_at_us),
        moment_or_none(row.ended_at_us),
        row.ended_why,
    )

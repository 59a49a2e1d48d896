"""Accounts and their credentials: tables beside the log, written by the same writer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, bindparam, delete, insert, select, update

from jru.domain.agency import Agency, Employment, Role
from jru.domain.codec import from_us, to_us
from jru.services.account_records import Account, Credential, Kind, NameTaken
from jru.store.account_tables import account as account_table
from jru.store.account_tables import credential as credential_table
from jru.store.account_tables import employment as employment_table
from jru.store.engines import WriteConnection
from jru.store.writer import Writer

_account, _job, _credential = account_table.c, employment_table.c, credential_table.c


class KnownAccounts:
    """Accounts to look at; the process that writes them may be running."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, account_id: str) -> Account | None:
        """Return an account."""
        return next(iter(self._read(_account.account_id == account_id)), None)

    def named(self, name: str) -> Account | None:
        """Return the account that signs in under a name."""
        return next(iter(self._read(_account.name == name)), None)

    def all(self) -> Sequence[Account]:
        """Return every account by name."""
        return self._read(None)

    def _read(self, wanted: ColumnElement[bool] | None) -> list[Account]:
        accounts = select(account_table).order_by(_account.name)
        jobs = select(employment_table).order_by(_job.agency, _job.role)
        if wanted is not None:
            accounts = accounts.where(wanted)
            jobs = jobs.join(account_table, _account.account_id == _job.account_id).where(wanted)
        with self._engine.connect() as connection:
            rows = connection.execute(accounts).all()
            held: dict[str, list[Employment]] = {row.account_id: [] for row in rows}
            for row in connection.execute(jobs):
                held.setdefault(row.account_id, []).append(_employment(row))
        return [_account_of(row, held[row.account_id]) for row in rows]


class SqlAccounts(KnownAccounts):
    """Accounts behind the port `jru.services.account_records.Accounts`."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        super().__init__(engine)
        self._writer = writer
        text = writer.statements.text
        self._insert_account = text(insert(account_table))
        self._put_account = writer.statements.upsert_text(account_table)
        self._insert_job = text(insert(employment_table))
        self._insert_credential = text(insert(credential_table))
        self._drop_jobs = text(delete(employment_table).where(_job.account_id == bindparam("wanted")))
        self._drop_credential = text(
            delete(credential_table).where(_credential.credential_id == bindparam("wanted"))
        )
        self._name = text(select(_account.account_id).where(_account.name == bindparam("wanted")))
        self._kept = text(
            select(_account.name, _account.created_at_us).where(_account.account_id == bindparam("wanted"))
        )
        self._external = text(
            select(_credential.credential_id).where(
                _credential.kind == bindparam("wanted"), _credential.external == bindparam("named")
            )
        )
        self._counter = text(
            select(_credential.counter).where(_credential.credential_id == bindparam("wanted"))
        )
        self._set_counter, self._set_used = (
            text(
                update(credential_table)
                .values({column: bindparam("new")})
                .where(_credential.credential_id == bindparam("wanted"))
            )
            for column in ("counter", "used_at_us")
        )

    def add(self, account: Account, credentials: Sequence[Credential]) -> None:
        """Keep a new account with its credentials; raises NameTaken."""

        def write(connection: WriteConnection) -> None:
            if connection.one(self._name, (account.name,)) is not None:
                raise NameTaken(account.name)
            connection.insert(self._insert_account, [_account_row(account)])
            connection.insert(self._insert_job, _job_rows(account))
            self._add_credentials(connection, credentials)

        self._writer.run(write)

    def change(self, account: Account) -> None:
        """Replace what is kept of an account; its name and age stay."""

        def write(connection: WriteConnection) -> None:
            kept = connection.one(self._kept, (account.account_id,))
            if kept is None:
                return
            _, _, full_name, _, disabled_at = _account_row(account)
            connection.insert(
                self._put_account, [(account.account_id, kept[0], full_name, kept[1], disabled_at)]
            )
            connection.execute(self._drop_jobs, (account.account_id,))
            connection.insert(self._insert_job, _job_rows(account))

        self._writer.run(write)

    def credentials(self, account_id: str) -> Sequence[Credential]:
        """Return the credentials of an account, oldest first."""
        query = (
            select(credential_table)
            .where(_credential.account_id == account_id)
            .order_by(_credential.created_at_us, _credential.credential_id)
        )
        with self._engine.connect() as connection:
            return [_credential_of(row) for row in connection.execute(query)]

    def credential(self, kind: Kind, external: str) -> Credential | None:
        """Return the credential with an outside name."""
        query = select(credential_table).where(
            _credential.kind == kind.value, _credential.external == external
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return _credential_of(row) if row is not None else None

    def exchange(self, add: Sequence[Credential], remove: Sequence[str]) -> None:
        """Remove credentials by id and add others, all or nothing; raises NameTaken."""

        def write(connection: WriteConnection) -> None:
            for one in remove:
                connection.execute(self._drop_credential, (one,))
            self._add_credentials(connection, add)

        self._writer.run(write)

    def use(self, credential_id: str, counter: int, at: datetime) -> bool:
        """Note a use; False when the counter does not rise."""

        def write(connection: WriteConnection) -> bool:
            held = connection.one(self._counter, (credential_id,))
            if held is None or not (counter > held[0] or counter == held[0] == 0):
                return False
            connection.execute(self._set_counter, (counter, credential_id))
            connection.execute(self._set_used, (to_us(at), credential_id))
            return True

        return bool(self._writer.run(write))

    def _add_credentials(self, connection: WriteConnection, credentials: Sequence[Credential]) -> None:
        for one in credentials:
            taken = one.external is not None and connection.one(
                self._external, (one.kind.value, one.external)
            )
            if taken or connection.one(self._counter, (one.credential_id,)) is not None:
                raise NameTaken(one.label)
            connection.insert(self._insert_credential, [_credential_row(one)])


def us_or_none(moment: datetime | None) -> int | None:
    """Return a moment as the tables keep it."""
    return None if moment is None else to_us(moment)


def moment_or_none(us: int | None) -> datetime | None:
    """Return a moment of the tables."""
    return None if us is None else from_us(us)


def _account_row(account: Account) -> tuple[Any, ...]:
    return (
        account.account_id,
        account.name,
        account.full_name,
        to_us(account.created_at),
        us_or_none(account.disabled_at),
    )


def _job_rows(account: Account) -> list[tuple[Any, ...]]:
    return [
        (account.account_id, job.agency.value, job.role.value, json.dumps(sorted(job.qualifications)))
        for job in account.employments
    ]


def _employment(row: Any) -> Employment:
    return Employment(Agency(row.agency), Role(row.role), frozenset(json.loads(row.qualifications)))


def _account_of(row: Any, jobs: Sequence[Employment]) -> Account:
    return Account(
        row.account_id,
        row.name,
        row.full_name,
        tuple(jobs),
        from_us(row.created_at_us),
        moment_or_none(row.disabled_at_us),
    )


def _credential_row(one: Credential) -> tuple[Any, ...]:
    return (
        one.credential_id,
        one.account_id,
        one.kind.value,
        one.label,
        one.secret,
        one.external,
        one.counter,
        to_us(one.created_at),
        us_or_none(one.used_at),
        us_or_none(one.expires_at),
    )


def _credential_of(row: Any) -> Credential:
    return Credential(
        row.credential_id,
        row.account_id,
        Kind(row.kind),
        row.label,
        bytes(row.secret),
        row.external,
        row.counter,
        from_us(row.created_at_us),
        moment_or_none(row.used_at_us),
        moment_or_none(row.expires_at_us),
    )

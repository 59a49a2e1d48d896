"""Browsers that are told: a table beside the log, written by the same writer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, bindparam, delete, insert, select

from jru.domain.agency import Agency, Role
from jru.domain.codec import from_us, to_us
from jru.services.alert_records import PushAddress, Subscription
from jru.store.account_tables import push_subscription
from jru.store.engines import WriteConnection
from jru.store.writer import Writer

_kept = push_subscription.c


class SqlSubscriptions:
    """Subscriptions behind the port `jru.services.alert_records.Subscriptions`."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self._engine = engine
        self._writer = writer
        text = writer.statements.text
        self._insert = text(insert(push_subscription))
        self._drop = text(delete(push_subscription).where(_kept.subscription_id == bindparam("one")))
        self._drop_same = text(delete(push_subscription).where(_kept.endpoint == bindparam("same")))

    def all(self) -> Sequence[Subscription]:
        """Return every subscription, oldest first."""
        query = select(push_subscription).order_by(_kept.made_at_us, _kept.subscription_id)
        with self._engine.connect() as connection:
            return [_subscription_of(row) for row in connection.execute(query)]

    def put(self, subscription: Subscription) -> None:
        """Keep a subscription in place of any other of the same browser."""

        def write(connection: WriteConnection) -> None:
            connection.execute(self._drop_same, (subscription.address.endpoint,))
            connection.insert(self._insert, [_row(subscription)])

        self._writer.run(write)

    def remove(self, subscription_ids: Sequence[str]) -> None:
        """Remove subscriptions."""

        def write(connection: WriteConnection) -> None:
            for one in subscription_ids:
                connection.execute(self._drop, (one,))

        self._writer.run(write)


def _row(one: Subscription) -> tuple[Any, ...]:
    return (
        one.subscription_id,
        one.holder,
        one.subject,
        one.agency.value,
        one.role.value,
        one.unit_id,
        one.address.endpoint,
        one.address.point,
        one.address.secret,
        one.made_for,
        one.silent,
        to_us(one.made_at),
    )


def _subscription_of(row: Any) -> Subscription:
    return Subscription(
        row.subscription_id,
        bytes(row.holder),
        row.subject,
        Agency(row.agency),
        Role(row.role),
        row.unit_id,
        PushAddress(row.endpoint, bytes(row.point), bytes(row.secret)),
        row.made_for,
        bool(row.silent),
        from_us(row.made_at_us),
    )

"""Tablets of vehicles and the PINs on them: tables beside the log, written by the same writer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, bindparam, delete, select, update

from jru.domain.agency import Agency, Role
from jru.domain.codec import from_us, to_us
from jru.services.account_records import Device, NameTaken, Pin
from jru.store.account_tables import device as device_table
from jru.store.account_tables import device_pin
from jru.store.accounts import moment_or_none, us_or_none
from jru.store.engines import WriteConnection
from jru.store.writer import Writer

_device, _pin = device_table.c, device_pin.c


class SqlDevices:
    """Tablets behind the port `jru.services.account_records.Devices`."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self._engine = engine
        self._writer = writer
        text = writer.statements.text
        self._put = writer.statements.upsert_text(device_table)
        self._put_pin = writer.statements.upsert_text(device_pin)
        self._clashes = tuple(
            text(
                select(_device.device_id).where(
                    column == bindparam("wanted"), _device.device_id != bindparam("own")
                )
            )
            for column in (_device.code_hash, _device.token_hash)
        )
        of_pin = (_pin.device_id == bindparam("tablet"), _pin.account_id == bindparam("person"))
        self._take = text(
            update(device_pin)
            .values(tries_left=_pin.tries_left - 1)
            .where(*of_pin, _pin.tries_left > bindparam("none_left"))
        )
        self._drop_pin = text(delete(device_pin).where(*of_pin))
        self._drop_late = text(delete(device_pin).where(_pin.expires_at_us <= bindparam("late")))
        self._drop_of_device = text(delete(device_pin).where(of_pin[0]))
        self._drop_of_person = text(delete(device_pin).where(of_pin[1]))

    def put(self, device: Device) -> None:
        """Keep a tablet, new or changed; raises NameTaken when its code or secret is another's."""

        def write(connection: WriteConnection) -> None:
            for clash, value in zip(self._clashes, (device.code_hash, device.token_hash), strict=True):
                if value is not None and connection.one(clash, (value, device.device_id)) is not None:
                    raise NameTaken(device.label)
            connection.insert(self._put, [_device_row(device)])

        self._writer.run(write)

    def get(self, device_id: str) -> Device | None:
        """Return a tablet."""
        return self._first(_device.device_id == device_id)

    def with_code(self, code_hash: bytes) -> Device | None:
        """Return the tablet that a pairing code was made for."""
        return self._first(_device.code_hash == code_hash)

    def with_token(self, token_hash: bytes) -> Device | None:
        """Return the tablet that holds a secret."""
        return self._first(_device.token_hash == token_hash)

    def _first(self, wanted: ColumnElement[bool]) -> Device | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(device_table).where(wanted)).first()
        return _device_of(row) if row is not None else None

    def all(self) -> Sequence[Device]:
        """Return every tablet, newest first."""
        query = select(device_table).order_by(_device.made_at_us.desc(), _device.device_id.desc())
        with self._engine.connect() as connection:
            return [_device_of(row) for row in connection.execute(query)]

    def put_pin(self, pin: Pin) -> None:
        """Keep a PIN in place of the person's earlier one on the tablet."""
        self._writer.run(lambda connection: connection.insert(self._put_pin, [_pin_row(pin)]))

    def pins(self, device_id: str) -> Sequence[Pin]:
        """Return the PINs of a tablet."""
        query = select(device_pin).where(_pin.device_id == device_id).order_by(_pin.account_id)
        with self._engine.connect() as connection:
            return [_pin_of(row) for row in connection.execute(query)]

    def take_try(self, device_id: str, account_id: str) -> bool:
        """Spend one try of a PIN before it is checked; False when none is left."""

        def write(connection: WriteConnection) -> bool:
            connection.execute(self._take, (1, device_id, account_id, 0))
            return connection.changed_rows == 1

        return bool(self._writer.run(write))

    def forget_pins(self, at: datetime) -> int:
        """Remove the PINs that have run out by a moment; return how many."""

        def write(connection: WriteConnection) -> int:
            connection.execute(self._drop_late, (to_us(at),))
            return connection.changed_rows

        return int(self._writer.run(write))

    def remove_pins(self, device_id: str | None, account_id: str | None) -> None:
        """Remove the PINs of a tablet, of a person, or of a person on a tablet."""
        values = tuple(one for one in (device_id, account_id) if one is not None)
        if not values:
            raise ValueError("whose PINs?")
        texts = (self._drop_of_person, self._drop_of_device)
        text = self._drop_pin if len(values) == 2 else texts[account_id is None]
        self._writer.run(lambda connection: connection.execute(text, values))


def _device_row(device: Device) -> tuple[Any, ...]:
    return (
        device.device_id,
        device.vehicle_id,
        device.label,
        device.made_by,
        to_us(device.made_at),
        device.code_hash,
        to_us(device.code_expires_at),
        device.token_hash,
        us_or_none(device.paired_at),
        us_or_none(device.ended_at),
        device.ended_why,
    )


def _device_of(row: Any) -> Device:
    return Device(
        row.device_id,
        row.vehicle_id,
        row.label,
        row.made_by,
        from_us(row.made_at_us),
        row.code_hash,
        from_us(row.code_expires_at_us),
        row.token_hash,
        moment_or_none(row.paired_at_us),
        moment_or_none(row.ended_at_us),
        row.ended_why,
    )


def _pin_row(pin: Pin) -> tuple[Any, ...]:
    return (
        pin.device_id,
        pin.account_id,
        pin.agency.value,
        pin.role.value,
        pin.unit_id,
        pin.pin_hash,
        pin.tries_left,
        to_us(pin.expires_at),
    )


def _pin_of(row: Any) -> Pin:
    return Pin(
        row.device_id,
        row.account_id,
        Agency(row.agency),
        Role(row.role),
        row.unit_id,
        bytes(row.pin_hash),
        row.tries_left,
        from_us(row.expires_at_us),
    )

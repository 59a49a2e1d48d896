"""Tablets of vehicles: paired once with a code, unlocked by the crew on duty with a PIN, ended at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

import structlog

from jru.clock import Clock, Random
from jru.domain.agency import Role
from jru.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated

from .access import Viewer
from .account_records import Accounts, Device, Devices, Pin
from .board import Board
from .passwords import Passwords
from .records import Row
from .secrets import hashed, new_secret, typed_secret
from .session_book import SessionBook, relieved_at, sits
from .signing_in import Browser, SignedIn
from .streams import Aboard
from .tries import Tries
from .wording import iso

PAIRERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.DUTY_SUPERVISOR})
CODE_LIFE = timedelta(minutes=10)
CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
PIN_DIGITS = 6
PIN_TRIES = 5
AFTER_DUTY = timedelta(minutes=30)
SWEPT_EVERY = timedelta(hours=1)
REASONS = ("unpaired", "stolen")
_log = structlog.get_logger("jru.identity")


@dataclass(slots=True)
class Tablets:
    """The tablets of the scheme. What a tablet holds proves which vehicle it is in, never who holds it."""

    devices: Devices
    accounts: Accounts
    sessions: SessionBook
    passwords: Passwords
    board: Board
    vehicles: Callable[[], Iterable[str]]
    clock: Clock
    random: Random
    by_address: Tries
    swept_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.swept_at = self.clock.now() - SWEPT_EVERY

    # For administrators and supervisors

    def offer(self, viewer: Viewer, vehicle_id: str, label: str) -> tuple[Device, str]:
        """Return a new tablet of a vehicle with its pairing code, which holds for ten minutes and once."""
        self._pairing(viewer)
        if vehicle_id not in set(self.vehicles()):
            raise InvalidInput("vehicle", f"There is no vehicle {vehicle_id} in the scheme.")
        now = self.clock.now()
        code = "".join(self.random.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
        device = Device(
            f"dev_{self.random.uuid7(now)}",
            vehicle_id,
            label,
            viewer.subject,
            now,
            hashed(code),
            now + CODE_LIFE,
        )
        self.devices.put(device)
        _log.info("pairing code made", device=device.device_id, vehicle=vehicle_id, by=viewer.subject)
        return device, f"{code[:5]}-{code[5:]}"

    def listed(self, viewer: Viewer) -> list[Row]:
        """Return every tablet, newest first."""
        self._pairing(viewer)
        return [_row(one) for one in self.devices.all()]

    def end(self, viewer: Viewer, device_id: str, why: str) -> Row:
        """End a tablet for good: its sessions and live streams end at once, its PINs go; raises NotFound."""
        self._pairing(viewer)
        device = self.devices.get(device_id)
        if device is None:
            raise NotFound("device", "there is no such tablet")
        if why not in REASONS:
            raise InvalidInput("reason", f"The reason is one of {', '.join(REASONS)}.")
        if device.ended_at is None:
            device = replace(device, code_hash=None, ended_at=self.clock.now(), ended_why=why)
            self.devices.put(device)
        self.devices.remove_pins(device_id, None)
        self.sessions.tablet_ended(device)
        _log.info("tablet ended", device=device_id, why=why, by=viewer.subject)
        return _row(device)

    def _pairing(self, viewer: Viewer) -> None:
        if viewer.role not in PAIRERS:
            raise Forbidden("role", "tablets are for administrators and duty supervisors")

    def sweep(self) -> None:
        """Remove the PINs of duties that are over."""
        if self.clock.now() - self.swept_at >= SWEPT_EVERY:
            self.swept_at = self.clock.now()
            self.devices.forget_pins(self.swept_at)

    # For the tablet

    def pair(self, code: str, browser: Browser) -> tuple[Device, str]:
        """Take a pairing code and return the tablet with its secret; raises Unauthenticated."""
        self.by_address.take(browser.address)
        device = self.devices.with_code(hashed(typed_secret(code)))
        now = self.clock.now()
        if device is None or device.ended_at is not None or device.code_expires_at <= now:
            raise Unauthenticated(
                "pairing.refused",
                "This code does not pair a tablet.",
                "Ask for a new one; it holds ten minutes.",
            )
        secret = new_secret(self.random)
        paired = replace(device, code_hash=None, token_hash=hashed(secret), paired_at=now)
        self.devices.put(paired)
        _log.info("tablet paired", device=device.device_id, vehicle=device.vehicle_id)
        return paired, secret

    def of_secret(self, secret: str) -> Device | None:
        """Return the tablet that holds a secret, or None when it is unknown or has been ended."""
        device = self.devices.with_token(hashed(secret)) if secret else None
        return device if device is not None and device.ended_at is None else None

    def crew(self, device: Device) -> list[Row]:
        """Return who can unlock a tablet with a PIN now: the people of its duty who set one."""
        rows = []
        for pin in self._valid_pins(device):
            account = self.accounts.get(pin.account_id)
            if account is not None and account.disabled_at is None:
                rows.append({"person": account.account_id, "name": account.full_name, "role": pin.role.value})
        return rows

    # For the crew

    def set_pin(self, session_secret: str, pin: str) -> datetime:
        """Keep a PIN for the caller on this tablet until the duty ends, and return when that is.

        Raises Forbidden away from a paired tablet, Conflict off duty, InvalidInput for a PIN that is easily guessed.
        """
        here = self.sessions.find(session_secret)
        device = self.devices.get(here.device_id) if here and here.device_id else None
        if here is None or device is None or not here.role.is_crew or here.method == "pin":
            raise Forbidden(
                "pin.tablet", "A PIN is set on a paired tablet, by a crew member after a full sign-in."
            )
        aboard = self._on_duty(device)
        account = self.accounts.get(here.account_id)
        if aboard is None or account is None or not sits(aboard, here.agency, account.full_name):
            raise Conflict("pin.off_duty", "You are not on this vehicle's duty.", "Book on first.")
        _check_pin(pin)
        until = aboard.state.duty_end + AFTER_DUTY
        self.devices.put_pin(
            Pin(
                device.device_id,
                here.account_id,
                here.agency,
                here.role,
                aboard.state.unit_id,
                self.passwords.hashed(pin),
                PIN_TRIES,
                until,
            )
        )
        return until

    def unlock(self, device: Device | None, person: str, pin: str, browser: Browser) -> SignedIn:
        """Sign in with a PIN; raises Unauthenticated, the same for every reason. Too many tries take the PIN away."""
        self.by_address.take(browser.address)
        found = next((one for one in self._valid_pins(device) if one.account_id == person), None)
        counted = found is not None and self.devices.take_try(found.device_id, found.account_id)
        right = self.passwords.matches(found.pin_hash if found and counted else None, pin)
        account = self.accounts.get(person)
        if device is None or found is None or not counted or not right:
            if found is not None and found.tries_left <= 1:
                self.devices.remove_pins(found.device_id, found.account_id)
                _log.warning("PIN taken away", device=found.device_id, account=found.account_id)
            raise _locked()
        job = (
            next((j for j in account.employments if (j.agency, j.role) == (found.agency, found.role)), None)
            if account
            else None
        )
        if account is None or job is None or account.disabled_at is not None:
            raise _locked()
        self.devices.put_pin(replace(found, tries_left=PIN_TRIES))
        before = self.sessions.find(browser.session) if browser.session else None
        secret = self.sessions.open(account, job, "pin", browser.client, device, found.expires_at)
        if before is not None:
            self.sessions.end([before.session_id], "signed in again")
        return SignedIn(secret)

    def _valid_pins(self, device: Device | None) -> list[Pin]:
        aboard = self._on_duty(device) if device else None
        if device is None or aboard is None:
            return []
        now, unit_id = self.clock.now(), aboard.state.unit_id
        return [
            one
            for one in self.devices.pins(device.device_id)
            if one.unit_id == unit_id and one.expires_at > now and not self._relieved(one, aboard)
        ]

    def _relieved(self, pin: Pin, aboard: Aboard) -> bool:
        account = self.accounts.get(pin.account_id)
        return account is not None and relieved_at(aboard, pin.agency, account.full_name) is not None

    def _on_duty(self, device: Device) -> Aboard | None:
        on = self.board.open_units()
        return next((one for one in on if one.state.vehicle_id == device.vehicle_id), None)


def _row(device: Device) -> Row:
    return {
        "id": device.device_id,
        "vehicle_id": device.vehicle_id,
        "label": device.label,
        "made_at": iso(device.made_at),
        "paired_at": iso(device.paired_at) if device.paired_at else None,
        "ended_at": iso(device.ended_at) if device.ended_at else None,
        "ended_why": device.ended_why or None,
    }


def _check_pin(pin: str) -> None:
    steps = {int(b) - int(a) for a, b in pairwise(pin)} if pin.isdecimal() else set()
    if len(pin) != PIN_DIGITS or not pin.isascii() or not pin.isdecimal():
        raise InvalidInput("pin.form", f"A PIN has {PIN_DIGITS} digits.")
    if len(set(pin)) < 3 or steps in ({1}, {-1}):
        raise InvalidInput("pin.easy", "This PIN is easily guessed.", "Choose another one.")


def _locked() -> Unauthenticated:
    return Unauthenticated("pin.refused", "That did not unlock the tablet.", "Try again, or sign in in full.")

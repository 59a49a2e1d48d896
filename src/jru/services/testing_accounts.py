"""In-memory forms of the account ports, for tests and trials."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from jru.clock import Random

from .account_records import Account, Credential, Device, Kind, LoginSession, NameTaken, Pin
from .alert_records import Subscription
from .identity import IdentityPorts
from .vault import Vault


class MemoryAccounts:
    """Accounts in memory."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._accounts: dict[str, Account] = {}
        self._credentials: dict[str, Credential] = {}

    def add(self, account: Account, credentials: Sequence[Credential]) -> None:
        """Keep a new account."""
        with self._lock:
            if self.named(account.name) or account.account_id in self._accounts:
                raise NameTaken(account.name)
            self.exchange(credentials, ())
            self._accounts[account.account_id] = account

    def get(self, account_id: str) -> Account | None:
        """Return an account."""
        return self._accounts.get(account_id)

    def named(self, name: str) -> Account | None:
        """Return the account with a name."""
        return next((a for a in list(self._accounts.values()) if a.name == name), None)

    def all(self) -> Sequence[Account]:
        """Return every account by name."""
        return sorted(self._accounts.values(), key=lambda account: account.name)

    def change(self, account: Account) -> None:
        """Replace what is kept of an account."""
        with self._lock:
            kept = self._accounts.get(account.account_id)
            if kept is not None:
                self._accounts[account.account_id] = replace(
                    account, name=kept.name, created_at=kept.created_at
                )

    def credentials(self, account_id: str) -> Sequence[Credential]:
        """Return the credentials of an account, oldest first."""
        mine = [one for one in list(self._credentials.values()) if one.account_id == account_id]
        return sorted(mine, key=lambda one: (one.created_at, one.credential_id))

    def credential(self, kind: Kind, external: str) -> Credential | None:
        """Return the credential with an outside name."""
        held = list(self._credentials.values())
        return next((one for one in held if one.kind is kind and one.external == external), None)

    def exchange(self, add: Sequence[Credential], remove: Sequence[str]) -> None:
        """Remove and add credentials, all or nothing."""
        with self._lock:
            kept = {key: one for key, one in self._credentials.items() if key not in remove}
            for one in add:
                known = {(k.kind, k.external) for k in kept.values() if k.external is not None}
                if one.credential_id in kept or (one.kind, one.external) in known:
                    raise NameTaken(one.label)
                kept[one.credential_id] = one
            self._credentials = kept

    def use(self, credential_id: str, counter: int, at: datetime) -> bool:
        """Note a use, if the counter rises."""
        with self._lock:
            held = self._credentials.get(credential_id)
            if held is None or not (counter > held.counter or counter == held.counter == 0):
                return False
            self._credentials[credential_id] = replace(held, counter=counter, used_at=at)
            return True


class MemoryLoginSessions:
    """Login sessions in memory."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._sessions: dict[str, LoginSession] = {}

    def add(self, session: LoginSession) -> None:
        """Keep a session."""
        with self._lock:
            self._sessions[session.session_id] = session

    def get(self, token_hash: bytes) -> LoginSession | None:
        """Return a session by the hash of its secret."""
        return next((s for s in list(self._sessions.values()) if s.token_hash == token_hash), None)

    def open_sessions(self, at: datetime) -> Sequence[LoginSession]:
        """Return open sessions, newest first."""
        found = [s for s in list(self._sessions.values()) if s.ended_at is None and s.expires_at > at]
        return sorted(found, key=lambda s: (s.started_at, s.session_id), reverse=True)

    def saw(self, session_id: str, at: datetime) -> None:
        """Note when a session was last used."""
        with self._lock:
            if session_id in self._sessions:
                self._sessions[session_id] = replace(self._sessions[session_id], seen_at=at)

    def end(self, session_ids: Sequence[str], at: datetime, why: str) -> None:
        """End sessions."""
        with self._lock:
            for one in session_ids:
                held = self._sessions.get(one)
                if held is not None and held.ended_at is None:
                    self._sessions[one] = replace(held, ended_at=at, ended_why=why)

    def forget(self, before: datetime) -> int:
        """Remove old sessions."""
        with self._lock:
            old = [
                one
                for one, s in self._sessions.items()
                if s.expires_at < before or (s.ended_at is not None and s.ended_at < before)
            ]
            for one in old:
                del self._sessions[one]
            return len(old)


class MemoryDevices:
    """Tablets and PINs in memory."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._devices: dict[str, Device] = {}
        self._pins: dict[tuple[str, str], Pin] = {}

    def put(self, device: Device) -> None:
        """Keep a tablet."""
        with self._lock:
            for other in self._devices.values():
                if other.device_id != device.device_id and _clash(other, device):
                    raise NameTaken(device.label)
            self._devices[device.device_id] = device

    def get(self, device_id: str) -> Device | None:
        """Return a tablet."""
        return self._devices.get(device_id)

    def with_code(self, code_hash: bytes) -> Device | None:
        """Return the tablet of a pairing code."""
        return next((d for d in list(self._devices.values()) if d.code_hash == code_hash), None)

    def with_token(self, token_hash: bytes) -> Device | None:
        """Return the tablet that holds a secret."""
        return next((d for d in list(self._devices.values()) if d.token_hash == token_hash), None)

    def all(self) -> Sequence[Device]:
        """Return every tablet, newest first."""
        return sorted(self._devices.values(), key=lambda d: (d.made_at, d.device_id), reverse=True)

    def put_pin(self, pin: Pin) -> None:
        """Keep a PIN."""
        with self._lock:
            self._pins[pin.device_id, pin.account_id] = pin

    def pins(self, device_id: str) -> Sequence[Pin]:
        """Return the PINs of a tablet."""
        mine = [pin for pin in list(self._pins.values()) if pin.device_id == device_id]
        return sorted(mine, key=lambda pin: pin.account_id)

    def take_try(self, device_id: str, account_id: str) -> bool:
        """Spend one try of a PIN."""
        with self._lock:
            pin = self._pins.get((device_id, account_id))
            if pin is None or pin.tries_left <= 0:
                return False
            self._pins[device_id, account_id] = replace(pin, tries_left=pin.tries_left - 1)
            return True

    def forget_pins(self, at: datetime) -> int:
        """Remove the PINs that have run out."""
        with self._lock:
            late = [key for key, pin in self._pins.items() if pin.expires_at <= at]
            for key in late:
                del self._pins[key]
            return len(late)

    def remove_pins(self, device_id: str | None, account_id: str | None) -> None:
        """Remove PINs."""
        with self._lock:
            self._pins = {
                (device, account): pin
                for (device, account), pin in self._pins.items()
                if not (device_id in (None, device) and account_id in (None, account))
            }


class MemorySubscriptions:
    """Subscriptions to notifications in a dictionary."""

    def __init__(self) -> None:
        self._held: dict[str, Subscription] = {}
        self._lock = threading.Lock()

    def all(self) -> Sequence[Subscription]:
        """Return every subscription, oldest first."""
        return sorted(self._held.values(), key=lambda one: (one.made_at, one.subscription_id))

    def put(self, subscription: Subscription) -> None:
        """Keep a subscription in place of any other of the same browser."""
        with self._lock:
            endpoint = subscription.address.endpoint
            self._held = {key: one for key, one in self._held.items() if one.address.endpoint != endpoint}
            self._held[subscription.subscription_id] = subscription

    def remove(self, subscription_ids: Sequence[str]) -> None:
        """Remove subscriptions."""
        with self._lock:
            self._held = {key: one for key, one in self._held.items() if key not in subscription_ids}


def _clash(one: Device, other: Device) -> bool:
    return (one.code_hash is not None and one.code_hash == other.code_hash) or (
        one.token_hash is not None and one.token_hash == other.token_hash
    )


def memory_identity(random: Random) -> IdentityPorts:
    """Return identity ports in memory."""
    return IdentityPorts(
        MemoryAccounts(),
        MemoryLoginSessions(),
        MemoryDevices(),
        Vault(random.bytes(32), random.child("vault")),
    )

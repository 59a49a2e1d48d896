"""People who may sign in, what proves that it is them, their sessions and the tablets: records and ports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from jru.domain.agency import Agency, Employment, Role


class NameTaken(Exception):
    """Another account, credential or tablet has this name already."""


@dataclass(frozen=True, slots=True)
class Account:
    """One person who may sign in; `name` is what they type, `employments` what they may work as."""

    account_id: str
    name: str
    full_name: str
    employments: tuple[Employment, ...]
    created_at: datetime
    disabled_at: datetime | None = None

    def employed(self, agency: Agency, role: Role) -> bool:
        """Tell whether the person has this job."""
        return any(job.agency is agency and job.role is role for job in self.employments)


class Kind(StrEnum):
    """What proves that somebody is who they say."""

    SETUP = "setup"
    PASSWORD = "password"  # noqa: S105 - the kind, not a password
    TOTP = "totp"
    PASSKEY = "passkey"
    OIDC = "oidc"


@dataclass(frozen=True, slots=True)
class Credential:
    """One proof of one account.

    `secret` is a hash, a sealed secret or a public key, by kind; `external` names it to the outside (passkey id,
    issuer and subject) and is unique within its kind; `counter` only rises: signatures made, last time step used.
    """

    credential_id: str
    account_id: str
    kind: Kind
    label: str
    secret: bytes
    external: str | None
    counter: int
    created_at: datetime
    used_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoginSession:
    """Somebody signed in as one employment, from one browser; kept by the SHA-256 of its secret only."""

    session_id: str
    token_hash: bytes
    account_id: str
    agency: Agency
    role: Role
    method: str
    client: str
    device_id: str | None
    started_at: datetime
    authenticated_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """A tablet that belongs to a vehicle: offered with a code, paired by the tablet, ended for good."""

    device_id: str
    vehicle_id: str
    label: str
    made_by: str
    made_at: datetime
    code_hash: bytes | None
    code_expires_at: datetime
    token_hash: bytes | None = None
    paired_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A short code of one person on one tablet for one duty."""

    device_id: str
    account_id: str
    agency: Agency
    role: Role
    unit_id: str
    pin_hash: bytes
    tries_left: int
    expires_at: datetime


class Accounts(Protocol):
    """Accounts and credentials."""

    def add(self, account: Account, credentials: Sequence[Credential]) -> None:
        """Keep a new account with its credentials; raises NameTaken."""
        ...

    def get(self, account_id: str) -> Account | None:
        """Return an account."""
        ...

    def named(self, name: str) -> Account | None:
        """Return the account that signs in under a name."""
        ...

    def all(self) -> Sequence[Account]:
        """Return every account by name."""
        ...

    def change(self, account: Account) -> None:
        """Replace what is kept of an account: full name, employments, disabled or not."""
        ...

    def credentials(self, account_id: str) -> Sequence[Credential]:
        """Return the credentials of an account, oldest first."""
        ...

    def credential(self, kind: Kind, external: str) -> Credential | None:
        """Return the credential with an outside name."""
        ...

    def exchange(self, add: Sequence[Credential], remove: Sequence[str]) -> None:
        """Remove credentials by id and add others, all or nothing; raises NameTaken."""
        ...

    def use(self, credential_id: str, counter: int, at: datetime) -> bool:
        """Note a use; False, and nothing noted, when the counter does not rise (0 after 0 passes)."""
        ...


class LoginSessions(Protocol):
    """Login sessions."""

    def add(self, session: LoginSession) -> None:
        """Keep a session."""
        ...

    def get(self, token_hash: bytes) -> LoginSession | None:
        """Return a session by the hash of its secret."""
        ...

    def open_sessions(self, at: datetime) -> Sequence[LoginSession]:
        """Return the sessions that were not ended and have not expired, newest first."""
        ...

    def saw(self, session_id: str, at: datetime) -> None:
        """Note when a session was last used."""
        ...

    def end(self, session_ids: Sequence[str], at: datetime, why: str) -> None:
        """End sessions; those that have ended keep when and why."""
        ...

    def forget(self, before: datetime) -> int:
        """Remove sessions that expired or ended before a moment; return how many."""
        ...


class Devices(Protocol):
    """Tablets and the PINs on them."""

    def put(self, device: Device) -> None:
        """Keep a tablet, new or changed; raises NameTaken when its code or secret is another's."""
        ...

    def get(self, device_id: str) -> Device | None:
        """Return a tablet."""
        ...

    def with_code(self, code_hash: bytes) -> Device | None:
        """Return the tablet that a pairing code was made for."""
        ...

    def with_token(self, token_hash: bytes) -> Device | None:
        """Return the tablet that holds a secret."""
        ...

    def all(self) -> Sequence[Device]:
        """Return every tablet, newest first."""
        ...

    def put_pin(self, pin: Pin) -> None:
        """Keep a PIN in place of the person's earlier one on the tablet."""
        ...

    def pins(self, device_id: str) -> Sequence[Pin]:
        """Return the PINs of a tablet."""
        ...

    def take_try(self, device_id: str, account_id: str) -> bool:
        """Spend one try of a PIN before it is checked; False when none is left."""
        ...

    def forget_pins(self, at: datetime) -> int:
        """Remove the PINs that have run out by a moment; return how many."""
        ...

    def remove_pins(self, device_id: str | None, account_id: str | None) -> None:
        """Remove the PINs of a tablet, of a person, or of a person on a tablet."""
        ...

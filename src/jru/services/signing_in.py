"""Signing in, step by step: password and code, passkey, or the first set-up. Nothing tells whether a name exists."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from jru.clock import Clock, Random
from jru.domain.agency import Agency, Employment, Role
from jru.errors import InvalidInput, Unauthenticated

from .account_records import Account, Accounts, Credential, Device, Kind, NameTaken
from .one_time_codes import SECRET_BYTES, as_address, as_text, step_of
from .passkeys import Passkeys, refused
from .passwords import Passwords
from .secrets import fits, typed_secret
from .session_book import SessionBook
from .tickets import SETUP_LIFE, Tickets
from .tries import Tries
from .vault import Vault

NOBODY = "acc_nobody"
ISSUER = "Joint response unit"
_log = structlog.get_logger("jru.identity")


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from: address, what the browser calls itself, its session so far, its tablet."""

    address: str
    client: str = ""
    origin: str = ""
    session: str = ""
    device: Device | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is signed in; the secret goes into the cookie."""

    secret: str


@dataclass(frozen=True, slots=True)
class ChooseJob:
    """Somebody with several jobs has yet to say which one this is."""

    ticket: str
    jobs: tuple[Employment, ...]


Entered = SignedIn | ChooseJob


@dataclass(slots=True)
class SigningIn:
    """The ways in. A way that can be guessed counts its tries; a passkey cannot be guessed and is never held back."""

    accounts: Accounts
    sessions: SessionBook
    passwords: Passwords
    passkeys: Passkeys
    vault: Vault
    clock: Clock
    random: Random
    by_name: Tries = field(init=False)
    by_address: Tries = field(init=False)
    tickets: Tickets = field(init=False)
    _nobodys_secret: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.by_name = Tries(self.clock, most=10, what="name")
        self.by_address = Tries(self.clock, most=100, what="address")
        self.tickets = Tickets(self.clock, self.random)
        self._nobodys_secret = self.random.bytes(SECRET_BYTES)

    # Password, then code

    def give_password(self, name: str, password: str, browser: Browser) -> str:
        """Check a password and return the ticket for the code, whether or not it was right."""
        key = sign_in_name(name)
        self._count(key, browser)
        account = self.accounts.named(key)
        kept = self._credential(account, Kind.PASSWORD)
        right = self.passwords.matches(kept.secret if kept else None, password)
        usable = right and account is not None and account.disabled_at is None
        if kept is not None and usable and self.passwords.outdated(kept.secret):
            self._rehash(kept, password)
        return self.tickets.issue("code", account.account_id if usable and account else None, name=key)

    def give_code(self, ticket: str, code: str, browser: Browser) -> Entered:
        """Check the code of an authenticator app and sign in; raises Unauthenticated."""
        held = self.tickets.look(ticket, "code")
        if held is None:
            raise _again()
        name = str(held.held["name"])
        self._count(name, browser)
        account = self.accounts.get(held.account_id or NOBODY)
        kept = self._credential(account, Kind.TOTP)
        secret = self._secret_of(kept) if kept else self._nobodys_secret
        step = step_of(secret, code, self.clock.now())
        if account is None or kept is None or step is None:
            raise _wrong()
        if not self.accounts.use(kept.credential_id, step, self.clock.now()):
            raise _wrong()
        self.tickets.drop(ticket)
        self.by_name.forgive(name)
        return self.enter(account, "password and code", browser)

    # Passkey

    def ask_passkey(self) -> tuple[str, dict[str, Any]]:
        """Return a ticket and what the browser needs to use a passkey."""
        challenge, options = self.passkeys.ask()
        return self.tickets.issue("passkey", None, challenge=challenge), options

    def give_passkey(self, ticket: str, answer: Mapping[str, Any], browser: Browser) -> Entered:
        """Check a passkey's signature and sign in; raises Unauthenticated."""
        held = self.tickets.take(ticket, "passkey")
        if held is None:
            raise _again()
        kept = self.accounts.credential(Kind.PASSKEY, str(answer.get("id", "")))
        if kept is None:
            raise _wrong()
        try:
            counter = self.passkeys.check(
                held.held["challenge"], answer, browser.origin, kept.secret, kept.counter
            )
        except InvalidInput as error:
            raise _wrong() from error
        account = self.accounts.get(kept.account_id)
        if account is None or not self.accounts.use(kept.credential_id, counter, self.clock.now()):
            raise _wrong()
        return self.enter(account, "passkey", browser)

    # First set-up

    def begin_setup(self, name: str, secret: str, browser: Browser) -> tuple[str, Account]:
        """Check a one-time set-up secret and return the ticket of the set-up; raises Unauthenticated."""
        key = sign_in_name(name)
        self._count(key, browser)
        account = self.accounts.named(key)
        kept = self._credential(account, Kind.SETUP)
        right = fits(typed_secret(secret), kept.secret if kept else bytes(32))
        fresh = kept is not None and kept.expires_at is not None and self.clock.now() < kept.expires_at
        if account is None or kept is None or account.disabled_at or not (right and fresh):
            raise _wrong()
        self.by_name.forgive(key)
        ticket = self.tickets.issue(
            "setup", account.account_id, SETUP_LIFE, proof=kept.credential_id, name=key
        )
        return ticket, account

    def choose_password(self, ticket: str, password: str) -> tuple[str, dict[str, str]]:
        """Take the password of a set-up and return the next ticket with the secret for the authenticator app."""
        held = self.tickets.look(ticket, "setup")
        account = self.accounts.get(held.account_id or NOBODY) if held else None
        if held is None or account is None:
            raise _again()
        self.passwords.check(password, (account.name, account.full_name))
        secret = self.random.bytes(SECRET_BYTES)
        following = self.tickets.issue(
            "setup code",
            account.account_id,
            SETUP_LIFE,
            proof=held.held["proof"],
            password=self.passwords.hashed(password),
            secret=secret,
        )
        return following, {
            "secret": as_text(secret),
            "address": as_address(secret, ISSUER, account.name),
        }

    def confirm_code(self, ticket: str, code: str, browser: Browser) -> Entered:
        """End a set-up with the first code of the app: password and app hold from now on."""
        held = self.tickets.look(ticket, "setup code")
        if held is None or held.account_id is None:
            raise _again()
        step = step_of(held.held["secret"], code, self.clock.now())
        if step is None:
            raise InvalidInput(
                "code.wrong",
                "The code does not fit.",
                "Check the clock of the telephone, take the next code.",
            )
        account_id, purpose = held.account_id, _purpose(held.account_id)
        password = self.made(account_id, Kind.PASSWORD, "Password", held.held["password"])
        app = self.made(
            account_id,
            Kind.TOTP,
            "Authenticator app",
            self.vault.lock(purpose, held.held["secret"]),
            counter=step,
        )
        return self._end_setup(ticket, account_id, held.held["proof"], (password, app), browser)

    def ask_setup_passkey(self, ticket: str) -> tuple[str, dict[str, Any]]:
        """Return the next ticket of a set-up, and what the browser needs to make a passkey."""
        held = self.tickets.look(ticket, "setup")
        account = self.accounts.get(held.account_id or NOBODY) if held else None
        if held is None or account is None:
            raise _again()
        challenge, options = self.passkeys.ask_new(account.account_id, account.name, account.full_name, ())
        following = self.tickets.issue(
            "setup passkey", account.account_id, SETUP_LIFE, proof=held.held["proof"], challenge=challenge
        )
        return following, options

    def give_setup_passkey(
        self, ticket: str, label: str, answer: Mapping[str, Any], browser: Browser
    ) -> Entered:
        """End a set-up with a passkey."""
        held = self.tickets.look(ticket, "setup passkey")
        if held is None or held.account_id is None:
            raise _again()
        new = self.passkeys.check_new(held.held["challenge"], answer, browser.origin)
        passkey = self.made(
            held.account_id, Kind.PASSKEY, label, new.public_key, external=new.external, counter=new.counter
        )
        return self._end_setup(ticket, held.account_id, held.held["proof"], (passkey,), browser)

    def _end_setup(
        self, ticket: str, account_id: str, proof: str, new: tuple[Credential, ...], browser: Browser
    ) -> Entered:
        account = self.accounts.get(account_id)
        held = self.accounts.credentials(account_id)
        if account is None or proof not in {one.credential_id for one in held}:
            raise _again()
        kinds = {one.kind for one in new} | {Kind.SETUP}
        try:
            self.accounts.exchange(new, [one.credential_id for one in held if one.kind in kinds])
        except NameTaken as error:
            raise refused() from error
        self.tickets.drop(ticket)
        _log.info("set-up done", account=account_id, kinds=sorted(kind.value for kind in kinds))
        return self.enter(account, "first set-up", browser)

    # The last step

    def enter(
        self, account: Account, method: str, browser: Browser, proved_at: datetime | None = None
    ) -> Entered:
        """Open a session, or ask first which of several jobs it is for; raises Unauthenticated when it may not be.

        `proved_at`: when they proved who they are, where it was not just now.
        """
        if account.disabled_at is not None or not account.employments:
            raise _wrong()
        if len(account.employments) > 1:
            ticket = self.tickets.issue("job", account.account_id, method=method, proved_at=proved_at)
            return ChooseJob(ticket, account.employments)
        return self._open(account, account.employments[0], method, browser, proved_at)

    def choose_job(self, ticket: str, agency: Agency, role: Role, browser: Browser) -> SignedIn:
        """Open the session of one of somebody's jobs; raises Unauthenticated."""
        held = self.tickets.look(ticket, "job")
        account = self.accounts.get(held.account_id or NOBODY) if held else None
        if held is None or account is None or account.disabled_at is not None:
            raise _again()
        job = next((one for one in account.employments if (one.agency, one.role) == (agency, role)), None)
        if job is None:
            raise InvalidInput("job.unknown", "This is none of your jobs.", "Choose one of the list.")
        self.tickets.drop(ticket)
        return self._open(account, job, str(held.held["method"]), browser, held.held["proved_at"])

    def _open(
        self,
        account: Account,
        job: Employment,
        method: str,
        browser: Browser,
        proved_at: datetime | None,
    ) -> SignedIn:
        """Open a new session and end the browser's earlier one: no secret from before a sign-in lives on."""
        before = self.sessions.find(browser.session) if browser.session else None
        secret = self.sessions.open(account, job, method, browser.client, browser.device, proved_at=proved_at)
        if before is not None:
            self.sessions.end([before.session_id], "signed in again")
        return SignedIn(secret)

    # What the steps share

    def made(
        self,
        account_id: str,
        kind: Kind,
        label: str,
        secret: bytes,
        *,
        external: str | None = None,
        counter: int = 0,
    ) -> Credential:
        """Return a new credential."""
        now = self.clock.now()
        credential_id = f"crd_{self.random.uuid7(now)}"
        return Credential(credential_id, account_id, kind, label, secret, external, counter, now)

    def _count(self, name: str, browser: Browser) -> None:
        self.by_address.take(browser.address)
        self.by_name.take(name)

    def _credential(self, account: Account | None, kind: Kind) -> Credential | None:
        """Return an account's credential of a kind; the store is asked as well where there is no account."""
        held = self.accounts.credentials(account.account_id if account else NOBODY)
        return next((one for one in held if one.kind is kind), None)

    def _secret_of(self, kept: Credential) -> bytes:
        return self.vault.unlock(_purpose(kept.account_id), kept.secret)

    def _rehash(self, kept: Credential, password: str) -> None:
        fresh = self.made(kept.account_id, Kind.PASSWORD, kept.label, self.passwords.hashed(password))
        self.accounts.exchange([fresh], [kept.credential_id])


def sign_in_name(name: str) -> str:
    """Return the form in which sign-in names are compared: composed, without case and outer blanks."""
    return unicodedata.normalize("NFKC", name).casefold().strip()[:200]


def _purpose(account_id: str) -> str:
    return f"totp:{account_id}"


def _wrong() -> Unauthenticated:
    return Unauthenticated(
        "sign_in.refused", "That did not sign you in.", "Check name, password and code, then try again."
    )


def _again() -> Unauthenticated:
    return Unauthenticated("sign_in.expired", "This sign-in took too long.", "Begin again with your name.")

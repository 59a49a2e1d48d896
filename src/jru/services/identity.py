"""Everything about who somebody is, put together: accounts, ways to sign in, sessions, tablets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jru.clock import Clock, Random

from .account_records import Accounts, Devices, LoginSessions
from .accounts import AccountBook
from .board import Board
from .federation import Directory, Federation, NoDirectory
from .own_account import OwnAccount
from .passkeys import Passkeys
from .passwords import Passwords
from .session_book import SessionBook, SessionRules
from .signing_in import SigningIn
from .tablets import Tablets
from .vault import Vault


@dataclass(frozen=True, slots=True)
class IdentityPorts:
    """Where identity is kept; `domain`: the host name that passkeys hold for."""

    accounts: Accounts
    sessions: LoginSessions
    devices: Devices
    vault: Vault
    directory: Directory = field(default_factory=NoDirectory)
    domain: str = "localhost"
    rules: SessionRules = SessionRules()


@dataclass(frozen=True, slots=True)
class Identity:
    """The use cases around people and their proofs. Methods block, some for the time of a password hash."""

    sessions: SessionBook
    signing_in: SigningIn
    accounts: AccountBook
    own: OwnAccount
    tablets: Tablets
    federation: Federation

    def sweep(self) -> None:
        """Let go of what has run out: sessions, half-done sign-ins, PINs."""
        self.sessions.sweep()
        self.signing_in.tickets.sweep()
        self.tablets.sweep()

    @classmethod
    def over(cls, ports: IdentityPorts, board: Board, clock: Clock, random: Random) -> Identity:
        """Return identity over its ports."""
        sessions = SessionBook(
            ports.sessions, ports.accounts, ports.devices, board, clock, random.child("sessions"), ports.rules
        )
        passwords = Passwords(random.child("passwords"), _place_words(board, clock))
        signing_in = SigningIn(
            ports.accounts,
            sessions,
            passwords,
            Passkeys(ports.domain, random.child("passkeys")),
            ports.vault,
            clock,
            random.child("signing in"),
        )
        return cls(
            sessions=sessions,
            signing_in=signing_in,
            accounts=AccountBook(ports.accounts, sessions, ports.devices, clock, random.child("accounts")),
            own=OwnAccount(signing_in, sessions),
            tablets=Tablets(
                ports.devices,
                ports.accounts,
                sessions,
                passwords,
                board,
                lambda: board.scheme.at(clock.now()).vehicles,
                clock,
                random.child("tablets"),
                signing_in.by_address,
            ),
            federation=Federation(
                ports.directory,
                ports.accounts,
                sessions,
                signing_in,
                lambda: board.scheme.at(clock.now()),
                clock,
                random.child("federation"),
            ),
        )


def _place_words(board: Board, clock: Clock) -> Callable[[], list[str]]:
    """Return what gives the words of this place: an attacker knows partners, districts and call signs."""

    def words() -> list[str]:
        if not board.scheme.adopted:
            return []
        scheme: Any = board.scheme.at(clock.now())
        names = [scheme.name, scheme.title]
        names += [name for partner in scheme.partners.values() for name in (partner.name, partner.short_name)]
        names += [district.name for district in scheme.districts.values()]
        names += [vehicle.call_sign for vehicle in scheme.vehicles.values()]
        names += [site.name for site in scheme.sites.values()]
        return [word for name in names for word in re.split(r"[\W_]+", name)]

    return words

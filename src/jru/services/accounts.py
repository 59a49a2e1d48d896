"""Accounts: made, changed, reset and disabled by the administrators of each service; the first one at the shell."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from jru.clock import Clock, Random
from jru.domain.agency import Employment, Role
from jru.errors import Conflict, Forbidden, InvalidInput, NotFound

from .access import Viewer
from .account_records import Account, Accounts, Credential, Devices, Kind, NameTaken
from .grants import RIGHTS
from .records import Row
from .secrets import hashed, typed_secret
from .session_book import SessionBook
from .signing_in import sign_in_name
from .wording import iso

SETUP_BYTES = 15
SETUP_LIFE = timedelta(hours=72)
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,79}")
_log = structlog.get_logger("jru.identity")


@dataclass(frozen=True, slots=True)
class Invited:
    """An account with its one-time set-up secret, which is shown once."""

    account: Account
    setup_secret: str


@dataclass(frozen=True, slots=True)
class AccountBook:
    """The accounts of the scheme.

    `viewer` None stands for whoever runs the machine. An administrator acts on people of the own service only, and
    on their own account not at all: nobody makes themselves more than they are.
    """

    accounts: Accounts
    sessions: SessionBook
    devices: Devices
    clock: Clock
    random: Random

    def create(self, viewer: Viewer | None, name: str, full_name: str, jobs: Sequence[Employment]) -> Invited:
        """Make an account with a set-up secret; raises Forbidden, InvalidInput, or Conflict for a name in use."""
        self._administrate(viewer)
        key = sign_in_name(name)
        if not NAME.fullmatch(key):
            raise InvalidInput(
                "account.name",
                "A sign-in name has 3 to 80 letters, digits and . _ @ -.",
                "For example surname.firstname.",
            )
        self._check_jobs(viewer, jobs)
        now = self.clock.now()
        account = Account(f"acc_{self.random.uuid7(now)}", key, full_name.strip(), tuple(jobs), now)
        secret, kept = self._setup(account.account_id)
        try:
            self.accounts.add(account, [kept])
        except NameTaken as error:
            raise Conflict("account.name_taken", "This sign-in name is in use.", "Choose another.") from error
        self._tell("account created", viewer, account)
        return Invited(account, secret)

    def listed(self, viewer: Viewer | None) -> list[Row]:
        """Return the accounts that the viewer administers."""
        self._administrate(viewer)
        return [
            self.row(account)
            for account in self.accounts.all()
            if viewer is None or any(job.agency is viewer.agency for job in account.employments)
        ]

    def row(self, account: Account) -> Row:
        """Return an account as lists show it: which proofs it has, but nothing of them."""
        kinds = sorted({one.kind.value for one in self.accounts.credentials(account.account_id)})
        return {
            "id": account.account_id,
            "name": account.name,
            "full_name": account.full_name,
            "employments": [
                {
                    "agency": job.agency.value,
                    "role": job.role.value,
                    "qualifications": sorted(job.qualifications),
                }
                for job in account.employments
            ],
            "created_at": iso(account.created_at),
            "disabled_at": iso(account.disabled_at) if account.disabled_at else None,
            "proofs": kinds,
            "sessions": len(self.sessions.of_account(account.account_id)),
        }

    def disable(self, viewer: Viewer | None, account_id: str) -> Account:
        """Shut somebody out at once: sessions and live streams end, PINs go."""
        account = self._theirs(viewer, account_id)
        changed = replace(account, disabled_at=account.disabled_at or self.clock.now())
        self._keep(changed)
        self.devices.remove_pins(None, account_id)
        self._tell("account disabled", viewer, changed)
        return changed

    def enable(self, viewer: Viewer | None, account_id: str) -> Account:
        """Let somebody in again with the proofs that they have."""
        changed = replace(self._theirs(viewer, account_id), disabled_at=None)
        self._keep(changed)
        self._tell("account enabled", viewer, changed)
        return changed

    def employ(self, viewer: Viewer | None, account_id: str, jobs: Sequence[Employment]) -> Account:
        """Give somebody these jobs in place of those that the viewer may change; sessions in others end."""
        account = self._theirs(viewer, account_id)
        self._check_jobs(viewer, jobs)
        kept = [one for one in account.employments if viewer is not None and one.agency is not viewer.agency]
        changed = replace(account, employments=(*kept, *jobs))
        self._keep(changed)
        self._tell("account roles changed", viewer, changed)
        return changed

    def reset(self, viewer: Viewer | None, account_id: str) -> Invited:
        """Take every proof kept here away and give a new set-up secret; sessions end.

        What ties the account to a directory stays: it proves nothing by itself, and without it somebody who is shut
        out here would come back from there as somebody new. Raises Forbidden for somebody whom the other service
        employs too: the one who holds the set-up secret could sign in as either.
        """
        account = self._theirs(viewer, account_id)
        if viewer is not None and any(job.agency is not viewer.agency for job in account.employments):
            raise Forbidden(
                "account.shared", "The other service employs this person too: ask who runs the server."
            )
        secret, kept = self._setup(account_id)
        held = self.accounts.credentials(account_id)
        old = [one.credential_id for one in held if one.kind is not Kind.OIDC]
        self.accounts.exchange([kept], old)
        self.devices.remove_pins(None, account_id)
        self.sessions.end_where(lambda one: one.account_id == account_id, "account reset")
        self._tell("account reset", viewer, account)
        return Invited(account, secret)

    def end_sessions(self, viewer: Viewer | None, account_id: str) -> int:
        """End all of somebody's sessions; return how many there were."""
        account = self._theirs(viewer, account_id)
        ended = self.sessions.end_where(lambda one: one.account_id == account_id, "ended by an administrator")
        self._tell("sessions ended", viewer, account)
        return ended

    def named(self, name: str) -> Account:
        """Return the account with a sign-in name; raises NotFound."""
        found = self.accounts.named(sign_in_name(name))
        if found is None:
            raise NotFound("account", f"there is no account {name!r}")
        return found

    def _keep(self, account: Account) -> None:
        self.accounts.change(account)
        self.sessions.changed(account)

    def _setup(self, account_id: str) -> tuple[str, Credential]:
        now = self.clock.now()
        text = base64.b32encode(self.random.bytes(SETUP_BYTES)).decode()
        secret = "-".join(text[start : start + 4] for start in range(0, len(text), 4))
        return secret, Credential(
            f"crd_{self.random.uuid7(now)}",
            account_id,
            Kind.SETUP,
            "Set-up secret",
            hashed(typed_secret(secret)),
            None,
            0,
            now,
            expires_at=now + SETUP_LIFE,
        )

    def _administrate(self, viewer: Viewer | None) -> None:
        if viewer is not None and viewer.role is not Role.SYSTEM_ADMINISTRATOR:
            raise Forbidden("role", "accounts are for administrators")

    def _theirs(self, viewer: Viewer | None, account_id: str) -> Account:
        """Return an account that the viewer administers; raises NotFound for all others, Forbidden for the own."""
        self._administrate(viewer)
        account = self.accounts.get(account_id)
        if account is None or (
            viewer is not None and all(job.agency is not viewer.agency for job in account.employments)
        ):
            raise NotFound("account", "there is no such account")
        if viewer is not None and viewer.subject == account_id:
            raise Forbidden("account.own", "Nobody changes their own account: ask another administrator.")
        return account

    def _check_jobs(self, viewer: Viewer | None, jobs: Sequence[Employment]) -> None:
        if not jobs:
            raise InvalidInput("account.jobs", "An account needs a role.", "Give one at least.")
        for job in jobs:
            rights = RIGHTS.get(job.role)
            if rights is None or job.role.agency not in (None, job.agency):
                raise InvalidInput(
                    "account.role", f"There is no {job.role.value} of the {job.agency.value} service."
                )
            if viewer is not None and job.agency is not viewer.agency:
                raise Forbidden("account.agency", "An administrator gives roles of the own service only.")

    def _tell(self, what: str, viewer: Viewer | None, account: Account) -> None:
        by = viewer.subject if viewer else "shell"
        roles = [f"{job.agency.value}:{job.role.value}" for job in account.employments]
        _log.info(what, account=account.account_id, by=by, roles=roles)

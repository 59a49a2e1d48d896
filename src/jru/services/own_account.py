"""What somebody does with their own account: see and end sessions, change the password, keep passkeys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from jru.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated

from .account_records import Account, Credential, Kind, LoginSession, NameTaken
from .records import Row
from .session_book import SessionBook
from .signing_in import Browser, SigningIn
from .wording import iso

_log = structlog.get_logger("jru.identity")


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """All of it needs a session; what changes a proof needs a fresh one, so that a screen left open gives nothing."""

    signing_in: SigningIn
    sessions: SessionBook

    def whole(self, secret: str) -> Row:
        """Return the caller's account with sessions and proofs."""
        here = self._here(secret)
        account = self._account(here)
        return {
            "name": account.name,
            "full_name": account.full_name,
            "fresh": self._is_fresh(here),
            "sessions": self.sessions_of(secret),
            "proofs": self.proofs(secret),
        }

    def sessions_of(self, secret: str) -> list[Row]:
        """Return the caller's open sessions, newest first."""
        here = self._here(secret)
        return [
            {
                "id": one.session_id,
                "here": one.session_id == here.session_id,
                "agency": one.agency.value,
                "role": one.role.value,
                "method": one.method,
                "client": one.client,
                "tablet": one.device_id is not None,
                "started_at": iso(one.started_at),
                "seen_at": iso(one.seen_at),
                "expires_at": iso(one.expires_at),
            }
            for one in self.sessions.of_account(here.account_id)
        ]

    def end_session(self, secret: str, session_id: str) -> None:
        """End one of the caller's sessions; raises NotFound for any other."""
        here = self._here(secret)
        if session_id not in {one.session_id for one in self.sessions.of_account(here.account_id)}:
            raise NotFound("session", "there is no such session")
        self.sessions.end([session_id], "ended by its owner")

    def end_others(self, secret: str) -> int:
        """End all of the caller's sessions but this one; return how many there were."""
        here = self._here(secret)
        return self._end_others(here)

    def _end_others(self, here: LoginSession) -> int:
        return self.sessions.end_where(
            lambda one: one.account_id == here.account_id and one.session_id != here.session_id,
            "ended by its owner",
        )

    def proofs(self, secret: str) -> list[Row]:
        """Return the caller's proofs: what they are called and when they were used, nothing of what they are."""
        return [
            {
                "id": one.credential_id,
                "kind": one.kind.value,
                "label": one.label,
                "created_at": iso(one.created_at),
                "used_at": iso(one.used_at) if one.used_at else None,
            }
            for one in self._credentials(self._here(secret))
        ]

    def change_password(self, secret: str, present: str, wanted: str, browser: Browser) -> tuple[int, str]:
        """Change the password; return how many other sessions ended, and the new secret of this one.

        Raises InvalidInput for a wrong present password or a weak new one, TooManyTries.
        """
        here = self._here(secret)
        account = self._account(here)
        ways = self.signing_in
        ways.by_address.take(browser.address)
        ways.by_name.take(account.name)
        kept = next((one for one in self._credentials(here) if one.kind is Kind.PASSWORD), None)
        if not ways.passwords.matches(kept.secret if kept else None, present) or kept is None:
            raise InvalidInput("password.present", "The present password is not right.", "Try again.")
        ways.passwords.check(wanted, (account.name, account.full_name))
        ways.by_name.forgive(account.name)
        fresh = ways.made(account.account_id, Kind.PASSWORD, kept.label, ways.passwords.hashed(wanted))
        ways.accounts.exchange([fresh], [kept.credential_id])
        ended = self._end_others(here)
        _log.info("password changed", account=account.account_id)
        return ended, self.sessions.renew(secret)

    def ask_passkey(self, secret: str) -> tuple[str, dict[str, Any]]:
        """Return a ticket and what the browser needs to make one more passkey."""
        here = self._fresh(secret)
        account = self._account(here)
        held = [one.external or "" for one in self._credentials(here) if one.kind is Kind.PASSKEY]
        challenge, options = self.signing_in.passkeys.ask_new(
            account.account_id, account.name, account.full_name, held
        )
        return self.signing_in.tickets.issue("new passkey", account.account_id, challenge=challenge), options

    def keep_passkey(
        self, secret: str, ticket: str, label: str, answer: Mapping[str, Any], browser: Browser
    ) -> Row:
        """Keep a new passkey; raises InvalidInput or Conflict when it is known."""
        here = self._fresh(secret)
        ways = self.signing_in
        held = ways.tickets.take(ticket, "new passkey")
        if held is None or held.account_id != here.account_id:
            raise InvalidInput("passkey.expired", "This took too long.", "Begin again.")
        new = ways.passkeys.check_new(held.held["challenge"], answer, browser.origin)
        made = ways.made(
            here.account_id, Kind.PASSKEY, label, new.public_key, external=new.external, counter=new.counter
        )
        try:
            ways.accounts.exchange([made], [])
        except NameTaken as error:
            raise Conflict("passkey.known", "This passkey is in use already.", "Take another one.") from error
        _log.info("passkey added", account=here.account_id)
        return {"id": made.credential_id, "label": made.label}

    def drop_passkey(self, secret: str, credential_id: str) -> Row:
        """Remove a passkey and return what it was; NotFound for a stranger's, Conflict for the last way in."""
        here = self._fresh(secret)
        held = self._credentials(here)
        wanted = next(
            (one for one in held if one.credential_id == credential_id and one.kind is Kind.PASSKEY), None
        )
        if wanted is None:
            raise NotFound("passkey", "there is no such passkey")
        if not _has_way_in([one for one in held if one is not wanted]):
            raise Conflict("passkey.last", "This is the last way to sign in.", "Add another passkey first.")
        self.signing_in.accounts.exchange([], [credential_id])
        _log.info("passkey removed", account=here.account_id)
        return {"id": credential_id, "label": wanted.label}

    def _here(self, secret: str) -> LoginSession:
        """Return the session of a secret; raises Forbidden for a token or a demo role, which has no account."""
        session = self.sessions.find(secret)
        if session is None:
            raise Forbidden(
                "no_account", "There is no account behind this.", "Sign in with your own account."
            )
        return session

    def _fresh(self, secret: str) -> LoginSession:
        here = self._here(secret)
        if not self._is_fresh(here):
            raise Forbidden("stale_sign_in", "This needs a fresh sign-in.", "Sign in again, then repeat it.")
        return here

    def _is_fresh(self, here: LoginSession) -> bool:
        return self.sessions.is_recent(here) and here.method != "pin"

    def _account(self, here: LoginSession) -> Account:
        account = self.signing_in.accounts.get(here.account_id)
        if account is None:
            raise Unauthenticated("unauthenticated")
        return account

    def _credentials(self, here: LoginSession) -> list[Credential]:
        return list(self.signing_in.accounts.credentials(here.account_id))


def _has_way_in(held: list[Credential]) -> bool:
    kinds = {one.kind for one in held}
    return bool(kinds & {Kind.PASSKEY, Kind.OIDC}) or {Kind.PASSWORD, Kind.TOTP} <= kinds

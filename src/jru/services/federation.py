"""Sign-in at a partner's own directory (OpenID Connect): what it says of somebody becomes an account with roles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog

from jru.clock import Clock, Random
from jru.domain.agency import Agency, Employment
from jru.domain.blueprint import Blueprint, SignInAt
from jru.errors import NotFound, Unauthenticated

from .account_records import Account, Accounts, Kind, NameTaken
from .records import Row
from .secrets import fits, hashed, new_secret
from .session_book import SessionBook
from .signing_in import Browser, Entered, SigningIn, sign_in_name

STAGE = "oidc"
UNFIT = frozenset({"Cc", "Cs"})
"""Control signs and halves of signs: no screen shows them, and not every database takes them."""
_log = structlog.get_logger("jru.identity")


class IdentityRefused(Exception):
    """The directory's answer does not hold, or there was none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent along with somebody to a directory, and must come back.

    `anew_since`: whoever sits there proves after this moment who they are; None: an earlier proof will do.
    """

    redirect_uri: str
    state: str
    nonce: str
    verifier: str
    anew_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """Where a browser goes to sign in, and the secret that shows on its way back that it is the same one."""

    address: str
    binder: str


@dataclass(frozen=True, slots=True)
class Back:
    """What a browser brings back: state and code from the directory, its own secret from its cookie."""

    state: str
    code: str
    binder: str


class Directory(Protocol):
    """A partner's identity provider. Both raise IdentityRefused and may wait some seconds for the network."""

    def address(self, at: SignInAt, asked: Asked) -> str:
        """Return where a browser goes to sign in."""
        ...

    def claims(self, at: SignInAt, asked: Asked, code: str) -> Mapping[str, Any]:
        """Exchange a code and return the verified claims of the ID token."""
        ...


@dataclass(slots=True)
class Federation:
    """The directories that the blueprint in force names, one for a partner at most."""

    directory: Directory
    accounts: Accounts
    sessions: SessionBook
    signing_in: SigningIn
    scheme: Callable[[], Blueprint]
    clock: Clock
    random: Random

    def partners(self) -> list[Row]:
        """Return the partners whose people sign in at their own directory."""
        found = self.scheme().partners
        return [{"agency": a.value, "name": found[a].name} for a in Agency if found[a].sign_in is not None]

    def begin(self, agency: Agency, redirect_uri: str, browser: Browser) -> Away:
        """Return where the browser goes, and what it keeps until it is back; raises NotFound, Unauthenticated.

        On a tablet, which many share, and for somebody who is signed in already, the directory has to ask anew: it
        may still know the one before.
        """
        at = self._settings(agency)
        known = browser.device is not None or self.sessions.find(browser.session) is not None
        anew_since = self.clock.now() if known else None
        binder, nonce, verifier = (new_secret(self.random) for _ in range(3))
        tickets = self.signing_in.tickets
        state = tickets.issue(
            STAGE,
            None,
            agency=agency,
            redirect_uri=redirect_uri,
            nonce=nonce,
            verifier=verifier,
            anew_since=anew_since,
            binder=hashed(binder),
            browser=browser,
        )
        try:
            asked = Asked(redirect_uri, state, nonce, verifier, anew_since)
            return Away(self.directory.address(at, asked), binder)
        except IdentityRefused as error:
            tickets.drop(state)
            raise self._refused(agency, error) from error

    def finish(self, agency: Agency, back: Back, browser: Browser) -> Entered:
        """Check what came back and sign in; raises Unauthenticated, with one answer for every reason.

        The session is opened for the browser as it was when it began: on its way back from another site it does not
        show its earlier session, nor that it is a vehicle's tablet.
        """
        try:
            held = self._begun(agency, back)
            asked = Asked(
                held["redirect_uri"], back.state, held["nonce"], held["verifier"], held["anew_since"]
            )
            at = self._settings(agency)
            claims = self.directory.claims(at, asked, back.code)
            proved_at = _proved_at(claims)
            account = self._account(agency, at, claims)
        except IdentityRefused as error:
            raise self._refused(agency, error) from error
        began: Browser = held["browser"]
        here = replace(
            browser, session=browser.session or began.session, device=browser.device or began.device
        )
        return self.signing_in.enter(account, "directory of the service", here, proved_at)

    def _begun(self, agency: Agency, back: Back) -> Mapping[str, Any]:
        """Return what is held of a sign-in that this very browser began, for the last time."""
        tickets = self.signing_in.tickets
        ticket = tickets.look(back.state, STAGE)
        if ticket is None or ticket.held["agency"] is not agency:
            raise IdentityRefused("no such sign-in")
        if not fits(back.binder, ticket.held["binder"]):
            raise IdentityRefused("begun in another browser")
        if tickets.take(back.state, STAGE) is None:
            raise IdentityRefused("answered already")
        if not back.code:
            raise IdentityRefused("the directory gave no code")
        return ticket.held

    def _account(self, agency: Agency, at: SignInAt, claims: Mapping[str, Any]) -> Account:
        """Return the account behind the claims, with the roles that they give today; a new person gets one."""
        jobs = self._jobs(agency, at, claims)
        external = f"{at.issuer} {claims['sub']}"
        account = self._known(external)
        if account is not None:
            account = self._with_jobs(account, agency, jobs)
        if not jobs:
            raise IdentityRefused("no role for these claims")
        return account or self._new(agency, external, claims, jobs)

    def _known(self, external: str) -> Account | None:
        kept = self.accounts.credential(Kind.OIDC, external)
        if kept is None:
            return None
        self.accounts.use(kept.credential_id, 0, self.clock.now())
        return self.accounts.get(kept.account_id)

    def _with_jobs(self, account: Account, agency: Agency, jobs: Sequence[Employment]) -> Account:
        """Return an account with these jobs at a service, with what it holds of each; what is gone ends at once."""
        held = {(job.agency, job.role): job for job in account.employments}
        others = [job for job in account.employments if job.agency is not agency]
        today = [held.get((job.agency, job.role), job) for job in jobs]
        changed = replace(account, employments=(*others, *today))
        if set(changed.employments) != set(account.employments):
            self.accounts.change(changed)
            self.sessions.changed(changed)
            _log.info("roles changed by a directory", account=account.account_id, agency=agency.value)
        return changed

    def _jobs(self, agency: Agency, at: SignInAt, claims: Mapping[str, Any]) -> tuple[Employment, ...]:
        words = _words(claims, at.claim)
        roles = [role for word, role in at.roles.items() if word in words]
        allowed = [role for role in dict.fromkeys(roles) if role.agency in (None, agency)]
        return tuple(Employment(agency, role) for role in allowed)

    def _new(
        self, agency: Agency, external: str, claims: Mapping[str, Any], jobs: Sequence[Employment]
    ) -> Account:
        """Make the account of somebody who comes for the first time, under a name that no other account has."""
        now = self.clock.now()
        account_id = f"acc_{self.random.uuid7(now)}"
        known_as = (_text(claims, "preferred_username") or _text(claims, "sub"))[:60]
        plain = re.sub(r"[^a-z0-9._@-]", "-", sign_in_name(known_as)).strip("-.") or "somebody"
        full_name = _text(claims, "name")[:120] or known_as
        proof = self.signing_in.made(
            account_id, Kind.OIDC, "Directory of the service", b"", external=external
        )
        for name in (f"{agency.value}.{plain}", f"{agency.value}.{plain}.{account_id[-8:]}"):
            account = Account(account_id, name, full_name, tuple(jobs), now)
            try:
                self.accounts.add(account, [proof])
            except NameTaken:
                continue
            _log.info("account made from a directory", account=account_id, agency=agency.value)
            return account
        made = self._known(external)  # the same person, twice at the same moment
        if made is None:
            raise IdentityRefused("no free name")
        return made

    def _settings(self, agency: Agency) -> SignInAt:
        at = self.scheme().partners[agency].sign_in
        if at is None:
            raise NotFound("sign_in", "this partner has no directory here")
        return at

    def _refused(self, agency: Agency, error: IdentityRefused) -> Unauthenticated:
        _log.warning("directory sign-in refused", agency=agency.value, why=str(error))
        return Unauthenticated(
            "sign_in.directory", "The directory did not sign you in.", "Begin again, or ask your service."
        )


def _words(claims: Mapping[str, Any], claim: str) -> set[str]:
    """Return the values of a claim that may hold one or several; none where it is absent."""
    given = claims.get(claim, [])
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise IdentityRefused(f"the claim {claim} is neither a text nor a list of texts")
    return set(listed)


def _text(claims: Mapping[str, Any], claim: str) -> str:
    """Return a claim that can be shown and kept, with single blanks; "" where it is absent."""
    given = claims.get(claim, "")
    if not isinstance(given, str):
        raise IdentityRefused(f"the claim {claim} is no text")
    text = " ".join(unicodedata.normalize("NFKC", given).split())
    if any(unicodedata.category(sign) in UNFIT for sign in text):
        raise IdentityRefused(f"the claim {claim} has signs that no name has")
    return text


def _proved_at(claims: Mapping[str, Any]) -> datetime | None:
    """Return when somebody proved at the directory who they are, if it tells."""
    told_s = claims.get("auth_time")
    try:
        return datetime.fromtimestamp(told_s, UTC) if isinstance(told_s, int | float) else None
    except (ValueError, OverflowError, OSError) as error:
        raise IdentityRefused("auth_time is no moment") from error


class NoDirectory:
    """Stands where no directory can be reached: tests and trials in memory."""

    def address(self, at: SignInAt, asked: Asked) -> str:
        """Refuse."""
        raise IdentityRefused("there is no directory")

    def claims(self, at: SignInAt, asked: Asked, code: str) -> Mapping[str, Any]:
        """Refuse."""
        raise IdentityRefused("there is no directory")

"""Who is signed in: sessions opened, found by their secret, listed and ended, all from memory and kept on disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from jru.clock import Clock, Random
from jru.domain.agency import Agency, Employment

from .access import Viewer
from .account_records import Account, Accounts, Device, Devices, LoginSession, LoginSessions
from .board import Board
from .records import Row
from .secrets import hashed, new_secret
from .streams import Aboard
from .wording import iso

PREFIX = "jrs_"
SAVED_EVERY = timedelta(minutes=1)
LAST_MINUTES = timedelta(minutes=5)
KEPT_AFTER_END = timedelta(days=90)
FORGOTTEN_EVERY = timedelta(days=1)
MOST_PER_ACCOUNT = 20
_log = structlog.get_logger("jru.identity")


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long a session lasts: without use (on a shared tablet: `tablet_idle`), and at all.

    `recent` is how fresh a sign-in must be before somebody changes what proves that it is them.
    """

    idle: timedelta = timedelta(minutes=120)
    tablet_idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=13)
    recent: timedelta = timedelta(minutes=10)


class SessionBook:
    """Login sessions. One process writes, so that what is in memory is all there is: an end holds at once."""

    def __init__(
        self,
        sessions: LoginSessions,
        accounts: Accounts,
        devices: Devices,
        board: Board,
        clock: Clock,
        random: Random,
        rules: SessionRules,
    ) -> None:
        self._sessions = sessions
        self._accounts = accounts
        self._devices = devices
        self._board = board
        self._clock = clock
        self._random = random
        self.rules = rules
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []
        self._unwritten: list[tuple[list[str], datetime, str]] = []
        now = clock.now()
        sessions.forget(now - KEPT_AFTER_END)
        self._forgotten_at = now
        self._open = {one.token_hash: one for one in sessions.open_sessions(now)}
        self._people: dict[str, Account] = {}
        self._tablets: dict[str, Device] = {}

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` after sessions have ended, so that their live streams end too."""
        self._listeners.append(listener)

    def open(
        self,
        account: Account,
        job: Employment,
        method: str,
        client: str,
        device: Device | None = None,
        until: datetime | None = None,
        proved_at: datetime | None = None,
    ) -> str:
        """Open a session and return its secret, which is shown once; `until` ends it earlier than the rule.

        `proved_at`: when they proved who they are, where it was not just now.
        """
        now = self._clock.now()
        longest = now + self.rules.absolute
        secret = PREFIX + new_secret(self._random)
        session = LoginSession(
            session_id=f"ses_{self._random.uuid7(now)}",
            token_hash=hashed(secret),
            account_id=account.account_id,
            agency=job.agency,
            role=job.role,
            method=method,
            client=client,
            device_id=device.device_id if device else None,
            started_at=now,
            authenticated_at=min(now, proved_at or now),
            seen_at=now,
            expires_at=min(longest, until) if until else longest,
        )
        self._sessions.add(session)
        with self._lock:
            self._open[session.token_hash] = session
        self._end_surplus(account.account_id)
        _log.info("session opened", account=account.account_id, method=method, role=job.role.value)
        return secret

    def _end_surplus(self, account_id: str) -> None:
        mine = self.of_account(account_id)
        if len(mine) > MOST_PER_ACCOUNT:
            self.end([one.session_id for one in mine[MOST_PER_ACCOUNT:]], "too many sessions")

    def renew(self, secret: str) -> str:
        """Give a session a new secret, since what it may do has changed; the old one is worth nothing."""
        session = self.find(secret)
        if session is None:
            return secret
        fresh = PREFIX + new_secret(self._random)
        now = self._clock.now()
        renewed = replace(
            session, session_id=f"ses_{self._random.uuid7(now)}", token_hash=hashed(fresh), seen_at=now
        )
        self._sessions.add(renewed)
        with self._lock:
            self._open[renewed.token_hash] = renewed
        self.end([session.session_id], "renewed")
        return fresh

    def find(self, secret: str) -> LoginSession | None:
        """Return the open session of a secret, or None when there is none, or it was idle or open for too long."""
        return self._held(hashed(secret))

    def _held(self, token_hash: bytes) -> LoginSession | None:
        session = self._open.get(token_hash)
        if session is None:
            return None
        over = self._over(session)
        if over:
            self.end([session.session_id], over)
            return None
        return session

    def _over(self, session: LoginSession) -> str:
        """Return why a session is over by itself, "" while it is not."""
        now = self._clock.now()
        if now >= session.expires_at:
            return "expired"
        return "idle" if now >= session.seen_at + self._idle(session) else ""

    def _idle(self, session: LoginSession) -> timedelta:
        return self.rules.tablet_idle if session.device_id else self.rules.idle

    def ending(self, token_hash: bytes) -> datetime | None:
        """Return when a session is over by itself, in the last minutes before; None earlier, and without one."""
        session = self._open.get(token_hash)
        if session is None:
            return None
        idle = self._idle(session)
        over = min(session.seen_at + idle, session.expires_at)
        return over if over - self._clock.now() <= min(LAST_MINUTES, idle / 2) else None

    def viewer_for(self, secret: str, *, active: bool) -> Viewer | None:
        """Return who holds a secret; `active`: somebody did something, so that the session is not idle."""
        return self._viewer_of(self.find(secret), active=active)

    def viewer_held(self, token_hash: bytes) -> Viewer | None:
        """Return whom a session still stands for, by what is kept of its secret; they did nothing just now."""
        return self._viewer_of(self._held(token_hash), active=False)

    def _viewer_of(self, session: LoginSession | None, *, active: bool) -> Viewer | None:
        if session is None:
            return None
        account = self._person(session.account_id)
        if account is None or not account.employed(session.agency, session.role):
            return None
        tablet = self._tablet(session.device_id) if session.device_id else None
        if tablet is not None and tablet.ended_at is not None:
            return None
        if active:
            self._saw(session)
        return Viewer(
            account.account_id,
            account.full_name,
            session.agency,
            session.role,
            self._unit_id(session, account, tablet) if session.role.is_crew else None,
        )

    def _person(self, account_id: str) -> Account | None:
        account = self._people.get(account_id) or self._accounts.get(account_id)
        if account is None or account.disabled_at is not None:
            return None
        self._people[account_id] = account
        return account

    def _saw(self, session: LoginSession) -> None:
        now = self._clock.now()
        save = now - session.seen_at >= SAVED_EVERY
        if save:
            with self._lock:
                if session.token_hash in self._open:
                    self._open[session.token_hash] = replace(session, seen_at=now)
            try:
                self._sessions.saw(session.session_id, now)
            except Exception as error:  # noqa: BLE001 - who may read goes on while nothing can be written
                _log.warning("use of a session not written", session=session.session_id, error=repr(error))

    def _unit_id(self, session: LoginSession, account: Account, tablet: Device | None) -> str | None:
        """Return the unit that somebody rides on: the one in the tablet's vehicle until they are relieved, else where
        they sit.
        """
        aboard = list(self._board.open_units())
        if tablet is not None:
            mine = (
                one
                for one in aboard
                if one.state.vehicle_id == tablet.vehicle_id
                and relieved_at(one, session.agency, account.full_name) is None
            )
        else:
            mine = (one for one in aboard if sits(one, session.agency, account.full_name))
        return next((one.state.unit_id for one in mine), None)

    def relief(self, viewer: Viewer) -> Row | None:
        """Return the unit on duty whose seat somebody else took from a viewer last, and when."""
        if viewer.unit_id is not None or not viewer.role.is_crew:
            return None
        found = [
            (at, one.state.call_sign)
            for one in self._board.open_units()
            if (at := relieved_at(one, viewer.agency, viewer.name))
        ]
        at, call_sign = max(found, default=(None, ""))
        return {"call_sign": call_sign, "at": iso(at)} if at else None

    def _tablet(self, device_id: str) -> Device | None:
        if device_id not in self._tablets:
            found = self._devices.get(device_id)
            if found is None:
                return None
            self._tablets[device_id] = found
        return self._tablets[device_id]

    def is_recent(self, session: LoginSession) -> bool:
        """Tell whether somebody proved who they are a short while ago."""
        return self._clock.now() - session.authenticated_at < self.rules.recent

    def of_account(self, account_id: str) -> list[LoginSession]:
        """Return somebody's open sessions, newest first."""
        now = self._clock.now()
        mine = [
            one for one in list(self._open.values()) if one.account_id == account_id and one.expires_at > now
        ]
        return sorted(mine, key=lambda one: (one.started_at, one.session_id), reverse=True)

    def end(self, session_ids: Iterable[str], why: str) -> int:
        """End sessions at once, their live streams within a moment; return how many were open."""
        wanted = set(session_ids)
        with self._lock:
            ended = [one for one in self._open.values() if one.session_id in wanted]
            for one in ended:
                del self._open[one.token_hash]
        if ended:
            for listener in self._listeners:
                listener()
            self._write_end([one.session_id for one in ended], self._clock.now(), why)
        return len(ended)

    def _write_end(self, session_ids: list[str], at: datetime, why: str) -> None:
        """Write an end that holds already; what cannot be written now is written by a later sweep."""
        try:
            self._sessions.end(session_ids, at, why)
        except Exception as error:  # noqa: BLE001 - whatever keeps it from being written, the end holds
            _log.error("end of sessions not written yet", sessions=session_ids, why=why, error=repr(error))
            with self._lock:
                self._unwritten.append((session_ids, at, why))

    def sweep(self) -> None:
        """End what is over by itself, write what could not be written, forget what ended long ago."""
        with self._lock:
            again, self._unwritten = self._unwritten, []
        for session_ids, at, why in again:
            self._write_end(session_ids, at, why)
        over = [(one.session_id, self._over(one)) for one in list(self._open.values())]
        for why in ("expired", "idle"):
            self.end([session_id for session_id, found in over if found == why], why)
        now = self._clock.now()
        if now - self._forgotten_at >= FORGOTTEN_EVERY:
            self._sessions.forget(now - KEPT_AFTER_END)
            self._forgotten_at = now

    def end_secret(self, secret: str, why: str) -> None:
        """End the session of a secret."""
        session = self._open.get(hashed(secret))
        if session is not None:
            self.end([session.session_id], why)

    def end_where(self, chosen: Callable[[LoginSession], bool], why: str) -> int:
        """End every open session that is chosen."""
        return self.end([one.session_id for one in list(self._open.values()) if chosen(one)], why)

    def changed(self, account: Account) -> None:
        """Take over what changed of an account: jobs that are gone end, and so does everything of a disabled one."""
        with self._lock:
            self._people[account.account_id] = account
        self.end_where(
            lambda one: (
                one.account_id == account.account_id
                and (account.disabled_at is not None or not account.employed(one.agency, one.role))
            ),
            "account disabled" if account.disabled_at else "role withdrawn",
        )

    def tablet_ended(self, device: Device) -> None:
        """End what is open on a tablet that is gone; what is being opened on it at this moment is worth nothing."""
        with self._lock:
            self._tablets[device.device_id] = device
        self.end_where(lambda one: one.device_id == device.device_id, f"tablet {device.ended_why}")


def sits(aboard: Aboard, agency: Agency, full_name: str) -> bool:
    """Tell whether a person has a seat of a unit, by their name."""
    return plain_name(full_name) in {plain_name(name) for name in aboard.names.get(agency, {}).values()}


def relieved_at(aboard: Aboard, agency: Agency, full_name: str) -> datetime | None:
    """Return when somebody else took a person's seat of a unit; None for who sits there or never did."""
    if sits(aboard, agency, full_name):
        return None
    wanted = plain_name(full_name)
    gone = aboard.relieved.get(agency, {})
    return max((at for name, at in gone.items() if plain_name(name) == wanted), default=None)


def plain_name(name: str) -> str:
    """Return a person's name without case and extra blanks."""
    return " ".join(name.casefold().split())

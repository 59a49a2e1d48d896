"""Which devices may be told what goes on while their page is not in front, and what each of them is still to be told.

What is decided here costs a command nothing: it happens after the commit, on other threads.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from jru.clock import Clock, Random
from jru.errors import Conflict, Forbidden, Refused, TooManyTries, Unavailable

from .access import Gate, Viewer
from .alert_records import (
    Alert,
    AlertKind,
    PushAddress,
    PushService,
    Receipt,
    Subscription,
    Subscriptions,
)
from .alerts import TOLD_ROLES, alerts_for, message_of
from .board import Board
from .records import Row

MOST_OF_ONE = 5
MOST_OF_ALL = 2000
FAILED_BEFORE_SAID = 3
TRIAL_LIFE = timedelta(minutes=1)
TRIAL_EVERY = timedelta(seconds=10)
ENDING_LIFE = timedelta(hours=1)
_ALL = ""
"""Under which the failures of all devices are counted."""
_log = structlog.get_logger("jru.push")


@dataclass(frozen=True, slots=True)
class PushPorts:
    """Where subscriptions are kept and how they are reached."""

    subscriptions: Subscriptions
    service: PushService


@dataclass(frozen=True, slots=True)
class Parcel:
    """One alert for one device."""

    subscription: Subscription
    alert: Alert

    @property
    def message(self) -> bytes:
        """Return the message before it is sealed for the device."""
        return message_of(self.alert, silent=self.subscription.silent)


class PushBook:
    """Subscriptions, from memory and kept on disk: one process writes. Safe between threads."""

    def __init__(
        self,
        ports: PushPorts,
        board: Board,
        gate: Gate,
        viewer_held: Callable[[bytes], Viewer | None],
        ending: Callable[[bytes], datetime | None],
        clock: Clock,
        random: Random,
    ) -> None:
        self.service = ports.service
        self._kept = ports.subscriptions
        self._board = board
        self._gate = gate
        self._viewer_held = viewer_held
        self._ending = ending
        self._clock = clock
        self._random = random
        self._lock = threading.RLock()
        self._by_id = {one.subscription_id: one for one in self._kept.all()}
        self._told: dict[tuple[str, str], Alert] = {}
        self._failed: Counter[str] = Counter()
        self._results: Counter[Receipt] = Counter()

    def state(self, viewer: Viewer, holder: bytes) -> Row:
        """Return what the page of a session shows: the key to subscribe with, whether it is told, whether it works."""
        with self._lock:
            mine = [o for o in self._by_id.values() if o.holder == holder and o.subject == viewer.subject]
            working = all(self._works(one.subscription_id) for one in mine)
        key = self.service.public_key if viewer.role in TOLD_ROLES else ""
        return {"key": key or None, "on": bool(mine), "working": working}

    def subscribe(self, viewer: Viewer, holder: bytes, address: PushAddress, *, silent: bool) -> None:
        """Tell a browser from now on, for as long as the session, and the crew's duty, lasts.

        Raises Forbidden, Refused for a crew off duty, InvalidInput for an address, Unavailable when full.
        """
        if viewer.role not in TOLD_ROLES:
            raise Forbidden("role", "only crews, control rooms and duty supervisors are told by notification")
        if viewer.role.is_crew and not self._on_duty(viewer.unit_id):
            raise Refused("off_duty", "you ride on no unit that is on duty: book on first")
        self.service.check(address)
        with self._lock:
            same = next((o for o in self._by_id.values() if o.address.endpoint == address.endpoint), None)
            if same is None and len(self._by_id) >= MOST_OF_ALL:
                raise Unavailable("push.full", "Too many devices are told already.", "Keep the page open.")
            mine = [o for o in self._by_id.values() if o.subject == viewer.subject and o is not same]
            subscription = self._made(viewer, holder, address, same, silent=silent)
            self._kept.put(subscription)
            if same and same.subscription_id != subscription.subscription_id:
                self._forget(same.subscription_id)
            self._by_id[subscription.subscription_id] = subscription
            surplus = max(0, len(mine) + 1 - MOST_OF_ONE)
            self._remove([one.subscription_id for one in mine[:surplus]], "too many")

    def _made(
        self,
        viewer: Viewer,
        holder: bytes,
        address: PushAddress,
        before: Subscription | None,
        *,
        silent: bool,
    ) -> Subscription:
        """Return a subscription; a page that was loaded again keeps its own, and what it was told already."""
        now = self._clock.now()
        renewed = before and (before.holder, before.unit_id) == (holder, viewer.unit_id)
        return Subscription(
            before.subscription_id if before and renewed else f"psh_{self._random.uuid7(now)}",
            holder,
            viewer.subject,
            viewer.agency,
            viewer.role,
            viewer.unit_id,
            address,
            self.service.public_key,
            silent,
            now,
        )

    def end(self, holder: bytes) -> int:
        """Tell the browsers of a session no more; return how many there were."""
        with self._lock:
            mine = [one.subscription_id for one in self._by_id.values() if one.holder == holder]
            return self._remove(mine, "switched off")

    def gone(self, parcel: Parcel) -> None:
        """Forget a device whose push service knows it no more."""
        self._remove([parcel.subscription.subscription_id], "gone")

    def trial(self, holder: bytes) -> Parcel:
        """Return a message for the session's own device; raises Conflict when it is not told, TooManyTries."""
        now = self._clock.now()
        with self._lock:
            mine = next((o for o in reversed(self._by_id.values()) if o.holder == holder), None)
            if mine is None:
                raise Conflict("push.not_on", "This device is not told.", "Switch notifications on first.")
            key = mine.subscription_id, AlertKind.TRIAL.value
            last = self._told.get(key)
            if last is not None and now < last.expires_at - TRIAL_LIFE + TRIAL_EVERY:
                raise TooManyTries(
                    "push.trial", "A trial is on its way.", "Wait ten seconds.", retry_after_s=10
                )
            alert = Alert(AlertKind.TRIAL, AlertKind.TRIAL.value, "", now + TRIAL_LIFE)
            self._told[key] = alert
        return Parcel(mine, alert)

    def due(self) -> list[Parcel]:
        """Return what has not been given out yet, each alert once for each device, and forget whose session is over."""
        now = self._clock.now()
        found: list[Parcel] = []
        with self._lock:
            for one in list(self._by_id.values()):
                viewer = self._listener(one)
                if viewer is None:
                    self._remove([one.subscription_id], "session over")
                    continue
                for alert in self._standing(one, viewer, now):
                    key = one.subscription_id, alert.alert_id
                    if key not in self._told:
                        self._told[key] = alert
                        found.append(Parcel(one, alert))
            # What could come up once more is remembered: an emergency stands longer than it is news.
            self._told = {
                key: alert
                for key, alert in self._told.items()
                if key[0] in self._by_id and (alert.kind is AlertKind.EMERGENCY or alert.expires_at > now)
            }
        return found

    def left_s(self, parcel: Parcel) -> float:
        """Return for how many seconds of the real world a message is still worth sending; 0 when it is not.

        It is not when it was answered or ended in the meantime, or when the session may not be told any more.
        """
        one, alert = parcel.subscription, parcel.alert
        now = self._clock.now()
        with self._lock:
            viewer = self._listener(one) if one.subscription_id in self._by_id else None
        if viewer is None or alert.expires_at <= now:
            return 0.0
        stands = alert.kind is AlertKind.TRIAL or any(
            other.alert_id == alert.alert_id for other in self._standing(one, viewer, now)
        )
        return (alert.expires_at - now).total_seconds() / (self._clock.rate or 1.0) if stands else 0.0

    def _standing(self, one: Subscription, viewer: Viewer, now: datetime) -> Iterator[Alert]:
        """Yield what a device is to be told now; that it is soon told no more is worth telling late, too."""
        yield from alerts_for(viewer, self._board, self._gate, now)
        if over := self._ending(one.holder):
            yield Alert(AlertKind.ENDING, f"ending {over.isoformat()}", "", over + ENDING_LIFE)

    def _listener(self, one: Subscription) -> Viewer | None:
        """Return who is told, while they are signed in as they were, ride where they rode, and the key is the same."""
        viewer = self._viewer_held(one.holder)
        was = (one.subject, one.agency, one.role, one.unit_id, one.made_for)
        if viewer is None or was != (
            viewer.subject,
            viewer.agency,
            viewer.role,
            viewer.unit_id,
            self.service.public_key,
        ):
            return None
        return viewer if one.unit_id is None or self._on_duty(one.unit_id) else None

    def _on_duty(self, unit_id: str | None) -> bool:
        return any(aboard.state.unit_id == unit_id for aboard in self._board.open_units())

    def note(self, parcel: Parcel, receipt: Receipt) -> None:
        """Take note of what a push service answered."""
        arrived = receipt in (Receipt.SENT, Receipt.GONE)
        with self._lock:
            self._results[receipt] += 1
            for whose in (parcel.subscription.subscription_id, _ALL):
                self._failed[whose] = 0 if arrived else self._failed[whose] + 1

    def _works(self, whose: str) -> bool:
        """Tell whether what was sent last arrived; a page hears of its own alone, not of what others were sent."""
        return self._failed[whose] < FAILED_BEFORE_SAID

    def figures(self) -> dict[str, float]:
        """Return counts for monitoring."""
        with self._lock:
            sent = {f"push_{receipt.value}": float(self._results[receipt]) for receipt in Receipt}
            return {
                "push_subscriptions": float(len(self._by_id)),
                "push_failing": float(not self._works(_ALL)),
                **sent,
            }

    def _remove(self, subscription_ids: list[str], why: str) -> int:
        """Forget devices at once; what cannot be written now ends at the next start, with its session."""
        with self._lock:
            known = [one for one in subscription_ids if self._forget(one)]
        if known:
            _log.info("devices not told any more", count=len(known), why=why)
            try:
                self._kept.remove(known)
            except Exception as error:  # noqa: BLE001 - whatever keeps it from being written, the end holds
                _log.warning("end of subscriptions not written", count=len(known), error=repr(error))
        return len(known)

    def _forget(self, subscription_id: str) -> bool:
        self._failed.pop(subscription_id, None)
        return self._by_id.pop(subscription_id, None) is not None

"""What is told to a page that is not in front: records, and ports to where devices are kept and reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from jru.domain.agency import Agency, Label, Role
from jru.errors import InvalidInput

from .access import Owned, Relation, label


class AlertKind(StrEnum):
    """What a device can be told of."""

    OFFER = "offer"
    EMERGENCY = "emergency"
    LAPSED = "lapsed"
    ENDING = "ending"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """What a unit gives to tell, for the gate: `lapsed` is the business of the room that offered."""

    relation: Relation
    offer: str | None = label(Label.OPERATIONAL)
    emergency: str | None = label(Label.SAFETY)
    lapsed: Owned | None = label(Label.OPERATIONAL)


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell until `expires_at`, in the services' time; `alert_id` tells it from any other."""

    kind: AlertKind
    alert_id: str
    call_sign: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PushAddress:
    """Where a browser is reached: its push service's address, the P-256 point and the secret of RFC 8291."""

    endpoint: str
    point: bytes
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One browser that one signed-in person let us tell; `holder` is the SHA-256 of the session's secret.

    `made_for` is the public key that its push service takes messages from; `unit_id` the unit it is about.
    """

    subscription_id: str
    holder: bytes
    subject: str
    agency: Agency
    role: Role
    unit_id: str | None
    address: PushAddress
    made_for: str
    silent: bool
    made_at: datetime


class Subscriptions(Protocol):
    """Where subscriptions are kept."""

    def all(self) -> Sequence[Subscription]:
        """Return every subscription, oldest first."""
        ...

    def put(self, subscription: Subscription) -> None:
        """Keep a subscription in place of any other of the same browser."""
        ...

    def remove(self, subscription_ids: Sequence[str]) -> None:
        """Remove subscriptions."""
        ...


class Receipt(StrEnum):
    """What a push service made of a message: `gone` for good, `later` worth another try, `refused` not."""

    SENT = "sent"
    GONE = "gone"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Reply:
    """A push service's answer; `after_s` is how long it asks to be left alone."""

    receipt: Receipt
    after_s: float = 0.0


class PushService(Protocol):
    """The push services of the browsers."""

    @property
    def public_key(self) -> str:
        """Return the key that browsers subscribe with, in base64url; "" where no push service may be used."""
        ...

    def check(self, address: PushAddress) -> None:
        """Let pass what may be sent to; raises InvalidInput."""
        ...

    async def send(self, address: PushAddress, message: bytes, left_s: int) -> Reply:
        """Send a message that is worth nothing after `left_s` seconds of the real world; never raises for a peer."""
        ...


class NoPush:
    """An installation that tells nobody outside its own pages."""

    public_key = ""

    def check(self, address: PushAddress) -> None:
        """Let nothing pass."""
        raise InvalidInput(
            "push.off", "This installation sends no notifications.", "Keep the page open and in front."
        )

    async def send(self, address: PushAddress, message: bytes, left_s: int) -> Reply:
        """Send nothing."""
        return Reply(Receipt.REFUSED)

"""What recording accesses needs from outside: the access log with a chain of its own, and a spool for when it is down.

Fakes are in `jru.services.testing`. Times are integer microseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from jru.domain.agency import Label

if TYPE_CHECKING:
    from .ports import Head


class AccessKind(StrEnum):
    """What somebody did with personal content (Data Protection Act 2018, section 62)."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True)
class Accessed:
    """One act on the content of one owner: who did it, on which records and labels, and why.

    `owner` is the service whose content it was, or "both". `spooled` names the spool that kept the row while the
    access log could not be written. Times are microseconds since 1970; nothing of the content itself is kept.
    """

    kind: AccessKind
    subject: str
    agency: str
    role: str
    unit_id: str | None
    owner: str
    records: tuple[str, ...]
    labels: tuple[Label, ...]
    fields: tuple[str, ...]
    purpose: str
    justification: str
    recipients: tuple[str, ...]
    at_us: int
    spooled: str | None = None

    @property
    def must_be_kept(self) -> bool:
        """Tell whether the act may not happen unrecorded: personal content that goes to others."""
        return self.kind is AccessKind.DISCLOSURE and any(label.is_personal for label in self.labels)


@dataclass(frozen=True, slots=True)
class StoredAccess:
    """One row of the access log, with its place in the log's own chain."""

    seq: int
    accessed: Accessed
    recorded_at_us: int
    prev: bytes
    hash: bytes


class AuditUnavailable(Exception):
    """The access log cannot be written; what had to be recorded there was not."""


@dataclass(frozen=True, slots=True)
class AccessQuery:
    """Which rows of the access log: at most `limit` about the content of `owners`, newest moment first.

    `subject` acted or was among the recipients; `since_us` and `until_us` bound the time of recording, `until_us`
    excluded; `skip` leaves out so many rows.
    """

    owners: tuple[str, ...]
    limit: int
    record: str | None = None
    subject: str | None = None
    kind: AccessKind | None = None
    since_us: int | None = None
    until_us: int | None = None
    skip: int = 0


class AccessLog(Protocol):
    """The append-only record of who saw and did what with personal content; its chain is its own."""

    def record(self, entries: Sequence[Accessed]) -> None:
        """Store entries durably, all or none; raises AuditUnavailable."""
        ...

    def find(self, query: AccessQuery) -> Sequence[StoredAccess]:
        """Return the rows that a query asks for."""
        ...

    def read(self, after_seq: int, limit: int) -> Sequence[StoredAccess]:
        """Return rows with seq > after_seq in order, at most `limit`."""
        ...

    def holds_spool(self, name: str) -> bool:
        """Tell whether the rows of a spool are in the log already."""
        ...

    def head(self) -> Head:
        """Return the last row's place and hash."""
        ...


class AccessSpool(Protocol):
    """Where accesses wait while the access log cannot be written."""

    def keep(self, entries: Sequence[Accessed]) -> None:
        """Keep entries durably; raises OSError when even that fails."""
        ...

    def waiting(self) -> int:
        """Return how many entries wait."""
        ...

    def take(self) -> tuple[str, Sequence[Accessed]] | None:
        """Return everything that waits under a name that is its alone, or None; it stays until `drop`."""
        ...

    def drop(self, name: str) -> None:
        """Forget what `take` returned under this name."""
        ...

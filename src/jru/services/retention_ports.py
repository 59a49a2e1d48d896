"""What retention needs from outside: a list of what is still held, and a register of what is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jru.domain.agency import Agency, Label

from .ports import PartRef, StoredEvent


@dataclass(frozen=True, slots=True)
class HeldPart:
    """A part whose content is still there, with the event that it belongs to."""

    event: StoredEvent
    ref: PartRef


class Holdings(Protocol):
    """What is still held and may have to go; contents are never handed out."""

    def parts(self, recorded_until: Mapping[Label, int]) -> Iterator[HeldPart]:
        """Yield the parts with these labels that were recorded at or before a time, in microseconds since 1970."""
        ...

    def parts_of(self, streams: Sequence[str]) -> Iterator[HeldPart]:
        """Yield the parts of some streams."""
        ...

    def part(self, seq: int, number: int) -> HeldPart | None:
        """Return one part, or None when its content is gone or was never there."""
        ...

    def tracks(self) -> frozenset[str]:
        """Return the units of which positions are held."""
        ...

    def messages(self, agency: Agency, received_until: int) -> tuple[str, ...]:
        """Return the messages that a service has had in quarantine since a time or longer."""
        ...


@dataclass(frozen=True, slots=True)
class Erased:
    """One line of the register: what went, of which service, under which clause.

    `parts` are (store, seq, number, hash); the hash keeps a line from hitting what took the number later.
    """

    erasure_id: str
    at_us: int
    agency: str
    clause: str
    words: str
    basis: str
    parts: tuple[tuple[str, int, int, str], ...] = ()
    tracks: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


class ErasureRegister(Protocol):
    """The list of erasures kept outside the database, to be done again after a backup was restored."""

    def note(self, erased: Erased) -> None:
        """Keep a line durably, before the content goes; raises OSError."""
        ...

    def lines(self) -> Sequence[Erased]:
        """Return every line of this log that was kept whole; raises JruError for one that was changed."""
        ...

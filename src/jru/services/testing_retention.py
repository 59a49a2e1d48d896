"""In-memory forms of the ports of retention, for tests and trials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jru.domain.agency import Agency, Label
from jru.domain.codec import to_us

from .ports import Erasing
from .retention_ports import Erased, HeldPart
from .testing import MemoryEventLog, MemoryPositions, MemoryQuarantine

_ALL = 1 << 62


class MemoryHoldings:
    """What the in-memory log, positions and quarantine still hold."""

    def __init__(self, log: MemoryEventLog, positions: MemoryPositions, quarantine: MemoryQuarantine) -> None:
        """Look at them, and let an erasure of the log reach what lies beside it."""
        self._log = log
        self._positions = positions
        self._quarantine = quarantine
        log.erasable.append(self._erase)

    def parts(self, recorded_until: Mapping[Label, int]) -> Iterator[HeldPart]:
        """Yield the parts with these labels that were recorded at or before a time."""
        for held in self._held():
            until = recorded_until.get(held.ref.label)
            if until is not None and held.event.recorded_at_us <= until:
                yield held

    def parts_of(self, streams: Sequence[str]) -> Iterator[HeldPart]:
        """Yield the parts of some streams."""
        return (held for held in self._held() if held.event.stream in streams)

    def part(self, seq: int, number: int) -> HeldPart | None:
        """Return one part, or None when its content is gone or was never there."""
        return next(
            (h for h in self._held() if (h.event.seq, h.ref.number) == (seq, number)),
            None,
        )

    def tracks(self) -> frozenset[str]:
        """Return the units of which positions are held."""
        return frozenset(self._positions.latest())

    def messages(self, agency: Agency, received_until: int) -> tuple[str, ...]:
        """Return the messages that a service has had in quarantine since a time or longer."""
        entries = self._quarantine.list(agency.value, limit=_ALL)
        return tuple(e.quarantine_id for e in reversed(entries) if to_us(e.received_at) <= received_until)

    def _held(self) -> Iterator[HeldPart]:
        for event in self._log.read(0, _ALL):
            for ref in event.parts:
                if (event.seq, ref.number) in self._log.payloads[ref.store].contents:
                    yield HeldPart(event, ref)

    def _erase(self, erasing: Erasing) -> None:
        for unit_id in erasing.tracks:
            self._positions.erase(unit_id)
        for message in erasing.messages:
            self._quarantine.erase(message)


class MemoryRegister:
    """A register in memory; while `broken` it takes nothing."""

    def __init__(self) -> None:
        self._lines: list[Erased] = []
        self.broken = False

    def note(self, erased: Erased) -> None:
        """Keep a line, or raise OSError."""
        if self.broken:
            raise OSError("no space left on the device")
        self._lines.append(erased)

    def lines(self) -> Sequence[Erased]:
        """Return every line."""
        return list(self._lines)

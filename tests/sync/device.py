"""A crew's device as a model: an outbox that survives its page, and pages that send by `rules`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from jru.clock import SeededRandom
from jru.domain.commands import Command
from jru.services.access import Viewer
from tests.sync import rules

PATIENCE_S = 15.0
TAKEN_KEPT_S = 12 * 3600.0
UNDO_S = 10.0


@dataclass
class Tap:
    """One tap: what the server is asked for, and how its sending stands."""

    key: str
    path: str
    command: Command
    at: datetime
    state: str = "waiting"
    why: str = ""
    tries: int = 0
    again: float = 0.0
    claimed: bool = False
    """Another page has taken it over from the device: it is not this page's to take back."""


@dataclass(frozen=True)
class Answer:
    """What came back: an HTTP status, 0 for nothing at all; the reason of a refusal."""

    status: int
    why: str = ""
    ours: bool = True


class Wire(Protocol):
    """What a device needs of the world around it."""

    def now_s(self) -> float: ...
    def later(self, seconds: float, work: Callable[[], None]) -> None: ...
    def send(
        self, device: Device, taps: list[Tap], answered: Callable[[list[Answer | None]], None]
    ) -> None: ...
    def ask(self, device: Device, keys: list[str], told: Callable[[list[str]], None]) -> None: ...


@dataclass
class Device:
    """A tablet or telephone of one person: what it keeps, what its clock shows, and its pages."""

    name: str
    who: Viewer
    wire: Wire
    chance: SeededRandom
    clock: Callable[[], datetime]
    skew: timedelta = timedelta()
    kept: dict[str, Tap] = field(default_factory=dict)
    taken: dict[str, tuple[float, Tap]] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)
    """What the crew was told of each tap, in order."""
    made: list[Tap] = field(default_factory=list)

    def open(self) -> Page:
        """Open a page: what is left on the device goes on its way."""
        page = Page(self)
        self.pages.append(page)
        page.read()
        page.reconnect()
        return page

    def kill(self) -> None:
        """The device dies, or its browser: only what is kept stays."""
        for page in self.pages:
            page.alive = False
        self.pages.clear()

    def say(self, key: str, words: str) -> None:
        """Show the crew what became of a tap."""
        self.told.setdefault(key, []).append(words)


class Page:
    """One open page of the crew's app."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.taps: list[Tap] = []
        self.alive = True

    # What the crew does.

    def tap(self, path: str, command: Command, key: str) -> Tap:
        """Put a tap on its way."""
        at = self.device.clock() + self.device.skew
        tap = Tap(key, path, replace(command, at=at), at)
        self.device.made.append(tap)
        self.taps.append(tap)
        self._keep(tap)
        self.hurry(rules.line_of(path))
        return tap

    def take_back(self, tap: Tap) -> bool:
        """Take back a tap that has never left; False when the server may have it."""
        kept = self.device.kept.get(tap.key)
        if tap not in self.taps or tap.state != "waiting" or tap.tries or (kept and kept.claimed):
            return False
        self._drop(tap)
        self.device.say(tap.key, "taken back")
        return True

    # How it is sent.

    def read(self) -> None:
        """Read what the device keeps."""
        known = {tap.key for tap in self.taps}
        now = self.device.clock()
        for key, kept in self.device.kept.items():
            if key in known:
                continue
            kept.claimed = True
            left = replace(kept, again=0.0, tries=max(1, kept.tries))
            if left.state != "refused":
                left.state = "waiting"
                if rules.too_old(left.path, (now - left.at).total_seconds()):
                    self._refuse(left, "too old")
            self.taps.append(left)
        for line in dict.fromkeys(rules.line_of(tap.path) for tap in self.taps):
            self.hurry(line)

    def reconnect(self) -> None:
        """The link is back: try now, and ask whether what was taken is still there."""
        for line in dict.fromkeys(rules.line_of(tap.path) for tap in self.taps):
            self.hurry(line)
        oldest = self.device.wire.now_s() - TAKEN_KEPT_S
        taken = self.device.taken
        self.device.taken = taken = {key: kept for key, kept in taken.items() if kept[0] >= oldest}
        if taken:
            self.device.wire.ask(self.device, list(taken), self._send_again)

    def _send_again(self, missing: list[str]) -> None:
        if not self.alive:
            return
        for key in missing:
            if key not in self.device.taken:
                continue
            _, tap = self.device.taken.pop(key)
            tap = replace(tap, state="waiting", tries=1, again=0.0)
            self.device.say(key, "the server has lost it: sent again")
            self.taps.append(tap)
            self._keep(tap)
        self.taps.sort(key=lambda tap: tap.at)
        for line in dict.fromkeys(rules.line_of(tap.path) for tap in self.taps):
            self.hurry(line)

    def hurry(self, line: str) -> None:
        """Try a line now, whatever its pause."""
        for tap in self.taps:
            if rules.line_of(tap.path) == line:
                tap.again = 0.0
        self._run(line)

    def _run(self, line: str) -> None:
        tap = rules.next_of(self.taps, line) if self.alive else None
        if tap is None:
            return
        pause = tap.again - self.device.wire.now_s()
        if pause > 0:
            self.device.wire.later(pause, lambda: self._run(line))
            return
        some = rules.together(self.taps, tap, line, self.device.wire.now_s())
        # Another page may have sent one since this one read it.
        sent = [one for one in some if one.claimed and one.key in self.device.taken]
        self.taps = [one for one in self.taps if one not in sent]
        some = [one for one in some if one not in sent]
        if not some:
            self._run(line)
            return
        for one in some:
            one.state = "sending"
        self.device.wire.send(self.device, some, lambda answers: self._answered(some, line, answers))

    def _answered(self, some: list[Tap], line: str, answers: list[Answer | None]) -> None:
        if not self.alive:
            return
        for tap, answer in zip(some, answers, strict=True):
            if tap.state == "sending" and answer is None:
                tap.state = "waiting"
            elif tap.state == "sending" and answer is not None:
                self._heard(tap, answer)
        self._run(line)

    def _heard(self, tap: Tap, answer: Answer) -> None:
        meaning = rules.meaning(answer.status, ours=answer.ours)
        if meaning == "taken":
            self.device.taken[tap.key] = (self.device.wire.now_s(), tap)
            self._drop(tap)
            self.device.say(tap.key, "taken")
        elif meaning == "refused":
            self._refuse(tap, answer.why)
        else:
            tap.state, tap.tries = "waiting", tap.tries + 1
            tap.again = self.device.wire.now_s() + rules.pause_after(tap.tries, self.device.chance.uniform())
            self._keep(tap)

    def _refuse(self, tap: Tap, why: str) -> None:
        tap.state, tap.why = "refused", why
        self._keep(tap)
        self.device.say(tap.key, f"refused: {why}")

    def _keep(self, tap: Tap) -> None:
        before = self.device.kept.get(tap.key)
        self.device.kept[tap.key] = replace(tap, claimed=bool(before and before.claimed))

    def _drop(self, tap: Tap) -> None:
        self.taps = [one for one in self.taps if one.key != tap.key]
        self.device.kept.pop(tap.key, None)

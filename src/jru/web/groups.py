"""Viewers who see the same share one computation: what they know, and how far they have been told."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jru.domain.agency import Agency, Role
from jru.errors import InvalidInput
from jru.web.ports import Rows, Services, Viewer
from jru.web.problems import CursorTooOld
from jru.web.wire import iso

MAX_REMEMBERED = 8192
_MAX_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class ViewerKey:
    """Everything that decides what a viewer sees."""

    agency: Agency
    role: Role
    unit_id: str | None


def key_of(viewer: Viewer) -> ViewerKey:
    """Return the key under which a viewer shares frames."""
    return ViewerKey(viewer.agency, viewer.role, viewer.unit_id)


def _too_old() -> CursorTooOld:
    return CursorTooOld(
        "cursor_too_old",
        "The cursor points further back than changes are kept.",
        "Fetch /api/v1/board.",
    )


def _ids(rows: Rows) -> set[str]:
    return {row["id"] for row in rows["incidents"]} | {row["id"] for row in rows["units"]}


class Group:
    """One kind of viewer. Blocking and safe between threads.

    `since` is the place from which on every id that was told is remembered, so that whoever resumes from a later
    place can be told what is gone; `seq` is how far the open streams have been told.
    """

    def __init__(self, services: Services, viewer: Viewer) -> None:
        self.viewer = viewer
        self._services = services
        self._lock = threading.Lock()
        self._since: int | None = None
        self._seq = 0
        self._current: set[str] = set()
        self._ever: set[str] = set()
        self._streams = 0

    def board(self) -> Rows:
        """Return the board with its sealed cursor."""
        with self._lock:
            return self._board()

    def changes(self, cursor: str) -> Rows:
        """Return what changed after a cursor; CursorTooOld when that cannot be told."""
        with self._lock:
            return self._changes(cursor)

    def open(self, cursor: str | None) -> tuple[str, Rows]:
        """Begin a stream: return ("change", rows) from a usable cursor, else ("snapshot", board)."""
        with self._lock:
            try:
                opening = ("change", self._changes(cursor)) if cursor else ("snapshot", self._board())
            except CursorTooOld:
                opening = ("snapshot", self._board())
            self._streams += 1
            return opening

    def close(self) -> None:
        """End a stream."""
        with self._lock:
            self._streams -= 1

    def advance(self) -> Rows | None:
        """Return what the open streams have not been told yet, or None when there is nothing to tell."""
        with self._lock:
            rows = self._collect(self._seq, self._current)
            self._seq = rows.pop("seq")
            self._learn(rows, rows["gone"])
            if not (rows["incidents"] or rows["units"] or rows["gone"]):
                return None
            return self._sealed(rows, self._seq)

    def _board(self) -> Rows:
        rows = dict(self._services.board(self.viewer))
        seq: int = rows.pop("seq")
        if self._since is None:
            self._since = self._seq = seq
        self._arrive(seq, rows, gone=self._current - _ids(rows))
        return {**rows, "cursor": self._services.seal(seq)}

    def _changes(self, cursor: str) -> Rows:
        after = self._place_of(cursor)
        rows = self._collect(after, self._ever)
        seq: int = rows.pop("seq")
        if seq < after:  # the log was restored from before the client's last look
            raise _too_old()
        self._arrive(seq, rows, gone=rows["gone"])
        return self._sealed(rows, seq)

    def _place_of(self, cursor: str) -> int:
        try:
            after = self._services.unseal(cursor)
        except InvalidInput:
            after = -1
        if self._since is None or after < self._since:
            raise _too_old()
        return after

    def _arrive(self, seq: int, rows: Rows, gone: Iterable[str]) -> None:
        """Take in what one viewer was told; with open streams the rest of them still follow by `advance`."""
        if self._streams == 0:
            self._seq = seq
            self._learn(rows, gone)
        else:
            self._learn(rows, ())

    def _learn(self, rows: Rows, gone: Iterable[str]) -> None:
        ids = _ids(rows)
        self._current |= ids
        self._current.difference_update(gone)
        self._ever |= ids
        if len(self._ever) > MAX_REMEMBERED + len(self._current):
            self._ever = set(self._current)
            self._since = self._seq

    def _collect(self, after: int, known: set[str]) -> dict[str, Any]:
        """Return all rounds of changes after a place as one."""
        incidents: dict[str, Rows] = {}
        units: dict[str, Rows] = {}
        gone: set[str] = set()
        for _ in range(_MAX_ROUNDS):
            part = self._services.change(self.viewer, after, frozenset(known))
            incidents |= {row["id"]: row for row in part["incidents"]}
            units |= {row["id"]: row for row in part["units"]}
            gone |= set(part["gone"])
            after = part["seq"]
            if not part["more"]:
                break
        shown = incidents.keys() | units.keys()
        return {
            "seq": after,
            "incidents": list(incidents.values()),
            "units": list(units.values()),
            "gone": sorted(gone - shown),
        }

    def _sealed(self, rows: Rows, seq: int) -> Rows:
        services = self._services
        return {
            "now": iso(services.clock.now()),
            "rate": services.rate,
            "cursor": services.seal(seq),
            "more": False,
            **rows,
        }

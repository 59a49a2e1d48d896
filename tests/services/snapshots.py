"""What a client holds: a snapshot, kept up to date by changes."""

from __future__ import annotations

from typing import Any

from jru.services.access import Viewer
from jru.services.system import Services

Snapshot = dict[str, Any]


def rows_of(board: dict[str, Any]) -> Snapshot:
    """Return the rows of a board by id."""
    return {row["id"]: row for row in [*board["incidents"], *board["units"]]}


class Client:
    """One viewer's screen: fetches the board once and then applies changes only."""

    def __init__(self, services: Services, viewer: Viewer) -> None:
        self.viewer = viewer
        board = services.board(viewer)
        self.rows = rows_of(board)
        self.seq: int = board["seq"]

    def catch_up(self, services: Services) -> None:
        """Apply what changed since the last time."""
        change = services.change(self.viewer, self.seq)
        for one in change["gone"]:
            self.rows.pop(one, None)
        self.rows |= {row["id"]: row for row in [*change["incidents"], *change["units"]]}
        self.seq = change["seq"]


def differences(one: Snapshot, two: Snapshot) -> list[str]:
    """Return where two snapshots differ, in words; empty when they are the same."""
    found = [f"{name} is in one only" for name in sorted(one.keys() ^ two.keys())]
    for name in sorted(one.keys() & two.keys()):
        fields = one[name].keys() | two[name].keys()
        found += [
            f"{name}.{field}: {one[name].get(field)!r} != {two[name].get(field)!r}"
            for field in sorted(fields)
            if one[name].get(field) != two[name].get(field)
        ]
    return found

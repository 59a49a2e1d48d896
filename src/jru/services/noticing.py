"""How far each kind of viewer has been told: the last change that it could notice, whatever happened unseen since.

Cursors are made of this place and not of the count of all changes: a cursor that moved by itself would tell its
holder that somebody did something that is not theirs to know of.
"""

from __future__ import annotations

from jru.domain.agency import Agency, Role
from jru.domain.glass_events import STREAM as GLASS

from .access import GRANTS, Gate, Viewer
from .board import Board
from .revisions import Touch

MOST_KINDS = 1000
Kind = tuple[Agency, Role, str | None]


class Noticing:
    """Tells who notices which change. Safe between threads."""

    def __init__(self, board: Board, gate: Gate) -> None:
        self._board = board
        self._gate = gate
        self._kept: dict[Kind, tuple[int, int]] = {}

    def notices(self, viewer: Viewer, one: str, touch: Touch) -> bool:
        """Tell whether a viewer can see anything of a change of one record: by grant and by relation."""
        if one == GLASS:
            return viewer.role is Role.PRIVACY_OFFICER
        grants = GRANTS.get(viewer.role, {})
        if viewer.agency not in touch.audience or not any(label in grants for label in touch.labels):
            return False
        now = self._board.shown_to(one)
        return self._gate.relates(viewer, touch.before) or self._gate.relates(viewer, now)

    def place(self, viewer: Viewer) -> int:
        """Return the number of the last change that this kind of viewer could notice; the board's start before any."""
        board = self._board
        kind = viewer.agency, viewer.role, viewer.unit_id
        with board.lock:
            looked_at, place = self._kept.get(kind, (board.first_revision, board.first_revision))
            for number, touches in board.changes_after(looked_at):
                if any(self.notices(viewer, one, touch) for one, touch in touches.items()):
                    place = number
                    break
            if len(self._kept) >= MOST_KINDS:
                self._kept.clear()
            self._kept[kind] = board.revision, place
            return place

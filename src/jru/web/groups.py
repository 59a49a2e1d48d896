"""What a kind of viewer is told: boards and changes under cursors that fit nobody else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from jru.domain.agency import Agency, Role
from jru.errors import InvalidInput, NotFound
from jru.services.personal import Told
from jru.web.ports import Rows, Services, Viewer
from jru.web.problems import CursorTooOld

_MAX_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class ViewerKey:
    """Everything that decides what a viewer sees; viewers with one key share one computation."""

    agency: Agency
    role: Role
    unit_id: str | None

    @property
    def mark(self) -> str:
        """Return a short mark of the key."""
        text = f"{self.agency.value}/{self.role.value}/{self.unit_id or ''}"
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def key_of(viewer: Viewer) -> ViewerKey:
    """Return the key under which a viewer shares frames."""
    return ViewerKey(viewer.agency, viewer.role, viewer.unit_id)


def cursor_at(services: Services, viewer: Viewer, seq: int) -> str:
    """Return the sealed cursor of a place, marked for this kind of viewer.

    The mark keeps a browser that has changed its role from going on where the former role stopped: it would keep
    rows that it may no longer see.
    """
    return f"{services.seal(seq)}.{key_of(viewer).mark}"


def board_of(services: Services, viewer: Viewer, told: Told | None = None) -> tuple[int, Rows]:
    """Return the board and its place."""
    rows = dict(services.board(viewer, told))
    seq: int = rows.pop("seq")
    return seq, {**rows, "cursor": cursor_at(services, viewer, seq)}


def changes_from(services: Services, viewer: Viewer, cursor: str) -> tuple[int, Rows]:
    """Return what changed after a cursor, and its place; CursorTooOld when that cannot be told."""
    sealed, _, mark = cursor.rpartition(".")
    if mark != key_of(viewer).mark:
        raise _too_old()
    try:
        after = services.unseal(sealed)
    except InvalidInput:
        raise _too_old() from None
    return changes_after(services, viewer, after)


def changes_after(
    services: Services, viewer: Viewer, after: int, told: Told | None = None
) -> tuple[int, Rows]:
    """Return what changed after a place, all rounds as one; CursorTooOld."""
    incidents: dict[str, Rows] = {}
    units: dict[str, Rows] = {}
    gone: set[str] = set()
    part: Rows = {}
    for _ in range(_MAX_ROUNDS):
        part = _round(services, viewer, after, told)
        incidents |= {row["id"]: row for row in part["incidents"]}
        units |= {row["id"]: row for row in part["units"]}
        gone = (gone | set(part["gone"])) - incidents.keys() - units.keys()
        after = part["seq"]
        if not part["more"]:
            break
    rows = {
        "now": part["now"],
        "rate": part["rate"],
        "cursor": cursor_at(services, viewer, after),
        "more": part["more"],
        "incidents": list(incidents.values()),
        "units": list(units.values()),
        "gone": sorted(gone),
        "alerts": part["alerts"],
    }
    return after, rows


def _round(services: Services, viewer: Viewer, after: int, told: Told | None) -> Rows:
    try:
        return services.change(viewer, after, told)
    except NotFound as error:
        if error.code == "cursor_too_old":
            raise _too_old() from None
        raise


def _too_old() -> CursorTooOld:
    return CursorTooOld(
        "cursor_too_old",
        "The cursor points further back than changes are kept, or was another viewer's.",
        "Fetch /api/v1/board.",
    )


class Group:
    """The open streams of one kind of viewer, told together. Blocking; one caller at a time."""

    def __init__(self, services: Services, viewer: Viewer) -> None:
        self.viewer = viewer
        self._services = services
        self._seq = 0
        self._told = Told()
        self._alerts: object = []

    def open(self, viewer: Viewer, cursor: str | None, *, first: bool) -> tuple[str, Rows]:
        """Begin one viewer's stream: return ("change", rows) from a usable cursor, else ("snapshot", board).

        The `first` stream says how far the group has been told; to later ones the next round may repeat a row.
        """
        try:
            event, (seq, rows) = "change", changes_from(self._services, viewer, cursor or "")
        except CursorTooOld:
            event, (seq, rows) = "snapshot", board_of(self._services, viewer)
        if first:
            self._seq, self._alerts = seq, rows["alerts"]
        return event, rows

    def advance(self, listeners: Iterable[str] = ()) -> tuple[str, Rows] | None:
        """Return what the streams have not been told yet, or None when there is nothing to tell.

        `listeners` are the persons who are told; who was shown what is on record under their names.
        """
        self._told.listen(listeners)
        try:
            event, (seq, rows) = "change", changes_after(self._services, self.viewer, self._seq, self._told)
        except CursorTooOld:
            event, (seq, rows) = "snapshot", board_of(self._services, self.viewer, self._told)
        alerted, self._seq, self._alerts = rows["alerts"] != self._alerts, seq, rows["alerts"]
        is_empty = event == "change" and not (rows["incidents"] or rows["units"] or rows["gone"] or alerted)
        return None if is_empty else (event, rows)

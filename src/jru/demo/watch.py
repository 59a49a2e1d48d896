"""What one viewer sees of the board, kept up to date by asking for changes."""

from __future__ import annotations

from collections.abc import Iterator

from jru.demo.api import Api, Row, Tally
from jru.demo.ledger import Ledger


class Watch:
    """A viewer's copy of the board."""

    def __init__(self, api: Api, tally: Tally, ledger: Ledger) -> None:
        """Watch through `api`; `ledger` is told every new form of a row."""
        self._api = api
        self._tally = tally
        self._ledger = ledger
        self._cursor: str | None = None
        self._looked_at = -1
        self._holder: dict[str, str] = {}
        self.incidents: dict[str, Row] = {}
        self.units: dict[str, Row] = {}

    async def look(self, *, unconditionally: bool = False) -> None:
        """Bring the copy up to date; asks nothing when no simulator changed anything since the last look."""
        if not unconditionally and self._looked_at == self._tally.changes:
            return
        self._looked_at = self._tally.changes
        if self._cursor is None:
            await self._take_board()
            return
        more = True
        while more:
            answer = await self._api.get("/changes", {"after": self._cursor})
            if not answer.ok:
                await self._take_board()
                return
            self._take(answer.body)
            more = bool(answer.body.get("more"))

    async def _take_board(self) -> None:
        answer = await self._api.get("/board")
        if answer.ok:
            self.incidents.clear()
            self.units.clear()
            self._take(answer.body)

    def _take(self, change: Row) -> None:
        self._cursor = change["cursor"]
        for row in change.get("incidents", ()):
            self.incidents[row["id"]] = row
            self._holder.update((ref["foreign_id"], row["id"]) for ref in row["refs"])
            self._ledger.note_incident(row)
        for row in change.get("units", ()):
            self.units[row["id"]] = row
            self._ledger.note_unit(row, change["now"])
        for gone in change.get("gone", ()):
            self.incidents.pop(gone, None)
            self.units.pop(gone, None)

    def waiting(self) -> Iterator[Row]:
        """Yield the incidents that are not closed, oldest first."""
        rows = [row for row in self.incidents.values() if row["phase"] != "closed"]
        yield from sorted(rows, key=lambda row: (row["opened_at"], row["id"]))

    def find(self, foreign_id: str) -> Row | None:
        """Return the incident that carries a reference, wherever it was joined to."""
        return self.incidents.get(self._holder.get(foreign_id, ""))


def open_waits(row: Row, asked: str) -> list[Row]:
    """Return the requests to one service that have not been met."""
    return [w for w in row["waits"] if w["asked"] == asked and not w["arrived_at"] and not w["released_at"]]


def holds(row: Row) -> bool:
    """Tell whether a hazard keeps clinicians at the rendezvous point."""
    return any(hazard["holds"] for hazard in row["hazards"])


def place_of(row: Row) -> tuple[float, float] | None:
    """Return where an incident is, as (lon, lat), or None when only words are known."""
    place = row["place"]
    return (place["lon"], place["lat"]) if place and place.get("lon") is not None else None


def dealt_with(row: Row) -> bool:
    """Tell whether a joint unit has worked and coded an incident, and nobody is on it any more."""
    working = any(own_resources(row, agency) for agency in ("police", "ambulance"))
    return row["phase"] == "active" and not row["units"] and not working


def own_resources(row: Row, agency: str, *statuses: str) -> list[Row]:
    """Return one service's resources on an incident, those in some statuses where given."""
    wanted = statuses or ("assigned", "mobile", "scene")
    return [r for r in row["resources"] if r["agency"] == agency and r["status"] in wanted]

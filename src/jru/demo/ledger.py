"""What the public interface showed during the night, kept for the summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jru.demo.api import Row

ON_SCENE: Final = frozenset({"scene", "patient", "transport", "destination", "handover"})


@dataclass(slots=True)
class OfferSeen:
    """An offer as the unit's row showed it; `ended` is accepted, declined or lapsed."""

    call_sign: str
    incident_id: str
    expires_at: str
    ended: str = "open"


class Ledger:
    """Keeps the last form of every row, and what a last form no longer tells."""

    def __init__(self) -> None:
        self.incidents: dict[str, Row] = {}
        self.units: dict[str, Row] = {}
        self.offers: dict[str, OfferSeen] = {}
        self.attended: dict[tuple[str, str], None] = {}
        self.at_rvp: dict[tuple[str, str], None] = {}
        self.self_assigned: dict[tuple[str, str], None] = {}
        self._holder: dict[str, str] = {}

    def note_incident(self, row: Row) -> None:
        """Take in a new form of an incident's row; one that was joined to it stands no more for itself."""
        self.incidents[row["id"]] = row
        for ref in row["refs"]:
            before = self._holder.setdefault(ref["foreign_id"], row["id"])
            if before != row["id"]:
                self.incidents.pop(before, None)
            self._holder[ref["foreign_id"]] = row["id"]
        for unit in row["units"]:
            if unit["mode"] == "self":
                self.self_assigned[unit["call_sign"], row["id"]] = None

    def note_unit(self, row: Row, now: str) -> None:
        """Take in a new form of a unit's row: where it is, and what became of its last offer."""
        before = self.units.get(row["id"])
        self.units[row["id"]] = row
        incident_id = row["incident_id"]
        if before and _joined_meanwhile(before, row):
            self.attended.pop((row["call_sign"], before["incident_id"]), None)
        if incident_id and row["status"] in ON_SCENE:
            self.attended[row["call_sign"], incident_id] = None
        if incident_id and row["status"] == "rvp":
            self.at_rvp[row["call_sign"], incident_id] = None
        standing = row["offer"]
        if standing:
            seen = OfferSeen(row["call_sign"], standing["incident_id"], standing["expires_at"])
            self.offers.setdefault(standing["id"], seen)
        for offer_id, seen in self.offers.items():
            gone = not standing or standing["id"] != offer_id
            if seen.ended == "open" and seen.call_sign == row["call_sign"] and gone:
                seen.ended = _ending(seen, incident_id, now)


def _ending(seen: OfferSeen, incident_id: str | None, now: str) -> str:
    if incident_id == seen.incident_id:
        return "accepted"
    return "lapsed" if now >= seen.expires_at else "declined"


def _joined_meanwhile(before: Row, row: Row) -> bool:
    """Tell whether the unit stayed on scene while its incident got another name by being joined to a second one."""
    stayed = before["status"] in ON_SCENE and row["status"] in (*ON_SCENE, "clearing")
    return bool(stayed and row["incident_id"] and row["incident_id"] != before["incident_id"])

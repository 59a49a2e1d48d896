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
        self.joined: set[str] = set()

    def note_incident(self, row: Row) -> None:
        """Take in a new form of an incident's row."""
        known = self.incidents.get(row["id"])
        if known is None or row["base"] != known["base"] or row["phase"] == "closed":
            self.incidents[row["id"]] = row
        if row["joint"]:
            self.joined.add(row["id"])
        for unit in row["units"]:
            if unit["mode"] == "self":
                self.self_assigned[unit["call_sign"], row["id"]] = None

    def note_unit(self, row: Row, now: str) -> None:
        """Take in a new form of a unit's row: where it is, and what became of its last offer."""
        self.units[row["id"]] = row
        incident_id = row["incident_id"]
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

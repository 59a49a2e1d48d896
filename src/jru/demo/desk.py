"""A simulated dispatcher: reads the board, compares reports, answers the other room, offers the joint unit.

Decides by what the room may see and by the recommendation; a person who opens the role takes all of it over.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jru.demo.api import Row, moment
from jru.demo.director import Steps
from jru.demo.fleet import Job
from jru.demo.offering import Offering
from jru.demo.places import Place
from jru.demo.response import Response
from jru.demo.rooms import Room
from jru.demo.watch import open_waits, own_resources, place_of

LOOK_S: Final = 90.0
LIVE_LOOK_S: Final = 15.0


class Desk:
    """One room's dispatcher."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._offering = Offering(room)
        self._chance = room.chance.child("desk")

    async def steps(self) -> Steps:
        """Look at the board again and again, and act on what is seen."""
        room = self._room
        while True:
            live = room.world.director.live
            room.looked_at = room.api.now
            await room.watch.look(unconditionally=live)
            rows = list(room.watch.waiting())
            for row in rows:
                self._send_what_was_promised(row)
                if room.played:
                    self._take_in_hand(row)
            self._back_up(rows)
            if room.played:
                await self._offering.offer(rows)
            yield LIVE_LOOK_S if live else LOOK_S

    def _take_in_hand(self, row: Row) -> None:
        """Begin what needs a person: a possible match, a request or a question that nobody has answered."""
        for match in row["matches"]:
            key = "match/" + "/".join(sorted((row["id"], match["other_id"])))
            if self._claim(key):
                chance = self._chance.child(key)
                delay_s = self._room.delay_s(20, 70, chance)
                self._room.world.director.start(self._match(row["id"], match), "match", delay_s)
        for wait in open_waits(row, self._room.agency):
            key = f"answer/{row['id']}/{wait['requested_at']}"
            if not wait["answered_at"] and self._claim(key):
                chance = self._chance.child(key)
                delay_s = self._room.delay_s(15, 60, chance)
                self._room.world.director.start(self._answer(row), "answer", delay_s)
        for question in row["questions"]:
            owed = question["asked"] == self._room.agency and not question["answers"]
            if owed and not question["settled_at"] and self._claim(question["id"]):
                chance = self._chance.child(question["id"])
                delay_s = self._room.delay_s(10, 40, chance)
                self._room.world.director.start(self._reply(row, question), "reply", delay_s)

    def _claim(self, key: str) -> bool:
        """Tell whether nobody has this in hand yet, and take it."""
        in_hand = self._room.world.in_hand
        if key in in_hand:
            return False
        in_hand.add(key)
        return True

    async def _match(self, incident_id: str, match: Row) -> Steps:
        room = self._room
        row = room.watch.incidents.get(incident_id)
        if row is None or row["phase"] == "closed" or not room.played:
            return
        same = room.world.same(row, match["other_number"], list(room.watch.incidents.values()))
        body: Row = {"other_id": match["other_id"], "decision": "same" if same else "different"}
        if not same:
            body["reason"] = "spoke to the other room: two different calls"
        await room.api.post(f"/incidents/{incident_id}/match", body)
        room.hear(5)
        yield 0

    async def _answer(self, row: Row) -> Steps:
        room = self._room
        place = place_of(row)
        if not room.played or place is None:
            return
        eta_s = room.fleet.wait_s() + 600.0
        body: Row = {"answer": "yes", "eta_min": max(1, round(eta_s / 60))}
        await room.api.post(f"/incidents/{row['id']}/requests/answer", body)
        room.hear(5)
        yield 0

    async def _reply(self, row: Row, question: Row) -> Steps:
        room = self._room
        if not room.played:
            return
        body: Row = {"about": question["about"], "answer": "yes"}
        if question["about"] == "eta":
            body["eta_min"] = max(1, round((room.fleet.wait_s() + 600.0) / 60))
        await room.api.post(f"/incidents/{row['id']}/questions/answer", body)
        room.hear(5)
        yield 0

    def _send_what_was_promised(self, row: Row) -> None:
        """Send an own vehicle where the answer to the other room was yes, whoever gave it."""
        room = self._room
        for wait in open_waits(row, room.agency):
            key = f"sent/{row['id']}/{wait['requested_at']}"
            own = own_resources(row, room.agency)
            has_own_log = any(ref["agency"] == room.agency for ref in row["refs"])
            if wait["answer"] == "yes" and not own and not has_own_log and self._claim(key):
                grade = "C3" if room.agency == "ambulance" else "2"
                self._send(row, "asked", grade, moment(wait["requested_at"]) or room.api.now, key)

    def _back_up(self, rows: list[Row]) -> None:
        """Send what a joint crew has asked for as back-up."""
        by_id = {row["id"]: row for row in rows}
        for unit in self._room.watch.units.values():
            row = by_id.get(unit["incident_id"] or "")
            for entry in unit["backup"]:
                key = f"backup/{unit['id']}/{entry['at']}"
                if row and entry["agency"] == self._room.agency and self._claim(key):
                    grade = "C2" if self._room.agency == "ambulance" else "1"
                    self._send(row, "backup", grade, self._room.api.now, key)

    def _send(self, row: Row, reason: str, grade: str, since: datetime, key: str) -> None:
        room = self._room
        lonlat = place_of(row)
        if lonlat is None:
            return
        happening = room.world.happening_of(row)
        known = room.world.blueprint.partners[room.agency].grade(grade)
        job = Job(
            agency=room.agency,
            incident_id=row["id"],
            foreign_id=row["refs"][0]["foreign_id"] if row["refs"] else None,
            happening=happening,
            place=Place(row["place"]["text"], *lonlat, row["place"].get("district") or "", ""),
            urgency=known.urgency if known else 3,
            since=since,
            reason=reason,
            grade=grade,
        )
        response = Response(room, job, self._chance.child(key))
        room.world.director.start(response.steps(), reason)

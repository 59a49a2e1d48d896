"""The summary counts by the counting rule: one happening once, attendances on scene, waits apart by joint unit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jru.demo.api import Row
from jru.demo.ledger import Ledger
from jru.demo.summary import Chain, Setup, in_words, summarise

START, END = datetime(2019, 8, 16, 17, tzinfo=UTC), datetime(2019, 8, 17, 1, tzinfo=UTC)
SETUP = Setup(1, "2019-08-16", START, END, 2, 0)


def _incident(incident_id: str, *references: str, **more: Any) -> Row:
    row: Row = {
        "id": incident_id,
        "stub": False,
        "joint": len(references) > 1,
        "refs": [{"foreign_id": reference} for reference in references],
        "type": {"id": "fight"},
        "candidate": None,
        "waits": [],
        "units": [],
    }
    return {**row, **more}


def _unit(status: str, incident_id: str | None = None, offer: Row | None = None) -> Row:
    return {"id": "unt_1", "call_sign": "JR01", "status": status, "incident_id": incident_id, "offer": offer}


def _wait(asked: str, since: str, there: str | None) -> Row:
    return {
        "asked": asked,
        "requested_at": f"2019-08-16T{since}:00Z",
        "arrived_at": there and f"2019-08-16T{there}:00Z",
    }


def _offer(incident_id: str) -> Row:
    return {"id": f"off_{incident_id}", "incident_id": incident_id, "expires_at": "2019-08-16T20:01:30Z"}


def _summary(ledger: Ledger, details: dict[str, Row] | None = None) -> Row:
    return summarise(SETUP, ledger, details or {}, Chain(True, "ab" * 32, 10), 5)


def test_two_references_on_one_incident_are_one_incident() -> None:
    ledger = Ledger()
    ledger.note_incident(_incident("inc_1", "P1"))
    ledger.note_incident(_incident("inc_2", "A1"))
    ledger.note_incident(_incident("inc_1", "P1", "A1"))
    found = _summary(ledger)
    assert (found["incidents"], found["joined_reports"], found["incidents_by_type"]) == (1, 1, {"fight": 1})


def test_an_attendance_counts_on_scene_and_once_when_its_incident_is_joined_to_another() -> None:
    ledger = Ledger()
    for row in (
        _unit("mobile", "inc_1"),
        _unit("rvp", "inc_1"),
        _unit("available"),
        _unit("mobile", "inc_2"),
        _unit("scene", "inc_2"),
        _unit("patient", "inc_3"),
        _unit("clearing", "inc_3"),
    ):
        ledger.note_unit(row, "2019-08-16T20:00:00Z")
    found = _summary(ledger)
    assert (found["attended"], found["attendances_per_vehicle_shift"], found["rvp_holds"]) == (1, 0.5, 1)


def test_offers_end_accepted_declined_or_lapsed() -> None:
    ledger = Ledger()
    before, after = "2019-08-16T20:01:00Z", "2019-08-16T20:02:00Z"
    for row, now in (
        (_unit("available", offer=_offer("inc_1")), before),
        (_unit("assigned", "inc_1"), before),
        (_unit("available", offer=_offer("inc_2")), before),
        (_unit("available"), before),
        (_unit("available", offer=_offer("inc_3")), before),
        (_unit("available"), after),
    ):
        ledger.note_unit(row, now)
    ledger.note_incident(_incident("inc_4", "P4", units=[{"call_sign": "JR01", "mode": "self"}]))
    assert _summary(ledger)["offers"] == {
        "made": 3,
        "accepted": 1,
        "declined": 1,
        "lapsed": 1,
        "self_assigned": 1,
    }


def test_waits_are_told_apart_by_the_joint_unit_and_those_not_met_stand_apart() -> None:
    ledger = Ledger()
    ledger.note_unit(_unit("scene", "inc_1"), "2019-08-16T20:10:00Z")
    ledger.note_incident(_incident("inc_1", "P1", waits=[_wait("ambulance", "20:00", "20:10")]))
    ledger.note_incident(_incident("inc_2", "P2", waits=[_wait("ambulance", "20:00", "20:40")]))
    ledger.note_incident(_incident("inc_3", "P3", waits=[_wait("ambulance", "20:00", None)]))
    waits = _summary(ledger)["waits_min"]
    police = waits["police_for_clinician"]
    assert (police["n"], police["mean"], police["median"], police["not_met"]) == (2, 25.0, 25.0, 1)
    assert police["with_joint_unit"]["mean"] == 10.0
    assert police["without"] == {"n": 1, "mean": 40.0, "median": 40.0, "p90": 40.0}
    assert waits["ambulance_for_police"]["n"] == 0


def test_need_and_hours_come_from_the_records_of_the_incidents() -> None:
    ledger = Ledger()
    for incident in ("inc_1", "inc_2"):
        ledger.note_unit(_unit("scene", incident), "2019-08-16T20:10:00Z")
        ledger.note_unit(_unit("available"), "2019-08-16T21:10:00Z")
    details: dict[str, Row] = {
        "inc_1": {"outcome": {"need": "dual"}, "hours": {"police_s": 7200, "ambulance_s": 3600}},
        "inc_2": {"outcome": {"need": "police_only"}, "hours": None},
    }
    found = _summary(ledger, details)
    assert found["need"] == {"coded": 2, "of": 2, "dual": 1, "share_dual": 0.5}
    assert found["hours_of_joint_units"] == {"police": 2.0, "ambulance": 1.0}
    words = in_words(found)
    assert words.startswith("SYNTHETIC")
    assert "50% of 2 coded" in words
    assert "chain verified" in words


def test_an_empty_night_has_a_summary_too() -> None:
    found = _summary(Ledger())
    assert found["incidents"] == 0
    assert found["need"]["share_dual"] is None
    assert "no wait that ended" in in_words(found)

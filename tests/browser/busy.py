"""A busy evening on the board: every mark, every list, one match to decide, one knife, one offer open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jru.domain.agency import Agency
from tests.browser.stage import Stage

POLICE, AMBULANCE = Agency.POLICE, Agency.AMBULANCE
CALLS: tuple[tuple[Agency, str, str, str, tuple[str, float, float]], ...] = (
    (POLICE, "1-0816-4401", "1", "VP-ASLT", ("High Street, Chatham", 0.5266, 51.3811)),
    (AMBULANCE, "77101", "C2", "TR-ASLT", ("High St, Chatham", 0.5269, 51.3813)),
    (POLICE, "1-0816-4402", "1", "VP-WEAP", ("Canterbury Street, Gillingham", 0.5448, 51.3834)),
    (AMBULANCE, "77102", "C3", "MD-ALC", ("Commercial Road, Strood", 0.4974, 51.3941)),
    (POLICE, "1-0816-4403", "2", "PS-DRNK", ("Windmill Street, Gravesend", 0.3693, 51.4398)),
    (AMBULANCE, "77103", "C2", "TR-RTC", ("Watling Street, Gillingham", 0.5605, 51.3702)),
    (POLICE, "1-0816-4404", "3", "AB-NUIS", ("Victoria Road, Dartford", 0.2206, 51.4504)),
    (AMBULANCE, "77104", "C3", "TR-FALL", ("Preston Street, Faversham", 0.8914, 51.3148)),
)
NO_DECISION_YET = ("1-0816-4401", "77101")


@dataclass(frozen=True)
class Busy:
    """Ids and numbers by foreign reference."""

    stage: Stage
    ids: dict[str, str]
    numbers: dict[str, str]


def fill(stage: Stage) -> Busy:
    """Put the evening on the board; JR01 is on a job, JR02 has an open offer."""
    made: dict[str, dict[str, Any]] = {}
    for call_sign in ("JR01", "JR02"):
        stage.put_on_duty(call_sign)
    for agency, foreign_id, grade, code, (text, lon, lat) in CALLS:
        place = {"text": text, "lon": lon, "lat": lat}
        flags = ["injury"] if foreign_id == "1-0816-4401" else []
        made[foreign_id] = stage.report(
            agency,
            foreign_id,
            grade=grade,
            type_code=code,
            place=place,
            flags=flags,
            remarks="two men, one bleeding",
        )
    ids = {foreign_id: one["incident_id"] for foreign_id, one in made.items()}
    police, ambulance = stage.programs[POLICE], stage.programs[AMBULANCE]
    police.do(f"/incidents/{ids['1-0816-4402']}/hazards", {"code": "weapon", "note": "knife seen"})
    police.do(f"/incidents/{ids['1-0816-4401']}/requests", {"need": "clinician"})
    crash = ids["77103"]
    resource = {"call_sign": "A118", "kind": "ambulance", "status": "mobile", "eta_min": 11}
    ambulance.do(f"/incidents/{crash}/resources", resource)
    offer = ambulance.do(f"/units/{stage.units['JR01']}/offers", {"incident_id": crash})["offer_id"]
    path = f"/units/{stage.units['JR01']}/offers/{offer}/answer"
    ambulance.do(path, {"answer": "accept", "by_voice": True})
    police.do(f"/units/{stage.units['JR02']}/offers", {"incident_id": ids["1-0816-4403"]})
    return Busy(stage, ids, {foreign_id: one["number"] for foreign_id, one in made.items()})

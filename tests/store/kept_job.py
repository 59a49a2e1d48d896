"""An incident with something secret in every place of a store, under clauses of a few days."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from jru.domain import commands as cmd
from jru.domain import record_commands as rc
from jru.domain.agency import Agency, Label, Role
from jru.services.access import Viewer
from jru.services.ports import EVERYTHING, Position, Quarantined
from jru.services.retention_survey import Finding
from jru.store.erasure import leave_no_copy
from tests.services.world import POLICE, World, embedded, officer, outcome, paramedic
from tests.store.rigs import Rig, SqlRig

POLICE_OFFICER = Viewer("privacy:police", "Officer Example", Agency.POLICE, Role.PRIVACY_OFFICER)
CALDICOTT = Viewer("privacy:ambulance", "Guardian Example", Agency.AMBULANCE, Role.PRIVACY_OFFICER)
PHOTO = b"BYTES-OF-THE-PHOTO" * 3
SECRETS = {
    "note": "NOTE-OF-THE-POLICE",
    "remarks": "REMARKS-OF-THE-ROOM",
    "offence": "OFFENCE-IN-WORDS",
    "findings": "FINDINGS-OF-THE-MEDIC",
    "place": "PLACE-IN-WORDS",
    "name": "Example police_driver",
    "message": "MESSAGE-IN-QUARANTINE",
    "title": "TITLE-OF-THE-PHOTO",
    "photo": base64.b64encode(PHOTO).decode(),
    "photo's sum": hashlib.sha256(PHOTO).hexdigest(),
}
DAYS = {
    "police_log": 10,
    "police_persons": 10,
    "police_evidence": 10,
    "police_custody": 30,
    "ambulance_log": 20,
    "clinical": 20,
    "clinical_mental_health": 40,
    "police_duties": 5,
    "police_positions": 3,
    "police_quarantine": 5,
    "ambulance_duties": 50,
    "ambulance_positions": 4,
    "ambulance_quarantine": 50,
}


TABLES = (
    "operational.payload_operational",
    "police.payload_police",
    "patient.payload_patient",
    "quarantine",
)


def scheme(*, review: bool = False, days: Mapping[str, int] = DAYS) -> str:
    """Return the embedded scheme with periods of days."""
    text = embedded()
    for clause_id, count_of_days in days.items():
        pattern = rf'(id = "{clause_id}"\n(?:.+\n)*?keep = )"[^"]+"'
        text, count = re.subn(pattern, rf'\1"{count_of_days} days"', text)
        assert count == 1
    return text if review else text.replace("review = true\n", "")


class Job:
    """An incident of both services from call to close, on a store, with something secret in every place."""

    def __init__(
        self, rig: Rig, *, review: bool = False, close: bool = True, days: Mapping[str, int] = DAYS
    ) -> None:
        self.rig = rig
        self.world = World(store=rig, clock=rig.clock, blueprint_text=scheme(review=review, days=days))
        world = self.world
        self.unit = world.ready()
        self.incident = world.call(POLICE, text=SECRETS["place"], remarks=SECRETS["remarks"])
        world.send(POLICE, self.unit, self.incident)
        self.officer, self.paramedic = officer(self.unit), paramedic(self.unit)
        self.do(POLICE, cmd.RecordNote, text=SECRETS["note"], label=Label.OPERATIONAL)
        self.do(self.officer, rc.RecordArrest, person=1, offence=SECRETS["offence"])
        photo = {"label": Label.POLICE_EVIDENCE, "media_type": "image/jpeg", "content": PHOTO}
        added = self.do(self.officer, rc.AddAttachment, person=1, title=SECRETS["title"], **photo)
        self.photo = str(added["record_id"])
        self.do(self.paramedic, rc.RecordCare, person=1, findings=SECRETS["findings"])
        now = world.clock.now()
        rig.positions.put([Position(self.unit, 0.5, 51.4, 5.0, 0.0, now, now, "tablet")])
        rig.quarantine.add(
            Quarantined("qua_1", "KENTPOL", "police", "unreadable", SECRETS["message"].encode(), now)
        )
        if close:
            self.close()

    def do(self, viewer: Viewer, kind: type[cmd.Command], **more: Any) -> dict[str, Any]:
        self.world.clock.advance(60)
        return dict(self.world.do(viewer, kind(incident_id=self.incident, **more)).outcome)  # type: ignore[call-arg]

    def close(self) -> None:
        world = self.world
        world.tap(self.unit, "mobile", "scene", "clearing")
        world.do(self.officer, outcome(self.incident))
        world.tap(self.unit, "available")
        world.close(POLICE, self.incident)
        world.do(POLICE, cmd.BookOff(unit_id=self.unit))

    def pass_days(self, days: float) -> None:
        self.world.clock.advance(days * 86_400)

    def found(self) -> list[Finding]:
        return self.world.services.retention.survey(self.world.clock.now()).findings()

    def run(self) -> list[Finding]:
        gone = self.world.services.eraser.erase(self.found())
        if isinstance(self.rig, SqlRig):
            assert leave_no_copy(self.rig.store)
        return gone

    def states(self, agency: Agency) -> dict[str, str]:
        """Return the state of each clause of a service that has something to say."""
        return {one.clause: one.state.value for one in self.found() if one.agency is agency}

    def held(self) -> set[str]:
        """Return the secrets that the stores still hold."""
        contents = [
            raw
            for event in self.rig.log.read(0, 10_000)
            for ref in event.parts
            if (raw := content_of(self.rig, ref.store, event.seq, ref.number)) is not None
        ]
        contents += [entry.raw for entry in self.rig.quarantine.list("police", limit=10)]
        return {name for name, words in SECRETS.items() if any(words.encode() in raw for raw in contents)}


def content_of(rig: Rig, store: str, seq: int, number: int) -> bytes | None:
    return rig.payloads[store].get(seq, number, EVERYTHING)

"""What a simulated crew writes down at a job: invented observations, findings, arrests and uses of force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jru.clock import Random
from jru.demo.api import Api, Row
from jru.demo.habits import Habits
from jru.demo.happening import Truth

SHARE_SHARE: Final = 0.3
"""Share of intoxicated or confused patients where the paramedic tells the police so; assumed."""

FINDINGS: Final = (
    "SYNTHETIC: small cut, bleeding stopped",
    "SYNTHETIC: bruised face, no loss of consciousness",
    "SYNTHETIC: swollen wrist, pulse felt",
    "SYNTHETIC: drowsy, answers questions",
)
TREATMENTS: Final = (
    "SYNTHETIC: cleaned and dressed",
    "SYNTHETIC: ice pack, rest",
    "SYNTHETIC: watched, reassured",
)
TACTICS: Final = (
    ["handcuffs_compliant"],
    ["handcuffs_not_compliant", "ground_restraint"],
    ["unarmed_skills", "handcuffs_compliant"],
)


class CrewRecords:
    """Writes the records of one crew's jobs through the public interface."""

    def __init__(self, officer: Api, medic: Api, seats: Sequence[str], habits: Habits) -> None:
        """Write the police part with the officers' device and the clinical part with the paramedic's."""
        self._officer = officer
        self._medic = medic
        self._seats = tuple(seats)
        self._habits = habits

    async def at_patient(self, incident_id: str, truth: Truth, chance: Random) -> None:
        """Take a first set of observations of every patient."""
        for person in range(1, truth.patients + 1):
            ill = truth.transport and person == 1
            await self._observe(incident_id, person, ill=ill, chance=chance.child(f"first/{person}"))

    async def after_work(self, incident_id: str, truth: Truth, chance: Random) -> None:
        """Write down what was found and done, and what the officers did."""
        for person in range(1, truth.patients + 1):
            mine = chance.child(f"care/{person}")
            care = {"findings": mine.choice(FINDINGS), "treatment": mine.choice(TREATMENTS)}
            await self._medic.post(f"/incidents/{incident_id}/clinical/care", {"person": person, **care})
            if truth.transport and person == 1:
                await self._observe(incident_id, person, ill=False, chance=mine.child("again"))
        if truth.patients and {"alcohol", "drugs"} & set(truth.contexts) and chance.uniform() < SHARE_SHARE:
            fact = {"text": "SYNTHETIC: intoxicated, may fall", "basis": "vital_interests"}
            await self._medic.post(f"/incidents/{incident_id}/facts", fact)
        if truth.custody:
            await self._arrest(incident_id, truth, chance.child("arrest"))
        elif "mental_health" in truth.contexts and chance.uniform() < self._habits.detain:
            await self._detain(incident_id)

    async def conclude(self, incident_id: str, person: int, disposal: str, reference: str) -> None:
        """Close the clinical part of one person."""
        body = {"person": person, "disposal": disposal, "epcr_ref": reference}
        await self._medic.post(f"/incidents/{incident_id}/clinical/conclusion", body)

    async def _observe(self, incident_id: str, person: int, *, ill: bool, chance: Random) -> None:
        """Take one set; now and then the temperature is left out."""
        off = 1.0 if ill else 0.0
        body: Row = {
            "person": person,
            "respiration": round(15 + 8 * off + 4 * chance.uniform()),
            "spo2": round(97 - 4 * off + 2 * chance.uniform()),
            "on_oxygen": ill,
            "systolic": round(122 - 18 * off + 16 * chance.uniform()),
            "pulse": round(78 + 30 * off + 18 * chance.uniform()),
            "consciousness": "alert" if not ill or chance.uniform() < 0.8 else "confusion",
        }
        if chance.uniform() < 0.85:
            body["temperature_c"] = round(36.3 + chance.uniform(), 1)
        await self._medic.post(f"/incidents/{incident_id}/clinical/observations", body)

    async def _arrest(self, incident_id: str, truth: Truth, chance: Random) -> None:
        person = truth.patients + 1
        arrest = {
            "person": person,
            "offence": "SYNTHETIC: assault",
            "grounds": "SYNTHETIC: told by the victim",
        }
        await self._officer.post(f"/incidents/{incident_id}/police/arrests", arrest)
        using = self._seats if truth.risk_arrival == "violence" else self._seats[:1]
        for seat in using:
            force = {
                "person": person,
                "seat": seat,
                "tactics": chance.choice(TACTICS),
                "because": ["effect_arrest"],
            }
            await self._officer.post(f"/incidents/{incident_id}/police/force", force)
        footage = {"seat": self._seats[0], "reference": f"SYNTHETIC-BWV-{round(chance.uniform() * 9999):04d}"}
        await self._officer.post(f"/incidents/{incident_id}/police/footage", footage)

    async def _detain(self, incident_id: str) -> None:
        for step in ("consulted", "power_used"):
            await self._officer.post(
                f"/incidents/{incident_id}/police/detentions", {"person": 1, "step": step}
            )

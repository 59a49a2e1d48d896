"""One ATMIST hand-over from what is already known: age, time, mechanism, injuries, signs, treatment."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jru.domain.news2 import BAND_WORDS, CONSCIOUSNESS, Band
from jru.domain.record_codes import SEXES

from .auditing import audit_unavailable
from .personal import WITHHELD
from .records import Row

WORDS = (
    ("A", "Age and sex"),
    ("T", "Time"),
    ("M", "Mechanism"),
    ("I", "Injuries or illness"),
    ("S", "Signs"),
    ("T", "Treatment"),
)
NOT_KNOWN = "not recorded"
_TOLD_OF = ("involved", "observations", "care")
_SIGNS = (
    ("respiration", "RR", ""),
    ("spo2", "SpO2", "%"),
    ("systolic", "BP", " systolic"),
    ("pulse", "pulse", ""),
    ("temperature_c", "temp", " C"),
    ("glucose_mmol", "glucose", " mmol/l"),
    ("pain", "pain", "/10"),
)


def atmist(part: Row, incident: Row, person: int, zone: str, now: datetime) -> Row:
    """Return the hand-over for one person from the clinical part and the incident as a viewer may see them.

    Raises Unavailable while what is recorded must stay behind: a hand-over with gaps would say that nothing is known.
    """
    if WITHHELD in part:
        raise audit_unavailable()
    clock = _Clock(ZoneInfo(zone))
    person = _now_known_as(part, person)
    mine = {name: _of(part.get(name, []), person) for name in _TOLD_OF}
    said = (
        _age(mine["involved"]),
        _times(incident, mine["observations"], clock),
        _joined(mine["care"], "mechanism") or (incident.get("type") or {}).get("name") or NOT_KNOWN,
        _joined(mine["care"], "findings") or NOT_KNOWN,
        _signs(mine["observations"], clock),
        _joined(mine["care"], "treatment") or NOT_KNOWN,
    )
    lines = [
        {"letter": letter, "word": word, "text": text}
        for (letter, word), text in zip(WORDS, said, strict=True)
    ]
    risks = [h["name"] for h in incident.get("hazards", []) if not h["cleared_at"]]
    head = f"ATMIST {incident['number']} person {person}, {clock.day(now)}"
    text = [head, *(f"{line['letter']}: {line['text']}" for line in lines)]
    text += [f"Risks: {', '.join(risks)}"] if risks else []
    return {
        "incident_id": incident["id"],
        "person": person,
        "made_at": now.isoformat(),
        "lines": lines,
        "risks": risks,
        "text": "\n".join(text),
    }


class _Clock:
    """Local times of the scheme."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def time(self, at: str) -> str:
        return datetime.fromisoformat(at).astimezone(self._zone).strftime("%H:%M")

    def day(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%d %b %Y %H:%M")


def _now_known_as(part: Row, person: int) -> int:
    """Return the number under which somebody is shown, who may have been recorded under another one, too."""
    lists = (rows for rows in part.values() if isinstance(rows, list))
    rows = (row for rows in lists for row in rows if isinstance(row, dict))
    return next((int(row["person"]) for row in rows if row.get("recorded_as") == person), person)


def _of(rows: list[Row], person: int) -> list[Row]:
    return [row for row in rows if row["person"] == person and row["state"] == "counts"]


def _joined(rows: list[Row], name: str) -> str:
    return "; ".join(str(row["said"][name]) for row in rows if row["said"].get(name))


def _age(involved: list[Row]) -> str:
    said: dict[str, Any] = involved[-1]["said"] if involved else {}
    age = f"{said['age']} years" if said.get("age") is not None else ""
    born = f"born {said['born']}" if said.get("born") and not age else ""
    sex = SEXES.get(str(said.get("sex")), "").lower()
    return ", ".join(word for word in (age, born, sex) if word) or NOT_KNOWN


def _times(incident: Row, observations: list[Row], clock: _Clock) -> str:
    told = [f"call {clock.time(incident['opened_at'])}"]
    if observations:
        told.append(f"first observations {clock.time(observations[0]['at'])}")
    return ", ".join(told)


def _signs(observations: list[Row], clock: _Clock) -> str:
    if not observations:
        return NOT_KNOWN
    last = observations[-1]
    said = last["said"]
    found = [f"{word} {said[name]}{unit}" for name, word, unit in _SIGNS if name in said]
    if "on_oxygen" in said:
        found.append("on oxygen" if said["on_oxygen"] else "on air")
    if said.get("consciousness"):
        found.append(CONSCIOUSNESS[said["consciousness"]].lower())
    scores = [f"{_score(row)} at {clock.time(row['at'])}" for row in observations[-3:]]
    return f"{', '.join(found)}. NEWS2 {', '.join(scores)}"


def _score(row: Row) -> str:
    score = row["news2"]
    word = BAND_WORDS[Band(score["band"])].lower()
    return word if score["total"] is None else f"{score['total']} ({word})"

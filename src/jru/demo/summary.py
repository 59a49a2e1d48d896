"""What the night came to, reckoned from what the public interface showed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from jru.demo.api import Row, moment
from jru.demo.ledger import Ledger

MARK: Final = "SYNTHETIC: invented people and events; not a record of anything that happened"

NOTES: Final = (
    "Volumes: three months of police-recorded street-level records per small area (data.police.uk, OGL v3); which "
    "share of them was a call at the time, and the number of ambulance calls, are assumed.",
    "Hour of the week: 40 % of joint demand between 18:00 and 02:00, mostly weekends (AACE); the finer shape is "
    "assumed.",
    "How many calls need both services: scaled to 15,000 requests a year between the services in Kent (AACE).",
    "Fleet sizes, job lengths, decline and self-assignment shares are assumed or priors of other schemes.",
    "Waits and attendances are results of the simulation, not figures of Kent.",
)
RECORDED_NOTE: Final = (
    "Places and types of police calls were drawn from imported records (month and snapped place only); the time of day "
    "is not in the records: it comes from the stated hour-of-week shape."
)


@dataclass(frozen=True, slots=True)
class Setup:
    """What the night was set up with."""

    seed: int
    date: str
    start: datetime
    end: datetime
    vehicle_shifts: int
    records: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The state of the log at the end."""

    verified: bool
    head_hash: str
    events: int


def summarise(setup: Setup, ledger: Ledger, details: dict[str, Row], chain: Chain, requests: int) -> Row:
    """Return the summary as plain values, ready for JSON. `details` are the incidents that a unit attended."""
    rows = [row for row in ledger.incidents.values() if not row["stub"]]
    attended = sorted({incident_id for _, incident_id in ledger.attended})
    shifts = max(1, setup.vehicle_shifts)
    coded = [d["outcome"]["need"] for d in details.values() if d.get("outcome")]
    notes = [*NOTES, RECORDED_NOTE] if setup.records else list(NOTES)
    return {
        "mark": MARK,
        "seed": setup.seed,
        "date": setup.date,
        "hours": {"from": setup.start.isoformat(), "until": setup.end.isoformat()},
        "from_records": setup.records,
        "vehicle_shifts": setup.vehicle_shifts,
        "incidents": len(rows),
        "incidents_by_type": _by_type(rows),
        "candidates": sum(bool(row["candidate"]) for row in rows),
        "joined_reports": sum(bool(row["joint"]) for row in rows),
        "offers": _offers(ledger),
        "attended": len(ledger.attended),
        "attendances_per_vehicle_shift": round(len(ledger.attended) / shifts, 2),
        "need": {
            "coded": len(coded),
            "of": len(attended),
            "dual": coded.count("dual"),
            "share_dual": round(coded.count("dual") / len(coded), 3) if coded else None,
        },
        "waits_min": {
            "police_for_clinician": _waits(rows, "ambulance", set(attended)),
            "ambulance_for_police": _waits(rows, "police", set(attended)),
        },
        "hours_of_joint_units": _hours(details),
        "rvp_holds": len(ledger.at_rvp),
        "chain": "verified" if chain.verified else "DAMAGED",
        "head_hash": chain.head_hash,
        "events": chain.events,
        "requests": requests,
        "notes": notes,
    }


def _by_type(rows: Sequence[Row]) -> dict[str, int]:
    counts = Counter(row["type"]["id"] if row["type"] else "unknown" for row in rows)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _offers(ledger: Ledger) -> dict[str, int]:
    ended = Counter(seen.ended for seen in ledger.offers.values())
    return {
        "made": len(ledger.offers),
        **{how: ended[how] for how in ("accepted", "declined", "lapsed")},
        "self_assigned": len(ledger.self_assigned),
    }


def _waits(rows: Sequence[Row], asked: str, attended: set[str]) -> dict[str, Any]:
    """Return the waits of the service that asked, in minutes, apart for incidents with and without a joint unit."""
    groups: dict[str, list[float]] = {"with_joint_unit": [], "without": []}
    unmet = 0
    for row in rows:
        for wait in row["waits"]:
            if wait["asked"] != asked:
                continue
            since, there = moment(wait["requested_at"]), moment(wait["arrived_at"])
            if since is None or there is None:
                unmet += 1
                continue
            group = "with_joint_unit" if row["id"] in attended else "without"
            groups[group].append((there - since).total_seconds() / 60)
    every = [*groups["with_joint_unit"], *groups["without"]]
    return {
        **_figures(every),
        "not_met": unmet,
        **{name: _figures(minutes) for name, minutes in groups.items()},
    }


def _figures(minutes: Sequence[float]) -> dict[str, float | int | None]:
    """Return count, mean, median and 90th percentile (nearest rank)."""
    if not minutes:
        return {"n": 0, "mean": None, "median": None, "p90": None}
    ordered = sorted(minutes)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return {
        "n": len(ordered),
        "mean": round(sum(ordered) / len(ordered), 1),
        "median": round(median, 1),
        "p90": round(ordered[math.ceil(0.9 * len(ordered)) - 1], 1),
    }


def _hours(details: dict[str, Row]) -> dict[str, float]:
    totals = {"police": 0.0, "ambulance": 0.0}
    for detail in details.values():
        hours = detail.get("hours") or {}
        for agency in totals:
            totals[agency] += float(hours.get(f"{agency}_s") or 0)
    return {agency: round(seconds / 3600, 2) for agency, seconds in totals.items()}


def in_words(summary: Row) -> str:
    """Return the summary as a text for a terminal."""
    offers, need, waits = summary["offers"], summary["need"], summary["waits_min"]
    share = (
        "none coded" if need["share_dual"] is None else f"{need['share_dual']:.0%} of {need['coded']} coded"
    )
    lines = [
        summary["mark"],
        f"Night of {summary['date']}, seed {summary['seed']}, {summary['vehicle_shifts']} vehicle-shifts",
        "",
        f"  incidents {summary['incidents']}, candidates {summary['candidates']}, "
        f"reports joined {summary['joined_reports']}",
        f"  offers {offers['made']}: accepted {offers['accepted']}, declined {offers['declined']}, "
        f"lapsed {offers['lapsed']}; self-assigned {offers['self_assigned']}",
        f"  attended {summary['attended']}, {summary['attendances_per_vehicle_shift']} a vehicle-shift; "
        f"needed both services: {share}",
        _wait_line("police waited for a clinician", waits["police_for_clinician"]),
        _wait_line("ambulance waited for police", waits["ambulance_for_police"]),
        f"  person-hours of joint units: police {summary['hours_of_joint_units']['police']}, "
        f"ambulance {summary['hours_of_joint_units']['ambulance']}; held at rendezvous {summary['rvp_holds']}",
        f"  log: {summary['events']} events, chain {summary['chain']}, head {summary['head_hash'][:16]}",
    ]
    if summary["from_records"]:
        lines.append(f"  drawn from {summary['from_records']} imported records")
    return "\n".join([*lines, "", *(f"  - {note}" for note in summary["notes"])])


def _wait_line(words: str, wait: Row) -> str:
    if not wait["n"]:
        return f"  {words}: no wait that ended"
    parts = [f"mean {wait['mean']} min, median {wait['median']}, p90 {wait['p90']} (n {wait['n']})"]
    for name, group in (("with the joint unit", wait["with_joint_unit"]), ("without", wait["without"])):
        if group["n"]:
            parts.append(f"{name} {group['mean']} (n {group['n']})")
    return f"  {words}: {'; '.join(parts)}"

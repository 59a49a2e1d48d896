"""The scheme as people see it: words, codes, districts and sites of the blueprint in force."""

from __future__ import annotations

from datetime import datetime

from jru.domain.agency import Agency
from jru.domain.blueprint import Blueprint, CrewRule

from .board import Board
from .records import Row
from .wording import iso


def scheme_row(board: Board, now: datetime, *, synthetic: bool, exercise: bool = False) -> Row:
    """Return the blueprint's vocabulary and the districts' states."""
    blueprint = board.scheme.at(now)
    return {
        "name": blueprint.name,
        "title": blueprint.title,
        "version": blueprint.version,
        "time_zone": blueprint.time_zone,
        "synthetic": synthetic,
        "exercise": exercise,
        "partners": {a.value: _partner(blueprint, a) for a in Agency},
        "types": [
            {
                "id": t.type_id,
                "name": t.name,
                "coarse": t.coarse,
                "score": t.score,
                "codes": {"police": list(t.police_codes), "ambulance": list(t.ambulance_codes)},
            }
            for t in blueprint.types.values()
        ],
        "hazards": [{"code": h.code, "name": h.name, "holds": h.holds} for h in blueprint.hazards.values()],
        "flags": blueprint.flags,
        "qualifications": blueprint.qualifications,
        "vehicles": [
            {
                "id": v.vehicle_id,
                "call_sign": v.call_sign,
                "base": v.base,
                "kit": [
                    {"id": k, "owner": blueprint.kit[k].owner, "items": list(blueprint.kit[k].items)}
                    for k in v.kit
                ],
            }
            for v in blueprint.vehicles.values()
        ],
        "crew_rules": {rule_id: _seats(rule) for rule_id, rule in blueprint.crew_rules.items()},
        "statuses": [
            {
                "id": s.status_id,
                "word": s.word,
                "police_code": s.police_code,
                "police_word": s.police_word,
                "ambulance_word": s.ambulance_word,
                "follows": list(s.follows),
                "on_incident": s.on_incident,
                "available": s.available,
                "divertible": s.divertible,
                "amber_s": s.amber_s,
                "red_s": s.red_s,
            }
            for s in blueprint.statuses.values()
        ],
        "districts": [_district(board, blueprint, d, now) for d in blueprint.districts],
        "closing_reasons": blueprint.closing_reasons,
        "decline_reasons": blueprint.decline_reasons,
        "outcome_codes": blueprint.outcome_codes,
        "sites": [
            {"id": s.site_id, "kind": s.kind, "name": s.name, "lon": s.lon, "lat": s.lat}
            for s in blueprint.sites.values()
        ],
        "briefing": [
            {"district": b.district, "heading": b.heading, "text": b.text, "assumed": b.source == "assumed"}
            for b in blueprint.briefing
        ],
        "timers": {
            "offer_timeout_s": blueprint.timers.offer_timeout_s,
            "position_stale_s": blueprint.timers.position_stale_s,
            "closed_visible_s": blueprint.timers.closed_visible_s,
        },
    }


def _partner(blueprint: Blueprint, agency: Agency) -> Row:
    partner = blueprint.partners[agency]
    return {
        "name": partner.name,
        "short_name": partner.short_name,
        "grades": [{"code": g.code, "name": g.name, "urgency": g.urgency} for g in partner.grades],
        "talkgroup": partner.talkgroup,
        "direct_line": partner.direct_line,
        "aftercare": [
            {"about": a.about, "name": a.name, "contact": a.contact}
            for a in blueprint.aftercare
            if a.agency is agency
        ],
        "references": list(partner.references),
        "card": list(partner.card),
    }


def _seats(rule: CrewRule) -> list[Row]:
    """Return the seats of a crew rule with the roles that may sit there and what each of them must hold."""
    return [
        {
            "seat": seat.seat,
            "agency": seat.agency.value,
            "roles": sorted(role.value for role in seat.roles),
            "qualifications": sorted(seat.qualifications),
        }
        for seat in rule.seats
    ]


def _district(board: Board, blueprint: Blueprint, district_id: str, now: datetime) -> Row:
    state = board.scheme.state_of(district_id, now)
    district = blueprint.districts[district_id]
    pattern = blueprint.patterns[district.pattern]
    return {
        "id": district_id,
        "name": district.name,
        "base": district.base,
        "crew_rule": district.crew_rule,
        "duty": {"start": f"{pattern.start:%H:%M}", "end": f"{pattern.end:%H:%M}"},
        "status": state.status.value if state else "baseline",
        "since": iso(state.since) if state else None,
        "by": state.by if state else None,
        "reason": state.reason if state else None,
    }


def sites_geojson(blueprint: Blueprint) -> Row:
    """Return the blueprint's sites as GeoJSON points."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [s.lon, s.lat]},
                "properties": {"id": s.site_id, "kind": s.kind, "name": s.name},
            }
            for s in blueprint.sites.values()
        ],
    }

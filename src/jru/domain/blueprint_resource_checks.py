"""Do partners, approvals, districts, states, patterns, crews, places, vehicles and kit fit together?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from jru.domain.agency import Agency
from jru.domain.blueprint import CrewRule, DistrictState, DistrictStatus, Partner, Site, Vehicle
from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_tables import Element, names_in
from jru.domain.blueprint_values import Reading

Sections = dict[str, Any]
_UK_LON = (-8.7, 1.8)
_UK_LAT = (49.8, 60.9)


def refuse_repeats(uses: list[tuple[str, Path]], what: str, reading: Reading) -> None:
    """Note every value that an earlier element already uses."""
    first: dict[str, Path] = {}
    for value, path in uses:
        if first.setdefault(value, path) != path:
            line = reading.findings.lines.line_of(first[value])
            reading.refuse(path, f"{what} {value!r} is already used on line {line}", "each may be used once")


def _partners(sections: Sections, reading: Reading) -> None:
    elements: tuple[Element, ...] = sections.get("partner", ())
    for agency in Agency:
        if f"{agency}_grade" not in reading.declared:
            hint = f'add a [[partner]] with agency = "{agency}"'
            reading.refuse(("partner",), f"there is no partner {agency}", hint)
    senders = [
        (sender, (*element.path, "senders", place))
        for element in elements
        for place, sender in enumerate(element.value.senders)
    ]
    refuse_repeats(senders, "the sender", reading)
    for element in elements:
        if all(grade.urgency != 1 for grade in element.value.grades):
            reading.refuse(
                (*element.path, "grade"), "no grade has urgency 1", "one must stand for danger to life"
            )


def _sign_in(sections: Sections, reading: Reading) -> None:
    """A directory gives roles of its own service, and proves people by the scope `openid`."""
    for element in sections.get("partner", ()):
        partner: Partner = element.value
        at = partner.sign_in
        if at is None:
            continue
        path = (*element.path, "sign_in")
        if not at.roles:
            reading.refuse((*path, "roles"), "gives nobody a role", 'add "GROUP" = "role"')
        if "openid" not in at.scopes:
            reading.refuse((*path, "scopes"), "the scope openid is missing", 'add "openid"')
        for word, role in at.roles.items():
            if role.agency not in (None, partner.agency):
                message = f"{role.value} does not belong to {partner.agency}"
                reading.refuse((*path, "roles", word), message, "a directory gives roles of its own service")


def _approvals(sections: Sections, reading: Reading) -> None:
    scheme = sections.get("scheme")
    if scheme is None or "approval" not in sections:
        return
    raw = reading.findings.document.get("approval")
    signed = names_in(raw, "agency")
    for agency in Agency:
        if agency not in signed:
            hint = f'add an [[approval]] with agency = "{agency}", by, at, version and source'
            message = f"version {scheme['version']} is not approved by the {agency} partner"
            reading.refuse(("approval",) if raw else ("scheme", "version"), message, hint)
    for element in sections["approval"]:
        if element.value.version != scheme["version"]:
            message = f"approves version {element.value.version}, but this is version {scheme['version']}"
            reading.refuse((*element.path, "version"), message, "both partners approve every version anew")
        if element.value.at > scheme["effective_at"]:
            message = "is approved after the version takes effect"
            reading.refuse((*element.path, "at"), message, "move scheme.effective_at after both approvals")


def _patterns(sections: Sections, reading: Reading) -> None:
    for element in sections.get("pattern", ()):
        if element.value.start == element.value.end:
            hint = "split the day in two patterns, or end one minute earlier"
            reading.refuse((*element.path, "end"), "the duty ends when it starts", hint)


def _crew_rules(sections: Sections, reading: Reading) -> None:
    for element in sections.get("crew_rule", ()):
        rule: CrewRule = element.value
        seats = Counter(seat.agency for seat in rule.seats)
        for agency in Agency:
            path = (*element.path, "minimum", str(agency))
            if rule.minimum[agency] < 1:
                reading.refuse(path, f"a joint crew needs someone from {agency}", "at least 1")
            elif rule.minimum[agency] > seats[agency]:
                message = (
                    f"needs {rule.minimum[agency]} from {agency}, but the rule has {seats[agency]} such seats"
                )
                reading.refuse(path, message, "add a [[crew_rule.seat]] or lower the minimum")
        for place, seat in enumerate(rule.seats):
            strange = sorted(role for role in seat.roles if role.agency is not seat.agency)
            if strange:
                message = f"{strange[0]} does not belong to {seat.agency}"
                reading.refuse(
                    (*element.path, "seat", place, "roles"), message, "a seat belongs to one agency"
                )


def _places(sections: Sections, reading: Reading) -> None:
    for element in sections.get("site", ()):
        site: Site = element.value
        if _in_uk(site.lon, site.lat):
            continue
        if _in_uk(site.lat, site.lon):
            message = f"longitude {site.lon:g} and latitude {site.lat:g} are swapped"
            reading.refuse((*element.path, "lon"), message, "the longitude of the UK is about -9 to 2")
            continue
        key = "lat" if _UK_LON[0] <= site.lon <= _UK_LON[1] else "lon"
        message = f"{site.lon:g}, {site.lat:g} is not in the United Kingdom"
        reading.refuse(
            (*element.path, key), message, "longitude -8.7 to 1.8, latitude 49.8 to 60.9, in degrees"
        )


def _in_uk(lon: float, lat: float) -> bool:
    return _UK_LON[0] <= lon <= _UK_LON[1] and _UK_LAT[0] <= lat <= _UK_LAT[1]


def _bases(sections: Sections, reading: Reading) -> None:
    kinds = {element.value.site_id: element.value.kind for element in sections.get("site", ())}
    for section in ("district", "vehicle"):
        for element in sections.get(section, ()):
            kind = kinds.get(element.value.base, "base")
            if kind != "base":
                message = f"{element.value.base} is a {kind}, not a base"
                reading.refuse((*element.path, "base"), message, 'name a [[site]] with kind = "base"')


def _districts(sections: Sections, reading: Reading) -> None:
    elements: tuple[Element, ...] = sections.get("district", ())
    codes = [(element.value.ons_code, (*element.path, "ons_code")) for element in elements]
    refuse_repeats(codes, "the area code", reading)
    if not elements and not reading.declared["district"]:
        reading.refuse(("district",), "there is no district", "add a [[district]]")
    for kind in ("rvp", "hospital"):
        _need_site(kind, sections, reading)
    with_state = names_in(reading.findings.document.get("state"), "district")
    for element in elements:
        if element.value.district_id not in with_state:
            hint = 'add a [[state]] with status = "baseline"'
            reading.refuse(element.path, f"{element.value.district_id} has no state", hint)


def _need_site(kind: str, sections: Sections, reading: Reading) -> None:
    """Want a rendezvous point in every district, and a hospital in any; no verdict while a site is unreadable."""
    sites = sections.get("site", ())
    if len(sites) < len(reading.declared["site"]):
        return
    there = {element.value.district for element in sites if element.value.kind == kind}
    if kind == "hospital" and not there:
        reading.refuse(("site",), "there is no hospital", 'add a [[site]] with kind = "hospital"')
    for element in sections.get("district", ()) if kind == "rvp" else ():
        if element.value.district_id not in there:
            message = f"{element.value.district_id} has no rendezvous point"
            reading.refuse(element.path, message, 'add a [[site]] with kind = "rvp" and this district')


def _states(sections: Sections, reading: Reading) -> None:
    latest: dict[str, DistrictState] = {}
    for element in sections.get("state", ()):
        state: DistrictState = element.value
        before = latest.get(state.district)
        if before and state.since <= before.since:
            message = f"{state.district} has a later or equal state above"
            reading.refuse(
                (*element.path, "since"), message, "write the states of a district in order of time"
            )
        elif before and before.status is DistrictStatus.ENDED:
            reading.refuse(
                (*element.path, "status"), f"{state.district} has ended above", "start a new scheme"
            )
        latest[state.district] = state


def _vehicles(sections: Sections, reading: Reading) -> None:
    elements: tuple[Element, ...] = sections.get("vehicle", ())
    if not elements and not reading.declared["vehicle"]:
        reading.refuse(("vehicle",), "there is no vehicle", "add a [[vehicle]]")
    for key in ("call_sign", "registration"):
        uses = [(getattr(element.value, key), (*element.path, key)) for element in elements]
        refuse_repeats(uses, f"the {key.replace('_', ' ')}", reading)
    rules: dict[str, CrewRule] = {
        element.value.rule_id: element.value for element in sections.get("crew_rule", ())
    }
    used = {element.value.crew_rule for element in sections.get("district", ())}
    largest = max((len(rules[rule_id].seats) for rule_id in used if rule_id in rules), default=0)
    for element in elements:
        vehicle: Vehicle = element.value
        if vehicle.seats < largest:
            message = f"has {vehicle.seats} seats, but a crew rule in use has {largest}"
            reading.refuse((*element.path, "seats"), message, "the whole crew must fit")
        _kit_of_both(element, sections, reading)


def _kit_of_both(element: Element, sections: Sections, reading: Reading) -> None:
    owners = {kit.value.kit_id: kit.value.owner for kit in sections.get("kit", ())}
    aboard: Vehicle = element.value
    if any(kit_id not in owners for kit_id in aboard.kit):
        return
    for agency in Agency:
        if all(owners[kit_id] != agency for kit_id in aboard.kit):
            message = f"no kit list of the {agency} partner is aboard"
            reading.refuse((*element.path, "kit"), message, f'name a [[kit]] with owner = "{agency}"')


RESOURCE_CHECKS = (
    _partners,
    _sign_in,
    _approvals,
    _patterns,
    _crew_rules,
    _places,
    _bases,
    _districts,
    _states,
    _vehicles,
)

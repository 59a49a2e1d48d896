"""Makes a `Blueprint` out of a TOML text, or says everything that is wrong with it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from jru.domain.blueprint import Blueprint
from jru.domain.blueprint_checks import check_sections
from jru.domain.blueprint_lines import index_lines
from jru.domain.blueprint_problems import BlueprintErrors, Findings, Problem, nearest, problem
from jru.domain.blueprint_schema import BLUEPRINT
from jru.domain.blueprint_tables import Element, names_in, read_keys
from jru.domain.blueprint_values import WRONG, Reading

__all__ = ["BlueprintErrors", "Problem", "blueprint_hash", "normal", "parse_blueprint"]

MAX_BYTES = 1_000_000
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")
_DIGITS = re.compile(r"[\d_]+")
_WORD_SECTIONS = ("flags", "qualifications")
_ID_SECTIONS = ("district", "pattern", "crew_rule", "tasking", "vehicle", "site", "kit", "type", "status")


def parse_blueprint(text: str) -> Blueprint:
    """Read a blueprint; raises `BlueprintErrors` with every problem and its line."""
    findings = _open(text)
    reading = Reading(findings, _declared(findings.document))
    known = [key.name for key in BLUEPRINT.keys]
    for name in findings.document:
        if name not in known:
            findings.add((name,), f"unknown key {name[:40]!r}", nearest(name, known))
    sections = read_keys(BLUEPRINT, findings.document, (), reading)
    check_sections({name: found for name, found in sections.items() if found is not WRONG}, reading)
    if findings.problems:
        raise BlueprintErrors(findings.problems)
    return _assemble(sections, findings)


def blueprint_hash(text: str) -> str:
    """Return the SHA-256 (hex) of a blueprint text: UTF-8, LF line ends, no blanks at line ends, one final LF."""
    lines = [line.rstrip() for line in normal(text).split("\n")]
    canonical = "\n".join(lines).rstrip("\n") + "\n"
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def normal(text: str) -> str:
    """Return the text without byte order mark and with LF line ends."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _open(text: str) -> Findings:
    """Turn text into a document with its lines; raises `BlueprintErrors` when it is no TOML."""
    text = normal(text)
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _refusal(1, "the file is larger than 1 MB", "a blueprint is a few thousand lines at most")
    try:
        document = tomllib.loads(text)
        lines = index_lines(text)
    except tomllib.TOMLDecodeError as error:
        raise _refusal(_line_in(str(error), text), f"not valid TOML: {error}", "") from error
    except (ValueError, RecursionError) as error:
        reason = "too deeply nested" if isinstance(error, RecursionError) else "a number has too many digits"
        raise _refusal(_extreme_line(text), f"not readable: {reason}", "write plain values") from error
    return Findings(lines, document)


def _refusal(line: int, message: str, hint: str) -> BlueprintErrors:
    return BlueprintErrors([problem("file", line, message, hint)])


def _line_in(message: str, text: str) -> int:
    found = _AT_LINE.search(message)
    return int(found[1]) if found else text.rstrip("\n").count("\n") + 1


def _extreme_line(text: str) -> int:
    """Return the line with the most brackets or the longest run of digits: the likely culprit."""
    lines = text.split("\n")
    sizes = [max([line.count("[") + line.count("{"), *map(len, _DIGITS.findall(line))]) for line in lines]
    return sizes.index(max(sizes)) + 1


def _declared(document: dict[str, object]) -> dict[str, frozenset[str]]:
    """Collect the ids that each section declares, wrong tables included, so that one error does not breed others."""
    declared = {name: names_in(document.get(name), "id") for name in _ID_SECTIONS}
    declared["hazard"] = names_in(document.get("hazard"), "code")
    for name in _WORD_SECTIONS:
        words = document.get(name)
        declared[name] = frozenset(words) if isinstance(words, dict) else frozenset()
    partners = document.get("partner")
    for partner in partners if isinstance(partners, list) else ():
        if isinstance(partner, dict) and isinstance(partner.get("agency"), str):
            declared[f"{partner['agency']}_grade"] = names_in(partner.get("grade"), "code")
    return declared


def _values(elements: Iterable[Element]) -> list[Any]:
    return [element.value for element in elements]


def _assemble(sections: dict[str, Any], findings: Findings) -> Blueprint:
    hazards = {hazard.code: hazard for hazard in _values(sections["hazard"])}
    holding = frozenset(hazard.code for hazard in hazards.values() if hazard.holds)
    return Blueprint(
        **sections["scheme"],
        partners={partner.agency: partner for partner in _values(sections["partner"])},
        districts={district.district_id: district for district in _values(sections["district"])},
        states=tuple(_values(sections["state"])),
        patterns={pattern.pattern_id: pattern for pattern in _values(sections["pattern"])},
        crew_rules={rule.rule_id: rule for rule in _values(sections["crew_rule"])},
        tasking={policy.policy_id: policy for policy in _values(sections["tasking"])},
        candidate_rules=tuple(_values(sections["candidate"])),
        vehicles={vehicle.vehicle_id: vehicle for vehicle in _values(sections["vehicle"])},
        sites={site.site_id: site for site in _values(sections["site"])},
        kit={kit.kit_id: kit for kit in _values(sections["kit"])},
        types={kind.type_id: kind for kind in _values(sections["type"])},
        hazards=hazards,
        suitability=replace(sections["suitability"], hold_hazards=holding),
        matching=sections["matching"],
        statuses={status.status_id: status for status in _values(sections["status"])},
        timers=sections["timers"],
        lone_worker=sections["lone_worker"],
        costs=tuple(_values(sections["cost"])),
        approvals=tuple(_values(sections["approval"])),
        assumptions=tuple(findings.assumptions),
        retention=tuple(_values(sections["retention"])),
        briefing=tuple(_values(sections["briefing"])),
        aftercare=tuple(_values(sections["aftercare"])),
        exercises={script.exercise_id: script for script in _values(sections["exercise"])},
        flags=sections["flags"],
        qualifications=sections["qualifications"],
        closing_reasons=sections["closing_reasons"],
        decline_reasons=sections["decline_reasons"],
        outcome_codes=sections["outcome_codes"],
    )

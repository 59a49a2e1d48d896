"""One person left on the unit: when they are next asked whether they are all right, and where they are not sent.

Whoever is alone is asked, of either service. Only a clinician is kept from jobs: officers are equipped and trained for
violence and patrol alone by their own service's rules. What bars stands in the blueprint.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from .agency import Agency
from .blueprint import Blueprint
from .joint import Joint
from .refusal import Refusal
from .unit import Unit
from .words import plain, small


def check_due_at(unit: Unit, blueprint: Blueprint) -> datetime | None:
    """Return when the one person aboard is next to say that they are all right; None for a crew or without the rule."""
    rule = blueprint.lone_worker
    if rule is None or unit.alone is None or unit.alone_since is None:
        return None
    heard = max(unit.alone_since, unit.checked_at or unit.alone_since)
    return heard + timedelta(seconds=rule.check_every_s)


def not_for_alone(unit: Unit, joint: Joint, blueprint: Blueprint) -> str | None:
    """Return in words what keeps a lone clinician from an incident, or None for everybody else.

    A scene that police declared safe stays barred: the hazard was there, and nobody of the police is aboard.
    """
    rule, alone = blueprint.lone_worker, unit.alone
    if rule is None or alone is None or alone.agency is not Agency.AMBULANCE:
        return None
    found = []
    if joint.type in rule.types:
        found.append(small(blueprint.types[joint.type].name))
    found += [small(blueprint.flags[flag]) for flag in sorted(joint.flags & rule.flags)]
    standing = (h.code for h in joint.hazards if h.cleared_at is None)
    found += [small(blueprint.hazard_name(code)) for code in standing if code in rule.hazards]
    return ", ".join(dict.fromkeys(found)) or None


def refuse_alone(unit: Unit, joint: Joint, blueprint: Blueprint) -> Refusal | None:
    """Refuse to send a lone clinician to what the blueprint bars; no room overrides it."""
    words, rule = not_for_alone(unit, joint, blueprint), blueprint.lone_worker
    if words is None or rule is None or unit.alone is None:
        return None
    reason = f"{unit.call_sign} is not sent here: the {plain(unit.alone.role)} is alone, and the incident says {words}"
    return Refusal("alone", reason, rule.sentence)

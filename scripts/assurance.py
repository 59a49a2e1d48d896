"""The generated pages of docs/assurance: who is controller, the hazard log and the security mapping to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scripts import evidence
from scripts.evidence import LIKELIHOODS, RATINGS, SEVERITIES, Control, Hazard, Requirement, Risk
from scripts.markdown import page, table

if TYPE_CHECKING:
    from jru.domain.agency import Agency, Label
    from jru.domain.retention_policy import Matter

CONTROLLERS_INTRO = """
Two services share an incident and not a file. Each is the controller of what it enters, and each works under its own
law. This page is the register behind that: what the product assumes until the partners have agreed, and what it
enforces. **The partners' data protection officers confirm or change it**; the sharing agreement is the authority:
[template](information-sharing-agreement.md).
"""
CONTROLLERS_RULE = """
"Crosses over" is read from the label table: *yes* where a role of the other service may read the label on a record that
concerns it; *no* where nobody there may. What does not cross by itself crosses only by an act of a person who chooses
the words and the basis, and both logs show it. Whoever receives it answers for it from then on. "Kept" is what the
embedded blueprint says; most of its periods are marked as assumed, for the partners to replace:
[blueprint](../reference/blueprint.md).
"""
OTHER_INTRO = """
What carries no label of its own, because it leaves through no record or as part of one.
"""
HAZARDS_INTRO = """
The clinical and operational hazards of using this product, in the form that DCB0129 asks of a manufacturer. **It is a
proposal by engineers: no clinical safety officer has seen or signed it**, and nobody may rely on it before one has.
Every technical control names the tests that prove it, or the setting that makes it; `make test` fails when one of them
is missing. A control of the kind *procedure* or *training* is the adopter's to provide (DCB0160): the product cannot
prove it, and a residual risk that leans on it holds only where it is in force.
"""
MATRIX_INTRO = """
Risk by likelihood and severity, as in the example matrix of the guidance to DCB0129. 5: unacceptable. 4: must be
eliminated or reduced. 3: undesirable, acceptable only when further reduction is impractical. 2: acceptable when the
cost of further reduction outweighs the gain. 1: acceptable.
"""
ASVS_INTRO = """
Each requirement of the OWASP Application Security Verification Standard {standard} at Level 1 and Level 2, and those of
Level 3 in chapters V8 and V16. The ids are the standard's; its words are not repeated here: read them beside this page
at [owasp.org](https://owasp.org/www-project-application-security-verification-standard/). An engineer of the project
judged each row by reading the code; **no independent assessor has tested it**. `make test` fails when a row is missing,
doubled, or names a test or a setting that is not there.
"""
ASVS_RULE = """
*Met* names the tests that prove it, or the file and the words in it that make it so. *Not met* stays in the list and is
counted. It waits for the *product* where code is missing, and for the *adopter* where only the installation can meet
it: the product ships no proxy, no certificate and no central log.
"""
ATTRIBUTION = """
The ids are those of the OWASP Application Security Verification Standard 5.0.0, Copyright 2008-2025 The OWASP
Foundation, licensed under [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/). None of its text is copied.
"""
STATUSES = {"met": "met", "not_applicable": "not applicable", "not_met": "**not met**"}


# Who is controller


def controllers_page() -> str:
    """Return who answers for each label under which regime, what of it crosses over and how long it is kept."""
    from jru.domain.agency import Agency

    return page(
        "Who is controller for what",
        "`src/jru/domain/controllers.py`, `src/jru/services/grants.py` and the embedded blueprint",
        CONTROLLERS_INTRO,
        *(f"## The {agency} service\n\n{_controller_table(agency)}" for agency in Agency),
        CONTROLLERS_RULE,
        "## Kept beside the records",
        OTHER_INTRO,
        table(("what", "controller", "regime", "how long"), _beside()),
    )


def _controller_table(agency: Agency) -> str:
    from jru.domain.controllers import RESPONSIBILITIES, Regime
    from jru.domain.event_types import Part
    from jru.domain.retention_policy import Matter

    rows = []
    for label, by_agency in RESPONSIBILITIES.items():
        row = by_agency[agency]
        if not row.holds:
            rows.append((f"`{label}`", "nothing: not its to enter", "", "", "", "", ""))
            continue
        is_personal = row.regime is not Regime.NONE
        store = f"`{Part(label, agency, {}).store}`" if is_personal else ""
        crosses = "yes" if _crosses(label, agency) else "no"
        matters = (Matter.INCIDENT, Matter.DUTY) if is_personal else ()
        kept = "; ".join(_kept(agency, matter, label) for matter in matters if _kept(agency, matter, label))
        rows.append((f"`{label}`", row.holds, row.regime.value, row.basis, store, crosses, kept))
    return table(
        ("label", "what it enters", "regime", "basis", "payload store", "crosses over", "kept"), rows
    )


def _crosses(label: Label, agency: Agency) -> bool:
    """Tell whether a role of the other service may read what this one entered under a label."""
    from jru.services.grants import OWN_ONLY, RIGHTS

    there = [rights.grants.get(label) for role, rights in RIGHTS.items() if role.agency is not agency]
    return any(grant is not None and grant not in OWN_ONLY for grant in there)


def _kept(agency: Agency, matter: Matter, label: Label | None) -> str:
    """Return the periods of the embedded blueprint, the general one first."""
    from jru.blueprints import embedded_blueprint
    from jru.domain.blueprint_parsing import parse_blueprint

    clauses = [c for c in parse_blueprint(embedded_blueprint()).retention if c.covers(agency, matter, label)]
    ordered = sorted(clauses, key=lambda clause: bool(clause.outcomes))
    return ", ".join(
        f"{clause.keep} after {clause.trigger.value.replace('_', ' ')}"
        + (f" ({', '.join(sorted(clause.outcomes))})" if clause.outcomes else "")
        for clause in ordered
    )


def _beside() -> Iterator[tuple[str, str, str, str]]:
    from jru.domain.agency import Agency
    from jru.domain.controllers import Regime
    from jru.domain.retention_policy import Matter

    for agency in Agency:
        yield (
            f"positions of {agency} crew members, which is monitoring of staff",
            f"the {agency} service, as employer",
            Regime.EMPLOYMENT.value,
            _kept(agency, Matter.POSITIONS, None),
        )
        yield (
            f"messages of the {agency} room's system that could not be understood",
            f"the {agency} service",
            "as the content",
            _kept(agency, Matter.QUARANTINE, None),
        )
    yield (
        "access log: who looked at, changed, passed on, joined or erased what",
        "the owner of the content",
        "DPA 2018, section 62 for the police; the product does the same for both",
        "as the partners agree: no clause erases it",
    )


# The hazard log


def hazards_page() -> str:
    """Return the hazard log as a page: the matrix, a summary and each hazard with its controls."""
    found = evidence.hazards()
    return page(
        "Hazard log",
        "`docs/assurance/hazard-log.yaml`",
        HAZARDS_INTRO,
        "## Where it stands",
        _standing(found),
        MATRIX_INTRO,
        table(("likelihood", *SEVERITIES), _matrix()),
        "## All hazards",
        table(
            ("id", "hazard", "at first", "with controls", "owner"),
            [
                (
                    f"[{h.id}](#{h.id.lower()}-{_anchor(h.title)})",
                    h.title,
                    _risk(h.initial),
                    _risk(h.residual),
                    h.owner,
                )
                for h in found
            ],
        ),
        *map(_hazard, found),
        of="file",
    )


def _matrix() -> list[tuple[str, ...]]:
    return [(word, *map(str, RATINGS[word])) for word in reversed(LIKELIHOODS)]


def _anchor(title: str) -> str:
    kept = "".join(sign for sign in title.lower() if sign.isalnum() or sign in " -_")
    return kept.replace(" ", "-")


def _risk(risk: Risk) -> str:
    return f"{risk.rating} ({risk.severity}, {risk.likelihood})"


def _standing(found: tuple[evidence.Hazard, ...]) -> str:
    controls = [control for hazard in found for control in hazard.controls]
    proved = [control for control in controls if control.tests]
    tests = {test for control in controls for test in control.tests}
    signed = sum(bool(hazard.signed_by) for hazard in found)
    after = Counter(hazard.residual.rating for hazard in found)
    risks = ", ".join(f"risk {rating}: {after[rating]}" for rating in sorted(after, reverse=True))
    return (
        f"{len(found)} hazards, {len(controls)} controls; {len(proved)} of the controls are proved by "
        f"{len(tests)} tests. With controls: {risks}. Signed by a clinical safety officer: {signed} of {len(found)}."
    )


def _hazard(hazard: Hazard) -> str:
    signed = f"signed by {hazard.signed_by} on {hazard.signed_on}" if hazard.signed_by else hazard.status
    lines = [
        f"## {hazard.id} {hazard.title}",
        f"**Hazard.** {hazard.hazard}",
        "**Causes.** " + "; ".join(hazard.causes) + ".",
        f"**Effect.** {hazard.effect}",
        f"**At first:** {_risk(hazard.initial)}. **With controls:** {_risk(hazard.residual)}."
        + (f" Accepted because {hazard.accepted_because}." if hazard.accepted_because else ""),
        table(("control", "kind", "proved by"), [(c.what, c.kind, _evidence(c)) for c in hazard.controls]),
        f"**The adopter** {hazard.adopter}. **Owner:** {hazard.owner}. **Status:** {signed}.",
    ]
    return "\n\n".join(lines)


def _evidence(row: Control | Requirement) -> str:
    named = [f"`{test}`" for test in row.tests] + [f"`{setting}`" for setting in row.settings]
    return "<br>".join(named) or "the adopter"


# The security mapping


def asvs_page() -> str:
    """Return the security mapping as a page: the counts, what is not met, and each chapter."""
    mapping = evidence.mapping()
    rows = mapping.requirements
    unmet = [row for row in rows if row.status == "not_met"]
    chapters = sorted({row.place[0] for row in rows})
    return page(
        "OWASP ASVS: what is met",
        "`docs/assurance/asvs.yaml`",
        ASVS_INTRO.format(standard=mapping.standard),
        ASVS_RULE,
        "## Counts",
        _counts(rows, chapters),
        "## Not met",
        table(
            ("id", "level", "waits for", "what is missing"),
            [(r.id, str(r.level), r.waits_for, r.why) for r in unmet],
        ),
        *(_chapter(number, [row for row in rows if row.place[0] == number]) for number in chapters),
        "## Attribution",
        ATTRIBUTION,
        of="file",
    )


def _counts(rows: tuple[Requirement, ...], chapters: list[int]) -> str:
    groups = [(f"V{number}", [row for row in rows if row.place[0] == number]) for number in chapters]
    groups += [(f"Level {level}", [row for row in rows if row.level == level]) for level in (1, 2, 3)]
    groups.append(("all", list(rows)))
    head = ("", "rows", "met", "not applicable", "not met: product", "not met: adopter")
    return table(head, [(name, *map(str, _count(group))) for name, group in groups])


def _count(rows: list[Requirement]) -> tuple[int, ...]:
    by = Counter((row.status, row.waits_for) for row in rows)
    states = (("met", ""), ("not_applicable", ""), ("not_met", "product"), ("not_met", "adopter"))
    return len(rows), *(by[state] for state in states)


def _chapter(number: int, rows: list[Requirement]) -> str:
    cells = [(row.id, str(row.level), STATUSES[row.status], _ground(row)) for row in rows]
    return f"## V{number}\n\n" + table(("id", "level", "status", "by what, or why"), cells)


def _ground(row: Requirement) -> str:
    named = _evidence(row) if row.tests or row.settings else ""
    return "<br>".join(part for part in (row.why, named) if part)

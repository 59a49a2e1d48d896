"""The label table in words: the matrix of roles and labels, and why one person may see a field of a record or not."""

from __future__ import annotations

from dataclasses import dataclass

from jru.domain.agency import Label

from .access import Gate, Relation, Viewer, labels_of
from .grants import GRANTS, RIGHTS, Grant

_GRANT_WORDS = {
    Grant.READ: "reads",
    Grant.WRITE: "reads and writes",
    Grant.OWN: "reads, of what the own service owns,",
    Grant.OWN_OPEN: "reads, of what the own service owns and while the incident is open,",
    Grant.OWN_WRITE: "reads and writes, of what the own service owns,",
}


def matrix() -> list[tuple[str, ...]]:
    """Return the table of roles and labels as rows of words, the head first."""
    head = ("role", "service", "purpose", *(label.value for label in Label))
    rows = [
        (
            role.value,
            rights.agency.value if rights.agency else "each",
            rights.purpose.value,
            *(rights.grants[label].value if label in rights.grants else "" for label in Label),
        )
        for role, rights in RIGHTS.items()
    ]
    return [head, *rows]


@dataclass(frozen=True, slots=True)
class Reason:
    """Whether a field may be seen, and the rule that says so. `field` is "" for the record as a whole."""

    field: str
    label: Label | None
    allowed: bool
    rule: str


def explain(gate: Gate, viewer: Viewer, record: type, relation: Relation) -> list[Reason]:
    """Return why a viewer may know of a record, then each field with the cell of the table that decided it."""
    whole = _relation_reason(gate, viewer, relation)
    if not whole.allowed:
        return [whole]
    return [whole, *(_field_reason(viewer, relation, *item) for item in labels_of(record).items())]


def _relation_reason(gate: Gate, viewer: Viewer, relation: Relation) -> Reason:
    rights = RIGHTS.get(viewer.role)
    if rights is None:
        return Reason("", None, allowed=False, rule=f"the role {viewer.role} stands in no row of the table")
    who = f"the {rights.words.lower()} of the {viewer.agency} service"
    reach = gate.reach(viewer, relation)
    if reach is not None:
        return Reason("", None, allowed=True, rule=f"{who} {reach}; purpose {rights.purpose}")
    if viewer.agency not in relation.agencies:
        return Reason("", None, allowed=False, rule=f"it is not shown to the {viewer.agency} service")
    wanted = rights.reach.get(relation.about)
    if wanted is None:
        return Reason(
            "", None, allowed=False, rule=f"the role {viewer.role} has no relation to any {relation.about}"
        )
    return Reason("", None, allowed=False, rule=f"only somebody who {wanted}")


def _field_reason(viewer: Viewer, relation: Relation, name: str, label: Label) -> Reason:
    grant = GRANTS[viewer.role].get(label)
    if grant is None:
        return Reason(name, label, allowed=False, rule=f"{viewer.role} holds no grant for {label}")
    if grant is Grant.OWN_OPEN and not relation.open:
        return Reason(
            name, label, allowed=False, rule=f"{viewer.role} reads {label} while the incident is open"
        )
    return Reason(name, label, allowed=True, rule=f"{viewer.role} {_GRANT_WORDS[grant]} {label}")

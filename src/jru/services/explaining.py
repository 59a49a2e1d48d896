"""The label table in words: the matrix of roles and labels, and why one person may see a field of a record or not."""

from __future__ import annotations

from dataclasses import dataclass

from jru.domain.agency import Agency, Label
from jru.domain.events import read_event
from jru.domain.record_events import RecordEvent

from .access import Gate, Relation, Viewer, labels_of
from .grants import GRANTS, RIGHTS, Grant
from .ports import EventLog

READ_AT_ONCE = 2_000

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
            role.agency.value if role.agency else "each",
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


@dataclass(frozen=True, slots=True)
class Kept:
    """Where one record of an incident stands and whose it is, without what it says; `owner` None: both services'."""

    incident_id: str
    kind: str
    label: Label
    owner: Agency | None


def find_record(log: EventLog, record_id: str) -> Kept | None:
    """Return where a record stands, looked for in the whole log; None when there is none."""
    sought, after = record_id.encode(), 0
    while events := log.read(after, READ_AT_ONCE):
        for event in (one for one in events if sought in one.data):
            happened = read_event(event.kind, event.schema_version, event.data)
            if isinstance(happened, RecordEvent) and happened.record_id == record_id:
                incident_id = event.stream.partition("/")[0]
                return Kept(incident_id, event.kind, happened.label, happened.owner)
        after = events[-1].seq
    return None


def explain_kept(gate: Gate, viewer: Viewer, kept: Kept, relation: Relation) -> list[Reason]:
    """Return why a viewer may read one record of an incident: the relation first, then its label and its owner."""
    whole = _relation_reason(gate, viewer, relation)
    if not whole.allowed:
        return [whole]
    reason = _field_reason(viewer, relation, kept.kind, kept.label)
    if reason.allowed and not gate.may_read(viewer, kept.label, kept.owner, still_open=relation.open):
        rule = f"it belongs to the {kept.owner} service; {reason.rule}"
        reason = Reason(kept.kind, kept.label, allowed=False, rule=rule)
    return [whole, reason] if reason.allowed else [Reason("", kept.label, allowed=False, rule=reason.rule)]


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

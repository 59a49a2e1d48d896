"""Which fields of an answer are about a person, and what a live stream has brought of them before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from jru.domain.agency import Agency, Label

from .access import Owned, Viewer, labels_of

Row = dict[str, Any]
WITHHELD = "withheld"
_known: dict[type[Any], tuple[tuple[str, Label], ...]] = {}
_OWNERS = {
    Label.CLINICAL: Agency.AMBULANCE,
    Label.POLICE_INTEL: Agency.POLICE,
    Label.POLICE_EVIDENCE: Agency.POLICE,
}


class Personal(NamedTuple):
    """One visible field about a person: of which record, with which label, whose content (None: of both services)."""

    record: str
    field: str
    label: Label
    owner: Agency | None
    content: object = None


@dataclass(slots=True)
class Told:
    """What the listeners of one live stream have been brought; a field is recorded again when it changes.

    `refused` are the fields whose absence was recorded while the access log could not be written.
    """

    listeners: frozenset[str] = frozenset()
    brought: dict[tuple[str, str], object] = field(default_factory=dict)
    refused: set[tuple[str, str]] = field(default_factory=set)

    def listen(self, subjects: Iterable[str]) -> None:
        """Take note of who listens now; somebody new has been brought nothing yet."""
        now = frozenset(subjects)
        if now - self.listeners:
            self.brought.clear()
            self.refused.clear()
        self.listeners = now

    def fresh(self, fields: Sequence[Personal]) -> list[Personal]:
        """Return the fields that the stream has not brought with this content."""
        return [p for p in fields if self.brought.get((p.record, p.field), self) != p.content]

    def bring(self, fields: Iterable[Personal]) -> None:
        """Remember fields that go out."""
        self.refused.clear()
        self.brought |= {(p.record, p.field): p.content for p in fields}

    def refuse(self, fields: Iterable[Personal]) -> list[Personal]:
        """Remember fields that are held back; return those whose absence is new."""
        new = [p for p in fields if (p.record, p.field) not in self.refused]
        self.refused |= {(p.record, p.field) for p in new}
        return new


def personal_fields(
    viewer: Viewer, record_id: str, record: object, row: Row, opened: frozenset[Label] = frozenset()
) -> list[Personal]:
    """Return the personal fields that a projected row shows, one for each owner; an empty one shows nothing.

    Labels in `opened` show what others own, too.
    """
    return [
        Personal(record_id, name, wanted, owner, row[name])
        for name, wanted in _personal_names(type(record))
        if row.get(name)
        for owner in _owners(getattr(record, name), viewer, wanted, whole=bool(opened) and wanted in opened)
    ]


def bared(row: Row, fields: Iterable[Personal]) -> Row:
    """Return a projected row without its personal fields, which it names."""
    left_out = {p.field for p in fields}
    if not left_out:
        return row
    return {name: value for name, value in row.items() if name not in left_out} | {WITHHELD: sorted(left_out)}


def _personal_names(record: type[Any]) -> tuple[tuple[str, Label], ...]:
    if record not in _known:
        _known[record] = tuple((name, of) for name, of in labels_of(record).items() if of.is_personal)
    return _known[record]


def _owners(value: object, viewer: Viewer, wanted: Label, *, whole: bool) -> Iterable[Agency | None]:
    if isinstance(value, Owned) and not whole:
        return (value.owner,)
    held = value if isinstance(value, tuple) else (value,)
    owners = {item.owner for item in held if isinstance(item, Owned)}
    if whole:
        return owners or {_OWNERS.get(wanted)}
    if viewer.agency in owners:
        return (viewer.agency,)
    if owners and owners <= {None}:
        return (None,)
    return (_OWNERS.get(wanted, viewer.agency),)

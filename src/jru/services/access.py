"""The one gate between people and facts: `project` for everything that leaves, `accept` for everything that enters.

A field is visible iff the role holds a grant for its label AND the viewer stands in a relation to the record AND the
purpose is one the role works for. Anything unknown is denied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from operator import attrgetter
from typing import Any

from jru.domain import commands as cmd
from jru.domain import glass_commands as glass
from jru.domain import retention_commands as keeping
from jru.domain.agency import CREW_ROLES, Agency, Label, Role
from jru.domain.event_types import By
from jru.domain.incident_decisions import NOTE_LABELS
from jru.errors import Forbidden

from .deeds import may_not, may_not_write
from .grants import GRANTS, REQUEST, RIGHTS, WRITING, Grant, Purpose, Reach, Subject
from .ports import Scope
from .record_grants import RECORD_WRITES, labels_written
from .shift_grants import SHIFT_WRITES

__all__ = [
    "GRANTS",
    "WRITES",
    "Gate",
    "Grant",
    "Owned",
    "Purpose",
    "Relation",
    "Subject",
    "Viewer",
    "label",
    "labels_of",
    "note_labels",
]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks or acts: one person in one role. `unit_id` is the unit a crew member rides on.

    `answers_request` is set while a privacy officer draws up what a person asked to see of themselves.
    """

    subject: str
    name: str
    agency: Agency
    role: Role
    unit_id: str | None = None
    answers_request: bool = False

    @property
    def by(self) -> By:
        """Return the viewer as the domain knows an actor."""
        return By(self.subject, self.name, self.agency, self.role.value, self.unit_id)

    @property
    def purpose(self) -> Purpose:
        """Return what the role works for; a role without rights works for nothing that anybody may see."""
        return RIGHTS[self.role].purpose if self.role in RIGHTS else Purpose.ADMINISTRATION


_ROOMS = frozenset({Role.POLICE_DISPATCHER, Role.AMBULANCE_DISPATCHER})
_ALL = _ROOMS | CREW_ROLES
_LEADS = _ROOMS | {Role.DUTY_SUPERVISOR}
WRITES: dict[type[cmd.Command], frozenset[Role]] = {
    cmd.TakeCall: _ROOMS,
    cmd.ReceiveReport: _ROOMS,
    cmd.UpdateIncident: _ROOMS,
    cmd.ShareIncident: _ROOMS,
    cmd.ShareLine: _ALL,
    cmd.RecordNote: _ALL | {Role.CLINICAL_DESK},
    cmd.ReportHazard: _ALL,
    cmd.ClearHazard: _ALL,
    cmd.DeclareSceneSafe: frozenset({Role.POLICE_DISPATCHER, Role.SPECIAL_CONSTABLE, Role.CONSTABLE}),
    cmd.RequestOther: _ALL,
    cmd.AnswerRequest: _ROOMS,
    cmd.AskQuestion: _ROOMS,
    cmd.AnswerQuestion: _ROOMS,
    cmd.RecordArrival: _ALL,
    cmd.RecordRelease: _ALL,
    cmd.DecideMatch: _ROOMS,
    cmd.Unmerge: _ROOMS,
    cmd.ReportResource: _ROOMS,
    cmd.StandDownResource: _ROOMS,
    cmd.RecordOutcome: _ALL,
    cmd.RecordPerson: _ALL,
    cmd.CloseIncident: _ROOMS,
    cmd.ReopenIncident: _ROOMS,
    cmd.BookOn: _ALL,
    cmd.BookOff: _ALL,
    cmd.SetStatus: _ALL,
    cmd.ReportPosition: _ALL,
    cmd.ChangeSeat: _ALL,
    cmd.CheckIn: _ALL,
    cmd.PlanBreak: _ALL,
    cmd.CancelBreak: _ALL,
    cmd.OfferUnit: _ROOMS,
    cmd.AnswerOffer: _ALL,
    cmd.ConsentToOffer: _ROOMS,
    cmd.WithdrawOffer: _ROOMS,
    cmd.SelfAssign: CREW_ROLES,
    cmd.DivertUnit: _ROOMS,
    cmd.StandDownUnit: _ROOMS,
    cmd.ReleaseAgency: _ALL,
    cmd.RequestBackup: _ALL,
    cmd.RaiseEmergency: CREW_ROLES,
    cmd.CancelEmergency: _LEADS,
    cmd.SetDistrictState: frozenset({Role.DUTY_SUPERVISOR, Role.SCHEME_LEAD}),
    **RECORD_WRITES,
    **SHIFT_WRITES,
    glass.BreakGlass: _ALL | {Role.CLINICAL_DESK, Role.DUTY_SUPERVISOR},
    glass.CloseGlass: _ALL | {Role.CLINICAL_DESK, Role.DUTY_SUPERVISOR},
    glass.ReviewGlass: frozenset({Role.PRIVACY_OFFICER}),
    keeping.PlaceHold: frozenset({Role.PRIVACY_OFFICER}),
    keeping.ReleaseHold: frozenset({Role.PRIVACY_OFFICER}),
    keeping.AskErasure: frozenset({Role.PRIVACY_OFFICER}),
    keeping.ReviewContent: frozenset({Role.PRIVACY_OFFICER}),
    keeping.RunRetention: frozenset({Role.PRIVACY_OFFICER}),
}
"""Which roles may give which command; a command that is not in it is denied to everybody."""


def label(what: Label) -> Any:
    """Declare a record field with its label."""
    return field(metadata={"label": what})


@dataclass(frozen=True, slots=True)
class Relation:
    """Whose a record is: the services that may know of it, and the units whose crews do.

    `about` is the kind of record, `open` whether what it is about is still going on, `person` the one whom it is
    about where it is theirs alone.
    """

    agencies: frozenset[Agency]
    units: frozenset[str] = frozenset()
    any_crew: bool = False
    about: Subject = Subject.INCIDENT
    open: bool = True
    person: str = ""

    @classmethod
    def of_unit(cls, unit_id: str, *, is_open: bool) -> Relation:
        """Return the relation of a unit: a joint unit is both services' to see, and its own crew's."""
        return cls(frozenset(Agency), frozenset({unit_id}), about=Subject.UNIT, open=is_open)


@dataclass(frozen=True, slots=True)
class Owned:
    """A value that one service owns; `owner` None: both."""

    owner: Agency | None
    value: object


def labels_of(record: type) -> dict[str, Label]:
    """Return the label of every field of a record class; raises TypeError for a field without one."""
    if not is_dataclass(record):
        raise TypeError(f"{record.__name__} is not a record")
    found = {}
    for item in fields(record):
        if item.name == "relation":
            continue
        if not isinstance(item.metadata.get("label"), Label):
            raise TypeError(
                f"{record.__name__}.{item.name} has no label: nobody may see it, so it must not be there"
            )
        found[item.name] = item.metadata["label"]
    return found


Door = Callable[[object, Agency], Any]
_PLAIN = frozenset({str, int, bool, float, dict, type(None)})
"""What nobody owns, and what a grant over both services lets through as it is."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A record class taken apart: its labels, each field with the place of its label, and what reads all values."""

    labels: tuple[Label, ...]
    fields: tuple[tuple[str, int], ...]
    values: Callable[[Any], tuple[Any, ...]]


class Gate:
    """`project` and `accept` over a fixed set of record classes; an unlabelled field fails here, at start."""

    def __init__(self, records: Iterable[type]) -> None:
        self._plans = {record: _plan(labels_of(record)) for record in records}

    def relates(self, viewer: Viewer, relation: Relation) -> bool:
        """Tell whether the viewer stands in a relation to a record."""
        return self.reach(viewer, relation) is not None

    def reach(self, viewer: Viewer, relation: Relation) -> Reach | None:
        """Return in which relation the viewer stands to a record, or None."""
        if viewer.role not in RIGHTS or viewer.agency not in relation.agencies:
            return None
        reach = RIGHTS[viewer.role].reach.get(relation.about)
        if reach is Reach.ASSIGNED and not (relation.any_crew or viewer.unit_id in relation.units):
            return None
        if reach is Reach.OWN and viewer.subject != relation.person:
            return None
        if reach is Reach.WORKS_OPEN and not relation.open:
            return None
        return reach

    def project(
        self, viewer: Viewer, record: Any, purpose: Purpose, opened: frozenset[Label] = frozenset()
    ) -> dict[str, Any] | None:
        """Return the fields of a record that this viewer may see, or None when the record is not theirs to know of.

        A field without a grant is absent; an owned value of the other service is taken out. Labels in `opened`
        stand open to this viewer for this record by break-glass, whoever owns the value.
        """
        relation: Relation = record.relation
        if viewer.role not in RIGHTS or purpose is not RIGHTS[viewer.role].purpose:
            return None
        if not self.relates(viewer, relation):
            return None
        plan = self._plans[type(record)]
        grants, agency = _granted(viewer, RIGHTS[viewer.role].grants), viewer.agency
        doors = [
            _whole if opened and wanted in opened else _door(grants.get(wanted), relation.open)
            for wanted in plan.labels
        ]
        visible: dict[str, Any] = {}
        for (name, place), value in zip(plan.fields, plan.values(record), strict=True):
            door = doors[place]
            if door is _any and value.__class__ in _PLAIN:
                visible[name] = value
            elif door is not None:
                visible[name] = door(value, agency)
        return visible

    def scope(self, viewer: Viewer, opened: frozenset[Label] = frozenset()) -> Scope:
        """Return what the payload stores may hand out for this viewer; `opened` labels of both services."""
        labels = frozenset(_granted(viewer, GRANTS.get(viewer.role, {}))) | opened
        return Scope(frozenset(Agency) if opened else frozenset({viewer.agency}), labels)

    def may_read(
        self,
        viewer: Viewer,
        wanted: Label,
        owner: Agency | None,
        *,
        still_open: bool = True,
        opened: frozenset[Label] = frozenset(),
    ) -> bool:
        """Tell whether one line with this label and owner may be read; the relation is checked on its record."""
        if wanted in opened:
            return True
        grant = _granted(viewer, GRANTS.get(viewer.role, {})).get(wanted)
        if grant is None or (grant is Grant.OWN_OPEN and not still_open):
            return False
        return owner is None or owner is viewer.agency

    def accept(self, viewer: Viewer, command: cmd.Command) -> None:
        """Let a command pass that this viewer may give, or raise `Forbidden`."""
        roles = WRITES.get(type(command), frozenset())
        if viewer.role not in roles:
            words = may_not(viewer.role, type(command), roles)
            raise Forbidden("role", words, data={"role": viewer.role, "may": sorted(roles)})
        labels = labels_written(command)
        if labels and not any(GRANTS[viewer.role].get(written) in WRITING for written in labels):
            raise Forbidden("label", may_not_write(viewer.role, min(labels)))
        if (
            isinstance(command, cmd.OnUnit)
            and viewer.role in CREW_ROLES
            and command.unit_id != viewer.unit_id
        ):
            raise Forbidden("unit", "a crew acts for its own unit only")


def note_labels(viewer: Viewer) -> list[str]:
    """Return the labels under which a viewer may write notes, in the order of the label table."""
    if viewer.role not in WRITES[cmd.RecordNote]:
        return []
    grants = GRANTS[viewer.role]
    return [one.value for one in Label if one in NOTE_LABELS[viewer.agency] and grants.get(one) in WRITING]


def _granted(viewer: Viewer, ordinary: Mapping[Label, Grant]) -> Mapping[Label, Grant]:
    """Return the viewer's row of the label table: that of the role, or that of answering a person's request."""
    return REQUEST if viewer.answers_request and viewer.role is Role.PRIVACY_OFFICER else ordinary


def _plan(labels: Mapping[str, Label]) -> _Plan:
    known = tuple(dict.fromkeys(labels.values()))
    names = tuple(labels)
    read = attrgetter(*names) if len(names) > 1 else lambda record: (getattr(record, names[0]),)
    return _Plan(known, tuple((name, known.index(wanted)) for name, wanted in labels.items()), read)


def _door(grant: Grant | None, still_open: bool) -> Door | None:
    """Return what lets the values of one label through, or None when nothing of it may pass."""
    if grant is None or (grant is Grant.OWN_OPEN and not still_open):
        return None
    return _any if grant is Grant.READ or grant is Grant.WRITE else _own


def _any(value: object, agency: Agency) -> Any:
    """Return what is the viewer's of a value under a grant over both services."""
    if isinstance(value, Owned):
        return _own_value(value, agency)
    return _own_values(value, agency, list(value)) if isinstance(value, tuple) else value


def _own(value: object, agency: Agency) -> Any:
    """Return what is the viewer's of a value; what nobody is named as the owner of needs a grant over both services."""
    if isinstance(value, Owned):
        return _own_value(value, agency)
    return _own_values(value, agency, []) if isinstance(value, tuple) else None


def _own_value(value: Owned, agency: Agency) -> Any:
    return value.value if value.owner is None or value.owner is agency else None


def _own_values(values: tuple[Any, ...], agency: Agency, otherwise: list[Any]) -> list[Any]:
    """Return the values of the agency and of both; `otherwise` where nobody is named as an owner."""
    if not any(isinstance(item, Owned) for item in values):
        return otherwise
    return [item.value for item in values if isinstance(item, Owned) and item.owner in (None, agency)]


def _whole(value: object, _agency: Agency) -> Any:
    """Return a value whoever owns it."""
    if isinstance(value, Owned):
        return value.value
    if isinstance(value, tuple):
        return [item.value if isinstance(item, Owned) else item for item in value]
    return value

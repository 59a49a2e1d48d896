"""The one gate between people and facts: `project` for everything that leaves, `accept` for everything that enters.

A field is visible iff the role holds a grant for its label AND the viewer stands in a relation to the record AND the
purpose is one the role works for. Anything unknown is denied.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any

from jru.domain import commands as cmd
from jru.domain.agency import CREW_ROLES, Agency, Label, Role
from jru.domain.event_types import By
from jru.errors import Forbidden


class Purpose(StrEnum):
    """Why somebody looks."""

    RESPONSE = "response"
    SUPERVISION = "supervision"


class Grant(StrEnum):
    """What a role may do with a label: read, read and write, or read what its own agency owns (and write it)."""

    READ = "r"
    WRITE = "rw"
    OWN = "own"
    OWN_WRITE = "own rw"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks or acts: one person in one role. `unit_id` is the unit a crew member rides on."""

    subject: str
    name: str
    agency: Agency
    role: Role
    unit_id: str | None = None

    @property
    def by(self) -> By:
        """Return the viewer as the domain knows an actor."""
        return By(self.subject, self.name, self.agency, self.role.value, self.unit_id)

    @property
    def purpose(self) -> Purpose:
        """Return what the role works for."""
        return Purpose.SUPERVISION if self.role is Role.DUTY_SUPERVISOR else Purpose.RESPONSE


_CREW: dict[Label, Grant] = {
    Label.OPERATIONAL: Grant.WRITE,
    Label.SAFETY: Grant.WRITE,
    Label.IDENTITY: Grant.OWN_WRITE,
    Label.STAFF: Grant.OWN,
}
_ROOM: dict[Label, Grant] = {
    Label.OPERATIONAL: Grant.WRITE,
    Label.SAFETY: Grant.WRITE,
    Label.IDENTITY: Grant.OWN_WRITE,
    Label.STAFF: Grant.OWN,
}
GRANTS: dict[Role, dict[Label, Grant]] = {
    Role.PARAMEDIC: {**_CREW, Label.CLINICAL: Grant.OWN_WRITE},
    Role.SPECIAL_CONSTABLE: {**_CREW, Label.POLICE_INTEL: Grant.OWN, Label.POLICE_EVIDENCE: Grant.OWN_WRITE},
    Role.CONSTABLE: {**_CREW, Label.POLICE_INTEL: Grant.OWN, Label.POLICE_EVIDENCE: Grant.OWN_WRITE},
    Role.POLICE_DISPATCHER: {**_ROOM, Label.POLICE_INTEL: Grant.OWN, Label.POLICE_EVIDENCE: Grant.OWN},
    Role.AMBULANCE_DISPATCHER: {**_ROOM, Label.CLINICAL: Grant.OWN},
    Role.DUTY_SUPERVISOR: {
        Label.OPERATIONAL: Grant.READ,
        Label.SAFETY: Grant.READ,
        Label.IDENTITY: Grant.OWN,
        Label.CLINICAL: Grant.OWN,
        Label.POLICE_INTEL: Grant.OWN,
        Label.POLICE_EVIDENCE: Grant.OWN,
        Label.STAFF: Grant.OWN,
        Label.STATISTICS: Grant.READ,
    },
}
"""The label table. A role that is not in it sees nothing."""

PURPOSES: dict[Role, frozenset[Purpose]] = {
    role: frozenset({Purpose.SUPERVISION if role is Role.DUTY_SUPERVISOR else Purpose.RESPONSE})
    for role in GRANTS
}

_ROOMS = frozenset({Role.POLICE_DISPATCHER, Role.AMBULANCE_DISPATCHER})
_ALL = _ROOMS | CREW_ROLES
_LEADS = _ROOMS | {Role.DUTY_SUPERVISOR}
WRITES: dict[type[cmd.Command], frozenset[Role]] = {
    cmd.TakeCall: _ROOMS,
    cmd.ReceiveReport: _ROOMS,
    cmd.UpdateIncident: _ROOMS,
    cmd.ShareIncident: _ROOMS,
    cmd.ShareLine: _ALL,
    cmd.RecordNote: _ALL,
    cmd.ReportHazard: _ALL,
    cmd.ClearHazard: _ALL,
    cmd.DeclareSceneSafe: frozenset({Role.POLICE_DISPATCHER, Role.SPECIAL_CONSTABLE, Role.CONSTABLE}),
    cmd.RequestOther: _ALL,
    cmd.AnswerRequest: _ROOMS,
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
    cmd.SetDistrictState: frozenset({Role.DUTY_SUPERVISOR}),
}
"""Which roles may give which command; a command that is not in it is denied to everybody."""


def label(what: Label) -> Any:
    """Declare a record field with its label."""
    return field(metadata={"label": what})


@dataclass(frozen=True, slots=True)
class Relation:
    """Whose a record is: the services that may know of it, and the units whose crews do."""

    agencies: frozenset[Agency]
    units: frozenset[str] = frozenset()
    any_crew: bool = False


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


class Gate:
    """`project` and `accept` over a fixed set of record classes; an unlabelled field fails here, at start."""

    def __init__(self, records: Iterable[type]) -> None:
        self._labels = {record: labels_of(record) for record in records}

    def relates(self, viewer: Viewer, relation: Relation) -> bool:
        """Tell whether the viewer stands in a relation to a record."""
        if viewer.agency not in relation.agencies:
            return False
        if viewer.role in CREW_ROLES:
            return relation.any_crew or viewer.unit_id in relation.units
        return viewer.role in GRANTS

    def project(self, viewer: Viewer, record: Any, purpose: Purpose) -> dict[str, Any] | None:
        """Return the fields of a record that this viewer may see, or None when the record is not theirs to know of.

        A field without a grant is absent; an owned value of the other service is taken out.
        """
        if purpose not in PURPOSES.get(viewer.role, ()) or not self.relates(viewer, record.relation):
            return None
        grants = GRANTS[viewer.role]
        visible: dict[str, Any] = {}
        for name, wanted in self._labels[type(record)].items():
            grant = grants.get(wanted)
            if grant is not None:
                visible[name] = _open(getattr(record, name), viewer, grant)
        return visible

    def may_read(self, viewer: Viewer, wanted: Label, owner: Agency | None) -> bool:
        """Tell whether one line with this label and owner may be read; the relation is checked on its record."""
        grant = GRANTS.get(viewer.role, {}).get(wanted)
        if grant is None:
            return False
        return owner is None or owner is viewer.agency

    def accept(self, viewer: Viewer, command: cmd.Command) -> None:
        """Let a command pass that this viewer may give, or raise `Forbidden`."""
        roles = WRITES.get(type(command), frozenset())
        if viewer.role not in roles:
            name = type(command).__name__
            raise Forbidden(
                "role", f"the role {viewer.role.value} may not do this ({name})", data={"role": viewer.role}
            )
        if isinstance(command, cmd.RecordNote):
            grant = GRANTS[viewer.role].get(command.label)
            if grant not in (Grant.WRITE, Grant.OWN_WRITE):
                raise Forbidden(
                    "label", f"the role {viewer.role.value} may not write {command.label.value} notes"
                )
        if (
            isinstance(command, cmd.OnUnit)
            and viewer.role in CREW_ROLES
            and command.unit_id != viewer.unit_id
        ):
            raise Forbidden("unit", "a crew acts for its own unit only")


def _open(value: object, viewer: Viewer, grant: Grant) -> Any:
    if isinstance(value, Owned):
        allowed = value.owner is None or value.owner is viewer.agency
        return value.value if allowed else None
    if isinstance(value, tuple) and value and isinstance(value[0], Owned):
        return [v.value for v in value if v.owner is None or v.owner is viewer.agency]
    if grant in (Grant.OWN, Grant.OWN_WRITE) and not isinstance(value, tuple):
        return None
    return list(value) if isinstance(value, tuple) else value

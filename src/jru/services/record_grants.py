"""Who may keep, correct, withdraw and share the records of each service, and how that is said."""

from __future__ import annotations

from jru.domain import commands as cmd
from jru.domain import record_commands as rc
from jru.domain.agency import CREW_ROLES, Label, Role

_OFFICERS = frozenset({Role.SPECIAL_CONSTABLE, Role.CONSTABLE})
_PARAMEDIC = frozenset({Role.PARAMEDIC})
_CLINICIANS = frozenset({Role.PARAMEDIC, Role.CLINICAL_DESK})
_ROOMS = frozenset({Role.POLICE_DISPATCHER, Role.AMBULANCE_DISPATCHER})

RECORD_WRITES: dict[type[cmd.Command], frozenset[Role]] = {
    rc.RecordArrest: _OFFICERS,
    rc.RecordForce: _OFFICERS,
    rc.RecordDetentionStep: _OFFICERS,
    rc.ReferenceSearch: _OFFICERS,
    rc.ReferenceFootage: _OFFICERS,
    rc.RecordObservations: _PARAMEDIC,
    rc.RecordCare: _CLINICIANS,
    rc.ConcludeCare: _PARAMEDIC,
    rc.MakeReferral: _CLINICIANS,
    rc.DescribePerson: CREW_ROLES | _ROOMS,
    rc.AddAttachment: CREW_ROLES,
    rc.WithdrawRecord: CREW_ROLES,
    rc.JoinPersons: CREW_ROLES,
    rc.ShareFact: CREW_ROLES | _ROOMS,
    rc.ReportSituation: CREW_ROLES | _ROOMS,
}

RECORD_LABELS: dict[type[cmd.Command], frozenset[Label]] = {
    **dict.fromkeys(
        (rc.RecordArrest, rc.RecordForce, rc.RecordDetentionStep, rc.ReferenceSearch, rc.ReferenceFootage),
        frozenset({Label.POLICE_EVIDENCE}),
    ),
    **dict.fromkeys(
        (rc.RecordObservations, rc.RecordCare, rc.ConcludeCare, rc.MakeReferral), frozenset({Label.CLINICAL})
    ),
    rc.DescribePerson: frozenset({Label.IDENTITY}),
    rc.WithdrawRecord: frozenset({Label.POLICE_EVIDENCE, Label.CLINICAL}),
    rc.JoinPersons: frozenset({Label.POLICE_EVIDENCE, Label.CLINICAL}),
    rc.ReportSituation: frozenset({Label.OPERATIONAL}),
}
"""The labels that a command writes under: its role needs the right to write one of them."""

RECORD_DEEDS: dict[type[cmd.Command], str] = {
    rc.RecordArrest: "record an arrest",
    rc.RecordForce: "record a use of force",
    rc.RecordDetentionStep: "record a detention under section 136",
    rc.ReferenceSearch: "reference a stop and search",
    rc.ReferenceFootage: "reference body-worn video",
    rc.RecordObservations: "record observations",
    rc.RecordCare: "record findings and treatment",
    rc.ConcludeCare: "conclude somebody's care",
    rc.MakeReferral: "refer somebody",
    rc.DescribePerson: "describe a person",
    rc.AddAttachment: "add an attachment",
    rc.WithdrawRecord: "withdraw a record",
    rc.JoinPersons: "say that two numbers are one person",
    rc.ShareFact: "share a fact with the other service",
    rc.ReportSituation: "send a situation report",
}


def labels_written(command: cmd.Command) -> frozenset[Label]:
    """Return the labels of which a command's role must be able to write one; none for what carries no label."""
    if isinstance(command, (cmd.RecordNote, rc.AddAttachment)):
        return frozenset({command.label})
    return RECORD_LABELS.get(type(command), frozenset())

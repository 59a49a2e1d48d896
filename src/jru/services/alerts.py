"""Which alerts stand, and for whom: the gate and the role decide, the board says what there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from jru.domain.agency import CREW_ROLES, Role
from jru.domain.unit import Unit

from .access import Gate, Owned, Relation, Viewer
from .alert_records import Alert, AlertKind, AlertRecord
from .board import Board
from .streams import Aboard

EMERGENCY_LIFE = timedelta(minutes=10)
LAPSED_LIFE = timedelta(minutes=5)
MESSAGE_BYTES = 160
"""How long every message is, so that its length tells nobody on the way which one it is."""

_ROOMS = frozenset({Role.POLICE_DISPATCHER, Role.AMBULANCE_DISPATCHER})
_TOLD: tuple[tuple[AlertKind, frozenset[Role]], ...] = (
    (AlertKind.OFFER, CREW_ROLES),
    (AlertKind.EMERGENCY, _ROOMS | {Role.DUTY_SUPERVISOR}),
    (AlertKind.LAPSED, _ROOMS),
)
TOLD_ROLES = frozenset[Role]().union(*(roles for _, roles in _TOLD))
"""Who can be told anything."""


def alerts_for(viewer: Viewer, board: Board, gate: Gate, now: datetime) -> Iterator[Alert]:
    """Yield what a viewer is to be told now: a crew of its own unit only."""
    for aboard in board.open_units():
        if viewer.role in CREW_ROLES and viewer.unit_id != aboard.state.unit_id:
            continue
        record = _record(aboard)
        if not (record.offer or record.emergency or record.lapsed):
            continue
        row = gate.project(viewer, record, viewer.purpose) or {}
        for kind, roles in _TOLD:
            if viewer.role in roles and row.get(kind.value):
                alert = _alert(kind, aboard.state, now)
                if alert.expires_at > now:
                    yield alert


def message_of(alert: Alert, *, silent: bool) -> bytes:
    """Return the message: the kind and the call sign, nothing of place, type or person; always as long."""
    told = {"kind": alert.kind.value, "call_sign": alert.call_sign, "silent": silent}
    return json.dumps(told).encode().ljust(MESSAGE_BYTES)


def _record(aboard: Aboard) -> AlertRecord:
    unit = aboard.state
    last = unit.last_answer
    return AlertRecord(
        relation=Relation.of_unit(unit.unit_id, is_open=unit.open),
        offer=unit.offer.offer_id if unit.offer else None,
        emergency=unit.emergency_at.isoformat() if unit.emergency_at else None,
        lapsed=Owned(last.by_agency, last.offer_id) if last and last.result == "lapsed" else None,
    )


def _alert(kind: AlertKind, unit: Unit, now: datetime) -> Alert:
    """Return the alert of a unit that the gate has shown to be there.

    An emergency is news for as long as it is open: a device without a link may have sent it long after the tap.
    """
    if kind is AlertKind.OFFER and unit.offer:
        which, until = unit.offer.offer_id, unit.offer.expires_at
    elif kind is AlertKind.EMERGENCY and unit.emergency_at:
        which, until = unit.emergency_at.isoformat(), now + EMERGENCY_LIFE
    else:
        assert unit.last_answer is not None  # noqa: S101 - the record has shown it
        which, until = unit.last_answer.offer_id, unit.last_answer.at + LAPSED_LIFE
    return Alert(kind, f"{unit.unit_id} {kind.value} {which}", unit.call_sign, until)

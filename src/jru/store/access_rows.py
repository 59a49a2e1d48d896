"""Rows of the access log: how an access becomes columns, and columns an access again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from jru.domain.agency import Label
from jru.services.audit_ports import Accessed, AccessKind, StoredAccess
from jru.store.hashing import HASHED_ACCESS_COLUMNS, access_hash
from jru.store.tables import access_log

ACCESS_COLUMNS = tuple(access_log.c[name] for name in (*HASHED_ACCESS_COLUMNS, "hash"))


def access_row(entry: Accessed, seq: int, recorded_at_us: int, prev: bytes) -> tuple[object, ...]:
    """Return the stored columns of an access at a place of the chain, its hash last."""
    columns = (
        seq,
        entry.kind.value,
        entry.subject,
        entry.agency,
        entry.role,
        entry.unit_id,
        entry.owner,
        listed(entry.records),
        listed([label.value for label in entry.labels]),
        listed(entry.fields),
        entry.purpose,
        entry.justification,
        listed(entry.recipients),
        entry.at_us,
        recorded_at_us,
        entry.spooled,
        prev,
    )
    return (*columns, access_hash(columns))


def stored_access(row: Sequence[Any]) -> StoredAccess:
    """Return the access of a row of ACCESS_COLUMNS; raises ValueError when one of its lists is damaged."""
    seq, kind, subject, agency, role, unit_id, owner, records, labels, fields, *rest = row
    purpose, justification, recipients, at_us, recorded_at_us, spooled, prev, digest = rest
    entry = Accessed(
        AccessKind(kind),
        subject,
        agency,
        role,
        unit_id,
        owner,
        _unlisted(records),
        tuple(map(Label, _unlisted(labels))),
        _unlisted(fields),
        purpose,
        justification,
        _unlisted(recipients),
        at_us,
        spooled,
    )
    return StoredAccess(seq, entry, recorded_at_us, prev, digest)


def listed(words: Sequence[str]) -> str:
    """Return words as the JSON list that is stored, hashed and searched."""
    return json.dumps(list(words), separators=(",", ":"))


def _unlisted(stored: str) -> tuple[str, ...]:
    return tuple(map(str, json.loads(stored)))

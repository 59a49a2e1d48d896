"""The hash chain: SHA-256 over every column of an event, and over every part with its salt.

The bytes hashed are a domain tag and then each column as a type letter, its length in decimal, a colon and
its canonical bytes, so that no two different rows give the same input. Columns that only say where a row lies
(`feed_epoch`) and the hash itself are left out, by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256

from jru.domain.agency import Label
from jru.services.ports import PartRef

HASHED_COLUMNS = (
    "seq",
    "stream",
    "version",
    "kind",
    "schema_version",
    "event_id",
    "at_us",
    "clock_offset_us",
    "received_at_us",
    "recorded_at_us",
    "device",
    "device_seq",
    "actor",
    "agency",
    "purpose",
    "idem_key",
    "idem_n",
    "data",
    "parts",
    "prev",
)
EXCLUDED_COLUMNS = frozenset({"hash", "feed_epoch"})
EMPTY_HASH = bytes(32)
NO_PARTS = b"[]"

_EVENT_TAG = b"jru/event/1\n"
_PART_TAG = b"jru/part/1\n"


def event_hash(columns: Sequence[object]) -> bytes:
    """Return the hash of an event from its stored columns, in the order of HASHED_COLUMNS."""
    return sha256(_EVENT_TAG + canonical(columns)).digest()


def part_hash(salt: bytes, content: bytes) -> bytes:
    """Return the hash that the log keeps of a part; the salt keeps short contents from being guessed."""
    return sha256(_PART_TAG + canonical((salt, content))).digest()


def canonical(columns: Iterable[object]) -> bytes:
    """Return the length-prefixed bytes of a row; raises UnicodeEncodeError for a lone surrogate."""
    pieces: list[bytes] = []
    for column in columns:
        if isinstance(column, str):
            text = column.encode()
            pieces += (b"s%d:" % len(text), text)
        elif isinstance(column, bytes):
            pieces += (b"b%d:" % len(column), column)
        elif column is None:
            pieces.append(b"n0:")
        else:
            digits = repr(column).encode()
            pieces += (b"i%d:" % len(digits), digits)
    return b"".join(pieces)


def encode_parts(parts: Sequence[PartRef]) -> bytes:
    """Return the canonical bytes of an event's part list, as stored and hashed."""
    if not parts:
        return NO_PARTS
    rows = [[part.number, part.label.value, part.store, part.part_hash.hex()] for part in parts]
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode()


def decode_parts(stored: bytes) -> tuple[PartRef, ...]:
    """Return the parts of a stored list; raises ValueError when it is not one."""
    if stored == NO_PARTS:
        return ()
    return tuple(
        PartRef(number, Label(label), store, bytes.fromhex(digest))
        for number, label, store, digest in json.loads(stored)
    )

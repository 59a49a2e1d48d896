"""The hash chains: SHA-256 over every column of an event or of an access, and over every part with its salt.

The bytes hashed are a domain tag, the lengths of all columns as 4-byte numbers, and then each column as a type
letter and its canonical bytes, so that no two different rows give the same input. Columns that only say where a
row lies (`feed_epoch`) and the hash itself are left out, by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from typing import Any

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
HASHED_ACCESS_COLUMNS = (
    "seq",
    "kind",
    "subject",
    "agency",
    "role",
    "unit_id",
    "owner",
    "records",
    "labels",
    "fields",
    "purpose",
    "justification",
    "recipients",
    "at_us",
    "recorded_at_us",
    "spooled",
    "prev",
)
EXCLUDED_ACCESS_COLUMNS = frozenset({"hash"})
EMPTY_HASH = bytes(32)
NO_PARTS = b"[]"

_EVENT_TAG = b"jru/event/1\n"
_PART_TAG = b"jru/part/1\n"
_ACCESS_TAG = b"jru/access/1\n"


def event_hash(columns: Sequence[object]) -> bytes:
    """Return the hash of an event from its stored columns, in the order of HASHED_COLUMNS."""
    return hash_of_pieces(pieces(columns))


def hash_of_pieces(event_pieces: Sequence[bytes]) -> bytes:
    """Return the hash of an event from the pieces of its columns, when some of them are at hand already."""
    return sha256(_EVENT_TAG + _joined(event_pieces)).digest()


def access_hash(columns: Sequence[object]) -> bytes:
    """Return the hash of a row of the access log from its columns, in the order of HASHED_ACCESS_COLUMNS."""
    return sha256(_ACCESS_TAG + canonical(columns)).digest()


def part_hash(salt: bytes, content: bytes) -> bytes:
    """Return the hash that the log keeps of a part; the salt keeps short contents from being guessed."""
    return sha256(_PART_TAG + canonical((salt, content))).digest()


def canonical(columns: Sequence[object]) -> bytes:
    """Return the length-prefixed bytes of a row; raises UnicodeEncodeError for a lone surrogate."""
    return _joined(pieces(columns))


def pieces(columns: Sequence[object]) -> list[bytes]:
    """Return each column's canonical bytes, a letter for its type first."""
    return [_PIECE.get(type(column), _rare)(column) for column in columns]


def _joined(row_pieces: Sequence[bytes]) -> bytes:
    return _lengths(len(row_pieces)).pack(*map(len, row_pieces)) + b"".join(row_pieces)


def _rare(column: object) -> bytes:
    """Return the bytes of a column that is empty, a named text, or of a type that only damage brings here."""
    if isinstance(column, str):
        return b"s" + str(column).encode()
    return b"n" if column is None else b"x" + repr(column).encode("utf-8", "backslashreplace")


_PIECE: dict[type, Callable[[Any], bytes]] = {
    str: lambda text: b"s" + text.encode(),
    int: lambda number: b"i%d" % number,
    bytes: lambda content: b"b" + content,
}


@lru_cache
def _lengths(columns: int) -> Struct:
    return Struct(f">{columns}I")


def encode_parts(parts: Sequence[PartRef]) -> bytes:
    """Return the canonical bytes of an event's part list, as stored and hashed: JSON without spaces.

    Labels and stores are plain words, so that nothing needs escaping.
    """
    rows = [f'[{part.number},"{part.label}","{part.store}","{part.part_hash.hex()}"]' for part in parts]
    return f"[{','.join(rows)}]".encode()


def decode_parts(stored: bytes) -> tuple[PartRef, ...]:
    """Return the parts of a stored list; raises ValueError when it is not one."""
    if stored == NO_PARTS:
        return ()
    return tuple(
        PartRef(number, Label(label), store, bytes.fromhex(digest))
        for number, label, store, digest in json.loads(stored)
    )

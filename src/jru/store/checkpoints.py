"""Signed records of where both chains ended, written outside the database.

One file a day in `heads/`, one JSON object a line, only ever appended to. A log that ends before the last
record, or holds another event at its number, was cut or rewritten. The key lies in `keys/`; who distrusts this
machine keeps copies of `heads/` and of the public key elsewhere.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jru.clock import Random
from jru.domain.codec import from_us
from jru.durable import add_lines, put_whole, secret_file
from jru.services.ports import Head
from jru.store.hashing import canonical

EVERY_US = timedelta(minutes=1) // timedelta(microseconds=1)

READABLE = 0o644
_TAG = b"jru/head/2\n"
_TAG_BEFORE_ACCESSES = b"jru/head/1\n"
_RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


@dataclass(frozen=True, slots=True)
class HeadRecord:
    """One signed line: the events of log `origin` ended at `seq` with `hash`, and its accesses likewise.

    Records from before there was an access log have an empty `access_hash`.
    """

    origin: str
    seq: int
    hash: bytes
    access_seq: int
    access_hash: bytes
    at_us: int
    key_id: str
    signature: bytes

    @property
    def signed_bytes(self) -> bytes:
        """Return what the signature is over."""
        if not self.access_hash:
            columns: tuple[object, ...] = (self.origin, self.seq, self.hash, self.at_us, self.key_id)
            return _TAG_BEFORE_ACCESSES + canonical(columns)
        ends = (self.origin, self.seq, self.hash, self.access_seq, self.access_hash)
        return _TAG + canonical((*ends, self.at_us, self.key_id))

    def line(self) -> bytes:
        """Return the line of the file, with its line end."""
        fields = {
            "origin": self.origin,
            "seq": self.seq,
            "hash": self.hash.hex(),
            "access_seq": self.access_seq,
            "access_hash": self.access_hash.hex(),
            "at_us": self.at_us,
            "key_id": self.key_id,
            "signature": base64.b64encode(self.signature).decode(),
        }
        return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class HeadLines:
    """What the record files of one log hold: the good records, and a sentence on every bad line."""

    records: tuple[HeadRecord, ...]
    problems: tuple[str, ...]
    torn: int


class HeadRecords:
    """Signs and reads the head records of a data directory."""

    def __init__(self, directory: Path, origin: str, random: Random) -> None:
        """Make the directories and, the first time, the key."""
        self._heads = directory / "heads"
        self._heads.mkdir(parents=True, exist_ok=True)
        self._origin = origin
        self._key = signing_key(directory, random)
        self._key_id = key_id_of(self._key.public_key())

    def record(self, log: Head, access: Head, at_us: int) -> HeadRecord:
        """Sign where both chains end and write it durably to the file of the day."""
        ends = (log.seq, log.hash, access.seq, access.hash)
        unsigned = HeadRecord(self._origin, *ends, at_us, self._key_id, b"")
        record = replace(unsigned, signature=self._key.sign(unsigned.signed_bytes))
        path = self._heads / f"{from_us(at_us):%Y-%m-%d}.jsonl"
        add_lines(path, record.line(), READABLE)
        return record


def read_head_records(directory: Path, origin: str) -> HeadLines:
    """Read every head record of a data directory and check it against the public keys beside it."""
    files = sorted((directory / "heads").glob("*.jsonl"))
    keys = dict(public_keys(directory / "keys"))
    read = [_read_file(path, origin, keys) for path in files]
    return HeadLines(
        tuple(record for lines in read for record in lines.records),
        tuple(problem for lines in read for problem in lines.problems),
        sum(lines.torn for lines in read),
    )


def last_signed(directory: Path, origin: str) -> tuple[int, int]:
    """Return the greatest event and access numbers in the newest file that holds a good record; 0 without one."""
    keys = dict(public_keys(directory / "keys"))
    for path in sorted((directory / "heads").glob("*.jsonl"), reverse=True):
        records = _read_file(path, origin, keys).records
        if records:
            return max(record.seq for record in records), max(record.access_seq for record in records)
    return 0, 0


def _read_file(path: Path, origin: str, keys: dict[str, Ed25519PublicKey]) -> HeadLines:
    records: list[HeadRecord] = []
    problems: list[str] = []
    torn = 0
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        record = _parse(line)
        if record is None:
            torn += 1
            continue
        problem = _problem(record, origin, keys)
        if problem:
            problems.append(f"{path.name}:{number}: {problem}")
        else:
            records.append(record)
    return HeadLines(tuple(records), tuple(problems), torn)


def _problem(record: HeadRecord, origin: str, keys: dict[str, Ed25519PublicKey]) -> str:
    if record.key_id not in keys:
        return f"signed with the unknown key {record.key_id}"
    try:
        keys[record.key_id].verify(record.signature, record.signed_bytes)
    except InvalidSignature:
        return "the signature does not fit"
    return "" if record.origin == origin else f"belongs to another log ({record.origin})"


def _parse(line: bytes) -> HeadRecord | None:
    try:
        fields = json.loads(line)
        return HeadRecord(
            str(fields["origin"]),
            int(fields["seq"]),
            bytes.fromhex(fields["hash"]),
            int(fields.get("access_seq", 0)),
            bytes.fromhex(fields.get("access_hash", "")),
            int(fields["at_us"]),
            str(fields["key_id"]),
            base64.b64decode(fields["signature"], validate=True),
        )
    except (ValueError, KeyError, TypeError):
        return None


def signing_key(directory: Path, random: Random) -> Ed25519PrivateKey:
    """Return the key of a data directory, made the first time with its public half; raises OpenSecret."""
    keys = directory / "keys"
    text = secret_file(keys / "head.key", lambda: random.bytes(32).hex().encode() + b"\n")
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.decode().strip()))
    public = key.public_key()
    beside = keys / f"head-{key_id_of(public)}.pub"
    if not beside.exists():
        put_whole(beside, public.public_bytes(*_RAW).hex().encode() + b"\n", READABLE)
    return key


def public_keys(keys: Path) -> Iterator[tuple[str, Ed25519PublicKey]]:
    """Yield the public keys in a directory, each with its short name."""
    for path in sorted(keys.glob("head-*.pub")):
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(path.read_text().strip()))
        yield key_id_of(key), key


def key_id_of(key: Ed25519PublicKey) -> str:
    """Return the short name of a public key: the beginning of its SHA-256."""
    return sha256(key.public_bytes(*_RAW)).hexdigest()[:16]

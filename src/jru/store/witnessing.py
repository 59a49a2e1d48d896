"""Checkpoints that one service signs and the other witnesses: a log that is cut, forked or restored is found out.

A checkpoint says where both chains of a log end, signed, with the links (number, hash of the row before, hash) since
the one that was witnessed last; no content is in it. A witness keeps the last checkpoint of every log that it has seen,
lets the next one pass only when its links go on from there, and signs it, too.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Column, Table, select

from jru.durable import add_lines
from jru.errors import Conflict, InvalidInput, JruError
from jru.store.checkpoints import key_id_of
from jru.store.hashing import EMPTY_HASH, canonical
from jru.store.opening import ReadStore
from jru.store.tables import access_log, event

MOST_BYTES = 256 * 1024 * 1024
CHAINS: tuple[tuple[str, Table], ...] = (("event", event), ("access", access_log))

_TAG = b"jru/checkpoint/1\n"
_WITNESS_TAG = b"jru/witness/1\n"
_LINKS_TAG = b"jru/links/1\n"
_RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)

Link = tuple[int, bytes, bytes]
End = tuple[int, bytes]


class LogNotContinued(JruError):
    """A log does not go on from where it was last witnessed."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where both chains of a log end, in the order of CHAINS, with the links that lead there."""

    origin: str
    ends: tuple[End, ...]
    links: tuple[tuple[Link, ...], ...]
    at_us: int
    public_key: bytes
    signature: bytes = b""
    witnesses: tuple[tuple[bytes, int, bytes], ...] = ()

    @property
    def signed_bytes(self) -> bytes:
        """Return what the log's own signature is over."""
        ends = [value for end in self.ends for value in end]
        digests = [
            sha256(_LINKS_TAG + canonical([v for link in links for v in link])).digest()
            for links in self.links
        ]
        return _TAG + canonical((self.origin, *ends, *digests, self.at_us, self.public_key))

    def witness_bytes(self, at_us: int) -> bytes:
        """Return what a witness signs."""
        return _WITNESS_TAG + canonical((self.signed_bytes, self.signature, at_us))

    def bare(self) -> Checkpoint:
        """Return the checkpoint as it is kept, whose signature cannot be checked again without its links."""
        return replace(self, links=((),) * len(CHAINS))


def take_checkpoint(
    store: ReadStore, key: Ed25519PrivateKey, at_us: int, since: Checkpoint | None
) -> Checkpoint:
    """Sign where a log ends, with its links since an earlier checkpoint; raises LogNotContinued, Conflict."""
    if since is not None and since.origin != store.origin:
        raise Conflict("checkpoint.other_log", f"That checkpoint is of another log ({since.origin}).")
    before = since.ends if since else ((0, EMPTY_HASH),) * len(CHAINS)
    links = tuple(
        _links(store, name, table, end) if since else ()
        for (name, table), end in zip(CHAINS, before, strict=True)
    )
    ends = tuple(
        (own[-1][0], own[-1][2]) if own else (end if since else _end(store, table))
        for own, end, (_name, table) in zip(links, before, CHAINS, strict=True)
    )
    public = key.public_key().public_bytes(*_RAW)
    unsigned = Checkpoint(store.origin, ends, links, at_us, public)
    return replace(unsigned, signature=key.sign(unsigned.signed_bytes))


def witness(directory: Path, key: Ed25519PrivateKey, checkpoint: Checkpoint, at_us: int) -> Checkpoint:
    """Check that a checkpoint continues the last one seen, keep it durably and return it signed.

    Raises LogNotContinued, naming the chain and the number where the log was cut or forked.
    """
    _check_signature(checkpoint)
    seen = last_seen(directory, checkpoint.origin)
    if seen is not None:
        _check_continues(seen, checkpoint)
    public = key.public_key().public_bytes(*_RAW)
    signed = key.sign(checkpoint.witness_bytes(at_us))
    witnessed = replace(checkpoint, witnesses=(*checkpoint.witnesses, (public, at_us, signed)))
    _keep(_file_of(directory, checkpoint.origin), as_text(witnessed.bare()))
    return witnessed


def last_seen(directory: Path, origin: str) -> Checkpoint | None:
    """Return the last checkpoint of a log that was witnessed in a data directory."""
    path = _file_of(directory, origin)
    if not path.exists():
        return None
    lines = [line for line in path.read_bytes().splitlines() if _is_whole(line)]
    return parse(lines[-1]) if lines else None


def _is_whole(line: bytes) -> bool:
    """Tell whether a line was written to its end: a process that died in the middle left no JSON."""
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def as_text(checkpoint: Checkpoint) -> str:
    """Return a checkpoint as one line of JSON."""
    chains = {
        name: {"seq": end[0], "hash": end[1].hex(), "links": [[seq, p.hex(), h.hex()] for seq, p, h in links]}
        for (name, _), end, links in zip(CHAINS, checkpoint.ends, checkpoint.links, strict=True)
    }
    fields = {
        "origin": checkpoint.origin,
        **chains,
        "at_us": checkpoint.at_us,
        "public_key": checkpoint.public_key.hex(),
        "signature": _text64(checkpoint.signature),
        "witnesses": [
            {"public_key": public.hex(), "at_us": at_us, "signature": _text64(signed)}
            for public, at_us, signed in checkpoint.witnesses
        ],
    }
    return json.dumps(fields, separators=(",", ":"))


def parse(text: str | bytes) -> Checkpoint:
    """Return a checkpoint; raises InvalidInput when the text is none."""
    try:
        fields: dict[str, Any] = json.loads(text)
        chains = [fields[name] for name, _ in CHAINS]
        return Checkpoint(
            str(fields["origin"]),
            tuple((int(c["seq"]), bytes.fromhex(c["hash"])) for c in chains),
            tuple(
                tuple((int(seq), bytes.fromhex(prev), bytes.fromhex(own)) for seq, prev, own in c["links"])
                for c in chains
            ),
            int(fields["at_us"]),
            bytes.fromhex(fields["public_key"]),
            base64.b64decode(fields["signature"], validate=True),
            tuple(
                (
                    bytes.fromhex(w["public_key"]),
                    int(w["at_us"]),
                    base64.b64decode(w["signature"], validate=True),
                )
                for w in fields["witnesses"]
            ),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidInput(
            "checkpoint.unreadable", "This is no checkpoint.", "Make one with `jru log checkpoint`."
        ) from error


def key_names(checkpoint: Checkpoint) -> list[str]:
    """Return the short names of the keys that signed: the log's own, then the witnesses'."""
    keys = [checkpoint.public_key, *(public for public, _, _ in checkpoint.witnesses)]
    return [key_id_of(Ed25519PublicKey.from_public_bytes(key)) for key in keys]


def _check_signature(checkpoint: Checkpoint) -> None:
    try:
        public = Ed25519PublicKey.from_public_bytes(checkpoint.public_key)
        public.verify(checkpoint.signature, checkpoint.signed_bytes)
    except (InvalidSignature, ValueError) as error:
        raise LogNotContinued(
            "checkpoint.signature", "The signature of the checkpoint does not fit."
        ) from error


def _check_continues(seen: Checkpoint, now: Checkpoint) -> None:
    if seen.public_key != now.public_key:
        raise _refused(
            "checkpoint.key", "the checkpoint is signed with another key than the last one", "key", 0
        )
    for (name, _), before, after, links in zip(CHAINS, seen.ends, now.ends, now.links, strict=True):
        _check_chain(name, before, after, links)


def _check_chain(name: str, before: End, after: End, links: Sequence[Link]) -> None:
    if after[0] < before[0]:
        then, now = f"{name} {before[0]}", f"{name} {after[0]}"
        words = f"the log ended at {then} when it was last seen, and ends at {now} now: it was cut"
        raise _refused("checkpoint.cut", words, name, after[0])
    if after[0] == before[0]:
        if after[1] != before[1]:
            words = f"{name} {after[0]} is not the one that was seen: the log was forked or rewritten"
            raise _refused("checkpoint.fork", words, name, after[0])
        return
    new = [link for link in links if link[0] > before[0]]
    if len(new) != after[0] - before[0]:
        raise _refused(
            "checkpoint.links",
            f"the links from {name} {before[0]} to {name} {after[0]} are not in the checkpoint",
            name,
            before[0],
            "Make it again with --since and the last checkpoint that was witnessed.",
        )
    seq, digest = before
    for number, prev, own in new:
        if number != seq + 1 or prev != digest:
            words = f"{name} {number} does not continue {name} {seq} as it was seen: the log was forked or rewritten"
            raise _refused("checkpoint.fork", words, name, number)
        seq, digest = number, own
    if digest != after[1]:
        raise _refused("checkpoint.fork", f"the links do not lead to {name} {after[0]}", name, after[0])


def _refused(code: str, words: str, chain: str, seq: int, remedy: str = "") -> LogNotContinued:
    advice = remedy or "Keep both files as evidence and speak with the other service."
    return LogNotContinued(code, f"{words[0].upper()}{words[1:]}.", advice, {"chain": chain, "seq": seq})


def _links(store: ReadStore, name: str, table: Table, since: End) -> tuple[Link, ...]:
    columns: list[Column[Any]] = [table.c.seq, table.c.prev, table.c.hash]
    query = select(*columns).where(table.c.seq > since[0]).order_by(table.c.seq)
    known = select(table.c.hash).where(table.c.seq == since[0])
    with store.engine.connect() as connection:
        found = connection.execute(known).scalar() if since[0] else EMPTY_HASH
        if found != since[1]:
            words = f"this log does not hold {name} {since[0]} as it was signed: it was cut, restored or rewritten"
            raise _refused("checkpoint.restored", words, name, since[0])
        return tuple((seq, prev, own) for seq, prev, own in connection.execute(query))


def _end(store: ReadStore, table: Table) -> End:
    query = select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)
    with store.engine.connect() as connection:
        row = connection.execute(query).first()
    return (row[0], row[1]) if row else (0, EMPTY_HASH)


def _file_of(directory: Path, origin: str) -> Path:
    """Return where the checkpoints of a log are kept; its name comes from outside, so that its hash names the file."""
    return directory / "witnessed" / f"{sha256(origin.encode()).hexdigest()[:32]}.jsonl"


def _keep(path: Path, line: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    add_lines(path, line.encode() + b"\n")


def _text64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()

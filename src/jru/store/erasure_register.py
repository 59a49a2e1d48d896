"""The register of erasures: one signed line each, outside the database, to be done again after a restore.

`erasures.jsonl` lies beside the signed heads and is only ever appended to. A backup of the database must not take it
back in time: keep it with the heads.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from jru.clock import Random
from jru.durable import add_lines
from jru.errors import JruError
from jru.services.retention_ports import Erased
from jru.store.checkpoints import key_id_of, public_keys, signing_key

FILE = "erasures.jsonl"
_TAG = b"jru/erasure/1\n"
_NAMES = frozenset(item.name for item in fields(Erased))


class BadRegister(JruError):
    """The register of erasures holds a line that is not as it was written."""


class FileRegister:
    """The register of one log in a data directory."""

    def __init__(self, directory: Path, origin: str, random: Random | None) -> None:
        """Without `random` the register can be read only."""
        self._directory = directory
        self._path = directory / FILE
        self._origin = origin
        self._key = signing_key(directory, random) if random else None

    def note(self, erased: Erased) -> None:
        """Keep a line durably; raises OSError."""
        if self._key is None:
            raise OSError("the register was opened for reading only")
        told = {"origin": self._origin, **asdict(erased)}
        signature = self._key.sign(_TAG + _canonical(told))
        told["key_id"] = key_id_of(self._key.public_key())
        told["signature"] = base64.b64encode(signature).decode()
        add_lines(self._path, _canonical(told) + b"\n")

    def lines(self) -> Sequence[Erased]:
        """Return every whole line of this log; raises BadRegister for one whose signature does not fit.

        A torn line belongs to an erasure that was never begun.
        """
        if not self._path.exists():
            return []
        found = []
        for number, line in enumerate(self._path.read_bytes().splitlines(), start=1):
            told = _parsed(line)
            if told is not None:
                self._check(told, number)
                if told["origin"] == self._origin:
                    found.append(_erased(told))
        return found

    def _check(self, told: dict[str, object], number: int) -> None:
        keys = dict(public_keys(self._directory / "keys"))
        key = keys.get(str(told.get("key_id")))
        unsigned = {name: value for name, value in told.items() if name not in ("key_id", "signature")}
        try:
            if key is None or unsigned.keys() != _NAMES | {"origin"}:
                raise InvalidSignature
            key.verify(base64.b64decode(str(told.get("signature"))), _TAG + _canonical(unsigned))
        except (InvalidSignature, ValueError) as error:
            raise BadRegister(
                "retention.register",
                f"Line {number} of {self._path} is not as it was written; nothing is erased by it.",
                "Compare the file with a copy kept elsewhere.",
                {"line": number},
            ) from error


def _canonical(told: dict[str, object]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _parsed(line: bytes) -> dict[str, object] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) and "signature" in told else None


def _erased(told: dict[str, object]) -> Erased:
    named = {name: told[name] for name in _NAMES}
    for name in ("parts", "tracks", "messages"):
        listed = named[name]
        assert isinstance(listed, list)  # noqa: S101 - the line was signed here
        named[name] = tuple(tuple(item) if isinstance(item, list) else item for item in listed)
    return Erased(**named)  # type: ignore[arg-type]

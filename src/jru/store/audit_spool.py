"""A file beside the database where accesses wait while the access log cannot be written.

One JSON object a line, synced before the answer goes on. To be taken over the file is set aside under the name of its
content, so that a process that dies between taking over and forgetting takes nothing over twice.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from jru.domain.agency import Label
from jru.durable import add_lines, sync_folder
from jru.services.audit_ports import Accessed, AccessKind


class FileSpool:
    """The spool of one data directory; safe to call from several threads."""

    def __init__(self, directory: Path) -> None:
        self._folder = directory / "spool"
        self._file = self._folder / "access.jsonl"
        self._lock = threading.Lock()
        self._waiting = sum(1 for path in self._files() for _ in _read(path))

    def keep(self, entries: Sequence[Accessed]) -> None:
        """Keep entries durably; raises OSError when even that fails."""
        lines = b"".join(_line(entry) for entry in entries)
        with self._lock:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            add_lines(self._file, lines)
            self._waiting += len(entries)

    def waiting(self) -> int:
        """Return how many entries wait."""
        return self._waiting

    def take(self) -> tuple[str, Sequence[Accessed]] | None:
        """Return the entries of one file under its name, or None when nothing waits; the file stays until `drop`."""
        with self._lock:
            aside = next((path for path in self._files() if path != self._file), None)
            if aside is None and self._file.exists():
                name = sha256(self._file.read_bytes()).hexdigest()[:32]
                aside = self._file.rename(self._folder / f"{name}.taken.jsonl")
                sync_folder(self._folder)
        if aside is None:
            return None
        name = aside.name.partition(".")[0]
        return name, [replace(entry, spooled=name) for entry in _read(aside)]

    def drop(self, name: str) -> None:
        """Forget what `take` returned under this name."""
        with self._lock:
            (self._folder / f"{name}.taken.jsonl").unlink(missing_ok=True)
            self._waiting = sum(1 for path in self._files() for _ in _read(path))

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.jsonl"))


def _line(entry: Accessed) -> bytes:
    return json.dumps(asdict(entry), separators=(",", ":")).encode() + b"\n"


def _read(path: Path) -> Iterator[Accessed]:
    """Yield the entries of a file; a line that a dying process left unfinished was never acknowledged."""
    for line in path.read_bytes().splitlines():
        try:
            fields: dict[str, Any] = json.loads(line)
        except ValueError:
            continue
        lists = {name: tuple(fields[name]) for name in ("records", "fields", "recipients")}
        labels = tuple(map(Label, fields["labels"]))
        yield Accessed(**{**fields, **lists, "labels": labels, "kind": AccessKind(fields["kind"])})

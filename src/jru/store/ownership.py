"""One process writes a log: the lock that says so, and who holds it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from jru.domain.codec import from_us
from jru.errors import Conflict, JruError

NETWORK_DISKS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "fuse.sshfs"})
ADVISORY_LOCK = 0x6A72755F6C6F67


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that writes the log."""

    instance_id: str
    host: str
    pid: int
    started_at_us: int

    @classmethod
    def of_this_process(cls, instance_id: str, started_at_us: int) -> Self:
        """Return the holder that this process would be."""
        return cls(instance_id, socket.gethostname(), os.getpid(), started_at_us)

    def __str__(self) -> str:
        started: datetime = from_us(self.started_at_us)
        return f"process {self.pid} on {self.host} since {started:%Y-%m-%d %H:%M:%S} UTC"


class FileLock:
    """An advisory lock on a file beside the database, held as long as the process lives."""

    def __init__(self, path: Path, holder: Holder) -> None:
        """Take the lock; raises Conflict naming the holder, or JruError on a network disk."""
        _refuse_network_disk(path)
        self._file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            found = self._file.read()
            self._file.close()
            raise in_use(str(path), _holder(found)) from error
        self._file.truncate(0)
        self._file.write(json.dumps(asdict(holder)))
        self._file.flush()

    def release(self) -> None:
        """Give the lock up."""
        self._file.close()


def in_use(what: str, holder: Holder | None) -> Conflict:
    """Return the refusal for a log that another process writes."""
    by = str(holder) if holder else "another process"
    return Conflict(
        "store.in_use",
        f"The log is in use: {what} is held by {by}.",
        "Stop that process first, or give this one another data directory.",
        {"holder": asdict(holder) if holder else None},
    )


def _holder(text: str) -> Holder | None:
    with contextlib.suppress(ValueError, TypeError):
        return Holder(**json.loads(text))
    return None


def _refuse_network_disk(path: Path) -> None:
    kind = _file_system(path.parent)
    if kind in NETWORK_DISKS:
        raise JruError(
            "store.network_disk",
            f"{path.parent} lies on a network disk ({kind}), where SQLite cannot keep its promises.",
            "Use a local disk, or a PostgreSQL database.",
        )


def _file_system(directory: Path) -> str:
    """Return the file system type of a directory, or an empty text where the system does not tell."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    place, best, kind = directory.resolve(), -1, ""
    for line in mounts:
        _device, point, file_system, *_rest = line.split(" ")
        if place.is_relative_to(point) and len(point) >= best:
            best, kind = len(point), file_system
    return kind

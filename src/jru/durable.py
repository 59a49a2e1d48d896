"""Files that outlive a process that dies in the middle: lines are added whole or not at all, secrets appear whole."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jru.errors import JruError

OWNER_ONLY = 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class OpenSecret(JruError):
    """A file with a secret can be read by others."""


def add_lines(path: Path, lines: bytes, mode: int = OWNER_ONLY) -> None:
    """Add whole lines at the end and wait for the disk; raises OSError, and then none of them is there.

    What a dying process left of a last line gets a line end, so that what follows stands on a line of its own.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, mode)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        try:
            _write_all(handle, b"\n" + lines if torn else lines)
            os.fsync(handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    if not size:
        sync_folder(path.parent)


def secret_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what a file holds that only its owner may read; what `make` gives goes into it the first time.

    It appears under its name with everything in it, so that no start finds half a secret; of two starts at once both
    return what the first has put there. Raises OpenSecret.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _written(path, make(), OWNER_ONLY) as begun, suppress(FileExistsError):
            os.link(begun, path)  # unlike a rename it never takes the place of another start's
        sync_folder(path.parent)
    return read_secret(path)


def read_secret(path: Path) -> bytes:
    """Return what a file holds; raises OpenSecret when others than its owner may read or change it."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & _OTHERS:
        raise OpenSecret(
            "secret.open",
            f"{path} holds a secret and others than its owner may read or change it ({mode:03o}).",
            f"Find out who did; then: chmod 600 {path}",
            {"path": str(path), "mode": f"{mode:03o}"},
        )
    return path.read_bytes()


def put_whole(path: Path, content: bytes, mode: int) -> None:
    """Let a file appear with all of its content, on the disk."""
    with _written(path, content, mode) as begun:
        begun.rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _written(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    """Yield a file beside `path` with this content, on the disk, under a name that no other process has."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    begun = Path(name)
    try:
        try:
            begun.chmod(mode)
            _write_all(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        yield begun
    finally:
        begun.unlink(missing_ok=True)


def _write_all(handle: int, content: bytes) -> None:
    """Write everything: the system may take a part of it only."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]
